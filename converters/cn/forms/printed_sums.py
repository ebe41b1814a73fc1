"""The sums that a form prescribes, and what a table prints of them."""

from collections.abc import Mapping
from decimal import Decimal

from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import Table
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import Equation, Key, equations

_ZERO = Decimal(0)


class PrintedSums:
    """The equations of a table and the numbers that it prints."""

    def __init__(self, table: ReportTable) -> None:
        """Take the cells of ``table`` and the equations of its form."""
        self._schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
        schemes = set(self._schemes)
        self.cells: dict[Key, Cell] = {
            self.key(cell.codes): cell for cell in table.cells if cell.codes.keys() >= schemes
        }
        self.values: dict[Key, Decimal] = {
            key: cell.value
            for key, cell in self.cells.items()
            if cell.state is CellState.READ and cell.value is not None
        }
        self.equations = by_key(table.form.table(table.cube))
        self._gaps: dict[int, Decimal | None] = {}

    def key(self, codes: Mapping[str, str]) -> Key:
        """The codes of a cell in the order of the cube's dimensions."""
        return tuple([codes[scheme] for scheme in self._schemes])

    def gap(self, equation: Equation) -> Decimal | None:
        """The gap of a sum as it is printed; cached, as each sum is part of several rows."""
        if id(equation) not in self._gaps:
            self._gaps[id(equation)] = gap_of(equation, self.values)
        return self._gaps[id(equation)]


_known: dict[str, dict[Key, tuple[Equation, ...]]] = {}


def by_key(table: Table) -> dict[Key, tuple[Equation, ...]]:
    """The equations of a form's table, by the cells that take part in them."""
    if table.iri not in _known:
        found: dict[Key, list[Equation]] = {}
        for equation in equations(table):
            for key in (*equation.left, *equation.right):
                found.setdefault(key, []).append(equation)
        _known[table.iri] = {key: tuple(those) for key, those in found.items()}
    return _known[table.iri]


def gap_of(equation: Equation, values: Mapping[Key, Decimal]) -> Decimal | None:
    """The right side less the left; None where a number is not known."""
    difference = _ZERO
    for keys, sign in ((equation.right, 1), (equation.left, -1)):
        for key in keys:
            value = values.get(key)
            if value is None:
                return None
            difference += sign * value
    return difference


def possible(equation: Equation, values: Mapping[Key, Decimal], blank: set[Key]) -> bool:
    """Whether the sum holds, or can hold with some number in its ``blank`` parts."""
    difference = gap_of(equation, values)
    if difference is not None:
        return difference == 0
    lost = [key for key in (*equation.left, *equation.right) if key not in values]
    if any(key not in blank for key in lost) or any(key in blank for key in equation.left):
        return True
    known = sum((values[key] for key in equation.right if key in values), Decimal(0))
    return known <= sum((values[key] for key in equation.left), Decimal(0))


def proven(equation: Equation, values: Mapping[Key, Decimal]) -> bool:
    """Whether the sum holds with all its numbers known, and is not 0."""
    return gap_of(equation, values) == 0 and any(values[key] for key in equation.left)
