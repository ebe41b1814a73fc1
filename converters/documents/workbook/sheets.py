"""A sheet of a workbook as a reader sees it: from cells at coordinates to text blocks and grids."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.documents.workbook.number_formats import digits, show
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_LINE_END = re.compile("\r\n|\r|\n")

Position = tuple[int, int]
"""(row, column), counted from 1."""

_COVERED = translations("documents.workbook.covered")


@dataclass(frozen=True)
class SheetCell:
    """What a cell shows, with doubts as in GridCell. ``number`` says that it is no text."""

    text: str
    number: bool = False
    doubt: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()


@dataclass
class Sheet:
    """The cells of a sheet that are not empty, its merged ranges, its hidden parts.

    A range is (first row, first column, last row, last column). ``all_hidden`` says that rows are
    hidden unless they are among ``shown_rows``. ``unseen`` counts cells with text that is stored
    and not seen; ``low_rows`` are rows so low that they may cut their text off.
    """

    name: str
    cells: dict[Position, SheetCell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    all_hidden: bool = False
    shown_rows: set[int] = field(default_factory=set)
    notes: list[Label] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    unseen: int = 0
    low_rows: set[int] = field(default_factory=set)

    def row_is_hidden(self, row: int) -> bool:
        """Whether nothing of the row is shown."""
        return row in self.hidden_rows or (self.all_hidden and row not in self.shown_rows)

    def column_is_hidden(self, column: int) -> bool:
        """Whether nothing of the column is shown."""
        return column in self.hidden_columns


def tidy_lines(text: str) -> str:
    """The lines of a text without surrounding white space, none of them empty."""
    if "\n" not in text and "\r" not in text:
        return text.strip()
    lines = [line.strip() for line in _LINE_END.split(text)]
    return "\n".join([line for line in lines if line])


def number_cell(
    number: Decimal, code: str, since_1904: bool, where: str, notes: list[Label]
) -> SheetCell:
    """A number as its format shows it: the printed figure, in the notation of the report.

    Where decimals that are stored are not shown, the printed figure is taken and a note gives the
    stored one. Where a fraction is shown as a whole number, or the format is not known, the cell is
    in doubt.
    """
    stored = digits(number) if abs(number) < 10**20 else str(number)
    shown = show(number, code, since_1904)
    if shown is None:
        doubt = translations("documents.workbook.unknown_format", stored=stored, format=code)
        return SheetCell(stored, True, doubt, (stored,))
    if shown.exact:
        return SheetCell(shown.text, True)
    said = {"where": where, "stored": stored, "shown": shown.text}
    if shown.whole:
        doubt = translations("documents.workbook.shown_as", **said)
        return SheetCell(shown.text, True, doubt, (shown.text, stored))
    notes.append(translations("documents.workbook.read_as_shown", **said))
    return SheetCell(shown.text, True)


def sheet_items(sheet: Sheet, limits: Limits, so_far: int = 0) -> Iterator[Item]:
    """The text blocks and grids of a sheet, from the top.

    Rows between blank rows belong together. In such a run, rows at its top that hold one text only,
    beginning in the first column in use, are text; all others are a grid: a title within a table
    stays in it. A run of nothing but such rows is text; in one that holds nothing but these and
    numbers in the same column, those at its bottom are text too.

    Raises UnreadableSource where the grids would have more than ``limits.most_cells`` positions,
    with the ``so_far`` of sheets before.
    """
    owners = _merge(sheet, limits)
    used = sorted({row for row, _ in owners if not sheet.row_is_hidden(row)})
    columns = sorted({column for _, column in owners})
    if not used:
        return
    shown = [c for c in range(columns[0], columns[-1] + 1) if not sheet.column_is_hidden(c)]
    _check(so_far + len(used) * len(shown), sheet, limits)
    cells = _Cells(sheet, owners)
    for run in _runs(used, sheet):
        rows = [tuple(cells.at(row, column) for column in shown) for row in run]
        singles = [_single_text(i, rows) for i in range(len(rows))]
        tables = [i for i, single in enumerate(singles) if single is None]
        first = tables[0] if tables else len(rows)
        last = tables[-1] + 1 if tables and all(map(_is_in_first_column, rows)) else len(rows)
        yield from _texts(singles[:first])
        if first < last:
            place = Place(sheet=sheet.name, table=1, row=run[first], column=shown[0])
            hidden = tuple(_hidden_words(sheet, run[first], run[last - 1]))
            below = frozenset(_hidden_below(sheet, run[first:last]))
            yield Grid(tuple(rows[first:last]), place, hidden=hidden, hidden_below=below)
            yield from _texts(singles[last:])


def _texts(singles: Iterable[GridCell | None]) -> Iterator[TextBlock]:
    for single in singles:
        assert single is not None
        for line in single.text.split("\n"):
            yield TextBlock(line, single.place)


def _is_in_first_column(row: tuple[GridCell, ...]) -> bool:
    return all(cell is row[0] or not (cell.text or cell.doubt) for cell in row)


def _hidden_words(sheet: Sheet, first: int, last: int) -> Iterator[str]:
    """The words in hidden rows and columns, within rows of a grid or next to it."""
    if not sheet.hidden_rows and not sheet.all_hidden and not sheet.hidden_columns:
        return
    while sheet.row_is_hidden(first - 1) and first > 1:
        first -= 1
    followed = {row for row, _ in sheet.cells if sheet.row_is_hidden(row)}
    while last + 1 in followed:
        last += 1
    for (row, column), cell in sorted(sheet.cells.items()):
        hidden = row in followed or sheet.column_is_hidden(column)
        if hidden and first <= row <= last and any(map(str.isalpha, cell.text)):
            yield cell.text


def _hidden_below(sheet: Sheet, rows: list[int]) -> Iterator[int]:
    """Which of ``rows``, counted from 0, have a hidden row with figures directly below."""
    figures = {
        row
        for (row, _), cell in sheet.cells.items()
        if sheet.row_is_hidden(row) and any(map(str.isdigit, cell.text))
    }
    for i, row in enumerate(rows if figures else ()):
        below = row + 1
        while sheet.row_is_hidden(below) and below not in figures and below < max(figures):
            below += 1
        if below in figures:
            yield i


class _Cells:
    """The grid cells of a sheet, created once for each cell of the source."""

    def __init__(self, sheet: Sheet, owners: dict[Position, Position]) -> None:
        self.sheet = sheet
        self.owners = owners
        self.made: dict[Position, GridCell] = {}

    def at(self, row: int, column: int) -> GridCell:
        where = self.owners.get((row, column), (row, column))
        if where not in self.made:
            place = Place(sheet=self.sheet.name, table=1, row=where[0], column=where[1])
            cell = self.sheet.cells.get(where)
            self.made[where] = (
                GridCell("", place)
                if cell is None
                else GridCell(cell.text, place, cell.doubt, cell.readings)
            )
        return self.made[where]


def _merge(sheet: Sheet, limits: Limits) -> dict[Position, Position]:
    """The positions that are not empty, each with the cell shown there.

    Ranges are followed only as far as rows and columns are in use: one may claim a whole sheet.
    """
    owners = {position: position for position in sheet.cells}
    if not owners:
        return owners
    last_row = max(row for row, _ in owners)
    last_column = max(column for _, column in owners)
    taken: set[Position] = set()
    followed = 0
    for top, left, bottom, right in sheet.merged:
        bottom, right = min(bottom, last_row), min(right, last_column)
        followed += max(bottom - top + 1, 0) * max(right - left + 1, 0)
        _check(followed, sheet, limits)
        covered = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if sheet.cells.keys().isdisjoint(covered):
            continue
        if not taken.isdisjoint(covered):
            raise UnreadableSource(
                translations(
                    "unreadable.workbook.merged_overlap", sheet=sheet.name, row=top, column=left
                )
            )
        taken.update(covered)
        hidden = [
            sheet.cells[position].text
            for position in covered
            if position != (top, left) and position in sheet.cells
        ]
        if hidden:
            seen = sheet.cells.get((top, left), SheetCell(""))
            sheet.cells[top, left] = SheetCell(
                seen.text, seen.number, _COVERED, (seen.text, *hidden)
            )
        for position in covered:
            owners[position] = (top, left)
    return owners


def _runs(used: list[int], sheet: Sheet) -> Iterator[list[int]]:
    """Consecutive rows in use; hidden rows separate them."""
    run: list[int] = []
    for row in used:
        if run and any(not sheet.row_is_hidden(between) for between in range(run[-1] + 1, row)):
            yield run
            run = []
        run.append(row)
    yield run


def _single_text(i: int, rows: list[tuple[GridCell, ...]]) -> GridCell | None:
    """The only text in row ``i``, if it belongs to this row alone and begins it."""
    row = rows[i]
    filled = list({id(cell): cell for cell in row if cell.text or cell.doubt}.values())
    if len(filled) != 1:
        return None
    cell = filled[0]
    beside = [rows[j] for j in (i - 1, i + 1) if 0 <= j < len(rows)]
    over_rows = any(other is cell for neighbours in beside for other in neighbours)
    begins = row[0] is cell
    is_figure = not any(character.isalpha() for character in cell.text)
    return None if over_rows or not begins or cell.doubt or is_figure else cell


def _check(positions: int, sheet: Sheet, limits: Limits) -> None:
    if positions > limits.most_cells:
        raise UnreadableSource(
            translations(
                "unreadable.workbook.sheet_too_large", sheet=sheet.name, most=limits.most_cells
            )
        )


def hidden_notes(sheet: Sheet) -> list[Label]:
    """Notes on what a sheet holds and does not show."""
    rows = {row for row, _ in sheet.cells if sheet.row_is_hidden(row)}
    columns = {column for _, column in sheet.cells if sheet.column_is_hidden(column)}
    notes = []
    if rows:
        notes.append(
            translations("documents.workbook.hidden_rows", sheet=sheet.name, count=len(rows))
        )
    if columns:
        notes.append(
            translations("documents.workbook.hidden_columns", sheet=sheet.name, count=len(columns))
        )
    if sheet.unseen:
        notes.append(
            translations("documents.workbook.not_seen", sheet=sheet.name, count=sheet.unseen)
        )
    return notes
