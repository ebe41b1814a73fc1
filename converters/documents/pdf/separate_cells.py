"""Cells that are each drawn in a box of their own, with an even space around every one.

Browsers draw tables so by default (``border-spacing``), with corners that may be round. Each box is
taken as far as the middle of the space around it: then its sides are the rules of a usual table.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box

Thing = dict[str, Any]

_LEAST_SIDE = 5.0
"""No cell with text in it is narrower or lower than this, in points."""

_WIDEST_SPACE = 12.0
_NARROWEST_SPACE = 0.9
"""Where boxes are nearer to one another, their sides are one rule already."""

_EVEN = 0.9
"""Spaces of one table differ by less than this: browsers round to pixels."""

_SAME_CELL = 4.0
"""Boxes in one another with sides nearer than this are the border and the shade of one cell."""

_LEAST_BOXES = 4
_MOST_BOXES = 800


@dataclass(frozen=True)
class SeparateCell:
    """A cell that is drawn as a ``frame``, and how far it reaches into the space around that."""

    frame: Box
    reach: Box


def separate_cells(page: Page) -> dict[int, SeparateCell]:
    """The cells that things on a page are the box of, by the ``id`` of each thing.

    Boxes are in the page's own coordinates.
    """
    drawn = {
        id(thing): (thing["x0"], thing["top"], thing["x1"], thing["bottom"])
        for kind in ("rect", "curve")
        for thing in page.objects.get(kind, ())
        if thing.get("stroke") or thing.get("fill")
    }
    boxes = {
        key: box
        for key, box in drawn.items()
        if box[2] - box[0] >= _LEAST_SIDE and box[3] - box[1] >= _LEAST_SIDE
    }
    if not _LEAST_BOXES <= len(boxes) <= _MOST_BOXES:
        return {}
    cells, cell_of = _cells(boxes)
    found = {cell.frame: cell for table in _tables(cells) for cell in _widened(table)}
    return {key: found[frame] for key, frame in cell_of.items() if frame in found}


def _cells(boxes: Mapping[int, Box]) -> tuple[list[Box], dict[int, Box]]:
    """The boxes that enclose no other, each once, from the top down; and which each thing draws."""
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


def _tables(cells: Sequence[Box]) -> Iterable[list[Box]]:
    """The cells that have even spaces between them, by table."""
    beside = [_next(i, cells, 0) for i in range(len(cells))]
    below = [_next(i, cells, 1) for i in range(len(cells))]
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
        down = [space for i in members for space, _ in below[i]]
        if _are_even(across) and _are_even(down) and not _overlap([cells[i] for i in members]):
            yield [cells[i] for i in members]


def _next(number: int, cells: Sequence[Box], axis: int) -> list[tuple[float, int]]:
    """The cells that stand next to one, to its right (axis 0) or below (1), and how far off."""
    box = cells[number]
    other = 1 - axis
    found = []
    for i, cell in enumerate(cells):
        space = cell[axis] - box[axis + 2]
        if (
            0 <= space <= _WIDEST_SPACE
            and cell[other] < box[other + 2] - _EVEN
            and box[other] < cell[other + 2] - _EVEN
        ):
            found.append((space, i))
    return found


def _are_even(spaces: Sequence[float]) -> bool:
    if not spaces:
        return False
    usual = median(spaces)
    return usual >= _NARROWEST_SPACE and all(abs(space - usual) < _EVEN for space in spaces)


def _overlap(cells: Sequence[Box]) -> bool:
    """Whether any of the cells, from the top down, lie over one another."""
    for i, cell in enumerate(cells):
        for other in cells[i + 1 :]:
            if other[1] >= cell[3]:
                break
            if other[0] < cell[2] and cell[0] < other[2]:
                return True
    return False


def _widened(cells: Sequence[Box]) -> list[SeparateCell]:
    """The cells as far as the middle of the spaces between them."""
    wide = _usual_space(cells, 0) / 2
    high = _usual_space(cells, 1) / 2
    x = _levels([side for cell in cells for side in (cell[0] - wide, cell[2] + wide)])
    y = _levels([side for cell in cells for side in (cell[1] - high, cell[3] + high)])
    return _as_far_as_rows(
        [
            SeparateCell(
                cell,
                (x[cell[0] - wide], y[cell[1] - high], x[cell[2] + wide], y[cell[3] + high]),
            )
            for cell in cells
        ]
    )


def _as_far_as_rows(cells: Sequence[SeparateCell]) -> list[SeparateCell]:
    """The cells, one that ends within a row of the others going on to the end of that row.

    Browsers draw what a page break leaves of a cell over several rows too low.
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


def _usual_space(cells: Sequence[Box], axis: int) -> float:
    return median(space for i in range(len(cells)) for space, _ in _next(i, cells, axis))


def _levels(sides: Iterable[float]) -> dict[float, float]:
    """For each side the level of the rule that it is, those that are nearly the same being one."""
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
