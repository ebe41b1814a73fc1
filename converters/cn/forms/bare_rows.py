"""The row of values of a table whose rows have no labels: it stands directly under the headings.

Where more rows of values follow, nothing shows which one is the table's (another may be that of the
year before). A row that only numbers the columns does not count, nor a row without a word, nor a
row of words, such as the heading of the next part.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from gongkai.converters.cn.forms.cells import HIDDEN, NO_COLUMN, absent_cell
from gongkai.converters.cn.forms.columns import is_head_alone, is_heading_row
from gongkai.converters.cn.forms.headings import Headings, read_headings
from gongkai.converters.cn.forms.lines import GridLine, count_numbers, numbers_columns
from gongkai.converters.cn.forms.row_reader import RowReader
from gongkai.converters.report import NOT_IN_SOURCE, Cell
from gongkai.ontology.forms import Block, Header

_PART = re.compile("[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．:：]?[^0-9０-９]{2,}")
_WORDS = re.compile(r"[^\W\d_]{4}")


@dataclass(frozen=True)
class BareLine:
    """A line of values, its headings, the lines in which these stand, and other lines of values.

    ``line`` is None where words or nothing stand under the headings; ``hidden`` says that the
    source then has a hidden row there.
    """

    line: GridLine | None
    headings: Headings
    region: tuple[int, ...]
    grid: int
    others: tuple[GridLine, ...] = ()
    hidden: bool = False


def find_bare_lines(
    block: Block, reader: RowReader, lines: Sequence[GridLine], captions: Sequence[str]
) -> list[BareLine]:
    """The lines of values under headings of ``block``.

    Those with all of its columns, if there are any; else all with some: the columns may be spread
    over several grids, each under a caption (``captions``, one for each grid) naming their head.
    """
    found = []
    for region in _heading_runs(block, lines):
        below = _lines_below(lines, region[-1])
        number = lines[region[-1]].grid
        grid = reader.grids[number]
        hidden = lines[region[-1]].row in grid.hidden_below
        if not below and not hidden:
            continue
        unseen = hidden and below and not below[0].words
        line = None if not below or unseen or _is_words(below) else below[0]
        others = () if line is None else _rivals(line, below[1:])
        headings = read_headings(block, grid, [lines[i].row for i in region], captions[number])
        if headings.found:
            bare = BareLine(line, headings, tuple(region), number, others, hidden)
            found.append(bare)
    return [bare for bare in found if bare.headings.trouble is None] or found


def read_bare_row(
    block: Block, row: Header, reader: RowReader, found: Sequence[BareLine]
) -> list[Cell]:
    """The cells of ``row`` from the lines ``found``; unread where two of them differ."""
    why = NO_COLUMN if any(bare.line is not None for bare in found) else NOT_IN_SOURCE
    if any(bare.line is None and bare.hidden for bare in found):
        why = HIDDEN
    cells: dict[str, Cell] = {}
    for bare in found:
        if bare.line is None:
            continue
        leaves = [leaf for leaf in block.leaf_columns() if leaf.iri in bare.headings.found]
        if bare.headings.columns is None and bare.headings.trouble is not None:
            met = list(reader.grids[bare.grid].distinct(bare.line.row))
            read = reader.unread(leaves, row, met, bare.headings.trouble)
        else:
            read = reader.read(block, leaves, row, bare.line, None, bare.headings)
            for other in bare.others:
                again = reader.read(block, leaves, row, other, None, bare.headings)
                read = reader.agreed(row, leaves, read, again)
        for leaf, cell in zip(leaves, read, strict=True):
            if leaf.iri in cells:
                (cell,) = reader.agreed(row, [leaf], [cells[leaf.iri]], [cell])
            cells[leaf.iri] = cell
    return [
        cells.get(leaf.iri) or absent_cell(reader.table, row, leaf, why)
        for leaf in block.leaf_columns()
    ]


def _lines_below(lines: Sequence[GridLine], last: int) -> list[GridLine]:
    """The lines of the same grid after line ``last``, from the first that may hold values on."""
    grid = lines[last].grid
    below = list(takewhile(lambda line: line.grid == grid, lines[last + 1 :]))
    said = [line for line in below if line.words]
    if len(said) > 1 and numbers_columns(said[0]) and not said[1].own and said[1].valued:
        return said[1:]
    # A blank row may stand between headings and values; it may also be the row of values itself.
    return said if said and not said[0].own and count_numbers(said[0]) > 1 else below


def _is_words(below: Sequence[GridLine]) -> bool:
    """Whether the first of the lines is words in one cell, and no values come after it.

    Words that are no heading may stand over all columns: these are reported.
    """
    first = below[0]
    if first.valued or len(first.own) != 1 or any(cell and cell.doubt for cell in first.cells):
        return False
    (cell,) = first.own
    over_others = sum(other is cell for other in first.cells) > 1
    is_words = _WORDS.search(cell.text) is not None and not any(map(str.isdigit, cell.text))
    if not _PART.match(cell.text) and (over_others or not is_words):
        return False
    return not any(count_numbers(line) > 1 for line in below[1:2])


def _rivals(line: GridLine, below: Sequence[GridLine]) -> tuple[GridLine, ...]:
    """The lines directly below ``line`` that may be the row of values as well."""

    def rivals(other: GridLine) -> bool:
        numbers = count_numbers(other)
        return len(other.own) <= len(line.own) and numbers > 1 and numbers * 2 >= wanted

    wanted = count_numbers(line)
    return tuple(takewhile(rivals, below))


def _heading_runs(block: Block, lines: Sequence[GridLine]) -> list[list[int]]:
    """Runs of adjacent lines of one grid that are headings of ``block``.

    The head over all columns of a table in parts stands in a line of its own.
    """
    runs: list[list[int]] = []
    for i, line in enumerate(lines):
        if not is_heading_row(block, line.words, line.valued):
            continue
        if runs and runs[-1][-1] == i - 1 and lines[i - 1].grid == line.grid:
            runs[-1].append(i)
        else:
            above = lines[i - 1] if i and lines[i - 1].grid == line.grid else None
            headed = above is not None and is_head_alone(block, above.words, above.valued)
            runs.append([i - 1, i] if headed else [i])
    return runs
