"""The rows of the statistics, however a spreadsheet saved them: CSV of any kind, XLSX, ODS.

Blank rows and columns, and notes over and under the table, make no difference. The decimal
separator is inferred from the numbers themselves: in a table where none shows it, 1,234 is not
read.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import cast

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, Place
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.uk.head import LEAST_KNOWN, fold_heading, known_headings, known_in
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_HEAD = 1 << 16
"""Bytes in which the header of the table is looked for."""

_MOST_ROWS_BEFORE = 60
_MOST_NOTES = 20
_SEPARATORS = ",;\t|"
_WORD = re.compile(b"(?i)" + b"".join(b"%c\\0?" % letter for letter in b"deadline"))
"""A word of the header, in one or two bytes per letter: a file without it is not examined further.
"""

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXTS = re.compile(r"xl/sharedStrings\.xml|xl/worksheets/sheet[0-9]\.xml|content\.xml")
_WORKBOOKS = "gongkai.converters.documents.workbook.reader"

# Numbers that only one of the two decimal notations allows.
_POINT = re.compile(
    r"-?[0-9]+(?:,[0-9]{3})*\.(?!(?:[0-9]{3}\.)*[0-9]{3}$)[0-9]+|-?0\.[0-9]+|-?[0-9]{4,}\.[0-9]+"
)
_COMMA = re.compile(
    r"-?[0-9]+(?:\.[0-9]{3})*,(?!(?:[0-9]{3},)*[0-9]{3}$)[0-9]+|-?0,[0-9]+|-?[0-9]{4,},[0-9]+"
)


@dataclass(frozen=True)
class TableRow:
    """A row: the line (or row of the sheet) on which it ends, from 1, and the text of each column.

    ``doubtful`` are cells whose text the workbook leaves open.
    """

    number: int
    texts: Sequence[str]
    sheet: str | None = None
    doubtful: Mapping[int, GridCell] = field(default_factory=dict)

    def place(self, column: int) -> Place:
        """The place of a cell, by its column from 0."""
        if self.sheet is not None:
            return Place(sheet=self.sheet, row=self.number, column=column + 1)
        return Place(line=self.number, column=column + 1)


@dataclass(frozen=True)
class StatisticsTable:
    """The ``head`` and the ``rows`` under it; ``decimal`` is the decimal separator, if known."""

    head: TableRow
    rows: tuple[TableRow, ...]
    decimal: str
    notes: tuple[Label, ...] = ()


def is_csv(data: bytes) -> bool:
    """Whether ``data`` begins like the table, in any encoding."""
    head = data[:_HEAD]
    if head.startswith((_ZIP, _COMPOUND, b"%PDF", b"<")) or not _WORD.search(head):
        return False
    try:
        folded = fold_heading(_decode(head, cut=True))
    except UnicodeDecodeError:
        return False
    return sum(name in folded for name in known_headings()) >= LEAST_KNOWN


def is_workbook(data: bytes) -> bool:
    """Whether ``data`` is a workbook that holds the table."""
    if data.startswith(_COMPOUND):
        return bool(_WORD.search(data)) and _holds_headings(data.replace(b"\0", b""))
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in filter(_TEXTS.fullmatch, archive.namelist()):
                with archive.open(name) as file:
                    text = file.read(1 << 20)
                if _WORD.search(text) and _holds_headings(text):
                    return True
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return False
    return False


def _holds_headings(text: bytes) -> bool:
    plain = text.decode("utf-8", "replace").replace("&amp;", "&").replace("&quot;", '"')
    folded = fold_heading(plain)
    return sum(name in folded for name in known_headings()) >= LEAST_KNOWN


def read_csv(data: bytes, limits: Limits) -> StatisticsTable:
    """The table in a text of separated values. Raises UnreadableSource where there is none."""
    try:
        text = _decode(data)
    except UnicodeDecodeError as error:
        raise UnreadableSource(translations("unreadable.uk.no_encoding", error=error)) from None
    separator = _separator(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [TableRow(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise UnreadableSource(translations("unreadable.uk.no_csv", error=error)) from None
    return _table(rows, limits, () if separator != "," else (".",))


def read_workbook(data: bytes, limits: Limits) -> StatisticsTable:
    """The table in a workbook. Raises UnreadableSource where its visible sheets hold none."""
    content = cast(Content, import_module(_WORKBOOKS).read_workbook(data, limits))
    rows = [row for item in content.items if isinstance(item, Grid) for row in _rows_of(item)]
    table = _table(rows, limits, (".",))
    notes = content.notes[:_MOST_NOTES]
    if len(content.notes) > len(notes):
        left = len(content.notes) - len(notes)
        notes += (translations("uk.more_notes", count=left),)
    return StatisticsTable(table.head, table.rows, table.decimal, (*notes, *table.notes))


def _rows_of(grid: Grid) -> Iterator[TableRow]:
    for cells in grid.rows:
        first = next((cell for cell in cells if cell is not None), None)
        texts = ["" if cell is None else cell.text for cell in cells]
        if first is not None and any(texts):
            left = (first.place.column or 1) - 1
            doubtful = {
                left + i: cell for i, cell in enumerate(cells) if cell is not None and cell.doubt
            }
            texts = [""] * left + texts
            yield TableRow(first.place.row or 0, texts, first.place.sheet or "", doubtful)


def _table(rows: Sequence[TableRow], limits: Limits, usual: tuple[str, ...]) -> StatisticsTable:
    if sum(len(row.texts) for row in rows) > 20 * limits.most_cells:
        raise UnreadableSource(translations("unreadable.uk.too_many_cells"))
    known = [known_in(row.texts) for row in rows[:_MOST_ROWS_BEFORE]]
    if max(known, default=0) < LEAST_KNOWN:
        raise UnreadableSource(translations("unreadable.uk.no_head"))
    first = known.index(max(known))
    head = rows[first]
    below = [row for row in rows[first + 1 :] if list(row.texts) != list(head.texts)]
    beside = []
    while below and sum(1 for text in below[-1].texts if text.strip()) == 1:
        beside.append(" ".join("".join(below.pop().texts).split()))
    beside += [" ".join(" ".join(row.texts).split()) for row in rows[:first]]
    notes: tuple[Label, ...] = tuple(
        translations("uk.beside_table", text=text) for text in reversed(beside) if text
    )
    return StatisticsTable(head, tuple(below), _decimal(below, usual), notes)


def _separator(text: str) -> str:
    """The separator of the columns: the one with which the most headings are found."""
    head = text[:_HEAD]
    found: dict[str, int] = {}
    for separator in _SEPARATORS:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        try:
            known = [known_in(row) for row, _ in zip(rows, range(_MOST_ROWS_BEFORE), strict=False)]
        except csv.Error:
            continue
        found[separator] = max(known, default=0)
    return max(found, key=found.__getitem__, default=",")


def _decimal(rows: Sequence[TableRow], usual: tuple[str, ...]) -> str:
    """The decimal separator; empty where the numbers do not show it, or contradict each other."""
    texts = {text.strip().rstrip("%") for row in rows for text in row.texts}
    numbers = [text for text in texts if "," in text or "." in text]
    shown = [
        separator
        for separator, only in ((".", _POINT), (",", _COMMA))
        if any(only.fullmatch(text) for text in numbers)
    ]
    if len(shown) == 1:
        return shown[0]
    return usual[0] if usual and "," not in shown else ""


def _decode(data: bytes, cut: bool = False) -> str:
    """The text of a table; ``cut`` where only its beginning is given."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) & ~1].decode("utf-16")
    if data[1:40:2].count(0) > 10:
        return data[: len(data) & ~1].decode("utf-16-le")
    if data[:40:2].count(0) > 10:
        return data[: len(data) & ~1].decode("utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if cut and error.start > len(data) - 4:
            return data[: error.start].decode("utf-8-sig")
        # As spreadsheets save it in western Europe.
        return data.decode("cp1252")
