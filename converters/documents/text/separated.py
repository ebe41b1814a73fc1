"""Text whose cells are parted by commas or semicolons, as spreadsheets save a sheet (CSV)."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Item, Place, TextBlock
from gongkai.converters.documents.text.rows import TAB, read_run
from gongkai.converters.numbers import looks_like_cell

_SEPARATORS = (",", ";")
_LEAST_CELLS = 4
_LEAST_VALUES = 2
_LEAST_ROWS = 5
"""A report has so many rows of so many values; in no prose do so many lines have them."""

_PART = re.compile(r"\s*[一二三四五六七八九十]{1,2}、")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Record:
    """A row of the sheet: the line that it begins on, counted from 1, and its cells."""

    line: int
    cells: tuple[str, ...]

    @property
    def alone(self) -> str:
        """The text of its first cell, where no other has any."""
        return "" if any(self.cells[1:]) else next(iter(self.cells), "")


def records_of(text: str) -> list[Record]:
    """The rows of a sheet that was saved as text; none where ``text`` is not that."""
    for separator in _SEPARATORS:
        if text.count(separator) < _LEAST_ROWS * (_LEAST_CELLS - 1):
            continue
        found = list(_records(text, separator))
        if sum(map(_has_values, found)) >= _LEAST_ROWS:
            return found
    return []


def _records(text: str, separator: str) -> Iterator[Record]:
    lines = text.splitlines(keepends=True)
    rows = csv.reader(iter(lines), delimiter=separator)
    begin = 1
    try:
        for row in rows:
            yield Record(begin, tuple(_SPACE.sub(" ", cell).strip() for cell in row))
            begin = rows.line_num + 1
    except csv.Error:  # a field longer than any cell
        return


def _has_values(record: Record) -> bool:
    cells = record.cells
    return len(cells) >= _LEAST_CELLS and sum(map(looks_like_cell, cells)) >= _LEAST_VALUES


def separated_items(records: Sequence[Record], limits: Limits) -> Iterator[Item]:
    """The text blocks and grids of a sheet, from the top.

    Rows without anything, and headings of parts, part tables; rows over and under a table with a
    text in their first cell alone are text. Raises UnreadableSource where a grid has too many
    cells.
    """
    tables = 0
    for run in _runs(records):
        within = [i for i, record in enumerate(run) if not record.alone]
        first, last = (within[0], within[-1]) if within else (len(run), len(run))
        yield from map(_block, run[:first])
        rows = [(Place(line=r.line), TAB.join(r.cells)) for r in run[first : last + 1]]
        if rows:
            tables += 1
            yield from read_run(rows, TAB, limits, (), tables)
        yield from map(_block, run[last + 1 :])


def _runs(records: Sequence[Record]) -> Iterator[list[Record]]:
    run: list[Record] = []
    for record in records:
        heading = bool(_PART.match(record.alone))
        if heading or not any(record.cells):
            yield run
            run = []
        if heading:
            yield [record]
        elif any(record.cells):
            run.append(record)
    yield run


def _block(record: Record) -> TextBlock:
    return TextBlock(record.alone, Place(line=record.line))
