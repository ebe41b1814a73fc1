"""Letter-spaced numbers: digits set apart equally, like all characters of their table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from gongkai.converters.documents.aligned.glyphs import (
    Glyph,
    TextLine,
    is_numeric,
    lines_of,
    text_of,
)
from gongkai.converters.documents.pdf.cell_reading import CUT, CellReading

_SPACED = re.compile(r"\d \d")

_LEAST = 0.1
"""A space smaller than this part of a character's height is not letter spacing."""

_WIDEST = 0.75
_EVEN = 0.04
_MOSTLY = 0.8
_LEAST_PAIRS = 6
_SURE_DIGITS = 4
"""This many digits at equal distances are one number even where nothing else is spaced."""

_WIDEST_ALONE = 0.5


def close_up(
    readings: Sequence[CellReading], cells: Sequence[Sequence[Glyph]]
) -> tuple[CellReading, ...]:
    """The readings of a table's cells with the digits of each letter-spaced number put together.

    ``cells`` are their characters. A number that continues at its spacing into the next cell makes
    both doubtful.
    """
    if not any(_SPACED.search(reading.text) for reading in readings):
        return tuple(readings)
    spacing = _spacing_of(cells)
    cut = _run_on(cells, spacing) if spacing is not None else frozenset()
    return tuple(
        replace(reading, doubt=reading.doubt or CUT)
        if i in cut
        else _closed_up(reading, glyphs, spacing)
        for i, (reading, glyphs) in enumerate(zip(readings, cells, strict=True))
    )


def _spacing_of(cells: Iterable[Sequence[Glyph]]) -> float | None:
    """The space between the characters of a table's cells, as a part of their height.

    None where not all of them, or all digits equally, are letter-spaced.
    """
    lines = [line for glyphs in cells for line in lines_of(glyphs)]
    numbers = [line for line in lines if all(map(is_numeric, line.glyphs))]
    return _common(lines) or _common(numbers)


def _run_on(cells: Sequence[Sequence[Glyph]], spacing: float) -> frozenset[int]:
    """The cells between which digits follow one another at the table's spacing."""
    owner = {id(glyph): i for i, glyphs in enumerate(cells) for glyph in glyphs}
    digits = [glyph for glyphs in cells for glyph in glyphs if is_numeric(glyph)]
    return frozenset(
        owner[id(glyph)]
        for line in lines_of(digits)
        for gap, pair in zip(_gaps(line), pairwise(line.glyphs), strict=True)
        if gap <= spacing + _EVEN and owner[id(pair[0])] != owner[id(pair[1])]
        for glyph in pair
    )


def _closed_up(reading: CellReading, glyphs: Sequence[Glyph], spacing: float | None) -> CellReading:
    if " " not in reading.text:
        return reading
    lines = lines_of(glyphs)
    if text_of(lines) != reading.text:
        return reading
    blanks = [glyph for glyph in glyphs if not glyph.text.strip()]
    texts = [
        "".join(glyph.text for glyph in line.glyphs)
        if _is_one_number(line, blanks, spacing)
        else line.text
        for line in lines
    ]
    return replace(reading, text="\n".join(texts))


def _common(lines: Sequence[TextLine]) -> float | None:
    gaps = [gap for line in lines for gap in _gaps(line)]
    if len(gaps) < _LEAST_PAIRS:
        return None
    usual = median(gaps)
    if not _LEAST < usual <= _WIDEST:
        return None
    alike = sum(abs(gap - usual) <= _EVEN for gap in gaps)
    return usual if alike >= _MOSTLY * len(gaps) else None


def _gaps(line: TextLine) -> list[float]:
    return [
        (after.x0 - before.x1) / max(before.size, after.size)
        for before, after in pairwise(line.glyphs)
    ]


def _is_one_number(line: TextLine, blanks: Sequence[Glyph], spacing: float | None) -> bool:
    """Whether the digits have equal gaps of the table's spacing and no blank between them."""
    if not all(map(is_numeric, line.glyphs)) or len(line.glyphs) < 2:
        return False
    left, top, right, bottom = line.box
    if any(left < blank.middle[0] < right and top < blank.middle[1] < bottom for blank in blanks):
        return False
    gaps = _gaps(line)
    if max(gaps) - min(gaps) > _EVEN:
        return False
    if spacing is not None:
        return abs(gaps[0] - spacing) <= _EVEN
    return len(line.glyphs) >= _SURE_DIGITS and gaps[0] <= _WIDEST_ALONE
