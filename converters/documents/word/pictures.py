"""Pictures of Word documents: the image that an element shows, and how large."""

import re

from lxml import etree

from gongkai.converters.documents.archive import Archive, relations
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Place
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.errors import UnreadableSource

_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHOWS = {"blip": _OFFICE + "embed", "imagedata": _OFFICE + "id"}
"""The attribute that names an image, by the local name of the element that shows it."""

_EMU_A_POINT = 12700
_STYLED = {
    side: re.compile(rf"(?:^|;)\s*{side}\s*:\s*([0-9.]+)\s*(pt|in|cm|mm|px)?", re.IGNORECASE)
    for side in ("width", "height")
}
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 0.75}


class Images:
    """The images in an archive that its main part refers to."""

    def __init__(self, archive: Archive, main: str, limits: Limits) -> None:
        """Take the archive and the name of its main part."""
        self._archive = archive
        self._paths = {each.name: each.path for each in relations(archive, main, limits)}

    def picture(self, element: etree._Element, place: Place) -> Picture | None:
        """The picture that a drawing shows; None where it shows none, like a chart."""
        for node in element.iter():
            name = etree.QName(node).localname if isinstance(node.tag, str) else ""
            if name in _SHOWS:
                width, height = _size(element)
                return Picture(place, self._image(node.get(_SHOWS[name])), width, height, (), True)
        return None

    def _image(self, name: str | None) -> bytes | None:
        """The bytes of an image; None where it is not in the file."""
        path = self._paths.get(name or "")
        if path is None or path not in self._archive.entries:
            return None
        try:
            return self._archive.read(path)
        except UnreadableSource:  # A damaged picture leaves the text as it is.
            return b""


def _size(element: etree._Element) -> tuple[float | None, float | None]:
    """Width and height as shown, in points."""
    for node in element.iter():
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if name == "extent":
            return _emu(node.get("cx")), _emu(node.get("cy"))
        if name == "shape":
            style = node.get("style") or ""
            return _styled(style, "width"), _styled(style, "height")
    return None, None


def _emu(text: str | None) -> float | None:
    return int(text) / _EMU_A_POINT if text and text.isdigit() and len(text) < 12 else None


def _styled(style: str, side: str) -> float | None:
    match = _STYLED[side].search(style)
    try:
        return float(match[1]) * _POINTS[match[2] and match[2].lower()] if match else None
    except ValueError:
        return None
