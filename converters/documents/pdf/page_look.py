"""What a page of a PDF consists of: text, images, or an image with a text layer."""

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.converters.documents.pdf.page_objects import Handle, objects_of

_PAGE_SIZE_IMAGE = 0.6
_NOTICED_IMAGE = 0.15
_DEPTH = 5
"""How deeply nested forms are examined."""

INVISIBLE_MODES = (
    raw.FPDF_TEXTRENDERMODE_INVISIBLE,
    raw.FPDF_TEXTRENDERMODE_CLIP,
)


@dataclass(frozen=True)
class PageLook:
    """What a page consists of.

    ``image`` is the part of it that images cover; ``layer`` says that its text is not what is seen:
    it is invisible, or hidden under images of the whole page. ``over_image`` says that visible text
    stands over such an image. ``drawn`` says that there is anything.
    """

    image: float
    layer: bool
    over_image: bool
    drawn: bool
    has_text: bool

    @property
    def scanned(self) -> bool:
        """Whether the content of the page is only an image, or outlines of letters."""
        return self.layer or (self.drawn and not self.has_text)

    @property
    def part_image(self) -> bool:
        """Whether an image that may hold content stands beside the text."""
        return not self.scanned and _NOTICED_IMAGE <= self.image < _PAGE_SIZE_IMAGE


def look_of(page: pdfium.PdfPage, has_text: bool) -> PageLook:
    """What a loaded page consists of; ``has_text`` says that it has visible characters."""
    width, height = page.get_size()
    area = max(width * height, 1.0)
    images: list[tuple[float, bool, int]] = []
    drawn, texts, invisible = False, 0, 0
    for kind, page_object, _ in objects_of(page, _DEPTH):
        drawn = True
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            opaque = not raw.FPDFPageObj_HasTransparency(page_object)
            images.append((_area(page_object) / area, opaque, texts))
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            invisible += raw.FPDFTextObj_GetTextRenderMode(page_object) in INVISIBLE_MODES
    # Scanners cut a page into strips: the sum counts.
    covered = sum(part for part, _, _ in images)
    over_text = sum(part for part, opaque, before in images if opaque and before > texts / 2)
    layer = texts > 0 and (invisible > texts / 2 or over_text >= _PAGE_SIZE_IMAGE)
    return PageLook(
        image=covered,
        layer=layer,
        over_image=covered >= _PAGE_SIZE_IMAGE and not layer and texts > 0,
        drawn=drawn,
        has_text=has_text,
    )


def _area(page_object: Handle) -> float:
    """The area of an object's bounds."""
    bounds = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(page_object, *bounds):
        raise pdfium.PdfiumError("Failed to locate pageobject.")
    left, bottom, right, top = (bound.value for bound in bounds)
    return (right - left) * (top - bottom)
