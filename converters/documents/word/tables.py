"""The geometry of Word tables: which cell covers which positions of the grid."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.word.looks import whole
from gongkai.converters.documents.word.palette import VAL, W
from gongkai.converters.documents.word.styles import first_child, is_on
from gongkai.converters.documents.word.text import MC, chosen
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

TABLE, ROW, CELL, PARAGRAPH = W + "tbl", W + "tr", W + "tc", W + "p"

# Content controls and the like, which only wrap their content.
_ALTERNATIVES = MC + "AlternateContent"
_WRAPPERS = {
    *(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")),
    _ALTERNATIVES,
}
_ROW_PROPERTIES, _CELL_PROPERTIES = W + "trPr", W + "tcPr"
_BEFORE, _AFTER, _DELETED, _INSERTED, _HIDDEN = (
    W + name for name in ("gridBefore", "gridAfter", "del", "ins", "hidden")
)
_HEIGHT, _RULE = W + "trHeight", W + "hRule"
_NOTHING_SHOWN = 40
_SPAN, _ACROSS, _DOWN = (W + name for name in ("gridSpan", "hMerge", "vMerge"))
_BORDERS, _DIAGONALS = W + "tcBorders", (W + "tl2br", W + "tr2bl")
_CHANGES = frozenset(W + name for name in ("cellDel", "cellIns", "cellMerge"))


@dataclass(slots=True)
class CellSlot:
    """A cell of the source: its elements (several where it is merged) and where it begins.

    ``row`` and ``column`` are counted from 0; ``width`` in columns. The elements after the first
    are covered by it and not shown.
    """

    elements: list[etree._Element]
    row: int
    column: int
    width: int


@dataclass
class TableLayout:
    """Rows of slots, one in every position; None where the source has no cell.

    ``aligned`` is false where rows are not equally wide: Word then sets them by lengths that are no
    columns. ``heights`` are those of rows that are fixed (twentieths of a point). ``unsettled`` are
    the rows whose cells were inserted, deleted or merged by changes that nobody has accepted yet.
    ``hidden`` are the cells of rows that are left out, ``hidden_below`` the rows below which these
    stand; ``changed`` counts the rows that tracked changes deleted or inserted.
    """

    rows: list[list[CellSlot | None]] = field(default_factory=list)
    slots: list[CellSlot] = field(default_factory=list)
    unsettled: set[int] = field(default_factory=set)
    heights: dict[int, int] = field(default_factory=dict)
    aligned: bool = True
    hidden: list[list[etree._Element]] = field(default_factory=list)
    hidden_below: set[int] = field(default_factory=set)
    changed: int = 0


def within(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements of ``tags`` directly in ``parent``, looking through mere wrappers."""
    for child in parent:
        tag = child.tag
        if tag in tags:
            yield child
        elif tag in _WRAPPERS:
            yield from within(chosen(child) if tag == _ALTERNATIVES else child, *tags)


def is_layout(table: etree._Element) -> bool:
    """Whether a table is only used for layout: one cell, or tables of several in cells."""
    return _is_single(table) or _holds_tables(table)


def _holds_tables(table: etree._Element) -> bool:
    if next(table.iterdescendants(TABLE), None) is None:
        return False
    return any(
        not _is_single(inner) or _holds_tables(inner)
        for cell in _cells(table)
        for inner in within(cell, TABLE)
    )


def _is_single(table: etree._Element) -> bool:
    return len(list(islice(_cells(table), 2))) == 1


def _cells(table: etree._Element) -> Iterator[etree._Element]:
    return (cell for row in within(table, ROW) for cell in within(row, CELL))


def lay_out(table: etree._Element, limits: Limits) -> TableLayout:
    """Spread the cells of ``table`` over its positions.

    Raises UnreadableSource where that would be more than ``limits.most_cells`` positions.
    """
    layout = TableLayout()
    positions = 0
    for row in within(table, ROW):
        stated = _stated(row, _ROW_PROPERTIES)
        if _DELETED in stated:
            layout.changed += 1
            continue
        layout.changed += _INSERTED in stated
        height = _fixed_height(stated.get(_HEIGHT))
        if _is_hidden(stated):
            layout.hidden.append(list(within(row, CELL)))
            layout.hidden_below.add(len(layout.rows) - 1)
            continue
        if height is not None:
            layout.heights[len(layout.rows)] = height
        before = _number(stated.get(_BEFORE), 0)
        _check(positions + before, limits)
        spread: list[CellSlot | None] = [None] * before
        for cell in within(row, CELL):
            said = _stated(cell, _CELL_PROPERTIES)
            width = _number(said.get(_SPAN), 1) or 1
            _check(positions + len(spread) + width, limits)
            slot = _slot(cell, said, width, spread, layout)
            if said and not _CHANGES.isdisjoint(said):
                layout.unsettled.add(len(layout.rows))
            spread.extend([slot] * width)
        after = _number(stated.get(_AFTER), 0)
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


def shown_rows(table: etree._Element) -> Iterator[etree._Element]:
    """The rows of ``table`` without those that are hidden, or that a tracked change deletes."""
    for row in within(table, ROW):
        stated = _stated(row, _ROW_PROPERTIES)
        if _DELETED not in stated and not _is_hidden(stated):
            yield row


def _is_hidden(stated: dict[str, etree._Element]) -> bool:
    height = _fixed_height(stated.get(_HEIGHT))
    return is_on(stated.get(_HIDDEN)) or (height is not None and height <= _NOTHING_SHOWN)


def is_crossed(cell: etree._Element) -> bool:
    """Whether a border runs across a cell, from corner to corner."""
    borders = _stated(cell, _CELL_PROPERTIES).get(_BORDERS)
    return borders is not None and any(
        side.tag in _DIAGONALS and side.get(VAL, "none") not in ("none", "nil") for side in borders
    )


def _slot(
    cell: etree._Element,
    said: dict[str, etree._Element],
    width: int,
    spread: list[CellSlot | None],
    layout: TableLayout,
) -> CellSlot:
    """The slot that a cell begins, or the one that covers it."""
    row, column = len(layout.rows), len(spread)
    left = spread[-1] if spread else None
    if _goes_on(said.get(_ACROSS)) and left is not None and left.row == row:
        left.elements.append(cell)
        left.width += width
        return left
    if _goes_on(said.get(_DOWN)) and row and column < len(layout.rows[row - 1]):
        above = layout.rows[row - 1][column]
        if above is not None and above.column == column and above.width == width:
            above.elements.append(cell)
            return above
    slot = CellSlot([cell], row, column, width)
    layout.slots.append(slot)
    return slot


def _stated(element: etree._Element, properties: str) -> dict[str, etree._Element]:
    stated = first_child(element, properties)
    return {} if stated is None else {child.tag: child for child in stated}


def _fixed_height(stated: etree._Element | None) -> int | None:
    """The height of a row whose text is cut off where it is higher."""
    if stated is None or stated.get(_RULE) != "exact":
        return None
    return whole(stated.get(VAL))


def _goes_on(merge: etree._Element | None) -> bool:
    return merge is not None and merge.get(VAL, "continue") == "continue"


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(VAL, "")
    return int(text[:9]) if text.isascii() and text.isdecimal() else otherwise


def _check(positions: int, limits: Limits) -> None:
    if positions > limits.most_cells:
        raise UnreadableSource(
            translations("unreadable.word.table_too_large", most=limits.most_cells)
        )
