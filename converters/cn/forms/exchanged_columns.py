"""Columns under one another's headings, as where a merged heading covers a column too few.

The headings say which column is the total. Where no sum of a row holds as they say, and the sums
hold with the total and one other column exchanged, neither of the two columns is read.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.cn.forms.cells import made_unread
from gongkai.converters.cn.forms.printed_sums import PrintedSums
from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import Block, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.sums import Key
from gongkai.ontology.texts import translations

_LEAST = 3
"""The least number of rows that must support the exchange: wrong sums are printed too."""

_MISPRINTS = 0.2
"""The largest part of those rows that may hold in neither way."""

Exchange = tuple[int, int]
"""The positions of the column of totals and of another, in the order of the form."""


def without_exchanged_columns(table: ReportTable) -> ReportTable:
    """The table; columns whose sums hold only with another column in the place are unread."""
    sums = PrintedSums(table)
    unread: dict[int, tuple[Label, tuple[str, ...]]] = {}
    for block in table.form.table(table.cube).blocks:
        rows = [
            [sums.key(cell_codes(row, column)) for column in block.leaf_columns()]
            for row in block.leaf_rows()
        ]
        exchange = _exchange(sums, rows)
        if exchange is not None:
            reason = _reason(block, exchange)
            for keys in rows:
                cells = [sums.cells.get(keys[column]) for column in exchange]
                texts = tuple(_printed(cell) for cell in cells if cell is not None)
                unread |= {id(cell): (reason, texts) for cell in cells if cell is not None}
    if not unread:
        return table
    return replace(table, cells=tuple(_unread(cell, unread.get(id(cell))) for cell in table.cells))


def _exchange(sums: PrintedSums, rows: Sequence[Sequence[Key]]) -> Exchange | None:
    """The exchange of two columns that the sums of the rows support; None where there is none."""
    found: list[tuple[list[Decimal], int]] = []
    for keys in rows:
        total = _total(sums, keys)
        if total is not None and all(key in sums.values for key in keys):
            found.append(([sums.values[key] for key in keys], total))
    totals = {total for _, total in found}
    if len(found) < _LEAST or len(totals) > 1:
        return None
    (total,) = totals
    lines = [values for values, _ in found]
    for other in range(len(rows[0])):
        if other != total and _speaks_for(lines, total, other):
            return total, other
    return None


def _speaks_for(rows: Sequence[Sequence[Decimal]], total: int, other: int) -> bool:
    """Whether the sums of the rows hold with ``other`` as the total, and not as printed."""
    support, lacking = [], 0
    for values in rows:
        printed, exchanged = _holds(values, total), _holds(values, other)
        if printed and not exchanged:
            return False
        if exchanged and not printed:
            support.append(values)
        lacking += not (printed or exchanged)
    plain = sum(bool(values[total]) for values in support)
    return plain >= _LEAST and lacking <= _MISPRINTS * len(support)


def _total(sums: PrintedSums, keys: Sequence[Key]) -> int | None:
    """The position of the total of all other cells of a row; None where there is no such cell."""
    for i, key in enumerate(keys):
        for equation in sums.equations.get(key, ()):
            if equation.left == (key,) and {key, *equation.right} == set(keys):
                return i
    return None


def _holds(values: Sequence[Decimal], total: int) -> bool:
    """Whether the value at ``total`` is the sum of all others."""
    return 2 * values[total] == sum(values)


def _reason(block: Block, exchange: Exchange) -> Label:
    first, second = (block.leaf_columns()[column].label for column in exchange)
    return translations("forms.sums_refute_headings", first=first, second=second)


def _printed(cell: Cell) -> str:
    return cell.text if cell.text is not None else str(cell.value)


def _unread(cell: Cell, why: tuple[Label, tuple[str, ...]] | None) -> Cell:
    if why is None or cell.state is not CellState.READ:
        return cell
    return made_unread(cell, *why)
