"""The objects that a page of a PDF consists of, as the low-level library returns them."""

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import Box

Handle = Any

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, each from 0 to 255."""


def objects_of(page: pdfium.PdfPage, depth: int) -> Iterator[tuple[int, Handle, int]]:
    """The objects of a loaded page with their kinds and levels; those in a form follow the form.

    The level is the number of forms that an object is in.

    It does the work of ``PdfPage.get_objects`` without a Python object for each of thousands of
    objects; ``depth`` is how deeply nested forms are examined.
    """
    count = raw.FPDFPage_CountObjects(page)
    return _within(page.raw, count, raw.FPDFPage_GetObject, 0, depth)


def _within(
    holder: Handle, count: int, get: Any, level: int, depth: int
) -> Iterator[tuple[int, Handle, int]]:
    for i in range(count):
        page_object = get(holder, i)
        kind = raw.FPDFPageObj_GetType(page_object)
        yield kind, page_object, level
        if kind == raw.FPDF_PAGEOBJ_FORM and level + 1 < depth:
            inside = raw.FPDFFormObj_CountObjects(page_object)
            yield from _within(page_object, inside, raw.FPDFFormObj_GetObject, level + 1, depth)


def colours_of(page_objects: Iterable[Handle]) -> list[Colour]:
    """The colours that objects are filled with."""
    red, green, blue, opacity = parts = tuple(ctypes.c_uint() for _ in range(4))
    to_parts = [ctypes.byref(part) for part in parts]
    found = []
    for page_object in page_objects:
        raw.FPDFPageObj_GetFillColor(page_object, *to_parts)
        found.append((red.value, green.value, blue.value, opacity.value))
    return found


def bounds_of(page_object: Handle) -> Box:
    """The box of an object on the plane of its page: left, bottom, right, top."""
    left, bottom, right, top = corners = tuple(ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(page_object, *map(ctypes.byref, corners))
    return left.value, bottom.value, right.value, top.value
