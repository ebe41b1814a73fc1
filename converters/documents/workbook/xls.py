"""Workbooks of Excel 97 to 2003 (BIFF), through xlrd.

Their formulas always have a stored result, which is taken as it is.
"""

import io

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet as Source

from gongkai.converters.documents.archive import COMPOUND, damaged, encrypted
from gongkai.converters.documents.compound import stream_head
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.workbook.number_formats import BUILT_IN, plain
from gongkai.converters.documents.workbook.sheets import Position, Sheet, SheetCell, number_cell
from gongkai.converters.documents.workbook.xlsx import ERROR, Workbook, column_letters
from gongkai.converters.documents.workbook.xlsx_styles import mark, tidy_lines
from gongkai.converters.errors import UnreadableSource

_RAISED = {1: "superscript", 2: "subscript"}


def read_xls(data: bytes, limits: Limits) -> Workbook:
    """The sheets of a workbook.

    Raises UnreadableSource for a file that is damaged, protected, too large or no such workbook.
    """
    if data.startswith(COMPOUND):
        stream_head(data, ("Workbook", "Book"), "workbook", 8)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return _read(book, limits)
    except UnreadableSource:
        raise
    except Exception as error:  # xlrd lets errors of every kind through on damaged files
        if "encrypted" in str(error).lower():
            raise encrypted() from None
        raise damaged(f"{type(error).__name__}: {error}") from None


def _read(book: Book, limits: Limits) -> Workbook:
    workbook = Workbook(since_1904=book.datemode == 1)
    cells = 0
    for source in book.sheets():
        cells += sum(source.row_len(row) for row in range(source.nrows))
        if cells > limits.most_cells:
            raise UnreadableSource(
                f"sheet “{source.name}”: the workbook holds more than {limits.most_cells} cells: "
                "no report has so many; check that it is the right file"
            )
        if source.visibility:
            workbook.notes.append(
                {
                    "zh": f"工作表“{source.name}”是隐藏的，未读取",
                    "en": f"sheet “{source.name}” is hidden: left out",
                }
            )
        else:
            workbook.sheets.append(_sheet(book, source))
    return workbook


def _sheet(book: Book, source: Source) -> Sheet:
    sheet = Sheet(source.name)
    sheet.hidden_rows = {
        row + 1 for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0
    }
    sheet.hidden_columns = {
        column + 1 for column, info in source.colinfo_map.items() if info.hidden or info.width == 0
    }
    # xlrd gives ranges from 0, with ends that are not within.
    sheet.merged = [
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells
    ]
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = _cell(book, source, row, column, sheet)
            if cell.text or cell.doubt:
                sheet.cells[row + 1, column + 1] = cell
    return sheet


def _cell(book: Book, source: Source, row: int, column: int, sheet: Sheet) -> SheetCell:
    kind, value = source.cell_type(row, column), source.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return SheetCell("")
    style = book.xf_list[source.cell_xf_index(row, column)]
    font = book.font_list[style.font_index]
    vertical = _RAISED.get(font.escapement)
    if kind == xlrd.XL_CELL_TEXT:
        text, struck = _text(book, source, (row, column), value, vertical)
        cell = SheetCell(tidy_lines(text))
        return mark(cell, struck or bool(font.struck_out), None)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return SheetCell("TRUE" if value else "FALSE", True)
    if kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(int(value), "#ERR")
        return SheetCell(text, True, ERROR, (text,))
    key = style.format_key
    code = BUILT_IN[key] if key in BUILT_IN else book.format_map[key].format_str
    where = f"“{source.name}” {column_letters(column + 1)}{row + 1}"
    number = number_cell(plain(float(value)), code, book.datemode == 1, where, sheet.notes)
    return mark(number, bool(font.struck_out), vertical)


def _text(
    book: Book, source: Source, where: Position, text: str, vertical: str | None
) -> tuple[str, bool]:
    """A text with its runs raised and lowered; whether any of it is struck out."""
    runs = source.rich_text_runlist_map.get(where, ())
    starts = [(0, None), *runs]
    said, any_struck = "", False
    for i, (start, index) in enumerate(starts):
        end = starts[i + 1][0] if i + 1 < len(starts) else len(text)
        font = None if index is None else book.font_list[index]
        piece = text[start:end]
        raised = vertical if font is None else _RAISED.get(font.escapement)
        said += mark(SheetCell(piece), False, raised).text
        any_struck = any_struck or bool(font and font.struck_out and piece.strip())
    return said, any_struck
