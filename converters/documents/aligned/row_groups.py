"""Which lines of a page are the rows of one table that has no ruled lines around its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongkai.converters.documents.aligned.glyphs import Box, TextLine
from gongkai.converters.documents.aligned.sentences import begins_heading, ends_sentence
from gongkai.converters.documents.aligned.words import SplitLine, Word, joined, overlap

NEAR = 1.6
"""The largest distance between lines of a table, in heights of a line."""

SAME_LABEL = 0.55
"""The largest distance between the lines of one label, in heights of a line."""

_HEADING_NEAR = 1.3
_WRAPPED = 1.15
_ROW_APART = 0.95
_MOST_HEADING_LINES = 12
_MOST_IN_A_LIST = 2


@dataclass
class RowGroup:
    """Rows of one block of a table, and the lines between them, by their numbers on the page."""

    first: int
    last: int
    rows: list[int] = field(default_factory=list)


def row_groups(lines: Sequence[SplitLine], taken: Sequence[Box]) -> Iterator[RowGroup]:
    """Runs of rows with nothing but labels between them, from the top down.

    ``taken`` are the boxes of ruled tables; no run extends across one of them.
    """
    group: RowGroup | None = None
    left = 0.0
    for i, line in enumerate(lines):
        if group is not None and not follows(lines[i - 1].line, line.line, NEAR * 1.5, taken):
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
                group, left = RowGroup(i, i, [i]), begin
        elif group is not None and max(word.span[1] for word in line.words) > left:
            yield group
            group = None
    if group is not None:
        yield group


def follows(before: TextLine, after: TextLine, near: float, taken: Sequence[Box] = ()) -> bool:
    """Whether a line stands closely below another, with none of the boxes ``taken`` between them.

    ``near`` is the largest distance allowed, in heights of a line.
    """
    top, bottom = before.box[3], after.box[1]
    if bottom - top > near * max(before.size, after.size):
        return False
    return not any(box[1] < after.box[3] and box[3] > before.box[1] for box in taken)


def heading_distance(lines: Sequence[SplitLine], groups: Sequence[RowGroup]) -> float:
    """The largest distance between the headings of a page's tables, in heights of a line.

    It is the distance of rows with nothing between them, if that is larger than usual for headings.
    """
    apart = [
        (lines[i].value_words[0].box[1] - lines[i - 1].value_words[0].box[3]) / lines[i].line.size
        for group in groups
        for i in group.rows
        if i - 1 in group.rows
    ]
    return max(_HEADING_NEAR, min(apart, default=0.0) * _WRAPPED)


def heading_begin(
    lines: Sequence[SplitLine],
    group: RowGroup,
    earliest: int,
    taken: Sequence[Box],
    near: float = _HEADING_NEAR,
) -> int:
    """The first of the lines above the rows that may be headings or the first row's label.

    ``near`` is the largest distance between headings.
    """
    begin = group.first
    while begin > max(earliest, group.first - _MOST_HEADING_LINES):
        line = lines[begin - 1]
        goes_on = follows(line.line, lines[begin].line, SAME_LABEL, taken)
        if line.is_row or ends_sentence(line.line.text):
            break
        if begins_heading(line.line.text) and not goes_on:
            break
        if not follows(line.line, lines[begin].line, near, taken):
            break
        begin -= 1
    return begin


def heading_pitch(lines: Sequence[SplitLine], groups: Sequence[RowGroup]) -> float:
    """The largest distance between the lines of one heading, in points.

    It is smaller than that of rows, and hardly larger than that of any two lines of the tables.
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
        for word in joined(line.words, line.line.size)
    ]
    near = [
        other.middle - word.middle
        for i, word in enumerate(words)
        for other in words[i + 1 : i + 60]
        if 0.6 * word.line.size < other.middle - word.middle < 3 * word.line.size
        and overlap(word.span, other.span)
    ]
    return min(
        min(rows, default=float("inf")) * _ROW_APART, min(near, default=float("inf")) * _WRAPPED
    )


def is_dense(lines: Sequence[SplitLine], group: RowGroup) -> bool:
    """Whether the rows of a group are clearly those of a table and not of a list."""
    return sum(lines[i].values > _MOST_IN_A_LIST for i in group.rows) > 1


def _fits(lines: Sequence[SplitLine], group: RowGroup, line: SplitLine) -> bool:
    """Whether the values of a line stand below those of the group: hardly ever one below two.

    A number with a gap within it may stand below two; the content of its cell is then reported as
    it is.
    """
    most = max((lines[i].value_words for i in group.rows), key=len)
    values = line.value_words
    below = [sum(overlap(word.span, other.span) for other in most) for word in values]
    above = [sum(overlap(word.span, other.span) for word in values) for other in most]
    odd = sum(count > 1 for count in (*below, *above))
    if 3 * odd > min(len(values), len(most)):
        return False
    return (len(most) > 1 and len(values) > 1) or any(below)
