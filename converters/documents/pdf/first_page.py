"""A page of a PDF in the first reading, rotated as in the second, and its characters."""

import math
from collections.abc import Sequence
from typing import Any

from pdfminer.layout import LTChar, LTItem
from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Glyph


class FirstPage(Page):
    """A page of the first library that returns only the attributes of characters used here.

    The library looks up dozens of attributes of each character; that took more time than the whole
    examination of the print.
    """

    def process_object(self, obj: LTItem) -> dict[str, Any]:
        """The library's attributes of an object on the page."""
        if not isinstance(obj, LTChar):
            return super().process_object(obj)
        left, top = self.mediabox[:2]
        height = self.bbox[3] - self.bbox[1]
        return {
            "object_type": "char",
            "text": obj.get_text(),
            "matrix": obj.matrix,
            "upright": obj.upright,
            "x0": obj.x0 + left,
            "x1": obj.x1 + left,
            "top": height - obj.y1 + top,
            "bottom": height - obj.y0 + top,
            "width": obj.width,
            "height": obj.height,
        }


def first_page(page: Page, rotation: int) -> FirstPage:
    """A page of the first library, rotated by ``rotation`` degrees clockwise."""
    if page.rotation != rotation:
        page.page_obj.rotate = rotation
        page.page_obj.attrs["Rotate"] = rotation
    return FirstPage(page.pdf, page.page_obj, page.page_number)


def corner_of(page: Page) -> tuple[float, float]:
    """The corner of the visible part of the page, in the first library's coordinates.

    That library counts from the corner of the MediaBox; it rotates both boxes with the page, but
    not the position of the one in the other.
    """
    x0, y0, x1, y1 = _ordered(page.page_obj.mediabox)
    shown = _ordered(page.page_obj.cropbox)
    left, bottom = max(shown[0], x0), max(shown[1], y0)
    right, top = min(shown[2], x1), min(shown[3], y1)
    cut = {
        0: (left - x0, y1 - top),
        90: (bottom - y0, left - x0),
        180: (x1 - right, bottom - y0),
        270: (y1 - top, x1 - right),
    }[page.rotation]
    return page.bbox[0] + cut[0], page.bbox[1] + cut[1]


def _ordered(box: Sequence[float]) -> tuple[float, float, float, float]:
    (x0, x1), (y0, y1) = sorted(box[::2]), sorted(box[1::2])
    return x0, y0, x1, y1


def glyphs_of(
    page: Page, corner: tuple[float, float], size: tuple[float, float]
) -> tuple[list[Glyph], list[Glyph]]:
    """The characters on the visible part of the page, and the slanted ones among them.

    The visible part begins at ``corner``; ``size`` is its width and height.
    """
    straight: list[Glyph] = []
    slanted: list[Glyph] = []
    left, top = corner
    width, height = size
    for char in page.chars:
        a, b = char["matrix"][:2]
        glyph = Glyph(
            char["text"],
            char["x0"] - left,
            char["top"] - top,
            char["x1"] - left,
            char["bottom"] - top,
            0 if b == 0 < a else round(math.degrees(math.atan2(-b, a))) % 360,
        )
        x, y = glyph.middle
        if 0 <= x <= width and 0 <= y <= height:
            (slanted if is_slanted(glyph) else straight).append(glyph)
    return straight, slanted


def is_slanted(glyph: Glyph) -> bool:
    """Whether it runs neither across nor up or down the page, like a watermark."""
    return 3 < glyph.orientation % 90 < 87
