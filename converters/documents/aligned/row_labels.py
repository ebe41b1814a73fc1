"""Which lines of text to the left of a table's numbers are the label of which row.

A label of several lines stands with its middle, its first, or its last line beside the numbers, in
the same way in all rows of a table. Where the lines can be assigned in more than one way, they are
not assigned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.converters.documents.aligned.glyphs import Glyph, TextLine
from gongkai.converters.documents.aligned.words import (
    SplitLine,
    Word,
    glyphs_of,
    joined,
    overlap,
    top_down,
)

LabelCell = tuple[int, int, int, tuple[Glyph, ...]]
"""A cell of labels: (first row, row after the last, column, characters)."""

_OFF = 0.3
"""How far a label may stand off the line of its numbers, in parts of a character's height."""

_MOST_LINES = 12
_NEXT = 0.9
_BESIDE = 0.1


@dataclass(frozen=True)
class LabelledRow:
    """A row: the line of its numbers (None, if it holds only a part of a label), and its top."""

    line: TextLine | None
    top: float


@dataclass(frozen=True)
class RowLabels:
    """The rows, the number of columns that their labels take, and the cells of labels."""

    rows: tuple[LabelledRow, ...]
    columns: int
    cells: tuple[LabelCell, ...]


def labels_of_rows(lines: Sequence[SplitLine], size: float) -> RowLabels | None:
    """Assign the words of labels to the rows of ``lines``; None where that is not clear.

    ``size`` is the height of a character.
    """
    parts = [joined(line.label_words, line.line.size) for line in lines]
    rows = [line.line for line in lines if line.is_row]
    if not any(parts):
        return RowLabels(tuple(LabelledRow(row, row.box[1]) for row in rows), 0, ())
    own, heads = _own_and_heads(parts, [line.is_row for line in lines], size)
    levels = [Word(row).middle for row in rows]
    shared = _shared_out([word.middle for word in own], levels, _OFF * size)
    if shared is None:
        return None
    before, groups, after = shared
    labelled = [LabelledRow(None, own[i].box[1]) for i in before]
    labels = [[own[i]] for i in before]
    for row, group in zip(rows, groups, strict=True):
        tops = [row.box[1], *(own[i].box[1] for i in group)]
        labelled.append(LabelledRow(row, min(tops)))
        labels.append([own[i] for i in group])
    labelled += [LabelledRow(None, own[i].box[1]) for i in after]
    labels += [[own[i]] for i in after]
    columns, cells = _head_cells(heads, _middles(labelled, labels), size)
    cells += [(i, i + 1, columns, glyphs_of(words)) for i, words in enumerate(labels)]
    return RowLabels(tuple(labelled), columns + 1, tuple(_filled(cells, len(labels), columns)))


def _own_and_heads(
    lines: Sequence[Sequence[Word]], are_rows: Sequence[bool], size: float
) -> tuple[list[Word], list[Word]]:
    """The words of the rows' own labels, and those of heads of several rows to the left of them."""
    own: list[Word] = []
    heads: list[Word] = []
    beside: list[Word] = []
    for words, is_row in zip(lines, are_rows, strict=True):
        if is_row and words:
            own.append(words[-1])
            heads.extend(words[:-1])
        else:
            beside.extend(words)
    for word in beside:
        end = word.span[1] - 0.5
        right_of = any(
            other.span[0] > end and abs(other.middle - word.middle) < 0.8 * size
            for other in (*own, *beside)
        )
        above = [other for other in own if other.middle <= word.middle]
        below = [other for other in own if other.middle > word.middle]
        near = [*top_down(above)[-1:], *top_down(below)[:1]]
        apart = near and all(other.span[0] > end for other in near)
        (heads if right_of or apart else own).append(word)
    return top_down(own), top_down(heads)


_Shared = tuple[tuple[int, ...], tuple[tuple[int, ...], ...], tuple[int, ...]]


def _shared_out(parts: Sequence[float], levels: Sequence[float], off: float) -> _Shared | None:
    """Positions of parts before all rows, of each row, and after; None unless there is one way."""
    ways: set[_Shared] = set()
    for where in (_middle, _first, _last):
        ways |= set(_ways(parts, levels, off, where, 0, 0))
    if not ways:
        for where in (_middle, _first, _last):
            for skipped in range(1, min(_MOST_LINES, len(parts)) + 1):
                for before in range(skipped + 1):
                    ways |= set(_ways(parts, levels, off, where, before, skipped - before))
                if ways:
                    break
    if len(ways) > 1:
        ways = {way for way in ways if _is_even(way, parts)} or ways
    return ways.pop() if len(ways) == 1 else None


def _middle(group: Sequence[float]) -> float:
    return (group[0] + group[-1]) / 2


def _first(group: Sequence[float]) -> float:
    return group[0]


def _last(group: Sequence[float]) -> float:
    return group[-1]


def _ways(
    parts: Sequence[float],
    levels: Sequence[float],
    off: float,
    where: Callable[[Sequence[float]], float],
    before: int,
    after: int,
) -> list[_Shared]:
    """The ways to assign ``parts``, less those ``before`` and ``after``: two at most.

    Every row gets the next parts, so that they stand beside it as ``where`` says.
    """
    end = len(parts) - after
    found: list[tuple[tuple[int, ...], ...]] = [()]
    for level in levels:
        longer: list[tuple[tuple[int, ...], ...]] = []
        for groups in found:
            begin = groups[-1][-1] + 1 if groups else before
            for stop in range(begin + 1, min(begin + _MOST_LINES, end) + 1):
                if abs(where(parts[begin:stop]) - level) <= off:
                    longer.append((*groups, tuple(range(begin, stop))))
        found = longer[:8]
    rest = tuple(range(end, len(parts)))
    return [
        (tuple(range(before)), groups, rest)
        for groups in found
        if (groups[-1][-1] + 1 if groups else before) == end
    ]


def _is_even(way: _Shared, parts: Sequence[float]) -> bool:
    """Whether lines of one label are nearer to each other than different labels are."""
    groups = way[1]
    within = [parts[b] - parts[a] for group in groups for a, b in pairwise(group)]
    between = [parts[b[0]] - parts[a[-1]] for a, b in pairwise(groups)]
    return not within or not between or max(within) < min(between)


def _middles(rows: Sequence[LabelledRow], labels: Sequence[Sequence[Word]]) -> list[float]:
    return [
        Word(row.line).middle if row.line else words[0].middle
        for row, words in zip(rows, labels, strict=True)
    ]


def _head_cells(
    heads: Sequence[Word], rows: Sequence[float], size: float
) -> tuple[int, list[LabelCell]]:
    """The number of columns of the heads, and their cells, each over the rows that it is beside."""
    columns: list[list[Word]] = []
    for word in sorted(heads, key=lambda word: word.span[0]):
        for column in columns:
            if any(overlap(word.span, other.span) for other in column):
                column.append(word)
                break
        else:
            columns.append([word])
    cells: list[LabelCell] = []
    for number, column in enumerate(columns):
        before: Word | None = None
        for word in top_down(column):
            row = min(range(len(rows)), key=lambda i: abs(rows[i] - word.middle))
            goes_on = (
                before is not None
                and word.box[1] - before.box[3] < _NEXT * size
                # Texts that stand exactly beside rows, one for each, are no text over several of
                # them.
                and not all(_off(one, rows) < _BESIDE * size for one in (before, word))
            )
            if goes_on or (cells and cells[-1][2] == number and row < cells[-1][1]):
                first, end, _, glyphs = cells[-1]
                cells[-1] = (first, max(end, row + 1), number, (*glyphs, *word.line.glyphs))
            else:
                cells.append((row, row + 1, number, word.line.glyphs))
            before = word
    return len(columns), cells


def _off(word: Word, rows: Sequence[float]) -> float:
    return min(abs(row - word.middle) for row in rows)


def _filled(cells: Sequence[LabelCell], rows: int, columns: int) -> list[LabelCell]:
    """The cells, and blank ones in the places that have none."""
    covered = {(row, column) for first, end, column, _ in cells for row in range(first, end)}
    return [
        *cells,
        *(
            (row, row + 1, column, ())
            for row in range(rows)
            for column in range(columns)
            if (row, column) not in covered
        ),
    ]
