"""PDF: ruled tables and paragraphs, every cell with a digit read twice.

The first reading is pdfplumber's, the second PDFium's, which also shows what is seen in print.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import pdfplumber
from PIL.Image import Image

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.pdf.notes import Count, not_recognised, notes_of
from gongkai.converters.documents.pdf.pages import PagePicture, Part, Row, Scan, read_page, start
from gongkai.converters.documents.pdf.printed_digits import judge
from gongkai.converters.documents.pdf.second import SecondDocument, open_second
from gongkai.converters.documents.pdf.tables import PageTable, goes_on, make_grid
from gongkai.converters.documents.pdf.text import Layout, PageLine, furniture, joined, measure
from gongkai.converters.documents.pictures import Picture, joined_labels, read_pictures
from gongkai.converters.errors import UnreadableSource

# The library warns of every oddity of a font, thousands of times; none of it concerns the reader.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_SCANS = "gongkai.converters.documents.scan.reader"
_DIGITS = "gongkai.converters.documents.scan.digits"


def read_pdf(data: bytes, limits: Limits) -> Content:
    """The tables and paragraphs of a PDF.

    Ruled tables become grids, one over page breaks; text outside them becomes paragraphs, and a
    row of a table without rules one block for each part. A cell whose readings differ, or whose
    print does not bear them out, is in doubt. Pages that are images are read by character
    recognition where that is installed.

    Raises UnreadableSource where the file is damaged, encrypted, larger than ``limits`` allow, or
    holds nothing but images that cannot be read.
    """
    with open_second(data, limits) as second:
        count = Count()
        count.annotated.extend(second.annotated)
        with _damage_told():
            pages = _read_pages(second, limits, count)
            title = second.title
            pages, confirmed = _judged(pages, count)
        all_scanned = all(isinstance(part, Scan) for parts in pages for part in parts)
        recognised = _recognise(second, count.scanned, limits, all_scanned)
        with _damage_told():
            items = _items(pages, recognised, count, second)
        read = read_pictures(items, limits)
    told = {picture.place.page for picture in read.told}
    count.images = [page for page in count.images if page not in told]
    notes = notes_of(count, recognised is not None) + (recognised.notes if recognised else ())
    unread = read.unread
    if count.scanned and recognised is None:
        unread = joined_labels([not_recognised(count), *([unread] if unread else [])])
    elif recognised is not None and recognised.unread:
        unread = joined_labels([recognised.unread, *([unread] if unread else [])])
    declared = {"title": title} if title else {}
    return Content(read.items, declared, (*notes, *read.notes), unread, read_once=not confirmed)


@contextmanager
def _damage_told() -> Iterator[None]:
    """Tell of whatever a library raises over a damaged file as what it is."""
    try:
        yield
    except UnreadableSource:
        raise
    except MemoryError:
        raise UnreadableSource(
            "the PDF unpacks to more than the memory that reading it may take: check that it is a "
            "report, or print it to a new PDF"
        ) from None
    except Exception as error:
        raise UnreadableSource(
            f"the PDF is damaged ({type(error).__name__}): fetch it again, or open it and print "
            "it to a new PDF"
        ) from error


def _read_pages(second: SecondDocument, limits: Limits, count: Count) -> list[list[Part]]:
    pages: list[list[Part]] = []
    cells = 0
    with pdfplumber.open(io.BytesIO(second.data)) as first:
        if len(first.pages) != len(second):
            raise UnreadableSource(
                f"the PDF is damaged: one library finds {len(first.pages)} pages in it, another "
                f"{len(second)}: open it and print it to a new PDF"
            )
        for page in first.pages:
            with second.page(page.page_number) as other:
                parts = read_page(page, other, count)
            page.close()
            cells += sum(part.positions for part in parts if isinstance(part, PageTable))
            if cells > limits.most_cells:
                raise UnreadableSource(
                    f"page {page.page_number}: the tables so far have {cells} cells, more than "
                    f"the {limits.most_cells} that are read: check that it is a report (the "
                    "limit is most_cells)"
                )
            pages.append(parts)
    return pages


def _judged(pages: Sequence[Sequence[Part]], count: Count) -> tuple[list[list[Part]], bool]:
    """The parts, in doubt where other digits are printed; and whether print confirms all others."""
    readings = [
        reading
        for parts in pages
        for part in parts
        if isinstance(part, PageTable | Row)
        for reading in part.readings
    ]
    verdict = judge((printed for reading in readings for printed in reading.digits), _digits)
    count.unsure = "".join(sorted({printed.digit for printed in verdict.unsure}))

    def judged(part: Part) -> Part:
        if not verdict.others or not isinstance(part, PageTable | Row):
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
    """What character recognition makes of ``pages``; None without pages or recognition.

    Raises UnreadableSource where they are all that there is and cannot be read.
    """
    if not pages:
        return None
    try:
        if find_spec(_SCANS) is None:
            raise UnreadableSource(
                "the PDF holds only images of its pages: install gongkai-lod[ocr] to read scans, "
                "or give the report as the text that was scanned"
            )
        read = import_module(_SCANS).read_page_images
        content: Content = read(_images(second, pages), limits)
    except UnreadableSource:
        if all_scanned:
            raise
        return None
    return content


def _images(second: SecondDocument, pages: Sequence[int]) -> Iterator[tuple[int, Image]]:
    for page in pages:
        with _damage_told():
            image = second.image(page)
        yield page, image


# --- the whole --------------------------------------------------------------------------------


def _items(
    pages: Sequence[Sequence[Part]],
    recognised: Content | None,
    count: Count,
    second: SecondDocument,
) -> list[Item | Picture]:
    """Everything in reading order, tables numbered from the first."""
    found = furniture([[line for part in parts if (line := _line(part))] for parts in pages])
    count.running, count.page_numbers = found.running, found.numbers
    parts = [
        part
        for page in pages
        for part in page
        if (line := _line(part)) is None or id(line) not in found.lines
    ]
    pictures = [part for part in parts if isinstance(part, PagePicture)]
    parts = [part for part in parts if not isinstance(part, PagePicture)]
    layout = measure([part for part in parts if isinstance(part, PageLine)])
    items: list[Item | Picture] = []
    tables = 0
    for run in _runs(parts, layout):
        # What goes on beyond a picture is not parted by it.
        while pictures and _reading_order(pictures[0]) < _reading_order(run[0]):
            items.append(_picture(pictures.pop(0), second))
        for item in _made(run, recognised):
            if isinstance(item, Grid):
                tables += 1
                item = _numbered(item, tables)
            items.append(item)
    return items + [_picture(picture, second) for picture in pictures]


def _picture(part: PagePicture, second: SecondDocument) -> Picture:
    left, top, right, bottom = part.box
    picture = Picture(Place(page=part.page), None, right - left, bottom - top)
    if picture.is_small:
        return picture
    return replace(picture, image=partial(_cropped, part, second))


def _cropped(part: PagePicture, second: SecondDocument) -> Image:
    with _damage_told():
        return second.picture(part.page, part.box, part.fine)


def _reading_order(part: Part) -> tuple[int, float, float]:
    if isinstance(part, PageTable):
        return part.ruled.page, *start(part)
    return part.line.page if isinstance(part, Row) else part.page, *start(part)


def _line(part: Part) -> PageLine | None:
    if isinstance(part, Row):
        return part.line
    return part if isinstance(part, PageLine) else None


def _runs(parts: Sequence[Part], layout: Layout) -> Iterator[list[Part]]:
    """The parts that make one item together: a paragraph's lines, a table's parts."""
    run: list[Part] = []
    for part in parts:
        if run and not _go_on(run, part, layout):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _go_on(run: Sequence[Part], part: Part, layout: Layout) -> bool:
    if isinstance(part, PageTable):
        tables = [before for before in run if isinstance(before, PageTable)]
        return bool(tables) and goes_on(tables, part)
    before = run[-1]
    return (
        isinstance(part, PageLine)
        and isinstance(before, PageLine)
        and layout.continues(before, part)
    )


def _made(run: Sequence[Part], recognised: Content | None) -> list[Item]:
    first = run[0]
    if isinstance(first, PageTable):
        return [make_grid([part for part in run if isinstance(part, PageTable)])]
    if isinstance(first, PageLine):
        lines = [part for part in run if isinstance(part, PageLine)]
        return [TextBlock(joined(lines), Place(page=first.page))]
    if isinstance(first, Row):
        return _row_items(first)
    items = recognised.items if recognised else ()
    return [item for item in items if item.place.page == first.page]


def _row_items(row: Row) -> list[Item]:
    """A row of a table without rules: a block for each part.

    Blocks cannot say that they are in doubt: where a part is, the row is a grid of its own.
    """
    page = Place(page=row.line.page)
    if not any(reading.doubt for reading in row.readings):
        return [TextBlock(reading.text, page) for reading in row.readings]
    cells = tuple(
        GridCell(reading.text, replace(page, row=1, column=i), reading.doubt, reading.readings)
        for i, reading in enumerate(row.readings, start=1)
    )
    return [Grid((cells,), page, aligned=False)]


def _numbered(grid: Grid, number: int) -> Grid:
    """The grid as table ``number`` of the document; what was one cell stays one."""
    cells = {
        id(cell): replace(cell, place=replace(cell.place, table=number))
        for row in grid.rows
        for cell in row
        if cell is not None
    }
    rows = tuple(
        tuple(None if cell is None else cells[id(cell)] for cell in row) for row in grid.rows
    )
    return replace(grid, rows=rows, place=replace(grid.place, table=number))
