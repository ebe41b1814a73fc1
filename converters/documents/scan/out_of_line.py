"""Numbers of a table without ruled lines that stand out of their row or column, and gaps.

Without ruled lines nothing else shows which column a number belongs to, or that none is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from gongkai.converters.documents.aligned.tables import AlignedCell, AlignedTable
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_ASIDE = 0.35
_OFF_LEVEL = 0.3
"""How far a number may be out of its column or row, in parts of a character's height."""

_FEWEST = 3
"""Fewer numbers above one another do not show how they are aligned."""

GAP: Label = translations("documents.scan.gap")
OUT_OF_COLUMN: Label = translations("documents.scan.out_of_column")
OUT_OF_ROW: Label = translations("documents.scan.out_of_row")


@dataclass(frozen=True)
class _Value:
    """A cell of a table by its position, and where its number begins and ends."""

    place: int
    cell: AlignedCell
    left: float
    right: float
    middle: float


def doubts_of(table: AlignedTable, size: float) -> dict[int, Label]:
    """Why cells of a table are doubtful, by their places; ``size`` is a character's height."""
    values = list(_values(table))
    found = {place: GAP for place, cell in enumerate(table.cells) if cell.box and not cell.glyphs}
    aside = {value.cell.rows[0] for value in _out_of_columns(values, size)}
    for place, cell in enumerate(table.cells):
        if cell.box and cell.rows[0] in aside:
            found[place] = OUT_OF_COLUMN
    return found | {value.place: OUT_OF_ROW for value in _out_of_rows(values, size)}


def _values(table: AlignedTable) -> Iterator[_Value]:
    for place, cell in enumerate(table.cells):
        if cell.box and cell.glyphs:
            left = min(glyph.x0 for glyph in cell.glyphs)
            right = max(glyph.x1 for glyph in cell.glyphs)
            yield _Value(place, cell, left, right, cell.glyphs[0].middle[1])


def _out_of_columns(values: Sequence[_Value], size: float) -> Iterator[_Value]:
    """The numbers that are not aligned like most of their column: left, right, or centred."""
    for column in {value.cell.columns[0] for value in values}:
        own = [value for value in values if value.cell.columns[0] == column]
        if len(own) < _FEWEST:
            continue
        lines = [
            [value.left for value in own],
            [value.right for value in own],
            [(value.left + value.right) / 2 for value in own],
        ]
        offs = [[abs(at - median(line)) > _ASIDE * size for at in line] for line in lines]
        yield from (value for value, off in zip(own, min(offs, key=sum), strict=True) if off)


def _out_of_rows(values: Sequence[_Value], size: float) -> Iterator[_Value]:
    """The numbers that stand higher or lower than most of their row."""
    for row in {value.cell.rows[0] for value in values}:
        own = [value for value in values if value.cell.rows[0] == row]
        level = median(value.middle for value in own)
        yield from (value for value in own if abs(value.middle - level) > _OFF_LEVEL * size)
