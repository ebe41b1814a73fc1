"""The second reading of a PDF, by another library, and what its pages look like when printed.

Nothing here uses the first reading; coordinates are those of the page as it is shown, as there.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, has_digit
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.pdf.annotations import Flattened, Undrawn, flatten
from gongkai.converters.documents.pdf.ink import SCALE, PageInk
from gongkai.converters.documents.pdf.text_alone import hide, leave_text_alone
from gongkai.converters.errors import UnreadableSource

_SCAN_SCALE = 200 / 72
_FINEST = 300 / 72
_MOST_PIXELS = 40_000_000
_DIGIT = 17.0
"""Pixels that a digit of usual size is at least high."""

_PAGE_SIZE_IMAGE = 0.6
_NOTICED_IMAGE = 0.15
_INVISIBLE = (
    raw.FPDF_TEXTRENDERMODE_INVISIBLE,
    raw.FPDF_TEXTRENDERMODE_CLIP,
)
_FEW_GLYPHS = 10
"""More characters over an image are text on a ground; fewer may be a page number or a mark."""

_TOUCHING = 2.0
_HYPHEN = "\x02"


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
        flat = _flattened(document, data)
        if flat.data is not data:
            document.close()
            document = pdfium.PdfDocument(flat.data)
        yield SecondDocument(document, flat)
    finally:
        document.close()


def _flattened(document: pdfium.PdfDocument, data: bytes) -> Flattened:
    try:
        return flatten(document, data)
    except pdfium.PdfiumError as error:
        raise UnreadableSource(
            f"the PDF is damaged ({error}): fetch it again, or open it and print it to a new PDF"
        ) from error


class SecondDocument:
    """A PDF opened for the second reading."""

    def __init__(self, document: pdfium.PdfDocument, flat: Flattened) -> None:
        """Take an open document, opened from ``flat``."""
        self._document = document
        self._flat = flat

    def __len__(self) -> int:
        """Number of pages."""
        return len(self._document)

    @property
    def data(self) -> bytes:
        """The file with its annotations made part of the pages."""
        return self._flat.data

    @property
    def annotated(self) -> tuple[int, ...]:
        """The numbers of the pages that have annotations which may be seen."""
        return self._flat.pages

    @property
    def title(self) -> str:
        """The title that the file gives itself, if any."""
        return str(self._document.get_metadata_value("Title")).strip("\0 \n\t")

    @contextmanager
    def page(self, number: int) -> Iterator["SecondPage"]:
        """The page of that number, from 1, turned upright where its text lies on its side."""
        with self._load(number) as page:
            undrawn = self._flat.undrawn.get(number, ())
            shown = SecondPage(page, lambda: self._load(number), undrawn)
            turned = shown.on_its_side
            if turned:
                page.set_rotation((page.get_rotation() - turned) % 360)
                shown = SecondPage(page, lambda: self._load(number), undrawn, turned)
            yield shown

    @contextmanager
    def _load(self, number: int) -> Iterator[pdfium.PdfPage]:
        page = self._document[number - 1]
        try:
            yield page
        finally:
            page.close()

    def image(self, number: int) -> Image.Image:
        """The page of that number, from 1, as an image fit for character recognition."""
        with self.page(number) as page:
            return page.render(_SCAN_SCALE, grey=False)

    def picture(self, number: int, box: Box, fine: float) -> Image.Image:
        """The part of a page that an image of ``fine`` pixels to a point covers, as above."""
        with self.page(number) as page:
            return page.crop(box, min(max(fine, _SCAN_SCALE), _FINEST))


class SecondPage:
    """A page in the second reading."""

    def __init__(
        self,
        page: pdfium.PdfPage,
        again: Callable[[], AbstractContextManager[pdfium.PdfPage]],
        undrawn: Sequence[Undrawn] = (),
        turned: int = 0,
    ) -> None:
        """Take a loaded page; ``again`` loads it once more, to be changed.

        ``width`` and ``height`` are those of it as shown, in points; ``turned`` is how far the
        file shows it turned from upright, in degrees clockwise.
        """
        self._page = page
        self._again = again
        self._undrawn = undrawn
        self.turned = turned
        self.width, self.height = page.get_size()

    @property
    def rotation(self) -> int:
        """How far the plane that the page is drawn on is turned, in degrees clockwise."""
        return int(self._page.get_rotation())

    @cached_property
    def on_its_side(self) -> int:
        """How far most of its text is turned: 90, 180 or 270 degrees clockwise; 0 if upright."""
        turns = Counter(glyph.turn for glyph in self.glyphs)
        turn, count = turns.most_common(1)[0] if turns else (0, 0)
        return turn if turn % 90 == 0 and 2 * count > len(self.glyphs) else 0

    def undrawn(self, box: Box) -> tuple[str, ...]:
        """The texts of annotations over the box that may be seen, or not."""
        return tuple(note.text for note in self._undrawn if _meet(self._shown(note.box), box))

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

    def pictures(self) -> list[tuple[Box, float]]:
        """Where images stand that nothing is written over, with their pixels to a point.

        Those that touch one another are one: some programs cut images into strips.
        """
        found: list[tuple[Box, float]] = []
        for thing in self._page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=5):
            corners = thing.get_quad_points()
            form = thing.container
            while form is not None:
                corners = [form.get_matrix().on_point(*corner) for corner in corners]
                form = form.container
            across, down = zip(*corners, strict=True)
            box = self._shown((min(across), min(down), max(across), max(down)))
            longest = max(box[2] - box[0], box[3] - box[1], 1.0)
            fine = max(thing.get_px_size()) / longest
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
            if sum(_holds(box, glyph) for glyph in self.glyphs) <= _FEW_GLYPHS
        ]

    def crop(self, box: Box, scale: float) -> Image.Image:
        """What is printed in a box of the page, with ``scale`` pixels to a point."""
        picture = self.render(scale, grey=False)
        scale = picture.width / self.width
        return picture.crop(
            (
                max(math.floor(box[0] * scale), 0),
                max(math.floor(box[1] * scale), 0),
                min(math.ceil(box[2] * scale), picture.width),
                min(math.ceil(box[3] * scale), picture.height),
            )
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
        fonts: dict[int, str] = {}
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
            thing = raw.FPDFText_GetTextObject(text_page, i)
            mode = raw.FPDFTextObj_GetTextRenderMode(thing)
            foot = None
            if raw.FPDFText_GetCharOrigin(text_page, i, left, bottom):
                foot = self._shown((left.value, bottom.value, left.value, bottom.value))[3]
            turned = (turn + rotation) % 360
            font = _font(thing, fonts) if has_digit(sign) else ""
            yield Glyph(sign, *box, turn=turned, foot=foot, font=font), mode in _INVISIBLE

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
    def ink(self) -> PageInk:
        """What is printed where the characters stand."""
        sizes = sorted(glyph.size for glyph in self.glyphs if has_digit(glyph.text))
        size = sizes[len(sizes) // 2] if sizes else 0.0
        scale = min(max(SCALE, _DIGIT / size), 2 * SCALE) if size > 0 else SCALE
        with self._again() as page:
            aslant = leave_text_alone(page)
            slanted = written = _rendered(page, scale)
            if aslant:
                hide(aslant)
                written = _rendered(page, scale)
        seen = _rendered(self._page, scale)
        return PageInk(seen, written, slanted, seen.width / self.width)


def _font(thing: Any, known: dict[int, str]) -> str:
    """The name of the font of a text object; ``known`` are those met on the page."""
    font = raw.FPDFTextObj_GetFont(thing)
    key = ctypes.addressof(font.contents) if font else 0
    if key not in known:
        known[key] = ""
        length = raw.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
        if length:
            buffer = ctypes.create_string_buffer(length)
            raw.FPDFFont_GetBaseFontName(font, buffer, length)
            known[key] = buffer.value.decode("latin-1")
    return known[key]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rendered(page: pdfium.PdfPage, scale: float) -> Image.Image:
    """The page in grey, of ``scale`` pixels to a point (fewer if it is very large)."""
    width, height = page.get_size()
    pixels = width * height * scale * scale
    if pixels > _MOST_PIXELS:
        scale *= math.sqrt(_MOST_PIXELS / pixels)
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    return image.convert("L")


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


def _sign(code: int, unknown: bool) -> str:
    if chr(code) == _HYPHEN:
        return "-"
    if unknown or code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000:
        return "\ufffd"
    return chr(code)
