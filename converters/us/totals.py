"""The agency's total of dispositions (section V.B.1), which the export often gets wrong.

In nearly every report with components, the element ``RequestDispositionTotalQuantity`` of the
agency holds the total of the last component, and in some reports of agencies without components
zero or nothing, while its parts are right. There the total is computed from its parts, marked as
computed, and the printed one kept; any other difference stays as printed, for the rule to find.
"""

from dataclasses import replace
from decimal import Decimal

from gongkai.converters.report import Cell, CellState, Note
from gongkai.converters.us.blocks import ExchangeFigure
from gongkai.converters.us.exchange import Exchange
from gongkai.ontology.sums import parts_of
from gongkai.ontology.texts import translations

_CUBE, _SCHEME, _TOTAL = "us-requests", "us-stage", "disposed"
_ALWAYS_PRINTED = {"full-grant", "partial-grant", "full-denial"}


def mend_total(
    exchange: Exchange, figures: list[ExchangeFigure]
) -> tuple[list[ExchangeFigure], list[Note]]:
    """The figures with the agency's total computed where the export is at fault; what was done."""
    agency = exchange.agency.key
    cells = {
        (figure.cell.codes["body"], figure.cell.codes[_SCHEME]): figure.cell
        for figure in figures
        if figure.cube == _CUBE and "body" in figure.cell.codes
    }
    printed = cells.get((agency, _TOTAL))
    expected = _sum_of_parts(cells, agency)
    if printed is None or expected is None or printed.value == expected:
        return figures, []
    cause = _cause(cells, agency, printed)
    if cause is None or not _confirmed(cells, agency, expected):
        return figures, []
    text = printed.text or ("" if printed.value is None else str(printed.value))
    reason = translations("us.total_computed", text=text, cause=cause)
    mended = replace(
        printed,
        state=CellState.IMPUTED,
        value=expected,
        unit="request",
        text=text,
        reason=reason,
        readings=(),
    )
    note = Note(
        translations("us.total_replaced", text=text, cause=cause, total=expected),
        printed.place,
        printed=text or None,
    )
    return [
        replace(figure, cell=mended) if figure.cell is printed else figure for figure in figures
    ], [note]


def _sum_of_parts(cells: dict[tuple[str, str], Cell], agency: str) -> Decimal | None:
    """The sum of the agency's dispositions; None where one of them is not read."""
    parts = {code: cell for (body, code), cell in cells.items() if body == agency}
    wanted = parts_of(_SCHEME, _TOTAL)
    found = [cell for code, cell in parts.items() if code in wanted]
    if not parts.keys() >= _ALWAYS_PRINTED or any(cell.value is None for cell in found):
        return None
    return sum((cell.value for cell in found if cell.value is not None), Decimal(0))


def _cause(cells: dict[tuple[str, str], Cell], agency: str, printed: Cell) -> dict[str, str] | None:
    """How the export arrived at what it prints; None where that is not known."""
    if printed.state not in (CellState.READ, CellState.NOT_STATED):
        return None
    components = [cell for (body, code), cell in cells.items() if code == _TOTAL and body != agency]
    if components and printed.value is not None and printed.value == components[-1].value:
        return translations("us.total_of_last_component")
    if not components and (printed.value == 0 or printed.state is CellState.NOT_STATED):
        return translations("us.no_total")
    return None


def _confirmed(cells: dict[tuple[str, str], Cell], agency: str, expected: Decimal) -> bool:
    """Whether another figure of the report confirms it: the requests processed (section V.A)."""
    processed = cells.get((agency, "processed"))
    return processed is not None and processed.value == expected
