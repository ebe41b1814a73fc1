"""The objects that a page of a PDF is drawn of, as the bare library gives them."""

from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Handle = Any


def objects_of(page: pdfium.PdfPage, depth: int) -> Iterator[tuple[int, Handle]]:
    """The objects of a loaded page with their kinds, those in forms after the form.

    It is ``PdfPage.get_objects`` without an object of Python's for each, of which there are
    thousands; ``depth`` is how deeply forms within forms are looked into.
    """
    count = raw.FPDFPage_CountObjects(page)
    return _within(page.raw, count, raw.FPDFPage_GetObject, depth)


def _within(holder: Handle, count: int, get: Any, depth: int) -> Iterator[tuple[int, Handle]]:
    for i in range(count):
        thing = get(holder, i)
        kind = raw.FPDFPageObj_GetType(thing)
        yield kind, thing
        if kind == raw.FPDF_PAGEOBJ_FORM and depth > 1:
            count_inside = raw.FPDFFormObj_CountObjects(thing)
            yield from _within(thing, count_inside, raw.FPDFFormObj_GetObject, depth - 1)
