"""Text whose cells are separated by commas or semicolons, as spreadsheets save a sheet (CSV)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.text.rows import TAB, read_run
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_SEPARATORS = (",", ";")
_LEAST_CELLS = 4
_LEAST_VALUES = 2
_LEAST_ROWS = 5
"""The least number of rows, and of values in them, of a report; no prose has so many such lines."""

_MONEY = re.compile("[费额元购]")
"""Words in rows whose numbers may be amounts of money."""

_EITHER = re.compile("[0-9]{1,3}[.,][0-9]{3}[万元 ]*")
"""A number with either a decimal point or a thousands separator, depending on the locale."""

_DECIMAL_COMMA: Label = translations("documents.text.decimal_comma")

_PART = re.compile(r"\s*[一二三四五六七八九十]{1,2}、")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Record:
    """A row of the sheet: the line on which it begins, from 1, its cells, and their separator."""

    line: int
    cells: tuple[str, ...]
    separator: str

    @property
    def alone(self) -> str:
        """The text of its first cell, where no other has any."""
        return "" if any(self.cells[1:]) else next(iter(self.cells), "")


def records_of(text: str) -> list[Record]:
    """The rows of a sheet that was saved as text; none where ``text`` is not such a sheet.

    Raises UnreadableSource for a sheet whose quotation marks leave open where a cell ends.
    """
    for separator in _SEPARATORS:
        if text.count(separator) < _LEAST_ROWS * (_LEAST_CELLS - 1):
            continue
        found, wrong = _records(text, separator)
        rest = text.splitlines()[wrong - 1 :] if wrong else []
        # For the rest it is enough that it continues like a sheet.
        likely = [Record(0, tuple(line.split(separator)), separator) for line in rest]
        if sum(map(_has_values, (*found, *likely))) < _LEAST_ROWS:
            continue
        if wrong:
            raise UnreadableSource(translations("unreadable.text.open_quotation", line=wrong))
        return found
    return []


def _records(text: str, separator: str) -> tuple[list[Record], int]:
    """The rows up to the first that breaks the rules of quoting, and the line of that, else 0."""
    found: list[Record] = []
    # Lines end with the line ends of spreadsheets; other line-end characters may stand in a cell.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begin = 1
    try:
        for row in rows:
            cells = tuple(_SPACE.sub(" ", cell).strip() for cell in row)
            found.append(Record(begin, cells, separator))
            begin = rows.line_num + 1
    except csv.Error:
        return found, begin
    return found, 0


def _has_values(record: Record) -> bool:
    cells = record.cells
    return len(cells) >= _LEAST_CELLS and sum(map(looks_like_cell, cells)) >= _LEAST_VALUES


def separated_items(records: Sequence[Record], limits: Limits) -> Iterator[Item]:
    """The text blocks and grids of a sheet, from the top.

    Blank rows and headings of parts separate tables; rows over and under a table with a text in
    their first cell alone are text. Raises UnreadableSource where a grid has too many cells.
    """
    tables = 0
    for run in _runs(records):
        within = [i for i, record in enumerate(run) if not record.alone]
        first, last = (within[0], within[-1]) if within else (len(run), len(run))
        yield from map(_block, run[:first])
        rows = [(Place(line=r.line), TAB.join(r.cells)) for r in run[first : last + 1]]
        if rows:
            tables += 1
            for item in read_run(rows, TAB, limits, (), tables):
                by_semicolons = run[first].separator == ";"
                yield _without_decimal_commas(item) if by_semicolons else item
        yield from map(_block, run[last + 1 :])


def _without_decimal_commas(item: Item) -> Item:
    """The grid, with amounts of money in doubt that differ where a comma is a decimal point.

    Sheets are saved with semicolons in such locales. Counts are whole, so that they have one
    reading.
    """
    if not isinstance(item, Grid):
        return item
    return replace(item, rows=tuple(map(_money_in_doubt, item.rows)))


def _money_in_doubt(row: tuple[GridCell | None, ...]) -> tuple[GridCell | None, ...]:
    if not any(cell and _MONEY.search(cell.text) for cell in row):
        return row
    return tuple(
        replace(cell, doubt=_DECIMAL_COMMA, readings=(cell.text, _otherwise(cell.text)))
        if cell and _EITHER.fullmatch(cell.text)
        else cell
        for cell in row
    )


def _otherwise(text: str) -> str:
    """A number with points and commas exchanged."""
    return text.translate(str.maketrans(",.", ".,"))


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
