"""Workbooks of Office Open XML: the cells of every sheet, with how they are shown.

They are read from the XML parts themselves: python-calamine reports neither number formats nor what
is hidden, raised or struck out, and openpyxl expands merged ranges of a whole sheet.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lxml import etree

from gongkai.converters.documents.archive import (
    Archive,
    damaged,
    main_part,
    open_archive,
    parse_xml,
    related_part,
    relations,
    theme_part,
)
from gongkai.converters.documents.colours import PAPER, Background
from gongkai.converters.documents.doubts import UNDECIDED
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.workbook.conditional import (
    ConditionalFormat,
    conditional_style,
    read_conditional_formats,
)
from gongkai.converters.documents.workbook.drawings import (
    Drawing,
    cast_doubts,
    read_drawings,
    read_picture,
)
from gongkai.converters.documents.workbook.format_colours import coloured, contested
from gongkai.converters.documents.workbook.looks import (
    Piece,
    SheetStyle,
    doubted,
    seen_cell,
    seen_number,
)
from gongkai.converters.documents.workbook.number_formats import hides, plain, show_text
from gongkai.converters.documents.workbook.references import (
    Area,
    area_of,
    column_letters,
    is_within,
    position_of,
)
from gongkai.converters.documents.workbook.sheets import (
    Position,
    Sheet,
    SheetCell,
    number_cell,
    tidy_lines,
)
from gongkai.converters.documents.workbook.xlsx_styles import (
    ON,
    S,
    integer,
    read_string,
    read_styles,
    unescape,
)
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LOW = 6.0
"""In points: lower rows may cut their text off."""

ERROR = translations("documents.workbook.error")
NO_VALUE = translations("documents.workbook.no_value")
_OUTDATED = translations("documents.workbook.outdated")


@dataclass
class Workbook:
    """The visible sheets; ``pending`` are cells whose formulas have no reliable value.

    ``hidden_sheets`` are notes on the hidden ones.
    """

    sheets: list[Sheet] = field(default_factory=list)
    notes: list[Label] = field(default_factory=list)
    hidden_sheets: list[Label] = field(default_factory=list)
    pending: list[tuple[Sheet, Position]] = field(default_factory=list)
    since_1904: bool = False


def hidden_sheet(name: str) -> Label:
    """The note that a sheet is not shown."""
    return translations("documents.workbook.hidden_sheet", name=name)


def read_xlsx(data: bytes, limits: Limits) -> Workbook:
    """The sheets of a workbook.

    Raises UnreadableSource for a file that is damaged, protected, too large or no such workbook.
    """
    archive = open_archive(data, limits)
    main = main_part(archive, limits)
    if main.endswith(".bin"):
        raise UnreadableSource(translations("unreadable.workbook.binary"))
    root = parse_xml(archive.read(main), main, limits)
    if root.tag != S + "workbook":
        raise UnreadableSource(translations("unreadable.workbook.other_part", part=main))
    return _Reader(archive, main, root, limits).read()


class _Reader:
    """What all sheets of a workbook share: styles, strings, and the count of cells."""

    def __init__(self, archive: Archive, main: str, root: etree._Element, limits: Limits) -> None:
        self.archive, self.root, self.limits = archive, root, limits
        self.parts = {relation.name: relation for relation in relations(archive, main, limits)}
        self.sheet_styles = read_styles(
            related_part(archive, main, "styles", limits),
            theme_part(archive, main, limits),
        )
        self.styles = self.sheet_styles.cells
        colours = self.sheet_styles.colours
        strings = related_part(archive, main, "sharedStrings", limits)
        self.strings = [] if strings is None else [read_string(item, colours) for item in strings]
        self.rules: tuple[ConditionalFormat, ...] = ()
        self.background = PAPER
        properties = root.find(S + "workbookPr")
        self.workbook = Workbook(
            since_1904=properties is not None and properties.get("date1904") in ON
        )
        calculation = root.find(S + "calcPr")
        # Programs that cannot compute (XlsxWriter, for one) store 0 as the result of each formula
        # and a request to recalculate beside it.
        self.outdated = calculation is not None and calculation.get("fullCalcOnLoad") in ON
        self.count = 0

    def read(self) -> Workbook:
        for element in self.root.iterfind(f"{S}sheets/{S}sheet"):
            name = element.get("name", "")
            relation = self.parts.get(element.get(_RELATION, ""))
            if relation is None or relation.kind != "worksheet":
                self.workbook.notes.append(translations("documents.workbook.no_cells", name=name))
            elif element.get("state", "visible") != "visible":
                self.workbook.hidden_sheets.append(hidden_sheet(name))
            else:
                root = parse_xml(self.archive.read(relation.path), relation.path, self.limits)
                drawings = read_drawings(self.archive, relation.path, self.limits)
                self.workbook.sheets.append(self._sheet(name, root, drawings))
        return self.workbook

    def _sheet(self, name: str, root: etree._Element, drawings: tuple[Drawing, ...]) -> Sheet:
        sheet = Sheet(name)
        self.rules = read_conditional_formats(root, self.sheet_styles)
        # The style of a table, and a picture behind the sheet, may lie under the text.
        plain_sheet = all(root.find(S + name) is None for name in ("tableParts", "picture"))
        self.background = Background(PAPER.colours, sure=plain_sheet)
        sheet_format = root.find(S + "sheetFormatPr")
        sheet.all_hidden = sheet_format is not None and sheet_format.get("zeroHeight") in ON
        for column in root.iterfind(f"{S}cols/{S}col"):
            if column.get("hidden") in ON or _is_nothing(column.get("width"), 0.25):
                first = integer(column.get("min"), 1, _LAST_COLUMN)
                columns = range(first, integer(column.get("max"), first, _LAST_COLUMN) + 1)
                if not sheet.hidden_columns.isdisjoint(columns):
                    raise damaged(translations("unreadable.workbook.columns_twice", sheet=name))
                sheet.hidden_columns.update(columns)
        arrays: list[Area] = []
        blank: list[Position] = []
        for position, element, style in self._cells(root, sheet):
            cell = self._cell(element, style, position, sheet, arrays)
            if cell is None:
                blank.append(position)
            elif cell.text or cell.doubt:
                sheet.cells[position] = cell
        for position in blank:
            # A formula that fills a range is written in the first of its cells only.
            if any(is_within(position, area) for area in arrays):
                self._pend(sheet, position, NO_VALUE, "")
        sheet.merged = [
            area
            for element in root.iterfind(f"{S}mergeCells/{S}mergeCell")
            if (area := area_of(element.get("ref", ""))) is not None
        ]
        cast_doubts(sheet, drawings)
        pictures = (read_picture(self.archive, drawing, name) for drawing in drawings)
        sheet.pictures = [picture for picture in pictures if picture is not None]
        only_pictures = bool(drawings) and all(drawing.picture for drawing in drawings)
        if root.find(S + "drawing") is not None and not only_pictures:
            self.workbook.notes.append(translations("documents.workbook.pictures", name=name))
        return sheet

    def _cells(
        self, root: etree._Element, sheet: Sheet
    ) -> Iterator[tuple[Position, etree._Element, SheetStyle]]:
        row = 0
        for row_element in root.iterfind(f"{S}sheetData/{S}row"):
            row = integer(row_element.get("r"), row + 1, _LAST_ROW)
            height = row_element.get("ht")
            if row_element.get("hidden") in ON or _is_nothing(height, 2.0):
                sheet.hidden_rows.add(row)
            else:
                sheet.shown_rows.add(row)
                if _is_nothing(height, _LOW):
                    sheet.low_rows.add(row)
            column = 0
            for element in row_element:
                if element.tag != S + "c":
                    continue
                reference = position_of(element.get("r", ""))
                column = column + 1 if reference is None else reference[1]
                self._count(sheet)
                index = integer(element.get("s"), 0, 1_000_000)
                style = self.styles[index] if index < len(self.styles) else SheetStyle()
                yield (reference or (row, column)), element, style

    def _count(self, sheet: Sheet) -> None:
        self.count += 1
        if self.count > self.limits.most_cells:
            raise UnreadableSource(
                translations(
                    "unreadable.workbook.too_many_cells",
                    sheet=sheet.name,
                    most=self.limits.most_cells,
                )
            )

    def _cell(
        self,
        element: etree._Element,
        style: SheetStyle,
        position: Position,
        sheet: Sheet,
        arrays: list[Area],
    ) -> SheetCell | None:
        """A cell; None where nothing is stored in it."""
        kind = element.get("t", "n")
        formula = element.find(S + "f")
        stored = element.find(S + "v")
        value = "" if stored is None else (stored.text or "").strip()
        if formula is not None:
            area = area_of(formula.get("ref", ""))
            if formula.get("t") == "array" and area is not None:
                arrays.append(area)
            if stored is None or (not value and kind != "str"):
                return self._pend(sheet, position, NO_VALUE, "")
            if self.outdated:
                return self._pend(sheet, position, _OUTDATED, value)
        if kind == "inlineStr":
            inline = element.find(S + "is")
            if inline is None:
                return None
            pieces = read_string(inline, self.sheet_styles.colours)
            return self._text(pieces, style, position, sheet)
        if stored is None or (not value and kind != "str"):
            return None
        return self._value(kind, stored.text or "", style, position, sheet)

    def _value(
        self, kind: str, value: str, style: SheetStyle, position: Position, sheet: Sheet
    ) -> SheetCell:
        if kind == "s":
            index = integer(value.strip(), -1, 10**9)
            if not 0 <= index < len(self.strings):
                raise UnreadableSource(
                    translations(
                        "unreadable.workbook.no_string",
                        sheet=sheet.name,
                        row=position[0],
                        column=position[1],
                    )
                )
            return self._text(self.strings[index], style, position, sheet)
        if kind == "n":
            number = _number(value)
            if number is None:
                return SheetCell(value, True, ERROR, (value,))
            return self._shown_number(plain(number), style, position, sheet)
        if kind == "b":
            return SheetCell("TRUE" if value.strip() in ON else "FALSE", True)
        if kind == "e":
            return SheetCell(value, True, ERROR, (value,))
        return self._text(((unescape(value), None),), style, position, sheet)

    def _shown_number(
        self, number: Decimal, style: SheetStyle, position: Position, sheet: Sheet
    ) -> SheetCell:
        if hides(number, style.format):
            sheet.unseen += 1
            return SheetCell("")
        where = f"“{sheet.name}” {column_letters(position[1])}{position[0]}"
        shown = number_cell(number, style.format, self.workbook.since_1904, where, sheet.notes)
        style, is_open = self._conditional(style, position, number)
        cell, hidden = seen_number(shown, style, self.background)
        sheet.unseen += hidden
        return doubted(cell if cell.text else shown, UNDECIDED) if is_open else cell

    def _text(
        self, pieces: Sequence[Piece], style: SheetStyle, position: Position, sheet: Sheet
    ) -> SheetCell:
        style, is_open = self._conditional(style, position, None)
        cell, hidden = seen_cell(pieces, style, self.background)
        if is_open and hidden:
            whole = tidy_lines("".join(text for text, _ in pieces))
            readings = tuple(dict.fromkeys(text for text in (whole, cell.text) if text))
            return SheetCell(whole, False, UNDECIDED, readings)
        sheet.unseen += hidden
        said = show_text(cell.text, style.format)
        if said is None:
            doubt = translations("documents.workbook.unknown_text_format", format=style.format)
            return doubted(cell, doubt)
        if said != cell.text:
            sheet.unseen += not said
            cell = replace(cell, text=said) if said else SheetCell("")
        return doubted(cell, UNDECIDED) if is_open else cell

    def _conditional(
        self, style: SheetStyle, position: Position, value: Decimal | None
    ) -> tuple[SheetStyle, bool]:
        stated = coloured(style, value, self.sheet_styles.colours.numbered)
        if not self.rules:
            return stated, False
        changed, is_open = conditional_style(self.rules, position, value, stated, self.background)
        if stated is not style:
            is_open = is_open or contested(stated, changed, self.background)
        return changed, is_open

    def _pend(self, sheet: Sheet, position: Position, doubt: Label, value: str) -> SheetCell:
        self.workbook.pending.append((sheet, position))
        cell = SheetCell(value, True, doubt, (value,) if value else ())
        sheet.cells[position] = cell
        return cell


def _is_nothing(size: str | None, most: float) -> bool:
    """Whether a declared height or width is so small that nothing is shown."""
    stated = _number(size) if size else None
    return stated is not None and stated <= most


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
