"""One page of a PDF: its tables and lines from the top down, both readings brought together."""

from dataclasses import dataclass, replace

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box, TextLine, lines_of
from gongkai.converters.documents.aligned.tables import AlignedTable, aligned_tables
from gongkai.converters.documents.pdf.aslant import slanted_in_doubt
from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.converters.documents.pdf.cells import read_cell, read_open_blank
from gongkai.converters.documents.pdf.compared import are_readable, in_order
from gongkai.converters.documents.pdf.cut_numbers import cut_boxes
from gongkai.converters.documents.pdf.first_page import (
    corner_of,
    first_page,
    glyphs_of,
    is_slanted,
)
from gongkai.converters.documents.pdf.lone_marks import lone_marks_in_doubt
from gongkai.converters.documents.pdf.nearby import Nearby
from gongkai.converters.documents.pdf.notes import PageCounts
from gongkai.converters.documents.pdf.ruled_cells import enclosed
from gongkai.converters.documents.pdf.ruled_tables import RuledTable, find_tables, share_out
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.documents.pdf.shadows import without_shadows
from gongkai.converters.documents.pdf.spacing import close_up
from gongkai.converters.documents.pdf.strikes import DrawnLines
from gongkai.converters.documents.pdf.strokes import TooManyLines
from gongkai.converters.documents.pdf.tables import PageTable
from gongkai.converters.documents.pdf.text import PageLine, is_tabular
from gongkai.converters.documents.pdf.text_figures import PagePrint, with_doubts
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

NOT_CLEAR: Label = translations("documents.pdf.not_clear")


@dataclass(frozen=True)
class Scan:
    """A page whose content is only known from an image."""

    page: int


@dataclass(frozen=True)
class PageRow:
    """A line that looks like a row of a table without ruled lines: the readings of its parts."""

    line: PageLine
    readings: tuple[CellReading, ...]


@dataclass(frozen=True)
class PagePicture:
    """An image among the text of a page: its box, and its pixels per point."""

    page: int
    box: Box
    fine: float


Part = PageLine | PageRow | PageTable | Scan | PagePicture


def read_page(page: Page, second: SecondPage, count: PageCounts) -> list[Part]:
    """The parts of a page from the top down; what is to be noted is added to ``count``."""
    number = page.page_number
    look = second.look()
    for holds, pages in (
        (look.layer, count.layers),
        (look.scanned, count.scanned),
        (look.over_image, count.over_images),
        (look.part_image, count.images),
    ):
        if holds:
            pages.append(number)
    if look.scanned:
        return [Scan(number)]
    if second.turned:
        count.turned.append(number)
    page = first_page(page, second.rotation)
    corner = corner_of(page)
    glyphs, slanted = glyphs_of(page, corner, (second.width, second.height))
    if second.shadows:
        glyphs = without_shadows(glyphs, second.shadows)
    if slanted:
        count.slanted[number] = "".join(glyph.text for glyph in slanted)
    try:
        ruled = find_tables(page, number, corner)
    except TooManyLines:
        count.drawings.append(number)
        ruled = []
    ruled, inside, outside = enclosed(glyphs, ruled)
    others = [glyph for glyph in second.glyphs if not is_slanted(glyph)]
    second_inside, second_outside = share_out(others, ruled)
    cut = cut_boxes(inside, outside)
    drawn = DrawnLines(page, corner)
    parts: list[Part] = []
    for i, table in enumerate(ruled):
        cells = [inside.get((i, k), []) for k in range(len(table.boxes))]
        readings = close_up(
            [
                read_cell(
                    cells[k],
                    second_inside.get((i, k), ()),
                    table.within(k),
                    second,
                    cut=(i, k) in cut,
                    drawn=drawn,
                )
                for k in range(len(table.boxes))
            ],
            cells,
        )
        marked = lone_marks_in_doubt(readings, cells, table.boxes)
        readings = tuple(slanted_in_doubt(marked, table.boxes, slanted))
        found = PageTable(table, readings)
        if not found.blank:
            count.add(readings)
            parts.append(found)
    nearby, unseen = Nearby(second_outside), Nearby(second.invisible)
    lines = []
    for line in lines_of(outside):
        if unseen.within(line.box) and not nearby.within(line.box):
            count.invisible.append((number, line.text))
        else:
            lines.append(line)
    aligned = aligned_tables(lines, [table.box for table in ruled])
    tables = [_aligned(number, table, nearby, second, drawn) for table in aligned]
    for made in tables:
        count.add(made.readings)
    parts.extend(tables)
    taken = {id(line) for table in aligned for line in table.lines}
    print_ = PagePrint(second, nearby, unseen, drawn, page, corner)
    for line in lines:
        if id(line) not in taken:
            placed = PageLine(number, line, second.width, second.height)
            parts.append(_row(placed, print_, count))
    if look.image:
        parts += [PagePicture(number, box, fine) for box, fine in second.pictures()]
    return sorted(parts, key=start)


def _aligned(
    number: int, table: AlignedTable, nearby: Nearby, second: SecondPage, drawn: DrawnLines
) -> PageTable:
    """A table recognised by alignment, its cells read like those of a ruled one."""
    boxes = []
    readings = []
    for cell in table.cells:
        (first, last), (begin, end) = cell.rows, cell.columns
        boxes.append((table.edges[begin], table.tops[first], table.edges[end], table.tops[last]))
        if cell.box is not None:
            readings.append(
                read_cell(cell.glyphs, nearby.within(cell.box), cell.box, second, drawn=drawn)
            )
        elif cell.glyphs:
            others = [glyph for line in lines_of(cell.glyphs) for glyph in nearby.within(line.box)]
            reading = read_cell(cell.glyphs, others, None, second, drawn=drawn)
            if cell.unclear:
                doubt = reading.doubt or NOT_CLEAR
                reading = replace(
                    reading, doubt=doubt, readings=reading.readings or (reading.text,)
                )
            readings.append(reading)
        else:
            readings.append(read_open_blank(boxes[-1], second))
    cells = [cell.glyphs for cell in table.cells]
    readings = lone_marks_in_doubt(readings, cells, boxes)
    ruled = RuledTable(number, tuple(boxes))
    return PageTable(ruled, tuple(readings), table.columns, table.headed)


def _row(placed: PageLine, print_: PagePrint, count: PageCounts) -> PageLine | PageRow:
    line, nearby = placed.line, print_.nearby
    if not is_tabular(line):
        others = nearby.within(line.box)
        if not are_readable(line.glyphs) and others and are_readable(others):
            return replace(placed, line=replace(line, text=in_order(others)))
        marked = with_doubts(line, print_)
        if marked is line:
            return placed
        count.figures.append((placed.page, marked.text))
        return replace(placed, line=marked)
    readings = tuple(
        read_cell(part.glyphs, nearby.within(part.box), None, print_.page, drawn=print_.drawn)
        for part in line.segments()
    )
    count.add(readings)
    return PageRow(placed, readings)


def start(part: Part) -> tuple[float, float]:
    """Where a part begins on its page: how far down, how far across."""
    if isinstance(part, PagePicture):
        return part.box[1], part.box[0]
    if isinstance(part, Scan):
        return 0.0, 0.0
    if isinstance(part, PageTable):
        left, top = part.ruled.box[:2]
    else:
        line: TextLine = part.line if isinstance(part, PageLine) else part.line.line
        left, top = line.box[:2]
    return top, left
