"""A value of a Word document or workbook is made of what a person sees."""

import io
from collections.abc import Callable
from typing import Literal

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormatObject, IconSet, Rule
from openpyxl.styles import Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as PillowImage

from gongkai.converters.documents.libreoffice import convert
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell
from gongkai.converters.documents.pictures import Picture, PicturesRead
from gongkai.converters.documents.word.docx import read_docx
from gongkai.converters.documents.word.word97 import read_word97
from gongkai.converters.documents.workbook.reader import read_workbook
from helpers.office_files import (
    at,
    cell,
    docx,
    docx_parts,
    grids,
    needs_libreoffice,
    notes,
    paragraph,
    row,
    run,
    shown,
    table,
    texts,
    workbook,
    zipped,
)

_DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'
_WHITE = '<w:color w:val="FFFFFF"/>'
_STYLED = '<w:tblPr><w:tblStyle w:val="Dark"/><w:tblLook w:firstRow="1" w:noHBand="1"/></w:tblPr>'
_STYLES = (
    '<w:style w:type="paragraph" w:styleId="Pale">'
    '<w:rPr><w:color w:val="FDFDFD"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Tiny"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="Dark"><w:rPr><w:strike/></w:rPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:strike w:val="0"/></w:rPr>'
    '<w:tcPr><w:shd w:val="clear" w:fill="000000"/></w:tcPr></w:tblStylePr></w:style>'
)


def _read(body: str, **others: str) -> Content:
    return read_docx(docx(body, **others), DEFAULT_LIMITS)


def _cell(*inner: str, properties: str = "", **others: str) -> GridCell:
    content = _read(table(row("标签", cell(*inner, properties=properties))), **others)
    return at(grids(content)[0], 0, 1)


@pytest.mark.parametrize(
    "hidden",
    [
        _WHITE,
        '<w:color w:val="FAFAFA"/>',
        '<w:sz w:val="2"/>',
        "<w:vanish/>",
        '<w:w w:val="1"/>',
        '<w:rStyle w:val="Tiny"/>',
        '<w:color w:val="FF0000"/><w:highlight w:val="red"/>',
        '<w:color w:val="00B050"/><w:shd w:val="clear" w:fill="00B050"/>',
        '<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000"/>',
        '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        "<w14:noFill/></w14:textFill>",
    ],
)
def test_digits_that_nobody_sees_are_no_part_of_a_value(hidden: str) -> None:
    body = table(row("标签", cell(paragraph(run("9", hidden) + run("15")))))
    content = _read(body, styles=_STYLES)
    assert at(grids(content)[0], 0, 1).text == "15"
    assert not at(grids(content)[0], 0, 1).doubt
    assert "hidden text in 1 paragraph" in notes(content)


@pytest.mark.parametrize(
    "doubtful",
    [
        '<w:color w:val="FFFF00"/>',
        '<w:sz w:val="7"/>',
        '<w:w w:val="10"/>',
        '<w:spacing w:val="-200"/>',
        '<w:fitText w:val="20"/>',
        "<w:specVanish/>",
        "<w:webHidden/>",
        _WHITE + "<w:outline/>",
        '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        '<w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="90000"/></w14:srgbClr>'
        "</w14:solidFill></w14:textFill>",
    ],
)
def test_digits_that_may_not_be_seen_leave_a_cell_unread_with_both_texts(doubtful: str) -> None:
    met = _cell(paragraph(run("9", doubtful) + run("15")))
    assert met.readings == ("915", "15")
    assert "cannot be decided" in met.doubt["en"]


def test_white_is_seen_on_a_dark_cell_and_dark_is_not() -> None:
    assert _cell(paragraph(run("12", _WHITE)), properties=_DARK) == _cell("12")
    hidden = run("9", '<w:color w:val="203764"/>')
    assert _cell(paragraph(hidden + run("12", _WHITE)), properties=_DARK).text == "12"
    shaded = paragraph(run("12", _WHITE), properties=_DARK)
    assert _cell(shaded) == _cell("12")


def test_automatic_colour_is_seen_on_any_ground() -> None:
    assert _cell(paragraph(run("12", '<w:color w:val="auto"/>')), properties=_DARK).text == "12"


def test_colours_of_the_theme_are_those_of_the_document() -> None:
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        '<a:themeElements><a:clrScheme><a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1>'
        '<a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1></a:clrScheme></a:themeElements>'
        "</a:theme>"
    )
    pale = '<w:color w:val="000000" w:themeColor="background1"/>'
    shaded = '<w:color w:val="FFFFFF" w:themeColor="background1" w:themeShade="80"/>'
    body = table(row("甲", cell(paragraph(run("9", pale) + run("1", shaded)))))
    parts = docx_parts(body, theme="")
    parts["word/theme.xml"] = theme
    content = read_docx(zipped(parts), DEFAULT_LIMITS)
    assert at(grids(content)[0], 0, 1).text == "1"


def test_the_style_of_a_paragraph_may_hide_its_text() -> None:
    pale = paragraph("9", properties='<w:pStyle w:val="Pale"/>')
    assert _cell(pale, paragraph("15"), styles=_STYLES).text == "15"


def test_the_style_of_a_table_shades_and_strikes_the_parts_that_are_asked_for() -> None:
    head = row(cell(paragraph(run("甲", _WHITE))), cell(paragraph(run("乙", _WHITE))))
    body = f"<w:tbl>{_STYLED}{head}{row('标签', '15')}</w:tbl>"
    grid = grids(_read(body, styles=_STYLES))[0]
    assert [at(grid, 0, 0).text, at(grid, 0, 1).text] == ["甲", "乙"]
    assert not at(grid, 0, 0).doubt
    assert at(grid, 1, 1).doubt["en"] == "some of the text is struck out"


def test_a_struck_number_and_the_one_that_replaces_it_are_both_told() -> None:
    met = _cell(paragraph(run("19", "<w:strike/>") + run("18")))
    assert met.readings == ("1918", "18")


def test_a_page_of_a_colour_or_a_picture_behind_the_text_leaves_it_open() -> None:
    body = table(row("标签", cell(paragraph(run("9", _WHITE) + run("15")))))
    parts = docx_parts(body)
    document = str(parts["word/document.xml"])
    page = '<w:background w:color="000000"/><w:body>'
    parts["word/document.xml"] = document.replace("<w:body>", page)
    met = at(grids(read_docx(zipped(parts), DEFAULT_LIMITS))[0], 0, 1)
    assert met.readings == ("915", "15")
    floating = '<w:r><w:pict><v:shape><v:imagedata r:id="x"/></v:shape></w:pict></w:r>'
    met = at(grids(_read(paragraph(floating) + body))[0], 0, 1)
    assert met.readings == ("915", "15")


def test_a_lowered_or_smaller_digit_is_no_digit_of_the_number() -> None:
    assert _cell(paragraph(run("13") + run("1", '<w:position w:val="-6"/>'))).text == "13₁"
    small = run("1", '<w:sz w:val="12"/>')
    met = _cell(paragraph(run("13", '<w:sz w:val="21"/>') + small))
    assert "do not stand on one line" in met.doubt["en"]


def test_a_line_drawn_in_a_cell_may_strike_its_number_out() -> None:
    line = "<w:r><w:pict><v:line/></w:pict></w:r>"
    assert "may strike" in _cell(paragraph(run("12") + line)).doubt["en"]
    assert not _cell(paragraph(line)).doubt


@pytest.mark.parametrize("name", ["tl2br", "tr2bl"])
def test_a_border_from_corner_to_corner_may_strike_a_number_out(name: str) -> None:
    def crossed(text: str, line: str = "single") -> GridCell:
        border = f'<w:tcBorders><w:top w:val="single"/><w:{name} w:val="{line}"/></w:tcBorders>'
        return _cell(text, properties=border)

    assert "may strike" in crossed("15").doubt["en"]
    # Where there is no number, it says that there is nothing; headings have it in their corner.
    assert not crossed("").doubt and not crossed("2.申请人情况").doubt
    assert not crossed("15", "nil").doubt


def test_text_cut_off_by_the_height_of_its_row_or_line() -> None:
    def in_row(height: int) -> Content:
        fixed = f'<w:trHeight w:val="{height}" w:hRule="exact"/>'
        return _read(table(row("甲", "15"), row("乙组的标签", "16", properties=fixed)))

    assert at(grids(in_row(300))[0], 1, 1) == at(grids(in_row(400))[0], 1, 1)
    assert "cannot be decided" in at(grids(in_row(80))[0], 1, 1).doubt["en"]
    (hidden,) = grids(in_row(20))
    assert (len(hidden.rows), hidden.hidden) == (1, ("乙组的标签",))
    flat = paragraph("9", properties='<w:spacing w:line="20" w:lineRule="exact"/>')
    assert _cell(flat, paragraph("15")).text == "15"


def test_a_label_that_may_not_be_seen_is_still_the_label() -> None:
    pale = '<w:color w:val="FFFF00"/>'
    assert not _cell(paragraph(run("行政许可决定", pale))).doubt


def _box(number: str, style: str) -> str:
    text = f"<w:txbxContent>{paragraph(number)}</w:txbxContent>"
    shape = f'<v:shape style="{style}"><v:textbox>{text}</v:textbox></v:shape>'
    return f"<w:r><w:pict>{shape}</w:pict></w:r>"


def test_a_number_in_a_box_that_floats_over_the_page_may_lie_on_a_cell() -> None:
    def near(number: str, style: str) -> GridCell:
        rows = table(row("行政许可决定", "15"), row("行政处罚决定", "16"))
        return at(grids(_read(paragraph(_box(number, style)) + rows))[0], 0, 1)

    assert "lies over" in near("2001", "position:absolute;left:0").doubt["en"]
    assert not near("2001", "width:10pt").doubt
    assert not near("附件 1", "position:absolute").doubt


# --- workbooks ------------------------------------------------------------------------------------


_WHITE_FONT = Font(color="FFFFFFFF")


def _sheet(fill: Callable[[Worksheet], object]) -> Content:
    def made(sheet: Worksheet) -> None:
        _rows(sheet)
        fill(sheet)

    return read_workbook(workbook(made), DEFAULT_LIMITS)


def _rows(sheet: Worksheet) -> None:
    sheet.append(["标签", "甲", "乙"])
    sheet.append(["第一行的标签", 15, "16"])
    sheet.append(["第二行的标签", 17, 18])


def _value(fill: Callable[[Worksheet], object], column: int = 1) -> GridCell:
    return at(grids(_sheet(fill))[0], 1, column)


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


@pytest.mark.parametrize("font", [_WHITE_FONT, Font(sz=1), Font(color=Color(theme=0))])
def test_a_number_that_nobody_sees_is_left_out_with_a_note(font: Font) -> None:
    content = _sheet(lambda sheet: setattr(sheet["B2"], "font", font))
    assert at(grids(content)[0], 1, 1).text == ""
    assert "1 cell that is not seen" in notes(content)


def test_a_number_is_seen_on_a_fill_of_another_colour_only() -> None:
    def white_on(fill: str) -> GridCell:
        def made(sheet: Worksheet) -> None:
            sheet["B2"].font, sheet["B2"].fill = _WHITE_FONT, _solid(fill)

        return _value(made)

    assert white_on("FF203764").text == "15"
    assert white_on("FFFDFDFD").text == ""
    assert "cannot be decided" in white_on("FFFFFF00").doubt["en"]


def _crossed(sheet: Worksheet) -> None:
    _rows(sheet)
    line = Border(diagonalUp=True, diagonal=Side("thin"))
    sheet["B2"].border = sheet["C2"].border = line
    sheet["B3"], sheet["B3"].border, sheet["A2"].border = None, line, line
    sheet["C3"].border = Border(diagonal=Side("thin"), top=Side("thin"))


def test_a_border_from_corner_to_corner_may_strike_a_number_of_a_sheet_out() -> None:
    _strikes(workbook(_crossed))


@needs_libreoffice
def test_a_border_may_strike_a_number_of_an_older_workbook_out() -> None:
    _strikes(convert(workbook(_crossed), "xlsx", "xls", DEFAULT_LIMITS))


def _strikes(data: bytes) -> None:
    (grid,) = grids(read_workbook(data, DEFAULT_LIMITS))
    doubtful = [cell.text for row in grid.rows for cell in row if cell and cell.doubt]
    assert doubtful == ["15", "16"] and "may strike" in at(grid, 1, 1).doubt["en"]


def test_runs_of_a_text_are_seen_each_by_its_own_font() -> None:
    def runs(*parts: TextBlock | str) -> GridCell:
        return _value(lambda sheet: setattr(sheet["B2"], "value", CellRichText(*parts)))

    white = InlineFont(color=Color("FFFFFFFF"), sz=11)
    assert runs(TextBlock(white, "9"), "15").text == "15"
    assert runs(TextBlock(InlineFont(sz=1), "9"), "15").text == "15"
    assert runs(TextBlock(InlineFont(strike=True, sz=11), "19"), "18").readings == ("1918", "18")
    raised = runs("13", TextBlock(InlineFont(vertAlign="superscript", sz=11), "1"))
    assert raised.text == "13¹"
    small = runs(TextBlock(InlineFont(sz=11), "13"), TextBlock(InlineFont(sz=6), "1"))
    assert "do not stand on one line" in small.doubt["en"]


def test_a_number_format_may_show_nothing() -> None:
    hidden = _sheet(lambda sheet: setattr(sheet["B2"], "number_format", ";;;"))
    assert at(grids(hidden)[0], 1, 1).text == ""
    assert "1 cell that is not seen" in notes(hidden)
    text = _value(lambda sheet: setattr(sheet["C2"], "number_format", ";;;"), 2)
    assert text.text == ""
    text = _value(lambda sheet: setattr(sheet["C2"], "number_format", '"约"@'), 2)
    assert text.text == "约16"


@pytest.mark.parametrize(
    ("value", "form", "fill", "text"),
    [
        (15, "[White]0", None, ""),
        (15, "[Color 2]0", None, ""),
        (15, "[Color2]#,##0;-0", None, ""),
        (-15, "0;[White]-0", None, ""),
        (15, "0;[White]-0", None, "15"),
        (15, "[Red]0", None, "15"),
        (15, "[Red]0", "FFFF0000", ""),
        (15, "[White]0", "FF000000", "15"),
        ("15", "0;0;0;[White]@", None, ""),
        ("15", "[White]0;0;0;@", None, "15"),
    ],
)
def test_the_colour_of_a_number_format_may_hide_a_number(
    value: int | str, form: str, fill: str | None, text: str
) -> None:
    def made(sheet: Worksheet) -> None:
        met = sheet["B2"]
        met.value, met.number_format = value, form
        if fill:
            met.fill = _solid(fill)

    assert _value(made).text == text


def test_the_colour_of_a_number_format_goes_before_that_of_the_font() -> None:
    def made(sheet: Worksheet) -> None:
        sheet["B2"].font, sheet["B2"].number_format = _WHITE_FONT, "[Red]0"

    assert _value(made).text == "15"


def test_which_colour_a_format_with_conditions_shows_is_not_guessed() -> None:
    met = _value(lambda sheet: setattr(sheet["B2"], "number_format", "[White]0;[<5]0"))
    assert met.doubt


@needs_libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_colours_of_number_formats_in_other_workbooks(kind: str) -> None:
    def made(sheet: Worksheet) -> None:
        _rows(sheet)
        sheet["B2"].number_format, sheet["C3"].number_format = "[White]0", "[Red]0"

    data = convert(workbook(made), "xlsx", kind, DEFAULT_LIMITS)
    (grid,) = grids(read_workbook(data, DEFAULT_LIMITS))
    assert [at(grid, 1, 1).text, at(grid, 2, 2).text] == ["", "18"]


_ICONS = IconSet(
    "3Arrows", cfvo=[FormatObject("num", value) for value in (1, 2, 3)], showValue=False
)


def _rule(
    kind: Literal["cellIs", "expression"],
    formula: str,
    font: Font | None = None,
    fill: PatternFill | None = None,
) -> Rule:
    change = DifferentialStyle(font=font, fill=fill)
    return Rule(kind, dxf=change, operator="equal", formula=[formula])


@pytest.mark.parametrize(
    ("rule", "text", "doubtful"),
    [
        (_rule("cellIs", "15", font=_WHITE_FONT), "", False),
        (_rule("cellIs", "0", font=_WHITE_FONT), "15", False),
        (_rule("expression", "A1>0", font=_WHITE_FONT), "15", True),
        (_rule("expression", "A1>0", font=Font(strike=True)), "15", True),
        (_rule("expression", "A1>0", fill=PatternFill(bgColor="FFFFC7CE")), "15", False),
        (Rule("iconSet", iconSet=_ICONS), "15", True),
    ],
)
def test_conditional_formats_that_may_hide_a_number_leave_it_open(
    rule: Rule, text: str, doubtful: bool
) -> None:
    met = _value(lambda sheet: sheet.conditional_formatting.add("B2:B3", rule))
    assert (met.text, bool(met.doubt)) == (text, doubtful)


def test_rows_that_are_hidden_or_flat_are_not_shown() -> None:
    for hide in (
        lambda sheet: setattr(sheet.row_dimensions[2], "hidden", True),
        lambda sheet: setattr(sheet.row_dimensions[2], "height", 1),
    ):
        (grid,) = grids(_sheet(hide))
        assert [text[0] for text in shown(grid)] == ["标签", "第二行的标签"]
        assert grid.hidden[0] == "第一行的标签"
    low = _value(lambda sheet: setattr(sheet.row_dimensions[2], "height", 5))
    assert "cannot be decided" in low.doubt["en"]


def test_words_in_a_hidden_column_are_told_as_hidden() -> None:
    (grid,) = grids(_sheet(lambda sheet: setattr(sheet.column_dimensions["C"], "hidden", True)))
    assert grid.width == 2
    assert grid.hidden == ("乙",)


def test_what_is_drawn_over_a_cell_leaves_it_open() -> None:
    def stamped(sheet: Worksheet) -> None:
        picture = Image(io.BytesIO(_png()))
        picture.anchor, picture.width, picture.height = "B2", 30, 10
        sheet.add_image(picture)

    content = _sheet(stamped)
    met = [at(grids(content)[0], row, 1) for row in (1, 2)]
    assert [cell.doubt.get("en") for cell in met] == ["there is a picture here", None]


def _png() -> bytes:
    buffer = io.BytesIO()
    PillowImage.new("L", (30, 10), 255).save(buffer, "PNG")
    return buffer.getvalue()


def test_pictures_of_a_sheet_stand_in_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[object] = []

    def kept(items: list[object], limits: object) -> PicturesRead:
        met.extend(items)
        return PicturesRead(tuple(item for item in items if isinstance(item, Grid)))

    monkeypatch.setattr("gongkai.converters.documents.workbook.reader.read_pictures", kept)

    def shows(sheet: Worksheet) -> None:
        picture = Image(io.BytesIO(_png()))
        picture.anchor, picture.width, picture.height = "B6", 300, 96
        sheet.add_image(picture)
        sheet["A20"] = "其后"

    _sheet(shows)
    assert [type(item).__name__ for item in met] == ["Grid", "Picture", "TextBlock"]
    assert isinstance(met[1], Picture)
    assert (met[1].place.row, met[1].place.column, met[1].image) == (6, 2, _png())
    assert (met[1].width, met[1].height) == (225, 72)


# --- through LibreOffice --------------------------------------------------------------------------


@needs_libreoffice
def test_what_an_open_document_hides_is_not_shown_by_converting_it() -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"'
        for name, kind in (
            *((name, name) for name in ("office", "style", "text", "table")),
            ("fo", "xsl-fo-compatible"),
        )
    )
    row = "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell>".format
    cell = "<table:table-cell>{}</table:table-cell></table:table-row>".format
    field = '<text:hidden-text text:is-hidden="true" text:string-value="9">9</text:hidden-text>'
    paragraph = '<text:p><text:hidden-paragraph text:is-hidden="true"/>9</text:p>'
    rows = [
        row("甲") + cell('<text:p><text:span text:style-name="W">9</text:span>15</text:p>'),
        row("乙") + cell('<text:p><text:span text:style-name="S">19</text:span>18</text:p>'),
        row("丙") + cell(f"<text:p>{field}15</text:p>"),
        row("丁") + cell(f"{paragraph}<text:p>15</text:p>"),
    ]
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>"
        '<style:style style:name="W" style:family="text">'
        '<style:text-properties fo:color="#ffffff"/></style:style>'
        '<style:style style:name="S" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
        "<office:body><office:text><table:table><table:table-column "
        f'table:number-columns-repeated="2"/>{"".join(rows)}</table:table><text:section '
        'text:name="x" text:display="none"><text:p>隐</text:p></text:section>'
        "</office:text></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{mimetype}"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    parts: dict[str, str | bytes] = {
        "mimetype": mimetype,
        "META-INF/manifest.xml": manifest,
        "content.xml": content,
    }
    read = read_word97(zipped(parts), DEFAULT_LIMITS)
    assert [text[1] for text in shown(grids(read)[0])] == ["15", "1918", "15", "15"]
    assert at(grids(read)[0], 1, 1).readings == ("1918", "18")
    assert not texts(read)
    assert "3 hidden sections, paragraphs or fields" in notes(read)


@needs_libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_workbooks_of_other_kinds_show_the_same(kind: str) -> None:
    def fill(sheet: Worksheet) -> None:
        _rows(sheet)
        sheet["B2"].font = _WHITE_FONT
        white = InlineFont(color=Color("FFFFFFFF"), sz=11)
        sheet["C2"] = CellRichText(TextBlock(white, "9"), "16")
        sheet["C3"] = CellRichText(TextBlock(InlineFont(strike=True, sz=11), "19"), "18")
        sheet.conditional_formatting.add("B3", _rule("expression", "1=1", font=_WHITE_FONT))
        sheet.append(["第三行的标签", 19, 20])
        sheet.row_dimensions[4].hidden = True
        sheet.append(["第四行的标签", 21, 22])

    data = convert(workbook(fill), "xlsx", kind, DEFAULT_LIMITS)
    (grid,) = grids(read_workbook(data, DEFAULT_LIMITS))
    assert [line[1:] for line in shown(grid)[1:]] == [["", "16"], ["17", "1918"], ["21", "22"]]
    assert "cannot be decided" in at(grid, 2, 1).doubt["en"]
    assert at(grid, 2, 2).readings == ("1918", "18")
    assert grid.hidden == ("第三行的标签",)
