"""The second reading of a PDF, by another library, and the print of its pages.

Nothing here uses the first reading; coordinates are those of the page as it is shown, as there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.native_code import note_native_code
from gongkai.converters.documents.pdf.annotations import Flattened, flatten
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

_SCAN_SCALE = 200 / 72
_FINEST = 300 / 72


@contextmanager
def open_second(data: bytes, limits: Limits) -> Iterator["SecondDocument"]:
    """Open a PDF for the second reading.

    Raises UnreadableSource if it is encrypted or damaged, or has too many pages.
    """
    note_native_code()
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise UnreadableSource(translations("unreadable.pdf.password")) from None
        raise UnreadableSource(translations("unreadable.pdf.not_opened")) from None
    try:
        pages = len(document)
        if pages > limits.most_pages:
            raise UnreadableSource(
                translations("unreadable.pdf.too_many_pages", pages=pages, most=limits.most_pages)
            )
        if not pages:
            raise UnreadableSource(translations("unreadable.pdf.no_pages"))
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
        raise UnreadableSource(translations("unreadable.pdf.damaged", error=error)) from error


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
        """The title that the file declares, if any."""
        return str(self._document.get_metadata_value("Title")).strip("\0 \n\t")

    @contextmanager
    def page(self, number: int) -> Iterator["SecondPage"]:
        """The page of that number, from 1, rotated upright where its text lies on its side."""
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
            return page.render(_SCAN_SCALE)

    def picture(self, number: int, box: Box, fine: float) -> Image.Image:
        """The part of a page that an image of ``fine`` pixels per point covers, as above."""
        with self.page(number) as page:
            return page.crop(box, min(max(fine, _SCAN_SCALE), _FINEST))
