"""The items of a document, with the lines split that hold a table; and which result is accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.converters.cn.forms.in_lines import InLines, TableLines
from gongkai.converters.cn.forms.parts import extent
from gongkai.converters.cn.forms.printed_sums import PrintedSums
from gongkai.converters.cn.forms.spread import Spread
from gongkai.converters.cn.forms.strays import GridRow
from gongkai.converters.documents.model import Item, TextBlock
from gongkai.converters.report import CellState, ReportTable
from gongkai.ontology.forms import Form, Table

_PLACED = (CellState.READ, CellState.NOT_STATED)

Candidates = Mapping[str, Sequence[tuple[Form, Table]]]
"""The tables of each cube, with their forms."""


@dataclass(frozen=True)
class TakenApart:
    """Items in which the tables of ``found``, by cube, are streams of blocks.

    ``origins`` gives for each item where it stood: its position, and the row of a grid.
    """

    items: tuple[Item, ...]
    origins: tuple[tuple[int, int | None], ...]
    found: Mapping[str, InLines]

    def blocks_and_rows(
        self, blocks: frozenset[int], rows: frozenset[GridRow]
    ) -> tuple[frozenset[int], frozenset[GridRow]]:
        """Positions of text blocks and rows of grids among ``items`` as positions in the source."""
        origins = {self.origins[block] for block in blocks}
        in_grids = {(item, row) for item, row in origins if row is not None}
        in_grids |= {(self.origins[item][0], row) for item, row in rows}
        return frozenset(item for item, row in origins if row is None), frozenset(in_grids)


def lines_of_tables(
    items: Sequence[Item],
    headings: Mapping[int, int],
    tables: Sequence[ReportTable],
    candidates: Candidates,
) -> dict[str, list[TableLines]]:
    """By cube, the lines of the part of the report with a table that is not completely read.

    ``headings`` are the positions of the parts' headings among the text blocks of ``items``,
    ``tables`` those read.
    """
    read = {table.cube for table in tables if _is_placed(table)}
    found: dict[str, list[TableLines]] = {}
    positions = [i for i, item in enumerate(items) if isinstance(item, TextBlock)]
    headings = {part: positions[at] for part, at in headings.items()}
    spread = Spread(items)
    for cube, forms in candidates.items():
        if cube in read:
            continue
        found[cube] = [
            TableLines(table, spread, *extent(table, headings, len(items))) for _, table in forms
        ]
    return found


def take_apart(
    items: Sequence[Item], lines: Mapping[str, Sequence[TableLines]]
) -> TakenApart | None:
    """The items with the tables split that stand in lines; None, if there is none."""
    found: dict[str, InLines] = {}
    for cube, those in lines.items():
        whole = [in_lines for one in those if (in_lines := one.whole()) is not None]
        if whole:
            found[cube] = max(whole, key=lambda in_lines: len(in_lines.pieces))
    return _apart(items, found) if found else None


def is_believed(
    first: Sequence[ReportTable], second: Sequence[ReportTable], apart: TakenApart
) -> bool:
    """Whether the tables ``second``, read from the split items, are accepted in place of ``first``.

    All their cells are placed, the sums hold where they must, and nothing read before differs.
    """
    by_cube = {table.cube: table for table in second}
    if any(not _is_confirmed(by_cube.get(cube), found) for cube, found in apart.found.items()):
        return False
    read = {cell_key for table in second for cell_key in _read(table)}
    return all(cell_key in read for table in first for cell_key in _read(table))


def _is_confirmed(table: ReportTable | None, found: InLines) -> bool:
    if table is None or not _is_placed(table):
        return False
    return not found.needs_sums or _sums_hold(table)


def _is_placed(table: ReportTable) -> bool:
    return all(cell.state in _PLACED for cell in table.cells)


def _sums_hold(table: ReportTable) -> bool:
    """Whether all sums of the table hold, if it has any."""
    sums = PrintedSums(table)
    every = {equation for equations in sums.equations.values() for equation in equations}
    return bool(every) and all(sums.gap(equation) == 0 for equation in every)


def _read(table: ReportTable) -> set[tuple[object, ...]]:
    return {
        (table.cube, frozenset(cell.codes.items()), cell.value)
        for cell in table.cells
        if cell.state is CellState.READ
    }


def _apart(items: Sequence[Item], found: Mapping[str, InLines]) -> TakenApart:
    pieces: dict[int, list[tuple[Item, int | None]]] = {}
    for in_lines in found.values():
        for piece in in_lines.pieces:
            pieces.setdefault(piece.item, []).append((piece.block, piece.row))
    new: list[Item] = []
    origins: list[tuple[int, int | None]] = []
    for i, item in enumerate(items):
        for part, row in pieces.get(i, [(item, None)]):
            new.append(part)
            origins.append((i, row))
    return TakenApart(tuple(new), tuple(origins), found)
