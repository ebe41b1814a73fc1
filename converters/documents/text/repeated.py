"""Tables in which the text of a merged cell is repeated in every column and row that it covers.

Programs that convert documents to Markdown write them like this (docling, pandas and others). Words
repeated side by side identify such a table: then they are one cell again, and so are equal values
in all columns of one heading. A value under a heading of its own is a value of its own, however
often its neighbours are equal. In a table in which the words of a merged cell stand alone in their
row, nothing is repeated: equal words side by side are two cells there (headings that were cut off
alike).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from gongkai.converters.documents.model import GridCell
from gongkai.converters.numbers import looks_like_cell

_LEAST_LETTERS = 2
_NOTHING = "nan"
"""What pandas writes for a blank cell."""

_NUMBERED = re.compile(r"\.[1-9][0-9]?")

Rows = Sequence[Sequence[GridCell | None]]
Merged = tuple[tuple[GridCell | None, ...], ...]


def merge_repeated(rows: Rows) -> Merged | None:
    """The rows with repeated cells merged; None where nothing shows that cells are repeated."""
    width = len(rows[0]) if rows else 0
    if any(cell is None for row in rows for cell in row) or any(map(_is_alone, rows)):
        return None
    cells: list[list[GridCell]] = [[cell for cell in row if cell is not None] for row in rows]
    if not any(_repeats(left.text, right.text) for row in cells for left, right in pairwise(row)):
        return None
    for row in cells:
        for column in range(1, width):
            if _repeats(row[column - 1].text, row[column].text):
                row[column] = row[column - 1]
    for i in range(1, len(cells)):
        _merge_values(cells, i)
        _merge_down(cells, i)
    return tuple(tuple(row) for row in cells)


def without_index(rows: list[list[str]]) -> list[list[str]]:
    """The cells of rows without the running numbers that pandas adds to rows and columns."""
    if len(rows) < 3 or any(len(row) != len(rows[0]) for row in rows):
        return rows
    head, *below = rows
    if head[0] or head[1:] != [str(i) for i in range(len(head) - 1)]:
        return rows
    if [row[0] for row in below] != [str(i) for i in range(len(below))]:
        return rows
    return [["" if text == _NOTHING else text for text in row[1:]] for row in below]


def _repeats(left: str, right: str) -> bool:
    """Whether words are repeated side by side; pandas numbers the headings that it repeats."""
    if not _is_words(left) or not right.startswith(left):
        return False
    return not right[len(left) :] or _NUMBERED.fullmatch(right[len(left) :]) is not None


def _is_words(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _LEAST_LETTERS and not looks_like_cell(text)


def _is_alone(row: Sequence[GridCell | None]) -> bool:
    """Whether only blanks follow the words, as where a cell that covers a whole row is written."""
    first, *others = (cell.text if cell else "" for cell in row)
    return bool(others) and _is_words(first) and not any(others)


def _spans(row: Sequence[GridCell]) -> list[tuple[int, int]]:
    """The first column of each cell of a row, and the column after its last."""
    starts = [c for c in range(len(row)) if c == 0 or row[c] is not row[c - 1]]
    return list(zip(starts, [*starts[1:], len(row)], strict=True))


def _merge_values(cells: list[list[GridCell]], i: int) -> None:
    """Merge equal values under one heading into one cell."""
    row = cells[i]
    for above in range(i - 1, -1, -1):
        if not all(_is_words(cell.text) for cell in cells[above]):
            continue
        for start, end in _spans(cells[above]):
            texts = {cell.text for cell in row[start:end]}
            if end - start > 1 and len(texts) == 1 and not _is_words(row[start].text):
                row[start:end] = [row[start]] * (end - start)
        return


def _merge_down(cells: list[list[GridCell]], i: int) -> None:
    """Merge equal words below one another, in the same columns, into one cell."""
    row, above = cells[i], cells[i - 1]
    spans = set(_spans(above))
    for start, end in _spans(row):
        text = row[start].text
        if (start, end) in spans and _is_words(text) and above[start].text == text:
            row[start:end] = [above[start]] * (end - start)
