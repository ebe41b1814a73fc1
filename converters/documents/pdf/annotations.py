"""Annotations of a PDF, made part of its pages, so that whatever a viewer shows is read.

Stamps, notes, boxes, strokes and filled-in fields are drawn over a page by the viewer; no library
finds their text among that of the page.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import Box

_SIGNS = (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FILEATTACHMENT, raw.FPDF_ANNOT_SOUND)
"""Kinds that viewers show as a sign of their own, which may cover what is printed there."""

_NO_MARKS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
_DRAWN = (
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_POLYLINE,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_SQUIGGLY,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_REDACT,
)
"""Kinds that draw something onto the page, with or without text."""

_SAYING = (raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_WIDGET)
"""Kinds whose text stands on the page itself."""

_LEAST_APPEARANCE = 3
"""The least number of bytes of an appearance that is not empty, with the two that end its text."""

Annotation = Any


@dataclass(frozen=True)
class Undrawn:
    """An annotation that is seen only under some conditions: in print, or in some viewers.

    ``box`` is (left, bottom, right, top) in the plane of the page, ``text`` its content.
    """

    box: Box
    text: str


@dataclass(frozen=True)
class Flattened:
    """A PDF whose annotations are part of its pages.

    ``pages`` are the numbers of the pages that had any; ``undrawn`` are, by page, those that could
    not be made part of it.
    """

    data: bytes
    pages: tuple[int, ...] = ()
    undrawn: dict[int, tuple[Undrawn, ...]] = field(default_factory=dict)


def flatten(document: pdfium.PdfDocument, data: bytes) -> Flattened:
    """``data``, from which ``document`` was opened, with the annotations drawn on the pages.

    Returns ``data`` itself where there are none. The view on a screen is the one that counts.
    """
    pages: list[int] = []
    undrawn: dict[int, tuple[Undrawn, ...]] = {}
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        try:
            if not raw.FPDFPage_GetAnnotCount(page) or not any(_marks(page)):
                continue
            # Drawing the page creates the appearances that the file leaves to the viewer.
            page.render(scale=0.05)
            left_out = tuple(_prepare(page))
            if left_out:
                undrawn[number] = left_out
            if raw.FPDFPage_Flatten(page, raw.FLAT_PRINT) == raw.FLATTEN_FAIL:
                continue
            pages.append(number)
        finally:
            page.close()
    if not pages:
        return Flattened(data, (), undrawn)
    out = io.BytesIO()
    document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    return Flattened(out.getvalue(), tuple(pages), undrawn)


def _marks(page: pdfium.PdfPage) -> Iterator[Annotation]:
    """The annotations of a page that may be seen, each open while it is examined."""
    for i in range(raw.FPDFPage_GetAnnotCount(page)):
        with _opened(page, i) as annotation:
            if raw.FPDFAnnot_GetSubtype(annotation) not in _NO_MARKS:
                yield annotation


@contextmanager
def _opened(page: pdfium.PdfPage, number: int) -> Iterator[Annotation]:
    annotation = raw.FPDFPage_GetAnnot(page, number)
    try:
        yield annotation
    finally:
        raw.FPDFPage_CloseAnnot(annotation)


def _prepare(page: pdfium.PdfPage) -> Iterator[Undrawn]:
    """Let what is shown on a screen be drawn, and nothing else; returns what remains unsure."""
    for annotation in _marks(page):
        flags = raw.FPDFAnnot_GetFlags(annotation)
        if flags & raw.FPDF_ANNOT_FLAG_HIDDEN:
            continue
        on_screen = not flags & raw.FPDF_ANNOT_FLAG_NOVIEW
        raw.FPDFAnnot_SetFlags(
            annotation, raw.FPDF_ANNOT_FLAG_PRINT if on_screen else raw.FPDF_ANNOT_FLAG_HIDDEN
        )
        has_look = raw.FPDFAnnot_GetAP(annotation, 0, None, 0) >= _LEAST_APPEARANCE
        text = _string(annotation, b"V") or _string(annotation, b"Contents")
        only_printed = not on_screen and flags & raw.FPDF_ANNOT_FLAG_PRINT
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind in _SIGNS:
            raw.FPDFAnnot_SetFlags(annotation, raw.FPDF_ANNOT_FLAG_HIDDEN)
            yield Undrawn(_rectangle(annotation), text)
            continue
        seen = kind in _DRAWN or (kind in _SAYING and text)
        if only_printed or (on_screen and seen and not has_look):
            yield Undrawn(_rectangle(annotation), text)


def _string(annotation: Annotation, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length < _LEAST_APPEARANCE:
        return ""
    buffer = (raw.FPDF_WCHAR * (length // 2 + 1))()
    raw.FPDFAnnot_GetStringValue(annotation, key, buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")


def _rectangle(annotation: Annotation) -> Box:
    bounds = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, bounds)
    return bounds.left, bounds.bottom, bounds.right, bounds.top
