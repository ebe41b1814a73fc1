"""Tables whose cells stand in grids: rows recognised by their labels, columns by their headings.

A value is placed only where label, heading and position agree; in every other case its cell is
unread, with the texts found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.cn.forms.bare_rows import read_bare_row
from gongkai.converters.cn.forms.cells import HIDDEN, absent_cell
from gongkai.converters.cn.forms.extra_columns import extra_notes
from gongkai.converters.cn.forms.grid_layout import GridLayout, Position, variant
from gongkai.converters.cn.forms.headings import Headings, continued, read_headings
from gongkai.converters.cn.forms.lines import (
    GridLine,
    RowMatch,
    count_numbers,
    last_label,
    numbers_columns,
)
from gongkai.converters.cn.forms.own_rows import OwnRow, instead_of
from gongkai.converters.cn.forms.row_reader import RowReader
from gongkai.converters.cn.forms.shifted_rows import Counted
from gongkai.converters.cn.forms.surroundings import Surroundings
from gongkai.converters.cn.forms.values import cells_after
from gongkai.converters.documents.model import Grid, GridCell
from gongkai.converters.labels import fold_label, number_before
from gongkai.converters.report import NOT_IN_SOURCE, Cell, CellState, Note
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

LEAST_FOUND = 1 / 3
"""With a smaller part of its rows and columns found, a table is taken as absent."""

_AMBIGUOUS = translations("forms.ambiguous")


_HEAD = translations("forms.first_of_numbered")


_OWN_BELOW = translations("forms.own_below")


@dataclass(frozen=True)
class GridReading:
    """What a table of a form makes of the grids of a document.

    ``used`` are the rows that were labels, headings or values, ``met`` the identities of the grid
    cells that became cells or readings of the table; ``own`` are rows among them under labels that
    the form does not have, ``counted`` rows of the form read by counting, ``around`` the words in
    the grids around the values. ``fit`` is higher the more rows and columns of the form were found
    and read, and the higher their likeness is.
    """

    cells: tuple[Cell, ...]
    notes: tuple[Note, ...]
    used: frozenset[Position]
    met: frozenset[int]
    own: dict[Position, OwnRow]
    counted: dict[str, Counted]
    around: Surroundings
    fit: float


class GridReader:
    """Reads one table of a form: first the layout, then, if that is promising, the values.

    ``promise`` is an upper bound of ``fit``; ``found`` the part of the form's rows and columns that
    were found.
    """

    def __init__(
        self,
        table: Table,
        grids: Sequence[Grid],
        lines: Sequence[GridLine],
        captions: Sequence[str],
    ) -> None:
        """Find the rows and headings of ``table`` in the grids of a document.

        ``lines`` are the rows of all the grids, ``captions`` what is printed over each grid.
        """
        self.table = table
        self.grids = grids
        self.lines = lines
        self.reader = RowReader(table, grids, captions)
        self.layout = GridLayout(table, self.reader, grids, lines, captions)
        self.cells: list[Cell] = []
        self.notes: list[Note] = []
        self.used: set[Position] = set()
        self.replaced: set[str] = set()
        self.own = self.layout.own
        self.promise = self.layout.promise()
        self.found = self.layout.found()

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
            notes=(*self.layout.notes, *self.notes, *extra_notes(self.reader.extra, self.cells)),
            used=frozenset(self.layout.used | self.used),
            met=frozenset(self.reader.met),
            own=self.own,
            counted=self.reader.counted,
            around=Surroundings(
                corners=tuple(self.layout.corners),
                rows=self.reader.labels,
                columns=self.layout.above,
            ),
            fit=self.promise - unread / 10,
        )

    def _read_row(self, block: Block, row: Header) -> list[Cell]:
        number = self.layout.numbers.get(row.iri)
        if number is None:
            return read_bare_row(block, row, self.reader, self.layout.bare[row.iri])
        if number not in self.layout.rows:
            reason = self._why_absent(block, row)
            return [absent_cell(self.table, row, column, reason) for column in block.leaf_columns()]
        cells = self._read_labelled(
            block, row, self.layout.rows[number], self.layout.headings[number]
        )
        for rival in self.layout.rivals[number]:
            cells = self._against(block, row, cells, rival, self.layout.headings[number])
        for line in self._more_values(block, self.layout.rows[number]):
            self.used.add((line.grid, line.row))
            leaves, label = block.leaf_columns(), last_label(line)
            again = self.reader.read(block, leaves, row, line, label, self.layout.headings[number])
            cells = self.reader.agreed(row, leaves, cells, again)
        return cells

    def _why_absent(self, block: Block, row: Header) -> Label:
        own = self.layout.own_beside(row.iri)
        if own:
            self.replaced.add(row.label["zh"])
            heads = [r.label["zh"] for r in block.rows if r.iri == own[0].head and r != row]
            return instead_of(row, heads, [one.label for one in own])
        return HIDDEN if self._is_hidden(row) else NOT_IN_SOURCE

    def _is_hidden(self, row: Header) -> bool:
        """Whether the row stands in a grid of the source but is hidden there."""
        expected = {fold_label(text) for text in (row.label["zh"], *row.variants)}
        return any(fold_label(text) in expected for grid in self.grids for text in grid.hidden)

    def _more_values(self, block: Block, match: RowMatch) -> Iterator[GridLine]:
        """Rows of values directly below a row that have no label, or whose label is the same cell.

        Nothing shows which one is the row's; another may be that of the year before.
        """
        first, least = self.layout.valued_line(match), min(2, len(block.leaf_columns()))
        for i in range(match.lines[-1] + 1, len(self.lines)):
            line = self.lines[i]
            if line.grid != first.grid or i in self.layout.taken or line.own:
                break
            numbers = count_numbers(line)
            if numbers < least or numbers * 2 < count_numbers(first) or numbers_columns(line):
                break
            yield line

    def _read_labelled(
        self, block: Block, row: Header, match: RowMatch, headings: Headings
    ) -> list[Cell]:
        if fold_label(match.printed) != fold_label(row.label["zh"]):
            self.notes.append(variant(row, match.printed, match.label.place))
        self.used.update((self.lines[i].grid, self.lines[i].row) for i in match.lines)
        line = self.layout.valued_line(match)
        label = match.label if line is self.lines[match.lines[0]] else _last_words(line)
        leaves = block.leaf_columns()
        trouble = _AMBIGUOUS if match.ambiguous else self._trouble_below(match)
        if trouble is not None:
            return self.reader.unread(leaves, row, cells_after(line.cells, label), trouble)
        return self.reader.read(block, leaves, row, line, label, headings)

    def _trouble_below(self, match: RowMatch) -> Label | None:
        """Why the values may be those of a row under the label, by what stands directly below it.

        Rows from “2.” on stand under （六）: its values are those of the missing “1.”. Or the cell
        of the label extends over rows that the body added.
        """
        below = match.lines[-1] + 1
        if below == len(self.lines) or below in self.layout.taken:
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

    def _against(
        self, block: Block, row: Header, cells: list[Cell], rival: int, headings: Headings
    ) -> list[Cell]:
        """The cells, unread where a second row of the same label differs."""
        line = self.lines[rival]
        self.used.add((line.grid, line.row))
        leaves, label = block.leaf_columns(), _last_words(line)
        region = self.layout.heading_region(rival)
        own = read_headings(block, self.grids[line.grid], [self.lines[i].row for i in region])
        if own.trouble is not None:
            own = continued(headings, own)
        again = self.reader.read(block, leaves, row, line, label, own)
        return self.reader.agreed(row, leaves, cells, again)


def _last_words(line: GridLine) -> GridCell | None:
    return line.own[-1] if line.own else None
