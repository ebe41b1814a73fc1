"""Lay out a table as the official form prints it: merged heads above, stubs at the left."""

from dataclasses import dataclass

from gongkai.ontology.forms import Block, Header, Label, cell_codes


@dataclass(frozen=True)
class HeadCell:
    """A cell of a table's head or stub, with the rows and columns that it spans."""

    label: Label
    colspan: int
    rowspan: int


@dataclass(frozen=True)
class LayoutRow:
    """A line of the body: the stub cells that begin in it, then the codes of each value cell."""

    stubs: tuple[HeadCell, ...]
    codes: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class BlockLayout:
    """A block of a form ready to be printed: caption, corner, head lines, body lines."""

    caption: Label
    corner: HeadCell | None
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[LayoutRow, ...]


def lay_out(block: Block) -> BlockLayout:
    """The layout of a block, every cell with its spans."""
    levels = 1 + max(column.depth for column in block.columns)
    labelled = any(row.label for row in block.rows)
    stub_width = 1 + max(row.depth for row in block.rows) if labelled else 0
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
        codes = tuple(cell_codes(row, column) for column in block.leaf_columns())
        rows.append(LayoutRow(tuple(stubs), codes))
    corner = HeadCell(block.corner, stub_width, levels) if labelled else None
    return BlockLayout(block.label, corner, head, tuple(rows))


def _leaves(headers: tuple[Header, ...], number: int) -> int:
    """How many leaves stand under the header at ``number``; one if it is a leaf itself."""
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
