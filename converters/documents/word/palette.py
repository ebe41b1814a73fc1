"""The colours of a Word document: of its theme, its text and the shading under it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from lxml import etree

from gongkai.converters.documents.colours import (
    BLACK,
    WHITE,
    Background,
    Colour,
    from_hex,
    lighter,
    mixed,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of WordprocessingML (ISO/IEC 29500-1, part 17), as lxml writes it."""

VAL = W + "val"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

# The attributes of w:color, and of w:shd for its background and for the pattern drawn on it.
_OF_TEXT = ("val", "themeColor", "themeTint", "themeShade")
_OF_FILL = ("fill", "themeFill", "themeFillTint", "themeFillShade")
_OF_PATTERN = ("color", "themeColor", "themeTint", "themeShade")

# The names by which documents refer to the colours of a theme (17.18.97), and the theme's names.
_THEME_NAMES = {
    **dict.fromkeys(("dark1", "text1", "tx1"), "dk1"),
    **dict.fromkeys(("light1", "background1", "bg1"), "lt1"),
    **dict.fromkeys(("dark2", "text2", "tx2"), "dk2"),
    **dict.fromkeys(("light2", "background2", "bg2"), "lt2"),
    "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}
_HIGHLIGHTS: dict[str, Colour] = {
    "black": BLACK,
    "blue": (0, 0, 255),
    "cyan": (0, 255, 255),
    "darkBlue": (0, 0, 128),
    "darkCyan": (0, 128, 128),
    "darkGray": (128, 128, 128),
    "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128),
    "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0),
    "green": (0, 255, 0),
    "lightGray": (192, 192, 192),
    "magenta": (255, 0, 255),
    "red": (255, 0, 0),
    "white": WHITE,
    "yellow": (255, 255, 0),
}
"""The colours of highlighting (17.18.40)."""

NO_SHADING = Background(())
"""Stated, but empty: the background is what lies under it."""


@dataclass(frozen=True)
class Palette:
    """The colours of a document; ``read_theme`` returns those of its theme, when needed."""

    read_theme: Callable[[], etree._Element | None] = lambda: None

    def colour(
        self, stated: Mapping[str, str], names: tuple[str, str, str, str] = _OF_TEXT
    ) -> Colour | None:
        """The colour that attributes state, by their names; None where it is automatic."""
        plain, theme, tint, shade = names
        base = self.named(stated.get(W + theme, ""))
        if base is None:
            return from_hex(stated.get(W + plain))
        if W + shade in stated:
            base = lighter(base, _part(stated[W + shade]) - 1)
        return lighter(base, 1 - _part(stated[W + tint])) if W + tint in stated else base

    def named(self, name: str) -> Colour | None:
        """A colour of the theme by the name that documents use."""
        return self.theme.get(_THEME_NAMES.get(name, name)) if name else None

    @cached_property
    def theme(self) -> Mapping[str, Colour]:
        """The colours of the theme, by the theme's names for them."""
        return colours_of_theme(self.read_theme())

    def shading(self, stated: Mapping[str, str]) -> Background | None:
        """The background that the attributes of w:shd give; None where they state none."""
        # LibreOffice omits the pattern where there is none.
        pattern = stated.get(VAL, "clear" if W + "fill" in stated else "nil")
        if pattern == "nil":
            return None
        fill, drawn = self.colour(stated, _OF_FILL), self.colour(stated, _OF_PATTERN)
        if pattern == "clear":
            return NO_SHADING if fill is None else Background((fill,))
        drawn = drawn or BLACK
        if pattern == "solid":
            return Background((drawn,))
        fill = fill or WHITE
        if pattern.startswith("pct") and pattern[3:].isdecimal():
            return Background((mixed(drawn, fill, min(int(pattern[3:]), 100) / 100),))
        return Background((fill, drawn))

    @staticmethod
    def highlight(name: str | None) -> Background | None:
        """The background that highlighting in a colour gives."""
        colour = _HIGHLIGHTS.get(name or "")
        return NO_SHADING if colour is None else Background((colour,))


def colours_of_theme(theme: etree._Element | None) -> dict[str, Colour]:
    """The colours of a theme (20.1.6.2), by its names for them; none where there is no theme."""
    scheme = None if theme is None else theme.find(f".//{_DRAWING}clrScheme")
    found: dict[str, Colour] = {}
    for element in () if scheme is None else scheme:
        for stated in element:
            # A system colour is written with the value that it had last.
            colour = from_hex(stated.get("lastClr") or stated.get("val"))
            if colour is not None and isinstance(element.tag, str):
                found[etree.QName(element).localname] = colour
    return found


def attributes(element: etree._Element) -> dict[str, str]:
    """The attributes of an element, by their names."""
    return cast("dict[str, str]", dict(element.attrib))


def _part(text: str) -> float:
    try:
        return int(text, 16) / 255
    except ValueError:
        return 1.0
