"""Blank cells: zero where the printed sums prove it, else not stated (docs/design.md, section 3).

Counts are never negative. So where a printed total equals the sum of the printed parts, the blank
parts can only be 0; and a blank total whose parts are all 0 is 0. A blank that no sum proves stays
blank, and so does one with which a sum would be wrong.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.report import CellState, ReportTable
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import Equation, Key, equations


def impute_blanks(table: ReportTable) -> ReportTable:
    """The table; blank cells that its own sums prove to be 0 become imputed zeros."""
    form_table = table.form.table(table.cube)
    schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
    cells = {
        tuple(cell.codes[scheme] for scheme in schemes): cell
        for cell in table.cells
        if cell.codes.keys() >= set(schemes)
    }
    blanks = {key for key, cell in cells.items() if cell.state is CellState.NOT_STATED}
    if not blanks:
        return table
    values = {
        key: cell.value
        for key, cell in cells.items()
        if cell.state is CellState.READ and cell.value is not None
    }
    sums = equations(form_table)
    proven = _proven(blanks, values, sums)
    units = {
        id(cells[key]): unit
        for block in form_table.blocks
        for row, column in block.cells()
        if (key := tuple(dict(row.codes + column.codes)[scheme] for scheme in schemes)) in proven
        and (unit := column.unit or row.unit or block.unit)
    }
    return replace(
        table,
        cells=tuple(
            replace(cell, state=CellState.IMPUTED, value=Decimal(0), unit=units[id(cell)])
            if id(cell) in units
            else cell
            for cell in table.cells
        ),
    )


def _proven(
    blanks: set[Key], values: Mapping[Key, Decimal], sums: tuple[Equation, ...]
) -> set[Key]:
    """The blanks that can only be 0 and with which all sums of known cells hold."""
    candidates = set(blanks)
    while True:
        known: dict[Key, Decimal] = dict(values)
        grown = True
        while grown:
            grown = False
            for equation in sums:
                for key in _zeros(equation, candidates, known):
                    known[key] = Decimal(0)
                    grown = True
        proven = candidates & known.keys()
        refuted = _refuted(proven, known, sums)
        if not refuted:
            return proven
        # What was proven from a zero that was refuted has to be proven again.
        candidates -= refuted


def _zeros(equation: Equation, blanks: set[Key], known: Mapping[Key, Decimal]) -> list[Key]:
    """The blank cells of one side that must be 0, given the other side."""
    for one, other in ((equation.left, equation.right), (equation.right, equation.left)):
        missing = [key for key in one if key not in known]
        if not missing or any(key not in blanks for key in missing):
            continue
        if any(key not in known for key in other):
            continue
        given = sum((known[key] for key in one if key in known), Decimal(0))
        if given == sum((known[key] for key in other), Decimal(0)):
            return missing
    return []


def _refuted(
    proven: set[Key], known: Mapping[Key, Decimal], sums: tuple[Equation, ...]
) -> set[Key]:
    """The zeros with which a sum of known cells does not hold."""
    refuted: set[Key] = set()
    for equation in sums:
        sides = (equation.left, equation.right)
        if all(key in known for side in sides for key in side):
            left, right = (sum((known[key] for key in side), Decimal(0)) for side in sides)
            if left != right:
                refuted |= proven & {*equation.left, *equation.right}
    return refuted
