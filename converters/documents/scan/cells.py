"""The cells of ruled tables, read twice: each engine gets its own picture of every line."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gongkai.converters.documents.model import GridCell, Place
from gongkai.converters.documents.scan.agreement import (
    UNREADABLE,
    Settled,
    Usual,
    digits_in,
    is_value,
    settle,
    usual_of,
)
from gongkai.converters.documents.scan.engines import Heard, Reader, RecognitionEngines, coloured
from gongkai.converters.documents.scan.grid import Bare, CellFrame, FramedTable
from gongkai.converters.documents.scan.ink import Ink, InkLine, darkest_paper, ink_in
from gongkai.converters.documents.scan.likeness import NOT_COMPARED, Likeness, likeness_of
from gongkai.converters.documents.scan.reasons import (
    BROKEN,
    BROKEN_LINES,
    CUT,
    LINE_THROUGH,
    MERGED,
    OTHER_INK,
    SEVERAL,
    WIDTH,
    two_numbers,
)
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.run_together import InColumn, in_column, run_together
from gongkai.converters.documents.scan.spacing import Spacing, spacing_of

if TYPE_CHECKING:
    from numpy import ndarray as Picture

Rows = tuple[tuple[GridCell | None, ...], ...]

_PADDING = 0.25
_LEAST_PADDING = 3
_WIDE = 1.5
"""The margin left around a line, in parts of its height: above and below, and beside it for the
second engine.
"""

_OF_ONE_NUMBER = (LINE_THROUGH, OTHER_INK, SEVERAL, WIDTH)
"""Doubts that say less than the two numbers that a cell may hold."""


@dataclass(frozen=True)
class _Printed:
    """A cell's frame, what is printed in it, and the indices of its lines among all lines read."""

    frame: CellFrame
    ink: Ink
    lines: range

    @property
    def line(self) -> InkLine | None:
        """Its only line."""
        return self.ink.lines[0] if len(self.ink.lines) == 1 else None


def read_cells(
    bare: Bare, tables: Sequence[FramedTable], engines: RecognitionEngines, page: int
) -> list[Rows]:
    """The cells of the tables of one page; rows and columns of their places begin at 1."""
    grey = bare.grey
    paper = darkest_paper(grey)
    printed: list[list[_Printed]] = []
    close: list[Picture] = []
    wide: list[Picture] = []
    for table in tables:
        printed.append([])
        for frame in table.frames:
            ink = ink_in(bare, frame.box, paper)
            printed[-1].append(_Printed(frame, ink, range(len(close), len(close) + len(ink.lines))))
            close += [_close(grey, line.box) for line in ink.lines]
            wide += [_wide(grey, frame.box, line.box) for line in ink.lines]
    first, second = read_by_both(engines, close, wide)
    usual = usual_of(
        [
            (line, first[number], second[number])
            for cells in printed
            for cell in cells
            for line, number in zip(cell.ink.lines, cell.lines, strict=True)
        ]
    )
    lines = [line for cells in printed for cell in cells for line in cell.ink.lines]
    read = [digits_in(one.text, other.text) for one, other in zip(first, second, strict=True)]
    likeness = _likeness(grey, lines, read, usual)
    spacing = spacing_of(
        [
            (line.parts, digits, line.box.height)
            for line, digits in zip(lines, read, strict=True)
            if digits
        ],
        usual.pitch,
    )
    made = []
    for table, cells in zip(tables, printed, strict=True):
        compared = [_with_likeness(cell, likeness) for cell in cells]
        spans = {(frame.rows.stop, frame.columns) for frame in table.frames}
        says = [
            _settled(
                cell,
                [first[number] for number in cell.lines],
                [second[number] for number in cell.lines],
                usual,
                spans,
            )
            for cell in compared
        ]
        made.append(_rows(table, compared, _split_numbers(compared, says, read, spacing), page))
    return made


def _likeness(
    grey: "Picture", lines: Sequence[InkLine], read: Sequence[str], usual: Usual
) -> dict[int, Likeness]:
    """How the lines that are numbers differ from the same digits of the page."""
    numbers = [number for number, digits in enumerate(read) if digits]
    found = likeness_of(grey, [(lines[i].box, read[i]) for i in numbers], usual.pitch)
    return dict(zip(numbers, found, strict=True))


def _split_numbers(
    cells: Sequence[_Printed], says: Sequence[Settled], read: Sequence[str], spacing: Spacing
) -> list[Settled]:
    """The texts of the cells of a table; those that may hold two numbers are in doubt.

    Both engines take a struck-out number and the one beside it for one.
    """
    columns: dict[range, dict[int, InColumn]] = defaultdict(dict)
    for place, cell in enumerate(cells):
        digits = "" if cell.line is None else read[cell.lines.start]
        if cell.line is not None and digits:
            columns[cell.frame.columns][place] = in_column(cell.line, digits, spacing)
    settled = list(says)
    for column in columns.values():
        for place, both in zip(column, run_together(list(column.values())), strict=True):
            if both is not None and (
                not settled[place].doubt or settled[place].doubt in _OF_ONE_NUMBER
            ):
                readings = (column[place].digits, *both)
                settled[place] = replace(
                    settled[place], doubt=two_numbers(*both), readings=readings
                )
    return settled


def _with_likeness(cell: _Printed, likeness: dict[int, Likeness]) -> _Printed:
    """The cell, its lines with their differences from the same digits of the page."""
    lines = tuple(
        replace(line, likeness=likeness.get(number, NOT_COMPARED))
        for line, number in zip(cell.ink.lines, cell.lines, strict=True)
    )
    return replace(cell, ink=replace(cell.ink, lines=lines))


def read_by_both(
    engines: RecognitionEngines, one: "Sequence[Picture]", other: "Sequence[Picture]"
) -> tuple[list[Heard], list[Heard]]:
    """The first engine's reading of some lines and the second engine's of others, in parallel."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        first = pool.submit(engines.first, one)
        second = pool.submit(engines.second, other)
        return first.result(), second.result()


def read_shared(reader: Reader, pictures: "Sequence[Picture]") -> list[Heard]:
    """One engine's reading of some lines, two at a time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        halves = pool.map(reader, (pictures[::2], pictures[1::2]))
        even, odd = list(halves)
    return [(odd if number % 2 else even)[number // 2] for number in range(len(pictures))]


def _close(bare: "Picture", line: PixelBox) -> "Picture":
    """The line with a small margin."""
    pad = max(_LEAST_PADDING, round(_PADDING * line.height))
    return coloured(
        bare[max(line.top - pad, 0) : line.bottom + pad, max(line.left - pad, 0) : line.right + pad]
    )


def _wide(bare: "Picture", cell: PixelBox, line: PixelBox) -> "Picture":
    """The line with as much beside it as its cell has, up to a few digits.

    A stroke that was taken for paper must not be lost to both engines.
    """
    pad = max(_LEAST_PADDING, round(_PADDING * line.height))
    side = round(_WIDE * line.height)
    return coloured(
        bare[
            max(line.top - pad, cell.top + 1) : min(line.bottom + pad, cell.bottom),
            max(line.left - side, cell.left + 1) : min(line.right + side, cell.right),
        ]
    )


def _rows(
    table: FramedTable,
    printed: Sequence[_Printed],
    settled: Sequence[Settled],
    page: int,
) -> Rows:
    rows: list[list[GridCell | None]] = [
        [None] * (len(table.across) - 1) for _ in range(len(table.down) - 1)
    ]
    for cell, says in zip(printed, settled, strict=True):
        frame = cell.frame
        place = Place(page=page, row=frame.rows.start + 1, column=frame.columns.start + 1)
        made = GridCell(says.text, place, says.doubt, says.readings)
        for row in frame.rows:
            for column in frame.columns:
                rows[row][column] = made
    return tuple(tuple(row) for row in rows)


def _settled(
    cell: _Printed,
    first: Sequence[Heard],
    second: Sequence[Heard],
    usual: Usual,
    spans: set[tuple[int, range]],
) -> Settled:
    lines: tuple[InkLine, ...] = cell.ink.lines
    if not lines:
        if cell.ink.cut:
            return Settled(UNREADABLE, CUT, ())
        return Settled("", cell.frame.doubt or (BROKEN if usual.broken else {}), ())
    says = settle(lines, first, second, usual)
    if says.doubt or not is_value(says.text):
        return says
    frame = cell.frame
    readings = (says.text,)
    if cell.ink.cut:
        return replace(says, doubt=CUT, readings=readings)
    if not frame.certain:
        return replace(says, doubt=BROKEN_LINES, readings=readings)
    if len(frame.columns) > 1 and (frame.rows.start, frame.columns) not in spans:
        return replace(says, doubt=MERGED, readings=readings)
    if frame.doubt:
        return replace(says, doubt=frame.doubt, readings=readings)
    return says
