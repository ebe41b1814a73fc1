"""A page of a PDF with only its text left, all of it black: what was written, seen or not.

White, invisible, transparent and cut-off text is drawn as well; pictures, lines and shades are not.
"""

import ctypes
import math
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.page_objects import (
    Handle,
    bounds_of,
    colours_of,
    objects_of,
)
from gongkai.converters.documents.pdf.shadows import Shadow

_DEPTH = 15
_SHOWN_MODES = {
    raw.FPDF_TEXTRENDERMODE_INVISIBLE: raw.FPDF_TEXTRENDERMODE_FILL,
    raw.FPDF_TEXTRENDERMODE_CLIP: raw.FPDF_TEXTRENDERMODE_FILL,
    raw.FPDF_TEXTRENDERMODE_FILL_CLIP: raw.FPDF_TEXTRENDERMODE_FILL,
    raw.FPDF_TEXTRENDERMODE_STROKE_CLIP: raw.FPDF_TEXTRENDERMODE_STROKE,
    raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP: raw.FPDF_TEXTRENDERMODE_FILL_STROKE,
}
_WIDER = 10_000.0
_DARK = 128
"""The highest of red, green and blue, of 255, up to which a colour is dark."""

Objects = Sequence[Handle]


def leave_text_alone(page: pdfium.PdfPage, shadows: Sequence[Shadow] = ()) -> Objects:
    """Change a loaded page so that it shows nothing but its text.

    Returns the slanted text, and the shadows that are seen; others are hidden.
    """
    aslant = []
    seen = {shadow.number: shadow.seen for shadow in shadows}
    number = -1
    for kind, page_object, level in objects_of(page, _DEPTH):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            number += level == 0
            shadow = level == 0 and number in seen
            if shadow and not seen[number]:
                raw.FPDFPageObj_SetIsActive(page_object, False)
                continue
            _blacken(page_object)
            if shadow or _is_slanted(page_object):
                aslant.append(page_object)
        elif kind != raw.FPDF_PAGEOBJ_FORM:
            raw.FPDFPageObj_SetIsActive(page_object, False)
    return aslant


def hide(objects: Objects) -> None:
    """Exclude the objects of a loaded page from drawing."""
    for page_object in objects:
        raw.FPDFPageObj_SetIsActive(page_object, False)


def _blacken(text: Handle) -> None:
    raw.FPDFPageObj_SetFillColor(text, 0, 0, 0, 255)
    mode = raw.FPDFTextObj_GetTextRenderMode(text)
    if mode not in (raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_INVISIBLE):
        raw.FPDFPageObj_SetStrokeColor(text, 0, 0, 0, 255)
    if mode in _SHOWN_MODES:
        raw.FPDFTextObj_SetTextRenderMode(text, _SHOWN_MODES[mode])
    _unclip(text)


def odd_texts(page: pdfium.PdfPage) -> Iterator[Box | None]:
    """Where texts of a loaded page are that are pale or transparent, or lie where they are cut off.

    None for a text in a part of the page that is drawn by itself: its place is not known.
    """
    inside = _texts(page, _DEPTH)
    texts = _texts(page, 1)
    deeper = len(inside) > len(texts)
    if deeper:
        texts = inside
    for text, (red, green, blue, opacity) in zip(texts, colours_of(texts), strict=True):
        if opacity < 255 or max(red, green, blue) > _DARK or _cut(text) is not None:
            yield None if deeper else bounds_of(text)


def _texts(page: pdfium.PdfPage, depth: int) -> list[Handle]:
    return [
        page_object
        for kind, page_object, _ in objects_of(page, depth)
        if kind == raw.FPDF_PAGEOBJ_TEXT
    ]


def _unclip(text: Handle) -> None:
    """Enlarge the clip path of the text, about its own middle, to more than any page."""
    cut = _cut(text)
    if cut is None:
        return
    x0, y0, x1, y1 = cut
    shift = 1 - _WIDER
    raw.FPDFPageObj_TransformClipPath(
        text, _WIDER, 0, 0, _WIDER, shift * (x0 + x1) / 2, shift * (y0 + y1) / 2
    )


def _cut(text: Handle) -> tuple[float, float, float, float] | None:
    """The bounds of the clip path of the text, where the text extends beyond them."""
    clip = raw.FPDFPageObj_GetClipPath(text)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    if count < 1:
        return None
    x0 = y0 = -math.inf
    x1 = y1 = math.inf
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        xs, ys = [], []
        for k in range(raw.FPDFClipPath_CountPathSegments(clip, i)):
            segment = raw.FPDFClipPath_GetPathSegment(clip, i, k)
            if raw.FPDFPathSegment_GetPoint(segment, x, y):
                xs.append(x.value)
                ys.append(y.value)
        if xs:
            x0, x1 = max(x0, min(xs)), min(x1, max(xs))
            y0, y1 = max(y0, min(ys)), min(y1, max(ys))
    if not (x0 < x1 < math.inf and y0 < y1 < math.inf):
        return None
    left, bottom, right, top = bounds_of(text)
    if x0 <= left and y0 <= bottom and x1 >= right and y1 >= top:
        return None
    return x0, y0, x1, y1


def _is_slanted(text: Handle) -> bool:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(text, matrix):
        return False
    turn = math.degrees(math.atan2(matrix.b, matrix.a)) % 90
    return 3 < turn < 87
