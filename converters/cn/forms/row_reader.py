"""Read the values of one row of a form from its line in a grid."""

from collections.abc import Sequence

from gongkai.converters.cn.forms.cells import other_unit, read_into_cell, unknown_unit, unread_cell
from gongkai.converters.cn.forms.extra_columns import ExtraValue
from gongkai.converters.cn.forms.headings import Headings
from gongkai.converters.cn.forms.lines import GridLine
from gongkai.converters.cn.forms.printed_units import money_unit, row_unit
from gongkai.converters.cn.forms.shifted_rows import Counted
from gongkai.converters.cn.forms.values import (
    NotPlaced,
    cells_after,
    extra_values,
    values_by_order,
    values_by_position,
)
from gongkai.converters.documents.model import Grid, GridCell
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations

_OVER_ROWS = translations("forms.spans_rows")
_DUPLICATE = translations("forms.two_values")


class RowReader:
    """Reads rows of one table and notes which cells of the grids were visited on the way.

    ``met`` are the identities of the grid cells that became cells of the table or readings,
    ``counted`` the rows whose values were placed by counting, ``labels`` what is printed before the
    values of each.
    """

    def __init__(self, table: Table, grids: Sequence[Grid], captions: Sequence[str]) -> None:
        """Take the table that is read, the grids of the document, and what is over each."""
        self.table = table
        self.grids = grids
        self.captions = captions
        self.met: set[int] = set()
        self.counted: dict[str, Counted] = {}
        self.extra: list[ExtraValue] = []
        self.labels: dict[str, tuple[str, ...]] = {}

    def read(
        self,
        block: Block,
        leaves: Sequence[Header],
        row: Header,
        line: GridLine,
        label: GridCell | None,
        headings: Headings,
    ) -> list[Cell]:
        """The cells of ``row`` in the columns ``leaves``; unread where they cannot be placed."""
        printed = _printed_unit(block, line, label)
        self.labels.setdefault(row.iri, _words_before(line, label))
        try:
            values = _place(leaves, line, printed or label, headings)
        except NotPlaced as error:
            return self.unread(leaves, row, error.cells, error.reason)
        unit: str | None = row.unit or block.unit or ""
        if printed is not None and unit:
            unit = row_unit(printed.text, wanted := unit)
            if unit is None:
                return self.unread(leaves, row, values, other_unit(printed.text, wanted))
        counted = _counted(line, printed or label, values, headings)
        if counted is not None:
            self.counted[row.iri] = counted
        self._keep_extra(block, row, line, headings)
        return [
            self._read_value(row, column, line, value, column.unit or unit or "", headings)
            for column, value in zip(leaves, values, strict=True)
        ]

    def _keep_extra(self, block: Block, row: Header, line: GridLine, headings: Headings) -> None:
        """Keep what the row prints under headings that the form does not have."""
        for where, stack in headings.columns.extra if headings.columns else ():
            for cell in extra_values(line.cells, frozenset(where)):
                if id(cell) not in self.met:
                    self.met.add(id(cell))
                    self.extra.append(ExtraValue(block, row, stack, cell))

    def placed(
        self, leaves: Sequence[Header], line: GridLine, label: GridCell, headings: Headings
    ) -> list[GridCell]:
        """The cells of ``line`` under the headings of ``leaves``; none where that is unsure."""
        try:
            return _place(leaves, line, label, headings)
        except NotPlaced:
            return []

    def unread(
        self, leaves: Sequence[Header], row: Header, met: Sequence[GridCell], reason: Label
    ) -> list[Cell]:
        """The cells of ``row``, none of which can be read, with all texts found there."""
        if leaves:  # otherwise no cell reports what was found
            self.met.update(id(cell) for cell in met)
        place = met[0].place if met else None
        texts = [cell.text for cell in met]
        return [unread_cell(self.table, row, column, reason, texts, place) for column in leaves]

    def agreed(
        self, row: Header, leaves: Sequence[Header], first: Sequence[Cell], second: Sequence[Cell]
    ) -> list[Cell]:
        """The cells of a row that stands in two places: unread where the two differ."""
        return [
            one if _agree(one, other) else self._differing(row, column, one, other)
            for column, one, other in zip(leaves, first, second, strict=True)
        ]

    def _differing(self, row: Header, column: Header, one: Cell, other: Cell) -> Cell:
        readings = (*_readings(one), *_readings(other))
        reason = _DUPLICATE
        if other.place is not None:
            where = {lang: other.place.describe(lang) for lang in LANGUAGES}
            reason = translations("forms.two_values_at", where=where)
        return unread_cell(self.table, row, column, reason, readings, one.place)

    def _read_value(
        self,
        row: Header,
        column: Header,
        line: GridLine,
        value: GridCell,
        unit: str,
        headings: Headings,
    ) -> Cell:
        self.met.add(id(value))
        printed = headings.columns.headings.get(column.iri, "") if headings.columns else ""
        around = [self.captions[line.grid]]
        if headings.columns:
            around += headings.columns.above.get(column.iri, ())
        actual = money_unit(printed, unit, around)
        if value.doubt:
            readings = value.readings or (value.text,)
            return unread_cell(self.table, row, column, value.doubt, readings, value.place)
        if actual is None:
            reason = unknown_unit(" ".join([printed, *filter(None, around)]))
            return unread_cell(self.table, row, column, reason, (value.text,), value.place)
        if value.text and self._over_rows(line, value):
            return unread_cell(self.table, row, column, _OVER_ROWS, (value.text,), value.place)
        return read_into_cell(self.table, row, column, value.text, value.place, actual)

    def _over_rows(self, line: GridLine, cell: GridCell) -> bool:
        rows = self.grids[line.grid].rows
        column = next(i for i, other in enumerate(line.cells) if other is cell)
        return any(
            rows[i][column] is cell for i in (line.row - 1, line.row + 1) if 0 <= i < len(rows)
        )


def _words_before(line: GridLine, label: GridCell | None) -> tuple[str, ...]:
    """The words of a line up to its label; where it has none, up to its first value."""
    found: list[GridCell] = []
    for cell in line.cells:
        if cell is None or any(cell is other for other in found):
            continue
        if label is None and looks_like_cell(cell.text):
            break
        found.append(cell)
        if cell is label:
            break
    return tuple(cell.text for cell in found if cell.text and not looks_like_cell(cell.text))


def _printed_unit(block: Block, line: GridLine, label: GridCell | None) -> GridCell | None:
    """The cell in which a row prints its unit, where the form has a column for it."""
    if not block.unit_column:
        return None
    after = cells_after(line.cells, label)
    if after and after[0].text and not looks_like_cell(after[0].text):
        return after[0]
    return None


def _place(
    leaves: Sequence[Header], line: GridLine, label: GridCell | None, headings: Headings
) -> list[GridCell]:
    """The grid cells that hold the values; raises NotPlaced where that is not beyond doubt."""
    missing = [leaf for leaf in leaves if leaf.iri not in headings.found]
    if headings.trouble is not None and missing:
        raise NotPlaced(headings.trouble, cells_after(line.cells, label))
    if headings.columns is None:
        return values_by_order(cells_after(line.cells, label), len(leaves))
    positions = [headings.columns.positions[leaf.iri] for leaf in leaves]
    columns = headings.columns
    return values_by_position(line.cells, label, positions, columns.covered, _extra(headings))


def _extra(headings: Headings) -> frozenset[int]:
    """The columns under headings that the form does not have."""
    columns = headings.columns
    return frozenset(i for where, _ in columns.extra for i in where) if columns else frozenset()


def _counted(
    line: GridLine, label: GridCell | None, values: Sequence[GridCell], headings: Headings
) -> Counted | None:
    """The other readings of the row by counting; None where every value has its heading.

    A cell beside the values that is blank, or holds a mark for nothing, may be the first of them.
    """
    some_blank = 0 < sum(map(_digits, values)) < len(values)
    if headings.columns is None:
        return Counted(page_number=True, blanks=some_blank)
    beside = {id(cell) for cell in extra_values(line.cells, _extra(headings))}
    cells = [
        cell
        for cell in cells_after(line.cells, label)
        if id(cell) not in beside and (not cell.text or looks_like_cell(cell.text))
    ]
    others = [
        window
        for start in range(len(cells) - len(values) + 1)
        if (window := cells[start : start + len(values)]) != list(values)
        and not any(map(_digits, (*cells[:start], *cells[start + len(values) :])))
    ]
    if not others:
        return Counted(blanks=True) if some_blank else None
    apart = [cell for cell in cells if not any(cell is value for value in values)]
    return Counted(
        others=tuple(tuple(cell.text for cell in window) for window in others),
        marked=any(cell.text for cell in apart),
        blanks=some_blank,
    )


def _digits(cell: GridCell) -> bool:
    return any(map(str.isdigit, cell.text))


def _agree(one: Cell, other: Cell) -> bool:
    # Two unread cells never agree: what was found in either place must be reported.
    return (
        one.state in (CellState.READ, CellState.NOT_STATED)
        and one.state is other.state
        and one.value == other.value
        and one.unit == other.unit
    )


def _readings(cell: Cell) -> tuple[str, ...]:
    if cell.readings:
        return cell.readings
    return (cell.text if cell.text is not None else str(cell.value),)
