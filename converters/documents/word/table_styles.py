"""The background of the text in a Word table, and the run properties of the table's style.

The parts of a style (first row, last column, bands) hold as the table requests them (17.4.55); the
shading of a cell takes precedence over that of its row, table and style.
"""

from dataclasses import dataclass

from lxml import etree

from gongkai.converters.documents.colours import Background
from gongkai.converters.documents.word.looks import Stated
from gongkai.converters.documents.word.palette import NO_SHADING, VAL, W
from gongkai.converters.documents.word.styles import Styles, first_child, shading_in

_TABLE_PROPERTIES, _CELL_PROPERTIES, _STYLE, _LOOK, _SHADING = (
    W + name for name in ("tblPr", "tcPr", "tblStyle", "tblLook", "shd")
)
# What a table may request, and the bit for it in files of Word 2007.
_FLAGS = {
    "firstRow": 0x0020,
    "lastRow": 0x0040,
    "firstColumn": 0x0080,
    "lastColumn": 0x0100,
    "noHBand": 0x0200,
    "noVBand": 0x0400,
}
_ON = ("1", "true", "on")
_NO_RUN = Stated()


@dataclass(frozen=True)
class CellStyle:
    """The background that a cell states or is given (None: that around it), and its runs' base."""

    background: Background | None
    run: Stated


_BARE = CellStyle(None, _NO_RUN)


class TableStyle:
    """The look of the cells of one table with this number of ``rows`` and ``columns``."""

    def __init__(self, table: etree._Element, styles: Styles, rows: int, columns: int) -> None:
        """Read what the table states itself."""
        self.styles, self.rows, self.columns = styles, rows, columns
        properties = first_child(table, _TABLE_PROPERTIES)
        style = None if properties is None else first_child(properties, _STYLE)
        self.style = None if style is None else style.get(VAL)
        if self.style not in styles.styles:
            self.style = None
        self.background = shading_in(properties, styles.palette)
        look = None if properties is None else first_child(properties, _LOOK)
        self.asked = {} if look is None else _asked(look)
        self._known: dict[tuple[str, ...], tuple[Stated, Background | None]] = {}

    def of(self, cell: etree._Element, row: int, column: int, width: int) -> CellStyle:
        """The look of a cell that begins in a row and column (from 0)."""
        properties = first_child(cell, _CELL_PROPERTIES)
        own = shading_in(properties, self.styles.palette)
        if self.style is None:
            background = own if own is not None else self.background
            if background is None or background == NO_SHADING:
                return _BARE
            return CellStyle(background, _NO_RUN)
        parts = self._parts(row, column, width)
        if parts not in self._known:
            said, under = self.styles.part(self.style, parts)
            if under is not None and under != NO_SHADING and len(parts) > 1:
                # Programs do not agree on which part of a style takes precedence where two meet.
                under = Background(under.colours, sure=False)
            self._known[parts] = said, under
        run, styled = self._known[parts]
        background = next((one for one in (own, styled, self.background) if one is not None), None)
        return CellStyle(None if background == NO_SHADING else background, run)

    def _parts(self, row: int, column: int, width: int) -> tuple[str, ...]:
        """The parts of the style to which a cell belongs, the strongest last."""
        asked = self.asked
        first_row = asked.get("firstRow", False) and row == 0
        last_row = asked.get("lastRow", False) and row == self.rows - 1
        first_column = asked.get("firstColumn", False) and column == 0
        last_column = asked.get("lastColumn", False) and column + width >= self.columns
        across = column - asked.get("firstColumn", False)
        down = row - asked.get("firstRow", False)
        bands = (
            ("noVBand", f"band{across % 2 + 1}Vert", first_column or last_column),
            ("noHBand", f"band{down % 2 + 1}Horz", first_row or last_row),
        )
        parts = [name for no, name, edge in bands if not asked.get(no, False) and not edge]
        parts += [name for name, on in (("firstCol", first_column), ("lastCol", last_column)) if on]
        parts += [name for name, on in (("firstRow", first_row), ("lastRow", last_row)) if on]
        corners = {
            "nwCell": first_row and first_column,
            "neCell": first_row and last_column,
            "swCell": last_row and first_column,
            "seCell": last_row and last_column,
        }
        return ("wholeTable", *parts, *(name for name, on in corners.items() if on))


def _asked(look: etree._Element) -> dict[str, bool]:
    try:
        bits = int(look.get(VAL, "0"), 16)
    except ValueError:
        bits = 0
    return {
        name: look.get(W + name) in _ON if look.get(W + name) is not None else bool(bits & bit)
        for name, bit in _FLAGS.items()
    }
