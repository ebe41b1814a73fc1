"""Drawings over the cells of a sheet: pictures, shapes, text boxes, lines, charts."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gongkai.converters.documents.archive import Archive, parse_xml, relations
from gongkai.converters.documents.doubts import LINE, OVERLAID, PICTURE, UNDECIDED
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Place
from gongkai.converters.documents.pictures import Picture
from gongkai.converters.documents.workbook.looks import doubted
from gongkai.converters.documents.workbook.references import Area, is_within
from gongkai.converters.documents.workbook.sheets import Position, Sheet, SheetCell
from gongkai.converters.documents.workbook.xlsx_styles import integer
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_EMU_A_POINT = 12_700
_SLIVER = 60_000
"""What extends less far into a cell (English metric units, 36,000 a millimetre) covers nothing."""
_USUAL_ROW, _USUAL_COLUMN = 190_500, 609_600
"""The height and width of a cell where only the size of a drawing is given, not its end."""


@dataclass(frozen=True)
class Drawing:
    """A drawing over an area: what doubt it casts on the cells there, and its picture.

    ``picture`` is the part of the archive that holds it, if it is one; ``size`` is as displayed
    (width and height in English metric units), if that is given.
    """

    area: Area
    doubt: Label
    picture: str | None = None
    size: tuple[int, int] | None = None


def read_drawings(archive: Archive, part: str, limits: Limits) -> tuple[Drawing, ...]:
    """The drawings of the sheet in ``part``, in their order: later ones may lie on top."""
    try:
        return tuple(
            drawing
            for relation in relations(archive, part, limits)
            if relation.kind == "drawing" and relation.path in archive.entries
            for drawing in _drawings(archive, relation.path, limits)
        )
    except UnreadableSource:  # Damaged drawings leave the cells as they are.
        return ()


def _drawings(archive: Archive, part: str, limits: Limits) -> Iterator[Drawing]:
    parts = {relation.name: relation.path for relation in relations(archive, part, limits)}
    for anchor in parse_xml(archive.read(part), part, limits):
        begin = anchor.find(_XDR + "from") if isinstance(anchor.tag, str) else None
        doubt = None if begin is None else _doubt(anchor)
        if begin is None or doubt is None:
            continue
        extent = next(anchor.iter(_XDR + "ext", _A + "ext"), None)
        size = None
        if extent is not None:
            width, height = (integer(extent.get(name), 0, 10**9) for name in ("cx", "cy"))
            size = (width, height)
        blip = next(anchor.iter(_A + "blip"), None)
        picture = None if blip is None else parts.get(blip.get(_EMBED, ""))
        yield Drawing(_area(begin, anchor.find(_XDR + "to"), size), doubt, picture, size)


def _doubt(anchor: etree._Element) -> Label | None:
    """The doubt that a drawing casts on what lies under it; None for a mere frame."""
    if next(anchor.iter(_A + "blip", _XDR + "graphicFrame"), None) is not None:
        return PICTURE
    if next(anchor.iter(_XDR + "cxnSp"), None) is not None:
        return LINE
    geometry = next(anchor.iter(_A + "prstGeom"), None)
    if geometry is not None and geometry.get("prst") in ("line", "straightConnector1"):
        return LINE
    if next(anchor.iter(_XDR + "sp"), None) is None:
        return None
    says = any((text.text or "").strip() for text in anchor.iter(_A + "t"))
    properties = next(anchor.iter(_XDR + "spPr"), None)
    clear = properties is not None and properties.find(_A + "noFill") is not None
    return None if clear and not says else OVERLAID


def _area(begin: etree._Element, end: etree._Element | None, size: tuple[int, int] | None) -> Area:
    top, left = _at(begin, "row"), _at(begin, "col")
    if end is None:
        width, height = size or (0, 0)
        rows = (_at(begin, "rowOff") + height - _SLIVER) // _USUAL_ROW
        columns = (_at(begin, "colOff") + width - _SLIVER) // _USUAL_COLUMN
        bottom, right = top + max(rows, 0), left + max(columns, 0)
    else:
        bottom = _at(end, "row") - (_at(end, "rowOff") < _SLIVER)
        right = _at(end, "col") - (_at(end, "colOff") < _SLIVER)
    last_row, last_column = min(bottom, _LAST_ROW), min(right, _LAST_COLUMN)
    return top + 1, left + 1, max(last_row, top) + 1, max(last_column, left) + 1


def _at(corner: etree._Element, name: str) -> int:
    return integer((corner.findtext(_XDR + name) or "").strip(), 0, 10**9)


def read_picture(archive: Archive, drawing: Drawing, sheet: str) -> Picture | None:
    """The picture that a drawing on a sheet shows; None where it shows none."""
    if drawing.doubt is not PICTURE or (drawing.picture is None and drawing.size is None):
        return None
    image = None
    if drawing.picture is not None and drawing.picture in archive.entries:
        try:
            image = archive.read(drawing.picture)
        except UnreadableSource:  # A damaged picture leaves the cells as they are.
            image = b""
    width, height = drawing.size or (0, 0)
    place = Place(sheet=sheet, row=drawing.area[0], column=drawing.area[1])
    return Picture(place, image, width / _EMU_A_POINT or None, height / _EMU_A_POINT or None)


def cast_doubts(sheet: Sheet, drawings: tuple[Drawing, ...]) -> None:
    """Doubt the cells that something is drawn over, and those that a low row may cut off."""
    merged = [area for area in sheet.merged if area[:2] != area[2:]]
    for position, cell in list(sheet.cells.items()):
        if position[0] in sheet.low_rows and not _over_rows(position, merged):
            sheet.cells[position] = doubted(cell, UNDECIDED)
    valued = {row for (row, _), cell in sheet.cells.items() if any(map(str.isdigit, cell.text))}
    columns = {column for _, column in sheet.cells}
    for drawing in drawings:
        top, left, bottom, right = drawing.area
        rows = [row for row in valued if top <= row <= bottom]
        covered = [c for c in range(left, min(right, max(columns, default=0)) + 1) if c in columns]
        under = {(row, column) for row in rows for column in covered}
        under |= {
            area[:2]
            for area in merged
            if area[0] <= bottom and area[2] >= top and area[1] <= right and area[3] >= left
            if area[:2] in sheet.cells
        }
        for position in under:
            if position in sheet.cells:
                sheet.cells[position] = doubted(sheet.cells[position], drawing.doubt)
            elif drawing.doubt is not LINE and not any(
                is_within(position, area) for area in merged
            ):
                # A picture may show a number where the cell holds none.
                sheet.cells[position] = SheetCell("", doubt=drawing.doubt)


def _over_rows(position: Position, merged: list[Area]) -> bool:
    return any(area[0] != area[2] and is_within(position, area) for area in merged)
