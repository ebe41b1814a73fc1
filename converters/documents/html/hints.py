"""What an element declares by its tag and by its attributes, before any style sheet."""

from collections.abc import Mapping
from string import hexdigits

from gongkai.converters.documents.html.properties import (
    Declaration,
)
from gongkai.converters.documents.html.values import (
    tokens_of,
)

_BY_TAG: Mapping[str, Mapping[str, str]] = {
    **{tag: {"text-decoration-line": "line-through"} for tag in ("s", "strike", "del")},
    "sup": {"vertical-align": "super", "font-size": "smaller"},
    "sub": {"vertical-align": "sub", "font-size": "smaller"},
    "small": {"font-size": "smaller"},
    "big": {"font-size": "larger"},
    "mark": {"background-color": "yellow", "color": "black"},
    "bdo": {"unicode-bidi": "bidi-override"},
    "h1": {"font-size": "2em"},
}
_FONT_SIZES = {"1": 10, "2": 13, "3": 16, "4": 18, "5": 24, "6": 32, "7": 48}
_COLOURED = frozenset(("table", "tr", "td", "th", "tbody", "thead", "tfoot", "body"))
HINTED = frozenset(
    ("face", "hidden", "popover", "dir", "bgcolor", "color", "size", "text", "background", "href")
)


def hints(tag: str, attributes: Mapping[str, str]) -> list[Declaration]:
    """What an element declares by its tag and by its attributes, before any style sheet."""
    said = dict(_BY_TAG.get(tag, {}))
    if "hidden" in attributes:
        if attributes["hidden"].strip().lower() == "until-found":
            said["content-visibility"] = "hidden"
        else:
            said["display"] = "none"
    if "popover" in attributes:
        said["display"] = "none"  # until a script opens it
    if attributes.get("dir", "").strip().lower() in ("rtl", "ltr"):
        said["direction"] = attributes["dir"].strip().lower()
    if tag == "a" and "href" in attributes:
        said["color"] = "#0000ee"
    if tag == "font":
        if "face" in attributes:
            said["font-family"] = attributes["face"]
        if "color" in attributes:
            said["color"] = _legacy(attributes["color"])
        if "size" in attributes:
            size = attributes["size"].strip()
            if size[:1] in "+-" and size[1:].isdigit():
                size = str(3 + int(size))
            if size.isdigit() or size.startswith("-"):
                said["font-size"] = f"{_FONT_SIZES[str(min(7, max(1, int(size))))]}px"
    if tag in _COLOURED and "bgcolor" in attributes:
        said["background-color"] = _legacy(attributes["bgcolor"])
    if tag in _COLOURED and attributes.get("background", "").strip():
        said["background-image"] = "url(x)"
    if tag == "body" and "text" in attributes:
        said["color"] = _legacy(attributes["text"])
    return [Declaration(name, name, tokens_of(value), False) for name, value in said.items()]


def _legacy(value: str) -> str:
    """A colour in an attribute: a name, or six digits with or without a number sign."""
    value = value.strip()
    digits = value.removeprefix("#")
    lengths = (3, 6) if value.startswith("#") else (6,)
    if len(digits) in lengths and all(digit in hexdigits for digit in digits):
        return "#" + digits
    return value if value.isalpha() else "unknown"
