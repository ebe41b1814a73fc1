"""The rows of all grids of a document, one after the other, and the row labels found in them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from gongkai.converters.cn.forms.alignment import (
    ExpectedLabels,
    LabelMatch,
    after_a_head,
    best_in_order,
)
from gongkai.converters.documents.model import Grid, GridCell
from gongkai.converters.labels import SURE, fold_label, number_before
from gongkai.converters.numbers import COUNT_WORDS, looks_like_cell

_COLUMN_NUMBER = re.compile(r"\(?([0-9]{1,2})\)?")
_LEAST_NUMBERED = 3
_UNIT_BEHIND = re.compile(rf"\s*[(（](?:单位[:：]?)?(?:{'|'.join(COUNT_WORDS)})[)）]$")

MOST_JOINED = 3
"""The most rows over which a label may be broken (by a page break, or by misplaced ruled lines)."""


@dataclass(frozen=True)
class GridLine:
    """A row of a grid: ``grid`` and ``row`` are positions, ``own`` the texts that begin in it.

    ``valued`` says that a number (or a mark for nothing) stands in it; ``words`` are all its texts,
    folded.
    """

    grid: int
    row: int
    cells: tuple[GridCell | None, ...]
    own: tuple[GridCell, ...]
    valued: bool
    words: frozenset[str]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of its cells, folded, from left to right, a merged cell once."""
        cells = (next(same) for _, same in groupby(self.cells, key=id))
        return tuple(fold_label(cell.text) for cell in cells if cell is not None)

    @cached_property
    def labels(self) -> tuple[tuple[str, GridCell], ...]:
        """(text, cell) of everything in this line alone that may be a row's label."""
        found: list[tuple[str, GridCell]] = []
        for position, cell in enumerate(self.own):
            found.append((cell.text, cell))
            if cell.text[-1] in ")）" and (bare := _UNIT_BEHIND.sub("", cell.text)) != cell.text:
                found.append((bare, cell))
            rest = after_a_head(cell.text)
            if rest is not None:
                found.append((rest, cell))
            if position:
                found.append((self.own[position - 1].text + cell.text, cell))
        return tuple(found)


@dataclass(frozen=True)
class RowMatch:
    """A row of the form that was found: its lines, its label as printed, the label's cell.

    ``rivals`` are further lines with the same label; ``ambiguous`` says that its place among rows
    of the same label is not sure.
    """

    lines: tuple[int, ...]
    printed: str
    label: GridCell
    likeness: float
    ambiguous: bool


def lines_of(grids: Sequence[Grid]) -> list[GridLine]:
    """Every row of every grid, in reading order."""
    return [
        _line(grid, number, i) for number, grid in enumerate(grids) for i in range(len(grid.rows))
    ]


def _line(grid: Grid, number: int, row: int) -> GridLine:
    above = grid.rows[row - 1] if row else None
    own: list[GridCell] = []
    words: set[str] = set()
    valued = False
    before: GridCell | None = None
    for column, cell in enumerate(grid.rows[row]):
        if cell is None or cell is before:
            continue
        before = cell
        if not cell.text:
            continue
        words.add(fold_label(cell.text))
        if looks_like_cell(cell.text):
            valued = True
        elif above is None or above[column] is not cell:
            own.append(cell)
    return GridLine(number, row, grid.rows[row], tuple(own), valued, frozenset(words))


def numbers_columns(line: GridLine) -> bool:
    """Whether the line numbers the columns: 1, 2, 3 …, as usual under headings of statistics."""
    numbers = [match[1] for text in line.texts if (match := _COLUMN_NUMBER.fullmatch(text))]
    return len(numbers) >= _LEAST_NUMBERED and numbers == [
        str(number) for number in range(1, len(numbers) + 1)
    ]


def count_numbers(line: GridLine) -> int:
    """How many cells of the line hold a number."""
    return sum(looks_like_cell(text) and any(map(str.isdigit, text)) for text in line.texts)


def numbers_after_words(line: GridLine) -> bool:
    """Whether a number follows the first words of the line, or stands in a line without words."""
    texts = line.texts
    first = next((i for i, text in enumerate(texts) if text and not looks_like_cell(text)), 0)
    return any(looks_like_cell(t) and any(map(str.isdigit, t)) for t in texts[first:])


def last_label(line: GridLine) -> GridCell | None:
    """The last cell of the line with words in it, which may have begun in a line above."""
    return next(
        (
            cell
            for cell in reversed(line.cells)
            if cell is not None and cell.text and not looks_like_cell(cell.text)
        ),
        None,
    )


def find_rows(
    expected: ExpectedLabels,
    lines: Sequence[GridLine],
    excluded: set[int],
    contradicted: Callable[[int, GridLine, GridCell], bool],
) -> tuple[dict[int, RowMatch], dict[int, list[int]]]:
    """The expected rows that were found, by number, and for each the other lines like it.

    Lines in ``excluded`` are no rows (they are headings); ``contradicted`` says whether a label
    cannot be that of a row, judging from what stands beside it.
    """
    labelled: dict[tuple[int, int, int], tuple[str, GridCell]] = {}
    candidates: list[LabelMatch] = []
    for start, end, text, cell in _labels(lines, excluded):
        for number, likeness in expected.scores(text):
            if contradicted(number, lines[start], cell):
                continue
            match = LabelMatch(number, start, end, likeness)
            candidates.append(match)
            labelled.setdefault((number, start, end), (text, cell))
    early = best_in_order(candidates, len(expected.labels), len(lines))
    late = best_in_order(candidates, len(expected.labels), len(lines), last=True)
    alone = _by_label_alone(candidates, lines)
    taken = {line for match in early for line in range(match.start, match.end)}
    grids = {lines[match.start].grid for match in early}
    in_order = {match.expected for match in early}
    early += [
        match
        for number, match in alone.items()
        if number not in in_order and match.start not in taken and lines[match.start].grid in grids
    ]
    starts_late = {match.expected: match.start for match in late}
    taken = {line for match in early for line in range(match.start, match.end)}
    found: dict[int, RowMatch] = {}
    rivals: dict[int, list[int]] = {}
    several = _with_several(candidates, lines)
    alike: dict[int, list[LabelMatch]] = {}
    for candidate in candidates:
        alike.setdefault(candidate.expected, []).append(candidate)
    for match in early:
        text, cell = labelled[match.expected, match.start, match.end]
        rivals[match.expected] = sorted(
            {
                other.start
                for other in alike[match.expected]
                if other.start not in taken
                and other.likeness >= min(match.likeness, _RIVAL)
                and lines[other.start].valued
                and (lines[other.start].grid in several or _is_numbered(labelled, other))
            }
        )
        # Another place that is as good makes a row ambiguous, unless it is a rival: then the two
        # are compared.
        late_start = starts_late.get(match.expected)
        found[match.expected] = RowMatch(
            lines=tuple(range(match.start, match.end)),
            printed=text,
            label=cell,
            likeness=match.likeness,
            ambiguous=alone.get(match.expected) != match
            and late_start != match.start
            and late_start not in rivals[match.expected]
            and _equally_good(alike[match.expected], match, late_start),
        )
    return found, rivals


def _with_several(candidates: Iterable[LabelMatch], lines: Sequence[GridLine]) -> set[int]:
    """The grids that hold labels of several rows: a single one (合计) may stand in any table."""
    rows: dict[int, set[int]] = {}
    for match in candidates:
        if match.likeness >= _RIVAL:
            rows.setdefault(lines[match.start].grid, set()).add(match.expected)
    return {grid for grid, found in rows.items() if len(found) > 1}


def _is_numbered(
    labelled: Mapping[tuple[int, int, int], tuple[str, GridCell]], match: LabelMatch
) -> bool:
    """Whether the label is printed with a number, as in the form: （七）总计."""
    text, _ = labelled[match.expected, match.start, match.end]
    return bool(number_before(text))


def _by_label_alone(
    candidates: Sequence[LabelMatch], lines: Sequence[GridLine]
) -> dict[int, LabelMatch]:
    """The rows whose label certainly stands in one line only, which has no other row's label.

    For them the order adds nothing.
    """
    sure = [
        match
        for match in candidates
        if match.likeness >= SURE and match.end == match.start + 1 and lines[match.start].valued
    ]
    starts: dict[int, set[int]] = {}
    rows: dict[int, set[int]] = {}
    best: dict[int, LabelMatch] = {}
    for match in sure:
        starts.setdefault(match.expected, set()).add(match.start)
        rows.setdefault(match.start, set()).add(match.expected)
        if match.expected not in best or match.likeness > best[match.expected].likeness:
            best[match.expected] = match
    return {
        number: match
        for number, match in best.items()
        if len(starts[number]) == 1 and len(rows[match.start]) == 1
    }


_RIVAL = 0.9
"""From this likeness on, a second line with the label of a row is a rival of the first."""


def _equally_good(alike: Iterable[LabelMatch], match: LabelMatch, start: int | None) -> bool:
    return start is None or any(
        other.start == start and other.start != match.start for other in alike
    )


def _labels(
    lines: Sequence[GridLine], excluded: set[int]
) -> Iterator[tuple[int, int, str, GridCell]]:
    """(first line, line after the last, text, cell) of everything that may be a row's label."""
    for i, line in enumerate(lines):
        if i in excluded:
            continue
        for text, cell in line.labels:
            yield i, i + 1, text, cell
        if not line.own:
            continue
        # A label may continue in the next lines, of which only one holds the values.
        text, valued = line.own[-1].text, line.valued
        for j in range(i + 1, min(i + MOST_JOINED, len(lines))):
            if j in excluded or (valued and lines[j].valued) or not _goes_on(line, lines[j]):
                break
            text, valued = text + lines[j].own[-1].text, valued or lines[j].valued
            yield i, j + 1, text, line.own[-1]


def _goes_on(line: GridLine, below: GridLine) -> bool:
    """Whether the last label of ``line`` may continue in a line below it.

    A page break may also split the labels to the left of it: each continues in its own columns.
    """
    if len(below.own) <= 1:
        return len(below.own) == 1
    if line.own[-1].place.page == below.own[-1].place.page:
        return False
    begun = {_column(line, cell) for cell in line.own}
    last = _column(line, line.own[-1])
    return last == _column(below, below.own[-1]) and all(
        _column(below, cell) in begun for cell in below.own
    )


def _column(line: GridLine, cell: GridCell) -> int:
    return next(i for i, other in enumerate(line.cells) if other is cell)
