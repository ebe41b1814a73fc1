"""Slanted numbers in cells of a table, distinguished from a watermark, which is left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, has_digit, is_numeric
from gongkai.converters.documents.pdf.cell_reading import TURNED, CellReading

_NEXT = 1.5
"""Characters of one text are not farther apart than this part of their height."""

_MANY = 4
"""A text that stands so often on a page is a watermark."""


def slanted_in_doubt(
    readings: Sequence[CellReading], boxes: Sequence[Box], slanted: Sequence[Glyph]
) -> list[CellReading]:
    """The readings of a table's boxes; those with a slanted number in them are in doubt.

    ``slanted`` are the slanted characters of the page in the order of the file. A text that is no
    number, extends beyond its box, or is printed again and again, is a watermark.
    """
    texts = _texts(slanted)
    times = Counter(map(_string, texts))
    numbers = [text for text in texts if _is_number(text) and times[_string(text)] < _MANY]
    if not numbers:
        return list(readings)
    return [
        _with(reading, [text for text in numbers if all(_is_in(glyph, box) for glyph in text)])
        for reading, box in zip(readings, boxes, strict=True)
    ]


def _texts(slanted: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters that follow one another at one angle."""
    texts: list[list[Glyph]] = []
    for glyph in slanted:
        if not glyph.text.strip():
            continue
        before = texts[-1][-1] if texts else None
        if (
            before is None
            or before.orientation != glyph.orientation
            or not _are_near(before, glyph)
        ):
            texts.append([])
        texts[-1].append(glyph)
    return texts


def _are_near(before: Glyph, glyph: Glyph) -> bool:
    (x0, y0), (x1, y1) = before.middle, glyph.middle
    return max(abs(x1 - x0), abs(y1 - y0)) <= _NEXT * max(before.size, glyph.size)


def _is_number(text: Sequence[Glyph]) -> bool:
    return all(map(is_numeric, text)) and any(has_digit(glyph.text) for glyph in text)


def _is_in(glyph: Glyph, box: Box) -> bool:
    x, y = glyph.middle
    return box[0] < x < box[2] and box[1] < y < box[3]


def _with(reading: CellReading, numbers: Sequence[Sequence[Glyph]]) -> CellReading:
    if reading.doubt or not numbers:
        return reading
    texts = (reading.text, *map(_string, numbers))
    return replace(reading, doubt=TURNED, readings=texts, checked=True, digits=())


def _string(text: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in text)
