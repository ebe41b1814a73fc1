"""One page of a PDF: its tables and lines from the top down, both readings brought together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, TextLine, lines_of
from gongkai.converters.documents.aligned.tables import AlignedTable, aligned_tables
from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.converters.documents.pdf.cells import read_cell, read_open_blank
from gongkai.converters.documents.pdf.compared import are_readable, in_order
from gongkai.converters.documents.pdf.cut_numbers import cut_boxes
from gongkai.converters.documents.pdf.lone_marks import lone_marks_in_doubt
from gongkai.converters.documents.pdf.nearby import Nearby
from gongkai.converters.documents.pdf.notes import Count
from gongkai.converters.documents.pdf.ruled_cells import enclosed
from gongkai.converters.documents.pdf.rules import RuledTable, find_tables, share_out
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.documents.pdf.spacing import close_up
from gongkai.converters.documents.pdf.strikes import Lines
from gongkai.converters.documents.pdf.strokes import TooManyRules
from gongkai.converters.documents.pdf.tables import PageTable
from gongkai.converters.documents.pdf.text import PageLine, is_tabular
from gongkai.ontology.forms import Label

NOT_CLEAR: Label = {
    "zh": "表格没有竖线，数值属于哪一列或哪一行不清楚",
    "en": "no rules part the table: which column or row its numbers are in is not clear",
}


@dataclass(frozen=True)
class Scan:
    """A page of which only an image tells what it says."""

    page: int


@dataclass(frozen=True)
class Row:
    """A line that looks like a row of a table without rules: the readings of its parts."""

    line: PageLine
    readings: tuple[CellReading, ...]


@dataclass(frozen=True)
class PagePicture:
    """An image among the text of a page: its box, and how many of its pixels make a point."""

    page: int
    box: Box
    fine: float


Part = PageLine | Row | PageTable | Scan | PagePicture


def read_page(page: Page, second: SecondPage, count: Count) -> list[Part]:
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
    page = _as_shown(page, second)
    corner = _corner(page)
    glyphs, slanted = _glyphs(page, corner, second)
    if slanted:
        count.slanted[number] = "".join(glyph.text for glyph in slanted)
    try:
        ruled = find_tables(page, number, corner)
    except TooManyRules:
        count.drawings.append(number)
        ruled = []
    ruled, inside, outside = enclosed(glyphs, ruled)
    others = [glyph for glyph in second.glyphs if not _is_slanted(glyph)]
    second_inside, second_outside = share_out(others, ruled)
    cut = cut_boxes(inside, outside)
    drawn = Lines(page, corner)
    parts: list[Part] = []
    for i, table in enumerate(ruled):
        cells = [inside.get((i, k), []) for k in range(len(table.boxes))]
        readings = close_up(
            [
                read_cell(
                    cells[k],
                    second_inside.get((i, k), ()),
                    box,
                    second,
                    cut=(i, k) in cut,
                    drawn=drawn,
                )
                for k, box in enumerate(table.boxes)
            ],
            cells,
        )
        readings = tuple(lone_marks_in_doubt(readings, cells, table.boxes))
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
    for line in lines:
        if id(line) not in taken:
            placed = PageLine(number, line, second.width, second.height)
            parts.append(_row(placed, nearby, second, count, drawn))
    if look.image:
        parts += [PagePicture(number, box, fine) for box, fine in second.pictures()]
    return sorted(parts, key=start)


def _aligned(
    number: int, table: AlignedTable, nearby: Nearby, second: SecondPage, drawn: Lines
) -> PageTable:
    """A table told by alignment, its cells read as those of a ruled one."""
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
    return PageTable(RuledTable(number, tuple(boxes)), tuple(readings))


def _as_shown(page: Page, second: SecondPage) -> Page:
    """The page in the first library, turned as the second shows it."""
    if page.rotation == second.rotation:
        return page
    page.page_obj.rotate = second.rotation
    page.page_obj.attrs["Rotate"] = second.rotation
    return Page(page.pdf, page.page_obj, page.page_number)


def _row(
    placed: PageLine, nearby: Nearby, second: SecondPage, count: Count, drawn: Lines
) -> PageLine | Row:
    if not is_tabular(placed.line):
        others = nearby.within(placed.line.box)
        if not are_readable(placed.line.glyphs) and others and are_readable(others):
            return replace(placed, line=replace(placed.line, text=in_order(others)))
        return placed
    readings = tuple(
        read_cell(part.glyphs, nearby.within(part.box), None, second, drawn=drawn)
        for part in placed.line.segments()
    )
    count.add(readings)
    return Row(placed, readings)


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


def _corner(page: Page) -> tuple[float, float]:
    """Where the part of the page that is shown begins, in the first library's coordinates.

    That library counts from the corner of the MediaBox; it turns both boxes with the page, but
    not the place of the one in the other.
    """
    x0, y0, x1, y1 = _ordered(page.page_obj.mediabox)
    shown = _ordered(page.page_obj.cropbox)
    left, bottom = max(shown[0], x0), max(shown[1], y0)
    right, top = min(shown[2], x1), min(shown[3], y1)
    cut = {
        0: (left - x0, y1 - top),
        90: (bottom - y0, left - x0),
        180: (x1 - right, bottom - y0),
        270: (y1 - top, x1 - right),
    }[page.rotation]
    return page.bbox[0] + cut[0], page.bbox[1] + cut[1]


def _ordered(box: Sequence[float]) -> tuple[float, float, float, float]:
    (x0, x1), (y0, y1) = sorted(box[::2]), sorted(box[1::2])
    return x0, y0, x1, y1


def _glyphs(
    page: Page, corner: tuple[float, float], second: SecondPage
) -> tuple[list[Glyph], list[Glyph]]:
    """The characters on the part of the page that is shown, and those of them set aslant."""
    straight: list[Glyph] = []
    slanted: list[Glyph] = []
    left, top = corner
    for char in page.chars:
        a, b = char["matrix"][:2]
        glyph = Glyph(
            char["text"],
            char["x0"] - left,
            char["top"] - top,
            char["x1"] - left,
            char["bottom"] - top,
            round(math.degrees(math.atan2(-b, a))) % 360,
        )
        x, y = glyph.middle
        if 0 <= x <= second.width and 0 <= y <= second.height:
            (slanted if _is_slanted(glyph) else straight).append(glyph)
    return straight, slanted


def _is_slanted(glyph: Glyph) -> bool:
    """Whether it runs neither across nor up or down the page, as watermarks do."""
    return 3 < glyph.turn % 90 < 87
