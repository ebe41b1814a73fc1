"""Counts in running text: digits or Chinese numerals, followed by a measure word.

Exact numbers are distinguished from others: 三百余件 and 1.2万件 are not exact.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_DIGITS |= {"七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000}

_LONGEST = 40
"""Characters of the longest numeral: 九千九百九十九亿九千九百九十九万九千九百九十九 has 23."""

_MEASURE = r"(?:件次|件|起|宗|份|条|项|例|部|笔|次)(?!数|率|均|别|门|分)"
_FIGURE = re.compile(
    r"(?P<before>近|约|逾|超过|超|大约|将近|至少|不足)?"
    r"(?P<digits>[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?)?"
    r"(?P<words>[零〇一二两三四五六七八九十百千万亿]+)?"
    rf"(?P<after>余|多|来)?(?P<measure>{_MEASURE})(?P<behind>以上|左右|以下|以内)?"
)
_NUMERAL = re.compile(r"[0-9零〇一二两三四五六七八九十百千万亿]")
_BARE_ZERO = re.compile(r"(?<=[为是])(?:0|零|〇)$")
_NO_COUNT_BEFORE = re.compile(r"[ 第每数几若某0-9.\-—－~～至零〇一二两三四五六七八九十百千万亿]")


class Exactness(Enum):
    """Whether a figure in the text is an exact number."""

    EXACT = "exact"
    ROUNDED = "rounded"
    APPROXIMATE = "approximate"


@dataclass(frozen=True)
class Figure:
    """A count from ``start`` to ``end`` of a text."""

    start: int
    end: int
    value: Decimal
    exactness: Exactness


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """The counts in ``text`` (characters and digits folded); ordinals and ranges are none."""
    if not _NUMERAL.search(text):
        return ()
    found = [figure for match in _FIGURE.finditer(text) if (figure := _figure(text, match))]
    if not found and (zero := _BARE_ZERO.search(text)):
        found.append(Figure(zero.start(), zero.end(), Decimal(0), Exactness.EXACT))
    return tuple(found)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start = match.start("digits") if match["digits"] else match.start("words")
    if start < 0 or _NO_COUNT_BEFORE.match(text[start - 1 : start]):
        return None
    words = match["words"] or ""
    if match["digits"]:
        if words not in ("", "万", "亿"):
            return None
        number = Decimal(re.sub("[,，]", "", match["digits"])) * _SCALES.get(words, 1)
        if number == number.to_integral_value():
            number = number.to_integral_value()
    else:
        parsed = parse_numeral(words)
        if parsed is None:
            return None
        number = Decimal(parsed)
    exactness = Exactness.EXACT
    if match["before"] or match["after"] or match["behind"]:
        exactness = Exactness.APPROXIMATE
    elif match["digits"] and words:
        exactness = Exactness.ROUNDED
    elif number != number.to_integral_value():
        return None
    begin = match.start("before") if match["before"] else start
    return Figure(begin, match.end(), number, exactness)


def parse_numeral(words: str) -> int | None:
    """The number of a Chinese numeral (一百二十, 三万零五); None where it is malformed."""
    if len(words) > _LONGEST:
        return None
    for scale, size in (("亿", _SCALES["亿"]), ("万", _SCALES["万"])):
        head, found, tail = words.partition(scale)
        if found:
            high = parse_numeral(head)
            low = parse_numeral(tail) if tail else 0
            # 三万五 is short for 35,000: a digit below a scale needs a scale of its own.
            shortened = tail in _DIGITS and tail not in "零〇"
            if high is None or low is None or not high or low >= size or shortened:
                return None
            return high * size + low
    return _below_ten_thousand(words)


def _below_ten_thousand(words: str) -> int | None:
    if words in _DIGITS:
        return _DIGITS[words]
    total, last_place, position = 0, 10_000, 0
    zero = False
    while position < len(words):
        word = words[position]
        if word in "零〇":
            zero, position = True, position + 1
            continue
        following = words[position + 1] if position + 1 < len(words) else ""
        if word == "十" and position == 0:
            digit, place, position = 1, 10, position + 1
        elif word not in _DIGITS:
            return None
        elif following in _PLACES and following:
            digit, place, position = _DIGITS[word], _PLACES[following], position + 2
        elif not following:
            digit, place, position = _DIGITS[word], 1, position + 1
        else:
            return None
        # 一百五 is short for 150: a gap must be written as 零.
        if place >= last_place or (place * 10 < last_place < 10_000 and not zero):
            return None
        total, last_place, zero = total + digit * place, place, False
    return None if zero or not total else total


def write_numeral(number: int) -> str:
    """A whole number from 0 below 10**12 in Chinese numerals, as ``parse_numeral`` reads them."""
    if number == 0:
        return "零"
    groups: list[str] = []
    for scale, size in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part, number = divmod(number, size)
        if part:
            gap = "零" if groups and part < 1000 else ""
            groups.append(gap + _write_below_ten_thousand(part) + scale)
    return "".join(groups)


def _write_below_ten_thousand(number: int) -> str:
    names = "零一二三四五六七八九"
    written, gap = "", False
    for size, place in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            written += ("零" if gap else "") + names[digit] + place
            gap = False
        else:
            gap = bool(written)
    return written
