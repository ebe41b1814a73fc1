"""Tables printed in blocks side by side, each with all headings: put one below another.

The statistics of 2014 are often printed like this: 统计指标, 单位, 统计数 and the same once more.
"""

import re
from dataclasses import dataclass, replace

from gongkai.converters.documents.model import Grid
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import looks_like_cell

_MOST_ABOVE = 3
"""A title or a line of units may stand above the headings, in so many rows."""

_MOST_BLOCKS = 3
_WORDS = re.compile("[\u4e00-\u9fff]{2}")
_LEAST_LABELLED = 0.5
"""The least share of rows in which each block begins with words, like rows of a table."""


@dataclass(frozen=True)
class Stacked:
    """``grid`` with its blocks one below another; ``rows`` gives the row of the source of each."""

    grid: Grid
    rows: tuple[int, ...]


def stacked(grid: Grid) -> Stacked:
    """The grid to be read: unchanged, unless its headings repeat from left to right."""
    for head in range(min(_MOST_ABOVE + 1, len(grid.rows) - 1)):
        width = _repeated(grid, head)
        if width and _are_tables(grid, head, width):
            return _one_below_another(grid, head, width)
    return Stacked(grid, tuple(range(len(grid.rows))))


def _repeated(grid: Grid, row: int) -> int:
    """The width of the blocks in which the headings in ``row`` repeat; 0 where they do not."""
    cells = grid.rows[row]
    texts = [fold_label(cell.text) if cell is not None else "" for cell in cells]
    if not all(texts) or any(map(looks_like_cell, texts)):
        return 0
    for blocks in range(2, _MOST_BLOCKS + 1):
        width, rest = divmod(len(texts), blocks)
        if rest == 0 and len(set(texts)) > 1 and texts == texts[:width] * blocks:
            return width
    return 0


def _are_tables(grid: Grid, head: int, width: int) -> bool:
    """Whether every block has rows with labels of its own, and no cell is in two blocks."""
    begins = range(0, grid.width, width)
    for row in grid.rows[head:]:
        if any(row[i] is not None and row[i] is row[i - 1] for i in begins if i):
            return False
    body = grid.rows[head + 1 :]
    labelled = [
        sum((cell := row[i]) is not None and _WORDS.search(cell.text) is not None for row in body)
        for i in begins
    ]
    return bool(body) and min(labelled) >= _LEAST_LABELLED * len(body)


def _one_below_another(grid: Grid, head: int, width: int) -> Stacked:
    rows = [row[:width] for row in grid.rows[:head]]
    numbers = list(range(head))
    for begin in range(0, grid.width, width):
        rows += [row[begin : begin + width] for row in grid.rows[head:]]
        numbers += range(head, len(grid.rows))
    return Stacked(replace(grid, rows=tuple(rows), hidden_below=frozenset()), tuple(numbers))
