"""Where images stand on a page of a PDF."""

from collections.abc import Callable, Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.aligned.glyphs import Box, Glyph

_FEW_GLYPHS = 10
"""More characters over an image are text on a background; fewer may be a page number or a mark."""

_TOUCHING = 2.0


def images_of(
    page: pdfium.PdfPage, shown: Callable[[Box], Box], glyphs: Sequence[Glyph]
) -> list[tuple[Box, float]]:
    """Where images stand that nothing is written over, with their pixels per point.

    Images that touch one another are one: some programs cut images into strips. ``shown`` maps a
    box of the plane to the page as it is shown, ``glyphs`` is what is written there.
    """
    found: list[tuple[Box, float]] = []
    for box, fine in _images(page, shown):
        apart = []
        for other, its in found:
            if _touch(box, other):
                box, fine = _around(box, other), max(fine, its)
            else:
                apart.append((other, its))
        found = [*apart, (box, fine)]
    return [
        (box, fine)
        for box, fine in found
        if sum(_holds(box, glyph) for glyph in glyphs) <= _FEW_GLYPHS
    ]


def _images(page: pdfium.PdfPage, shown: Callable[[Box], Box]) -> Iterator[tuple[Box, float]]:
    """The box of each image, with its pixels per point."""
    for page_object in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
        corners = page_object.get_quad_points()
        form = page_object.container
        while form is not None:
            corners = [form.get_matrix().on_point(*corner) for corner in corners]
            form = form.container
        across, down = zip(*corners, strict=True)
        box = shown((min(across), min(down), max(across), max(down)))
        longest = max(box[2] - box[0], box[3] - box[1], 1.0)
        yield box, max(page_object.get_px_size()) / longest


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + _TOUCHING
        and other[0] <= one[2] + _TOUCHING
        and one[1] <= other[3] + _TOUCHING
        and other[1] <= one[3] + _TOUCHING
    )


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _holds(box: Box, glyph: Glyph) -> bool:
    x, y = glyph.middle
    return box[0] < x < box[2] and box[1] < y < box[3]
