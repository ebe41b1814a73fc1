"""Which lines of text to the left of a table's numbers are the label of which row.

A label over several lines stands with its middle, its first, or its last line beside the numbers,
in all rows of a table alike. Lines that can be shared out in more than one way are not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongkai.converters.documents.pdf.glyphs import Glyph, TextLine

_OFF = 0.3
"""So far, in parts of a character's height, may a label stand off the line of its numbers."""

_MOST_LINES = 12
_NEXT = 0.9
_BESIDE = 0.1


@dataclass(frozen=True)
class LabelledRow:
    """A row: the line of its numbers (None, if only a part of a label stands in it), its top."""

    line: TextLine | None
    top: float


@dataclass(frozen=True)
class RowLabels:
    """The rows, how many columns their labels take, and the cells of labels.

    Each cell is (first row, row after the last, column, characters).
    """

    rows: tuple[LabelledRow, ...]
    columns: int
    cells: tuple[tuple[int, int, int, tuple[Glyph, ...]], ...]


@dataclass(frozen=True)
class _Part:
    """A part of a label within a line."""

    line: TextLine
    middle: float

    @property
    def left(self) -> float:
        return self.line.box[0]

    @property
    def right(self) -> float:
        return self.line.box[2]


def labels_of_rows(
    parts: Sequence[Sequence[tuple[TextLine, float]]],
    values: Sequence[TextLine | None],
    size: float,
) -> RowLabels | None:
    """Share out the parts of labels in each line; None where that is not clear.

    ``values`` are the lines with numbers, as many as ``parts``, None where a line has none.
    """
    lines = [[_Part(line, middle) for line, middle in found] for found in parts]
    rows = [line for line in values if line is not None]
    levels = [(line.box[1] + line.box[3]) / 2 for line in rows]
    if not any(lines):
        return RowLabels(tuple(LabelledRow(row, row.box[1]) for row in rows), 0, ())
    own, heads = _told_apart(lines, values, size)
    shared = _shared_out([part.middle for part in own], levels, _OFF * size)
    if shared is None:
        return None
    before, groups, after = shared
    labelled = [LabelledRow(None, own[i].line.box[1]) for i in before]
    labels = [[own[i]] for i in before]
    for row, group in zip(rows, groups, strict=True):
        tops = [row.box[1], *(own[i].line.box[1] for i in group)]
        labelled.append(LabelledRow(row, min(tops)))
        labels.append([own[i] for i in group])
    labelled += [LabelledRow(None, own[i].line.box[1]) for i in after]
    labels += [[own[i]] for i in after]
    columns, cells = _head_cells(heads, _middles(labelled, labels), size)
    for i in range(len(labels)):
        glyphs = tuple(glyph for part in labels[i] for glyph in part.line.glyphs)
        cells.append((i, i + 1, columns, glyphs))
    return RowLabels(tuple(labelled), columns + 1, tuple(_filled(cells, len(labels), columns)))


def _told_apart(
    lines: Sequence[Sequence[_Part]], values: Sequence[TextLine | None], size: float
) -> tuple[list[_Part], list[_Part]]:
    """The parts of the rows' own labels, and those of heads of several rows to the left of them."""
    own: list[_Part] = []
    heads: list[_Part] = []
    beside: list[_Part] = []
    for found, row in zip(lines, values, strict=True):
        if row is not None and found:
            own.append(found[-1])
            heads.extend(found[:-1])
        else:
            beside.extend(found)
    for part in beside:
        right_of = [
            other
            for other in (*own, *beside)
            if other.left > part.right - 0.5 and abs(other.middle - part.middle) < 0.8 * size
        ]
        above = [other for other in own if other.middle <= part.middle]
        below = [other for other in own if other.middle > part.middle]
        near = [*sorted(above, key=_level)[-1:], *sorted(below, key=_level)[:1]]
        apart = near and all(other.left > part.right - 0.5 for other in near)
        (heads if right_of or apart else own).append(part)
    return sorted(own, key=_level), sorted(heads, key=_level)


def _level(part: _Part) -> float:
    return part.middle


_Shared = tuple[tuple[int, ...], tuple[tuple[int, ...], ...], tuple[int, ...]]


def _shared_out(parts: Sequence[float], levels: Sequence[float], off: float) -> _Shared | None:
    """Positions of parts before all rows, of each row, and after; None if there is no one way."""
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
    """The ways to share out ``parts``, less those ``before`` and ``after``: two at most.

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
    """Whether lines of one label are nearer to each other than labels are."""
    groups = way[1]
    within = [parts[b] - parts[a] for group in groups for a, b in pairwise(group)]
    between = [parts[b[0]] - parts[a[-1]] for a, b in pairwise(groups)]
    return not within or not between or max(within) < min(between)


def _middles(rows: Sequence[LabelledRow], labels: Sequence[Sequence[_Part]]) -> list[float]:
    return [
        (row.line.box[1] + row.line.box[3]) / 2 if row.line else parts[0].middle
        for row, parts in zip(rows, labels, strict=True)
    ]


def _head_cells(
    heads: Sequence[_Part], rows: Sequence[float], size: float
) -> tuple[int, list[tuple[int, int, int, tuple[Glyph, ...]]]]:
    """How many columns the heads take, and their cells, each over the rows that it is beside."""
    columns: list[list[_Part]] = []
    for part in sorted(heads, key=lambda part: part.left):
        for column in columns:
            if any(part.left < other.right and other.left < part.right for other in column):
                column.append(part)
                break
        else:
            columns.append([part])
    cells: list[tuple[int, int, int, tuple[Glyph, ...]]] = []
    for number, column in enumerate(columns):
        before: _Part | None = None
        for part in sorted(column, key=_level):
            row = min(range(len(rows)), key=lambda i: abs(rows[i] - part.middle))
            goes_on = (
                before is not None
                and part.line.box[1] - before.line.box[3] < _NEXT * size
                # What stands exactly beside rows, one for each, is no text over several of them.
                and not all(_off(one, rows) < _BESIDE * size for one in (before, part))
            )
            if goes_on or (cells and cells[-1][2] == number and row < cells[-1][1]):
                first, end, _, glyphs = cells[-1]
                cells[-1] = (first, max(end, row + 1), number, (*glyphs, *part.line.glyphs))
            else:
                cells.append((row, row + 1, number, part.line.glyphs))
            before = part
    return len(columns), cells


def _off(part: _Part, rows: Sequence[float]) -> float:
    return min(abs(row - part.middle) for row in rows)


def _filled(
    cells: Sequence[tuple[int, int, int, tuple[Glyph, ...]]], rows: int, columns: int
) -> list[tuple[int, int, int, tuple[Glyph, ...]]]:
    """The cells, and blank ones where none is."""
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
