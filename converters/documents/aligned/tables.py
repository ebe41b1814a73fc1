"""Tables without ruled lines around their cells: rows and columns recognised by alignment.

A column is where numbers stand above one another, with a clear gap through all rows between it and
the next. A heading belongs to the column that it stands over; the label of a row is the text to the
left of its numbers. Where any of these is not clear, the numbers of each row are reported as
unclear; where the rows may be those of a list, there is no table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.aligned.column_headings import heading_rows, headings_over
from gongkai.converters.documents.aligned.columns import (
    CLEAR,
    MARGIN,
    NotClear,
    column_bounds,
    columns_of,
)
from gongkai.converters.documents.aligned.glyphs import Box, Glyph, TextLine
from gongkai.converters.documents.aligned.row_groups import (
    SAME_LABEL,
    RowGroup,
    follows,
    heading_begin,
    heading_distance,
    heading_pitch,
    is_dense,
    row_groups,
)
from gongkai.converters.documents.aligned.row_labels import labels_of_rows
from gongkai.converters.documents.aligned.sentences import begins_heading
from gongkai.converters.documents.aligned.words import (
    Span,
    SplitLine,
    glyphs_of,
    overlap,
    split_words,
)


@dataclass(frozen=True)
class AlignedCell:
    """A cell of an aligned table: the ranges of rows and columns that it covers (ends excluded).

    ``glyphs`` are its characters; ``box`` is the box of all that belongs to it, where it holds a
    value. ``unclear`` says that it holds numbers whose columns are not clear.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    glyphs: tuple[Glyph, ...] = ()
    box: Box | None = None
    unclear: bool = False


@dataclass(frozen=True)
class AlignedTable:
    """A table recognised by alignment; ``lines`` are the lines that it consists of.

    ``tops`` are the tops of its rows and the bottom of the last one, ``edges`` the same for its
    columns. ``columns`` is where its numbers stand, where that is clear; ``headed`` says that
    headings stand over them.
    """

    lines: tuple[TextLine, ...]
    tops: tuple[float, ...]
    edges: tuple[float, ...]
    cells: tuple[AlignedCell, ...]
    columns: tuple[Span, ...] = ()
    headed: bool = True


def aligned_tables(lines: Sequence[TextLine], taken: Sequence[Box]) -> list[AlignedTable]:
    """The tables among the lines of a page, from the top down.

    ``taken`` are the boxes of ruled tables; no other table extends across one of them.
    """
    split = [split_words(line) for line in lines]
    groups = list(row_groups(split, taken))
    pitch = heading_pitch(split, groups)
    near = heading_distance(split, groups)
    tables = []
    used = -1
    for i, group in enumerate(groups):
        following = groups[i + 1].first if i + 1 < len(groups) else len(split)
        heading = heading_begin(split, group, used + 1, taken, near)
        try:
            table = _table(split[:following], group, heading, pitch)
        except NotClear:
            if not is_dense(split, group):
                continue
            table = _unclear_table(split[max(heading, used + 1) : group.last + 1])
        tables.append(table)
        kept = {id(line) for line in table.lines}
        used = max(k for k, line in enumerate(split) if id(line.line) in kept)
    return tables


def _table(lines: Sequence[SplitLine], group: RowGroup, heading: int, pitch: float) -> AlignedTable:
    """The table of a group of rows, with the headings and labels among the lines around it.

    ``heading`` is the first line that may be a heading, ``pitch`` the largest distance between the
    lines of one heading. Raises NotClear.
    """
    rows = {id(lines[i].line): lines[i] for i in group.rows}
    size = max(row.line.size for row in rows.values())
    columns = columns_of(row.value_words for row in rows.values())
    left = columns[0][0]
    over = [i for i in range(heading, group.first) if _reaches(lines[i], left)]
    body = over[-1] + 1 if over else heading
    end = group.last + 1 + _count_trailing(lines, group.last + 1, left)
    above, labelled = lines[heading:body], lines[body:end]

    headings = headings_over(columns, above, list(rows.values()), pitch)
    if not headings.lowest and (len(headings.columns) == 1 or len(rows) == 1):
        raise NotClear
    labels = labels_of_rows(labelled, size)
    if labels is None:
        raise NotClear

    first = labels.columns
    words = [word for line in labelled for word in line.label_words]
    bounds = column_bounds(headings.columns, words, size)
    cells: list[AlignedCell] = []
    tops: list[float] = []
    for made in heading_rows(headings, first):
        at = (len(tops), len(tops) + 1)
        cells += [AlignedCell(at, (begin, end), glyphs) for begin, end, glyphs in made.cells]
        tops.append(made.top)
    depth = len(tops)
    for row in labels.rows:
        at = (len(tops), len(tops) + 1)
        line = None if row.line is None else rows[id(row.line)]
        for i, (glyphs, box) in enumerate(_values(line, headings.columns, bounds, size)):
            cells.append(AlignedCell(at, (first + i, first + i + 1), glyphs, box))
        tops.append(row.top)
    cells += [
        AlignedCell((depth + begin, depth + end), (column, column + 1), glyphs)
        for begin, end, column, glyphs in labels.cells
    ]
    tops.append(max(line.line.box[3] for line in labelled))
    return AlignedTable(
        tuple(line.line for line in (*above, *labelled)),
        _rising(tops),
        (*_label_edges(labelled, bounds[0], first), *bounds),
        tuple(cells),
        headings.columns,
        bool(depth),
    )


def _reaches(line: SplitLine, left: float) -> bool:
    """Whether a line extends over the columns of values, and not over labels alone."""
    return any(word.span[1] > left - CLEAR for word in line.words)


def _count_trailing(lines: Sequence[SplitLine], begin: int, left: float) -> int:
    """The number of lines directly below the rows, from ``begin`` on, that may continue labels."""
    for i in range(begin, len(lines)):
        line, before = lines[i], lines[i - 1]
        goes_on = follows(before.line, line.line, SAME_LABEL)
        if line.is_row or _reaches(line, left) or begins_heading(line.line.text) or not goes_on:
            return i - begin
    return len(lines) - begin


def _values(
    line: SplitLine | None, columns: Sequence[Span], bounds: Sequence[float], size: float
) -> Iterator[tuple[tuple[Glyph, ...], Box | None]]:
    """The characters in each column of a row, and the box of all that belongs to them.

    Both are None in a row that holds only a part of a label.
    """
    for i, column in enumerate(columns):
        if line is None:
            yield (), None
            continue
        words = [word for word in line.value_words if overlap(word.span, column)]
        margin = MARGIN * size
        begin, end = bounds[i], bounds[i + 1]
        if not words:
            # What is printed beside a blank cell is not reported by itself.
            begin, end = max(begin, column[0] - margin), min(end, column[1] + margin)
        top, bottom = line.line.box[1], line.line.box[3]
        yield glyphs_of(words), (begin, top - margin, end, bottom + margin)


def _label_edges(labelled: Sequence[SplitLine], end: float, count: int) -> Iterator[float]:
    """Where the ``count`` columns of labels begin, up to ``end``."""
    begin = min([*(word.span[0] for line in labelled for word in line.words), end - 1])
    step = (end - begin) / max(count, 1)
    return (begin + i * step for i in range(count))


def _unclear_table(lines: Sequence[SplitLine]) -> AlignedTable:
    """A table whose columns or labels are not clear: the label of each row, and its numbers."""
    left = min(line.value_words[0].span[0] for line in lines if line.is_row)
    begin = min(left - 1, *(line.line.box[0] for line in lines))
    end = max(line.line.box[2] for line in lines)
    cells: list[AlignedCell] = []
    for i, line in enumerate(lines):
        at = (i, i + 1)
        if line.is_row:
            cells.append(AlignedCell(at, (0, 1), glyphs_of(line.label_words)))
            cells.append(AlignedCell(at, (1, 2), glyphs_of(line.value_words), unclear=True))
        else:
            cells.append(AlignedCell(at, (0, 2), line.line.glyphs))
    tops = _rising([*(line.line.box[1] for line in lines), lines[-1].line.box[3]])
    return AlignedTable(tuple(line.line for line in lines), tops, (begin, left, end), tuple(cells))


def _rising(tops: Sequence[float]) -> tuple[float, ...]:
    """The tops of rows, each below the one before."""
    found: list[float] = []
    for top in tops:
        found.append(max(top, found[-1] + 0.01) if found else top)
    return tuple(found)
