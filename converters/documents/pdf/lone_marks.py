"""The mark of a footnote alone in its cell, distinguished from a number by its table."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, has_digit
from gongkai.converters.documents.pdf.cell_reading import SIZES_DIFFER, CellReading

_TINY = 0.55
"""A short number smaller than this part of the table's usual size is no figure of the table."""

_TINIEST = 0.3
"""The same for a longer number."""

_SMALL = 0.88
_RAISED = 0.12
_LONGEST = 2
"""The most characters of a mark; longer numbers are set smaller to fit."""


def lone_marks_in_doubt(
    readings: Sequence[CellReading], cells: Sequence[Sequence[Glyph]], boxes: Sequence[Box]
) -> list[CellReading]:
    """The readings of a table's boxes; those that may be the mark of a footnote are in doubt.

    ``cells`` are the characters in each box. Such a mark is much smaller than the digits of the
    table, or smaller and set higher than what stands beside it in its row.
    """
    sizes = [glyph.size for cell in cells for glyph in cell if has_digit(glyph.text)]
    if not sizes:
        return list(readings)
    usual = median(sizes)
    return [
        replace(reading, doubt=SIZES_DIFFER, readings=(reading.text,), digits=())
        if not reading.doubt and _is_mark(k, cells, boxes, usual)
        else reading
        for k, reading in enumerate(readings)
    ]


def _is_mark(
    number: int, cells: Sequence[Sequence[Glyph]], boxes: Sequence[Box], usual: float
) -> bool:
    glyphs = [glyph for glyph in cells[number] if glyph.text.strip()]
    if not glyphs or not all(has_digit(glyph.text) for glyph in glyphs):
        return False
    size = max(glyph.size for glyph in glyphs)
    if len(glyphs) > _LONGEST:
        return size < _TINIEST * usual
    if size < _TINY * usual:
        return True
    if size >= _SMALL * usual:
        return False
    top = boxes[number][1]
    beside = [
        _middle(cell)
        for k, cell in enumerate(cells)
        if k != number and abs(boxes[k][1] - top) < 1 and any(has_digit(g.text) for g in cell)
    ]
    return bool(beside) and median(beside) - _middle(glyphs) > _RAISED * usual


def _middle(glyphs: Sequence[Glyph]) -> float:
    return median(glyph.middle[1] for glyph in glyphs)
