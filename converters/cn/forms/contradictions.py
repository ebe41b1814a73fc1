"""Tables that the words around them say to be of another year, in another unit, or another body's.

A part heading left over from last year's report, a unit over the table that is not the form's, the
name of another body in its caption: what the number then is cannot be told, and it is not read.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai.converters.cn.forms.cells import made_unread
from gongkai.converters.cn.forms.statements import (
    body_stated,
    contradicts_unit,
    units_stated,
    years_meant,
    years_stated,
)
from gongkai.converters.cn.forms.surroundings import Surroundings, from_part_heading
from gongkai.converters.documents.model import TextBlock
from gongkai.converters.report import Cell, CellState, Note, ReportTable
from gongkai.ontology.forms import Header, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import value_type

_OF_MONEY = re.compile("收费|费用|金额|经费")
"""Words by which a unit of money is that of one column, which may be another table's."""

_Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Published:
    """What the tables of a report are published as: its body's name, its year.

    ``year_told`` tells that the operator decided the year; ``is_other`` whether a name is surely
    that of another body.
    """

    body: str
    year: int
    year_told: bool
    is_other: Callable[[str], bool]


def without_contradicted(
    table: ReportTable, around: Surroundings, published: Published
) -> tuple[ReportTable, tuple[Note, ...]]:
    """The table without the values that the words ``around`` make something else, and notes."""
    notes: list[Note] = []
    reason = _other_body((*around.over, *around.corners), published)
    headers = _headers(table)
    shared = _shared(around)
    has_money = _has_money(table)
    lines = [block.text for block in around.over]
    corners = from_part_heading([block.text for block in around.corners])
    cells = []
    for cell in table.cells:
        row, column = headers.get(frozenset(cell.codes.items()), (None, None))
        if row is None or column is None:
            cells.append(cell)
            continue
        above = from_part_heading(around.columns.get(column.iri, ()))
        words = _Words(lines, corners, around.rows.get(row.iri, ()), above)
        other = reason or _other_year(words, row, column, published)
        if other is not None and reason is None and published.year_told:
            note = _overruled(other)
            notes += [note] if note not in notes else []
            other = None
        if other is not None and cell.state in (CellState.READ, CellState.NOT_STATED):
            cells.append(made_unread(cell, other, (_printed(cell),)))
            continue
        own = [text for text in above if text not in shared]
        words = replace(words, lines=[*lines, *shared], column=own)
        cells.append(_without_other_unit(cell, words, around.below, has_money))
    return replace(table, cells=tuple(cells)), tuple(notes)


@dataclass(frozen=True)
class _Words:
    """What is printed over the table, beside its headings, before a cell, above its column."""

    lines: Sequence[str]
    corners: Sequence[str]
    row: Sequence[str]
    column: Sequence[str]


def _shared(around: Surroundings) -> list[str]:
    """What is printed above several columns: a unit in it is that of the whole table."""
    columns = Counter(text for texts in around.columns.values() for text in set(texts))
    return [text for text, count in columns.items() if count > 1]


def _headers(table: ReportTable) -> Mapping[_Codes, tuple[Header, Header]]:
    if table.cube not in table.form.cubes:
        return {}
    return {
        frozenset(cell_codes(row, column).items()): (row, column)
        for block in table.form.table(table.cube).blocks
        for row, column in block.cells()
    }


def _printed(cell: Cell) -> str:
    if cell.readings:
        return cell.readings[0]
    return cell.text if cell.text is not None else str(cell.value)


def _other_body(over: Sequence[TextBlock], published: Published) -> Label | None:
    for block in over:
        name = body_stated(block.text)
        if name and published.is_other(name):
            return {
                "zh": f"表上印有“{block.text.strip()}”，而报告属于“{published.body}”，"
                "不能确定是谁的表",
                "en": f"“{block.text.strip()}” is printed over the table, the report is that of "
                f"“{published.body}”: whose table it is cannot be told",
            }
    return None


def _other_year(words: _Words, row: Header, column: Header, published: Published) -> Label | None:
    """Why the value may be another year's, by what is nearest to it."""
    year = published.year
    groups = [(words.row, row), (words.column, column), (words.corners, None)]
    for texts, header in [*groups, *(((line,), None) for line in words.lines)]:
        stated = [(text, years) for text in texts if (years := years_stated(text))]
        meant = years_meant(header.label.get("zh", "") if header else "", year)
        if any(years & meant for _, years in stated):
            # Beside the report's own year another one is only compared with it.
            continue
        for text, years in stated:
            other = "、".join(map(str, sorted(years)))
            return {
                "zh": f"“{text.strip()}”所称年度为 {other} 年，与报告的 {year} 年不一致；如系笔误，"
                "请用 --year 指明年度",
                "en": f"“{text.strip()}” speaks of another year than {year}, the report's: "
                f"{other}; if that is a misprint, say which year it is with --year",
            }
    return None


def _overruled(reason: Label) -> Note:
    return Note(
        {
            "zh": f"{reason['zh']}；以使用者指定的年度为准",
            "en": f"{reason['en']}; the year that the operator tells is believed",
        },
        to_operator=True,
    )


def _without_other_unit(
    cell: Cell, words: _Words, below: Sequence[TextBlock], has_money: bool
) -> Cell:
    """The cell, unread where a unit is stated that is not the one it was read in; 0 is 0 in any."""
    if cell.state is not CellState.READ or not cell.value or cell.unit is None:
        return cell
    if cell.text is not None and units_stated(f"({cell.text})", near=True):
        return cell
    for text, near in _unit_words(words, below):
        units = units_stated(text, near)
        alone = near or not (has_money or _OF_MONEY.search(text))
        if contradicts_unit(units, cell.unit, apart=alone):
            stated = "、".join(units)
            reason = {
                "zh": f"“{text.strip()}”所称单位为“{stated}”，与格式的单位不同",
                "en": f"“{text.strip()}” states the unit {stated}, which is not that of the form",
            }
            return made_unread(cell, reason, (_printed(cell),))
    return cell


def _unit_words(words: _Words, below: Sequence[TextBlock]) -> Iterator[tuple[str, bool]]:
    for text in (*words.row, *words.column):
        yield text, True
    for text in (*words.lines, *words.corners, *(block.text for block in below)):
        yield text, False


def _has_money(table: ReportTable) -> bool:
    if table.cube not in table.form.cubes:
        return False
    units = {
        column.unit or row.unit or block.unit
        for block in table.form.table(table.cube).blocks
        for row, column in block.cells()
    }
    return any(value_type(unit) == "decimal" for unit in units if unit)
