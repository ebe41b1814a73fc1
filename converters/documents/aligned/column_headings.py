"""Which headings stand over which columns of a table without ruled lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.aligned.columns import NotClear
from gongkai.converters.documents.aligned.glyphs import Glyph
from gongkai.converters.documents.aligned.words import (
    Span,
    SplitLine,
    Word,
    glyphs_of,
    joined,
    overlap,
    top_down,
)

_IN_LINE = 0.2
"""How far a heading may stand off the middle of its column, in parts of a character's height."""

_Head = tuple[Word, tuple[int, int]]
"""A heading, and the range of columns that it stands over (the end is excluded)."""


@dataclass(frozen=True)
class ColumnHeadings:
    """The headings over columns of numbers, by the numbers of the columns.

    ``columns`` are the columns of the numbers, and those known from headings alone. ``lowest`` is
    the heading directly over each column, ``heads`` are the headings above, each over a range of
    columns (the end is excluded), ``corner`` is the heading of the labels.
    """

    columns: tuple[Span, ...]
    lowest: Mapping[int, Sequence[Word]]
    heads: tuple[_Head, ...]
    corner: tuple[Word, ...]


@dataclass(frozen=True)
class HeadingRow:
    """A row of headings: how far down it begins, and its cells, including blank ones.

    Each cell is (first column, column after the last, characters); columns of labels are counted
    too.
    """

    top: float
    cells: tuple[tuple[int, int, tuple[Glyph, ...]], ...]


def headings_over(
    columns: Sequence[Span],
    headings: Sequence[SplitLine],
    rows: Sequence[SplitLine],
    pitch: float,
) -> ColumnHeadings:
    """Assign the words of the lines ``headings`` to the columns of the numbers in ``rows``.

    ``pitch`` is the largest distance between the lines of one heading. Raises NotClear where a
    heading may belong to several columns.
    """
    labels = [label for row in rows for label in row.label_words]
    corner: list[Word] = []
    single: dict[int, list[Word]] = {}
    heads: list[_Head] = []
    between: list[Word] = []
    for line in headings:
        for word in _heading_words(line, columns):
            over = [i for i, span in enumerate(columns) if overlap(span, word.span)]
            if len(over) > 1:
                heads.append((word, (over[0], over[-1] + 1)))
            elif over:
                single.setdefault(over[0], []).append(word)
            elif word.span[1] <= columns[0][0] and _is_over_labels(word, labels):
                corner.append(word)
            else:
                between.append(word)
    stacks = _stacks(between, pitch)
    if len(single) == len(columns):
        size = max(line.line.size for line in rows or headings)
        blank = _blank_columns(single, stacks, size)
        if blank:
            return headings_over(sorted([*columns, *blank]), headings, rows, pitch)
    lowest: dict[int, list[Word]] = {}
    for column, words in single.items():
        lowest[column], above = _lowest(top_down(words), pitch)
        heads += [(word, (column, column + 1)) for word in above]
    if len(lowest) == len(columns):
        heads += _over_gaps(columns, stacks)
    elif stacks or lowest:
        lowest |= _over_missing(columns, stacks, lowest)
    return ColumnHeadings(tuple(columns), lowest, tuple(heads), tuple(corner))


def heading_rows(found: ColumnHeadings, first: int) -> Iterator[HeadingRow]:
    """The rows of headings from the top down; ``first`` columns of labels come before.

    Raises NotClear where two headings in one line stand over the same column.
    """
    count = len(found.columns)
    for level in _levels(found.heads):
        top = min(word.box[1] for word, _ in level)
        yield HeadingRow(top, tuple(_level_cells(level, first, count)))
    if found.lowest or found.corner:
        top = min(word.box[1] for words in (*found.lowest.values(), found.corner) for word in words)
        cells = [
            (first + i, first + i + 1, glyphs_of(found.lowest.get(i, ()))) for i in range(count)
        ]
        corner = [(0, first, glyphs_of(found.corner))] if first else []
        yield HeadingRow(top, (*corner, *cells))


def _heading_words(line: SplitLine, columns: Sequence[Span]) -> Iterator[Word]:
    """The headings in a line: words with a narrow gap are one, unless each has its own column.

    In that case all of them stand in the middle of their columns, or begin or end with them. A
    heading over several columns whose words happen to stand so is unlikely; no official form has
    one.
    """
    for word in joined(line.words, line.line.size):
        parts = [part for part in line.words if part.line.glyphs[0] in word.line.glyphs]
        over = [[span for span in columns if overlap(span, part.span)] for part in parts]
        own = [spans[0] for spans in over if len(spans) == 1]
        if len(set(own)) > 1 and len(own) == len(parts) and _are_in_line(parts, own):
            for column in sorted(set(own)):
                stood = [part for part, span in zip(parts, own, strict=True) if span == column]
                yield from joined(stood, line.line.size)
        else:
            yield word


def _are_in_line(words: Sequence[Word], columns: Sequence[Span]) -> bool:
    """Whether words stand in the middle of their columns, or all begin or end with them."""
    pairs = [(word.span, column) for word, column in zip(words, columns, strict=True)]
    near = _IN_LINE * max(word.line.size for word in words)
    return any(
        all(abs(place(span) - place(column)) < near for span, column in pairs)
        for place in (_middle, min, max)
    )


def _middle(span: Span) -> float:
    return (span[0] + span[1]) / 2


def _is_over_labels(word: Word, labels: Sequence[Word]) -> bool:
    """Whether a heading to the left of all numbers is over the labels, not the first column."""
    if not labels:
        return False
    return any(overlap(label.span, word.span) for label in labels) or (
        word.span[1] < max(label.span[1] for label in labels)
    )


def _blank_columns(
    single: Mapping[int, Sequence[Word]], stacks: Sequence[Sequence[Word]], size: float
) -> list[Span]:
    """Columns without a number, recognised by their headings.

    They stand between columns that have headings, and their headings are no higher than those.
    """
    lowest = min(max(word.middle for word in words) for words in single.values())
    return [
        (min(word.span[0] for word in stack), max(word.span[1] for word in stack))
        for stack in stacks
        if max(word.middle for word in stack) > lowest - size
    ]


def _over_gaps(columns: Sequence[Span], stacks: Sequence[Sequence[Word]]) -> Iterator[_Head]:
    """Headings over no number where every column has its own: over the columns on either side."""
    for stack in stacks:
        i = sum(span[1] <= stack[0].span[0] for span in columns)
        for word in stack:
            yield word, (max(i - 1, 0), min(i + 1, len(columns)))


def _over_missing(
    columns: Sequence[Span], stacks: Sequence[list[Word]], lowest: Mapping[int, Sequence[Word]]
) -> dict[int, list[Word]]:
    """Headings over no number, assigned to the columns that have no heading.

    There are as many headings as such columns, and each stands between the neighbours of its
    column.
    """
    missing = [i for i in range(len(columns)) if i not in lowest]
    if len(stacks) != len(missing):
        raise NotClear
    for column, stack in zip(missing, stacks, strict=True):
        begin = columns[column - 1][1] if column else 0.0
        end = columns[column + 1][0] if column + 1 < len(columns) else float("inf")
        if any(word.span[0] < begin or word.span[1] > end for word in stack):
            raise NotClear
    return dict(zip(missing, stacks, strict=True))


def _lowest(words: Sequence[Word], pitch: float) -> tuple[list[Word], list[Word]]:
    """Words above one another, divided into those of the lowest heading, over lines, and others."""
    begin = len(words) - 1
    while begin and words[begin].middle - words[begin - 1].middle < pitch:
        begin -= 1
    return list(words[begin:]), list(words[:begin])


def _stacks(words: Sequence[Word], pitch: float) -> list[list[Word]]:
    """Words that stand above one another, from left to right."""
    stacks: list[list[Word]] = []
    for word in top_down(words):
        for stack in stacks:
            near = word.middle - stack[-1].middle < pitch
            if near and overlap(stack[-1].span, word.span):
                stack.append(word)
                break
        else:
            stacks.append([word])
    return sorted(stacks, key=lambda stack: stack[0].span[0])


def _levels(heads: Sequence[_Head]) -> list[list[_Head]]:
    """Headings over other headings by the lines that they stand in, from the top down."""
    levels: list[list[_Head]] = []
    for head in sorted(heads, key=lambda head: head[0].middle):
        last = levels[-1][0][0] if levels else None
        if last is not None and head[0].middle - last.middle < 0.5 * last.line.size:
            levels[-1].append(head)
        else:
            levels.append([head])
    return levels


def _level_cells(
    level: Sequence[_Head], first: int, count: int
) -> Iterator[tuple[int, int, tuple[Glyph, ...]]]:
    """The cells of a row of headings over other headings; blank where there is none."""
    at = 0
    for word, (begin, end) in sorted(level, key=lambda head: head[1]):
        if first + begin < at:
            raise NotClear
        if at < first + begin:
            yield at, first + begin, ()
        yield first + begin, first + end, word.line.glyphs
        at = first + end
    if at < first + count:
        yield at, first + count, ()
