"""Rows of numbers that belong to no official table: a row of the form may be among them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from gongkai.converters.cn.forms.cells import NO_COLUMN, NO_VALUES
from gongkai.converters.documents.model import Grid
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import NOT_IN_SOURCE, Cell, ReportTable
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, translations

FEWEST = 3
"""The least number of numbers side by side that may be those of a row of the form."""

_MOST_SHOWN = 4
"""Up to this number of remaining rows of numbers, all are shown."""

_DIGIT = re.compile(r"\d")


def with_left_over_reported(
    tables: Mapping[str, ReportTable], grids: Sequence[Grid], taken: Collection[int]
) -> dict[str, ReportTable]:
    """The tables; where numbers are left over, no row is reported as not in the source.

    ``taken`` are the positions of the grids in which the tables were read; what is left over are
    rows of other grids, and numbers of these that belong to no cell.
    """
    if not any(_is_said_missing(cell) for table in tables.values() for cell in table.cells):
        return dict(tables)
    strays = (cell.readings for table in tables.values() for cell in table.cells if not cell.codes)
    others = (row for i, grid in enumerate(grids) if i not in taken for row in _rows(grid))
    left_over = [" ".join(row) for row in chain(strays, others) if len(row) >= FEWEST]
    if not left_over:
        return dict(tables)
    return {cube: with_missing_reported(table, left_over) for cube, table in tables.items()}


def with_missing_reported(table: ReportTable, left_over: Sequence[str]) -> ReportTable:
    """The table, its missing rows reported as not found beside the rows ``left_over``."""
    rows = _listed(left_over)
    row = translations("forms.row_beside_others", rows=rows)
    column = translations("forms.column_beside_others", rows=rows)
    cells = (
        replace(c, reason=column if c.reason == NO_COLUMN else row) if _is_said_missing(c) else c
        for c in table.cells
    )
    return replace(table, cells=tuple(cells))


def _is_said_missing(cell: Cell) -> bool:
    return cell.reason in (NOT_IN_SOURCE, NO_VALUES, NO_COLUMN)


def _rows(grid: Grid) -> Iterator[tuple[str, ...]]:
    """The numbers of each row."""
    for row in range(len(grid.rows)):
        yield tuple(cell.text for cell in grid.distinct(row) if _is_number(cell.text))


def _is_number(text: str) -> bool:
    return _DIGIT.search(text) is not None and looks_like_cell(text)


def _listed(rows: Sequence[str]) -> Label:
    """The first of the rows, and how many there are."""
    shown = listed(f"“{row}”" for row in rows[:_MOST_SHOWN])
    if len(rows) <= _MOST_SHOWN:
        return shown
    # Chinese counts all rows, English those not shown.
    count = {"zh": len(rows), "en": len(rows) - _MOST_SHOWN}
    return translations("forms.rows_shortened", rows=shown, count=count)
