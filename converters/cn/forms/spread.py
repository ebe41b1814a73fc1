"""Lines and rows that hold several labels or values of a table, split into a stream.

A table may stand in lines: its headings one per line and its values all in one, or all of it in one
line of text or one row of a grid. There nothing but the order shows which value is whose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.converters.documents.model import Grid, GridCell, Item, TextBlock
from gongkai.converters.numbers import looks_like_cell

_LONGEST_LINE = 2000
_MOST_PIECES = 5000
_PROSE = frozenset("。；！？;!?")

LineKey = tuple[str, int, int]
"""What distinguishes lines: a line of a text file, or an item of another format, or its row."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A word, or a cell: the position of its ``item``, and the ``row`` of a grid.

    ``row`` is None in text. A piece without text is something that can be no label and no value: a
    blank cell among values, or a grid whose columns carry more information than its order.
    ``in_text_line`` says that it is a number in a line of text of a page (PDF, scan), which was
    read once only: nothing but the text's spaces shows where it ends.
    """

    block: TextBlock
    item: int
    row: int | None
    line: LineKey
    in_text_line: bool = False

    @cached_property
    def is_value(self) -> bool:
        """Whether it is a number or a mark for nothing."""
        return looks_like_cell(self.block.text)


class Spread:
    """The items of a document split into pieces, each once: several tables are searched in them."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Take ``items``; they are split when they are needed."""
        self.items = items
        self._taken_apart: dict[int, tuple[Piece, ...]] = {}

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The pieces of the items from ``start`` up to ``end``; none, if no table has so many."""
        pieces: list[Piece] = []
        for i in range(start, end):
            pieces += self._of_item(i)
            if len(pieces) > _MOST_PIECES:
                return []
        return pieces

    def _of_item(self, i: int) -> tuple[Piece, ...]:
        if i not in self._taken_apart:
            item = self.items[i]
            found = _of_text(item, i) if isinstance(item, TextBlock) else _of_grid(item, i)
            self._taken_apart[i] = tuple(found)
        return self._taken_apart[i]


def _of_text(block: TextBlock, item: int) -> Iterator[Piece]:
    """The words of a line of labels and values; prose stays whole."""
    text, place = block.text, block.place
    line = ("line", place.line, 0) if place.line and not block.path else ("", item, 0)
    whole = len(text) > _LONGEST_LINE or not _PROSE.isdisjoint(text)
    words = [text] if whole else text.split()
    if words == [text]:
        yield Piece(block, item, None, line)
        return
    for word in words:
        in_text_line = bool(place.page) and looks_like_cell(word)
        yield Piece(TextBlock(word, place, block.path), item, None, line, in_text_line)


def _of_grid(grid: Grid, item: int) -> Iterator[Piece]:
    if not _order_decides_all(grid):
        yield Piece(TextBlock("", grid.place, grid.path), item, 0, ("", item, 0))
        return
    only = _only_column(grid)
    for row in range(len(grid.rows)):
        yield from _of_row(grid, row, item, only)


def _only_column(grid: Grid) -> int | None:
    """The only column of a grid that has content; None where there is not exactly one.

    Regions of a sheet are as wide as the sheet; blanks beside such a column mean nothing.
    """
    filled = {
        column
        for row in grid.rows
        for column, cell in enumerate(row)
        if cell is not None and (cell.text or cell.doubt)
    }
    return filled.pop() if len(filled) == 1 else None


def _order_decides_all(grid: Grid) -> bool:
    """Whether the columns of a grid add nothing to the order within its rows.

    This is true where they are not columns of the source, where there is one row or column, or only
    words.
    """
    if grid.hidden or grid.hidden_below:
        return False
    rows = [row for row in range(len(grid.rows)) if any(c.text for c in grid.distinct(row))]
    if not grid.aligned or _only_column(grid) is not None or len(rows) <= 1:
        return True
    return not any(_has_value(grid, row) for row in rows)


def _of_row(grid: Grid, row: int, item: int, only: int | None) -> Iterator[Piece]:
    valued = _has_value(grid, row)
    for cell in grid.beginning(row):
        if only is not None and cell is not grid.rows[row][only]:
            continue
        if not (cell.text or cell.doubt or valued):
            continue
        text = "" if cell.doubt else cell.text
        yield Piece(TextBlock(text, cell.place, grid.path), item, row, ("row", item, row))


def _has_value(grid: Grid, row: int) -> bool:
    return any(_is_value(cell) for cell in grid.distinct(row))


def _is_value(cell: GridCell) -> bool:
    return bool(cell.doubt) or looks_like_cell(cell.text)
