"""The layout of a form's table in grids: its rows, its headings, and rows that the body added."""

from collections.abc import Sequence

from gongkai.converters.cn.forms.alignment import Expected, ExpectedLabels
from gongkai.converters.cn.forms.bare_rows import BareLine, find_bare_lines
from gongkai.converters.cn.forms.columns import is_heading_row
from gongkai.converters.cn.forms.headings import (
    Headings,
    continued,
    corners,
    printed_otherwise,
    read_headings,
)
from gongkai.converters.cn.forms.lines import (
    GridLine,
    RowMatch,
    find_rows,
    numbers_after_words,
    numbers_columns,
)
from gongkai.converters.cn.forms.own_rows import OwnRow
from gongkai.converters.cn.forms.row_heads import label_before_values, own_label_after, row_heads
from gongkai.converters.cn.forms.row_reader import RowReader
from gongkai.converters.cn.forms.values import cells_after
from gongkai.converters.documents.model import Grid, Place, TextBlock
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Note
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.texts import translations

_MOST_WORDS = 8
"""A row of the form has fewer cells of words: its heads, label, unit and remarks."""

Position = tuple[int, int]
"""(grid, row)."""


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


class GridLayout:
    """Where the rows and headings of a table of a form stand in the grids of a document.

    ``rows`` are the rows of the form that were found, by their ``numbers``, with the ``rivals`` of
    each; ``headings`` those over each of them; ``bare`` the lines of rows without a label, by IRI;
    ``own`` the rows that the body added. ``used`` are the rows that are headings or bare values.
    ``above`` is what is printed above each column, by IRI; ``corners`` what stands in the rows of
    headings over none of the columns.
    """

    def __init__(
        self,
        table: Table,
        reader: RowReader,
        grids: Sequence[Grid],
        lines: Sequence[GridLine],
        captions: Sequence[str],
    ) -> None:
        """Find the rows and headings of ``table`` in ``grids``.

        ``reader`` reads rows of them, ``lines`` are the rows of all, ``captions`` what is printed
        over each.
        """
        self.table = table
        self.grids = grids
        self.captions = captions
        self.reader = reader
        self.lines = lines
        self.notes: list[Note] = []
        self.used: set[Position] = set()
        self.above: dict[str, tuple[str, ...]] = {}
        self.corners: list[TextBlock] = []
        self.columns_found = 0
        self.columns_wanted = 0
        headings = {
            i
            for i, line in enumerate(self.lines)
            if len(line.own) > _MOST_WORDS
            or any(is_heading_row(block, line.words, line.valued) for block in table.blocks)
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

    def promise(self) -> float:
        """An upper bound of how well the table can fit."""
        missed = len(self.numbers) - len(self.rows) + self.columns_wanted - self.columns_found
        missed -= sum(
            bool(self.own_beside(iri)) for iri, n in self.numbers.items() if n not in self.rows
        )
        likeness = sum(match.likeness for match in self.rows.values())
        return likeness + self.columns_found - missed

    def found(self) -> float:
        """The part of the form's rows and columns that were found."""
        wanted = len(self.numbers) + self.columns_wanted
        return (len(self.rows) + self.columns_found) / wanted if wanted else 0.0

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
        # Headings stand over the first row that is printed, whichever row of the form that is.
        for number in sorted(found, key=lambda number: self.rows[number].lines):
            self.headings[number] = self._headings(block, self.rows[number], before)

    def _headings(self, block: Block, match: RowMatch, before: dict[int, Headings]) -> Headings:
        """The headings over the row: in its own grid, or those of the grid that it continues."""
        grid = self.lines[match.lines[0]].grid
        if grid not in before:
            region = self.heading_region(match.lines[0])
            here = read_headings(block, self.grids[grid], [self.lines[i].row for i in region])
            self._take_headings(block, grid, region, here)
            if here.trouble is not None and before:
                here = continued(before[max(before)], here)
            else:
                self.columns_wanted += len(block.leaf_columns())
                self.columns_found += len(here.found)
            before[grid] = here
        return before[grid]

    def heading_region(self, first: int) -> list[int]:
        """The lines of the same grid above line ``first``, up to the row found before it."""
        region: list[int] = []
        headed = False
        for i in range(first - 1, -1, -1):
            line = self.lines[i]
            if line.grid != self.lines[first].grid or i in self.taken:
                break
            if numbers_columns(line):
                continue
            if line.valued:
                # A head has — or / in place of its numbers, perhaps with a running number; a row
                # that the body added may stand between the headings and the rows of the form.
                if numbers_after_words(line) and headed:
                    break
                continue
            region.insert(0, i)
            headed = headed or any(
                is_heading_row(block, line.words, line.valued) for block in self.table.blocks
            )
        return region

    def _take_headings(
        self, block: Block, grid: int, region: Sequence[int], headings: Headings
    ) -> None:
        """Mark the lines ``region`` as used and note how the headings are printed."""
        rows = [self.lines[i].row for i in region]
        self.used.update((grid, row) for row in rows)
        place = self.grids[grid].place
        first = next((c for row in rows for c in self.grids[grid].distinct(row) if c.text), None)
        columns = headings.columns
        for iri, stack in columns.above.items() if columns else ():
            self.above[iri] = (*self.above.get(iri, ()), *stack)
        self.corners += corners(self.grids[grid], rows, columns)
        for leaf, printed in printed_otherwise(block, headings):
            self.notes.append(variant(leaf, printed, first.place if first else place))

    # --- rows that the body added ---------------------------------------------------------------

    def _own_rows(self, excluded: set[int]) -> dict[Position, OwnRow]:
        """Rows of values between those of the form, under labels that it does not have.

        A row of the form with other words after its label is one of them: it is only a head.
        """
        headed: dict[int, Headings] = {}
        heads: dict[int, str] = {}
        rows = [(block, row) for block in self.table.blocks for row in block.leaf_rows()]
        for block, row in rows:
            number = self.numbers.get(row.iri, -1)
            match, headings = self.rows.get(number), self.headings.get(number)
            if match is None or headings is None:
                continue
            line = self.valued_line(match)
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
            if line.grid != self.lines[last].grid or not numbers_after_words(line):
                continue
            above = found.get((line.grid, line.row - 1))
            own = self._own_row(line, headed[last], heads[last], above)
            if own is not None:
                found[line.grid, line.row] = own
        return found

    def _own_row(
        self, line: GridLine, headings: Headings, before: str, above: OwnRow | None
    ) -> OwnRow | None:
        """The row of ``line``; ``before`` is the row of the form that stands last before it.

        ``above`` is the added row directly above; in text the head stands beside the first of them
        only.
        """
        block = next(b for b in self.table.blocks if any(row.iri == before for row in b.rows))
        label = label_before_values(block, line, headings)
        if label is None:
            return None
        leaves = block.leaf_columns()
        cells = self.reader.placed(leaves, line, label, headings)
        values = {leaf.iri: cell.text for leaf, cell in zip(leaves, cells, strict=False)}
        head = self.heads.head_of(line)
        if head is None and above is not None and not self.grids[line.grid].aligned:
            head = above.head
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

    def own_beside(self, row: str) -> list[OwnRow]:
        """The rows that the body added under the head of ``row``, or under ``row`` itself."""
        chain = self.heads.chain(row)
        return [own for own in self.own.values() if own.head is not None and own.head in chain]

    def _find_bare(self, block: Block) -> list[BareLine]:
        self.columns_wanted += len(block.leaf_columns())
        found = find_bare_lines(block, self.reader, self.lines, self.captions)
        for bare in found:
            self._take_headings(block, bare.grid, bare.region, bare.headings)
            if bare.line is not None:
                self.used.add((bare.grid, bare.line.row))
        self.columns_found += len({iri for bare in found for iri in bare.headings.found})
        return found

    def valued_line(self, match: RowMatch) -> GridLine:
        """Of the lines over which a label is broken, the one with values (the first, if none)."""
        first = self.lines[match.lines[0]]
        if first.valued or len(match.lines) == 1:
            return first
        return next((self.lines[i] for i in match.lines if self.lines[i].valued), first)


def variant(header: Header, printed: str, place: Place) -> Note:
    """The note that a label is not printed as in the form."""
    wanted = header.label["zh"]
    return Note(
        message=translations("forms.label_variant", printed=printed, wanted=wanted),
        place=place,
        printed=printed,
        about=header.iri,
    )
