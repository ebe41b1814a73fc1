"""Tables whose cells stand in grids: rows told by their labels, columns by their headings.

A value is placed only where label, heading and position agree; in every other case its cell is
unread, with what was met.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.model import Grid, GridCell, Place
from gongkai.converters.forms.alignment import Expected, ExpectedLabels
from gongkai.converters.forms.bare_rows import BareLine, find_bare_lines, read_bare_row
from gongkai.converters.forms.cells import HIDDEN, NOT_IN_SOURCE, absent_cell
from gongkai.converters.forms.columns import is_heading_row
from gongkai.converters.forms.extra_columns import extra_notes
from gongkai.converters.forms.headings import (
    Headings,
    continued,
    printed_otherwise,
    read_headings,
)
from gongkai.converters.forms.lines import (
    Line,
    RowMatch,
    count_numbers,
    find_rows,
    last_label,
    numbers_columns,
)
from gongkai.converters.forms.own_rows import OwnRow, instead_of
from gongkai.converters.forms.row_heads import label_before_values, own_label_after, row_heads
from gongkai.converters.forms.row_reader import RowReader
from gongkai.converters.forms.shifted_rows import Counted
from gongkai.converters.forms.values import cells_after
from gongkai.converters.labels import fold_label, number_before
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, Note
from gongkai.ontology.forms import Block, Header, Label, Table

LEAST_FOUND = 1 / 3
"""With a smaller part of its rows and columns found, a table is taken for absent."""

Position = tuple[int, int]
"""(grid, row)."""

_AMBIGUOUS = {
    "zh": "同名的行不止一个，无法确定是哪一行",
    "en": "several rows bear this label; which one it is cannot be told",
}


_HEAD = {
    "zh": "其下各行从“2.”起，数值可能属于缺失的“1.”行",
    "en": "the rows under it begin with “2.”; the values may be those of the row “1.”",
}


_OWN_BELOW = {
    "zh": "该标题之下印有格式没有的行，数值属于哪一行无法确定",
    "en": "rows that the form does not have stand under this label; whether the values are "
    "theirs or its own cannot be told",
}


@dataclass(frozen=True)
class GridReading:
    """What a table of a form makes of the grids of a document.

    ``used`` are the rows that were labels, headings or values, ``met`` the identities of the grid
    cells that became cells or readings of the table; ``own`` are rows among them under labels that
    the form does not have, ``counted`` rows of the form read by counting. ``fit`` is higher the
    more rows and columns of the form were found and read, and the liker they are.
    """

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]
    used: frozenset[Position]
    met: frozenset[int]
    own: dict[Position, OwnRow]
    counted: dict[str, Counted]
    fit: float


def labelled_rows(table: Table) -> list[Header]:
    """The rows with a label and values, in the order of the form."""
    return [row for block in table.blocks for row in block.leaf_rows() if row.label]


_expected_rows: dict[str, ExpectedLabels] = {}


def _expected(table: Table) -> ExpectedLabels:
    if table.iri not in _expected_rows:
        _expected_rows[table.iri] = ExpectedLabels(
            [Expected(row.label["zh"], row.variants) for row in labelled_rows(table)]
        )
    return _expected_rows[table.iri]


class GridReader:
    """Reads one table of a form: first what stands where, then, if that is promising, the values.

    ``promise`` is as high as ``fit`` can be; ``found`` the part of the form's rows and columns that
    were found.
    """

    def __init__(
        self,
        table: Table,
        grids: Sequence[Grid],
        lines: Sequence[Line],
        captions: Sequence[str],
    ) -> None:
        """Find the rows and headings of ``table`` in the grids of a document.

        ``lines`` are the rows of all the grids, ``captions`` what is printed over each grid.
        """
        self.table = table
        self.grids = grids
        self.captions = captions
        self.reader = RowReader(table, grids, captions)
        self.lines = lines
        self.cells: list[Cell] = []
        self.notes: list[Note] = []
        self.used: set[Position] = set()
        self.replaced: set[str] = set()
        self.columns_found = 0
        self.columns_wanted = 0
        headings = {
            i
            for i, line in enumerate(self.lines)
            if any(is_heading_row(block, line.words, line.valued) for block in table.blocks)
        }
        self.heads = row_heads(table)
        iris = [row.iri for row in labelled_rows(table)]
        self.rows, self.rivals = find_rows(
            _expected(table),
            self.lines,
            headings,
            lambda number, line, label: self.heads.contradicted(iris[number], line, label),
        )
        self.taken = {line for match in self.rows.values() for line in match.lines}
        self.numbers = {iri: number for number, iri in enumerate(iris)}
        self.headings: dict[int, Headings] = {}
        self.bare: dict[str, list[BareLine]] = {}
        for block in table.blocks:
            self._find_headings(block)
        self.own = self._own_rows(headings)
        missed = len(self.numbers) - len(self.rows) + self.columns_wanted - self.columns_found
        missed -= sum(
            bool(self._own_beside(iri)) for iri, n in self.numbers.items() if n not in self.rows
        )
        likeness = sum(match.likeness for match in self.rows.values())
        self.promise = likeness + self.columns_found - missed
        wanted = len(self.numbers) + self.columns_wanted
        self.found = (len(self.rows) + self.columns_found) / wanted if wanted else 0.0

    def read(self) -> GridReading:
        """Read the values of every row that was found."""
        for block in self.table.blocks:
            for row in block.leaf_rows():
                self.cells.extend(self._read_row(block, row))
        unread = sum(
            cell.state is CellState.UNREAD
            or (cell.state is CellState.ABSENT and cell.row.get("zh") not in self.replaced)
            for cell in self.cells
        )
        return GridReading(
            cells=tuple(self.cells),
            notes=(*self.notes, *extra_notes(self.reader.extra, self.cells)),
            used=frozenset(self.used),
            met=frozenset(self.reader.met),
            own=self.own,
            counted=self.reader.counted,
            fit=self.promise - unread / 10,
        )

    # --- headings ---------------------------------------------------------------------------

    def _find_headings(self, block: Block) -> None:
        before: dict[int, Headings] = {}
        found: list[int] = []
        for row in block.leaf_rows():
            number = self.numbers.get(row.iri)
            if number is None:
                self.bare[row.iri] = self._find_bare(block)
            elif number in self.rows:
                found.append(number)
        # Headings stand over the first row that is printed, whichever of the form that is.
        for number in sorted(found, key=lambda number: self.rows[number].lines):
            self.headings[number] = self._headings(block, self.rows[number], before)

    def _headings(self, block: Block, match: RowMatch, before: dict[int, Headings]) -> Headings:
        """The headings over the row: in its own grid, or those of the grid that it continues."""
        grid = self.lines[match.lines[0]].grid
        if grid not in before:
            region = self._heading_region(match.lines[0])
            here = read_headings(block, self.grids[grid], [self.lines[i].row for i in region])
            self._take_headings(block, grid, region, here)
            if here.trouble is not None and before:
                here = continued(before[max(before)], here)
            else:
                self.columns_wanted += len(block.leaf_columns())
                self.columns_found += len(here.found)
            before[grid] = here
        return before[grid]

    def _heading_region(self, first: int) -> list[int]:
        """The lines of the same grid above line ``first``, up to the row found before it."""
        region: list[int] = []
        for i in range(first - 1, -1, -1):
            line = self.lines[i]
            if line.grid != self.lines[first].grid or i in self.taken:
                break
            if numbers_columns(line):
                continue
            if line.valued:
                break
            region.insert(0, i)
        return region

    def _take_headings(
        self, block: Block, grid: int, region: Sequence[int], headings: Headings
    ) -> None:
        """Mark the lines ``region`` as used and note how the headings are printed."""
        rows = [self.lines[i].row for i in region]
        self.used.update((grid, row) for row in rows)
        place = self.grids[grid].place
        first = next((c for row in rows for c in self.grids[grid].distinct(row) if c.text), None)
        for leaf, printed in printed_otherwise(block, headings):
            self.notes.append(_variant(leaf, printed, first.place if first else place))

    # --- rows of the body's own -----------------------------------------------------------------

    def _own_rows(self, excluded: set[int]) -> dict[Position, OwnRow]:
        """Rows of values between those of the form, under labels that it does not have.

        A row of the form after whose label other words follow is one of them: it is only a head.
        """
        headed: dict[int, Headings] = {}
        heads: dict[int, str] = {}
        rows = [(block, row) for block in self.table.blocks for row in block.leaf_rows()]
        for block, row in rows:
            number = self.numbers.get(row.iri, -1)
            match, headings = self.rows.get(number), self.headings.get(number)
            if match is None or headings is None:
                continue
            line = self._valued_line(match)
            headed[match.lines[0]], heads[match.lines[0]] = headings, row.iri
            label = match.label if line is self.lines[match.lines[0]] else None
            if line.valued and own_label_after(block, line, label, row, headings) is not None:
                self.taken -= set(match.lines)
                del self.rows[number]
        if not headed:
            return {}
        rivals = {line for number in self.rows for line in self.rivals[number]}
        found: dict[Position, OwnRow] = {}
        last: int | None = None
        for i in range(min(headed), max(headed) + 1):
            last = i if i in headed else last
            line = self.lines[i]
            if last is None or i in self.taken or i in excluded or i in rivals:
                continue
            if line.grid != self.lines[last].grid or not count_numbers(line):
                continue
            own = self._own_row(line, headed[last], heads[last])
            if own is not None:
                found[line.grid, line.row] = own
        return found

    def _own_row(self, line: Line, headings: Headings, before: str) -> OwnRow | None:
        """The row of ``line``; ``before`` is the row of the form that stands last before it."""
        block = next(b for b in self.table.blocks if any(row.iri == before for row in b.rows))
        label = label_before_values(block, line, headings)
        if label is None:
            return None
        leaves = block.leaf_columns()
        cells = self.reader.placed(leaves, line, label, headings)
        values = {leaf.iri: cell.text for leaf, cell in zip(leaves, cells, strict=False)}
        head = self.heads.head_of(line)
        if head is None:
            row = next(row for row in block.rows if row.iri == before)
            head = block.rows[row.under].iri if row.under is not None else None
        after = {id(cell) for cell in cells_after(line.cells, label)}
        printed = [
            cell
            for cell in cells_after(line.cells, None)
            if (cell.text or cell.doubt) and (id(cell) in after or looks_like_cell(cell.text))
        ]
        return OwnRow(label.text, tuple(printed), values, head)

    def _own_beside(self, row: str) -> list[OwnRow]:
        """The rows of the body's own under the head that ``row`` stands under, or under it."""
        chain = self.heads.chain(row)
        return [own for own in self.own.values() if own.head is not None and own.head in chain]

    # --- rows -------------------------------------------------------------------------------

    def _read_row(self, block: Block, row: Header) -> list[Cell]:
        number = self.numbers.get(row.iri)
        if number is None:
            return read_bare_row(block, row, self.reader, self.bare[row.iri])
        if number not in self.rows:
            reason = self._why_absent(block, row)
            return [absent_cell(self.table, row, column, reason) for column in block.leaf_columns()]
        cells = self._read_labelled(block, row, self.rows[number], self.headings[number])
        for rival in self.rivals[number]:
            cells = self._against(block, row, cells, rival, self.headings[number])
        for line in self._more_values(block, self.rows[number]):
            self.used.add((line.grid, line.row))
            leaves, label = block.leaf_columns(), last_label(line)
            again = self.reader.read(block, leaves, row, line, label, self.headings[number])
            cells = self.reader.agreed(row, leaves, cells, again)
        return cells

    def _why_absent(self, block: Block, row: Header) -> Label:
        own = self._own_beside(row.iri)
        if own:
            self.replaced.add(row.label["zh"])
            heads = [r.label["zh"] for r in block.rows if r.iri == own[0].head and r != row]
            return instead_of(row, heads, [one.label for one in own])
        return HIDDEN if self._is_hidden(row) else NOT_IN_SOURCE

    def _is_hidden(self, row: Header) -> bool:
        """Whether the row stands in a grid of the source that does not show it."""
        expected = {fold_label(text) for text in (row.label["zh"], *row.variants)}
        return any(fold_label(text) in expected for grid in self.grids for text in grid.hidden)

    def _more_values(self, block: Block, match: RowMatch) -> Iterator[Line]:
        """Rows of values right below a row that bear no label, or whose label is the same cell.

        Nothing tells which one is the row's; another may be that of the year before.
        """
        first, least = self._valued_line(match), min(2, len(block.leaf_columns()))
        for i in range(match.lines[-1] + 1, len(self.lines)):
            line = self.lines[i]
            if line.grid != first.grid or i in self.taken or line.own:
                break
            numbers = count_numbers(line)
            if numbers < least or numbers * 2 < count_numbers(first) or numbers_columns(line):
                break
            yield line

    def _read_labelled(
        self, block: Block, row: Header, match: RowMatch, headings: Headings
    ) -> list[Cell]:
        if fold_label(match.printed) != fold_label(row.label["zh"]):
            self.notes.append(_variant(row, match.printed, match.label.place))
        self.used.update((self.lines[i].grid, self.lines[i].row) for i in match.lines)
        line = self._valued_line(match)
        label = match.label if line is self.lines[match.lines[0]] else _last_words(line)
        leaves = block.leaf_columns()
        trouble = _AMBIGUOUS if match.ambiguous else self._trouble_below(match)
        if trouble is not None:
            return self.reader.unread(leaves, row, cells_after(line.cells, label), trouble)
        return self.reader.read(block, leaves, row, line, label, headings)

    def _trouble_below(self, match: RowMatch) -> Label | None:
        """Why the values may be those of a row under the label, for what stands right below it.

        Rows from “2.” on stand under （六）: its values are those of the missing “1.”. Or the cell
        of the label reaches over rows of the body's own.
        """
        below = match.lines[-1] + 1
        if below == len(self.lines) or below in self.taken:
            return None
        line, number = self.lines[below], number_before(match.label.text)
        if line.grid != self.lines[below - 1].grid:
            return None
        numbers = [number_before(cell.text) for cell in line.own]
        if number.startswith("(") and any(
            other[0].isdigit() and other != "1." for other in numbers if other
        ):
            return _HEAD
        reaches = any(cell is match.label for cell in line.cells)
        return _OWN_BELOW if reaches and (line.grid, line.row) in self.own else None

    def _valued_line(self, match: RowMatch) -> Line:
        """Of the lines over which a label is broken, the one with values (the first, if none)."""
        lines = [self.lines[i] for i in match.lines]
        return next((line for line in lines if line.valued), lines[0])

    def _against(
        self, block: Block, row: Header, cells: list[Cell], rival: int, headings: Headings
    ) -> list[Cell]:
        """The cells, unread where a second row of the same label says something else."""
        line = self.lines[rival]
        self.used.add((line.grid, line.row))
        leaves, label = block.leaf_columns(), _last_words(line)
        region = self._heading_region(rival)
        own = read_headings(block, self.grids[line.grid], [self.lines[i].row for i in region])
        if own.trouble is not None:
            own = continued(headings, own)
        again = self.reader.read(block, leaves, row, line, label, own)
        return self.reader.agreed(row, leaves, cells, again)

    def _find_bare(self, block: Block) -> list[BareLine]:
        self.columns_wanted += len(block.leaf_columns())
        found = find_bare_lines(block, self.reader, self.lines, self.captions)
        for bare in found:
            self._take_headings(block, bare.grid, bare.region, bare.headings)
            if bare.line is not None:
                self.used.add((bare.grid, bare.line.row))
        self.columns_found += len({iri for bare in found for iri in bare.headings.found})
        return found


def _last_words(line: Line) -> GridCell | None:
    return line.own[-1] if line.own else None


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
