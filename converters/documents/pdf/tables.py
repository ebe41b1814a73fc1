"""Ruled tables of a PDF as grids, put together over page breaks."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai.converters.documents.aligned.glyphs import has_digit
from gongkai.converters.documents.aligned.words import Span
from gongkai.converters.documents.model import Grid, GridCell, Place
from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.converters.documents.pdf.ruled_tables import TOLERANCE, RuledTable

_STRIP = 0.5
"""A part of a row's usual height that is too low to be a row of its own."""


@dataclass(frozen=True)
class PageTable:
    """A table on one page: ``readings`` of its boxes, in the order of ``ruled.boxes``.

    For one recognised by alignment, ``values`` is where the numbers of each column stand, and
    ``headed`` says whether headings stand over them.
    """

    ruled: RuledTable
    readings: tuple[CellReading, ...]
    values: tuple[Span, ...] = ()
    headed: bool = True

    @property
    def positions(self) -> int:
        """The number of rows times the number of columns."""
        return (len(self.ruled.rows) - 1) * (len(self.ruled.columns) - 1)

    @property
    def blank(self) -> bool:
        """Whether no cell has text: the lines are those of a drawing, not of a table."""
        return not any(reading.text or reading.doubt for reading in self.readings)


def goes_on(before: Sequence[PageTable], after: PageTable) -> bool:
    """Whether a table on the next page, with nothing between, continues the one before.

    It does where the outer edges are the same, and one has every inner edge of the other.
    """
    if after.ruled.page != before[-1].ruled.page + 1:
        return False
    known, new = _columns(before), after.ruled.columns
    same_width = _near(known[0], new[0]) and _near(known[-1], new[-1])
    return same_width and (_has_all(known, new) or _has_all(new, known))


def make_grid(parts: Sequence[PageTable]) -> Grid:
    """The grid of a table whose parts stand on consecutive pages.

    A merged cell is one object in every position that it covers. Columns that only one part divides
    are merged in the others. A row of words that a page break splits, with no line drawn on either
    side of it, is one row.
    """
    columns = _columns(parts)
    rows: list[tuple[GridCell | None, ...]] = []
    before: PageTable | None = None
    for part in parts:
        new = _rows(part, columns, len(rows))
        if before is not None and before.ruled.open_bottom and part.ruled.open_top:
            rows, new = _row_joined(rows, new)
        rows.extend(new)
        before = part
    return Grid(tuple(rows), Place(page=parts[0].ruled.page))


_GridRow = tuple[GridCell | None, ...]


def _row_joined(
    above: list[_GridRow], below: list[_GridRow]
) -> tuple[list[_GridRow], list[_GridRow]]:
    """The rows with the last above and the first below as one, if both hold only words.

    Where either holds numbers, it is not known whether the two are one row.
    """
    pairs = list(zip(above[-1], below[0], strict=True))
    joined: dict[int, GridCell] = {}
    for upper, lower in pairs:
        if upper is None or lower is None or has_digit(upper.text + lower.text):
            return above, below
        cell = joined.get(id(upper)) or joined.get(id(lower))
        if cell is None:
            text = "\n".join(filter(None, (upper.text, lower.text)))
            cell = replace(upper, text=text, doubt=upper.doubt or lower.doubt)
        if joined.setdefault(id(upper), cell) is not joined.setdefault(id(lower), cell):
            return above, below

    def renewed(rows: list[_GridRow]) -> list[_GridRow]:
        return [tuple(joined.get(id(cell), cell) for cell in row) for row in rows]

    return renewed(above), renewed(below[1:])


def _rows(
    part: PageTable, columns: Sequence[float], above: int
) -> list[tuple[GridCell | None, ...]]:
    ruled = part.ruled
    at = [_nearest(columns, x) for x in ruled.columns]
    kept = _rows_with_cells(part)
    tops = {ruled.rows[row]: i for i, row in enumerate(kept)}
    lefts = {left: at[i] for i, left in enumerate(ruled.columns)}
    cells = [
        GridCell(
            reading.text,
            Place(
                page=ruled.page,
                row=above + tops[box[1]] + 1,
                column=lefts[box[0]] + 1,
            ),
            reading.doubt,
            reading.readings,
        )
        if box[1] in tops
        else None
        for box, reading in zip(ruled.boxes, part.readings, strict=True)
    ]
    rows: list[list[GridCell | None]] = [[None] * (len(columns) - 1) for _ in kept]
    place = {row: i for i, row in enumerate(kept)}
    for (r, c), box_number in ruled.positions.items():
        if r in place:
            for position in range(at[c], at[c + 1]):
                rows[place[r]][position] = cells[box_number]
    return [tuple(row) for row in rows]


def _rows_with_cells(part: PageTable) -> list[int]:
    """The rows of a part, without strips in which only low blank boxes begin.

    Where a page break cuts a cell that is over several rows, browsers end it lower or higher than
    the row that it ends with.
    """
    levels = part.ruled.rows
    heights = [below - above for above, below in pairwise(levels)]
    low = _STRIP * median(heights)
    begun: dict[float, list[int]] = defaultdict(list)
    for i, box in enumerate(part.ruled.boxes):
        begun[box[1]].append(i)
    return [
        row
        for row, height in enumerate(heights)
        if height >= low
        or any(
            part.ruled.boxes[i][3] > levels[row + 1]
            or part.readings[i].text
            or part.readings[i].doubt
            for i in begun[levels[row]]
        )
        or len(begun[levels[row]]) == len(part.ruled.columns) - 1
    ]


def _columns(parts: Sequence[PageTable]) -> list[float]:
    """The edges of the columns of all parts, equal ones once."""
    columns: list[float] = []
    for part in parts:
        columns.extend([x for x in part.ruled.columns if not any(_near(x, y) for y in columns)])
    return sorted(columns)


def _has_all(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(_near(some[_nearest(some, x)], x) for x in others)


def _nearest(columns: Sequence[float], x: float) -> int:
    i = bisect_left(columns, x)
    near = [k for k in (i - 1, i) if 0 <= k < len(columns)]
    return min(near, key=lambda k: abs(columns[k] - x))


def _near(x: float, y: float) -> bool:
    return abs(x - y) <= TOLERANCE
