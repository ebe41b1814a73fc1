"""Workbooks of Excel 97 to 2003 (BIFF), through xlrd.

Their formulas always have a stored result, which is taken as it is.
"""

import io
from dataclasses import replace

import xlrd
from xlrd.book import Book
from xlrd.formatting import XFBackground, XFBorder
from xlrd.sheet import Sheet as Source

from gongkai.converters.documents.archive import COMPOUND, damaged, encrypted
from gongkai.converters.documents.colours import PAPER, Background, Colour
from gongkai.converters.documents.compound import stream_head
from gongkai.converters.documents.doubts import UNDECIDED
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.workbook.biff_conditional import open_areas
from gongkai.converters.documents.workbook.drawings import cast_doubts
from gongkai.converters.documents.workbook.format_colours import coloured
from gongkai.converters.documents.workbook.looks import (
    Font,
    Piece,
    SheetStyle,
    doubted,
    filled,
    seen_cell,
    seen_number,
)
from gongkai.converters.documents.workbook.number_formats import (
    BUILT_IN,
    hides,
    plain,
    show_text,
)
from gongkai.converters.documents.workbook.references import Area, column_letters, is_within
from gongkai.converters.documents.workbook.sheets import Position, Sheet, SheetCell, number_cell
from gongkai.converters.documents.workbook.xlsx import ERROR, Workbook, hidden_sheet
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

_RAISED = {1: "superscript", 2: "subscript"}
_SOLID = 1
_NARROW = 64
"""The width of columns that show nothing (256ths of a character)."""
_NOTHING_SHOWN, _LOW = 40, 120
"""Heights of rows that show nothing, and of rows that may cut their text off (twentieths of a
point).
"""


def read_xls(data: bytes, limits: Limits) -> Workbook:
    """The sheets of a workbook.

    Raises UnreadableSource for a file that is damaged, protected, too large or no such workbook.
    """
    stream = data
    if data.startswith(COMPOUND):
        stream = stream_head(
            data,
            ("Workbook", "Book"),
            translations("unreadable.compound.kind.workbook"),
            8,
            whole=True,
        )
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return _read(book, limits, stream)
    except UnreadableSource:
        raise
    except Exception as error:  # xlrd raises errors of every kind on damaged files
        if "encrypted" in str(error).lower():
            raise encrypted() from None
        raise damaged(f"{type(error).__name__}: {error}") from None


def _read(book: Book, limits: Limits, stream: bytes) -> Workbook:
    workbook = Workbook(since_1904=book.datemode == 1)
    cells = 0
    open_ = open_areas(stream, book.colour_map)
    for number, source in enumerate(book.sheets()):
        cells += sum(source.row_len(row) for row in range(source.nrows))
        if cells > limits.most_cells:
            raise UnreadableSource(
                translations(
                    "unreadable.workbook.too_many_cells", sheet=source.name, most=limits.most_cells
                )
            )
        if source.visibility:
            workbook.hidden_sheets.append(hidden_sheet(source.name))
        else:
            workbook.sheets.append(_sheet(book, source, open_.get(number, [])))
    return workbook


def _sheet(book: Book, source: Source, unsure: list[Area]) -> Sheet:
    sheet = Sheet(source.name)
    sheet.hidden_rows = {
        row + 1
        for row, info in source.rowinfo_map.items()
        if info.hidden or (info.height is not None and info.height <= _NOTHING_SHOWN)
    }
    sheet.hidden_columns = {
        column + 1
        for column, info in source.colinfo_map.items()
        if info.hidden or info.width <= _NARROW
    }
    # xlrd counts ranges from 0 and excludes their ends.
    sheet.merged = [
        (top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells
    ]
    styles: dict[int, SheetStyle] = {}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = _cell(book, source, row, column, sheet, styles)
            if cell.text or cell.doubt:
                sheet.cells[row + 1, column + 1] = cell
    sheet.low_rows = {
        row + 1
        for row, info in source.rowinfo_map.items()
        if info.height is not None and _NOTHING_SHOWN < info.height <= _LOW
    }
    cast_doubts(sheet, ())
    for position, cell in list(sheet.cells.items()) if unsure else ():
        if any(is_within(position, area) for area in unsure):
            sheet.cells[position] = doubted(cell, UNDECIDED)
    return sheet


def _cell(
    book: Book, source: Source, row: int, column: int, sheet: Sheet, styles: dict[int, SheetStyle]
) -> SheetCell:
    kind, value = source.cell_type(row, column), source.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return SheetCell("")
    index = source.cell_xf_index(row, column)
    style = styles.get(index) or styles.setdefault(index, _style(book, index))
    if kind == xlrd.XL_CELL_TEXT:
        style = coloured(style, None, book.colour_map.get)
        shown, hidden = seen_cell(_pieces(book, source, (row, column), value), style, PAPER)
        sheet.unseen += hidden
        said = show_text(shown.text, style.format)
        if said == "" and shown.text:
            sheet.unseen += 1
            return SheetCell("")
        return shown if said in (None, shown.text) else replace(shown, text=said or "")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return SheetCell("TRUE" if value else "FALSE", True)
    if kind == xlrd.XL_CELL_ERROR:
        text = xlrd.error_text_from_code.get(int(value), "#ERR")
        return SheetCell(text, True, ERROR, (text,))
    number = plain(float(value))
    if hides(number, style.format):
        sheet.unseen += 1
        return SheetCell("")
    where = f"“{source.name}” {column_letters(column + 1)}{row + 1}"
    printed = number_cell(number, style.format, book.datemode == 1, where, sheet.notes)
    cell, hidden = seen_number(printed, coloured(style, number, book.colour_map.get), PAPER)
    sheet.unseen += hidden
    return cell


def _style(book: Book, index: int) -> SheetStyle:
    layout = book.xf_list[index]
    key = layout.format_key
    return SheetStyle(
        BUILT_IN[key] if key in BUILT_IN else book.format_map[key].format_str,
        _font(book, layout.font_index),
        _fill(book, layout.background),
        _is_crossed(layout.border),
    )


def _font(book: Book, index: int) -> Font:
    font = book.font_list[index]
    colour = _colour(book, font.colour_index)
    size = font.height / 20  # from twentieths of a point
    return Font(bool(font.struck_out), _RAISED.get(font.escapement), colour, size)


def _colour(book: Book, index: int) -> Colour | None:
    """A colour of the palette; None where it is a system colour."""
    return book.colour_map.get(index)


def _is_crossed(border: XFBorder | None) -> bool:
    if border is None or not border.diag_line_style:
        return False
    return bool(border.diag_up or border.diag_down)


def _fill(book: Book, background: XFBackground | None) -> Background | None:
    if background is None or not background.fill_pattern:
        return None
    drawn = _colour(book, background.pattern_colour_index)
    if background.fill_pattern == _SOLID:
        return filled((drawn,))
    return filled((drawn, _colour(book, background.background_colour_index)))


def _pieces(book: Book, source: Source, where: Position, text: str) -> list[Piece]:
    """The runs of a text with their fonts."""
    starts = [(0, None), *source.rich_text_runlist_map.get(where, ())]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return [
        (text[start:end], None if index is None else _font(book, index))
        for (start, index), end in zip(starts, ends, strict=True)
        if start < end
    ]
