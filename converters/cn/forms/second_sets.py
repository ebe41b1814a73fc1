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
    return {
        "zh": f"文件中的表格有两套，数值相同{_at(doubt)['zh']}",
        "en": f"the tables appear twice, with the same values{_at(doubt)['en']}",
    }


def _at(doubt: Doubt) -> Label:
    where = doubt.place.describe()
    return {"zh": f"（{where}）", "en": f" ({where})"} if where else {"zh": "", "en": ""}


def _second(doubt: Doubt) -> Label:
    """What the second set is, by what stands before it."""
    words = doubt.text if len(doubt.text) <= _MOST_WORDS else doubt.text[:_MOST_WORDS] + "…"
    at = _at(doubt)
    if doubt.again:
        return {
            "zh": f"同一机构同一年度的又一标题“{words}”{at['zh']}之下",
            "en": f"under a second title of the same body and year, “{words}”{at['en']}",
        }
    if doubt.signed:
        return {
            "zh": f"报告落款“{words}”{at['zh']}之后",
            "en": f"after the signature that ends the report, “{words}”{at['en']}",
        }
    if doubt.text:
        return {
            "zh": f"可能是另一份报告开头的“{words}”{at['zh']}之后",
            "en": f"after “{words}”{at['en']}, which may begin another report",
        }
    return {
        "zh": f"没有标题的第二套表{at['zh']}中",
        "en": f"in a second set without a title{at['en']}",
    }


def _begins_here(doubt: Doubt) -> Label:
    second = _second(doubt)
    return {
        "zh": f"文件中有第二套表，在{second['zh']}，其表格和文字未归入本报告；请拆分文件，"
        "或者补上标题",
        "en": f"there are tables {second['en']}: neither they nor the text around them were taken "
        "for this report; split the file, or write a title there that names body and year",
    }


def _whose(doubt: Doubt) -> Label:
    second = _second(doubt)
    return {
        "zh": f"该表在{second['zh']}，不能确定是谁的表",
        "en": f"the table stands {second['en']}: it is not clear whose it is",
    }


def _contradicted(doubt: Doubt, other: Cell) -> Label:
    second = _second(doubt)
    return {
        "zh": f"文件中有两套数值不同的表，{second['zh']}为 {other.value}，不能确定哪一套属于该机构",
        "en": f"there are two sets of tables, and {other.value} stands {second['en']}: it is not "
        "clear which of the two is this body's",
    }
