"""Workbooks (XLSX, XLS, ODS): what their sheets show, one below the other.

Visible sheets are read, in their order, without hidden rows and columns. A formula whose result is
not stored, or was stored by a program that cannot compute, is computed by LibreOffice; without it,
its cell is in doubt.
"""

from gongkai.converters.documents.archive import COMPOUND, Archive, open_archive, pack
from gongkai.converters.documents.libreoffice import convert, libreoffice
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content, Grid, Item
from gongkai.converters.documents.pictures import Picture, read_pictures
from gongkai.converters.documents.word.word97 import repack_open_document
from gongkai.converters.documents.workbook.references import column_letters
from gongkai.converters.documents.workbook.sheets import hidden_notes, sheet_items
from gongkai.converters.documents.workbook.xls import read_xls
from gongkai.converters.documents.workbook.xlsx import Workbook, read_xlsx
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import joined_labels, translations

_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_ZIP = b"PK"
_MOST_NAMED = 20

CONVERTED = translations("documents.workbook.converted")


def read_workbook(data: bytes, limits: Limits) -> Content:
    """The text blocks and grids of a workbook, with numbers as they are shown.

    Rows and columns of places are those of the sheet. A cell is in doubt where its number format
    shows something other than its number, where a formula has no value or gives an error, and where
    text is struck out.

    Raises UnreadableSource for a file that is damaged, protected, too large or of another kind.
    """
    if data.startswith(COMPOUND) or data.startswith(_BIFF):
        return _content(read_xls(data, limits), limits)
    if not data.startswith(_ZIP):
        raise UnreadableSource(translations("unreadable.workbook.no_workbook"))
    archive = open_archive(data, limits)
    if "mimetype" in archive.entries:
        packed = repack_open_document(archive, "spreadsheet")
        converted = read_xlsx(convert(packed, "ods", "xlsx", limits), limits)
        converted.notes.insert(0, CONVERTED)
        return _content(converted, limits)
    workbook = read_xlsx(data, limits)
    if workbook.pending:
        _compute(workbook, archive, limits)
    return _content(workbook, limits)


def _content(workbook: Workbook, limits: Limits) -> Content:
    items: list[Item | Picture] = []
    notes = [*workbook.notes, *workbook.hidden_sheets]
    positions = 0
    for sheet in workbook.sheets:
        before = len(items)
        for item in sheet_items(sheet, limits, positions):
            items.append(item)
            if isinstance(item, Grid):
                positions += len(item.rows) * item.width
        for picture in sheet.pictures:
            _put_in(items, picture, before)
        notes.extend((*sheet.notes, *hidden_notes(sheet)))
    read = read_pictures(items, limits)
    return Content(
        read.items,
        notes=(*notes, *read.notes),
        unread=joined_labels([*filter(None, [read.unread]), *workbook.hidden_sheets]),
        pictured=read.tables,
    )


def _put_in(items: list[Item | Picture], picture: Picture, first: int) -> None:
    """Insert a picture into the items of its sheet, those from ``first`` on, by its first row."""
    at = first
    while at < len(items) and (items[at].place.row or 0) <= (picture.place.row or 0):
        at += 1
    items.insert(at, picture)


def _compute(workbook: Workbook, archive: Archive, limits: Limits) -> None:
    """Fill in what LibreOffice computes for the pending cells; the others stay as they are."""
    if libreoffice() is None:
        workbook.notes.append(_NOT_COMPUTED)
        return
    packed = pack({name: archive.read(name) for name in archive.entries if name[-1:] != "/"})
    try:
        computed = read_xlsx(convert(packed, "xlsx", "xlsx", limits), limits)
    except UnreadableSource as error:
        workbook.notes.append(translations("documents.workbook.compute_failed", error=error.label))
        return
    results = {sheet.name: sheet.cells for sheet in computed.sheets}
    unsettled = {(sheet.name, position) for sheet, position in computed.pending}
    done: list[str] = []
    for sheet, position in workbook.pending:
        cell = results.get(sheet.name, {}).get(position)
        if cell is not None and (sheet.name, position) not in unsettled:
            sheet.cells[position] = cell
            done.append(f"{sheet.name}!{column_letters(position[1])}{position[0]}")
    if done:
        named = ", ".join(done[:_MOST_NAMED]) + (" …" if len(done) > _MOST_NAMED else "")
        workbook.notes.append(
            translations("documents.workbook.computed", count=len(done), cells=named)
        )


_NOT_COMPUTED = translations("documents.workbook.not_computed")
