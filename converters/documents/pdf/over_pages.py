"""Tables without ruled lines that are split by a page break, put together again.

Rows at the top of a page without a heading above them continue what ends the page before: the rows
of a table, or headings alone. A row of numbers may have some of its headings before the page break
and the others after it. Each of their numbers must stand below a column of its own there; otherwise
everything stays as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from gongkai.converters.documents.aligned.column_headings import heading_rows, headings_over
from gongkai.converters.documents.aligned.columns import NotClear, column_bounds
from gongkai.converters.documents.aligned.glyphs import TextLine, lines_of, text_of
from gongkai.converters.documents.aligned.row_groups import RowGroup, heading_begin, heading_pitch
from gongkai.converters.documents.aligned.sentences import begins_heading, ends_sentence
from gongkai.converters.documents.aligned.words import SplitLine, Word, overlap, split_words
from gongkai.converters.documents.pdf.cell_reading import CellReading
from gongkai.converters.documents.pdf.compared import are_readable
from gongkai.converters.documents.pdf.pages import PagePicture, PageRow, Part, Scan
from gongkai.converters.documents.pdf.ruled_tables import RuledTable
from gongkai.converters.documents.pdf.tables import PageTable
from gongkai.converters.documents.pdf.text import PageLine
from gongkai.converters.numbers import looks_like_cell

_APART = 1.5
_ONE_HEADING = 2.2
"""Lines on both sides of a page break are taken to be this far apart, in their heights: farther
than the lines of one heading are.
"""


def joined_over_pages(parts: Sequence[Part]) -> list[Part]:
    """The parts of a document in order; tables without ruled lines are joined over page breaks.

    Page furniture is no longer among the parts.
    """
    made: list[Part] = []
    for number, page in _pages(parts):
        begun = bool(made) and _page_of(made[-1]) == number - 1
        made = _joined(made, page) if begun else [*made, *page]
    return made


def _pages(parts: Sequence[Part]) -> Iterator[tuple[int, list[Part]]]:
    page: list[Part] = []
    for part in parts:
        if page and _page_of(page[-1]) != _page_of(part):
            yield _page_of(page[-1]), page
            page = []
        page.append(part)
    if page:
        yield _page_of(page[-1]), page


def _page_of(part: Part) -> int:
    if isinstance(part, PageTable):
        return part.ruled.page
    if isinstance(part, PageRow):
        return part.line.page
    return part.page


def _joined(before: list[Part], page: list[Part]) -> list[Part]:
    """The parts before a page break and those after it, as one table where they are one."""
    table = _numbers_alone(page[0]) if isinstance(page[0], PageTable) else _table_of_row(page[0])
    if table is None and _heading_line(page[0]) is not None:
        return _with_headings_on_both(before, page)
    if table is None or table.headed or not table.values:
        return [*before, *page]
    last = before[-1]
    if isinstance(last, PageTable):
        going_on = _with_edges(table, last)
        return [*before, *page] if going_on is None else [*before, going_on, *page[1:]]
    begin, headings = _headings(before, table)
    if headings is None:
        return [*before, *page]
    return [*before[:begin], headings, table, *page[1:]]


def _numbers_alone(table: PageTable) -> PageTable:
    """The table, as one without headings if its ruled cells hold nothing but numbers."""
    columns = table.ruled.columns
    alone = (
        not table.values
        and len(table.readings) == (len(columns) - 1) * (len(table.ruled.rows) - 1)
        and all(looks_like_cell(reading.text) for reading in table.readings)
    )
    return replace(table, values=tuple(pairwise(columns)), headed=False) if alone else table


def _table_of_row(part: Part) -> PageTable | None:
    """A single row of numbers, with or without a label, as a table without headings."""
    if not isinstance(part, PageRow):
        return None
    line = part.line.line
    segments = line.segments()
    values = [looks_like_cell(segment.text) for segment in segments]
    labels = values.index(True) if any(values) else len(values)
    if labels > 1 or not all(values[labels:]) or len(values) - labels < 2:
        return None
    words = [Word(segment) for segment in segments]
    columns = tuple(word.span for word in words[labels:])
    bounds = column_bounds(columns, words[:labels], line.size)
    edges = (*(min(word.span[0], bounds[0] - 1) for word in words[:labels]), *bounds)
    top, bottom = line.box[1], line.box[3]
    boxes = tuple((left, top, right, bottom) for left, right in pairwise(edges))
    return PageTable(RuledTable(part.line.page, boxes), part.readings, columns, headed=False)


def _with_edges(table: PageTable, before: PageTable) -> PageTable | None:
    """A table without headings, with the edges of the one that it continues; None if it may not.

    If it has fewer columns of labels, those are the ones at the right: heads stand to the left.
    """
    count = len(before.values)
    if not count or len(table.values) != count or not _are_below(table, before):
        return None
    own, known = table.ruled.columns, before.ruled.columns
    labels, known_labels = len(own) - 1 - count, len(known) - 1 - count
    if bool(labels) != bool(known_labels):
        return None
    first, rest = known[: known_labels + 1], known[known_labels + 1 :]
    if labels <= known_labels:
        beginning = [first[0], *first[known_labels - labels + 1 :]]
    else:
        step = (first[1] - first[0]) / (labels - known_labels + 1)
        added = [first[0] + i * step for i in range(1, labels - known_labels + 1)]
        beginning = [first[0], *added, *first[1:]]
    edge = dict(zip(own, (*beginning, *rest), strict=True))
    boxes = tuple((edge[x0], top, edge[x1], bottom) for x0, top, x1, bottom in table.ruled.boxes)
    return replace(table, ruled=replace(table.ruled, boxes=boxes))


def _are_below(table: PageTable, before: PageTable) -> bool:
    """Whether the numbers of every column stand below those of the same column, and of no other."""
    return all(
        overlap(span, other) == (i == k)
        for i, span in enumerate(table.values)
        for k, other in enumerate(before.values)
    )


def _with_headings_on_both(before: list[Part], page: list[Part]) -> list[Part]:
    """The parts, a row of numbers being a table with headings on both sides of a page break."""
    begun = [line for line in takewhile(bool, map(_heading_line, page)) if line is not None]
    count = len(begun)
    table = _table_of_row(page[count]) if count < len(page) else None
    if table is None:
        return [*before, *page]
    begin, headings = _headings(before, table, begun)
    if headings is None:
        return [*before, *page]
    return [*before[:begin], headings, table, *page[count + 1 :]]


def _heading_line(part: Part) -> TextLine | None:
    """The line of a part that may be headings."""
    if not isinstance(part, PageLine | PageRow):
        return None
    line = part.line.line if isinstance(part, PageRow) else part.line
    return line if _may_head(split_words(line)) else None


def _moved_below(line: TextLine, first: float, bottom: float) -> TextLine:
    """A line of a page that begins at ``first``, moved to follow what ends at ``bottom``."""
    down = bottom + _APART * line.size - first
    glyphs = (
        glyph._replace(top=glyph.top + down, bottom=glyph.bottom + down) for glyph in line.glyphs
    )
    return replace(line, glyphs=tuple(glyphs))


def _headings(
    before: Sequence[Part], table: PageTable, begun: Sequence[TextLine] = ()
) -> tuple[int, PageTable | None]:
    """The headings that end a page as a table, over the columns of the one on the next page.

    ``begun`` are those that stand there, above the numbers. The number of the first part that the
    headings consist of is returned with it.
    """
    lines: list[SplitLine] = []
    for part in reversed(before):
        if isinstance(part, PageTable | Scan | PagePicture) or _page_of(part) != _page_of(
            before[-1]
        ):
            break
        lines.insert(0, split_words(part.line.line if isinstance(part, PageRow) else part.line))
    if not lines or not _may_head(lines[-1]):
        return 0, None
    end = len(lines) - 1
    begin = heading_begin(lines, RowGroup(end, end), 0, ())
    lines = lines[begin:]
    ended = len(lines)
    bottom = max(line.line.box[3] for line in lines)
    first = min((line.box[1] for line in begun), default=0.0)
    lines += [split_words(_moved_below(line, first, bottom)) for line in begun]
    pitch = heading_pitch(lines, [RowGroup(len(lines), len(lines) - 1)])
    if begun:
        pitch = min(pitch, _ONE_HEADING * min(line.size for line in begun))
    count = len(table.values)
    labels = len(table.ruled.columns) - 1 - count
    try:
        headings = headings_over(table.values, lines, [], pitch)
        if headings.columns != table.values or len(headings.lowest) != count:
            return 0, None
        rows = list(heading_rows(headings, labels))
    except NotClear:
        return 0, None
    edges = table.ruled.columns
    bottoms = [*(row.top for row in rows[1:]), max(line.line.box[3] for line in lines)]
    boxes, readings = [], []
    for row, bottom in zip(rows, bottoms, strict=True):
        for first, last, glyphs in row.cells:
            if not are_readable(glyphs):
                return 0, None
            boxes.append((edges[first], row.top, edges[last], bottom))
            readings.append(CellReading(text_of(lines_of(glyphs))))
    ruled = RuledTable(_page_of(before[-1]), tuple(boxes))
    return len(before) - ended, PageTable(ruled, tuple(readings), table.values)


def _may_head(line: SplitLine) -> bool:
    text = line.line.text
    return not (line.is_row or ends_sentence(text) or begins_heading(text))
