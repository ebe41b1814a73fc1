"""Boxes that lines draw around single cells: of dots or dashes, or cut by a page break.

A box that a page break cuts has no line at the break; browsers then draw its other sides one by
one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.table import edges_to_intersections, intersections_to_cells

from gongkai.converters.documents.aligned.glyphs import Box

Edge = dict[str, Any]
"""A line along an axis, in the library's terms."""

DASHED = "dashed"
"""The entry of a line of dashes or dots, with the stretches in which they follow at equal
distances.

Such a line may consist of the dashes of several boxes.
"""

LEAST_SIDE = 5.0
"""The least width and height of a cell with text, in points."""

NARROWEST_SPACE, WIDEST_SPACE = 0.9, 12.0
"""Where boxes are nearer to one another, their sides are already one line."""

_SAME = 1.0
"""Ends of lines nearer to each other than this meet."""

_FEWEST_PAIRS = 2
"""The least number of pairs of parallel lines, as far apart as boxes are, for a search."""

_MOST_TOUCHED = 0.2
_MOST_LINES = 2000


@dataclass(frozen=True)
class Frame:
    """A box drawn by lines; ``cut`` says that it has no line at its top, its bottom, or both."""

    box: Box
    cut: bool = False


def frames_of(edges: Sequence[Edge]) -> list[Frame]:
    """The boxes that level and upright lines draw, if they are placed like boxes of separate cells.

    No line is longer than the side of its box, unless it is made of dashes.
    """
    edges = [part for edge in edges for part in _even_parts(edge)]
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    if len(edges) > _MOST_LINES or not _are_in_pairs(upright):
        return []
    crossings = edges_to_intersections(edges, _SAME, _SAME)
    boxes = [
        (float(box[0]), float(box[1]), float(box[2]), float(box[3]))
        for box in intersections_to_cells(crossings)
    ]
    sides = _Sides(edges)
    wide = [box for box in boxes if _is_wide(box) and sides.are_of(box)]
    whole = [Frame(box) for box in _but_between(wide)]
    used = {
        i
        for i, edge in enumerate(upright)
        for frame in whole
        if any(_is_near(edge["x0"], frame.box[side]) for side in (0, 2))
        and edge["top"] < frame.box[3] - _SAME
        and edge["bottom"] > frame.box[1] + _SAME
    }
    left = [edge for i, edge in enumerate(upright) if i not in used]
    return [*whole, *_cut_frames(left, level)]


def _even_parts(edge: Edge) -> list[Edge]:
    """The lines that dashes at equal distances form; other lines are returned as they are."""
    parts = edge.get(DASHED, ())
    if len(parts) < 2:
        return [edge]
    begin, end = ("x0", "x1") if edge["orientation"] == "h" else ("top", "bottom")
    return [{**edge, begin: first, end: last} for first, last in parts]


class _Sides:
    """Lines by their level, to be looked up as the sides of a box."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self._edges: dict[tuple[str, int], list[Edge]] = defaultdict(list)
        for edge in edges:
            level = edge["x0"] if edge["orientation"] == "v" else edge["top"]
            self._edges[edge["orientation"], round(level)].append(edge)

    def are_of(self, box: Box) -> bool:
        """Whether each side of a box is a line of the same length, or is made of dashes."""
        x0, top, x1, bottom = box
        return all(self._has("h", level, "x0", x0, "x1", x1) for level in (top, bottom)) and all(
            self._has("v", level, "top", top, "bottom", bottom) for level in (x0, x1)
        )

    def _has(
        self, kind: str, level: float, begin: str, first: float, end: str, last: float
    ) -> bool:
        at = "x0" if kind == "v" else "top"
        return any(
            _is_near(edge[at], level) and _is_side(edge, (begin, first), (end, last))
            for near in (-1, 0, 1)
            for edge in self._edges.get((kind, round(level) + near), ())
        )


def _is_side(edge: Edge, begin: tuple[str, float], end: tuple[str, float]) -> bool:
    """Whether a line runs from one place to the other, and no farther unless it is dashed."""
    (first, start), (last, stop) = begin, end
    if DASHED in edge:
        return bool(edge[first] <= start + _SAME and edge[last] >= stop - _SAME)
    return _is_near(edge[first], start) and _is_near(edge[last], stop)


def _but_between(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that touch others: spaces between boxes, where dashes continue there.

    None are returned where many touch: their lines are shared.
    """
    touched = {box: {other for other in boxes if _touch(box, other)} for box in boxes}
    if sum(map(bool, touched.values())) > _MOST_TOUCHED * len(boxes):
        return []
    while touched:
        worst = max(touched, key=lambda box: len(touched[box]))
        if not touched[worst]:
            break
        for other in touched.pop(worst):
            touched[other].discard(worst)
    return list(touched)


def _touch(one: Box, other: Box) -> bool:
    """Whether two boxes share a side, or a part of one."""
    return any(
        (_is_near(one[along], other[along + 2]) or _is_near(other[along], one[along + 2]))
        and one[across] < other[across + 2] - _SAME
        and other[across] < one[across + 2] - _SAME
        for along, across in ((0, 1), (1, 0))
    )


def _are_in_pairs(upright: Sequence[Edge]) -> bool:
    levels = sorted({round(2 * float(edge["x0"])) / 2 for edge in upright})
    near = [NARROWEST_SPACE < after - before <= WIDEST_SPACE for before, after in pairwise(levels)]
    return sum(near) >= _FEWEST_PAIRS


def _cut_frames(upright: Sequence[Edge], level: Sequence[Edge]) -> list[Frame]:
    """The boxes of two upright lines with the same ends, and at most one level line between."""
    found: list[Frame] = []
    by_ends: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in upright:
        by_ends[round(edge["top"]), round(edge["bottom"])].append(edge)
    for sides in by_ends.values():
        sides.sort(key=lambda edge: float(edge["x0"]))
        while len(sides) > 1:
            first, second = sides[:2]
            box = (
                float(first["x0"]),
                float(first["top"]),
                float(second["x0"]),
                float(first["bottom"]),
            )
            closed = _closed_at(box, level)
            if _is_wide(box) and closed is not None and len(closed) < 2:
                top = next((y for y in closed if _is_near(y, box[1])), box[1])
                bottom = next((y for y in closed if _is_near(y, box[3])), box[3])
                found.append(Frame((box[0], top, box[2], bottom), cut=True))
                del sides[:2]
            else:
                del sides[0]
    return found


def _closed_at(box: Box, level: Sequence[Edge]) -> list[float] | None:
    """Where level lines run from side to side of a box; None where others touch it."""
    found = []
    for edge in level:
        if edge["x1"] < box[0] + _SAME or edge["x0"] > box[2] - _SAME:
            continue
        if not box[1] - _SAME <= edge["top"] <= box[3] + _SAME:
            continue
        if not _is_side(edge, ("x0", box[0]), ("x1", box[2])):
            return None
        found.append(float(edge["top"]))
    return found


def _is_wide(box: Box) -> bool:
    return box[2] - box[0] >= LEAST_SIDE and box[3] - box[1] >= LEAST_SIDE


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME
