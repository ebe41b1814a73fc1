"""Numbers and words in the grids of official tables that belong to none of the tables."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.cn.forms.cells import NOT_FOUND
from gongkai.converters.cn.forms.own_rows import OwnRow, compared, own_row_cell
from gongkai.converters.documents.model import Grid, GridCell
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import NOT_IN_SOURCE, Cell, CellState, Note, ReportTable
from gongkai.ontology.texts import translations

_NUMBERS_ROWS = {"序号", "编号", "行次", "栏次", "代码"}
"""Headings of columns that only number the rows of a table."""

_NUMBERS_COLUMNS = {"栏次", "列次", "列号", "序号", "编号", "甲", "乙", "丙"}
"""What stands before the numbers of columns."""

_LEAST_NUMBERED = 3

_DIGIT = re.compile(r"\d")

GridRow = tuple[int, int]
"""(position of the grid, row of it)."""


def rows_taken(used: set[int]) -> range:
    """The rows of a grid that belong to its tables: from the first used one to the last."""
    return range(min(used), max(used) + 1)


def with_strays(
    tables: dict[str, ReportTable],
    rows: dict[GridRow, str],
    met: frozenset[int],
    own: dict[GridRow, OwnRow],
    grids: Sequence[Grid],
) -> tuple[dict[str, ReportTable], list[Note]]:
    """The tables with the numbers in their grids that belong to none of them.

    They are unread cells of the table whose rows stand before them; words become notes. ``own`` are
    rows whose numbers have a label and can be compared with the printed total.
    """
    notes: list[Note] = []
    added: dict[str, list[OwnRow]] = {}
    for grid in sorted({grid for grid, _ in rows}):
        used = {row for g, row in rows if g == grid}
        cube = rows[grid, min(used)]
        for row in range(len(grids[grid].rows)):
            cube = rows.get((grid, row), cube)
            if (grid, row) in own and not any(id(cell) in met for cell in own[grid, row].cells):
                added.setdefault(cube, []).append(own[grid, row])
                form_table = tables[cube].form.table(cube)
                own_cell = own_row_cell(form_table, own[grid, row])
                tables[cube] = replace(tables[cube], cells=(*tables[cube].cells, own_cell))
                continue
            strays = []
            if _numbers_columns(grids[grid], row):
                continue
            for cell in grids[grid].beginning(row):
                if not cell.text or id(cell) in met or _is_running_number(grids[grid], row, cell):
                    continue
                if cell.doubt or (looks_like_cell(cell.text) and _DIGIT.search(cell.text)):
                    strays.append(cell)
                elif row not in used and row in rows_taken(used):
                    notes.append(_words(cell))
            if strays:
                cells = (*tables[cube].cells, _stray(strays))
                tables[cube] = replace(tables[cube], cells=cells)
    tables = {cube: _perhaps_among_strays(table) for cube, table in tables.items()}
    for cube, own_rows in added.items():
        notes += compared(tables[cube], own_rows)
    return tables, notes


def _perhaps_among_strays(table: ReportTable) -> ReportTable:
    """The table; where numbers belong to no cell of it, no row is reported as not in the source."""
    if not any(cell.state is CellState.UNREAD and not cell.column for cell in table.cells):
        return table
    return replace(
        table,
        cells=tuple(
            replace(cell, reason=NOT_FOUND) if cell.reason == NOT_IN_SOURCE else cell
            for cell in table.cells
        ),
    )


def _numbers_columns(grid: Grid, row: int) -> bool:
    """Whether the row only numbers the columns, as usual in statistics: 栏次, 1, 2, 3 …"""
    texts = [fold_label(cell.text) for cell in grid.distinct(row) if cell.text]
    numbers = [text for text in texts if text not in _NUMBERS_COLUMNS]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(numbers) < len(texts) and len(numbers) >= _LEAST_NUMBERED and numbers == counted


def _is_running_number(grid: Grid, row: int, cell: GridCell) -> bool:
    """Whether the cell stands in a column that only numbers the rows."""
    columns = [i for i, other in enumerate(grid.rows[row]) if other is cell]
    return any(
        (head := grid.rows[above][column]) is not None and fold_label(head.text) in _NUMBERS_ROWS
        for above in range(row)
        for column in columns
    )


def _stray(cells: Sequence[GridCell]) -> Cell:
    """The numbers of a row that belong to no cell of the form."""
    printed = " ".join(cell.text for cell in cells)
    return Cell(
        codes={},
        row={},
        column={},
        state=CellState.UNREAD,
        place=cells[0].place,
        reason=translations("forms.stray_number", text=printed),
        readings=tuple(cell.text for cell in cells),
    )


def _words(cell: GridCell) -> Note:
    return Note(
        message=translations("forms.stray_words", text=cell.text),
        place=cell.place,
        printed=cell.text,
    )
