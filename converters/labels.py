"""How well a printed label matches the one that the form prescribes."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

SURE = 0.9
"""From this likeness on, the words alone decide, whatever number stands before them."""

LIKELY = 0.6
"""From this likeness on, the words decide where the number before them is the right one."""

_ROUNDED = 1e-9
"""More than what rounding adds to a likeness."""

_NUMBERING = re.compile(
    r"\((?P<bracketed>[一二三四五六七八九十]+)\)|(?P<chinese>[一二三四五六七八九十]+)[、.,]"
    r"|(?P<digits>[0-9]+)[、.,]"
)

_SHORT = 2
"""Words no longer than this mean nothing under a number of another kind (3.其他, （六）其他)."""

_YEARS = {
    "last": re.compile("上一?年|去年|往年"),
    "this": re.compile("本年|今年|当年"),
    "next": re.compile("下一?年|明年"),
}

#: Radicals of the CJK Radicals Supplement that browsers print in place of whole characters, and
#: that NFKC leaves as they are (Unicode, EquivalentUnifiedIdeograph.txt); quotation marks of every
#: kind mean nothing in a label. 戶 is what NFKC makes of the radical that is printed for 户.
_RADICALS = dict(
    zip(
        "⺟⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻩⻬⻰⻳",
        "母民西见角贝车長长门青韦页风飞食马鬼鱼鸟黄齐龙龟",
        strict=True,
    )
)
_FOLDED_AWAY = str.maketrans({**_RADICALS, "戶": "户", **dict.fromkeys("“”‘’\"'「」『』", None)})
# Characters that are often mistyped for one another, and what stands for each of them.
_MISTYPED = str.maketrans("型分义里帐记按置", "性份议理账计案制")
#: A punctuation mark after a label means nothing; after a number (一、) it belongs to the number.
_PUNCTUATION_AT_END = re.compile("(?<=[\u4e00-\u9fff])(?<![一二三四五六七八九十])[。、,.;]+$")
_NO_WIDTH = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]+")


@dataclass(frozen=True)
class _Parsed:
    number: str
    words: str


_KANGXI = re.compile("[\u2e80-\u2fdf]+")


def plain_radicals(text: str) -> str:
    """``text`` with radicals that some browsers print for characters replaced by the characters.

    Nothing else is folded: what a report prints (full-width characters, 12²) stays as it is.
    """
    return _KANGXI.sub(
        lambda match: unicodedata.normalize("NFKC", match.group()).translate(_FOLDED_AWAY), text
    )


@lru_cache(maxsize=16384)
def fold_text(text: str) -> str:
    """A text without white space and quotation marks, and with compatibility forms folded.

    Compatibility forms are full-width characters and Kangxi radicals (Unicode NFKC).
    """
    return _NO_WIDTH.sub("", unicodedata.normalize("NFKC", text).translate(_FOLDED_AWAY))


@lru_cache(maxsize=16384)
def fold_label(text: str) -> str:
    """A label folded like text, without the punctuation mark at its end."""
    return _PUNCTUATION_AT_END.sub("", fold_text(text))


def likeness(expected: str, seen: str) -> float:
    """The likeness of ``seen`` and ``expected``: 0 where it cannot be meant, up to 1 where equal.

    Number and words are weighed together: words garbled in print are accepted where the number
    fits, a wrong number only where the words fit. Words that name another year are never accepted.
    """
    wanted, met = _parse(expected), _parse(seen)
    least = LIKELY if wanted.number and wanted.number == met.number else SURE
    if _lengths_differ(len(wanted.words), len(met.words), least) or of_another_year(expected, seen):
        return 0.0
    if met.words.startswith(wanted.words) and len(met.words) >= 2 * len(wanted.words):
        return 0.0  # as many words again make it another label
    words = word_likeness(wanted.words, met.words)
    if wanted.number == met.number:
        return words if words >= least else 0.0
    if len(wanted.words) <= _SHORT and _of_another_kind(wanted.number, met.number):
        return 0.0
    return words * 0.95 if words >= SURE else 0.0


def _lengths_differ(one: int, other: int, least: float) -> bool:
    """Whether words of these lengths cannot be as like as ``least``, nor one character apart.

    Their likeness is twice the characters that they share by all characters of both.
    """
    return abs(one - other) > 1 and 2 * min(one, other) < (least - _ROUNDED) * (one + other)


@lru_cache(maxsize=16384)
def word_likeness(wanted: str, met: str) -> float:
    """The likeness of the words ``met`` and those ``wanted``, both folded; 1 where they are equal.

    A character often mistyped for another (性, 型), and one character too few or too many in words
    that are not short, is a typing error: ``SURE`` at least.
    """
    if wanted == met:
        return 1.0
    words = fuzz.ratio(wanted, met) / 100
    if words >= SURE:
        return words
    if len(wanted) == len(met) and mistyped_alike(wanted) == mistyped_alike(met):
        return SURE
    one_off = abs(len(wanted) - len(met)) == 1 and min(len(wanted), len(met)) > _SHORT
    return SURE if one_off and Indel.distance(wanted, met) == 1 else words


def mistyped_alike(folded: str) -> str:
    """A folded label in which characters that are mistyped for one another are the same."""
    return folded.translate(_MISTYPED)


def of_another_year(expected: str, seen: str) -> bool:
    """Whether ``seen`` names other years than ``expected``, which means this one if it names none.

    Only one character distinguishes 上年制发件数 from 本年制发件数, and the two are very similar.
    """
    met = _years_named(seen)
    return bool(met) and not met & (_years_named(expected) or {"this"})


@lru_cache(maxsize=16384)
def _years_named(text: str) -> frozenset[str]:
    folded = fold_label(text)
    return frozenset(year for year, words in _YEARS.items() if words.search(folded))


def number_before(text: str) -> str:
    """The number that a label begins with, as “(一)” or “1.”; empty where it has none."""
    return _parse(text).number


def _of_another_kind(one: str, other: str) -> bool:
    return bool(one and other) and one[0].isdigit() != other[0].isdigit()


@lru_cache(maxsize=16384)
def _parse(text: str) -> _Parsed:
    folded = fold_label(text)
    match = _NUMBERING.match(folded)
    if match is None:
        return _Parsed("", folded)
    if match["bracketed"]:
        number = f"({match['bracketed']})"
    else:
        number = (match["chinese"] or match["digits"]) + "."
    return _Parsed(number, folded[match.end() :])
