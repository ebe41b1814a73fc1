"""The colour in which a number format shows a cell, as in ``[White]0`` (18.8.31).

It takes precedence over the colour of the font.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from gongkai.converters.documents.colours import Background, Colour, from_hex
from gongkai.converters.documents.workbook.looks import SheetStyle, font_visibility
from gongkai.converters.documents.workbook.number_formats import stated_colour

_NAMED = {
    "black": "000000",
    "white": "FFFFFF",
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "yellow": "FFFF00",
    "magenta": "FF00FF",
    "cyan": "00FFFF",
    "黑色": "000000",
    "红色": "FF0000",
}
_BEFORE_FIRST = 7
"""Colour 1 of a format is number 8 of the palette: the first eight are listed there twice."""

Palette = Callable[[int], Colour | None]
"""The colours of a workbook by their numbers (18.8.27)."""


def coloured(style: SheetStyle, value: Decimal | None, palette: Palette) -> SheetStyle:
    """The style with the colour that its number format states for a number, or for text (None)."""
    if "[" not in style.format:
        return style
    name = stated_colour(value, style.format)
    if name is None:
        return style
    number = re.search("[0-9]+", name)
    colour = palette(_BEFORE_FIRST + int(number[0])) if number else from_hex(_NAMED.get(name))
    return replace(style, font=replace(style.font, colour=colour or style.font.colour))


def contested(stated: SheetStyle, changed: SheetStyle, sheet: Background) -> bool:
    """Whether it matters which colour takes precedence: that of a format, or of a condition."""
    kept = replace(changed.font, colour=stated.font.colour)
    before, after = (
        font_visibility(font, changed.background, sheet) for font in (kept, changed.font)
    )
    return before is not after
