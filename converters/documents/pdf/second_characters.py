"""The characters of a page of a PDF, as PDFium reads them."""

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import SAME_PLACE, Box, Glyph, has_digit
from gongkai.converters.documents.pdf.page_look import INVISIBLE_MODES

_HYPHEN = "\x02"

_SAME_MIDDLE = 0.04
"""The largest distance between the middles of what is printed in one place, in parts of the height.
"""

_NEIGHBOURHOOD = 8.0
"""Side, in points, of the squares into which a page is divided to find what stands near."""


def characters_of(
    page: pdfium.PdfPage, rotation: int, shown: Callable[[Box], Box]
) -> tuple[tuple[Glyph, bool], ...]:
    """The characters of a loaded page except white space; with each, whether it is invisible.

    ``rotation`` is the rotation of the plane of the page; ``shown`` maps a box of the plane to the
    page as it is shown.
    """
    text_page = page.get_textpage()
    try:
        # The bare pointer: the library's own object looks it up again in every call.
        return tuple(_read(text_page.raw, text_page.count_chars(), rotation, shown))
    finally:
        text_page.close()


def once(glyphs: Iterable[Glyph]) -> tuple[Glyph, ...]:
    """The characters in their order; those that stand in one place twice are one.

    Browsers write a text whose outlines are drawn (``-webkit-text-stroke``) once for its inside and
    once for its outlines. The box is that of both.
    """
    kept: list[Glyph] = []
    near: dict[tuple[str, float, float], list[int]] = {}
    for glyph in glyphs:
        text = glyph.text
        across, down = glyph.middle
        x, y = across // _NEIGHBOURHOOD, down // _NEIGHBOURHOOD
        # Of the squares around, only those in the nearer half of this one's width and height.
        beside = x + 1 if across % _NEIGHBOURHOOD >= _NEIGHBOURHOOD / 2 else x - 1
        below = y + 1 if down % _NEIGHBOURHOOD >= _NEIGHBOURHOOD / 2 else y - 1
        known = [
            i
            for place in ((text, x, y), (text, beside, y), (text, x, below), (text, beside, below))
            for i in near.get(place, ())
        ]
        same = next((i for i in known if _is_same(kept[i], glyph)), None)
        if same is None:
            near.setdefault((text, x, y), []).append(len(kept))
            kept.append(glyph)
        else:
            first = kept[same]
            kept[same] = first._replace(
                x0=min(first.x0, glyph.x0),
                top=min(first.top, glyph.top),
                x1=max(first.x1, glyph.x1),
                bottom=max(first.bottom, glyph.bottom),
            )
    return tuple(kept)


def _is_same(one: Glyph, other: Glyph) -> bool:
    """Whether two equal characters have one middle and differ only in outline thickness."""
    return (
        one.orientation == other.orientation
        and all(
            abs(a - b) < _SAME_MIDDLE * one.size
            for a, b in zip(one.middle, other.middle, strict=True)
        )
        and all(abs(a - b) < SAME_PLACE * one.size for a, b in zip(one.box, other.box, strict=True))
    )


def _read(
    text_page: Any, count: int, rotation: int, shown: Callable[[Box], Box]
) -> Iterator[tuple[Glyph, bool]]:
    left, bottom, right, top = corners = tuple(ctypes.c_double() for _ in range(4))
    x0, y0, x1, y1 = map(ctypes.byref, corners)
    matrix = raw.FS_MATRIX()
    to_matrix = ctypes.byref(matrix)
    fonts: dict[int, str] = {}
    for i in range(count):
        code = raw.FPDFText_GetUnicode(text_page, i)
        if raw.FPDFText_IsGenerated(text_page, i) == 1:
            continue
        character = _character(code, raw.FPDFText_HasUnicodeMapError(text_page, i) == 1)
        if not character.strip():
            continue
        if not raw.FPDFText_GetCharBox(text_page, i, x0, x1, y0, y1):
            continue
        box = shown((left.value, bottom.value, right.value, top.value))
        # The angle that the library gives is that of the strokes, which lean in italics.
        raw.FPDFText_GetMatrix(text_page, i, to_matrix)
        in_text = round(math.degrees(math.atan2(-matrix.b, matrix.a)))
        page_object = raw.FPDFText_GetTextObject(text_page, i)
        mode = raw.FPDFTextObj_GetTextRenderMode(page_object)
        foot, font, lean = None, "", 0.0
        if has_digit(character):
            font = _font(page_object, fonts)
            lean = matrix.c / matrix.d if matrix.d and not matrix.b and not rotation else 0.0
            if raw.FPDFText_GetCharOrigin(text_page, i, x0, y0):
                foot = shown((left.value, bottom.value, left.value, bottom.value))[3]
        orientation = (in_text + rotation) % 360
        yield Glyph(character, *box, orientation, foot, font, lean), mode in INVISIBLE_MODES


def _font(page_object: Any, known: dict[int, str]) -> str:
    """The name of the font of a text object; ``known`` are those already found on the page."""
    font = raw.FPDFTextObj_GetFont(page_object)
    key = ctypes.addressof(font.contents) if font else 0
    if key not in known:
        known[key] = ""
        length = raw.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
        if length:
            buffer = ctypes.create_string_buffer(length)
            raw.FPDFFont_GetBaseFontName(font, buffer, length)
            known[key] = buffer.value.decode("latin-1")
    return known[key]


def _character(code: int, unknown: bool) -> str:
    if chr(code) == _HYPHEN:
        return "-"
    if unknown or code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code)
