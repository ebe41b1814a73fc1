"""The row of values of a table whose rows have no labels: it stands right under the headings."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.converters.forms.cells import absent_cell
from gongkai.converters.forms.columns import is_heading_row
from gongkai.converters.forms.headings import Headings, read_headings
from gongkai.converters.forms.lines import Line
from gongkai.converters.forms.row_reader import RowReader
from gongkai.converters.report import Cell
from gongkai.ontology.forms import Block, Header


@dataclass(frozen=True)
class BareLine:
    """A line of values, its headings, and the lines that these stand in."""

    line: Line
    headings: Headings
    region: tuple[int, ...]


def find_bare_lines(
    block: Block, reader: RowReader, lines: Sequence[Line], captions: Sequence[str]
) -> list[BareLine]:
    """The lines of values under headings of ``block``.

    Those with all of its columns, if there are such; else all with some: the columns may be parted
    over several grids, each under a caption (``captions``, one for each grid) naming their head.
    """
    found = []
    for region in _heading_runs(block, lines):
        below = region[-1] + 1
        if below == len(lines) or lines[below].grid != lines[region[-1]].grid:
            continue
        line = lines[below]
        rows = [lines[i].row for i in region]
        headings = read_headings(block, reader.grids[line.grid], rows, captions[line.grid])
        if headings.found:
            found.append(BareLine(line, headings, tuple(region)))
    return [bare for bare in found if bare.headings.trouble is None] or found


def read_bare_row(
    block: Block, row: Header, reader: RowReader, found: Sequence[BareLine]
) -> list[Cell]:
    """The cells of ``row`` from the lines ``found``; unread where two of them say otherwise."""
    cells: dict[str, Cell] = {}
    for bare in found:
        leaves = [leaf for leaf in block.leaf_columns() if leaf.iri in bare.headings.found]
        if bare.headings.columns is None and bare.headings.trouble is not None:
            met = list(reader.grids[bare.line.grid].distinct(bare.line.row))
            read = reader.unread(leaves, row, met, bare.headings.trouble)
        else:
            read = reader.read(block, leaves, row, bare.line, None, bare.headings)
        for leaf, cell in zip(leaves, read, strict=True):
            if leaf.iri in cells:
                (cell,) = reader.agreed(row, [leaf], [cells[leaf.iri]], [cell])
            cells[leaf.iri] = cell
    return [
        cells.get(leaf.iri) or absent_cell(reader.table, row, leaf) for leaf in block.leaf_columns()
    ]


def _heading_runs(block: Block, lines: Sequence[Line]) -> list[list[int]]:
    """Runs of adjacent lines of one grid that are headings of ``block``."""
    runs: list[list[int]] = []
    for i, line in enumerate(lines):
        if not is_heading_row(block, line.words, line.valued):
            continue
        if runs and runs[-1][-1] == i - 1 and lines[i - 1].grid == line.grid:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
