"""Exemptions and exceptions that the table leaves blank, or marks ``-``: are they 0?

They are where the printed total is the sum of those that have numbers (docs/design.md, section 3):
then they are imputed, with their text kept. Elsewhere they are not stated.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.report import Cell, CellState
from gongkai.ontology.sums import parts_of

CUBE = "uk-exemptions"
_SCHEME, _TOTAL = "uk-exemption", "total"


def impute_exemptions(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells of a table of exemptions, with 0 for the blanks that its total proves to be 0."""
    parts = parts_of(_SCHEME, _TOTAL)
    total = next((cell for cell in cells if cell.codes[_SCHEME] == _TOTAL), None)
    of_total = [cell for cell in cells if cell.codes[_SCHEME] in parts]
    stated = [cell.value for cell in of_total if cell.value is not None]
    provable = all(
        cell.value is not None or cell.state is CellState.NOT_STATED for cell in of_total
    )
    if total is None or total.value is None or not stated or not provable:
        return tuple(cells)
    if sum(stated, Decimal(0)) != total.value:
        return tuple(cells)
    return tuple(
        replace(
            cell,
            state=CellState.IMPUTED,
            value=Decimal(0),
            text="".join(cell.readings),
            reason={},
            readings=(),
        )
        if cell.codes[_SCHEME] in parts and cell.state is CellState.NOT_STATED
        else cell
        for cell in cells
    )
