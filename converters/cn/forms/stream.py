"""Tables whose cells come as a stream: one cell, or part of a label, per text block.

The form determines which labels to look for and how many values follow each. A value is placed only
where label and position agree; in every other case its cells are unread, with the texts found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.converters.cn.forms.cells import (
    NO_VALUES,
    absent_cell,
    other_unit,
    read_into_cell,
    unknown_unit,
    unread_cell,
)
from gongkai.converters.cn.forms.page_numbers import page_number_among, reason_of
from gongkai.converters.cn.forms.printed_units import money_unit, row_unit
from gongkai.converters.cn.forms.shifted_rows import Counted
from gongkai.converters.cn.forms.stream_labels import LONGEST_LABEL, FoundLabels
from gongkai.converters.documents.model import TextBlock
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, Note
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_NO_VALUE = re.compile(
    r"[\u4e00-\u9fff]|^\s*[-—–－]|^\s*[0-9]+\s*/\s*[0-9]+\s*$|^\s*(?i:page|p\.)\s*[0-9]"
)
"""Words or a page mark, rather than a number that is garbled in print."""

LONGEST_UNIT = 4

LONGEST_UNIT_LINE = 12
"""A longer block does not print only the unit of a table (单位：万元)."""


@dataclass(frozen=True)
class StreamReading:
    """What a table of a form makes of a stream of blocks.

    ``used`` are the positions of the blocks that were labels or cells; the table's labels stand in
    those from ``first`` up to ``last``; ``head_found`` says that its first column headings are
    among them. ``fit`` is higher the more of the form was found. ``counted`` are the rows read: all
    by counting, as nothing but order shows which value is which.
    """

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]
    used: frozenset[int]
    first: int
    last: int
    head_found: bool
    fit: float
    found_rows: int
    counted: dict[str, Counted]


def read_stream(table: Table, blocks: Sequence[TextBlock]) -> StreamReading:
    """Read ``table`` from the text blocks of the part of the report in which it stands."""
    reader = _Reader(FoundLabels(table, blocks))
    reader.read()
    return reader.result()


def _is_value(block: TextBlock) -> bool:
    return looks_like_cell(block.text)


_absent: dict[str, tuple[Cell, ...]] = {}


def _absent_cells(table: Table) -> tuple[Cell, ...]:
    """Every cell of a table that the source does not have: most tables of most forms."""
    if table.iri not in _absent:
        _absent[table.iri] = tuple(
            absent_cell(table, row, column)
            for block in table.blocks
            for row, column in block.cells()
        )
    return _absent[table.iri]


class _Reader:
    """The state of reading one table: cells and use are collected together."""

    def __init__(self, found: FoundLabels) -> None:
        self.found = found
        self.table = found.table
        self.blocks = found.blocks
        self.by_header = found.by_header
        self.starts = found.starts
        self.used = set(found.used)
        self.cells: list[Cell] = []
        self.counted: list[str] = []
        self.short_lines = [b.text for b in self.blocks if len(b.text) <= LONGEST_UNIT_LINE]

    def result(self) -> StreamReading:
        rows = [row for block in self.table.blocks for row in block.leaf_rows()]
        found = sum(row.iri in self.by_header for row in rows if row.label)
        matches = self.found.matches
        missed = len(self.found.slots) - len(matches)
        unread = len(self.cells)
        if matches:
            unread = sum(cell.state in (CellState.UNREAD, CellState.ABSENT) for cell in self.cells)
        fit = sum(match.likeness for match in matches) - missed - unread / 10
        return StreamReading(
            cells=tuple(self.cells),
            notes=tuple(self.found.variants()),
            used=frozenset(self.used),
            first=min(self.starts, default=len(self.blocks)),
            last=max((match.end for match in matches), default=0),
            head_found=self.found.column_trouble(self.table.blocks[0]) is None,
            fit=fit,
            found_rows=found,
            counted=dict.fromkeys(self.counted, Counted(page_number=True)),
        )

    def read(self) -> None:
        if not self.found.matches:
            self.cells.extend(_absent_cells(self.table))
            return
        troubles = self.found.row_troubles()
        for block in self.table.blocks:
            trouble = self.found.column_trouble(block)
            for row in block.leaf_rows():
                self.cells.extend(self._read_row(block, row, trouble or troubles.get(row.iri)))

    def _read_row(self, block: Block, row: Header, trouble: Label | None) -> list[Cell]:
        columns = block.leaf_columns()
        unit = row.unit or block.unit
        start = self.found.values_start(block, row)
        if start is None:
            return [absent_cell(self.table, row, column) for column in columns]
        printed = self._printed_unit(block, start)
        if printed is not None:
            self.used.add(start)
            start += 1
        values = self._values_from(start, len(columns))
        if isinstance(values, int):
            taken = self.blocks[start : start + values]
            self.used.update(range(start, start + values))
            return self._unread_row(row, columns, taken, self._miscount(values, len(columns)))
        self.used.update(range(start, start + len(columns)))
        if trouble is not None:
            return self._unread_row(row, columns, values, trouble)
        number = page_number_among(self.blocks, start, start + len(columns))
        if number is not None:
            return self._unread_row(row, columns, values, reason_of(number))
        if printed is not None and unit:
            unit = row_unit(printed, wanted := unit)
            if unit is None:
                return self._unread_row(row, columns, values, other_unit(printed, wanted))
        self.counted.append(row.iri)
        return [
            self._read_value(row, column, value, column.unit or unit or "")
            for column, value in zip(columns, values, strict=True)
        ]

    def _read_value(self, row: Header, column: Header, value: TextBlock, unit: str) -> Cell:
        match = self.by_header[column.iri]
        printed = "".join(block.text for block in self.blocks[match.start : match.end])
        actual = money_unit(printed, unit, self.short_lines)
        if actual is None:
            return unread_cell(
                self.table, row, column, unknown_unit(printed), (value.text,), value.place
            )
        return read_into_cell(self.table, row, column, value.text, value.place, actual)

    def _printed_unit(self, block: Block, start: int) -> str | None:
        """The unit that a row prints before its value, where the form has a column for it."""
        if not block.unit_column or start >= len(self.blocks) or start in self.starts:
            return None
        text = self.blocks[start].text
        return None if looks_like_cell(text) or len(text) > LONGEST_UNIT else text

    def _values_from(self, start: int, count: int) -> Sequence[TextBlock] | int:
        """The ``count`` blocks of values from ``start`` on, or how many there are instead."""
        end = next((s for s in self.starts if s >= start), len(self.blocks))
        if end - start == count:
            row = self.blocks[start:end]
            words = sum(_NO_VALUE.search(b.text) is not None for b in row if not _is_value(b))
            # Words among the values take the place of a lost one, for example of a blank cell.
            return row if not words else count - words
        if end - start > count:
            row = self.blocks[start : start + count]
            follower = self.blocks[start + count].text
            if all(map(_is_value, row)) and not looks_like_cell(follower):
                return row  # a label that the form does not have follows
            prose = next(
                (i for i in range(start, end) if len(self.blocks[i].text) > LONGEST_LABEL), end
            )
            return prose - start
        return end - start

    def _miscount(self, met: int, wanted: int) -> Label:
        if met == 0:
            return NO_VALUES
        return translations("forms.miscount", count=met, wanted=wanted)

    def _unread_row(
        self,
        row: Header,
        columns: tuple[Header, ...],
        met: Sequence[TextBlock],
        reason: Label,
    ) -> list[Cell]:
        match = self.by_header.get(row.iri)
        place = self.blocks[match.start].place if match else (met[0].place if met else None)
        return [
            unread_cell(self.table, row, column, reason, [block.text for block in met], place)
            for column in columns
        ]
