"""Columns that a body added to a table of a form, under headings of their own, such as 小计.

Their numbers are no cells of the form. They are kept in a note, and a subtotal is compared with the
columns that it sums up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from gongkai.converters.documents.model import GridCell
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import read_cell
from gongkai.converters.report import Cell, Note
from gongkai.ontology.forms import Block, Header, cell_codes
from gongkai.ontology.texts import LANGUAGES, translations

_SUBTOTALS = frozenset({"小计", "合计", "计", "总计"})


@dataclass(frozen=True)
class ExtraValue:
    """What a row of the form prints in a column that the form does not have.

    ``stack`` are the headings above one another, from the top.
    """

    block: Block
    row: Header
    stack: tuple[str, ...]
    cell: GridCell


def extra_notes(values: Sequence[ExtraValue], cells: Sequence[Cell]) -> list[Note]:
    """A note on each such column, with its numbers, and on each subtotal that does not hold.

    ``cells`` are the cells of the table that were read.
    """
    notes: list[Note] = []
    for stack, group in groupby(sorted(values, key=lambda value: value.stack), _stack):
        column = list(group)
        heading = " › ".join(stack)
        printed = " ".join(value.cell.text for value in column)
        listed = "；".join(f"{value.row.label.get('zh', '')} {value.cell.text}" for value in column)
        notes.append(
            Note(
                translations("forms.extra_column", heading=heading, numbers=listed),
                place=column[0].cell.place,
                printed=printed,
            )
        )
        if stack[-1] in _SUBTOTALS and len(stack) > 1:
            notes += _contradictions(stack, column, cells)
    return notes


def _stack(value: ExtraValue) -> tuple[str, ...]:
    return value.stack


def _contradictions(
    stack: tuple[str, ...], column: Sequence[ExtraValue], cells: Sequence[Cell]
) -> list[Note]:
    """The rows whose printed subtotal is not the sum of the columns under the same head."""
    by_codes = {frozenset(cell.codes.items()): cell for cell in cells if cell.codes}
    notes = []
    for value in column:
        leaves = _under(value.block, stack[-2])
        found = [by_codes.get(frozenset(cell_codes(value.row, leaf).items())) for leaf in leaves]
        parts = [cell.value for cell in found if cell is not None and cell.value is not None]
        printed = read_cell(value.cell.text, "request").value
        if not leaves or len(parts) < len(leaves) or printed is None or sum(parts) == printed:
            continue
        label = value.row.label
        notes.append(
            Note(
                translations(
                    "forms.wrong_subtotal",
                    row={lang: label.get(lang, "") for lang in LANGUAGES},
                    column=stack[-1],
                    printed=printed,
                    sum=sum(parts),
                ),
                place=value.cell.place,
                printed=value.cell.text,
                about=value.row.iri,
            )
        )
    return notes


def _under(block: Block, head: str) -> list[Header]:
    """The leaf columns under the head of ``block`` that is printed as ``head``."""
    for i, column in enumerate(block.columns):
        known = {fold_label(text) for text in (column.label["zh"], *column.variants)}
        if not column.leaf and head in known:
            return [leaf for leaf in block.columns if leaf.under == i and leaf.leaf]
    return []
