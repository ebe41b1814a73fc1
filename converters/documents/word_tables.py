"""The geometry of Word tables: which cell covers which positions of the grid."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.word_styles import VAL, W, is_on
from gongkai.converters.documents.word_text import MC, chosen
from gongkai.converters.errors import UnreadableSource

TABLE, ROW, CELL, PARAGRAPH = W + "tbl", W + "tr", W + "tc", W + "p"

# Content controls and the like, which only wrap what they hold.
_PROPERTIES = {W + "sdtPr", W + "sdtEndPr", W + "customXmlPr"}
_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}


@dataclass
class Slot:
    """A cell of the source: its elements (several where it is merged) and where it begins.

    ``row`` and ``column`` are counted from 0; ``width`` in columns. The elements after the first
    are covered by it and not shown.
    """

    elements: list[etree._Element]
    row: int
    column: int
    width: int


@dataclass
class Layout:
    """Rows of slots, one in every position; None where the source has no cell.

    ``aligned`` is false where rows are not equally wide: Word then sets them by lengths that are
    no columns. ``unsettled`` are the rows whose cells were put in, taken out or merged by changes
    that nobody accepted yet. ``hidden`` and ``deleted`` count rows that are left out.
    """

    rows: list[list[Slot | None]] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    unsettled: set[int] = field(default_factory=set)
    aligned: bool = True
    hidden: int = 0
    deleted: int = 0


def within(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements of ``tags`` directly in ``parent``, looking through what only wraps them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPPERS:
            yield from within(child, *tags)
        elif child.tag == MC + "AlternateContent":
            yield from within(chosen(child), *tags)


def is_single(table: etree._Element) -> bool:
    """Whether a table is a frame around one cell."""
    cells = [cell for row in within(table, ROW) for cell in within(row, CELL)]
    return len(cells) == 1


def is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges what stands in it: one cell, or tables within cells."""
    if is_single(table):
        return True
    return any(
        not is_single(inner) or is_layout_of(inner)
        for row in within(table, ROW)
        for cell in within(row, CELL)
        for inner in within(cell, TABLE)
    )


def is_layout_of(single: etree._Element) -> bool:
    """Whether a frame around one cell holds a table of several."""
    return any(
        not is_single(inner) or is_layout_of(inner)
        for row in within(single, ROW)
        for cell in within(row, CELL)
        for inner in within(cell, TABLE)
    )


def lay_out(table: etree._Element, limits: Limits) -> Layout:
    """Spread the cells of ``table`` over its positions.

    Raises UnreadableSource where that would be more than ``limits.most_cells`` positions.
    """
    layout = Layout()
    positions = 0
    for row in within(table, ROW):
        properties = row.find(W + "trPr")
        if properties is not None:
            if properties.find(W + "del") is not None:
                layout.deleted += 1
                continue
            if is_on(properties.find(W + "hidden")):
                layout.hidden += 1
                continue
        spread: list[Slot | None] = []
        before = _number(properties, "gridBefore", 0)
        _check(positions + before, limits)
        spread.extend([None] * before)
        for cell in within(row, CELL):
            cell_properties = cell.find(W + "tcPr")
            width = _number(cell_properties, "gridSpan", 1) or 1
            _check(positions + len(spread) + width, limits)
            slot = _slot(cell, cell_properties, width, spread, layout)
            if _is_unsettled(cell_properties):
                layout.unsettled.add(len(layout.rows))
            spread.extend([slot] * width)
        after = _number(properties, "gridAfter", 0)
        _check(positions + len(spread) + after, limits)
        spread.extend([None] * after)
        positions += len(spread)
        layout.rows.append(spread)
    width = max((len(row) for row in layout.rows), default=0)
    _check(width * len(layout.rows), limits)
    layout.aligned = all(len(row) == width for row in layout.rows)
    for spread in layout.rows:
        spread.extend([None] * (width - len(spread)))
    return layout


def _slot(
    cell: etree._Element,
    properties: etree._Element | None,
    width: int,
    spread: list[Slot | None],
    layout: Layout,
) -> Slot:
    """The slot that a cell begins, or the one that covers it."""
    row, column = len(layout.rows), len(spread)
    if _goes_on(properties, "hMerge") and spread and spread[-1] is not None:
        left = spread[-1]
        if left.row == row:
            left.elements.append(cell)
            left.width += width
            return left
    if _goes_on(properties, "vMerge") and row and column < len(layout.rows[row - 1]):
        above = layout.rows[row - 1][column]
        if above is not None and above.column == column and above.width == width:
            above.elements.append(cell)
            return above
    slot = Slot([cell], row, column, width)
    layout.slots.append(slot)
    return slot


def _goes_on(properties: etree._Element | None, name: str) -> bool:
    merge = None if properties is None else properties.find(W + name)
    return merge is not None and merge.get(VAL, "continue") == "continue"


def _is_unsettled(properties: etree._Element | None) -> bool:
    return properties is not None and any(
        properties.find(W + name) is not None for name in ("cellDel", "cellIns", "cellMerge")
    )


def _number(properties: etree._Element | None, name: str, otherwise: int) -> int:
    element = None if properties is None else properties.find(W + name)
    text = "" if element is None else element.get(VAL, "")
    return int(text[:9]) if text.isascii() and text.isdecimal() else otherwise


def _check(positions: int, limits: Limits) -> None:
    if positions > limits.most_cells:
        raise UnreadableSource(
            f"a table of the file claims more than {limits.most_cells} cells: no report has so "
            "many; check that it is the right file"
        )
