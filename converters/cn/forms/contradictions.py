"""Tables that the words around them assign to another year, another unit, or another body.

A part heading left over from last year's report, a unit over the table that is not the form's, the
name of another body in its caption: the meaning of the number is not known, and it is not read.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

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
from gongkai.ontology.texts import translations

_OF_MONEY = re.compile("收费|费用|金额|经费")
"""Words by which a unit of money is that of one column, which may be another table's."""

_Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Published:
    """How the tables of a report are published: its body's name, its year.

    ``year_declared`` says that the operator decided the year; ``is_other`` whether a name is
    certainly that of another body.
    """

    body: str
    year: int
    year_declared: bool
    is_other: Callable[[str], bool]


def without_contradicted(
    table: ReportTable, around: Surroundings, published: Published
) -> tuple[ReportTable, tuple[Note, ...]]:
    """The table without the values that the words ``around`` contradict, and notes."""
    notes: list[Note] = []
    reason = _other_body((*around.over, *around.corners), published)
    headers = _headers(table)
    said = _Said(around, published.year, _has_money(table))
    cells = []
    for cell in table.cells:
        row, column = headers.get(frozenset(cell.codes.items()), (None, None))
        if row is None or column is None:
            cells.append(cell)
            continue
        other = reason or said.other_year(row, column)
        if other is not None and reason is None and published.year_declared:
            note = _overruled(other)
            notes += [note] if note not in notes else []
            other = None
        if other is not None and cell.state in (CellState.READ, CellState.NOT_STATED):
            cells.append(made_unread(cell, other, (_printed(cell),)))
            continue
        cells.append(_without_other_unit(cell, row, column, said))
    return replace(table, cells=tuple(cells)), tuple(notes)


class _Said:
    """What the words around a table say of its values: of each row and column asked only once."""

    def __init__(self, around: Surroundings, year: int, has_money: bool) -> None:
        """Take the words ``around`` a table of a report on ``year``.

        ``has_money`` tells that amounts of money are among its values.
        """
        self._year = year
        self._has_money = has_money
        self._rows = around.rows
        self._columns = {iri: from_part_heading(texts) for iri, texts in around.columns.items()}
        self._lines = [block.text for block in around.over]
        self._corners = from_part_heading([block.text for block in around.corners])
        self._below = [block.text for block in around.below]
        self._shared = _shared(around)
        self._own_of_columns = {
            iri: [text for text in texts if text not in self._shared]
            for iri, texts in self._columns.items()
        }
        self._years: dict[str, Label | None] = {}
        self._units: dict[tuple[str, str], Label | None] = {}

    def other_year(self, row: Header, column: Header) -> Label | None:
        """Why a value may be another year's, by what is nearest to it."""
        beside = self._year_beside(row, self._rows) or self._year_beside(column, self._columns)
        return beside or self._year_around

    def _year_beside(self, header: Header, printed: Mapping[str, Sequence[str]]) -> Label | None:
        if header.iri not in self._years:
            meant = years_meant(header.label.get("zh", ""), self._year)
            texts = printed.get(header.iri, ())
            self._years[header.iri] = _other_year(texts, meant, self._year)
        return self._years[header.iri]

    @cached_property
    def _year_around(self) -> Label | None:
        meant = years_meant("", self._year)
        groups = [self._corners, *([line] for line in self._lines)]
        reasons = (_other_year(texts, meant, self._year) for texts in groups)
        return next((reason for reason in reasons if reason is not None), None)

    def other_unit(self, row: Header, column: Header, unit: str) -> Label | None:
        """Why a value may not be in ``unit``, by what is nearest to it."""
        beside = self._unit_beside(row, self._rows, unit)
        beside = beside or self._unit_beside(column, self._own_of_columns, unit)
        return beside or self._unit_around(unit)

    def _unit_beside(
        self, header: Header, printed: Mapping[str, Sequence[str]], unit: str
    ) -> Label | None:
        key = header.iri, unit
        if key not in self._units:
            stated = _stating_units(printed.get(header.iri, ()), near=True)
            self._units[key] = _other_unit(stated, unit, lambda text: True)
        return self._units[key]

    def _unit_around(self, unit: str) -> Label | None:
        key = "", unit
        if key not in self._units:
            texts = (*self._lines, *self._shared, *self._corners, *self._below)
            stated = _stating_units(texts, near=False)
            self._units[key] = _other_unit(
                stated, unit, lambda text: not (self._has_money or _OF_MONEY.search(text))
            )
        return self._units[key]


def _shared(around: Surroundings) -> list[str]:
    """What is printed above several columns: a unit in it is that of the whole table."""
    columns = Counter(text for texts in around.columns.values() for text in set(texts))
    return [text for text, count in columns.items() if count > 1]


_known_headers: dict[str, Mapping[_Codes, tuple[Header, Header]]] = {}


def _headers(table: ReportTable) -> Mapping[_Codes, tuple[Header, Header]]:
    """Row and column of the form by the codes of their cell; cached, as tables repeat."""
    if table.cube not in table.form.cubes:
        return {}
    form_table = table.form.table(table.cube)
    if form_table.iri not in _known_headers:
        _known_headers[form_table.iri] = {
            frozenset(cell_codes(row, column).items()): (row, column)
            for block in form_table.blocks
            for row, column in block.cells()
        }
    return _known_headers[form_table.iri]


def _printed(cell: Cell) -> str:
    if cell.readings:
        return cell.readings[0]
    return cell.text if cell.text is not None else str(cell.value)


def _other_body(over: Sequence[TextBlock], published: Published) -> Label | None:
    for block in over:
        name = body_stated(block.text)
        if name and published.is_other(name):
            return translations("forms.other_body", text=block.text.strip(), body=published.body)
    return None


def _other_year(texts: Sequence[str], meant: frozenset[int], year: int) -> Label | None:
    """Why a value beside ``texts`` may be another year's than those that are ``meant`` there."""
    stated = [(text, years) for text in texts if (years := years_stated(text))]
    # Another year beside the report's own is only a comparison.
    if not stated or any(years & meant for _, years in stated):
        return None
    text, years = stated[0]
    other = "、".join(map(str, sorted(years)))
    return translations("forms.other_year", text=text.strip(), other=other, year=year)


def _overruled(reason: Label) -> Note:
    return Note(
        translations("forms.year_overruled", reason=reason),
        to_operator=True,
    )


def _without_other_unit(cell: Cell, row: Header, column: Header, said: _Said) -> Cell:
    """The cell, unread where the stated unit is not the one in which it was read; 0 is 0 in any."""
    if cell.state is not CellState.READ or not cell.value or cell.unit is None:
        return cell
    reason = said.other_unit(row, column, cell.unit)
    if reason is None or (cell.text is not None and units_stated(f"({cell.text})", near=True)):
        return cell
    return made_unread(cell, reason, (_printed(cell),))


def _stating_units(texts: Iterable[str], near: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Those of ``texts`` that state units, each with these."""
    return [(text, units) for text in texts if (units := units_stated(text, near))]


def _other_unit(
    stated: Sequence[tuple[str, tuple[str, ...]]], unit: str, apart: Callable[[str], bool]
) -> Label | None:
    """Why a value may not be in ``unit``, by the first text that states another.

    ``apart`` tells whether a text speaks of one kind of values only, money or counts.
    """
    for text, units in stated:
        if contradicts_unit(units, unit, apart(text)):
            joined = "、".join(units)
            return translations("forms.other_unit_stated", text=text.strip(), units=joined)
    return None


def _has_money(table: ReportTable) -> bool:
    if table.cube not in table.form.cubes:
        return False
    units = {
        column.unit or row.unit or block.unit
        for block in table.form.table(table.cube).blocks
        for row, column in block.cells()
    }
    return any(value_type(unit) == "decimal" for unit in units if unit)
