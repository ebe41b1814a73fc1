"""The numbers that Word prints before paragraphs: 一、 （一） 1. from ``numbering.xml``.

A number is counted as Word counts (ISO/IEC 29500-1, 17.9): one counter for each level of an
abstract list, reset whenever a higher level continues. Formats that ``_FORMATS`` does not know, and
numbers that refer to a level of which there is no paragraph yet, are reported, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.word.palette import VAL, W
from gongkai.converters.documents.word.styles import is_on
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations

_CHINESE = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEVELS = 9


@dataclass(frozen=True)
class Level:
    """A level of a list: first number, format, text (``%1`` is level 1's number), what follows."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    after: str = "tab"
    legal: bool = False
    restart: int | None = None


@dataclass(frozen=True)
class _List:
    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(frozen=True)
class PrintedNumber:
    """What is printed before a paragraph; ``unknown`` names, in each language, a format
    that is not known here.
    """

    text: str
    after: str
    unknown: Label | None = None


@dataclass
class Numbering:
    """The lists of a document, and how far each has been counted."""

    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, number: str | None, level: int) -> PrintedNumber | None:
        """Count one paragraph of list ``number``, and return what is printed before it."""
        if number is None or number == "0" or number not in self.lists:
            return None
        entry = self.lists[number]
        style = entry.levels.get(level)
        if style is None or not 0 <= level < _LEVELS:
            return None
        counts = self._counts.setdefault(entry.abstract, [None] * _LEVELS)
        self._count(entry, number, level, counts)
        return _print(entry, level, counts)

    def _count(self, entry: _List, number: str, level: int, counts: list[int | None]) -> None:
        # A list that restarts does so at its first paragraph only.
        if level in entry.starts and (number, level) not in self._begun:
            counts[level] = entry.starts[level]
        elif counts[level] is None:
            counts[level] = entry.levels[level].start
        else:
            counts[level] = (counts[level] or 0) + 1
        self._begun.add((number, level))
        for below in range(level + 1, _LEVELS):
            style = entry.levels.get(below)
            # 0: never restarts; n: restarts only after a paragraph of level n or higher.
            if style is None or style.restart is None or (style.restart and level < style.restart):
                counts[below] = None


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists of ``word/numbering.xml``; none where the document has no such part."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstracts: dict[str, dict[int, Level]] = {}
    by_style: dict[str, str] = {}
    linked: dict[str, str] = {}
    for element in root.iterfind(W + "abstractNum"):
        name = element.get(W + "abstractNumId", "")
        abstracts[name] = _levels(element)
        style, link = element.find(W + "styleLink"), element.find(W + "numStyleLink")
        if style is not None:
            by_style[style.get(VAL, "")] = name
        if link is not None:
            linked[name] = link.get(VAL, "")
    for element in root.iterfind(W + "num"):
        reference = element.find(W + "abstractNumId")
        name = "" if reference is None else reference.get(VAL, "")
        name = by_style.get(linked[name], name) if name in linked else name
        levels = dict(abstracts.get(name, {}))
        starts: dict[int, int] = {}
        for override in element.iterfind(W + "lvlOverride"):
            level = _integer(override.get(W + "ilvl"), -1)
            start = override.find(W + "startOverride")
            if start is not None:
                starts[level] = _integer(start.get(VAL), 1)
            levels.update(_levels(override))
        numbering.lists[element.get(W + "numId", "")] = _List(name, levels, starts)
    return numbering


def _levels(parent: etree._Element) -> dict[int, Level]:
    return {
        _integer(element.get(W + "ilvl"), -1): Level(
            start=_integer(_child(element, "start"), 0),
            format=_child(element, "numFmt") or _alternate_format(element) or "decimal",
            text=_child(element, "lvlText") or "",
            after=_child(element, "suff") or "tab",
            legal=is_on(element.find(W + "isLgl")),
            restart=_restart(element),
        )
        for element in parent.iterfind(W + "lvl")
    }


def _alternate_format(level: etree._Element) -> str | None:
    """The format of a level that offers a newer one and, for older programs, another."""
    found = level.find(f".//{W}numFmt")
    return None if found is None else found.get(VAL)


def _restart(level: etree._Element) -> int | None:
    stated = _child(level, "lvlRestart")
    return None if stated is None else _integer(stated, 0)


def _child(parent: etree._Element, name: str) -> str | None:
    element = parent.find(W + name)
    return None if element is None else element.get(VAL)


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise


def _print(entry: _List, level: int, counts: list[int | None]) -> PrintedNumber | None:
    style = entry.levels[level]
    if style.format == "bullet":
        return None
    unknown: Label | None = None
    after = {"tab": " ", "space": " "}.get(style.after, "")

    def number(match: re.Match[str]) -> str:
        nonlocal unknown
        which = int(match[1]) - 1
        there = entry.levels.get(which, Level())
        kind = "decimal" if style.legal else there.format
        counted = counts[which]
        if counted is None:
            unknown = translations("documents.word.level_not_begun", level=match[1])
            return ""
        written = _FORMATS[kind](counted) if kind in _FORMATS else None
        if written is None:
            unknown = dict.fromkeys(LANGUAGES, kind)
        return written or ""

    text = re.sub("%([1-9])", number, style.text)
    if unknown is not None:
        return PrintedNumber("", "", unknown)
    return PrintedNumber(text, after) if text else None


def chinese_number(number: int, digits: str = _CHINESE, units: str = "十百千") -> str | None:
    """A number from 1 to 9999 in words, as in 二十一 or 一百零五; None outside that range."""
    if not 0 < number < 10_000:
        return None
    zero = "零"
    words = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            words += digits[digit] + (units[power - 1] if power else "")
        elif words and not words.endswith(zero):
            words += zero
    words = words.rstrip(zero)
    # 十二, not 一十二: only where the number begins with it, and not in the legal style.
    return words[1:] if words.startswith("一十") and units[0] == "十" else words


def _counting(number: int) -> str | None:
    """Beyond 99, the counting styles of Word differ from one another."""
    return chinese_number(number) if number < 100 else None


def _digital(number: int) -> str | None:
    return "".join(_CHINESE[int(digit)] for digit in str(number))


def _roman(number: int) -> str | None:
    if not 0 < number < 4000:
        return None
    parts = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"))
    words = ""
    for value, numeral in (*parts, (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        words += numeral * (number // value)
        number %= value
    return words


def _letter(number: int) -> str | None:
    """A to z, then aa, bb: Word repeats the letter."""
    if not 0 < number <= 26 * 20:
        return None
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _upper(format_: Callable[[int], str | None]) -> Callable[[int], str | None]:
    return lambda number: (format_(number) or "").upper() or None


def _row_of(first: str, last: int) -> Callable[[int], str | None]:
    """Characters that follow one another in Unicode, beginning with that for 1."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= last else None


_FORMATS: dict[str, Callable[[int], str | None]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "decimalHalfWidth": str,
    "decimalFullWidth": lambda number: "".join(chr(0xFF10 + int(d)) for d in str(number)),
    "chineseCounting": _counting,
    "japaneseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": chinese_number,
    "taiwaneseCountingThousand": chinese_number,
    "chineseLegalSimplified": lambda number: chinese_number(number, _LEGAL, "拾佰仟"),
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "ideographTraditional": lambda number: (
        "甲乙丙丁戊己庚辛壬癸"[number - 1] if 0 < number <= 10 else None
    ),
    "ideographZodiac": lambda number: (
        "子丑寅卯辰巳午未申酉戌亥"[number - 1] if 0 < number <= 12 else None
    ),
    "decimalEnclosedCircle": _row_of("①", 20),
    "decimalEnclosedCircleChinese": _row_of("①", 20),
    "decimalEnclosedFullstop": _row_of("⒈", 20),
    "decimalEnclosedParen": _row_of("⑴", 20),
    "ideographEnclosedCircle": _row_of("㊀", 10),
    "lowerLetter": _letter,
    "upperLetter": _upper(_letter),
    "upperRoman": _roman,
    "lowerRoman": lambda number: (_roman(number) or "").lower() or None,
    "none": lambda number: "",
}
