"""The parts of all pages of a PDF as one document: its grids, paragraphs and pictures, in order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from PIL.Image import Image

from gongkai.converters.documents.model import Content, Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.pdf.damage import damage_reported
from gongkai.converters.documents.pdf.notes import PageCounts
from gongkai.converters.documents.pdf.over_pages import joined_over_pages
from gongkai.converters.documents.pdf.pages import PagePicture, PageRow, Part, start
from gongkai.converters.documents.pdf.second import SecondDocument
from gongkai.converters.documents.pdf.tables import PageTable, goes_on, make_grid
from gongkai.converters.documents.pdf.text import PageLine, TextLayout, furniture, joined, measure
from gongkai.converters.documents.pictures import Picture


def items_of(
    pages: Sequence[Sequence[Part]],
    recognised: Content | None,
    count: PageCounts,
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
    parts = joined_over_pages([part for part in parts if not isinstance(part, PagePicture)])
    layout = measure([part for part in parts if isinstance(part, PageLine)])
    items: list[Item | Picture] = []
    tables = 0
    for run in _runs(parts, layout):
        # A picture does not end what continues beyond it.
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
    with damage_reported():
        return second.picture(part.page, part.box, part.fine)


def _reading_order(part: Part) -> tuple[int, float, float]:
    if isinstance(part, PageTable):
        return part.ruled.page, *start(part)
    return part.line.page if isinstance(part, PageRow) else part.page, *start(part)


def _line(part: Part) -> PageLine | None:
    if isinstance(part, PageRow):
        return part.line
    return part if isinstance(part, PageLine) else None


def _runs(parts: Sequence[Part], layout: TextLayout) -> Iterator[list[Part]]:
    """The parts that form one item: a paragraph's lines, a table's parts."""
    run: list[Part] = []
    for part in parts:
        if run and not _go_on(run, part, layout):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _go_on(run: Sequence[Part], part: Part, layout: TextLayout) -> bool:
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
    if isinstance(first, PageRow):
        return _row_items(first)
    items = recognised.items if recognised else ()
    return [item for item in items if item.place.page == first.page]


def _row_items(row: PageRow) -> list[Item]:
    """A row of a table without ruled lines: a block for each part.

    Blocks cannot be in doubt: where a part is, the row becomes a grid of its own.
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
    """The grid as table ``number`` of the document; a merged cell stays one object."""
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
