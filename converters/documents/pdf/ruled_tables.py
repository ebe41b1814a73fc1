"""Tables with ruled lines: where lines on a page enclose cells."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pdfplumber.page import Page
from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)
from pdfplumber.utils.geometry import filter_edges

from gongkai.converters.documents.aligned.glyphs import Box, Glyph
from gongkai.converters.documents.pdf.frames import Edge
from gongkai.converters.documents.pdf.separate_cells import separate_cells
from gongkai.converters.documents.pdf.strikes import without_strikes
from gongkai.converters.documents.pdf.strokes import (
    TooManyLines,
    line_along,
    lines_around,
    ruled_lines_of,
)

TOLERANCE = 3.0
"""Lines nearer to each other than this, in points, are one."""

MOST_CROSSINGS = 6000
"""A page with more crossings of lines than this is a drawing; no table of a report has so many."""

_MOST_DRAWN = 60_000
_MOST_EDGES = 20_000
_MOST_LINES = 1_000
_LEAST_LENGTH = 3.0


@dataclass(frozen=True)
class RuledTable:
    """The cells that ruled lines enclose, joined into one table, as boxes on page ``page``.

    ``open_top`` and ``open_bottom`` say that no line is drawn there: a row may be broken over the
    page.
    """

    page: int
    boxes: tuple[Box, ...]
    open_top: bool = False
    open_bottom: bool = False
    inner: tuple[Box, ...] = ()

    def within(self, number: int) -> Box:
        """The part of a box inside of the lines around it."""
        return self.inner[number] if self.inner else self.boxes[number]

    @cached_property
    def box(self) -> Box:
        """The box of the table."""
        lefts, tops, rights, bottoms = zip(*self.boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    @cached_property
    def columns(self) -> tuple[float, ...]:
        """Where columns begin and the last one ends, from left to right."""
        return tuple(sorted({x for box in self.boxes for x in (box[0], box[2])}))

    @cached_property
    def rows(self) -> tuple[float, ...]:
        """Where rows begin and the last one ends, from the top down."""
        return tuple(sorted({y for box in self.boxes for y in (box[1], box[3])}))

    @cached_property
    def positions(self) -> dict[tuple[int, int], int]:
        """Which box covers a (row, column)."""
        column = {x: i for i, x in enumerate(self.columns)}
        row = {y: i for i, y in enumerate(self.rows)}
        return {
            (r, c): number
            for number, (x0, top, x1, bottom) in enumerate(self.boxes)
            for r in range(row[top], row[bottom])
            for c in range(column[x0], column[x1])
        }

    def box_at(self, x: float, y: float) -> int | None:
        """The number of the box that holds the point."""
        row = bisect_right(self.rows, y) - 1
        column = bisect_right(self.columns, x) - 1
        return self.positions.get((row, column))


def find_tables(page: Page, number: int, corner: tuple[float, float]) -> list[RuledTable]:
    """The ruled tables of a page with at least two columns, from the top down.

    ``corner`` is the upper left corner of the visible part, in the page's own coordinates. A frame
    around text, or a shade behind each of its lines, is no table. Raises TooManyLines.
    """
    separate, lines = separate_cells(page, ruled_lines_of(page, _MOST_DRAWN))
    lines += [line for cell in separate for line in lines_around(cell.reach)]
    edges = without_strikes(lines, page.chars)
    if len(edges) > _MOST_EDGES:
        raise TooManyLines
    merged = _merged(edges)
    upright = [edge for edge in merged if edge["orientation"] == "v"]
    level = [edge for edge in merged if edge["orientation"] == "h"]
    if len(merged) > _MOST_LINES:
        raise TooManyLines
    closing = [*_closing(upright, level, "y", "x"), *_closing(level, upright, "x", "y")]
    if closing:
        merged = _merged([*merged, *closing])
    crossings = edges_to_intersections(merged, TOLERANCE, TOLERANCE)
    if len(crossings) > MOST_CROSSINGS:
        raise TooManyLines
    frames = {cell.reach: cell.frame for cell in separate}
    tables = [
        _table(number, sorted(boxes), level, corner, frames)
        for boxes in cells_to_tables(intersections_to_cells(crossings))
    ]
    return [table for table in tables if len(table.columns) > 2]


def _table(
    number: int,
    boxes: Sequence[Box],
    level: Sequence[Edge],
    corner: tuple[float, float],
    frames: Mapping[Box, Box],
) -> RuledTable:
    """The table of ``boxes``; ``level`` are the horizontal lines that are drawn.

    ``frames`` are the boxes drawn around separate cells, by the cells' full extent.
    """
    left, top = corner
    first, last = min(box[1] for box in boxes), max(box[3] for box in boxes)
    begin, end = min(box[0] for box in boxes), max(box[2] for box in boxes)
    drawn = [
        _start(line, "y")
        for line in level
        if _start(line, "x") < end - TOLERANCE and _end(line, "x") > begin + TOLERANCE
    ]
    inner = [_frame_of(box, frames) for box in boxes] if frames else []
    return RuledTable(
        number,
        tuple((b[0] - left, b[1] - top, b[2] - left, b[3] - top) for b in boxes),
        inner=tuple((b[0] - left, b[1] - top, b[2] - left, b[3] - top) for b in inner),
        open_top=not any(abs(y - first) <= TOLERANCE for y in drawn),
        open_bottom=not any(abs(y - last) <= TOLERANCE for y in drawn),
    )


def _frame_of(box: Box, frames: Mapping[Box, Box]) -> Box:
    """The box drawn around a separate cell; the box itself where it is no separate cell."""
    reach = min(frames, key=lambda reach: _apart(box, reach))
    return frames[reach] if _apart(box, reach) <= TOLERANCE else box


def _apart(box: Box, other: Box) -> float:
    """The greatest distance between the same sides of two boxes."""
    return max(abs(a - b) for a, b in zip(box, other, strict=True))


def _merged(edges: list[Edge]) -> list[Edge]:
    merged = merge_edges(edges, TOLERANCE, TOLERANCE, TOLERANCE, TOLERANCE)
    return list(filter_edges(merged, min_length=_LEAST_LENGTH))


def _closing(edges: Sequence[Edge], across: Sequence[Edge], along: str, at: str) -> list[Edge]:
    """The missing lines, where parallel lines of a table end without a line across.

    A row before a page break may have no line below it, a cell that continues none above it, a
    table with open sides none beside it. From an open end the missing line runs to the next
    parallel lines on either side, but only to those of the same table, joined with it by a line
    across.

    ``along`` is the axis along which ``edges`` run ("x" or "y"), ``at`` the other one.
    """
    crossed = [
        {k for k, other in enumerate(across) if _meet(edge, other, along, at)} for edge in edges
    ]
    missing: list[Edge] = []
    for i, line in enumerate(edges):
        if not crossed[i]:
            continue
        levels = [_start(across[k], along) for k in crossed[i]]
        for tip in (_start(line, along), _end(line, along)):
            if any(abs(level - tip) <= TOLERANCE for level in levels):
                continue
            place = _start(line, at)
            others = [
                _start(other, at)
                for k, other in enumerate(edges)
                if crossed[i] & crossed[k]
                and _start(other, along) - TOLERANCE <= tip <= _end(other, along) + TOLERANCE
            ]
            before = max((x for x in others if x < place - TOLERANCE), default=place)
            after = min((x for x in others if x > place + TOLERANCE), default=place)
            if before < after:
                missing.append(line_along(at, tip, before, after))
    return missing


def _meet(edge: Edge, other: Edge, along: str, at: str) -> bool:
    return (
        _start(other, at) - TOLERANCE <= _start(edge, at) <= _end(other, at) + TOLERANCE
        and _start(edge, along) - TOLERANCE <= _start(other, along)
        and _start(other, along) <= _end(edge, along) + TOLERANCE
    )


def _start(edge: Edge, axis: str) -> float:
    return float(edge["x0" if axis == "x" else "top"])


def _end(edge: Edge, axis: str) -> float:
    return float(edge["x1" if axis == "x" else "bottom"])


def share_out(
    glyphs: Iterable[Glyph], tables: Sequence[RuledTable]
) -> tuple[dict[tuple[int, int], list[Glyph]], list[Glyph]]:
    """The glyphs in each (table, box), in the order given, and those outside all tables.

    Where a table stands in a cell of another, its content belongs to the inner one.
    """
    inner_first = sorted(range(len(tables)), key=lambda i: _area(tables[i].box))
    inside: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = glyph.middle
        for i in inner_first:
            box = tables[i].box_at(x, y)
            if box is not None:
                inside[i, box].append(glyph)
                break
        else:
            outside.append(glyph)
    return inside, outside


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
