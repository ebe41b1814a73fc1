"""The second reading of a PDF, by another library, and what its pages look like when printed.

Nothing here uses the first reading; coordinates are those of the page as it is shown, as there.
"""

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.pdf.glyphs import Box, Glyph
from gongkai.converters.errors import UnreadableSource

INK_SCALE = 2.0
"""Pixels to a point where a page is looked at for ink."""

_SCAN_SCALE = 200 / 72
_MOST_PIXELS = 40_000_000
_FAINTEST = 25
"""Difference of grey (of 255) from which on something printed can be seen."""

_PLAIN = 100
"""Difference of grey from which on it is neither a watermark nor a shade."""

_LEAST_MARK = 8
"""Fewer pixels than this are the rim of a rule, not a mark in a cell."""

_ASIDE = 0.2
_RIM = 4.0
_PAGE_SIZE_IMAGE = 0.6
_NOTICED_IMAGE = 0.15
_INVISIBLE = (
    raw.FPDF_TEXTRENDERMODE_INVISIBLE,
    raw.FPDF_TEXTRENDERMODE_CLIP,
)
_HYPHEN = "\x02"
_LINKS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)


@dataclass(frozen=True)
class PageLook:
    """What a page consists of.

    ``image`` is the part of it that images cover; ``layer`` tells that its text is not what is
    seen: it is invisible, or hidden under images of the whole page. ``over_image``
    tells that visible text stands over such an image. ``drawn`` tells that there is anything.
    """

    image: float
    layer: bool
    over_image: bool
    drawn: bool
    has_text: bool

    @property
    def scanned(self) -> bool:
        """Whether only an image, or outlines of letters, tell what the page says."""
        return self.layer or (self.drawn and not self.has_text)

    @property
    def part_image(self) -> bool:
        """Whether an image that may hold content stands beside the text."""
        return not self.scanned and _NOTICED_IMAGE <= self.image < _PAGE_SIZE_IMAGE


@contextmanager
def open_second(data: bytes, limits: Limits) -> Iterator["SecondDocument"]:
    """Open a PDF for the second reading.

    Raises UnreadableSource if it is encrypted or damaged, or has too many pages.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableSource(
                "the PDF is encrypted and asks for a password: save it without one"
            ) from None
        raise UnreadableSource(
            "the file begins like a PDF but is damaged: fetch it again, or open it and print it "
            "to a new PDF"
        ) from None
    try:
        pages = len(document)
        if pages > limits.most_pages:
            raise UnreadableSource(
                f"the PDF has {pages} pages, more than the {limits.most_pages} that are read: "
                "cut out the report (the limit is most_pages)"
            )
        if not pages:
            raise UnreadableSource("the PDF has no pages: fetch it again")
        yield SecondDocument(document)
    finally:
        document.close()


class SecondDocument:
    """A PDF opened for the second reading."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        """Take an open document."""
        self._document = document

    def __len__(self) -> int:
        """Number of pages."""
        return len(self._document)

    @property
    def title(self) -> str:
        """The title that the file gives itself, if any."""
        return str(self._document.get_metadata_value("Title")).strip("\0 \n\t")

    @contextmanager
    def page(self, number: int) -> Iterator["SecondPage"]:
        """The page of that number, from 1."""
        page = self._document[number - 1]
        try:
            if raw.FPDFPage_GetAnnotCount(page) and _has_marks(page):
                # What was filled into fields or written onto the page is part of the print.
                raw.FPDFPage_Flatten(page, raw.FLAT_PRINT)
                page.close()
                page = self._document[number - 1]
            yield SecondPage(page)
        finally:
            page.close()

    def image(self, number: int) -> Image.Image:
        """The page of that number, from 1, as an image fit for character recognition."""
        with self.page(number) as page:
            return page.render(_SCAN_SCALE, grey=False)


def _has_marks(page: pdfium.PdfPage) -> bool:
    for i in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) not in _LINKS:
                return True
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return False


class SecondPage:
    """A page in the second reading."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        """Take a loaded page; ``width`` and ``height`` are those of it as shown, in points."""
        self._page = page
        self.width, self.height = page.get_size()

    def look(self) -> PageLook:
        """What the page consists of."""
        area = max(self.width * self.height, 1.0)
        images: list[tuple[float, bool, int]] = []
        drawn, texts, invisible = False, 0, 0
        for thing in self._page.get_objects(max_depth=5):
            drawn = True
            if thing.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = thing.get_bounds()
                opaque = not raw.FPDFPageObj_HasTransparency(thing)
                images.append(((right - left) * (top - bottom) / area, opaque, texts))
            elif thing.type == raw.FPDF_PAGEOBJ_TEXT:
                texts += 1
                invisible += raw.FPDFTextObj_GetTextRenderMode(thing) in _INVISIBLE
        # Scanners cut a page into strips: it is the sum that counts.
        covered = sum(part for part, _, _ in images)
        over_text = sum(part for part, opaque, before in images if opaque and before > texts / 2)
        layer = texts > 0 and (invisible > texts / 2 or over_text >= _PAGE_SIZE_IMAGE)
        return PageLook(
            image=covered,
            layer=layer,
            over_image=covered >= _PAGE_SIZE_IMAGE and not layer and texts > 0,
            drawn=drawn,
            has_text=bool(self.glyphs),
        )

    @cached_property
    def glyphs(self) -> tuple[Glyph, ...]:
        """The characters of the page in the library's own order, without white space.

        Those that are written to be invisible are not among them.
        """
        return tuple(glyph for glyph, invisible in self._all if not invisible)

    @cached_property
    def invisible(self) -> tuple[Glyph, ...]:
        """The characters that are written to be invisible."""
        return tuple(glyph for glyph, invisible in self._all if invisible)

    @cached_property
    def _all(self) -> tuple[tuple[Glyph, bool], ...]:
        text_page = self._page.get_textpage()
        try:
            return tuple(self._read(text_page))
        finally:
            text_page.close()

    def _read(self, text_page: pdfium.PdfTextPage) -> Iterator[tuple[Glyph, bool]]:
        left, bottom, right, top = (ctypes.c_double() for _ in range(4))
        rotation = self._page.get_rotation()
        for i in range(text_page.count_chars()):
            code = raw.FPDFText_GetUnicode(text_page, i)
            if raw.FPDFText_IsGenerated(text_page, i) == 1:
                continue
            sign = _sign(code, raw.FPDFText_HasUnicodeMapError(text_page, i) == 1)
            if not sign.strip():
                continue
            if not raw.FPDFText_GetCharBox(text_page, i, left, right, bottom, top):
                continue
            box = self._shown((left.value, bottom.value, right.value, top.value))
            turn = round(math.degrees(raw.FPDFText_GetCharAngle(text_page, i)))
            mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text_page, i))
            yield Glyph(sign, *box, turn=(turn + rotation) % 360), mode in _INVISIBLE

    @cached_property
    def _crop(self) -> Box:
        """The part of the plane that is shown: left, bottom, right, top."""
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(self._page, bounds)
        return bounds.left, bounds.bottom, bounds.right, bounds.top

    def _shown(self, box: Box) -> Box:
        """A box of the plane (left, bottom, right, top) on the page as it is shown."""
        left, bottom, right, top = self._crop
        x0, y0, x1, y1 = box
        match self._page.get_rotation():
            case 90:
                return y0 - bottom, x0 - left, y1 - bottom, x1 - left
            case 180:
                return right - x1, y0 - bottom, right - x0, y1 - bottom
            case 270:
                return top - y1, right - x1, top - y0, right - x0
            case _:
                return x0 - left, top - y1, x1 - left, top - y0

    # --- what is seen ---------------------------------------------------------------------------

    def render(self, scale: float, grey: bool) -> Image.Image:
        """The page as an image, of ``scale`` pixels to a point (fewer if it is very large)."""
        pixels = self.width * self.height * scale * scale
        if pixels > _MOST_PIXELS:
            scale *= math.sqrt(_MOST_PIXELS / pixels)
        image: Image.Image = self._page.render(scale=scale, grayscale=grey).to_pil()
        return image.convert("L" if grey else "RGB")

    @cached_property
    def _picture(self) -> tuple[Image.Image, float]:
        picture = self.render(INK_SCALE, grey=True)
        return picture, picture.width / self.width

    def is_seen(self, glyph: Glyph) -> bool:
        """Whether anything is printed where the glyph stands."""
        picture, scale = self._picture
        # What reaches over from the characters beside it is not its own.
        aside = _ASIDE * (glyph.x1 - glyph.x0)
        box = (
            math.floor((glyph.x0 + aside) * scale),
            math.floor(glyph.top * scale),
            math.ceil((glyph.x1 - aside) * scale),
            math.ceil(glyph.bottom * scale),
        )
        faintest, plainest = _extremes(picture, box)
        return plainest - faintest >= _FAINTEST

    def has_mark(self, box: Box) -> bool:
        """Whether anything is plainly printed in the box, its rim left out."""
        picture, scale = self._picture
        margin = min(_RIM, _ASIDE * min(box[2] - box[0], box[3] - box[1]))
        inner = (
            round((box[0] + margin) * scale),
            round((box[1] + margin) * scale),
            round((box[2] - margin) * scale),
            round((box[3] - margin) * scale),
        )
        faintest, plainest = _extremes(picture, inner)
        if plainest - faintest < _PLAIN:
            return False
        counts = picture.crop(inner).histogram()
        ground = max(range(256), key=counts.__getitem__)
        marked = sum(n for grey, n in enumerate(counts) if abs(grey - ground) >= _PLAIN)
        return marked >= _LEAST_MARK


def _extremes(picture: Image.Image, box: tuple[int, int, int, int]) -> tuple[int, int]:
    left, top, right, bottom = box
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    if right <= left or bottom <= top:
        return 0, 0
    darkest, lightest = picture.crop((left, top, right, bottom)).getextrema()
    return int(darkest), int(lightest)  # type: ignore[arg-type]


def _sign(code: int, unknown: bool) -> str:
    if chr(code) == _HYPHEN:
        return "-"
    if unknown or code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code)
