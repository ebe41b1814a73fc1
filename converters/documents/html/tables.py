"""A table of a page: its cells in the order of the source, and the grid that they form.

Cells are placed as in the HTML standard (“Forming a table”), including faulty spans.
"""

import re
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from gongkai.converters.documents.doubts import PICTURE
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.marks import has_digit, settled, with_readings
from gongkai.converters.documents.model import Grid, GridCell, Place, TextBlock
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

MOST_COLUMNS = 1000
"""The largest number of columns of one cell, whatever it declares (HTML standard, 4.9.11)."""

_TO_THE_END = 1 << 30
_SPAN = re.compile(r"[ \t\n\f\r]*\+?([0-9]{1,9})")

# A table of few cells of which one holds most of the text is used for layout.
_PICTURE: Label = translations("documents.html.picture")
_FEW_CELLS = 20
_LONG = 500


class HtmlCell:
    """A cell of the source: its text, a line per part; where it begins; its declared spans."""

    __slots__ = ("column", "columns", "line", "made", "picture", "row", "rows", "text")

    def __init__(self, line: int | None, rowspan: str | None, colspan: str | None) -> None:
        """Take the spans as they are written."""
        self.text = ""
        self.line = line
        self.rows = 1 if rowspan is None else _rows(rowspan)
        self.columns = 1 if colspan is None else _columns(colspan)
        self.row = self.column = -1
        self.picture = False
        self.made: GridCell | None = None


def _columns(span: str) -> int:
    match = _SPAN.match(span)
    return min(int(match[1]), MOST_COLUMNS) or 1 if match else 1


def _rows(span: str) -> int:
    """The number of rows of a cell; a span of 0 means all remaining rows of its row group."""
    match = _SPAN.match(span)
    return int(match[1]) or _TO_THE_END if match else 1


class HtmlPiece(NamedTuple):
    """A line of text in a table; ``cell`` is None where it stands outside of all cells."""

    cell: HtmlCell | None
    text: str
    line: int | None
    path: tuple[int, ...]

    def block(self) -> TextBlock:
        """The line as a block of text."""
        return TextBlock(with_readings(self.text), Place(line=self.line), self.path)


class ShownPicture(NamedTuple):
    """A picture in a table, as ``HtmlPiece`` is for text."""

    cell: HtmlCell | None
    picture: Picture

    def block(self) -> Picture:
        """The picture, as one of the items of the page."""
        return self.picture


class HtmlTable:
    """A table that is being read: its rows of cells, and its text in the order of the source."""

    __slots__ = (
        *("_group", "_in_foot", "hidden", "is_layout", "line", "open", "path", "pieces"),
        *("rows", "rows_above_hidden"),
    )

    def __init__(self, path: tuple[int, ...], line: int | None) -> None:
        """Take the table's own path and line."""
        self.path = path
        self.line = line
        self.rows: list[tuple[int, list[HtmlCell]]] = []
        self.pieces: list[HtmlPiece | ShownPicture] = []
        self.open: list[HtmlCell] = []
        self.is_layout = False
        self.hidden: list[str] = []
        self.rows_above_hidden: list[list[HtmlCell]] = []
        self._in_foot = False
        self._group = 0

    def begin_group(self, is_foot: bool) -> None:
        """Begin a row group (thead, tbody, tfoot), or end one."""
        self._group += 1
        self._in_foot = is_foot

    def begin_row(self) -> None:
        """Begin a row."""
        # The foot of a table stands below it, wherever it is written.
        self.rows.append((self._group + (_TO_THE_END if self._in_foot else 0), []))

    def hide_row(self, words: Iterable[str], has_number: bool) -> None:
        """Note a row below the latest one of which nothing is seen, or no number."""
        self.hidden += words
        if self.rows and has_number:
            self.rows_above_hidden.append(self.rows[-1][1])

    def begin_cell(self, cell: HtmlCell) -> None:
        """Begin a cell in the latest row, even if that row was closed too early, or never begun."""
        if not self.rows:
            self.begin_row()
        self.rows[-1][1].append(cell)
        self.open.append(cell)

    def end_cell(self) -> None:
        """End the latest cell."""
        if self.open:
            self.open.pop()

    def add(self, text: str, line: int | None, path: tuple[int, ...]) -> None:
        """Add a line of text: to the open cell, if there is one."""
        cell = self.open[-1] if self.open else None
        if cell is not None:
            cell.text = f"{cell.text}\n{text}" if cell.text else text
        self.pieces.append(HtmlPiece(cell, text, line, path))

    def add_picture(self, picture: Picture) -> None:
        """Add a picture: to the open cell, if there is one."""
        self.pieces.append(ShownPicture(self.open[-1] if self.open else None, picture))

    def holds_data(self) -> bool:
        """Whether this is a table of data; other tables are used for the layout of a page."""
        lengths = [len(cell.text) for _, row in self.rows for cell in row if cell.text]
        if len(lengths) < 2:
            return False
        longest = max(lengths)
        return len(lengths) >= _FEW_CELLS or longest < _LONG or longest * 2 < sum(lengths)


def make_grid(table: HtmlTable, number: int, limits: Limits, marked: bool) -> tuple[Grid, int]:
    """The grid of ``table``, the ``number``-th of its page; and how many cells overlap others.

    ``marked`` says that texts may bear marks.

    Where cells overlap, the first one keeps its place and the other stands beside it. Raises
    UnreadableSource where the table has too many cells.
    """
    lines, overlaps = _placed(table, limits)
    width = max(map(len, lines))
    for line in lines:
        line.extend([None] * (width - len(line)))
    while width > 1 and all(line[-1] is line[-2] for line in lines):
        # Columns in which no cell ends do not exist: the declared span was too wide.
        width -= 1
        for line in lines:
            line.pop()
    for _, row in table.rows:
        for cell in row:
            place = Place(line=cell.line, table=number, row=cell.row + 1, column=cell.column + 1)
            cell.made = _made(cell, place, marked)
    rows = tuple(tuple([None if cell is None else cell.made for cell in line]) for line in lines)
    grid = Grid(
        rows,
        Place(line=table.line, table=number),
        path=table.path,
        hidden=tuple(table.hidden),
        hidden_below=_rows_above_hidden(table),
    )
    return grid, overlaps


def _rows_above_hidden(table: HtmlTable) -> frozenset[int]:
    """The rows directly below which a row with a number stands that nobody sees."""
    above = set(map(id, table.rows_above_hidden))
    in_order = sorted(table.rows, key=itemgetter(0)) if above else ()
    return frozenset(i for i, (_, cells) in enumerate(in_order) if id(cells) in above)


def _made(cell: HtmlCell, place: Place, marked: bool) -> GridCell:
    """The cell of the grid; in doubt where it is not certain what is seen in it."""
    if not (marked or cell.picture):
        return GridCell(cell.text, place)
    text, doubt, readings = settled(cell.text)
    if cell.picture and not text:
        return GridCell("", place, doubt=_PICTURE)
    if cell.picture and not doubt and has_digit(text) and looks_like_cell(text):
        doubt, readings = PICTURE, (text,)
    return GridCell(text, place, doubt, readings)


def _placed(table: HtmlTable, limits: Limits) -> tuple[list[list[HtmlCell | None]], int]:
    """For every row the cell in each of its positions."""
    lines: list[list[HtmlCell | None]] = []
    rows = sorted(table.rows, key=itemgetter(0))
    below: dict[int, tuple[HtmlCell, int]] = {}
    group, slots, overlaps = -1, 0, 0
    for number, (its_group, cells) in enumerate(rows):
        if its_group != group:
            below, group = {}, its_group
        line: list[HtmlCell | None] = []
        if below:
            line = [None] * (max(below) + 1)
            for column, (cell, left) in list(below.items()):
                line[column] = cell
                if left == 1:
                    del below[column]
                else:
                    below[column] = cell, left - 1
        column = 0
        for cell in cells:
            while column < len(line) and line[column] is not None:
                column += 1
            end = column + cell.columns
            if end > len(line):
                line.extend([None] * (end - len(line)))
            if slots + len(line) > limits.most_cells:
                raise too_many_cells(limits)
            cell.row, cell.column = number, column
            for position in range(column, end):
                if line[position] is not None:
                    overlaps += 1
                    continue
                line[position] = cell
                if cell.rows > 1:
                    below[position] = cell, cell.rows - 1
            column = end
        slots += len(line)
        lines.append(line)
    return lines, overlaps


def too_many_cells(limits: Limits) -> UnreadableSource:
    """The error for a source with more cells and lines than any report has."""
    return UnreadableSource(translations("unreadable.html.too_many_cells", most=limits.most_cells))
