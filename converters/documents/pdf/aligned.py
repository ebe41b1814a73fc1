"""Tables without rules around their cells: rows and columns told by how their text is aligned.

A column is where numbers stand above one another, with a clear gap through all rows between it and
the next. A heading is that of the column that it stands over; the label of a row is what stands to
the left of its numbers. Where any of these is not clear, there is no table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai.converters.documents.pdf.glyphs import Box, Glyph, TextLine, lines_of
from gongkai.converters.documents.pdf.row_labels import RowLabels, labels_of_rows
from gongkai.converters.documents.pdf.text import begins_heading, ends_sentence
from gongkai.converters.numbers import looks_like_cell

Span = tuple[float, float]
"""Where something begins and ends across the page."""

_WORD_GAP = 0.12
"""Words, and numbers, are apart by more than this part of their height."""

_WIDE_GAP = 0.9
"""Not even the digits of a letter-spaced number are as far apart as this."""

_CLEAR = 0.5
"""Columns are apart by at least this, in points."""

_NEAR = 1.6
"""Lines of a table are not farther below one another than this many times their height."""

_HEADING_NEAR = 1.3
_SAME_LABEL = 0.55
_WRAPPED = 1.15
_ROW_APART = 0.95
_ABOUT = 0.25
_MOST_HEADING_LINES = 12
_MOST_IN_A_BOX = 2


@dataclass(frozen=True)
class Word:
    """Characters of a line with no gap between them."""

    line: TextLine

    @property
    def box(self) -> Box:
        """What it covers."""
        return self.line.box

    @property
    def span(self) -> Span:
        """Where it begins and ends across the page."""
        return self.line.box[0], self.line.box[2]

    @property
    def middle(self) -> float:
        """How far down the page its middle is."""
        return (self.line.box[1] + self.line.box[3]) / 2

    @property
    def text(self) -> str:
        """What it says."""
        return self.line.text


@dataclass(frozen=True)
class AlignedCell:
    """A cell of an aligned table: the rows and columns that it covers, from and up to.

    ``glyphs`` are its characters; ``box`` is what belongs to it, where it holds a value.
    ``unclear`` tells that the numbers in it are in columns that are not clear.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    glyphs: tuple[Glyph, ...] = ()
    box: Box | None = None
    unclear: bool = False


@dataclass(frozen=True)
class AlignedTable:
    """A table told by alignment: ``lines`` are those that it is made of.

    ``tops`` is how far down its rows begin and the last one ends, ``edges`` where its columns do.
    """

    lines: tuple[TextLine, ...]
    tops: tuple[float, ...]
    edges: tuple[float, ...]
    cells: tuple[AlignedCell, ...]


class _NotClear(Exception):
    """What is where in a table is not clear."""


@dataclass
class _Line:
    """A line and its words; ``values`` of them, at its end, are numbers or marks for nothing."""

    line: TextLine
    words: list[Word]
    values: int

    @property
    def value_words(self) -> list[Word]:
        return self.words[len(self.words) - self.values :]

    @property
    def label_words(self) -> list[Word]:
        return self.words[: len(self.words) - self.values]

    @property
    def is_row(self) -> bool:
        """Whether numbers stand in it, several, or one apart from words before it."""
        if self.values == 1 and self.label_words:
            gap = self.value_words[0].span[0] - self.label_words[-1].span[1]
            return gap > self.line.size
        return self.values > 1


@dataclass
class _Group:
    """Rows of one block of a table, and the lines between them, in order."""

    first: int
    last: int
    rows: list[int] = field(default_factory=list)


def aligned_tables(lines: Sequence[TextLine], taken: Sequence[Box]) -> list[AlignedTable]:
    """The tables among the lines of a page, from the top down.

    ``taken`` are the boxes of ruled tables, which no other reaches across.
    """
    parted = [_parted(line) for line in lines]
    groups = list(_groups(parted, taken))
    pitch = _pitch(parted, groups)
    tables = []
    used = -1
    for i, group in enumerate(groups):
        following = groups[i + 1].first if i + 1 < len(groups) else len(parted)
        heading = _heading_begin(parted, group, used + 1, taken)
        try:
            table = _Maker(parted, group, heading, following, pitch).table()
        except _NotClear:
            if not _is_dense(parted, group):
                continue
            table = _unclear(parted[max(heading, used + 1) : group.last + 1])
        tables.append(table)
        kept = {id(line) for line in table.lines}
        used = max(k for k, line in enumerate(parted) if id(line.line) in kept)
    return tables


def parts_no_cells(
    boxes: Sequence[Sequence[Glyph]], below: Sequence[TextLine], bottom: float
) -> bool:
    """Whether the rules around ``boxes`` part a table, but not its cells from each other.

    Most boxes with numbers hold several; or the boxes hold headings alone, and the rows to them
    stand right ``below``, where no rules are.
    """
    counts = [
        sum(
            looks_like_cell(part.text)
            for line in lines_of(glyphs)
            for part in line.parted(_WIDE_GAP)
        )
        for glyphs in boxes
    ]
    valued = [count for count in counts if count]
    if valued:
        several = [count for count in valued if count > 1]
        return max(valued) > _MOST_IN_A_BOX and 2 * len(several) >= len(valued)
    following = [line for line in below if line.box[1] > bottom - line.size / 2]
    if not following:
        return False
    first = min(following, key=lambda line: line.box[1])
    near = [line for line in following if line.box[1] - bottom < 3 * _NEAR * first.size]
    rows = [line for line in near if _parted(line).is_row]
    return bool(rows) and all(
        not begins_heading(line.text) for line in near if line.box[1] < rows[0].box[1]
    )


def _parted(line: TextLine) -> _Line:
    words = [Word(part) for part in line.parted(_WORD_GAP)]
    values = 0
    for word in reversed(words):
        if not looks_like_cell(word.text):
            break
        values += 1
    return _Line(line, words, values)


# --- which lines are a table's ----------------------------------------------------------------


def _groups(lines: Sequence[_Line], taken: Sequence[Box]) -> Iterator[_Group]:
    """Runs of rows with nothing between them but labels."""
    group: _Group | None = None
    left = 0.0
    for i, line in enumerate(lines):
        if group is not None and not _follows(lines[i - 1].line, line.line, _NEAR * 1.5, taken):
            yield group
            group = None
        if line.is_row:
            begin = line.value_words[0].span[0]
            if group is not None and _fits(lines, group, line):
                group.rows.append(i)
                group.last = i
                left = min(left, begin)
            else:
                if group is not None:
                    yield group
                group, left = _Group(i, i, [i]), begin
        elif group is not None and max(word.span[1] for word in line.words) > left:
            yield group
            group = None
    if group is not None:
        yield group


def _follows(before: TextLine, after: TextLine, near: float, taken: Sequence[Box]) -> bool:
    """Whether a line stands closely below another, with no ruled table between."""
    top, bottom = before.box[3], after.box[1]
    if bottom - top > near * max(before.size, after.size):
        return False
    return not any(box[1] < after.box[3] and box[3] > before.box[1] for box in taken)


def _fits(lines: Sequence[_Line], group: _Group, line: _Line) -> bool:
    """Whether the values of a line stand below those of the group: hardly one below two.

    A number that a gap parts may; what is in its cell is then told as it is.
    """
    most = max((lines[i].value_words for i in group.rows), key=len)
    values = line.value_words
    below = [sum(_overlap(word.span, other.span) for other in most) for word in values]
    above = [sum(_overlap(word.span, other.span) for word in values) for other in most]
    odd = sum(count > 1 for count in (*below, *above))
    if 3 * odd > min(len(values), len(most)):
        return False
    return (len(most) > 1 and len(values) > 1) or any(below)


def _heading_begin(
    lines: Sequence[_Line], group: _Group, earliest: int, taken: Sequence[Box]
) -> int:
    """The first of the lines above the rows that may be headings or the first row's label."""
    begin = group.first
    while begin > max(earliest, group.first - _MOST_HEADING_LINES):
        line = lines[begin - 1]
        goes_on = _follows(line.line, lines[begin].line, _SAME_LABEL, taken)
        if line.is_row or ends_sentence(line.line.text):
            break
        if begins_heading(line.line.text) and not goes_on:
            break
        if not _follows(line.line, lines[begin].line, _HEADING_NEAR, taken):
            break
        begin -= 1
    return begin


def _pitch(lines: Sequence[_Line], groups: Sequence[_Group]) -> float:
    """How far below one another the lines of one heading are at most.

    Nearer than rows are, and hardly farther than any two lines of the tables are.
    """
    rows = [
        Word(lines[after].line).middle - Word(lines[before].line).middle
        for group in groups
        for before, after in pairwise(group.rows)
    ]
    words = [
        word
        for group in groups
        for line in lines[max(group.first - _MOST_HEADING_LINES, 0) : group.last + 1]
        for word in _heading_words(line)
    ]
    near = [
        other.middle - word.middle
        for i, word in enumerate(words)
        for other in words[i + 1 : i + 60]
        if 0.6 * word.line.size < other.middle - word.middle < 3 * word.line.size
        and _overlap(word.span, other.span)
    ]
    return min(
        min(rows, default=float("inf")) * _ROW_APART, min(near, default=float("inf")) * _WRAPPED
    )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_dense(lines: Sequence[_Line], group: _Group) -> bool:
    """Whether the rows of a group are plainly those of a table, and no list."""
    return sum(lines[i].values > _MOST_IN_A_BOX for i in group.rows) > 1


def _unclear(lines: Sequence[_Line]) -> AlignedTable:
    """A table whose columns or labels are not clear: the label of each row, and its numbers."""
    left = min(line.value_words[0].span[0] for line in lines if line.is_row)
    begin = min(left - 1, *(line.line.box[0] for line in lines))
    end = max(line.line.box[2] for line in lines)
    cells: list[AlignedCell] = []
    for i, line in enumerate(lines):
        if line.is_row:
            cells.append(AlignedCell((i, i + 1), (0, 1), _glyphs(line.label_words)))
            cells.append(AlignedCell((i, i + 1), (1, 2), _glyphs(line.value_words), unclear=True))
        else:
            cells.append(AlignedCell((i, i + 1), (0, 2), line.line.glyphs))
    tops = _rising([*(line.line.box[1] for line in lines), lines[-1].line.box[3]])
    return AlignedTable(tuple(line.line for line in lines), tops, (begin, left, end), tuple(cells))


# --- the table --------------------------------------------------------------------------------


class _Maker:
    """Puts one table together: its columns, then headings, then rows."""

    def __init__(
        self,
        lines: Sequence[_Line],
        group: _Group,
        heading: int,
        following: int,
        pitch: float,
    ) -> None:
        self.lines = lines
        self.pitch = pitch
        self.rows = [lines[i] for i in group.rows]
        self.size = max(row.line.size for row in self.rows)
        self.columns = _columns([row.value_words for row in self.rows])
        self.left = self.columns[0][0]
        above = list(lines[heading : group.first])
        over = [i for i, line in enumerate(above) if self._reaches(line)]
        depth = over[-1] + 1 if over else 0
        self.headings = above[:depth]
        labels = [*above[depth:], *(lines[i] for i in range(group.first, group.last + 1))]
        labels += self._trailing(group.last + 1, following)
        self.labels = labels

    def _reaches(self, line: _Line) -> bool:
        """Whether a line stands over the columns of values, and not over labels alone."""
        return any(word.span[1] > self.left - _CLEAR for word in line.words)

    def _trailing(self, begin: int, end: int) -> Iterator[_Line]:
        """The lines right below the rows in which labels go on."""
        for i in range(begin, end):
            line, before = self.lines[i], self.lines[i - 1]
            if line.is_row or self._reaches(line) or begins_heading(line.line.text):
                return
            if not _follows(before.line, line.line, _SAME_LABEL, ()):
                return
            yield line

    def table(self) -> AlignedTable:
        """The table; raises _NotClear."""
        leaves, heads, corner = self._placed_headings()
        if len(self.columns) == 1 and not leaves:
            raise _NotClear
        labels = self._row_labels()
        if len(self.rows) == 1 and not leaves:
            raise _NotClear
        first = labels.columns
        edges = self._edges(first)
        levels = _levels(heads)
        cells: list[AlignedCell] = []
        tops: list[float] = []
        for level in levels:
            cells += _row_cells(len(tops), first, len(self.columns), level)
            tops.append(min(word.box[1] for word, _ in level))
        if leaves or corner:
            cells += self._leaf_row(len(tops), first, leaves, corner)
            tops.append(min(word.box[1] for stack in (*leaves.values(), corner) for word in stack))
        body = len(tops)
        for i, row in enumerate(labels.rows):
            cells += self._value_cells(body + i, first, row.line)
            tops.append(row.top)
        cells += [
            AlignedCell((body + a, body + b), (c, c + 1), glyphs)
            for a, b, c, glyphs in labels.cells
        ]
        tops.append(max(line.line.box[3] for line in self.labels))
        lines = tuple(line.line for line in (*self.headings, *self.labels))
        return AlignedTable(lines, _rising(tops), edges, tuple(cells))

    # --- headings -----------------------------------------------------------------------------

    def _placed_headings(
        self,
    ) -> tuple[dict[int, list[Word]], list[tuple[Word, tuple[int, int]]], list[Word]]:
        """The heading of each column, those over several (from, up to), and that over labels."""
        corner: list[Word] = []
        single: dict[int, list[Word]] = {}
        spanning: list[tuple[Word, tuple[int, int]]] = []
        between: list[Word] = []
        for line in self.headings:
            for word in _heading_words(line):
                over = [i for i, span in enumerate(self.columns) if _overlap(span, word.span)]
                if len(over) > 1:
                    spanning.append((word, (over[0], over[-1] + 1)))
                elif over:
                    single.setdefault(over[0], []).append(word)
                elif word.span[1] <= self.left and not line.is_row and self._is_corner(word):
                    corner.append(word)
                else:
                    between.append(word)
        leaves: dict[int, list[Word]] = {}
        pitch = self.pitch
        if self._blank_columns(single, between):
            return self._placed_headings()
        for column, words in single.items():
            leaf, heads = _lowest(sorted(words, key=lambda word: word.middle), pitch)
            leaves[column] = leaf
            spanning += [(word, (column, column + 1)) for word in heads]
        self._place_between(between, leaves, spanning, pitch)
        return leaves, spanning, corner

    def _blank_columns(self, single: dict[int, list[Word]], between: Sequence[Word]) -> bool:
        """Whether headings were found of columns without a number, and made columns.

        They stand between columns that have headings, no higher than those.
        """
        if len(single) < len(self.columns):
            return False
        lowest = min(max(word.middle for word in words) for words in single.values())
        found = [
            (min(word.span[0] for word in stack), max(word.span[1] for word in stack))
            for stack in _stacks(between, self.pitch)
            if max(word.middle for word in stack) > lowest - self.size
        ]
        self.columns = sorted([*self.columns, *found])
        self.left = self.columns[0][0]
        return bool(found)

    def _is_corner(self, word: Word) -> bool:
        """Whether a heading to the left of all numbers is over the labels, not the first column."""
        labels = [label for row in self.rows for label in row.label_words]
        if not labels:
            return False
        return any(_overlap(label.span, word.span) for label in labels) or (
            word.span[1] < max(label.span[1] for label in labels)
        )

    def _place_between(
        self,
        between: Sequence[Word],
        leaves: dict[int, list[Word]],
        spanning: list[tuple[Word, tuple[int, int]]],
        pitch: float,
    ) -> None:
        """Give headings that stand over no number to columns: only where none other is left.

        As many headings as columns without one, each between the columns beside its own.
        """
        stacks = _stacks(between, pitch)
        missing = [i for i in range(len(self.columns)) if i not in leaves]
        if not missing:
            for stack in stacks:
                i = sum(span[1] <= stack[0].span[0] for span in self.columns)
                spanning += [
                    (word, (max(i - 1, 0), min(i + 1, len(self.columns)))) for word in stack
                ]
            return
        if not stacks and not leaves:
            return
        if len(stacks) != len(missing):
            raise _NotClear
        for column, stack in zip(missing, stacks, strict=True):
            begin = self.columns[column - 1][1] if column else 0.0
            end = self.columns[column + 1][0] if column + 1 < len(self.columns) else float("inf")
            if any(word.span[0] < begin or word.span[1] > end for word in stack):
                raise _NotClear
            leaves[column] = list(stack)

    def _leaf_row(
        self, row: int, first: int, leaves: dict[int, list[Word]], corner: Sequence[Word]
    ) -> Iterator[AlignedCell]:
        if first:
            yield AlignedCell((row, row + 1), (0, first), _glyphs(corner))
        for i in range(len(self.columns)):
            at = (first + i, first + i + 1)
            yield AlignedCell((row, row + 1), at, _glyphs(leaves.get(i, ())))

    # --- rows ---------------------------------------------------------------------------------

    def _row_labels(self) -> RowLabels:
        labels = [_heading_words(line, line.label_words) for line in self.labels]
        values = [line if line in self.rows else None for line in self.labels]
        found = labels_of_rows(
            [[(word.line, word.middle) for word in words] for words in labels],
            [None if line is None else line.line for line in values],
            self.size,
        )
        if found is None:
            raise _NotClear
        return found

    def _value_cells(self, row: int, first: int, line: TextLine | None) -> Iterator[AlignedCell]:
        values = next((r.value_words for r in self.rows if r.line is line), [])
        bounds = self._bounds()
        for i in range(len(self.columns)):
            words = [word for word in values if _overlap(word.span, self.columns[i])]
            box = None
            if line is not None:
                top, bottom = line.box[1], line.box[3]
                margin = _ABOUT * self.size
                begin, end = bounds[i], bounds[i + 1]
                if not words:
                    # What is printed beside a blank cell is no matter of its own.
                    begin = max(begin, self.columns[i][0] - margin)
                    end = min(end, self.columns[i][1] + margin)
                box = (begin, top - margin, end, bottom + margin)
            at = (first + i, first + i + 1)
            yield AlignedCell((row, row + 1), at, _glyphs(words), box)

    def _bounds(self) -> list[float]:
        """Where the columns of values begin, and the last one ends: in the middle of the gaps."""
        inner = [(before[1] + after[0]) / 2 for before, after in pairwise(self.columns)]
        labels = [
            word.span[1]
            for line in self.labels
            for word in line.label_words
            if word.span[1] <= self.left
        ]
        left = max(labels, default=self.left - self.size)
        return [(left + self.left) / 2, *inner, self.columns[-1][1] + _ABOUT * self.size]

    def _edges(self, first: int) -> tuple[float, ...]:
        bounds = self._bounds()
        lefts = [word.span[0] for line in self.labels for word in line.words]
        begin = min([*lefts, bounds[0] - 1])
        step = (bounds[0] - begin) / max(first, 1)
        return (*(begin + i * step for i in range(first)), *bounds)


def _columns(rows: Sequence[Sequence[Word]]) -> list[Span]:
    """Where the columns are: numbers above one another, with a clear gap to the next.

    Raises _NotClear where numbers of two columns stand above one another.
    """
    columns: list[Span] = []
    for span in sorted(word.span for row in rows for word in row):
        if columns and span[0] - columns[-1][1] < _CLEAR:
            columns[-1] = (columns[-1][0], max(span[1], columns[-1][1]))
        else:
            columns.append(span)
    for column in columns:
        counts = [sum(_overlap(word.span, column) for word in row) for row in rows]
        several = sum(count > 1 for count in counts)
        if several > 1 and 3 * several > sum(count > 0 for count in counts):
            raise _NotClear
    return columns


def _heading_words(line: _Line, words: Sequence[Word] | None = None) -> list[Word]:
    """The words of a line, those joined that only a narrow gap parts."""
    joined: list[list[Glyph]] = []
    end = 0.0
    for word in line.words if words is None else words:
        if joined and word.span[0] - end <= 0.5 * line.line.size:
            joined[-1].extend(word.line.glyphs)
        else:
            joined.append(list(word.line.glyphs))
        end = word.span[1]
    return [Word(TextLine("".join(g.text for g in part), tuple(part), False)) for part in joined]


def _lowest(words: Sequence[Word], pitch: float) -> tuple[list[Word], list[Word]]:
    """Of words above one another, those of the lowest heading, over lines, and the others."""
    begin = len(words) - 1
    while begin and words[begin].middle - words[begin - 1].middle < pitch:
        begin -= 1
    return list(words[begin:]), list(words[:begin])


def _stacks(words: Sequence[Word], pitch: float) -> list[list[Word]]:
    """Words that stand above one another, from left to right."""
    stacks: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle):
        for stack in stacks:
            near = word.middle - stack[-1].middle < pitch
            if near and _overlap(stack[-1].span, word.span):
                stack.append(word)
                break
        else:
            stacks.append([word])
    return sorted(stacks, key=lambda stack: stack[0].span[0])


def _levels(
    heads: Sequence[tuple[Word, tuple[int, int]]],
) -> list[list[tuple[Word, tuple[int, int]]]]:
    """Headings over others by the lines that they stand in, from the top down."""
    levels: list[list[tuple[Word, tuple[int, int]]]] = []
    for head in sorted(heads, key=lambda head: head[0].middle):
        last = levels[-1][0][0] if levels else None
        if last is not None and head[0].middle - last.middle < 0.5 * last.line.size:
            levels[-1].append(head)
        else:
            levels.append([head])
    return levels


def _row_cells(
    row: int, first: int, count: int, level: Sequence[tuple[Word, tuple[int, int]]]
) -> Iterator[AlignedCell]:
    """The cells of a row of headings over others, blank where none stands."""
    at = 0
    for word, (begin, end) in sorted(level, key=lambda head: head[1]):
        if first + begin < at:
            raise _NotClear
        if at < first + begin:
            yield AlignedCell((row, row + 1), (at, first + begin))
        yield AlignedCell((row, row + 1), (first + begin, first + end), word.line.glyphs)
        at = first + end
    if at < first + count:
        yield AlignedCell((row, row + 1), (at, first + count))


def _glyphs(words: Sequence[Word]) -> tuple[Glyph, ...]:
    return tuple(glyph for word in words for glyph in word.line.glyphs)


def _rising(tops: Sequence[float]) -> tuple[float, ...]:
    """The beginnings of rows, each below the one before."""
    found: list[float] = []
    for top in tops:
        found.append(max(top, found[-1] + 0.01) if found else top)
    return tuple(found)
