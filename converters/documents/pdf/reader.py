"""PDF: ruled tables and paragraphs, every cell with a digit read twice.

The first reading is pdfplumber's, the second PDFium's, which also renders what is seen in print.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

import pdfplumber
from PIL.Image import Image

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content
from gongkai.converters.documents.pdf.damage import damage_reported
from gongkai.converters.documents.pdf.document_items import items_of
from gongkai.converters.documents.pdf.notes import PageCounts, not_recognised, notes_of
from gongkai.converters.documents.pdf.pages import PageRow, Part, Scan, read_page
from gongkai.converters.documents.pdf.printed_digits import judge
from gongkai.converters.documents.pdf.second import SecondDocument, open_second
from gongkai.converters.documents.pdf.tables import PageTable
from gongkai.converters.documents.pictures import read_pictures
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import joined_labels, translations

# The library warns of every oddity of a font, thousands of times; none of it matters here.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_SCANS = "gongkai.converters.documents.scan.reader"
_DIGITS = "gongkai.converters.documents.scan.digits"


def read_pdf(data: bytes, limits: Limits) -> Content:
    """The tables and paragraphs of a PDF.

    Ruled tables become grids, joined over page breaks; text outside them becomes paragraphs, and a
    row of a table without ruled lines one block for each part. A cell is in doubt where its
    readings differ, or its print does not confirm them. Pages that are images are read by character
    recognition where that is installed.

    Raises UnreadableSource where the file is damaged, encrypted, larger than ``limits`` allow, or
    holds nothing but images that cannot be read.
    """
    with open_second(data, limits) as second:
        count = PageCounts()
        count.annotated.extend(second.annotated)
        with damage_reported():
            pages = _read_pages(second, limits, count)
            title = second.title
            pages, confirmed = _judged(pages, count)
        all_scanned = all(isinstance(part, Scan) for parts in pages for part in parts)
        recognised = _recognise(second, count.scanned, limits, all_scanned)
        with damage_reported():
            items = items_of(pages, recognised, count, second)
        read = read_pictures(items, limits)
    noted = {picture.place.page for picture in read.noted}
    count.images = [page for page in count.images if page not in noted]
    notes = notes_of(count, recognised is not None) + (recognised.notes if recognised else ())
    unread = read.unread
    if count.scanned and recognised is None:
        unread = joined_labels([not_recognised(count), *([unread] if unread else [])])
    elif recognised is not None and recognised.unread:
        unread = joined_labels([recognised.unread, *([unread] if unread else [])])
    declared = {"title": title} if title else {}
    return Content(read.items, declared, (*notes, *read.notes), unread, read_once=not confirmed)


def _read_pages(second: SecondDocument, limits: Limits, count: PageCounts) -> list[list[Part]]:
    pages: list[list[Part]] = []
    cells = 0
    with pdfplumber.open(io.BytesIO(second.data)) as first:
        if len(first.pages) != len(second):
            raise UnreadableSource(
                translations(
                    "unreadable.pdf.pages_differ", first=len(first.pages), second=len(second)
                )
            )
        for page in first.pages:
            with second.page(page.page_number) as other:
                parts = read_page(page, other, count)
            page.close()
            cells += sum(part.positions for part in parts if isinstance(part, PageTable))
            if cells > limits.most_cells:
                raise UnreadableSource(
                    translations(
                        "unreadable.pdf.too_many_cells",
                        page=page.page_number,
                        found=cells,
                        most=limits.most_cells,
                    )
                )
            pages.append(parts)
    return pages


def _judged(pages: Sequence[Sequence[Part]], count: PageCounts) -> tuple[list[list[Part]], bool]:
    """The parts, in doubt where other digits are printed; and whether print confirms all others."""
    readings = [
        reading
        for parts in pages
        for part in parts
        if isinstance(part, PageTable | PageRow)
        for reading in part.readings
    ]
    verdict = judge((printed for reading in readings for printed in reading.digits), _digits)
    count.unsure = "".join(sorted({printed.digit for printed in verdict.unsure}))

    def judged(part: Part) -> Part:
        if not verdict.others or not isinstance(part, PageTable | PageRow):
            return part
        found = tuple(one.judged(verdict) for one in part.readings)
        count.doubtful += sum(bool(one.doubt) for one in found)
        count.doubtful -= sum(bool(one.doubt) for one in part.readings)
        return replace(part, readings=found)

    return [[judged(part) for part in parts] for parts in pages], not verdict.unsure


def _digits(pictures: Sequence[Image]) -> Sequence[str | None]:
    """The digits that character recognition sees; none where it is not installed."""
    unknown = [None] * len(pictures)
    if find_spec(_DIGITS) is None:
        return unknown
    try:
        found: Sequence[str | None] = import_module(_DIGITS).recognise_digits(pictures)
    except UnreadableSource:
        return unknown
    return found


# --- scans ------------------------------------------------------------------------------------


def _recognise(
    second: SecondDocument, pages: Sequence[int], limits: Limits, all_scanned: bool
) -> Content | None:
    """The result of character recognition for ``pages``; None without pages or recognition.

    Raises UnreadableSource where they are all that there is and cannot be read.
    """
    if not pages:
        return None
    try:
        if find_spec(_SCANS) is None:
            raise UnreadableSource(translations("unreadable.pdf.only_images"))
        read = import_module(_SCANS).read_page_images
        content: Content = read(_images(second, pages), limits)
    except UnreadableSource:
        if all_scanned:
            raise
        return None
    return content


def _images(second: SecondDocument, pages: Sequence[int]) -> Iterator[tuple[int, Image]]:
    for page in pages:
        with damage_reported():
            image = second.image(page)
        yield page, image
