"""Cells that are each drawn in a box of their own, with equal spaces around them.

Browsers draw tables like this by default (``border-spacing``), possibly with round corners. Each
box is extended to the middle of the space around it: then its sides are the lines of a usual table.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.frames import (
    LEAST_SIDE,
    NARROWEST_SPACE,
    WIDEST_SPACE,
    Edge,
    frames_of,
)

_EVEN = 0.9
"""Spaces of one table differ by less than this: browsers round to pixels."""

_SAME_CELL = 4.0
"""Nested boxes with sides nearer than this are the border and the shade of one cell."""

_LEAST_BOXES = 4
_MOST_BOXES = 800


_SAME_LEVEL = 0.6
_MOST = 0.6
"""A line is made of the sides of cells if at least this part of it lies along them."""


@dataclass(frozen=True)
class SeparateCell:
    """A cell that is drawn as a ``frame``, and how far it extends into the space around that."""

    frame: Box
    reach: Box


def separate_cells(page: Page, edges: Sequence[Edge]) -> tuple[list[SeparateCell], list[Edge]]:
    """The cells of a page with a box each, and the lines of the page that are not their sides.

    ``edges`` are all lines of the page. Boxes are in the page's own coordinates.
    """
    frames = frames_of(edges)
    boxes = [*_drawn_boxes(page), *(frame.box for frame in frames)]
    if not _LEAST_BOXES <= len(boxes) <= _MOST_BOXES:
        return [], list(edges)
    cells, cell_of = _cells(dict(enumerate(boxes)))
    cut = {frame.box for frame in frames if frame.cut}
    found = {cell.frame: cell for table in _tables(cells, cut) for cell in _widened(table, cut)}
    sides = [boxes[i] for i, frame in cell_of.items() if frame in found]
    return list(found.values()), _but_sides(edges, sides) if sides else list(edges)


def _drawn_boxes(page: Page) -> list[Box]:
    """The boxes of what is drawn as one thing."""
    drawn = [
        (
            float(page_object["x0"]),
            float(page_object["top"]),
            float(page_object["x1"]),
            float(page_object["bottom"]),
        )
        for kind in ("rect", "curve")
        for page_object in page.objects.get(kind, ())
        if page_object.get("stroke") or page_object.get("fill")
    ]
    return [box for box in drawn if box[2] - box[0] >= LEAST_SIDE and box[3] - box[1] >= LEAST_SIDE]


def _but_sides(edges: Sequence[Edge], boxes: Iterable[Box]) -> list[Edge]:
    """The lines that do not lie along the sides of boxes."""
    sides: dict[tuple[str, int], list[tuple[float, float, float]]] = defaultdict(list)
    for x0, top, x1, bottom in boxes:
        for along, level, first, last in (
            ("h", top, x0, x1),
            ("h", bottom, x0, x1),
            ("v", x0, top, bottom),
            ("v", x1, top, bottom),
        ):
            sides[along, round(level)].append((level, first, last))

    def is_side(edge: Edge) -> bool:
        upright = edge["orientation"] == "v"
        level = float(edge["x0"] if upright else edge["top"])
        first = float(edge["top"] if upright else edge["x0"])
        last = float(edge["bottom"] if upright else edge["x1"])
        along = sum(
            max(min(last, end) - max(first, begin), 0.0)
            for near in (-1, 0, 1)
            for at, begin, end in set(sides.get((edge["orientation"], round(level) + near), ()))
            if abs(at - level) <= _SAME_LEVEL
        )
        return along >= _MOST * (last - first)

    return [edge for edge in edges if not is_side(edge)]


def _cells(boxes: Mapping[int, Box]) -> tuple[list[Box], dict[int, Box]]:
    """The boxes that enclose no other, each once, from the top down; and those of each object."""
    cells: list[Box] = []
    cell_of: dict[int, Box] = {}
    by_area = sorted(boxes.items(), key=lambda item: _area(item[1]))
    for key, box in by_area:
        inside = [cell for cell in cells if _holds(box, cell)]
        same = [cell for cell in inside if _is_same_cell(cell, box)]
        if not inside:
            cells.append(box)
            cell_of[key] = box
        elif len(inside) == 1 and same:
            cell_of[key] = same[0]
    return sorted(cells, key=lambda cell: (cell[1], cell[0])), cell_of


def _tables(cells: Sequence[Box], cut: Collection[Box]) -> Iterable[list[Box]]:
    """The cells with equal spaces between them, by table.

    For those that are ``cut`` by a page break it is not certain where they end.
    """
    beside, below = _neighbours(cells, 0), _neighbours(cells, 1)
    group = list(range(len(cells)))

    def first(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for near in (beside, below):
        for i, others in enumerate(near):
            for _, other in others:
                group[first(other)] = first(i)
    tables: dict[int, list[int]] = {}
    for i in range(len(cells)):
        tables.setdefault(first(i), []).append(i)
    for members in tables.values():
        across = [space for i in members for space, _ in beside[i]]
        down = [space for i in members if cells[i] not in cut for space, _ in below[i]]
        if (
            _are_even(across)
            and (not down or _are_even(down))
            and not _overlap([cells[i] for i in members])
        ):
            yield [cells[i] for i in members]


def _neighbours(cells: Sequence[Box], axis: int) -> list[list[tuple[float, int]]]:
    """The cells next to each cell, to its right (axis 0) or below (1), and their distances."""
    other = 1 - axis
    order = sorted(range(len(cells)), key=lambda i: cells[i][axis])
    begins = [cells[i][axis] for i in order]
    found = []
    for box in cells:
        end = box[axis + 2]
        near = order[bisect_left(begins, end) : bisect_right(begins, end + WIDEST_SPACE)]
        found.append(
            [
                (cells[i][axis] - end, i)
                for i in sorted(near)
                if cells[i][other] < box[other + 2] - _EVEN
                and box[other] < cells[i][other + 2] - _EVEN
            ]
        )
    return found


def _are_even(spaces: Sequence[float]) -> bool:
    if not spaces:
        return False
    usual = median(spaces)
    return usual >= NARROWEST_SPACE and all(abs(space - usual) < _EVEN for space in spaces)


def _overlap(cells: Sequence[Box]) -> bool:
    """Whether any of the cells, from the top down, lie over one another."""
    for i, cell in enumerate(cells):
        for other in cells[i + 1 :]:
            if other[1] >= cell[3]:
                break
            if other[0] < cell[2] and cell[0] < other[2]:
                return True
    return False


def _widened(cells: Sequence[Box], cut: Collection[Box]) -> list[SeparateCell]:
    """The cells extended to the middle of the spaces between them."""
    wide = _usual_space(cells, 0) / 2
    high = _usual_space(cells, 1, wide * 2) / 2
    x = _levels([side for cell in cells for side in (cell[0] - wide, cell[2] + wide)])
    y = _levels([side for cell in cells for side in (cell[1] - high, cell[3] + high)])
    widened = [
        SeparateCell(
            cell,
            (x[cell[0] - wide], y[cell[1] - high], x[cell[2] + wide], y[cell[3] + high]),
        )
        for cell in cells
    ]
    return _as_far_as_rows(_from_rows_on(widened, cut))


def _from_rows_on(cells: Sequence[SeparateCell], cut: Collection[Box]) -> list[SeparateCell]:
    """The cells; those that a page break cuts above the first row begin with that row."""
    tops = [cell.reach[1] for cell in cells if cell.frame not in cut]
    if not tops:
        return list(cells)
    first = min(tops)
    made = []
    for cell in cells:
        x0, top, x1, bottom = cell.reach
        above = cell.frame in cut and first - 2 * WIDEST_SPACE < top < first < bottom
        made.append(replace(cell, reach=(x0, first, x1, bottom)) if above else cell)
    return made


def _as_far_as_rows(cells: Sequence[SeparateCell]) -> list[SeparateCell]:
    """The cells; one that ends within a row of the others is extended to the end of that row.

    Browsers draw the rest of a cell over several rows too low after a page break.
    """
    uses = Counter(level for cell in cells for level in {cell.reach[1], cell.reach[3]})
    shared = sorted(level for level, count in uses.items() if count > 1)
    made = []
    for cell in cells:
        x0, top, x1, bottom = cell.reach
        end = next((level for level in shared if level > bottom), bottom)
        free = not any(
            other.reach[0] < x1 - _EVEN
            and x0 < other.reach[2] - _EVEN
            and bottom - _EVEN < other.reach[1] < end - _EVEN
            for other in cells
        )
        goes_on = uses[bottom] == 1 and free
        made.append(replace(cell, reach=(x0, top, x1, end)) if goes_on else cell)
    return made


def _usual_space(cells: Sequence[Box], axis: int, alone: float = 0.0) -> float:
    """The space between cells along an axis, ``alone`` where no cell is next to another."""
    spaces = [space for near in _neighbours(cells, axis) for space, _ in near]
    return median(spaces) if spaces else alone


def _levels(sides: Iterable[float]) -> dict[float, float]:
    """For each side the level of its line; sides at nearly the same level share one."""
    rows: list[list[float]] = []
    for side in sorted(sides):
        if rows and side - rows[-1][0] <= 2 * _EVEN:
            rows[-1].append(side)
        else:
            rows.append([side])
    return {side: sum(row) / len(row) for row in rows for side in row}


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _holds(box: Box, other: Box) -> bool:
    """Whether a box encloses another, or is the same."""
    return (
        box[0] <= other[0] + _EVEN
        and box[1] <= other[1] + _EVEN
        and box[2] >= other[2] - _EVEN
        and box[3] >= other[3] - _EVEN
    )


def _is_same_cell(cell: Box, box: Box) -> bool:
    return all(abs(a - b) <= _SAME_CELL for a, b in zip(cell, box, strict=True))
