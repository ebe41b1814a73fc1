"""Lay out a table as the official form prints it: merged heads above, stubs on the left.

If a head of rows has a number of its own, it cannot be merged over its rows: then each row, also a
head, has its own line and is indented. Units have a column of their own if the form has one.
"""

from dataclasses import dataclass, field

from gongkai.ontology.forms import Block, Header, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import code_labels, unit_words


@dataclass(frozen=True)
class HeadCell:
    """A cell of a table's head or stub, with its row and column spans.

    ``indent`` is the level of indentation of a stub.
    """

    label: Label
    colspan: int
    rowspan: int
    indent: int = 0


@dataclass(frozen=True)
class LayoutRow:
    """A line of the body: the stub cells that begin in it, and the codes of each value cell.

    ``unit`` is the text of the unit column, if there is one. In an indented table, a head without a
    number has its own line: then ``codes`` is empty.
    """

    stubs: tuple[HeadCell, ...]
    codes: tuple[dict[str, str], ...]
    unit: Label = field(default_factory=dict)


@dataclass(frozen=True)
class BlockLayout:
    """The layout of a block of a form: caption, corner, head lines, body lines.

    ``unit_head`` is the head of the unit column, which comes after the corner; ``width`` is the
    number of value columns.
    """

    caption: Label
    corner: HeadCell | None
    unit_head: HeadCell | None
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[LayoutRow, ...]
    width: int


def lay_out(block: Block) -> BlockLayout:
    """The layout of a block, every cell with its spans."""
    levels = 1 + max(column.depth for column in block.columns)
    labelled = any(row.label for row in block.rows)
    heads = {row.under for row in block.rows}
    indented = any(row.leaf and number in heads for number, row in enumerate(block.rows))
    deepest = 0 if indented else max(row.depth for row in block.rows)
    stub_width = 1 + deepest if labelled else 0
    head = tuple(
        tuple(
            HeadCell(
                column.label,
                colspan=_leaves(block.columns, number),
                rowspan=levels - level if column.leaf else 1,
            )
            for number, column in enumerate(block.columns)
            if column.depth == level
        )
        for level in range(levels)
    )
    corner = HeadCell(block.corner, stub_width, levels) if labelled else None
    unit_head = HeadCell(block.unit_column, 1, levels) if block.unit_column else None
    rows = _indented_rows(block) if indented else _merged_rows(block, labelled, stub_width)
    width = len(block.leaf_columns())
    return BlockLayout(block.label, corner, unit_head, head, rows, width)


def _indented_rows(block: Block) -> tuple[LayoutRow, ...]:
    """A line for every row, also heads, indented by the number of heads above it."""
    return tuple(
        LayoutRow((HeadCell(row.label, 1, 1, row.depth),), _codes(block, row), _unit(block, row))
        for row in block.rows
    )


def _merged_rows(block: Block, labelled: bool, stub_width: int) -> tuple[LayoutRow, ...]:
    """A line for every row with values; the heads above are merged over their lines."""
    rows = []
    opened: set[int] = set()
    for number, row in enumerate(block.rows):
        if not row.leaf:
            continue
        stubs = []
        for above in _heads_of(block.rows, number):
            if above not in opened:
                opened.add(above)
                stubs.append(HeadCell(block.rows[above].label, 1, _leaves(block.rows, above)))
        if labelled:
            stubs.append(HeadCell(row.label, stub_width - row.depth, 1))
        rows.append(LayoutRow(tuple(stubs), _codes(block, row), _unit(block, row)))
    return tuple(rows)


def _codes(block: Block, row: Header) -> tuple[dict[str, str], ...]:
    if not row.leaf:
        return ()
    return tuple(cell_codes(row, column) for column in block.leaf_columns())


def _unit(block: Block, row: Header) -> Label:
    """The text of the unit column for a row, in words where it is translated."""
    if not block.unit_column or not row.leaf or row.unit is None:
        return {}
    label = code_labels()["unit", row.unit]
    return {**label, "zh": unit_words().get(row.unit, label["zh"])}


def _leaves(headers: tuple[Header, ...], number: int) -> int:
    """The number of leaves under the header at ``number``; one if it is a leaf itself."""
    if headers[number].leaf:
        return 1
    return sum(
        header.leaf and number in _heads_of(headers, other) for other, header in enumerate(headers)
    )


def _heads_of(headers: tuple[Header, ...], number: int) -> list[int]:
    """The positions of the heads above the header at ``number``, outermost first."""
    heads: list[int] = []
    under = headers[number].under
    while under is not None:
        heads.insert(0, under)
        under = headers[under].under
    return heads
