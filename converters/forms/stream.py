"""Tables whose cells come as a stream: one cell, or part of a label, per text block.

The form tells which labels to look for and how many values follow each. A value is placed only
where label and position agree; in every other case its cells are unread, with what was met.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.converters.documents.model import TextBlock
from gongkai.converters.forms.alignment import Expected, ExpectedLabels, Match, align
from gongkai.converters.forms.cells import (
    NO_VALUES,
    absent_cell,
    other_unit,
    read_into_cell,
    unknown_unit,
    unread_cell,
)
from gongkai.converters.forms.columns import money_unit, row_unit
from gongkai.converters.forms.shifted_rows import Counted
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, Note
from gongkai.ontology.forms import Block, Header, Label, Table

LONGEST_LABEL = 60
"""A longer block is prose, never a label of the form."""

_NO_VALUE = re.compile(
    r"[\u4e00-\u9fff]|^\s*[-—–－]|^\s*[0-9]+\s*/\s*[0-9]+\s*$|^\s*(?i:page|p\.)\s*[0-9]"
)
"""Words or the mark of a page, rather than a number that is garbled in print."""

LONGEST_UNIT = 4

LONGEST_UNIT_LINE = 12
"""A longer block does not print the unit of a table alone (单位：万元)."""

_LEAST_FOUND = 1 / 3
"""With a smaller part of its labels found, a table is taken for absent."""


@dataclass(frozen=True)
class StreamReading:
    """What a table of a form makes of a stream of blocks.

    ``used`` are the positions of the blocks that were labels or cells; the table's labels stand
    in those from ``first`` up to ``last``; ``head_found`` tells that its first column headings are
    among them. ``fit`` is higher the more of the form was found. ``counted`` are the rows read:
    all by counting, as nothing but order tells which value is which.
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


_AMBIGUOUS = {
    "zh": "同名的行不止一个，无法确定是哪一行",
    "en": "several rows bear this label; which one it is cannot be told",
}


@dataclass(frozen=True)
class _Slot:
    """One expected label: which part of the table it names."""

    header: Header | None
    is_column: bool
    expected: Expected


def read_stream(table: Table, blocks: Sequence[TextBlock]) -> StreamReading:
    """Read ``table`` from the text blocks of the part of the report where it stands."""
    slots, expected = _slots(table)
    labels = [_label_text(block.text) for block in blocks]
    matches, unsure = align(expected, labels, heads_before=True)
    reader = _Reader(table, blocks, slots, matches, unsure)
    reader.read()
    return reader.result()


_known: dict[str, tuple[list[_Slot], ExpectedLabels]] = {}


def _slots(table: Table) -> tuple[list[_Slot], ExpectedLabels]:
    if table.iri not in _known:
        slots = _make_slots(table)
        _known[table.iri] = slots, ExpectedLabels([slot.expected for slot in slots])
    return _known[table.iri]


def _make_slots(table: Table) -> list[_Slot]:
    slots = []
    for block in table.blocks:
        if block.label:
            slots.append(_Slot(None, False, Expected(block.label["zh"])))
        if block.corner:
            slots.append(_Slot(None, False, Expected(block.corner["zh"])))
        for column in block.columns_as_printed():
            slots.append(_Slot(column, True, _expected(column)))
        for row in block.rows:
            if row.label:
                slots.append(_Slot(row, False, _expected(row)))
    if table.check_printed:
        slots.insert(0, _Slot(None, False, Expected(table.check_printed["zh"])))
    return slots


def _expected(header: Header) -> Expected:
    return Expected(header.label["zh"], header.variants)


def _label_text(text: str) -> str | None:
    if looks_like_cell(text) or len(text) > LONGEST_LABEL:
        return None
    return text


def _is_value(block: TextBlock) -> bool:
    return looks_like_cell(block.text)


class _Reader:
    """The state of reading one table: kept together because cells, notes and use grow as one."""

    def __init__(
        self,
        table: Table,
        blocks: Sequence[TextBlock],
        slots: list[_Slot],
        matches: list[Match],
        unsure: set[int],
    ) -> None:
        self.table = table
        self.blocks = blocks
        self.slots = slots
        self.matches = matches
        self.unsure = unsure
        self.by_header = {
            slot.header.iri: match
            for match in matches
            if (slot := slots[match.expected]).header is not None
        }
        self.cells: list[Cell] = []
        self.counted: list[str] = []
        self.notes: list[Note] = []
        self.used = {i for match in matches for i in range(match.start, match.end)}
        self.starts = sorted(match.start for match in matches)
        self.short_lines = [b.text for b in blocks if len(b.text) <= LONGEST_UNIT_LINE]

    def result(self) -> StreamReading:
        rows = [row for block in self.table.blocks for row in block.leaf_rows()]
        found = sum(row.iri in self.by_header for row in rows if row.label)
        missed = len(self.slots) - len(self.matches)
        unread = sum(cell.state in (CellState.UNREAD, CellState.ABSENT) for cell in self.cells)
        fit = sum(match.likeness for match in self.matches) - missed - unread / 10
        return StreamReading(
            cells=tuple(self.cells),
            notes=tuple(self.notes),
            used=frozenset(self.used),
            first=min(self.starts, default=len(self.blocks)),
            last=max((match.end for match in self.matches), default=0),
            head_found=self._column_trouble(self.table.blocks[0]) is None,
            fit=fit,
            found_rows=found,
            counted=dict.fromkeys(self.counted, Counted(page_number=True)),
        )

    def read(self) -> None:
        if len(self.matches) < len(self.slots) * _LEAST_FOUND:
            self._give_up()
        troubles = self._row_troubles()
        for block in self.table.blocks:
            trouble = self._column_trouble(block)
            for row in block.leaf_rows():
                self.cells.extend(self._read_row(block, row, trouble or troubles.get(row.iri)))
        if self.matches:
            self._note_variants()

    def _give_up(self) -> None:
        """Take the table for absent: a few labels that it shares with others are no table."""
        self.matches, self.by_header, self.used, self.starts = [], {}, set(), []

    def _row_troubles(self) -> dict[str, Label]:
        """Rows whose label was found and whose values may all the same be another row's."""
        troubles: dict[str, Label] = {}
        for iri, block in self._rivals().items():
            troubles[iri] = {
                "zh": f"该行标题另见{block.place.describe('zh')}，无法确定以哪一行为准",
                "en": f"the row's label stands again on {block.place.describe()}; "
                "which one holds cannot be told",
            }
        for number in self.unsure:
            header = self.slots[number].header
            if header is not None and not self.slots[number].is_column:
                troubles.setdefault(header.iri, _AMBIGUOUS)
        rows = [row for block in self.table.blocks for row in block.leaf_rows() if row.label]
        for row, following in itertools.pairwise(rows):
            if row.iri in self.by_header and following.iri not in self.by_header:
                # Where lines were lost between the two, what follows the one label may be
                # the other's values, in whole or from some column on.
                troubles[row.iri] = {
                    "zh": f"其后缺少“{following.label['zh']}”行，数值可能属于该行",
                    "en": f"the next row, “{following.label['zh']}”, is missing; "
                    "the values may be that row's",
                }
        return troubles

    def _rivals(self) -> dict[str, TextBlock]:
        """Labels that were matched and of which a second, unmatched copy stands in the stream."""
        rivals: dict[str, TextBlock] = {}
        # A stray label that fits another label better speaks of that one: a row that stands out
        # of order, or a column heading that is repeated after a page break.
        others = [s for s in self.slots if s.is_column or (s.header and not self._matched(s))]
        for i in self._stray_labels():
            text = self.blocks[i].text
            best_other = max((slot.expected.likeness(text) for slot in others), default=0.0)
            for slot in self.slots:
                if slot.header is None or slot.is_column or not self._matched(slot):
                    continue
                likeness = slot.expected.likeness(text)
                if likeness > best_other:
                    rivals[slot.header.iri] = self.blocks[i]
        return rivals

    def _stray_labels(self) -> list[int]:
        if not self.matches:
            return []
        first, last = self.starts[0], max(match.end for match in self.matches)
        return [
            i
            for i in range(first, last)
            if i not in self.used and _label_text(self.blocks[i].text) is not None
        ]

    def _matched(self, slot: _Slot) -> bool:
        return slot.header is not None and slot.header.iri in self.by_header

    def _column_trouble(self, block: Block) -> Label | None:
        """Why the values of a block cannot be placed by their position, if so."""
        missing = [column for column in block.leaf_columns() if column.iri not in self.by_header]
        if not missing:
            return None
        names = {
            language: "、".join(column.label[language] for column in missing)
            for language in ("zh", "en")
        }
        return {
            "zh": f"表头中没有按格式次序找到“{names['zh']}”列",
            "en": f"column heading not found in the form's order: {names['zh']} ({names['en']})",
        }

    def _read_row(self, block: Block, row: Header, trouble: Label | None) -> list[Cell]:
        columns = block.leaf_columns()
        unit = row.unit or block.unit
        start = self._values_start(block, row)
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

    def _values_start(self, block: Block, row: Header) -> int | None:
        """Where the values of ``row`` begin: after its label, or after the head if it has none."""
        if row.label:
            match = self.by_header.get(row.iri)
            return match.end if match else None
        ends = [
            self.by_header[column.iri].end
            for column in block.columns
            if column.iri in self.by_header
        ]
        return max(ends, default=None)

    def _values_from(self, start: int, count: int) -> Sequence[TextBlock] | int:
        """The ``count`` blocks of values from ``start`` on, or how many there are instead."""
        end = next((s for s in self.starts if s >= start), len(self.blocks))
        if end - start == count:
            row = self.blocks[start:end]
            words = sum(_NO_VALUE.search(b.text) is not None for b in row if not _is_value(b))
            # Words among the values take the place of one that is lost, a blank cell perhaps.
            return row if not words else count - words
        if end - start > count:
            row = self.blocks[start : start + count]
            follower = self.blocks[start + count].text
            if all(map(_is_value, row)) and not looks_like_cell(follower):
                return row  # a label that the form does not know follows
            prose = next(
                (i for i in range(start, end) if len(self.blocks[i].text) > LONGEST_LABEL), end
            )
            return prose - start
        return end - start

    def _miscount(self, met: int, wanted: int) -> Label:
        if met == 0:
            return NO_VALUES
        return {
            "zh": f"该行有 {met} 个值，格式为 {wanted} 列",
            "en": f"the row has {met} values where the form has {wanted} columns",
        }

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

    def _note_variants(self) -> None:
        for match in self.matches:
            slot = self.slots[match.expected]
            seen = "".join(block.text for block in self.blocks[match.start : match.end])
            wanted = slot.expected.label
            if fold_label(seen) == fold_label(wanted):
                continue
            self.notes.append(
                Note(
                    message={
                        "zh": f"标题印作“{seen}”，格式为“{wanted}”",
                        "en": f"label printed “{seen}” where the form has “{wanted}”",
                    },
                    place=self.blocks[match.start].place,
                    printed=seen,
                    about=slot.header.iri if slot.header else None,
                )
            )
