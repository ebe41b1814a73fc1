"""How a workbook of Office Open XML shows its cells: number formats, fonts, fills, runs of text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lxml import etree

from gongkai.converters.documents.colours import BLACK, WHITE, Background, Colour, from_hex, lighter
from gongkai.converters.documents.word.palette import colours_of_theme
from gongkai.converters.documents.workbook.looks import Font, Piece, SheetStyle, filled
from gongkai.converters.documents.workbook.number_formats import BUILT_IN

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
"""The namespace of SpreadsheetML (ISO/IEC 29500-1, part 18), as lxml writes it."""

ON = ("1", "true")
_Item = TypeVar("_Item")

_CONTROLS = {9: "\t", 10: "\n", 13: "\r", 0x5F: "_"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

_THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{i}" for i in range(1, 7)), "hlink", "folHlink")
"""The colours of a theme by their numbers in workbooks."""

_FIRST_EIGHT = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
_INDEXED = (
    f"{_FIRST_EIGHT} {_FIRST_EIGHT} 800000 008000 000080 808000 800080 008080 C0C0C0 808080 "
    "9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 "
    "800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC "
    "99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 "
    "333333"
).split()
"""The colours of workbooks by their numbers (18.8.27)."""


@dataclass(frozen=True)
class Colours:
    """The colours that a workbook refers to by number."""

    theme: tuple[Colour | None, ...] = ()
    indexed: tuple[Colour | None, ...] = field(
        default_factory=lambda: tuple(map(from_hex, _INDEXED))
    )

    def numbered(self, number: int) -> Colour | None:
        """The colour of a number in the palette."""
        return _at(self.indexed, number)

    def of(self, element: etree._Element | None) -> Colour | None:
        """The colour that an element states; None where it is automatic or not known."""
        if element is None or element.get("auto") in ON:
            return None
        found: Colour | None = None
        if "rgb" in element.attrib:
            found = from_hex(element.get("rgb"))
        elif "theme" in element.attrib:
            found = _at(self.theme, integer(element.get("theme"), -1, 100))
        elif "indexed" in element.attrib:
            found = _at(self.indexed, integer(element.get("indexed"), -1, 100))
        tint = _decimal(element.get("tint"), 0.0)
        return lighter(found, max(-1.0, min(1.0, tint))) if found is not None and tint else found


@dataclass(frozen=True)
class StyleChange:
    """What a conditional format changes in a cell (18.8.14); None for what it leaves unchanged."""

    colour: Colour | None = None
    struck: bool | None = None
    background: Background | None = None
    format: bool = False

    def of(self, style: SheetStyle) -> SheetStyle:
        """The style with these changes."""
        font = style.font
        if self.colour is not None:
            font = replace(font, colour=self.colour)
        if self.struck is not None:
            font = replace(font, struck=self.struck)
        return replace(style, font=font, background=self.background or style.background)


@dataclass(frozen=True)
class StyleSheet:
    """The styles of cells by their index, and the changes of conditional formats, by theirs."""

    cells: tuple[SheetStyle, ...] = ()
    changes: tuple[StyleChange, ...] = ()
    colours: Colours = field(default_factory=Colours)


def read_colours(styles: etree._Element | None, theme: etree._Element | None) -> Colours:
    """The colours of a workbook."""
    named = colours_of_theme(theme)
    known = tuple(named.get(name) for name in _THEME)
    if not named:
        known = (WHITE, BLACK)
    own = [] if styles is None else styles.findall(f"{S}colors/{S}indexedColors/{S}rgbColor")
    if own:
        return Colours(known, tuple(from_hex(element.get("rgb")) for element in own))
    return Colours(known)


def read_styles(root: etree._Element | None, theme: etree._Element | None) -> StyleSheet:
    """The styles of ``xl/styles.xml`` in the colours of a theme."""
    colours = read_colours(root, theme)
    if root is None:
        return StyleSheet(colours=colours)
    formats = dict(BUILT_IN)
    for element in root.iterfind(f"{S}numFmts/{S}numFmt"):
        formats[integer(element.get("numFmtId"), -1, 10**6)] = element.get("formatCode", "")
    fonts = [_font(element, colours) for element in root.iterfind(f"{S}fonts/{S}font")]
    fills = [_fill(element, colours) for element in root.iterfind(f"{S}fills/{S}fill")]
    crossed = [_is_crossed(element) for element in root.iterfind(f"{S}borders/{S}border")]
    styles = []
    for element in root.iterfind(f"{S}cellXfs/{S}xf"):
        number = integer(element.get("numFmtId"), 0, 10**6)
        styles.append(
            SheetStyle(
                # A number without a format of its own or a known one is shown in an unknown way.
                formats.get(number, f"№{number}"),
                _at(fonts, integer(element.get("fontId"), 0, 10**6)) or Font(),
                _at(fills, integer(element.get("fillId"), 0, 10**6)),
                _at(crossed, integer(element.get("borderId"), 0, 10**6)) or False,
            )
        )
    changes = [change_of(element, colours) for element in root.iterfind(f"{S}dxfs/{S}dxf")]
    return StyleSheet(tuple(styles), tuple(changes), colours)


def _font(element: etree._Element, colours: Colours) -> Font:
    said = {child.tag: child for child in element}
    strike, vertical, size = (said.get(S + name) for name in ("strike", "vertAlign", "sz"))
    return Font(
        strike is not None and strike.get("val", "1") in ON,
        None if vertical is None else vertical.get("val"),
        colours.of(said.get(S + "color")),
        11.0 if size is None else _decimal(size.get("val"), 11.0),
    )


def _is_crossed(element: etree._Element) -> bool:
    """Whether a border runs across its cell, from corner to corner (18.8.4)."""
    drawn = element.find(S + "diagonal")
    is_drawn = drawn is not None and drawn.get("style", "none") != "none"
    return is_drawn and any(element.get(name) in ON for name in ("diagonalUp", "diagonalDown"))


def _fill(element: etree._Element, colours: Colours) -> Background | None:
    pattern = element.find(S + "patternFill")
    if pattern is None:
        return filled(colours.of(stop) for stop in element.iter(S + "color"))
    kind = pattern.get("patternType", "none")
    drawn, under = (colours.of(pattern.find(S + name)) for name in ("fgColor", "bgColor"))
    if kind == "none":
        return None
    return filled((drawn or BLACK,) if kind == "solid" else (drawn or BLACK, under or WHITE))


def change_of(element: etree._Element, colours: Colours) -> StyleChange:
    """The changes of an element of the kind dxf, in any namespace."""
    font, fill = element.find(S + "font"), element.find(S + "fill")
    strike = None if font is None else font.find(S + "strike")
    background = None
    if fill is not None:
        pattern = fill.find(S + "patternFill")
        # Here a solid fill has the colour that elsewhere is the background of a pattern.
        stated = [] if pattern is None else [pattern.find(S + "bgColor")]
        if pattern is None or pattern.get("patternType", "solid") != "solid":
            stated = list(fill.iter(S + "bgColor", S + "fgColor", S + "color"))
        background = filled(colours.of(stop) for stop in stated)
    return StyleChange(
        None if font is None else colours.of(font.find(S + "color")),
        None if strike is None else strike.get("val", "1") in ON,
        background,
        element.find(S + "numFmt") is not None,
    )


def read_string(item: etree._Element, colours: Colours) -> tuple[Piece, ...]:
    """The runs of a string with their fonts, without phonetic guides."""
    return tuple(_pieces(item, colours))


def _pieces(item: etree._Element, colours: Colours) -> Iterator[Piece]:
    for element in item:
        if element.tag == S + "t":
            yield unescape(element.text or ""), None
        elif element.tag == S + "r":
            text = unescape("".join(part.text or "" for part in element.iterfind(S + "t")))
            own = element.find(S + "rPr")
            yield text, None if own is None or not len(own) else _font(own, colours)


def unescape(text: str) -> str:
    """Resolve ``_x000D_`` and the like to tab, line ends and underscore; other escapes stay."""
    return _ESCAPED.sub(lambda match: _CONTROLS.get(int(match[1], 16), match[0]), text)


def integer(text: str | None, otherwise: int, most: int) -> int:
    """A whole number as the file states it, no larger than ``most``; else ``otherwise``."""
    is_number = text and text.isascii() and text.isdecimal() and len(text) < 10
    return min(int(text), most) if text and is_number else otherwise


def _decimal(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise


def _at(items: Sequence[_Item], index: int) -> _Item | None:
    return items[index] if 0 <= index < len(items) else None
