"""Tables without ruled lines between their columns, recognised by the alignment of their words.

The geometry is that of PDF pages (``converters.documents.aligned``). In a scan, words are
recognised by their ink, so that none is lost that no engine reads, and a table with a word left
over is not clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from gongkai.converters.documents.aligned.glyphs import Glyph, TextLine, lines_of
from gongkai.converters.documents.aligned.sentences import begins_heading
from gongkai.converters.documents.aligned.tables import AlignedCell, AlignedTable, aligned_tables
from gongkai.converters.documents.scan.engines import RecognitionEngines
from gongkai.converters.documents.scan.grid import Bare, CellFrame, FramedTable
from gongkai.converters.documents.scan.lone_lines import without_lone_lines
from gongkai.converters.documents.scan.out_of_line import doubts_of
from gongkai.converters.documents.scan.page_words import PageWord, ink_words, read_words
from gongkai.converters.documents.scan.ruled_lines import PixelBox, around
from gongkai.converters.documents.scan.sides import PAPER
from gongkai.converters.numbers import looks_like_cell

_POINTS = 72 / 200
"""Points per pixel of a page of A4 at 200 dpi: the geometry counts in points."""

_FEWEST_WORDS, _FEWEST_LINES = 3, 2
"""The least number of words apart from one another in a line of a table, and of lines in a table.
"""

_MARGIN = 0.2
_ROW = 0.75
"""The margin around words of headings and labels, and on either side of the middle of a row, that
belongs to their cells, in parts of a character's height.
"""

_SAME_LINE = 0.4
"""Words whose middles differ by at most this part of a character's height are in one line."""

_SAME_CELL = 0.6
"""A line this near to the one above, in parts of a character's height, may be of the same cell."""

_NOTHING = 2


@dataclass(frozen=True)
class _Page:
    """A page as the geometry sees it: the word of every character, and the height of a character.

    ``scale`` is the number of points per pixel.
    """

    words: Mapping[Glyph, PageWord]
    size: float
    scale: float


@dataclass(frozen=True)
class PlainTables:
    """The tables of a page from the top down, and the page without their ruled lines.

    ``unclear`` says that there is a table, or a part of one, whose columns are not known.
    """

    tables: tuple[FramedTable, ...]
    page: Bare
    unclear: bool


def plain_tables(page: Bare, taken: Sequence[PixelBox], engines: RecognitionEngines) -> PlainTables:
    """The tables without ruled lines between their columns outside the boxes ``taken``."""
    cleared = without_lone_lines(page, taken)
    outside = cleared.grey.copy()
    for box in taken:
        outside[box.top : box.bottom, box.left : box.right] = PAPER
    boxes, size, tall = ink_words(outside, page.unit, engines)
    scale = _POINTS / page.unit
    if not _may_hold_table([_glyph(box, "字", size, scale) for box in boxes]):
        return PlainTables((), page, unclear=False)
    words = read_words(outside, boxes, size, engines)
    seen = _Page({_glyph(w.box, _text(w), size, scale): w for w in words}, size, scale)
    lines = _lines(seen)
    found = aligned_tables(lines, [_points(box, scale) for box in taken])
    framed = [_framed(table, seen) for table in found if _is_clear(table, lines, seen)]
    clear = [table for table in framed if not any(_meet(table.box, box) for box in tall)]
    return PlainTables(tuple(clear), cleared if clear else page, len(clear) < len(found))


def _lines(seen: _Page) -> list[TextLine]:
    """The lines of a page: what stands beside numbers is in their line, not in one half above."""
    near = _SAME_LINE * seen.size * seen.scale
    numbers = [glyph for glyph, word in seen.words.items() if word.value]
    levels: list[list[Glyph]] = []
    for glyph in sorted(numbers, key=lambda glyph: glyph.middle[1]):
        if not levels or glyph.middle[1] - levels[-1][0].middle[1] > near:
            levels.append([])
        levels[-1].append(glyph)
    rows = [(median(glyph.middle[1] for glyph in level), level) for level in levels]
    others: list[Glyph] = []
    for glyph, word in seen.words.items():
        if not word.value:
            off, row = min(
                ((abs(glyph.middle[1] - at), i) for i, (at, _) in enumerate(rows)),
                default=(near, 0),
            )
            (rows[row][1] if off < near else others).append(glyph)
    lines = [line for _, row in rows for line in lines_of(row)]
    return sorted([*lines, *lines_of(others)], key=lambda line: line.box[1] + line.box[3])


def _may_hold_table(words: Sequence[Glyph]) -> bool:
    """Whether some lines have several words apart from one another."""
    lines = [line for line in lines_of(words) if len(line.glyphs) >= _FEWEST_WORDS]
    return len(lines) >= _FEWEST_LINES


def _text(word: PageWord) -> str:
    """The text of a word for the geometry: what may be a number is one, however it is read."""
    if word.value and not looks_like_cell(word.text) and not begins_heading(word.text):
        return "0"
    return word.text or "字"


def _glyph(box: PixelBox, text: str, size: float, scale: float) -> Glyph:
    """A word as one character, as high as all others: signs have all heights."""
    middle = (box.top + box.bottom) / 2
    top, bottom = (middle - size / 2) * scale, (middle + size / 2) * scale
    return Glyph(text, box.left * scale, top, box.right * scale, bottom)


def _points(box: PixelBox, scale: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (edge * scale for edge in box)
    return left, top, right, bottom


def _meet(one: PixelBox, other: PixelBox) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def _is_clear(table: AlignedTable, lines: Sequence[TextLine], seen: _Page) -> bool:
    """Whether every word of a table is in one of its cells, and every column has a heading."""
    placed = [glyph for cell in table.cells for glyph in cell.glyphs]
    printed = [glyph for line in table.lines for glyph in line.glyphs]
    if any(cell.unclear for cell in table.cells) or sorted(placed) != sorted(printed):
        return False
    values = [cell for cell in table.cells if cell.box is not None]
    first = min(cell.rows[0] for cell in values)
    begin = min(cell.columns[0] for cell in values)
    headed = {
        cell.columns[0]
        for cell in table.cells
        if cell.glyphs and cell.rows[1] <= first and cell.columns[1] - cell.columns[0] == 1
    }
    if not headed.issuperset(range(begin, len(table.edges) - 1)):
        return False
    labels = [
        g for cell in table.cells if cell.box is None and cell.rows[0] >= first for g in cell.glyphs
    ]
    left = min(glyph.x0 for cell in values for glyph in cell.glyphs)
    return all(glyph.x1 < left for glyph in labels) and not _goes_on(table, lines, seen)


def _goes_on(table: AlignedTable, lines: Sequence[TextLine], seen: _Page) -> bool:
    """Whether a number stands directly below the last row, which may be of the same cell."""
    last = table.lines[-1]
    for line in lines:
        below = line.box[1] - last.box[1]
        if 0 < below < (1 + _SAME_CELL) * seen.size * seen.scale:
            return any(seen.words[glyph].value for glyph in line.glyphs)
    return False


def _framed(table: AlignedTable, seen: _Page) -> FramedTable:
    """The table as if its cells had ruled lines around them."""
    doubts = doubts_of(table, seen.size * seen.scale)
    frames = tuple(
        CellFrame(
            range(*cell.rows),
            range(*cell.columns),
            _box(cell, table, seen),
            True,
            doubts.get(i, {}),
        )
        for i, cell in enumerate(table.cells)
    )
    down = _rising([top / seen.scale for top in table.tops])
    across = _rising([edge / seen.scale for edge in table.edges])
    ordered = sorted(frames, key=lambda frame: (frame.rows.start, frame.columns.start))
    return FramedTable(down, across, tuple(ordered))


def _box(cell: AlignedCell, table: AlignedTable, seen: _Page) -> PixelBox:
    """Where the ink of a cell is: for a value, all between its columns and rows."""
    margin = round(_MARGIN * seen.size)
    if cell.box is None:
        if not cell.glyphs:
            return PixelBox(0, 0, _NOTHING, _NOTHING)
        left, top, right, bottom = around([seen.words[glyph].box for glyph in cell.glyphs])
        return PixelBox(
            max(left - margin, 0), max(top - margin, 0), right + margin, bottom + margin
        )
    left, right = (round(edge / seen.scale) for edge in (cell.box[0], cell.box[2]))
    middle = (cell.box[1] + cell.box[3]) / 2 / seen.scale
    half = _ROW * seen.size
    inside = {id(glyph) for glyph in cell.glyphs}
    others = [
        word.box
        for glyph, word in seen.words.items()
        if id(glyph) not in inside and word.box.left < right and word.box.right > left
    ]
    own = [seen.words[glyph].box for glyph in cell.glyphs]
    first = min([middle, *(box.top for box in own)])
    last = max([middle, *(box.bottom for box in own)])
    above = max((box.bottom for box in others if box.bottom <= first), default=0)
    below = min((box.top for box in others if box.top >= last), default=1 << 30)
    return PixelBox(
        left,
        max(round(max(middle - half, (above + first) / 2)), 0),
        right,
        round(min(middle + half, (below + last) / 2)),
    )


def _rising(levels: Sequence[float]) -> tuple[int, ...]:
    """Whole numbers near to the levels, each larger than the one before."""
    found: list[int] = []
    for level in levels:
        found.append(max(round(level), found[-1] + 1) if found else max(round(level), 0))
    return tuple(found)
