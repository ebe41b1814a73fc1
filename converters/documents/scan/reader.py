"""Images of pages, from scanners and image files: text by recognition, tables by their lines.

Needs the extra ``ocr``. No number is trusted on one reading alone: see ``agreement``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, Item, Place
from gongkai.converters.documents.scan.cells import Rows, read_cells
from gongkai.converters.documents.scan.desk import page_alone
from gongkai.converters.documents.scan.engines import (
    RecognitionEngines,
    load_engines,
    require_extra,
)
from gongkai.converters.documents.scan.flat import ASLANT, Flat, flat
from gongkai.converters.documents.scan.grid import FramedTable, tables_of
from gongkai.converters.documents.scan.image import (
    coloured_ink,
    grey_of,
    images_of,
)
from gongkai.converters.documents.scan.image import page_image as page_image
from gongkai.converters.documents.scan.orientation import quarters_to_upright
from gongkai.converters.documents.scan.plain import plain_tables
from gongkai.converters.documents.scan.text import (
    Paragraph,
    joined,
    paragraphs,
    read_lines,
    show_columns,
)
from gongkai.converters.documents.scan.tones import strokes_lost
from gongkai.converters.documents.warnings import STROKES_LOST
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

if TYPE_CHECKING:
    from PIL.Image import Image

_SAME_EDGE = 0.006
"""Part of a table's width by which its column edges may differ on the next page."""

_SAME_WIDTH = 0.02
"""The part of the page by which the widths of the table's parts may differ."""

_ONE_COLUMN = 2
"""Edges of a frame around text, or around a table without ruled lines between its columns."""

_FEWEST_EDGES = 4
"""Fewer edges easily agree by chance."""


@dataclass(frozen=True)
class _Table:
    """A table: its rows, its column edges as parts of its width, and the page that it begins on.

    ``width`` is the part of that page's width that it takes.
    """

    rows: Rows
    edges: tuple[float, ...]
    width: float
    page: int


def read_image(data: bytes, limits: Limits) -> Content:
    """Read an image file: PNG, JPEG or TIFF, of one page or more.

    Raises UnreadableSource where the extra ``ocr`` is not installed, for a file that is no such
    image, damaged, too large or too long, and for one in which nothing can be read.
    """
    require_extra()
    content = read_page_images(images_of(data, limits), limits)
    if not content.items:
        raise UnreadableSource(translations("unreadable.scan.no_text"))
    return content


def read_page_images(pages: "Iterable[tuple[int, Image]]", limits: Limits) -> Content:
    """Read the images of pages, each with the number of its page.

    Tables are numbered from 1 over these pages alone. ``notes`` say that the text was recognised,
    on which pages, and what could not be read. Raises UnreadableSource where the extra ``ocr`` is
    not installed and where there are more pages or cells than ``limits`` allow.
    """
    read = recognise_images(pages, limits)
    notes = [_on_page(number, note) for number, note in read.notes]
    if read.numbers:
        notes.insert(0, _recognised(read.numbers))
    if read.unruled:
        notes.append(_unruled(read.unruled))
    why = [_unruled(read.unruled)] if read.unruled else []
    why += [_on_page(number, ASLANT) for number in read.aslant[:1]]
    unread = {name: "; ".join(each[name] for each in why) for name in ("zh", "en")} if why else {}
    return Content(read.items, notes=tuple(notes), unread=unread)


@dataclass(frozen=True)
class Recognised:
    """What is read in some images: the numbers of all, items, and notes with the image's number.

    ``items`` have the number of their image as their page. ``unruled`` are the images that show
    rows of numbers without ruled lines between them, whose columns are not known; ``aslant`` are
    those of pages that do not lie flat or are seen too much from aside.
    """

    numbers: tuple[int, ...]
    items: tuple[Item, ...]
    notes: tuple[tuple[int, Label], ...]
    unruled: tuple[int, ...] = ()
    aslant: tuple[int, ...] = ()


def recognise_images(pages: "Iterable[tuple[int, Image]]", limits: Limits) -> Recognised:
    """Read images, each with its number; tables may continue over consecutive numbers.

    Raises UnreadableSource as ``read_page_images`` does.
    """
    engines = load_engines()
    items: list[_Part] = []
    notes: list[tuple[int, Label]] = []
    numbers: list[int] = []
    unruled: list[int] = []
    aslant: list[int] = []
    cells = 0
    for number, image in pages:
        numbers.append(number)
        if len(numbers) > limits.most_pages:
            raise UnreadableSource(
                translations("unreadable.scan.too_many_pages", most=limits.most_pages)
            )
        page, pale_lost = _levelled(image, number, engines)
        if page.aslant:
            notes.append((number, ASLANT))
            aslant.append(number)
        ruled, bare = tables_of(page.grey)
        ruled = [table for table in ruled if len(table.across) > _ONE_COLUMN]
        plain = plain_tables(bare, [table.box for table in ruled], engines)
        tables = sorted([*ruled, *plain.tables], key=lambda table: table.box.top)
        bare = replace(plain.page, colour=page.colour)
        cells += sum(len(table.frames) for table in tables)
        if cells > limits.most_cells:
            raise UnreadableSource(
                translations("unreadable.scan.too_many_cells", page=number, most=limits.most_cells)
            )
        if tables and pale_lost:
            notes.append((number, STROKES_LOST))
        boxes = [table.box for table in tables]
        lines, unread = read_lines(bare.grey, boxes, engines)
        notes += [(number, note) for note in unread]
        if plain.unclear or show_columns(lines):
            unruled.append(number)
        blocks = paragraphs(lines, boxes, page.grey.shape[0], number)
        placed: list[tuple[int, _Part]] = [(each.top, each) for each in blocks]
        for table, rows in zip(tables, read_cells(bare, tables, engines, number), strict=True):
            placed.append(
                (
                    table.box.top,
                    _Table(rows, _edges(table), table.box.width / page.grey.shape[1], number),
                )
            )
        items += [item for _, item in sorted(placed, key=lambda entry: entry[0])]
    return Recognised(
        tuple(numbers),
        tuple(_numbered(_continued(items))),
        tuple(notes),
        tuple(unruled),
        tuple(aslant),
    )


def _levelled(image: "Image", number: int, engines: RecognitionEngines) -> tuple[Flat, bool]:
    """A page in grey, upright and level, and where its ink has a colour; whether pale strokes are
    lost in it.
    """
    import numpy as np

    page = page_alone(image)
    grey = grey_of(page, number)
    colour = coloured_ink(page, grey.shape)
    quarters = quarters_to_upright(grey, engines)
    if colour is not None:
        colour = np.ascontiguousarray(np.rot90(colour, quarters))
    lost = strokes_lost(image, grey)
    return flat(np.ascontiguousarray(np.rot90(grey, quarters)), colour), lost


def holds_lines(image: "Image") -> bool:
    """Whether the ruled lines of a table are drawn in an image, in any orientation.

    A quick look, without reading anything; false also for an image too small to hold text. Raises
    UnreadableSource where the extra ``ocr`` is not installed.
    """
    require_extra()
    import numpy as np

    try:
        grey = grey_of(page_alone(image), 1)
    except UnreadableSource:
        return False
    return any(
        tables_of(flat(np.ascontiguousarray(np.rot90(grey, quarters))).grey)[0]
        for quarters in (0, 1)
    )


_Part = Paragraph | _Table


def _edges(table: FramedTable) -> tuple[float, ...]:
    width = table.across[-1] - table.across[0]
    return tuple((edge - table.across[0]) / width for edge in table.across)


def _continued(items: Sequence[_Part]) -> list[_Part]:
    """The items, with those joined that continue over the end of a page."""
    made: list[_Part] = []
    page = 0  # The image on which the last item ends.
    for item in items:
        before = made[-1] if made else None
        here = item.page if isinstance(item, _Table) else item.block.place.page or 0
        next_page = before is not None and here == page + 1
        if next_page and isinstance(item, _Table) and isinstance(before, _Table):
            joint = _one_table(before, item)
            if joint is not None:
                item = joint
                made.pop()
        elif (
            next_page
            and isinstance(item, Paragraph)
            and isinstance(before, Paragraph)
            and before.open
            and item.begun
        ):
            text = joined(before.block.text, item.block.text)
            item = replace(before, block=replace(before.block, text=text), open=item.open)
            made.pop()
        made.append(item)
        page = here
    return made


def _one_table(one: _Table, other: _Table) -> _Table | None:
    """Both tables as one, if their columns show that they are one.

    The outer edges are the same, and every inner edge of the one is an edge of the other; the part
    that lacks edges has cells that span columns there, like a head.
    """
    coarse, fine = sorted((one, other), key=lambda table: len(table.edges))
    if len(coarse.edges) < _FEWEST_EDGES or 2 * len(coarse.edges) < len(fine.edges):
        return None
    if abs(one.width - other.width) > _SAME_WIDTH:
        return None
    nearest = [
        min((abs(other - edge), i) for i, other in enumerate(fine.edges)) for edge in coarse.edges
    ]
    if max(distance for distance, _ in nearest) > _SAME_EDGE:
        return None
    columns = [
        column for column, (i, j) in enumerate(pairwise(i for _, i in nearest)) for _ in range(i, j)
    ]
    spread = tuple(tuple(row[column] for column in columns) for row in coarse.rows)
    rows = (*spread, *fine.rows) if coarse is one else (*fine.rows, *spread)
    return _Table(rows, fine.edges, one.width, one.page)


def _numbered(items: Sequence[_Part]) -> list[Item]:
    made: list[Item] = []
    tables = 0
    for item in items:
        if isinstance(item, _Table):
            tables += 1
            made.append(Grid(_placed(item.rows, tables), Place(page=item.page, table=tables)))
        else:
            made.append(item.block)
    return made


def _placed(rows: Rows, table: int) -> Rows:
    """The rows, their cells with the number of the table and of the row in it, over all pages."""
    made: dict[int, GridCell] = {}
    for number, row in enumerate(rows, start=1):
        for cell in row:
            if cell is not None and id(cell) not in made:
                place = replace(cell.place, table=table, row=number)
                made[id(cell)] = replace(cell, place=place)
    return tuple(tuple(None if cell is None else made[id(cell)] for cell in row) for row in rows)


def _on_page(number: int, note: Label) -> Label:
    return translations("documents.scan.on_page", number=number, note=note)


def _recognised(numbers: Sequence[int]) -> Label:
    pages = ", ".join(str(number) for number in numbers)
    return translations("documents.scan.recognised", pages=pages)


def _unruled(numbers: Sequence[int]) -> Label:
    pages = ", ".join(str(number) for number in numbers)
    return translations("documents.scan.unruled", pages=pages)
