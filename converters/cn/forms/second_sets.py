"""A second set of tables in a document without a title that says whose it is.

Where it equals the first, it is a copy. Otherwise nothing of it is read, and nothing of the first
that it contradicts.
"""

from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.cn.forms.cells import made_unread
from gongkai.converters.cn.forms.several import Doubt
from gongkai.converters.cn.forms.tables import TableSet, read_tables
from gongkai.converters.report import Cell, CellState, Note, ReportTable
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_MOST_WORDS = 40

_Codes = frozenset[tuple[str, str]]


def without_second_set(doubt: Doubt) -> TableSet | None:
    """The tables before ``doubt``, those after it unread; None where there is no real doubt.

    There is none where what stands after only completes what stands before, and no words separate
    the two: then one set was split, by a page for example.
    """
    second = read_tables(doubt.after)
    if not doubt.text and not _numbers(second.tables):
        return None
    first = read_tables(doubt.before)
    if doubt.text and not _numbers(second.tables):
        # What cannot be read by itself may nevertheless be taken as part of the first set.
        second = read_tables((*doubt.before, *doubt.after))
    own, others = _numbers(first.tables), _numbers(second.tables)
    contradicted = any(own[key].value != cell.value for key, cell in others.items() if key in own)
    added = others.keys() - own.keys()
    if (
        not any(map(_is_there, _cells(first)))
        or not others
        or (added and not contradicted and not doubt.text)
    ):
        return None
    if not contradicted and not added:
        note = Note(_copy(doubt), place=doubt.place)
        return replace(first, notes=(*first.notes, note))
    begun = [table for table in first.tables if any(_is_there(cell) for cell in table.cells)]
    tables = [_doubted(table, others, doubt) for table in begun]
    met = {table.cube for table in begun}
    tables += [_unread(table, doubt) for table in second.tables if table.cube not in met]
    met = {table.cube for table in tables}
    tables += [table for table in first.tables if table.cube not in met]
    note = Note(_begins_here(doubt), place=doubt.place, printed=doubt.text or None)
    return replace(first, tables=tuple(tables), notes=(*first.notes, note))


def _cells(found: TableSet) -> list[Cell]:
    return [cell for table in found.tables for cell in table.cells]


def _is_there(cell: Cell) -> bool:
    return cell.state is not CellState.ABSENT


def _numbers(tables: Sequence[ReportTable]) -> dict[tuple[str, _Codes], Cell]:
    return {
        (table.cube, frozenset(cell.codes.items())): cell
        for table in tables
        for cell in table.cells
        if cell.state is CellState.READ and cell.codes
    }


def _doubted(
    table: ReportTable, others: dict[tuple[str, _Codes], Cell], doubt: Doubt
) -> ReportTable:
    """The table of the first set, without what differs in the second, or stands there alone."""
    cells = []
    for cell in table.cells:
        other = others.get((table.cube, frozenset(cell.codes.items())))
        if other is None or not cell.codes or cell.value == other.value:
            cells.append(cell)
        elif cell.state is CellState.READ:
            readings = (str(cell.value), str(other.value))
            cells.append(made_unread(cell, _contradicted(doubt, other), readings))
        elif cell.state is CellState.ABSENT:
            cells.append(made_unread(cell, _whose(doubt), (str(other.value),)))
        else:
            cells.append(cell)
    return replace(table, cells=tuple(cells))


def _unread(table: ReportTable, doubt: Doubt) -> ReportTable:
    """A table that only the second set has."""
    return replace(
        table,
        cells=tuple(
            made_unread(cell, _whose(doubt), (str(cell.value),))
            if cell.state in (CellState.READ, CellState.IMPUTED)
            else cell
            for cell in table.cells
        ),
    )


def _copy(doubt: Doubt) -> Label:
    return translations("forms.second_set.copy", at=_at(doubt))


def _at(doubt: Doubt) -> Label:
    where = doubt.place.label
    return {"zh": f"（{where['zh']}）", "en": f" ({where['en']})"} if where["en"] else where


def _second(doubt: Doubt) -> Label:
    """What the second set is, by what stands before it."""
    words = doubt.text if len(doubt.text) <= _MOST_WORDS else doubt.text[:_MOST_WORDS] + "…"
    at = _at(doubt)
    if doubt.again:
        return translations("forms.second_set.title", words=words, at=at)
    if doubt.signed:
        return translations("forms.second_set.signature", words=words, at=at)
    if doubt.text:
        return translations("forms.second_set.other_report", words=words, at=at)
    return translations("forms.second_set.untitled", at=at)


def _begins_here(doubt: Doubt) -> Label:
    second = _second(doubt)
    return translations("forms.second_set.begins_here", where=second)


def _whose(doubt: Doubt) -> Label:
    second = _second(doubt)
    return translations("forms.second_set.whose", where=second)


def _contradicted(doubt: Doubt, other: Cell) -> Label:
    second = _second(doubt)
    return translations("forms.second_set.contradicted", where=second, value=other.value)
