"""Rows of values that a body added to a table of a form, under labels of its own.

They are no row of the form, however similar their place: their numbers are kept as printed, and
their sum with the parts that the form names is compared with the printed total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.model import GridCell, Place
from gongkai.converters.numbers import read_cell
from gongkai.converters.report import Cell, CellState, Note, ReportTable
from gongkai.ontology.forms import Block, Header, Table
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import Equation, Key, broader_code, equations
from gongkai.ontology.texts import translations


@dataclass(frozen=True)
class OwnRow:
    """A row of values under a label that the form does not have.

    ``values`` are the texts by column of the form (IRI), none where they cannot be placed; ``head``
    is the row or head of the form under or after which it stands, None where that is not known.
    """

    label: str
    cells: tuple[GridCell, ...]
    values: Mapping[str, str]
    head: str | None


def own_row_cell(table: Table, own: OwnRow) -> Cell:
    """The record of a row that the body added: an unread cell with its label and numbers.

    Where its head is known, its code says in which sums of the form it takes part.
    """
    label = own.label.replace("\n", "")
    code = _group_code(table, own.head)
    numbers = " ".join(cell.text for cell in own.cells if cell.text)
    return Cell(
        codes=dict([code]) if code else {},
        row={"zh": label, "en": label},
        column={},
        state=CellState.UNREAD,
        place=own.cells[0].place,
        reason=translations("forms.own_row", label=label, numbers=numbers),
        readings=tuple(cell.text for cell in own.cells if cell.text),
    )


def instead_of(row: Header, heads: Sequence[str], labels: Sequence[str]) -> Label:
    """Why ``row`` has no values: under its head stand rows that the body added, ``labels``."""
    head = "、".join(heads) or row.label["zh"]
    others = "、".join(label.replace("\n", "") for label in labels)
    return translations("forms.own_rows_instead", head=head, rows=others)


def compared(table: ReportTable, rows: Sequence[OwnRow]) -> list[Note]:
    """The sum of the rows that the body added and the printed parts, beside the printed total."""
    form_table = table.form.table(table.cube)
    blocks = [block for block in form_table.blocks if block.rows[0].codes or len(block.rows) > 1]
    if not rows or not blocks:
        return []
    known = _values(table)
    for block in blocks:
        total = _total_of(form_table, block, rows)
        if total is not None:
            return _against_total(table, block, rows, known, total)
    return []


def _values(table: ReportTable) -> dict[Key, Cell]:
    schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
    return {
        tuple(cell.codes[scheme] for scheme in schemes): cell
        for cell in table.cells
        if cell.codes.keys() >= set(schemes)
    }


def _group_code(table: Table, head: str | None) -> tuple[str, str] | None:
    """(scheme, code) of the group to which rows under ``head`` belong."""
    if head is None:
        return None
    for block in table.blocks:
        for number, row in enumerate(block.rows):
            if row.iri != head:
                continue
            if row.leaf and row.codes:
                scheme, code = row.codes[-1]
                return scheme, code
            below = [other for other in block.rows if other.under == number and other.codes]
            if not below:
                return None
            scheme, code = below[0].codes[-1]
            above = broader_code(scheme, code)
            return (scheme, above) if above else None
    return None


def _total_of(table: Table, block: Block, rows: Sequence[OwnRow]) -> tuple[str, str] | None:
    """(scheme, code) of the printed row that sums up the groups of ``rows``."""
    printed = {row.codes[-1] for row in block.leaf_rows() if row.codes}
    groups = {_group_code(table, own.head) for own in rows}
    totals: set[tuple[str, str]] = set()
    for group in groups:
        if group is None:
            return None
        scheme, code = group
        above = broader_code(scheme, code)
        while above is not None and (scheme, above) not in printed:
            above = broader_code(scheme, above)
        if above is None:
            return None
        totals.add((scheme, above))
    return totals.pop() if len(totals) == 1 else None


def _against_total(
    table: ReportTable,
    block: Block,
    rows: Sequence[OwnRow],
    known: Mapping[Key, Cell],
    total: tuple[str, str],
) -> list[Note]:
    schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
    along = schemes.index(total[0])
    sums = {e.left[0]: e for e in equations(table.form.table(table.cube)) if len(e.left) == 1}
    row = next(row for row in block.leaf_rows() if total in row.codes)
    fitting: list[str] = []
    other: list[tuple[str, str]] = []
    for column in block.leaf_columns():
        codes = dict(row.codes + column.codes)
        key = tuple(codes[scheme] for scheme in schemes)
        equation = sums.get(key)
        if equation is None or not _along(equation, along):
            continue
        said = _formula(column, key, equation, rows, known)
        if said is None:
            continue
        holds, formula = said
        if holds:
            fitting.append(column.label["zh"])
        else:
            other.append((column.label["zh"], formula))
    if not fitting and not other:
        return []
    labels = "、".join(own.label.replace("\n", "") for own in rows)
    place: Place | None = rows[0].cells[0].place
    if not other:
        return [
            Note(
                translations("forms.own_rows_add_up", rows=labels, total=row.label["zh"]),
                place=place,
                about=row.iri,
            )
        ]
    wrong = "；".join(f"{name}：{formula}" for name, formula in other)
    return [
        Note(
            translations(
                "forms.own_rows_do_not_add_up", rows=labels, total=row.label["zh"], wrong=wrong
            ),
            place=place,
            about=row.iri,
        )
    ]


def _along(equation: Equation, position: int) -> bool:
    """Whether the parts of ``equation`` differ from its total in dimension ``position`` only."""
    (total,) = equation.left
    rest = total[:position] + total[position + 1 :]
    return all(key[:position] + key[position + 1 :] == rest for key in equation.right)


def _formula(
    column: Header,
    total: Key,
    equation: Equation,
    rows: Sequence[OwnRow],
    known: Mapping[Key, Cell],
) -> tuple[bool, str] | None:
    """Whether the sum holds, and the sum; None where a number that it needs is not known."""
    cell = known.get(total)
    if cell is None or cell.value is None:
        return None
    parts = 0
    for key in equation.right:
        part = known.get(key)
        if part is not None and part.value is not None:
            parts += int(part.value)
        elif part is None or part.state is not CellState.ABSENT:
            return None
    added: list[int] = []
    for own in rows:
        reading = read_cell(own.values.get(column.iri, ""), "request")
        if reading.value is None:
            return None
        added.append(int(reading.value))
    formula = f"{parts} + {' + '.join(map(str, added))} ≠ {cell.value}"
    return parts + sum(added) == cell.value, formula
