"""From bytes to characters, by the bytes alone: the declared encoding is not trusted.

Pages of Chinese authorities that declare gb2312 hold GB 18030 or UTF-8, or the other way round; of
13 such files, a reader that trusts the declaration reads 7 correctly.
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_MARKS = (
    # UTF-32 before UTF-16: the byte order mark of the one begins with that of the other.
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_SAMPLE = 1 << 16
"""Number of bytes or characters that are examined where a guess is needed."""

_LIKELY_ENOUGH = 0.95
_MARGIN = 0.1
_COMMON = 0.9
"""The least share of common characters in text of the encoding; other bytes decode to fewer."""

_FEW = 10
"""Damage is a few bytes: at most one in this many characters."""

# Characters that text of this kind consists of: ASCII, general punctuation, CJK and its
# punctuation.
_LIKELY = re.compile(
    "[\t\n\r\x20-\x7e\xa0\xb7\u2010-\u203b\u2160-\u2179\u2460-\u249b\u2500-\u257f\u25a0-\u25cf"
    "\u3000-\u301f\u4e00-\u9fff\uff01-\uff5e\uffe5]"
)
#: The first characters of UTF-8 for “，（；”, “《。、”, “的” and “是” when it is decoded as GBK.
_TAKEN_FOR_GBK = "锛銆鐨鏄"
# The first characters of UTF-8 for most Chinese characters when it is decoded as Latin-1.
_TAKEN_FOR_LATIN = "äåæçèé"


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding of its bytes (Python's name for it), and a note on damage."""

    text: str
    encoding: str
    notes: tuple[Label, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text that ``data`` holds; line ends are left as they are.

    Bytes that stand for no character become U+FFFD, with a note, where they are few. Raises
    UnreadableSource where no encoding fits, or the characters were lost when the file was made (all
    replaced by question marks, or UTF-8 saved again in another encoding).
    """
    decoded = _decode(data)
    _refuse_lost_characters(decoded.text)
    return decoded


def _decode(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    wide = _without_mark_utf16(data)
    if wide is not None:
        return wide
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_strict_utf8(data, error)
    return _short_gb18030(data, text) or Decoded(text, "utf-8")


def _marked(data: bytes, encoding: str) -> Decoded:
    """Text whose byte order mark names its encoding."""
    text = data.decode(encoding, errors="replace")
    bad = text.count("\ufffd")
    if bad * _FEW > len(text):
        raise UnreadableSource(translations("unreadable.text.not_encoding", encoding=encoding))
    return Decoded(text, encoding, _damage(text, encoding) if bad else ())


def _without_mark_utf16(data: bytes) -> Decoded | None:
    """UTF-16 is recognised by its zero bytes, which no other text has, and by sensible text."""
    sample = data[:_SAMPLE]
    if b"\0" not in sample:
        return None
    encoding = max(("utf-16-le", "utf-16-be"), key=lambda name: _likelihood(sample, name))
    if _likelihood(sample, encoding) < _LIKELY_ENOUGH:
        return None
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, _damage(text, encoding) if "\ufffd" in text else ())


def _likelihood(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, errors="replace")
    return len(_LIKELY.findall(text)) / len(text)


def _short_gb18030(data: bytes, text: str) -> Decoded | None:
    """GB 18030 that happens to be valid UTF-8 as well, as a few short words may be."""
    if text.isascii() or len(data) > _SAMPLE or any(char >= "\u2000" for char in text):
        return None
    try:
        chinese = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    mostly = _beyond_ascii(chinese) * 4 > len(chinese)
    return Decoded(chinese, "gb18030") if mostly and _commonness(chinese, "gb18030") > 0.9 else None


def _not_strict_utf8(data: bytes, error: UnicodeDecodeError) -> Decoded:
    """``data`` that is not valid UTF-8; ``error`` names the first invalid place."""
    # Nearly any UTF-8 is valid GB 18030 too, as other characters: so damaged UTF-8 is tried
    # first.
    damaged = data.decode("utf-8", errors="replace")
    wrong = damaged.count("\ufffd")
    if wrong * _FEW <= _of_three_bytes(damaged) - wrong:
        return Decoded(damaged, "utf-8", _damage(damaged, "utf-8"))
    chinese, taiwanese = _whole(data, "gb18030"), _whole(data, "big5")
    if taiwanese is not None and (
        chinese is None
        or _commonness(taiwanese, "big5") > _commonness(chinese, "gb18030") + _MARGIN
    ):
        return Decoded(taiwanese, "big5")
    cut = [
        Decoded(text + "\ufffd", encoding, _damage(text + "\ufffd", encoding))
        for encoding in ("utf-8", "gb18030")
        if (text := _whole(data, encoding, final=False)) is not None
    ]
    if chinese is not None:
        # A few words of UTF-8 that end within a character may be rare characters of GB 18030.
        common = _commonness(chinese, "gb18030") + _MARGIN
        begun = (one for one in cut if one.encoding == "utf-8")
        likelier = (one for one in begun if _commonness(one.text[:-1], "gb18030") > common)
        return next(likelier, Decoded(chinese, "gb18030"))
    if cut:
        return max(cut, key=lambda reading: _commonness(reading.text, "gb18030"))
    damaged_gb = _damaged_gb18030(data)
    if damaged_gb is not None:
        return damaged_gb
    _refuse_question_marks(data.count(b"?"), len(data))
    line = data[: error.start].count(b"\n") + 1
    raise UnreadableSource(
        translations(
            "unreadable.text.no_encoding",
            line=line,
            byte=f"{data[error.start]:02X}",
            offset=error.start,
        )
    )


def _damaged_gb18030(data: bytes) -> Decoded | None:
    """GB 18030 with a few broken bytes: it decodes to common characters; other bytes do not."""
    text = data.decode("gb18030", errors="replace")
    wrong = text.count("\ufffd")
    readable = _beyond_ascii(text) - wrong
    if wrong * _FEW > readable or _commonness(text.replace("\ufffd", ""), "gb18030") < _COMMON:
        return None
    return Decoded(text, "gb18030", _damage(text, "gb18030"))


def _whole(data: bytes, encoding: str, final: bool = True) -> str | None:
    """``data`` decoded strictly, or None; without ``final`` it may end within a character."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final)
    except UnicodeDecodeError:
        return None


def _commonness(text: str, encoding: str) -> float:
    """The share of common characters among those beyond ASCII, from 0 to 1.

    GB 2312 and Big5 both put the characters in common use first: rows B0–D7 and A4–C6. Bytes of one
    encoding that are decoded as the other give characters from all rows.
    """
    first, last, charset = (0xA4, 0xC6, "big5") if encoding == "big5" else (0xB0, 0xD7, "gb2312")
    wide = common = 0
    for char, count in Counter(text[:_SAMPLE]).items():
        if char <= "\x7f":
            continue
        wide += count
        code = char.encode(charset, errors="ignore")
        if len(code) == 2 and (first <= code[0] <= last or code[0] in (0xA1, 0xA3)):
            common += count
    return common / wide if wide else 0.0


def _damage(text: str, encoding: str) -> tuple[Label, ...]:
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    count = text.count("\ufffd")
    return (translations("documents.damaged_bytes", count=count, encoding=encoding, line=line),)


def _refuse_lost_characters(text: str) -> None:
    """Raise where the Chinese characters of the text are lost and no decoding restores them."""
    marks = text.count("\ufffd")
    lost = marks + text.count("?")
    if lost > _MANY and lost > _beyond_ascii(text) - marks:
        _refuse_question_marks(lost, len(text))
    for characters, share in ((_TAKEN_FOR_GBK, 100), (_TAKEN_FOR_LATIN, 4)):
        mangled = sum(map(text.count, characters))
        if mangled > _MANY and mangled * share > _beyond_ascii(text):
            raise UnreadableSource(translations("unreadable.text.mangled"))


_MANY = 8


def _refuse_question_marks(lost: int, length: int) -> None:
    if lost > _MANY and lost * 5 > length:
        raise UnreadableSource(translations("unreadable.text.lost"))


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _of_three_bytes(text: str) -> int:
    """The number of three-byte characters in UTF-8, like Chinese ones; of four: counted twice."""
    return (
        len(text.encode("utf-8", errors="replace"))
        - 2 * len(text)
        + (len(text) - _beyond_ascii(text))
    )
