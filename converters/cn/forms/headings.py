"""The headings over the values of a block in a grid, and what prevents values from being placed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.converters.cn.forms.columns import (
    ColumnMap,
    headings_in_order,
    map_columns,
    names_heads,
)
from gongkai.converters.cn.forms.heading_order import order_trouble
from gongkai.converters.documents.model import Grid, TextBlock
from gongkai.converters.labels import fold_label
from gongkai.ontology.forms import Block, Header
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations


@dataclass(frozen=True)
class Headings:
    """The headings of a block that were found in a grid.

    ``columns`` says where they stand, None where only the order within a row counts; ``found`` are
    the leaf columns found; ``trouble`` says why values cannot be placed by these headings.
    """

    grid: Grid
    columns: ColumnMap | None
    found: frozenset[str]
    trouble: Label | None


def read_headings(block: Block, grid: Grid, rows: Sequence[int], caption: str = "") -> Headings:
    """The headings of ``block`` in ``rows`` of ``grid``; ``caption`` is printed over the grid."""
    caption = caption if names_heads(block, caption) else ""
    columns = map_columns(block, grid, rows, caption) if grid.aligned or caption else None
    if columns is not None:
        found = frozenset(columns.positions)
    else:
        texts = [cell.text for row in rows for cell in grid.distinct(row) if cell.text]
        found = frozenset(headings_in_order(block, texts))
        trouble = order_trouble(block, texts)
        if trouble is not None:
            return Headings(grid, None, frozenset(), trouble)
    missing = [leaf for leaf in block.leaf_columns() if leaf.iri not in found]
    hidden = {fold_label(text) for text in grid.hidden}
    if missing and all(fold_label(leaf.label["zh"]) in hidden for leaf in missing):
        return Headings(grid, columns, found, _hidden(missing))
    return Headings(grid, columns, found, _not_found(missing) if missing else None)


def continued(before: Headings, here: Headings) -> Headings:
    """The headings of a grid that continues the table of the one before it.

    It has none of its own, or repeats only some of them: those of the grid before hold, by position
    if it is as wide and what it repeats stands in the same columns, else by order.
    """
    if not here.grid.aligned or not before.grid.aligned:
        return replace(before, columns=None)
    if here.grid.width != before.grid.width or before.columns is None:
        return replace(before, columns=None) if not here.found else here
    repeated = here.columns.positions if here.columns else {}
    if any(before.columns.positions.get(iri) != where for iri, where in repeated.items()):
        return here
    covered = max(before.columns.covered, here.columns.covered if here.columns else 0)
    return replace(before, columns=replace(before.columns, covered=covered))


def printed_otherwise(block: Block, headings: Headings) -> list[tuple[Header, str]]:
    """The columns whose headings are not printed as in the form, with what is printed."""
    if headings.columns is None:
        return []
    return [
        (leaf, printed)
        for leaf in block.leaf_columns()
        if (printed := headings.columns.headings.get(leaf.iri)) is not None
        and printed != fold_label(leaf.label["zh"])
    ]


def corners(grid: Grid, rows: Sequence[int], columns: ColumnMap | None) -> list[TextBlock]:
    """The words in ``rows`` of headings that stand over no column of the form, nor over another.

    In a grid whose columns are not known, these are all words.
    """
    headed = set[int]()
    if columns is not None:
        headed = {i for where in columns.positions.values() for i in where}
        headed |= {i for where, _ in columns.extra for i in where}
    return [
        TextBlock(cell.text, cell.place)
        for row in rows
        for cell in grid.beginning(row)
        if cell.text and not any(grid.rows[row][i] is cell for i in headed)
    ]


def _hidden(missing: Sequence[Header]) -> Label:
    return translations("forms.hidden_column", columns=names_of(missing))


def _not_found(missing: Sequence[Header]) -> Label:
    return translations("forms.column_not_found", columns=names_of(missing))


def names_of(columns: Sequence[Header]) -> Label:
    """The names of columns as printed, in English with their translations."""
    chinese, english = ("、".join(c.label[lang] for c in columns) for lang in LANGUAGES)
    return {"zh": chinese, "en": f"{chinese} ({english})"}
