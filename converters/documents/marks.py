"""Marks in the text of a document: stretches that may not be seen as they are written.

The marks are noncharacters of Unicode, which no text holds. A cell whose text has any becomes a
cell in doubt, with the possible texts; everywhere else the marks are removed.
"""

import re

from gongkai.converters.documents.doubts import SET_OFF, STROKE, STRUCK, UNDECIDED
from gongkai.converters.numbers import looks_like_cell, may_be_read
from gongkai.ontology.labels import Label

PERHAPS, TURNED, BESIDE = "\ufdd0", "\ufdd1", "\ufdd2"
"""The beginning of a stretch: perhaps not seen; shown from right to left; higher, lower or smaller.
"""

_OR = " 或 "
_WHITE = re.compile(r"(\s+)")
_LEAST_VALUES = 2
"""The least number of values that make a line a row."""
_END = "\ufdd3"
_ALL = dict.fromkeys(map(ord, (PERHAPS, TURNED, BESIDE, _END)))
_REASONS: dict[str, Label] = {PERHAPS: UNDECIDED, TURNED: UNDECIDED, BESIDE: SET_OFF}

# A digit that is set above the line, below it, or struck out does not belong to the number beside
# it: it becomes the character that looks like it.
_DIGITS = "0123456789"
_FULL_WIDTH = "０１２３４５６７８９"
_PUNCTUATION = ".,，．-－−—/／%"
ABOVE = {
    ord(digit): character
    for digits in (_DIGITS, _FULL_WIDTH)
    for digit, character in zip(digits, "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)
}
BELOW = {
    ord(digit): character
    for digits in (_DIGITS, _FULL_WIDTH)
    for digit, character in zip(digits, "₀₁₂₃₄₅₆₇₈₉", strict=True)
}
THROUGH = {ord(digit): f"{digit}{STROKE}" for digit in _DIGITS + _FULL_WIDTH + _PUNCTUATION}
_ON_THE_LINE = {
    ord(character): digit for digit, character in zip(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)
}
_ON_THE_LINE |= {
    ord(character): digit for digit, character in zip(_DIGITS, "₀₁₂₃₄₅₆₇₈₉", strict=True)
}
_OFF_THE_LINE = dict.fromkeys(_ON_THE_LINE)


def marked(text: str, mark: str) -> str:
    """``text`` as a stretch of its own; blank text is returned as it is."""
    return f"{mark}{text}{_END}" if text.strip() else text


def unmarked(text: str) -> str:
    """``text`` without any marks."""
    return text.translate(_ALL)


def has_digit(text: str) -> bool:
    """Whether ``text`` holds a digit, of usual or of full width."""
    return any("0" <= character <= "9" or "０" <= character <= "９" for character in text)


def settled(text: str) -> tuple[str, Label, tuple[str, ...]]:
    """The text of a cell without marks; why it is in doubt, and the possible texts.

    A text that can be no value of a cell, however it is seen, is not in doubt.
    """
    whole, least, turned, reasons = [], [], [], []
    for stretch in _stretches(text):
        mark, inside = stretch
        whole.append(inside)
        turned.append(inside[::-1] if mark == TURNED else inside)
        if mark in ("", TURNED):
            least.append(inside)
        if mark and inside.strip() and not (mark == TURNED and inside == inside[::-1]):
            reasons.append(_REASONS[mark])
    plain = "".join(whole)
    if STROKE in plain:
        reasons.append(STRUCK)
    if any(ord(character) in _ON_THE_LINE for character in plain):
        reasons.append(SET_OFF)
    if not reasons:
        return plain, {}, ()
    possible = []
    for parts in (least, whole, turned):
        for table, kept in ((_OFF_THE_LINE, False), (_ON_THE_LINE, True)):
            shown = _without_strokes("".join(parts), kept).translate(table)
            possible.append(" ".join(shown.split()))
    readings = tuple(dict.fromkeys(possible))
    if not any(has_digit(reading) and may_be_read(reading) for reading in readings):
        return plain, {}, ()
    distinct = list({reason["en"]: reason for reason in reasons}.values())
    doubt = {
        "zh": "；".join(reason["zh"] for reason in distinct),
        "en": "; ".join(reason["en"] for reason in distinct),
    }
    return plain, doubt, readings


def with_readings(text: str) -> str:
    """The text of a block without marks: where it is in doubt, all possible texts.

    In a row of values this is done for each word.
    """
    plain, doubt, readings = settled(text)
    if doubt:
        return _OR.join(readings)
    if plain == text and STROKE not in text:
        return plain
    values = sum(looks_like_cell(word) for word in plain.split())
    return "".join(map(_word_with_readings, _words(text))) if values >= _LEAST_VALUES else plain


def _word_with_readings(word: str) -> str:
    plain, doubt, readings = settled(word)
    return _OR.join(readings) if doubt else plain


def _words(text: str) -> list[str]:
    """The words of ``text``, each with marks of its own, and the white space between them."""
    marked_words = ""
    for mark, inside in _stretches(text):
        words = _WHITE.split(inside)
        marked_words += "".join(marked(word, mark) if mark else word for word in words)
    return _WHITE.split(marked_words)


def _stretches(text: str) -> list[tuple[str, str]]:
    """The stretches of ``text`` in their order, each with the mark that begins it, or none."""
    found: list[tuple[str, str]] = []
    mark, begun = "", 0
    for position, character in enumerate(text):
        if ord(character) in _ALL:
            if position > begun:
                found.append((mark, text[begun:position]))
            mark, begun = ("" if character == _END else character), position + 1
    if begun < len(text):
        found.append((mark, text[begun:]))
    return found


def _without_strokes(text: str, kept: bool) -> str:
    """``text`` without struck-out characters, or with them as if they were not struck out."""
    if kept or STROKE not in text:
        return text.replace(STROKE, "")
    return "".join(
        character
        for character, after in zip(text, text[1:] + " ", strict=True)
        if STROKE not in (character, after)
    )
