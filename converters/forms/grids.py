"""Tables whose cells stand in grids: rows told by their labels, columns by their headings.

A value is placed only where label, heading and position agree; in every other case its cell is
unread, with what was met.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.converters.documents.model import Grid, GridCell, Place
from gongkai.converters.forms.alignment import Expected, ExpectedLabels
from gongkai.converters.forms.cells import absent_cell, read_into_cell, unknown_unit, unread_cell
from gongkai.converters.forms.columns import is_heading_row, money_unit
from gongkai.converters.forms.headings import (
    Headings,
    continued,
    printed_otherwise,
    read_headings,
)
from gongkai.converters.forms.lines import Line, RowMatch, find_rows, lines_of
from gongkai.converters.forms.values import (
    NotPlaced,
    cells_after,
    values_by_order,
    values_by_position,
)
from gongkai.converters.labels import fold_label
from gongkai.converters.report import Cell, CellState, Note
from gongkai.ontology.forms import Block, Header, Label, Table

LEAST_FOUND = 1 / 3
"""With a smaller part of its rows and columns found, a table is taken for absent."""

Position = tuple[int, int]
"""(grid, row)."""


@dataclass(frozen=True)
class GridReading:
    """What a table of a form makes of the grids of a document.

    ``used`` are the rows that were labels, headings or values, ``met`` the identities of the grid
    cells that became cells or readings of the table; ``found`` is the part of the
    form's rows and columns that were found, ``fit`` higher the more of them and the liker.
    """

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]
    used: frozenset[Position]
    met: frozenset[int]
    found: float
    fit: float


def read_grids(table: Table, grids: Sequence[Grid]) -> GridReading:
    """Read ``table`` from all grids of a document."""
    return _GridReader(table, grids).read()


def leaf_labels(table: Table) -> list[tuple[Block, Header]]:
    """The rows with a label and values, in the order of the form, each with its block."""
    return [(block, row) for block in table.blocks for row in block.leaf_rows() if row.label]


_expected_rows: dict[str, ExpectedLabels] = {}


def _expected(table: Table) -> ExpectedLabels:
    if table.iri not in _expected_rows:
        _expected_rows[table.iri] = ExpectedLabels(
            [Expected(row.label["zh"], row.variants) for _, row in leaf_labels(table)]
        )
    return _expected_rows[table.iri]


class _GridReader:
    """The state of reading one table: cells, notes and use grow as one."""

    def __init__(self, table: Table, grids: Sequence[Grid]) -> None:
        self.table = table
        self.grids = grids
        self.lines = lines_of(grids)
        self.cells: list[Cell] = []
        self.notes: list[Note] = []
        self.used: set[Position] = set()
        self.met: set[int] = set()
        self.columns_found = 0
        self.columns_wanted = 0
        self.heading_lines = {
            i
            for i, line in enumerate(self.lines)
            if any(is_heading_row(block, self._cells(line)) for block in table.blocks)
        }
        self.rows, self.rivals = find_rows(_expected(table), self.lines, self.heading_lines)

    def read(self) -> GridReading:
        labelled = leaf_labels(self.table)
        numbers = {row.iri: number for number, (_, row) in enumerate(labelled)}
        for block in self.table.blocks:
            before: dict[int, Headings] = {}
            for row in block.leaf_rows():
                if not row.label:
                    self.cells.extend(self._read_bare_row(block, row))
                    continue
                number = numbers[row.iri]
                match = self.rows.get(number)
                if match is None:
                    self.cells.extend(self._absent(block, row))
                    continue
                headings = self._headings(block, match, before)
                self.cells.extend(self._read_row(block, row, match, headings, self.rivals[number]))
        likeness = sum(match.likeness for match in self.rows.values())
        missed = len(labelled) - len(self.rows) + self.columns_wanted - self.columns_found
        unread = sum(cell.state in (CellState.UNREAD, CellState.ABSENT) for cell in self.cells)
        wanted = len(labelled) + self.columns_wanted
        return GridReading(
            cells=tuple(self.cells),
            notes=tuple(self.notes),
            used=frozenset(self.used),
            met=frozenset(self.met),
            found=(len(self.rows) + self.columns_found) / wanted if wanted else 0.0,
            fit=likeness + self.columns_found - missed - unread / 10,
        )

    def _cells(self, line: Line) -> list[GridCell]:
        return list(self.grids[line.grid].distinct(line.row))

    # --- headings ---------------------------------------------------------------------------

    def _headings(self, block: Block, match: RowMatch, before: dict[int, Headings]) -> Headings:
        """The headings over the row: in its own grid, or those of the grid that it continues."""
        line = self.lines[match.lines[0]]
        if line.grid not in before:
            region = self._heading_region(match.lines[0])
            here = self._taken_headings(block, line.grid, region)
            if here.trouble is not None and before:
                before[line.grid] = continued(before[max(before)], here)
            else:
                before[line.grid] = here
                self.columns_wanted += len(block.leaf_columns())
                self.columns_found += len(here.found)
        return before[line.grid]

    def _heading_region(self, first: int) -> list[int]:
        """The lines of the same grid above line ``first``, up to the row found before it."""
        taken = {line for match in self.rows.values() for line in match.lines}
        region: list[int] = []
        for i in range(first - 1, -1, -1):
            line = self.lines[i]
            if line.grid != self.lines[first].grid or i in taken or line.valued:
                break
            region.insert(0, i)
        return region

    def _taken_headings(self, block: Block, grid: int, region: Sequence[int]) -> Headings:
        """Read the headings in the lines ``region``, note how they are printed, mark them used."""
        rows = [self.lines[i].row for i in region]
        headings = read_headings(block, self.grids[grid], rows)
        self.used.update((grid, row) for row in rows)
        place = self.grids[grid].place
        first = next((c for row in rows for c in self.grids[grid].distinct(row) if c.text), None)
        for leaf, printed in printed_otherwise(block, headings):
            self.notes.append(_variant(leaf, printed, first.place if first else place))
        return headings

    # --- rows -------------------------------------------------------------------------------

    def _read_row(
        self, block: Block, row: Header, match: RowMatch, headings: Headings, rivals: Sequence[int]
    ) -> list[Cell]:
        if fold_label(match.printed) != fold_label(row.label["zh"]):
            self.notes.append(_variant(row, match.printed, match.label.place))
        self.used.update((self.lines[i].grid, self.lines[i].row) for i in match.lines)
        line = self._valued_line(match)
        label = match.label if line is self.lines[match.lines[0]] else next(iter(line.own), None)
        if match.ambiguous:
            return self._unread(block, row, cells_after(line.cells, label), _AMBIGUOUS)
        if headings.trouble is not None:
            return self._unread(block, row, cells_after(line.cells, label), headings.trouble)
        try:
            values = self._place(block, line, label, headings)
        except NotPlaced as error:
            return self._unread(block, row, error.cells, error.reason)
        cells = self._read_values(block, row, line, values, headings)
        for rival in rivals:
            cells = self._against_rival(block, row, cells, self.lines[rival])
        return cells

    def _valued_line(self, match: RowMatch) -> Line:
        """Of the lines over which a label is broken, the one with values (the first, if none)."""
        lines = [self.lines[i] for i in match.lines]
        return next((line for line in lines if line.valued), lines[0])

    def _place(
        self, block: Block, line: Line, label: GridCell | None, headings: Headings
    ) -> list[GridCell]:
        leaves = block.leaf_columns()
        if headings.columns is None:
            return values_by_order(cells_after(line.cells, label), len(leaves))
        positions = [headings.columns.positions[leaf.iri] for leaf in leaves]
        return values_by_position(line.cells, label, positions, headings.columns.covered)

    def _read_values(
        self, block: Block, row: Header, line: Line, values: Sequence[GridCell], headings: Headings
    ) -> list[Cell]:
        unit = row.unit or block.unit or ""
        return [
            self._read_value(line, row, column, value, column.unit or unit, headings)
            for column, value in zip(block.leaf_columns(), values, strict=True)
        ]

    def _read_value(
        self,
        line: Line,
        row: Header,
        column: Header,
        value: GridCell,
        unit: str,
        headings: Headings,
    ) -> Cell:
        self.met.add(id(value))
        printed = headings.columns.headings.get(column.iri, "") if headings.columns else ""
        actual = money_unit(printed, unit)
        if value.doubt:
            readings = value.readings or (value.text,)
            return unread_cell(self.table, row, column, value.doubt, readings, value.place)
        if actual is None:
            reason = unknown_unit(printed)
            return unread_cell(self.table, row, column, reason, (value.text,), value.place)
        if value.text and self._over_rows(line, value):
            return unread_cell(self.table, row, column, _OVER_ROWS, (value.text,), value.place)
        return read_into_cell(self.table, row, column, value.text, value.place, actual)

    def _over_rows(self, line: Line, cell: GridCell) -> bool:
        rows = self.grids[line.grid].rows
        neighbours = [rows[i] for i in (line.row - 1, line.row + 1) if 0 <= i < len(rows)]
        return any(other is cell for row in neighbours for other in row)

    def _against_rival(
        self, block: Block, row: Header, cells: list[Cell], rival: Line
    ) -> list[Cell]:
        """The cells, unread where a second row of the same label says something else."""
        label = rival.own[-1] if rival.own else None
        others = cells_after(rival.cells, label)
        self.used.add((rival.grid, rival.row))
        self.met.update(id(cell) for cell in others)
        same = [cell.text for cell in others if cell.text] == [
            text for cell in cells if (text := _printed(cell))
        ]
        if same:
            return cells
        place = others[0].place if others else (label.place if label else None)
        where = {lang: place.describe(lang) if place else "" for lang in ("zh", "en")}
        reason = {
            "zh": f"该行标题另见{where['zh']}，数值不同，无法确定以哪一行为准",
            "en": f"the row's label stands again ({where['en']}) with other values; "
            "which one holds cannot be told",
        }
        again = " ".join(cell.text for cell in others)
        return [
            unread_cell(self.table, row, column, reason, (_printed(cell), again), cell.place)
            for column, cell in zip(block.leaf_columns(), cells, strict=True)
        ]

    # --- a table with one row that has no label ------------------------------------------------

    def _read_bare_row(self, block: Block, row: Header) -> list[Cell]:
        """The row of values under the headings, which has no label of its own."""
        self.columns_wanted += len(block.leaf_columns())
        best: tuple[Line, Headings, list[int]] | None = None
        rivals: list[Line] = []
        for region in self._heading_runs(block):
            if region[-1] + 1 == len(self.lines):
                continue
            line = self.lines[region[-1] + 1]
            if line.grid != self.lines[region[-1]].grid:
                continue
            rows = [self.lines[i].row for i in region]
            headings = read_headings(block, self.grids[line.grid], rows)
            if best is None or len(headings.found) > len(best[1].found):
                best, rivals = (line, headings, region), []
            elif len(headings.found) == len(best[1].found):
                rivals.append(line)
        if best is None or not best[1].found:
            return self._absent(block, row)
        line, headings, region = best
        self._taken_headings(block, line.grid, region)
        self.columns_found += len(headings.found)
        self.used.add((line.grid, line.row))
        if headings.trouble is not None:
            return self._unread(block, row, self._cells(line), headings.trouble)
        try:
            values = self._place(block, line, None, headings)
        except NotPlaced as error:
            return self._unread(block, row, error.cells, error.reason)
        cells = self._read_values(block, row, line, values, headings)
        for rival in rivals:
            cells = self._against_rival(block, row, cells, replace(rival, own=()))
        return cells

    def _heading_runs(self, block: Block) -> Iterator[list[int]]:
        """Runs of adjacent lines of one grid without numbers, of which some are headings."""
        run: list[int] = []
        for i, line in enumerate(self.lines):
            headings = is_heading_row(block, self._cells(line))
            if run and (line.grid != self.lines[run[-1]].grid or not headings):
                yield run
                run = []
            if headings:
                run.append(i)
        if run:
            yield run

    # --- what is not read -----------------------------------------------------------------------

    def _absent(self, block: Block, row: Header) -> list[Cell]:
        return [absent_cell(self.table, row, column) for column in block.leaf_columns()]

    def _unread(
        self, block: Block, row: Header, met: Sequence[GridCell], reason: Label
    ) -> list[Cell]:
        self.met.update(id(cell) for cell in met)
        place = met[0].place if met else None
        texts = [cell.text for cell in met]
        return [
            unread_cell(self.table, row, column, reason, texts, place)
            for column in block.leaf_columns()
        ]


_AMBIGUOUS = {
    "zh": "同名的行不止一个，无法确定是哪一行",
    "en": "several rows bear this label; which one it is cannot be told",
}
_OVER_ROWS = {
    "zh": "该单元格跨越几行，数值属于哪一行无法确定",
    "en": "the cell spans several rows: which one its value belongs to is not sure",
}


def _printed(cell: Cell) -> str:
    if cell.text is not None:
        return cell.text
    return "" if cell.value is None else str(cell.value)


def _variant(header: Header, printed: str, place: Place) -> Note:
    wanted = header.label["zh"]
    return Note(
        message={
            "zh": f"标题印作“{printed}”，格式为“{wanted}”",
            "en": f"label printed “{printed}” where the form has “{wanted}”",
        },
        place=place,
        printed=printed,
        about=header.iri,
    )
