"""Make the cells of a report's table from what was found in the places of the form."""

from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.documents.model import Place
from gongkai.converters.numbers import read_cell
from gongkai.converters.report import NOT_IN_SOURCE, Cell, CellState
from gongkai.ontology.forms import Header, Table, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import unit_words
from gongkai.ontology.texts import translations


def read_into_cell(
    table: Table, row: Header, column: Header, text: str, place: Place, unit: str
) -> Cell:
    """The cell where ``row`` and ``column`` meet, with ``text`` printed in it."""
    reading = read_cell(text, unit)
    if reading.trouble is not None:
        reason = translations("forms.trouble", trouble=reading.trouble, text=text)
        return unread_cell(table, row, column, reason, (text,), place)
    state = CellState.NOT_STATED if reading.nothing else CellState.READ
    reason = {}
    if reading.nothing:
        reason = translations("forms.filled_with", text=text)
        if not text:
            reason = translations("forms.blank")
    return Cell(
        codes=cell_codes(row, column),
        row=row.label,
        column=column_label(table, column),
        state=state,
        place=place,
        text=None if reading.plain else text,
        value=reading.value,
        unit=reading.unit,
        reason=reason,
        readings=(text,) if reading.nothing else (),
    )


def unread_cell(
    table: Table,
    row: Header,
    column: Header,
    reason: Label,
    readings: Sequence[str],
    place: Place | None,
) -> Cell:
    """An unread cell: the reason, and the texts found there."""
    return Cell(
        codes=cell_codes(row, column),
        row=row.label,
        column=column_label(table, column),
        state=CellState.UNREAD,
        place=place,
        reason=reason,
        readings=tuple(readings),
    )


def made_unread(cell: Cell, reason: Label, readings: Sequence[str]) -> Cell:
    """The cell without its value: the reason why that cannot be relied on, and the texts."""
    return replace(
        cell,
        state=CellState.UNREAD,
        reason=reason,
        readings=tuple(readings),
        value=None,
        unit=None,
        text=None,
    )


NO_VALUES: Label = translations("forms.no_values")
NO_COLUMN: Label = translations("forms.no_column")
NOT_FOUND: Label = translations("forms.not_found")
HIDDEN: Label = translations("forms.hidden")


_absent: dict[tuple[str, str], Cell] = {}


def absent_cell(table: Table, row: Header, column: Header, reason: Label = NOT_IN_SOURCE) -> Cell:
    """A cell of the form that the source does not have; ``reason`` if there is more to say."""
    known = _absent.get((row.iri, column.iri))
    if known is None or known.row is not row.label:
        known = Cell(
            codes=cell_codes(row, column),
            row=row.label,
            column=column_label(table, column),
            state=CellState.ABSENT,
            reason=NOT_IN_SOURCE,
        )
        _absent[row.iri, column.iri] = known
    return known if reason is NOT_IN_SOURCE else replace(known, reason=reason)


def unknown_unit(heading: str) -> Label:
    """Why a value under ``heading`` is not read: its unit is not known."""
    return translations("forms.unknown_unit", heading=heading)


def other_unit(printed: str, unit: str) -> Label:
    """Why a value whose row prints a unit other than the form's is not read."""
    wanted = unit_words().get(unit, "")
    return translations("forms.other_unit", printed=printed, wanted=wanted)


_column_labels: dict[str, Label] = {}


def column_label(table: Table, column: Header) -> Label:
    """The column's label after those of the heads above it, as in 行政复议 › 总计."""
    if column.iri not in _column_labels:
        columns = next(block.columns for block in table.blocks if column in block.columns)
        chain = [column]
        while chain[0].under is not None:
            chain.insert(0, columns[chain[0].under])
        _column_labels[column.iri] = {
            language: " › ".join(header.label[language] for header in chain)
            for language in ("zh", "en")
        }
    return _column_labels[column.iri]
