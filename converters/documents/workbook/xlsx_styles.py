"""How a workbook of Office Open XML shows its cells: number formats, fonts, runs of strings."""

import re
from dataclasses import dataclass

from lxml import etree

from gongkai.converters.documents.word.text import SUBSCRIPTS, SUPERSCRIPTS
from gongkai.converters.documents.workbook.number_formats import BUILT_IN
from gongkai.converters.documents.workbook.sheets import SheetCell

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""The namespace of SpreadsheetML (ISO/IEC 29500-1, part 18), as lxml writes it."""

ON = ("1", "true")

_CONTROLS = {9: "\t", 10: "\n", 13: "\r", 0x5F: "_"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

_STRUCK = {"zh": "含有加删除线的文字", "en": "some of the text is struck out"}


@dataclass(frozen=True)
class Style:
    """How a cell is shown: its number format, and the marks of its font."""

    format: str = "General"
    struck: bool = False
    vertical: str | None = None


def mark(cell: SheetCell, struck: bool, vertical: str | None) -> SheetCell:
    """A cell whose whole text is struck out, raised or lowered."""
    raised = {"superscript": SUPERSCRIPTS, "subscript": SUBSCRIPTS}.get(vertical or "")
    text = cell.text.translate(raised) if raised else cell.text
    if struck and text:
        return SheetCell(text, cell.number, cell.doubt or _STRUCK, cell.readings or (text,))
    return SheetCell(text, cell.number, cell.doubt, cell.readings)


def marked(text: str, struck: bool, style: Style) -> SheetCell:
    """A cell of text in ``style``; ``struck`` where some of its runs are struck out."""
    return mark(SheetCell(tidy_lines(text)), struck or style.struck, style.vertical)


def tidy_lines(text: str) -> str:
    """The lines of a text without surrounding white space, none of them empty."""
    lines = [line.strip() for line in re.split("\r\n|\r|\n", text)]
    return "\n".join([line for line in lines if line])


def read_styles(root: etree._Element | None) -> list[Style]:
    """The styles of cells in ``xl/styles.xml``, by their index."""
    if root is None:
        return []
    formats = dict(BUILT_IN)
    for element in root.iterfind(f"{S}numFmts/{S}numFmt"):
        formats[integer(element.get("numFmtId"), -1, 10**6)] = element.get("formatCode", "")
    fonts = [_font(element) for element in root.iterfind(f"{S}fonts/{S}font")]
    styles = []
    for element in root.iterfind(f"{S}cellXfs/{S}xf"):
        number = integer(element.get("numFmtId"), 0, 10**6)
        font = integer(element.get("fontId"), 0, 10**6)
        struck, vertical = fonts[font] if font < len(fonts) else (False, None)
        # A number without a format of its own or a known one is not shown in any known way.
        styles.append(Style(formats.get(number, f"№{number}"), struck, vertical))
    return styles


def _font(element: etree._Element | None) -> tuple[bool, str | None]:
    """Whether a font strikes text out, and whether it raises or lowers it."""
    if element is None:
        return False, None
    strike = element.find(S + "strike")
    vertical = element.find(S + "vertAlign")
    return (
        strike is not None and strike.get("val", "1") in ON,
        None if vertical is None else vertical.get("val"),
    )


def read_string(item: etree._Element) -> tuple[str, bool]:
    """The text of a string with its runs, without phonetic guides; whether any is struck out."""
    text, any_struck = "", False
    for element in item:
        if element.tag == S + "t":
            text += unescape(element.text or "")
        elif element.tag == S + "r":
            piece = unescape("".join(part.text or "" for part in element.iterfind(S + "t")))
            struck, vertical = _font(element.find(S + "rPr"))
            any_struck = any_struck or (struck and bool(piece.strip()))
            text += mark(SheetCell(piece), False, vertical).text
    return text, any_struck


def unescape(text: str) -> str:
    """Control characters are written as ``_x000D_``; others than those of lines say nothing."""
    return _ESCAPED.sub(lambda match: _CONTROLS.get(int(match[1], 16), match[0]), text)


def integer(text: str | None, otherwise: int, most: int) -> int:
    """A whole number as the file states it, no larger than ``most``; else ``otherwise``."""
    is_number = text and text.isascii() and text.isdecimal() and len(text) < 10
    return min(int(text), most) if text and is_number else otherwise
