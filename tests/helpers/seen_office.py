"""Ways to disturb one cell of a Word document or a workbook, with what is then seen there."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from helpers.drawn_reports import AFTER, HEADINGS, Drawn, Rows, Seen
from helpers.office_files import cell, docx, paragraph, row, run, table
from helpers.official_grids import Key

WORD_STYLES = """
<w:style w:type="character" w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Heir"><w:basedOn w:val="Unseen"/></w:style>
<w:style w:type="character" w:styleId="Old"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Mark"><w:rPr>
<w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Pale"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="OldLine"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="PaleLine"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
"""


@dataclass
class Spot:
    """The cell to be changed: its paragraphs and properties, in Word's XML."""

    value: str
    random: Random
    content: tuple[str, ...] = ()
    properties: str = ""
    row_before: str = ""

    @property
    def more(self) -> str:
        """A digit that is not part of the number."""
        return self.random.choice("123456789")

    @property
    def old(self) -> str:
        """Another number."""
        return str(self.random.randint(1, 999))

    def put(self, digits: str) -> None:
        """Set digits (as runs) before, behind or within the number."""
        at = self.random.choice((0, len(self.value), self.random.randint(0, len(self.value))))
        parts = [run(self.value[:at]) if at else "", digits]
        parts.append(run(self.value[at:]) if at < len(self.value) else "")
        self.content = (paragraph(*filter(None, parts)),)


InWord = Callable[[Spot], Seen]


def word_document(
    drawn: Drawn, random: Random, changes: Mapping[Key, InWord]
) -> tuple[bytes, dict[Key, Seen]]:
    """The document, and what is seen of the cells that were changed."""
    seen: dict[Key, Seen] = {}
    body = [paragraph(text) for text in drawn.before]
    for cube, lines in drawn.tables.items():
        rows = _word_rows(lines, random, changes, seen)
        body += [paragraph(HEADINGS[cube]), table(*rows)]
    body += [paragraph(text) for text in AFTER]
    return docx("".join(body), styles=WORD_STYLES), seen


def _word_rows(
    rows: Rows, random: Random, changes: Mapping[Key, InWord], seen: dict[Key, Seen]
) -> list[str]:
    found: list[str] = []
    open_boxes: dict[int, tuple[int, int]] = {}
    for line in rows:
        cells: list[str] = []
        column, before = 0, ""
        boxes, kept = list(line), dict[int, tuple[int, int]]()
        while boxes or column in open_boxes:
            if column in open_boxes:
                left, width = open_boxes.pop(column)
                cells.append(cell(properties=f'<w:gridSpan w:val="{width}"/><w:vMerge/>'))
                if left > 1:
                    kept[column] = (left - 1, width)
                column += width
                continue
            box = boxes.pop(0)
            spans = f'<w:gridSpan w:val="{box.width}"/>'
            if box.height > 1:
                spans += '<w:vMerge w:val="restart"/>'
                kept[column] = (box.height - 1, box.width)
            if box.key in changes:
                assert box.key is not None
                spot = Spot(box.text, random)
                seen[box.key] = changes[box.key](spot)
                content = spot.content or (paragraph(spot.value),)
                cells.append(cell(*content, properties=spans + spot.properties))
                before = spot.row_before
            else:
                cells.append(cell(box.text, properties=spans))
            column += box.width
        open_boxes |= kept
        found += [before, row(*cells)] if before else [row(*cells)]
    return found


def runs(properties: str, template: str = "{}") -> InWord:
    """Digits with properties by which they are not part of the number."""

    def change(spot: Spot) -> Seen:
        spot.put(template.format(run(spot.more, properties)))
        return Seen((spot.value,))

    return change


def markup(template: str) -> InWord:
    """Digits in markup that shows them not as part of the number."""

    def change(spot: Spot) -> Seen:
        spot.put(template.format(spot.more))
        return Seen((spot.value,))

    return change


def old_before(properties: str) -> InWord:
    """An old number struck out before or behind the new one."""

    def change(spot: Spot) -> Seen:
        parts = [run(spot.old, properties), run(spot.value)]
        if spot.random.random() < 0.3:
            parts.reverse()
        lines = spot.random.random() < 0.3
        spot.content = tuple(map(paragraph, parts)) if lines else (paragraph(*parts),)
        return Seen((spot.value,))

    return change


def whole(properties: str, paragraph_properties: str = "", seen: Seen | None = None) -> InWord:
    """The whole number with properties: nothing is seen, or what ``seen`` tells."""

    def change(spot: Spot) -> Seen:
        number = run(spot.value, properties)
        spot.content = (paragraph(number, properties=paragraph_properties),)
        return seen or Seen(blank=True)

    return change


def instead(template: str, in_cell: bool = False) -> InWord:
    """The number shown by something else than plain runs: read, or unread, never blank."""

    def change(spot: Spot) -> Seen:
        put = template.format(spot.value)
        spot.content = (put,) if in_cell else (paragraph(put),)
        return Seen((spot.value,))

    return change


def shaded(fill: str, colour: str, seen_digit: bool = False) -> InWord:
    """A cell with a fill, and digits of a colour."""

    def change(spot: Spot) -> Seen:
        spot.properties = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
        if seen_digit:
            spot.content = (paragraph(run(spot.value, f'<w:color w:val="{colour}"/>')),)
        else:
            spot.put(run(spot.more, f'<w:color w:val="{colour}"/>'))
        return Seen((spot.value,))

    return change


def hidden_row(spot: Spot) -> Seen:
    """A row more, hidden."""
    cells = (cell(paragraph(run(spot.more, "<w:vanish/>"))),) * spot.random.randint(1, 8)
    spot.row_before = row(*cells, properties="<w:hidden/>")
    return Seen((spot.value,))


_BOX = (
    "<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> = 9+9 </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_STRUCK = "<w:strike/>"

WORD: dict[str, InWord] = {
    "hidden": runs("<w:vanish/>"),
    "hidden by style": runs('<w:rStyle w:val="Unseen"/>'),
    "hidden by style of style": runs('<w:rStyle w:val="Heir"/>'),
    "white": runs('<w:color w:val="FFFFFF"/>'),
    "nearly white": runs('<w:color w:val="FEFEFE"/>'),
    "white by style": runs('<w:rStyle w:val="Pale"/>'),
    "white by theme": runs('<w:color w:val="FFFFFF" w:themeColor="background1"/>'),
    "half a point": runs('<w:sz w:val="1"/>'),
    "one point": runs('<w:sz w:val="2"/>'),
    "squeezed": runs('<w:w w:val="1"/>'),
    "colour of its shading": runs(
        '<w:color w:val="FFE0A0"/><w:shd w:val="clear" w:fill="FFE0A0"/>'
    ),
    "colour of its highlight": runs('<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>'),
    "colour of the cell": shaded("FFE0A0", "FFE0A0"),
    "white on dark": shaded("000000", "FFFFFF", seen_digit=True),
    "automatic on dark": shaded("000000", "auto", seen_digit=True),
    "raised": runs('<w:vertAlign w:val="superscript"/>'),
    "lowered": runs('<w:vertAlign w:val="subscript"/>'),
    "raised by style": runs('<w:rStyle w:val="Mark"/>'),
    "raised by position": runs('<w:position w:val="8"/><w:sz w:val="12"/>'),
    "raised by position alone": runs('<w:position w:val="10"/>'),
    "footnote": markup('<w:r><w:footnoteReference w:id="{}"/></w:r>'),
    "deleted": markup('<w:del w:id="1" w:author="a"><w:r><w:delText>{}</w:delText></w:r></w:del>'),
    "moved": markup('<w:moveFrom w:id="1" w:author="a"><w:r><w:t>{}</w:t></w:r></w:moveFrom>'),
    "field code": markup("<w:r><w:instrText> = {} </w:instrText></w:r>"),
    "struck": old_before(_STRUCK),
    "struck twice": old_before("<w:dstrike/>"),
    "struck by style": old_before('<w:rStyle w:val="Old"/>'),
    "struck in red": old_before('<w:color w:val="FF0000"/><w:strike w:val="true"/>'),
    "all struck": whole(_STRUCK, seen=Seen()),
    "line struck": whole("", '<w:pStyle w:val="OldLine"/>', seen=Seen()),
    "not struck": instead('<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>{}</w:t></w:r>'),
    "all hidden": whole("<w:vanish/>"),
    "all white": whole('<w:color w:val="FFFFFF"/>'),
    "white line": whole("", '<w:pStyle w:val="PaleLine"/>'),
    "field": instead(_FIELD),
    "simple field": instead('<w:fldSimple w:instr="=1"><w:r><w:t>{}</w:t></w:r></w:fldSimple>'),
    "control": instead("<w:sdt><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"),
    "inserted": instead('<w:ins w:id="1" w:author="a"><w:r><w:t>{}</w:t></w:r></w:ins>'),
    "link": instead("<w:hyperlink><w:r><w:t>{}</w:t></w:r></w:hyperlink>"),
    "text box": instead(_BOX),
    "formula": instead("<m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath>"),
    "picture": instead('<w:r><w:drawing><a:blip r:embed="i{}"/></w:drawing></w:r>'),
    "symbol": instead('<w:r><w:sym w:font="Wingdings" w:char="F08{}"/></w:r>'),
    "ruby": markup(
        "<w:r><w:ruby><w:rt><w:r><w:t>{}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t></w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r>"
    ),
    "hidden row": hidden_row,
}

# --- workbooks -----------------------------------------------------------------------------


@dataclass
class Square:
    """The cell of a sheet to be changed."""

    cell: Cell
    sheet: Worksheet
    value: str
    random: Random
    others: list[Key] = field(default_factory=list)
    """Whose values stand in the same row."""
    seen: dict[Key, Seen] = field(default_factory=dict)

    @property
    def more(self) -> str:
        """A digit that is not part of the number."""
        return self.random.choice("123456789")

    def rich(self, *parts: tuple[str, InlineFont | None]) -> None:
        """Set texts, each with its font."""
        self.cell.value = CellRichText(
            *(text if font is None else TextBlock(font, text) for text, font in parts)
        )


InSheet = Callable[[Square], Seen]


def workbook(
    drawn: Drawn, random: Random, changes: Mapping[Key, InSheet]
) -> tuple[bytes, dict[Key, Seen]]:
    """The workbook, of one sheet, and what is seen of the cells that were changed."""
    book = openpyxl.Workbook()
    book.calculation.fullCalcOnLoad = False
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    seen: dict[Key, Seen] = {}
    squares: list[tuple[Key, Square]] = []
    top = 1
    for text in drawn.before:
        sheet.cell(top, 1, text)
        top += 1
    for cube, lines in drawn.tables.items():
        sheet.cell(top, 1, HEADINGS[cube])
        top = _filled(sheet, lines, top + 1, changes, squares, random)
    for text in AFTER:
        sheet.cell(top, 1, text)
        top += 1
    for key, square in squares:
        seen[key] = changes[key](square)
        seen |= square.seen
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), seen


def _filled(
    sheet: Worksheet,
    rows: Rows,
    top: int,
    changes: Mapping[Key, InSheet],
    squares: list[tuple[Key, Square]],
    random: Random,
) -> int:
    taken: set[tuple[int, int]] = set()
    for i, line in enumerate(rows):
        column = 1
        for box in line:
            while (i, column) in taken:
                column += 1
            value = (
                box.text
                if box.key is None
                else float(box.text)
                if "." in box.text
                else int(box.text)
            )
            placed = sheet.cell(top + i, column, value)
            assert isinstance(placed, Cell)
            taken |= {(i + a, column + b) for a in range(box.height) for b in range(box.width)}
            if box.width > 1 or box.height > 1:
                sheet.merge_cells(
                    start_row=top + i,
                    end_row=top + i + box.height - 1,
                    start_column=column,
                    end_column=column + box.width - 1,
                )
            if box.key in changes:
                assert box.key is not None
                others = [other.key for other in line if other.key not in (None, box.key)]
                square = Square(placed, sheet, box.text, random, [k for k in others if k])
                squares.append((box.key, square))
            column += box.width
    return top + len(rows)


def number_as(form: Callable[[Square], tuple[float | str, str, Seen]]) -> InSheet:
    """A value, its number format, and what is shown."""

    def change(square: Square) -> Seen:
        value, number_format, seen = form(square)
        square.cell.value = value
        square.cell.number_format = number_format
        return seen

    return change


def with_font(font: Font, seen: Seen | None = None, fill: str = "") -> InSheet:
    """The whole number in a font, on a fill."""

    def change(square: Square) -> Seen:
        square.cell.font = font
        if fill:
            square.cell.fill = PatternFill("solid", fgColor=fill)
        return seen if seen is not None else Seen((square.value,))

    return change


def rich_part(font: InlineFont, old: bool = False) -> InSheet:
    """Digits in a font of their own, by which they are not part of the number."""

    def change(square: Square) -> Seen:
        more = str(square.random.randint(1, 999)) if old else square.more
        parts: list[tuple[str, InlineFont | None]] = [(square.value, None), (more, font)]
        if square.random.random() < 0.4:
            parts.reverse()
        square.rich(*parts)
        return Seen((square.value,))

    return change


def row_away(how: Callable[[Square], None]) -> InSheet:
    """The row of the cell is not shown."""

    def change(square: Square) -> Seen:
        how(square)
        square.seen = {key: Seen(absent=True) for key in square.others}
        return Seen(absent=True)

    return change


def _hide_row(square: Square) -> None:
    square.sheet.row_dimensions[square.cell.row].hidden = True


def _flatten_row(square: Square) -> None:
    square.sheet.row_dimensions[square.cell.row].height = 0.01


def _filter_row(square: Square) -> None:
    first = square.cell.row - 1
    square.sheet.auto_filter.ref = f"A{first}:J{first + 3}"
    square.sheet.auto_filter.add_filter_column(3, ["nothing"])
    square.sheet.row_dimensions[square.cell.row].hidden = True


def as_text(square: Square) -> Seen:
    square.cell.value = square.value
    return Seen((square.value,))


def with_comment(square: Square) -> Seen:
    square.cell.comment = Comment(str(square.random.randint(1, 99)), "a")
    return Seen((square.value,))


def turned(square: Square) -> Seen:
    square.cell.alignment = Alignment(textRotation=90, shrinkToFit=True)
    return Seen((square.value,))


WHITE = Color(rgb="FFFFFFFF")
BOOK: dict[str, InSheet] = {
    "nothing shown": number_as(lambda s: (int(s.value), ";;;", Seen(blank=True))),
    "positive not shown": number_as(lambda s: (int(s.value), ";-0", Seen(blank=True))),
    "rounded": number_as(lambda s: (int(s.value) + 0.4, "0", Seen((s.value,)))),
    "thousands": number_as(lambda s: (int(s.value) * 1000, "0,", Seen((s.value,)))),
    "digit in the format": number_as(lambda s: (int(s.value), '"9"0', Seen((f"9{s.value}",)))),
    "digit behind": number_as(lambda s: (int(s.value), "0\\7", Seen((f"{s.value}7",)))),
    "percent": number_as(lambda s: (int(s.value) / 100, "0%", Seen())),
    "filled with noughts": number_as(lambda s: (int(s.value), "000000", Seen((s.value,)))),
    "grouped": number_as(lambda s: (int(s.value), "#,##0", Seen((s.value,)))),
    "date": number_as(lambda s: (int(s.value) % 999 + 40000, "yyyy-mm-dd", Seen())),
    "condition": number_as(lambda s: (int(s.value), '[>0]"0";0', Seen(("0",)))),
    "exponent": number_as(lambda s: (int(s.value), "0.00E+00", Seen((s.value,)))),
    "white format": number_as(lambda s: (int(s.value), "[White]0", Seen(blank=True))),
    "white": with_font(Font(color="FFFFFFFF"), Seen(blank=True)),
    "white by theme": with_font(Font(color=Color(theme=0)), Seen(blank=True)),
    "colour of the fill": with_font(Font(color="FFFFE0A0"), Seen(blank=True), "FFFFE0A0"),
    "white on dark": with_font(Font(color="FFFFFFFF"), None, "FF000000"),
    "one point": with_font(Font(size=1), Seen(blank=True)),
    "struck": with_font(Font(strike=True), Seen()),
    "raised whole": with_font(Font(vertAlign="superscript"), None),
    "struck part": rich_part(InlineFont(strike=True), old=True),
    "raised part": rich_part(InlineFont(vertAlign="superscript")),
    "lowered part": rich_part(InlineFont(vertAlign="subscript")),
    "white part": rich_part(InlineFont(color=WHITE)),
    "one point part": rich_part(InlineFont(sz=1)),
    "row hidden": row_away(_hide_row),
    "row flattened": row_away(_flatten_row),
    "row filtered": row_away(_filter_row),
    "text": as_text,
    "comment": with_comment,
    "turned": turned,
}
