"""The lines of a document, and which of them show that an official table stands there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from gongkai.converters.documents.model import Grid, GridCell, Item, TextBlock
from gongkai.converters.labels import fold_label

_LONGEST_LABEL = 40
_FEW_CELLS = 3

# Rows and columns that each table has once, and that no sentence consists of.
_TRACES = {
    "statistics": re.compile(r"(?:\(.\))?(收到申请数|申请办结数|申请答复数).*"),
    "disclosure": re.compile(r"(行政许可|行政处罚|行政强制)"),
    "requests": re.compile(
        r".{0,4}(新收政府信息公开申请数|上年结转政府信息公开申请数|结转下年度继续办理).{0,2}"
    ),
    "disputes": re.compile(r"(未经复议直接起诉|复议后起诉)"),
}
ORDER = tuple(_TRACES)
"""The cubes in the order in which a report prints its tables."""


@dataclass(frozen=True)
class SourceLine:
    """A text block, or a row of a grid: the ``item`` it is or stands in, and the ``row``.

    ``block`` is its text, where it is a text block or a row with one cell only, else without text.
    ``traces`` are the labels of tables that were found, with their cubes; ``words`` the cells of a
    row of few cells without a number, one of which may name the body of a table.
    """

    item: int
    row: int
    block: TextBlock
    traces: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()


def lines_of_items(items: Sequence[Item]) -> list[SourceLine]:
    """Every text block and every row of every grid, in order."""
    lines: list[SourceLine] = []
    for i, item in enumerate(items):
        if isinstance(item, TextBlock):
            lines.append(SourceLine(i, 0, item, _traces(item.text)))
            continue
        for row in range(len(item.rows)):
            lines.append(_row(item, i, row))
    return lines


def _row(grid: Grid, item: int, row: int) -> SourceLine:
    cells = [cell for cell in grid.beginning(row) if cell.text]
    alone = cells[0] if len(cells) == 1 else None
    block = TextBlock(alone.text if alone else "", alone.place if alone else grid.place, grid.path)
    traces = tuple(trace for cell in cells for trace in _traces(cell.text))
    few = len(cells) <= _FEW_CELLS and not traces and not any(map(_is_number, cells))
    words = tuple(cell.text for cell in cells) if few else ()
    return SourceLine(item, row, block, traces, words)


def _is_number(cell: GridCell) -> bool:
    return cell.text.strip()[:1].isdigit()


@lru_cache(maxsize=16384)
def _traces(text: str) -> tuple[tuple[str, str], ...]:
    if not 4 <= len(text) <= _LONGEST_LABEL:
        return ()
    folded = fold_label(text)
    found = ((cube, pattern.fullmatch(folded)) for cube, pattern in _TRACES.items())
    return tuple((cube, match[1]) for cube, match in found if match)
