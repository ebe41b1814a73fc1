"""Where the columns of a table without ruled lines are: aligned numbers with clear gaps."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from gongkai.converters.documents.aligned.words import Span, Word, overlap

CLEAR = 0.5
"""The least distance between columns, in points."""

MARGIN = 0.25
"""What belongs to a value is at most this part of a character's height beside it."""


class NotClear(Exception):
    """The layout of a table is not clear."""


def columns_of(rows: Iterable[Sequence[Word]]) -> list[Span]:
    """The columns in which the numbers of ``rows`` stand, from left to right.

    Raises NotClear where numbers of two columns stand above one another.
    """
    rows = list(rows)
    columns: list[Span] = []
    for span in sorted(word.span for row in rows for word in row):
        if columns and span[0] - columns[-1][1] < CLEAR:
            columns[-1] = (columns[-1][0], max(span[1], columns[-1][1]))
        else:
            columns.append(span)
    for column in columns:
        counts = [sum(overlap(word.span, column) for word in row) for row in rows]
        several = sum(count > 1 for count in counts)
        if several > 1 and 3 * several > sum(count > 0 for count in counts):
            raise NotClear
    return columns


def column_bounds(columns: Sequence[Span], labels: Iterable[Word], size: float) -> list[float]:
    """Where each column begins, and where the last one ends: in the middle of the gaps.

    ``labels`` are the words to the left of the numbers, ``size`` is the height of a character.
    """
    inner = [(before[1] + after[0]) / 2 for before, after in pairwise(columns)]
    left = columns[0][0]
    ends = [word.span[1] for word in labels if word.span[1] <= left]
    return [(max(ends, default=left - size) + left) / 2, *inner, columns[-1][1] + MARGIN * size]
