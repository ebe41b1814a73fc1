"""The text of a cell of a PDF, where its two readings and its print agree; otherwise its doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, has_digit, lines_of, text_of
from gongkai.converters.documents.doubts import STRUCK, UNDECIDED
from gongkai.converters.documents.pdf.cell_doubts import doubt_of
from gongkai.converters.documents.pdf.cell_print import (
    has_more,
    is_other_print,
    pictures_of,
    printed_in,
)
from gongkai.converters.documents.pdf.cell_reading import (
    BESIDE,
    CUT,
    MARKED,
    NOT_SEEN,
    OTHER_PRINT,
    OVERDRAWN,
    READINGS_DIFFER,
    SEALED,
    CellReading,
)
from gongkai.converters.documents.pdf.compared import are_readable, in_order
from gongkai.converters.documents.pdf.marks import has_drawing, has_mark
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.documents.pdf.strikes import DrawnLines
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.labels import Label

_COVERED = (NOT_SEEN, OVERDRAWN, BESIDE)
_OF_PRINT = (*_COVERED, STRUCK, MARKED)
"""Doubts about what is printed, which may be caused by a seal."""


def read_cell(
    first: Iterable[Glyph],
    second: Sequence[Glyph],
    box: Box | None,
    page: SecondPage,
    cut: bool = False,
    drawn: DrawnLines | None = None,
) -> CellReading:
    """The cell in ``box``, for which the two readings give these glyphs.

    Cells without a digit in either reading are not compared. Where ``box`` is None, the print of a
    blank is not examined. ``cut`` says that a number of the cell continues in the next cell;
    ``drawn`` are the lines of the page, which strike a digit out whether or not they are seen. What
    is clear through a red seal is read.
    """
    glyphs = tuple(first)
    reading = _read(glyphs, second, box, page, cut, drawn)
    if reading.doubt not in _OF_PRINT:
        return reading
    if not page.has_seal(box or _around([*glyphs, *second])):
        return reading
    clear = _read(glyphs, second, box, page.through_seals, cut, drawn)
    if clear.doubt in _COVERED and clear.text:
        return replace(clear, doubt=SEALED)
    if not clear.doubt and any(page.is_crossed_in_red(glyph.box) for glyph in second):
        return replace(reading, doubt=SEALED)
    return clear


def _read(
    first: Sequence[Glyph],
    second: Sequence[Glyph],
    box: Box | None,
    page: SecondPage,
    cut: bool,
    drawn: DrawnLines | None,
) -> CellReading:
    lines = lines_of(first)
    text = text_of(lines)
    if not text:
        return _read_blank(second, box, page)
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    other = in_order(second)
    if not has_digit(other):
        if not has_digit(text):
            return _read_mark(text, second, box, page)
        if second and not are_readable(glyphs) and are_readable(second):
            # Words that the first library cannot read, and names given by numbers.
            return CellReading(other)
    crossed = [
        glyph
        for glyph in second
        if drawn is not None and has_digit(glyph.text) and drawn.strike(glyph.box, box)
    ]
    doubt, readings = doubt_of(text, lines, glyphs, second, page, crossed)
    if not doubt:
        doubt, readings = _doubt_of_place(text, box or _around(glyphs), page)
    number = looks_like_cell(text.replace(" ", ""))  # It may be letter-spaced.
    if not doubt and box is not None and number and has_more(box, second, page):
        doubt, readings = BESIDE, (text,)
    pictures = pictures_of(second, page) if number and not doubt else {}
    if is_other_print(pictures):
        doubt, readings = OTHER_PRINT, (text,)
    if cut and not doubt:
        doubt = CUT
    digits = printed_in(pictures) if not doubt else ()
    return CellReading(text, doubt, readings, checked=True, digits=digits)


def _read_mark(
    text: str, second: Sequence[Glyph], box: Box | None, page: SecondPage
) -> CellReading:
    """A cell without a digit; one that says that there is nothing must show nothing else."""
    if box is None or not looks_like_cell(text):
        return CellReading(text)
    doubt, readings = _doubt_of_place(text, box, page)
    if not doubt and has_more(box, second, page):
        doubt, readings = BESIDE, (text,)
    if not doubt and is_other_print(pictures_of(second, page)):
        doubt, readings = OTHER_PRINT, (text,)
    return CellReading(text, doubt, readings, checked=bool(doubt))


def read_open_blank(box: Box, page: SecondPage) -> CellReading:
    """A cell without text and without ruled lines, into which its neighbours may extend."""
    drawn = has_drawing(page.ink, box)
    if drawn and page.has_seal(box):
        drawn = has_drawing(page.through_seals.ink, box)
    return CellReading("", MARKED, ("",), checked=True) if drawn else CellReading("")


def _read_blank(second: Sequence[Glyph], box: Box | None, page: SecondPage) -> CellReading:
    if second:
        other = in_order(second)
        return CellReading("", READINGS_DIFFER, ("", other), checked=True)
    if box is None:
        return CellReading("")
    doubt, readings = _doubt_of_place("", box, page)
    if not doubt and has_mark(page.ink, box):
        doubt, readings = MARKED, ("",)
    return CellReading("", doubt, readings, checked=bool(doubt))


def _doubt_of_place(text: str, box: Box, page: SecondPage) -> tuple[Label, tuple[str, ...]]:
    """Whether an annotation stands there that some viewers show and others do not."""
    notes = page.undrawn(box)
    return (UNDECIDED, (text, *notes)) if notes else ({}, ())


def _around(glyphs: Sequence[Glyph]) -> Box:
    lefts, tops, rights, bottoms = zip(*(glyph.box for glyph in glyphs), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
