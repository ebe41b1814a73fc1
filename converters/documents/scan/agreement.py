"""Whether what two engines read in a cell may be trusted.

A number is trusted only where both read the same, both are sure, and its width is that of as many
digits of this table. Words are taken from the first engine: forms are recognised by likeness.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai.converters.documents.doubts import SET_OFF, is_label
from gongkai.converters.documents.scan.engines import Heard
from gongkai.converters.documents.scan.ink import InkLine
from gongkai.converters.documents.scan.reasons import (
    BROKEN,
    DIFFERENT,
    LINE_THROUGH,
    NOTHING_READ,
    OTHER_INK,
    SEPARATOR,
    SEVERAL,
    STROKE,
    TWO_INKS,
    UNSURE,
    WIDTH,
)
from gongkai.ontology.labels import Label

LEAST_SURE = 0.75
"""The least confidence (of 1) of both engines in a number, measured on degraded renderings."""

UNREADABLE = "\ufffd"
"""Stands where something is printed that cannot be read."""

_READABLE = 0.5
_MOST_BROKEN = 0.08
_BELOW = 0.08
_BEARING = 0.15
_ENOUGH = 6
_FLAT = 0.4
_WIDE_GAP = 0.6
_SLANTED = 0.1
_OTHER_HEIGHT = 0.25
"""A part of the height of the table's digits; what differs by more is no digit, or part of one."""

_OF_ZERO = 0.4
"""The hole of a 0 is a larger part of its height than that of any of 6, 8 and 9."""

_BARS = frozenset("-‐‑‒–—―－−一_ー~")
_ROUND = frozenset("0Oo〇○")

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(
    r"[+\-−±]?[0-9][0-9.,:;·'’]*(?:万?元|件|项|条|次|起|宗|个|%)?(?:\(.*\)?)?", re.DOTALL
)
_NOTHING = re.compile(r"[-‐‑‒–—―_/\\|.,、·*]+|无|不适用")
_LIKE_DIGITS = frozenset("0123456789OoQDUlI|!iZzSsBgqbG〇○一丨丿亅了i]['`.,:;·+-−—_/\\*()")
_THREE_PLACES = re.compile(r"[+\-−]?[1-9][0-9]{0,2}\.[0-9]{3}")
_NO_SEPARATOR = re.compile(r"[^.,]")
_FIGURES = re.compile(r"(?:(?<![0-9A-Za-z])[+\-−])?[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True)
class Settled:
    """The text of a cell, why that is doubtful (empty if it is not), and the possible texts."""

    text: str
    doubt: Label
    readings: tuple[str, ...]


def bare(text: str) -> str:
    """The form in which two readings are compared: compatibility forms folded, no white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def figures(text: str) -> list[str]:
    """The numbers in a text, as they are compared."""
    return _FIGURES.findall(unicodedata.normalize("NFKC", text))


def digits_in(one: str, other: str) -> str:
    """The digits that both readings of a line consist of, without anything else; else empty."""
    first, second = bare(one), bare(other)
    if first in _ROUND and second in _ROUND:
        return "0"
    return first if first == second and first.isdecimal() else ""


def is_value(text: str) -> bool:
    """Whether a text may be a value: a number, a mark for nothing, or what may be digits."""
    folded = bare(text)
    return bool(folded) and (
        _NUMBER.fullmatch(folded) is not None
        or _NOTHING.fullmatch(folded) is not None
        or all(character in _LIKE_DIGITS or not character.isalnum() for character in folded)
    )


@dataclass(frozen=True)
class Usual:
    """Digits of a page: their height in pixels, their width in parts of it; whether they break.

    ``broken`` says that many consist of pieces: thin strokes are lost on this page, and what is
    left of a 4 may be a 1.
    """

    height: float
    pitch: float
    broken: bool = False


ANY_FONT = Usual(height=0.0, pitch=0.7)
"""Where a page has too few numbers to measure; a height of 0 is not known."""


def usual_of(lines: Sequence[tuple[InkLine, Heard, Heard]]) -> Usual:
    """The shape of the numbers that both engines read alike."""
    sure = [
        (line, len(one.text))
        for line, one, other in lines
        if one.text == other.text and one.text.isdigit()
    ]
    pieces = sum(len(line.parts) > digits for line, digits in sure)
    broken = len(sure) >= _ENOUGH and pieces > _MOST_BROKEN * len(sure)
    longer = [(line.box, digits) for line, digits in sure if digits > 1]
    if len(longer) < _ENOUGH:
        return replace(ANY_FONT, broken=broken)
    pitches = sorted(box.width / box.height / (digits - _BEARING) for box, digits in longer)
    # Numbers with a 1 at an end are less wide than others of as many digits.
    pitch = pitches[len(pitches) * 3 // 4]
    return Usual(median(box.height for box, _ in longer), pitch, broken)


def settle(
    lines: Sequence[InkLine],
    first: Sequence[Heard],
    second: Sequence[Heard],
    usual: Usual,
) -> Settled:
    """The text of the lines of a cell, from two readings of each."""
    one = "\n".join(heard.text.strip() for heard in first)
    other = "\n".join(heard.text.strip() for heard in second)
    alone = lines[0] if len(lines) == 1 and lines[0].shape is not None else None
    if alone is not None and _is_bar(alone, usual, bare(one + other)):
        return Settled("—", {}, ())
    if not (is_value(one) or is_value(other)):
        if not bare(one):
            return Settled(UNREADABLE, NOTHING_READ, _texts(one, other))
        # In words, one character misread does no harm: labels are recognised by likeness.
        words = is_label(one) and not (figures(one) or figures(other))
        if min(heard.score for heard in first) < _READABLE and not words:
            return Settled(one, UNSURE, _texts(one, other))
        if any(figures(heard.text) and is_value(heard.text) for heard in first):
            return Settled(one, SEVERAL, _texts(one, other))
        return Settled(one, {}, ())
    if alone is not None and not usual.broken and _is_zero(alone, one, other, usual):
        if alone.likeness.other_ink:
            return Settled("0", OTHER_INK, _texts(one, other))
        return Settled("0", {}, ())
    doubt = _doubt(lines, one, other, [*first, *second], usual)
    text = one if bare(one) else (other if bare(other) else UNREADABLE)
    return Settled(text, doubt, _texts(one, other) if doubt else ())


def _texts(one: str, other: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (one, other) if text))


def _is_bar(line: InkLine, usual: Usual, words: str) -> bool:
    """Whether a single character is a dash: flat, and no digit of any font."""
    box = line.box
    if usual.height:
        return box.width >= 1.6 * box.height and box.height < _FLAT * usual.height
    return box.width >= 2.5 * box.height and all(character in _BARS for character in words)


def _is_zero(line: InkLine, one: str, other: str, usual: Usual) -> bool:
    """Whether a single character is a 0, which an engine may take for a letter O."""
    return (
        bare(one) in _ROUND
        and bare(other) in _ROUND
        and line.shape is not None
        and line.shape.holes == 1
        and line.shape.hole > _OF_ZERO
        and _as_high(line, usual)
    )


def _as_high(line: InkLine, usual: Usual) -> bool:
    return not usual.height or abs(line.box.height / usual.height - 1) < _OTHER_HEIGHT


def _doubt(
    lines: Sequence[InkLine],
    one: str,
    other: str,
    heard: Sequence[Heard],
    usual: Usual,
) -> Label:
    if not bare(one) and not bare(other):
        return NOTHING_READ
    if bare(one) != bare(other):
        return DIFFERENT
    if len(lines) > 1:
        return SEVERAL
    if min(each.score for each in heard) < LEAST_SURE:
        return UNSURE
    line, digits = lines[0], bare(one)
    if _is_number(digits) and _line_through(line, digits, usual):
        return LINE_THROUGH
    if line.likeness.other_ink:
        return OTHER_INK
    if line.two_inks:
        return TWO_INKS
    if usual.broken:
        return BROKEN
    if _is_number(digits) and _separators(line) != _NO_SEPARATOR.sub("", digits):
        return SEPARATOR
    if _THREE_PLACES.fullmatch(digits):  # More likely a comma that lost its tail.
        return SEPARATOR
    if not digits.isdigit():
        return {} if _NUMBER.fullmatch(digits) or _NOTHING.fullmatch(digits) else UNSURE
    if len(line.parts) > len(digits):
        return BROKEN
    if _stands_apart(line):
        return SEVERAL
    if line.marks.set_off:
        return SET_OFF
    if _slanted(line, digits):
        return STROKE
    if line.shape is not None and not _as_high(line, usual):
        return UNSURE
    return {} if _fits(line, digits, usual) else WIDTH


def _line_through(line: InkLine, digits: str, usual: Usual) -> bool:
    """Whether a dark run is too long; in poor copies digits run together and form long ones too."""
    return line.marks.line_through(digits, usual.pitch) and not line.likeness.plain


def _slanted(line: InkLine, digits: str) -> bool:
    """Whether what is read as a 1 leans: it may be a stroke between two numbers."""
    if line.shape is not None:
        return digits == "1" and line.shape.lean > _SLANTED
    known = len(line.leans) == len(digits)
    return known and any(
        character == "1" and lean > _SLANTED
        for character, lean in zip(digits, line.leans, strict=True)
    )


def _stands_apart(line: InkLine) -> bool:
    """Whether a space in a number is wider than others: a digit may be hidden there."""
    gaps = [after.left - before.right for before, after in pairwise(line.parts)]
    if not gaps or max(gaps) <= _WIDE_GAP * line.box.height:
        return False
    return len(gaps) == 1 or max(gaps) > line.box.height or max(gaps) > 1.5 * min(gaps)


def _is_number(text: str) -> bool:
    return all(character in "0123456789.,+-−" for character in text) and any(map(str.isdigit, text))


def _separators(line: InkLine) -> str:
    """The points and commas among the parts of a line: a comma extends below the digits."""
    height = line.box.height
    foot = median(part.bottom for part in line.parts if 2 * part.height > height)
    return "".join(
        "," if part.bottom - foot > _BELOW * height else "."
        for part in line.parts
        if 2 * part.height < height and part.bottom > foot - height / 4
    )


def _fits(line: InkLine, digits: str, usual: Usual) -> bool:
    """Whether the print can be so many digits, by its width; a 1 is narrower than others."""
    wide = line.box.width / (line.box.height * usual.pitch)
    least = len(digits) - 0.85 - 0.12 * digits.count("1")
    if len(line.parts) == len(digits):
        least -= 0.4
    return least < wide < len(digits) + (0.3 if usual.height else 0.45)
