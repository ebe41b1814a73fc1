"""Numbers in text boxes that float over the page: they may lie on cells of a table.

Only a layout of the whole document could show where a box lies. Some put a corrected number over an
old one like this; then the cells of the tables next to its anchor are in doubt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml import etree

from gongkai.converters.documents.doubts import OVERLAID, is_label
from gongkai.converters.documents.model import Grid, GridCell, TextBlock
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.numbers import looks_like_cell

_WITHIN_LINE = "inline"
_OVER_PAGE = "anchor"
_ABSOLUTE = "position:absolute"

Items = list[TextBlock | Grid | Picture]


def floats(box: etree._Element) -> bool:
    """Whether a text box is positioned on the page and not in a line of text."""
    for parent in box.iterancestors():
        name = etree.QName(parent).localname
        if name in (_WITHIN_LINE, _OVER_PAGE):
            return name == _OVER_PAGE
        if _ABSOLUTE in parent.get("style", "").replace(" ", "").lower():
            return True
        if name == "r":
            return False
    return False


def is_number(items: Iterable[object]) -> bool:
    """Whether a text box holds nothing but one number."""
    held = list(items)
    only = held[0] if len(held) == 1 else None
    return isinstance(only, TextBlock) and _has_digit(only.text) and looks_like_cell(only.text)


def with_doubts(items: Sequence[TextBlock | Grid | Picture], loose: Sequence[TextBlock]) -> Items:
    """The items, with doubts on the numbers of the tables next to each of the ``loose`` blocks."""
    doubted: set[int] = set()
    marks = {id(block) for block in loose}
    grids = [i for i, item in enumerate(items) if isinstance(item, Grid)]
    for at in (i for i, item in enumerate(items) if id(item) in marks):
        doubted.update([i for i in grids if i < at][-1:] + [i for i in grids if i > at][:1])
    return [
        _doubted(item) if i in doubted and isinstance(item, Grid) else item
        for i, item in enumerate(items)
    ]


def _doubted(grid: Grid) -> Grid:
    made: dict[int, GridCell] = {}
    for row in grid.rows:
        for cell in row:
            if cell is not None and id(cell) not in made:
                open_ = _has_digit(cell.text) and not is_label(cell.text) and not cell.doubt
                readings = (cell.text,)
                made[id(cell)] = replace(cell, doubt=OVERLAID, readings=readings) if open_ else cell
    rows = tuple(tuple(None if cell is None else made[id(cell)] for cell in r) for r in grid.rows)
    return replace(grid, rows=rows)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
