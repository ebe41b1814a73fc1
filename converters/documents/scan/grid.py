"""Tables with ruled lines: which cells the lines on a page enclose, merged ones included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from statistics import median
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.ruled_lines import (
    BREAK,
    PixelBox,
    calm,
    dashes_joined,
    odd,
    ruled_lines_of,
    segments,
    unit_of,
)
from gongkai.converters.documents.scan.sides import Sides, side_at, sides_of, wipe
from gongkai.ontology.labels import Label

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_SAME_LINE = 8
_NARROWEST = 0.12
"""Part of the page's width below which nothing is a table."""

_LEAST_LEVEL = 100


@dataclass(frozen=True)
class CellFrame:
    """A cell: the rows and columns that it covers and its box, from line to line.

    ``certain`` is false where a line around it is so broken that it may be none. ``doubt`` is
    another reason why what is printed in it, or that nothing is, may not be the cell's own.
    """

    rows: range
    columns: range
    box: PixelBox
    certain: bool
    doubt: Label = field(default_factory=dict)


@dataclass(frozen=True)
class FramedTable:
    """A table: the levels of its lines down and across, and its cells from the top left."""

    down: tuple[int, ...]
    across: tuple[int, ...]
    frames: tuple[CellFrame, ...]

    @property
    def box(self) -> PixelBox:
        """The box of the table on the page."""
        return PixelBox(self.across[0], self.down[0], self.across[-1] + 1, self.down[-1] + 1)


@dataclass(frozen=True)
class Bare:
    """A page without the lines of its tables (``wiped`` is where they were), its noise smoothed.

    ``unit`` is how many of its pixels make one of A4 at 200 dpi. ``colour`` says where the ink is
    coloured (not 0); None: nowhere.
    """

    grey: "Picture"
    wiped: "Picture"
    unit: float
    colour: "Picture | None" = None


def tables_of(grey: "Picture") -> tuple[list[FramedTable], Bare]:
    """The ruled tables of a straight page, from the top down, and the page without their lines.

    Dashed lines count like others, where that makes more cells sure.
    """
    unit = unit_of(grey)
    quiet = calm(grey)
    found = _tables(quiet, unit)
    drawn = dashes_joined(quiet, unit)
    if drawn is None:
        return found
    dashed = _tables(drawn, unit)
    return dashed if _sure_cells(dashed[0]) > _sure_cells(found[0]) else found


def _sure_cells(tables: Sequence[FramedTable]) -> int:
    return sum(frame.certain for table in tables for frame in table.frames)


def _tables(quiet: "Picture", unit: float) -> tuple[list[FramedTable], Bare]:
    import cv2
    import numpy as np

    level, upright = ruled_lines_of(quiet, unit)
    joined = cv2.dilate(cv2.bitwise_or(level, upright), np.ones((odd(BREAK * unit),) * 2, np.uint8))
    dark = cv2.adaptiveThreshold(
        quiet, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, odd(30 * unit), 12
    )
    bare = Bare(quiet.copy(), np.zeros_like(quiet), unit)
    labels = cv2.connectedComponents(joined)[1]
    tables = []
    for number, box in enumerate(segments(joined), start=1):
        if box.width < _NARROWEST * quiet.shape[1]:
            continue
        here = np.zeros_like(quiet)
        part = slice(box.top, box.bottom), slice(box.left, box.right)
        here[part] = labels[part] == number
        table = _table_in(dark, level * here, upright * here, unit, bare)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: table.box.top), bare


def _table_in(
    dark: "Picture", level: "Picture", upright: "Picture", unit: float, bare: Bare
) -> FramedTable | None:
    """The table that some lines form, if they form one; its lines are wiped off."""
    lying = segments(level)
    standing = segments(upright)
    down = _levels([(s.top + s.bottom, s.width) for s in lying], unit)
    across = _levels([(s.left + s.right, s.height) for s in standing], unit)
    falling = [((s.left + s.right) // 2, s.top, s.bottom) for s in standing]
    running = [((s.top + s.bottom) // 2, s.left, s.right) for s in lying]
    # Strokes of letters in a row look like a line, but do not extend from one line to the next. A
    # table may have no line at its edge: its other lines show where it ends.
    for _ in range(2):
        down = _reaching(dark, down, _with_ends(across, down, running), unit, _LEAST_LEVEL)
        across = _reaching(dark.T, across, _with_ends(down, across, falling), unit, 0)
    down, across = _with_ends(down, across, falling), _with_ends(across, down, running)
    if len(down) < 2 or len(across) < 2 or (len(down) == 2 and len(across) == 2):
        return None
    if across[-1] - across[0] < _NARROWEST * dark.shape[1]:
        return None
    lies = sides_of(dark, down, across, unit)
    stands = sides_of(dark.T, across, down, unit)
    wipe(bare.grey, bare.wiped, lies, across)
    wipe(bare.grey.T, bare.wiped.T, stands, down)
    return FramedTable(tuple(down), tuple(across), _frames(down, across, lies, stands))


def _levels(doubled: Iterable[tuple[int, int]], unit: float) -> list[int]:
    """The levels of lines: segments near to one another are one line, weighted by length."""
    groups: list[list[tuple[float, int]]] = []
    for middle, length in sorted(((value - 1) / 2, length) for value, length in doubled):
        if not groups or middle - groups[-1][-1][0] > _SAME_LINE * unit:
            groups.append([])
        groups[-1].append((middle, length))
    return [
        round(sum(m * length for m, length in group) / sum(length for _, length in group))
        for group in groups
    ]


def _with_ends(
    levels: list[int], crossing: Sequence[int], spans: Sequence[tuple[int, int, int]]
) -> list[int]:
    """The levels and, where most of the lines ``crossing`` them extend beyond, the ends of those.

    ``spans`` are the segments of the crossing lines: their level, their start and their end.
    """
    if not levels or not crossing:
        return levels
    firsts, lasts = [], []
    for line in crossing:
        own = [(start, end - 1) for at, start, end in spans if abs(at - line) <= _SAME_LINE]
        if own:
            firsts.append(min(start for start, _ in own))
            lasts.append(max(end for _, end in own))
    before = [first for first in firsts if levels[0] - first > 2 * _SAME_LINE]
    after = [last for last in lasts if last - levels[-1] > 2 * _SAME_LINE]
    most = max(len(crossing) / 2, 2)
    return [
        *([round(median(before))] if len(before) >= most else []),
        *levels,
        *([round(median(after))] if len(after) >= most else []),
    ]


def _reaching(
    dark: "Picture",
    levels: Sequence[int],
    crossing: Sequence[int],
    unit: float,
    least: float,
) -> list[int]:
    """The levels where a line runs all the way between neighbours of the crossing ones.

    ``least`` is its least total length: digits may fill the side of one narrow cell.
    """
    return [
        level
        for level in levels
        if sum(
            end - start
            for start, end in pairwise(crossing)
            if side_at(dark, level, start, end, unit).there
        )
        > least * unit
    ]


def _frames(
    down: Sequence[int], across: Sequence[int], lies: Sides, stands: Sides
) -> tuple[CellFrame, ...]:
    """The cells: fields between the levels that no line separates belong to one cell."""
    fields = list(product(range(len(down) - 1), range(len(across) - 1)))
    neighbours = [((r - 1, c), (r, c), lies[r, c].there) for r, c in fields if r]
    neighbours += [((r, c - 1), (r, c), stands[c, r].there) for r, c in fields if c]
    leader = {field: field for field in fields}

    def lead(field: tuple[int, int]) -> tuple[int, int]:
        while leader[field] != field:
            field = leader[field]
        return field

    for one, other, divided in neighbours:
        if divided is False:
            leader[lead(other)] = lead(one)
    unsure = {
        field for one, other, divided in neighbours if divided is None for field in (one, other)
    }
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for one in fields:
        groups.setdefault(lead(one), []).append(one)
    frames = []
    for group in groups.values():
        rows = range(min(r for r, _ in group), max(r for r, _ in group) + 1)
        columns = range(min(c for _, c in group), max(c for _, c in group) + 1)
        if len(group) == len(rows) * len(columns):
            frames.append(_frame(down, across, rows, columns, not unsure.intersection(group)))
        else:  # What is no rectangle is no cell of any table: each field stands for itself, unsure.
            frames += [
                _frame(down, across, range(r, r + 1), range(c, c + 1), False) for r, c in group
            ]
    return tuple(sorted(frames, key=lambda frame: (frame.rows.start, frame.columns.start)))


def _frame(
    down: Sequence[int], across: Sequence[int], rows: range, columns: range, certain: bool
) -> CellFrame:
    box = PixelBox(across[columns.start], down[rows.start], across[columns.stop], down[rows.stop])
    return CellFrame(rows, columns, box, certain)
