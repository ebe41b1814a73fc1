"""Pictures of a page: those that its file holds, and those that it only refers to."""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from lxml import etree

from gongkai.converters.documents.model import Place
from gongkai.converters.documents.pictures import Picture

_POINTS_A_PIXEL = 0.75
_PIXELS = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*")
_IN_STYLE = {
    side: re.compile(rf"(?:^|;)\s*{side}\s*:\s*([0-9]+(?:\.[0-9]+)?)px", re.IGNORECASE)
    for side in ("width", "height")
}
_DATA = re.compile(r"\s*data:image/[^,;]*((?:;[^,;]*)*),", re.IGNORECASE)
_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]+\s*[、.．]|[（(]\s*[一二三四五六七八九十]+\s*[）)]|第二十条|附?表)"
)
_LONGEST_HEADING = 40


def shown_picture(
    element: etree._Element, files: Mapping[str, bytes], line: int | None
) -> Picture | None:
    """The picture that an ``img`` shows; None where the element does not say what it shows.

    Its bytes come from its address where that holds them (``data:``), or from ``files``, which were
    saved with the page, by address; nothing is fetched.
    """
    address = element.get("src") or ""
    if not address.strip():
        return None
    width, height = (_points(element, side) for side in ("width", "height"))
    return Picture(Place(line=line), _image(address, files), width, height)


def leads_to_table(text: str) -> bool:
    """Whether a text is of the kind that stands above tables: the heading of a part, a caption."""
    return len(text) <= _LONGEST_HEADING and _HEADING.match(text) is not None


def _image(address: str, files: Mapping[str, bytes]) -> bytes | None:
    match = _DATA.match(address)
    if match is None:
        return files.get(address.strip())
    raw = unquote_to_bytes(address[match.end() :])
    if "base64" not in match[1].lower():
        return raw
    try:
        return base64.b64decode(raw)
    except binascii.Error:
        return b""


def _points(element: etree._Element, side: str) -> float | None:
    """The width or height at which the picture is shown; None where it is not given in pixels."""
    styled = _IN_STYLE[side].search(element.get("style") or "")
    if styled is not None:
        return float(styled[1]) * _POINTS_A_PIXEL
    match = _PIXELS.fullmatch(element.get(side) or "")
    return float(match[1]) * _POINTS_A_PIXEL if match else None
