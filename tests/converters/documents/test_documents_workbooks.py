"""Workbooks: what a sheet shows is what is read, and what it may hide is said."""

import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.converters.documents.libreoffice import convert
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content, GridCell, Place
from gongkai.converters.documents.workbook.number_formats import plain, show
from gongkai.converters.documents.workbook.reader import read_workbook
from gongkai.converters.errors import UnreadableSource
from helpers.office_files import (
    assert_expected,
    at,
    corpus,
    docx_parts,
    grids,
    needs_formats,
    needs_libreoffice,
    notes,
    shown,
    texts,
    unzipped,
    workbook,
    zipped,
)
from helpers.profiles import examples


def read(data: bytes) -> Content:
    return read_workbook(data, DEFAULT_LIMITS)


def with_cell(value: Any, number_format: str = "General", font: Font | None = None) -> bytes:
    """A workbook whose first table holds ``value`` in its second row and column."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["A2"] = "项", "数", "甲"
        sheet["B2"].value = value
        sheet["B2"].number_format = number_format
        if font is not None:
            sheet["B2"].font = font

    return workbook(fill)


def cell_of(content: Content) -> GridCell:
    return at(grids(content)[0], 1, 1)


def edited(data: bytes, *changes: tuple[str, str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook with its XML changed by regular expressions, each of which must match."""
    parts = unzipped(data)
    text = bytes(parts[part]).decode("utf-8")  # type: ignore[arg-type]
    for pattern, by in changes:
        text, count = re.subn(pattern, by, text)
        assert count, pattern
    return zipped({**parts, part: text})


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read_workbook(data, limits)
    return str(caught.value)


@pytest.fixture
def no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")


# --- how figures are shown ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (12, "General", "12"),
        (1234.0, "General", "1234"),
        (0.1 + 0.2, "General", "0.3"),
        (0.092, "General", "0.092"),
        (1e14, "General", "100000000000000"),
        (1234, "#,##0", "1,234"),
        (1234, "0.00", "1234.00"),
        (1.5, "0.##", "1.5"),
        (7730.28, '0.00_);[Red]\\(0.00\\)', "7730.28"),
        (-5, "#,##0_);(#,##0)", "-5"),
        (-5, "0;[Red]-0", "-5"),
        (1036, "+0;-0;0", "+1036"),
        (0.5, "0%", "50%"),
        (12, '0"件"', "12件"),
        (7, "000", "007"),
        (12, "@", "12"),
        ("007", "@", "007"),
        (0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"),
        (0, "0;-0;;@", "0"),
        (date(2020, 1, 22), "yyyy-mm-dd", "2020-01-22"),
        (date(2020, 1, 22), 'yyyy"年"m"月"d"日"', "2020年1月22日"),
        (True, "General", "TRUE"),
        ("上\n下 ", "General", "上\n下"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    content = read(with_cell(value, number_format))
    assert cell_of(content) == GridCell(text, Place(sheet="表1", table=1, row=2, column=2))
    assert content.notes == ()


def test_decimals_that_are_not_shown_are_told() -> None:
    content = read(with_cell(12.345, "0.0"))
    assert (cell_of(content).text, cell_of(content).doubt) == ("12.3", {})
    assert "“表1” B2: stored as 12.345, shown as 12.3" in notes(content)


def test_a_fraction_shown_as_a_whole_number_is_in_doubt() -> None:
    met = cell_of(read(with_cell(12.6, "0")))
    assert met.doubt
    assert met.readings == ("13", "12.6")


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (1234567, "0,"),
        (12345, '0!.0,"万"'),
        (12, "[DBNum1]General"),
        (12, "[>=10]0;0.0"),
        (12, '0"0"'),
        (0.25, "# ?/?"),
        (1234, "0.00E+00"),
        (5, ".00"),
        (-5, "0;[Red]0"),
        (10**15, "0"),
    ],
)
def test_what_a_format_makes_of_a_figure_is_not_guessed(value: int, number_format: str) -> None:
    met = cell_of(read(with_cell(value, number_format)))
    assert met.doubt
    assert met.readings == (str(value),)


@given(st.integers(-(10**14), 10**14))
def test_every_count_is_shown_as_itself(number: int) -> None:
    for code in ("General", "0", "#,##0", "0.00", "@", "0_ ", "#,##0_);(#,##0)"):
        shown_as = show(plain(number), code)
        assert shown_as is not None
        assert shown_as.exact
        assert Decimal(shown_as.text.replace(",", "")) == number


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 6))
def test_what_is_shown_is_never_further_off_than_its_last_digit(
    number: Decimal, places: int
) -> None:
    code = "0." + "0" * places if places else "0"
    shown_as = show(plain(float(number)), code)
    assert shown_as is not None
    assert abs(Decimal(shown_as.text) - number) <= Decimal(1).scaleb(-places) / 2
    assert shown_as.exact == (Decimal(shown_as.text) == number)


def test_raised_figures_are_not_joined() -> None:
    raised = CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "2"))
    assert cell_of(read(with_cell(raised))).text == "12²"
    assert cell_of(read(with_cell(12, font=Font(vertAlign="superscript")))).text == "¹²"


def test_figures_struck_out_are_in_doubt() -> None:
    struck = CellRichText(TextBlock(InlineFont(strike=True), "12"), "13")
    assert "struck out" in cell_of(read(with_cell(struck))).doubt["en"]
    assert "struck out" in cell_of(read(with_cell(12, font=Font(strike=True)))).doubt["en"]


def test_an_error_is_in_doubt() -> None:
    met = cell_of(read(with_cell("#REF!")))
    assert (met.text, "error" in met.doubt["en"]) == ("#REF!", True)


def test_shared_strings_and_their_guides() -> None:
    relation = (
        '<Relationship Id="s" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    data = edited(with_cell(1), ("</Relationships>", relation), part="xl/_rels/workbook.xml.rels")
    data = edited(data, (r'(<c r="B2")[^>]*><v>1</v>', r'\1 t="s"><v>1</v>'))
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>零</t></si><si><t>公_x000A_开</t><rPh><t>gong</t></rPh></si></sst>"
    )
    parts = unzipped(data)
    assert cell_of(read(zipped({**parts, "xl/sharedStrings.xml": strings}))).text == "公\n开"
    fewer = strings.replace("<si><t>零</t></si>", "")
    assert "missing" in refusal(zipped({**parts, "xl/sharedStrings.xml": fewer}))


def test_positions_may_be_left_out_of_the_file() -> None:
    data = edited(with_cell(5), (r'<c r="[A-Z]+[0-9]+"', "<c"), (r'<row r="[0-9]+"', "<row"))
    assert shown(grids(read(data))[0]) == [["项", "数"], ["甲", "5"]]


def test_strict_workbooks_are_read() -> None:
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    parts = unzipped(with_cell(5))
    data = zipped({name: bytes(part).replace(usual, strict) for name, part in parts.items()})  # type: ignore[arg-type]
    assert cell_of(read(data)).text == "5"


# --- formulas -------------------------------------------------------------------------------------


def stored(formula: str, value: str, kind: str = "") -> bytes:
    """A workbook whose formula has ``value`` as its stored result."""
    data = with_cell(formula)
    return edited(data, (r'(<c r="B2")[^>]*>(<f>[^<]*</f>)<v></v>', rf"\1{kind}>\2{value}"))


def test_a_stored_result_is_read() -> None:
    assert cell_of(read(stored("=1+2", "<v>3</v>"))).text == "3"
    assert cell_of(read(stored('=""', "<v></v>", ' t="str"'))).text == ""


@pytest.mark.parametrize("value", ["", "<v/>", "<v></v>"])
@pytest.mark.usefixtures("no_libreoffice")
def test_a_formula_without_result_is_never_blank(value: str) -> None:
    content = read(stored("=1+2", value))
    assert "without a stored value" in cell_of(content).doubt["en"]
    assert "libreoffice-calc" in notes(content)


@pytest.mark.usefixtures("no_libreoffice")
def test_results_of_a_program_that_cannot_compute_are_in_doubt() -> None:
    data = stored("=1+2", "<v>0</v>")
    data = edited(data, ('fullCalcOnLoad="0"', 'fullCalcOnLoad="1"'), part="xl/workbook.xml")
    met = cell_of(read(data))
    assert (met.readings, "not reliable" in met.doubt["en"]) == (("0",), True)


@pytest.mark.usefixtures("no_libreoffice")
def test_the_rest_of_a_range_that_one_formula_fills_is_never_blank() -> None:
    data = edited(
        with_cell(5),
        (r'(<c r="B2")[^/]*/v></c>', r'\1><f t="array" ref="B2:B3">A1:A2</f><v>1</v></c>'),
        ("</sheetData>", '<row r="3"><c r="A3"><v>9</v></c><c r="B3"/></row></sheetData>'),
    )
    assert at(grids(read(data))[0], 2, 1).doubt


@needs_libreoffice
def test_libreoffice_computes_what_is_not_stored_and_only_that() -> None:
    def fill(sheet: Worksheet) -> None:
        for line in (["项", "数", "和"], ["甲", 5, "=B2*3"], ["乙", 7, "=1/0"]):
            sheet.append(line)
        sheet["C2"].number_format = "0.0"

    content = read(workbook(fill))
    grid = grids(content)[0]
    assert shown(grid)[1] == ["甲", "5", "15.0"]
    assert not at(grid, 1, 2).doubt
    assert "error" in at(grid, 2, 2).doubt["en"]
    assert "computed by LibreOffice: 表1!C2" in notes(content)


@needs_libreoffice
def test_libreoffice_computes_again_what_was_stored_by_a_program_that_cannot() -> None:
    data = stored("=1+2", "<v>0</v>")
    data = edited(data, ('fullCalcOnLoad="0"', 'fullCalcOnLoad="1"'), part="xl/workbook.xml")
    met = cell_of(read(data))
    assert (met.text, met.doubt) == ("3", {})


# --- sheets as text and tables --------------------------------------------------------------------


def test_titles_are_text_and_titles_within_a_table_stay_in_it() -> None:
    def fill(sheet: Worksheet) -> None:
        for line in (
            ["二、标题"], ["说明"], ["项", "数"], ["甲", 1], ["第（五）项"], ["乙", 2], ["丙"],
            [], ["三、标题"], ["丁", 3], [], ["结语"],
        ):  # fmt: skip
            sheet.append(line)
        sheet.merge_cells("A5:B5")
        sheet.merge_cells("A1:B1")

    content = read(workbook(fill))
    assert texts(content) == ["二、标题", "说明", "三、标题", "结语"]
    assert [shown(grid) for grid in grids(content)] == [
        [["项", "数"], ["甲", "1"], ["第（五）项", "第（五）项"], ["乙", "2"], ["丙", ""]],
        [["丁", "3"]],
    ]
    assert grids(content)[0].place == Place(sheet="表1", table=1, row=3, column=1)
    assert at(grids(content)[1], 0, 1).place == Place(sheet="表1", table=1, row=10, column=2)


def test_a_heading_over_some_columns_and_a_label_over_rows_belong_to_the_table() -> None:
    def fill(sheet: Worksheet) -> None:
        for line in ([None, "情况"], ["甲", 1, 2], ["乙"], [None, 5, 6]):
            sheet.append(line)
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A3:A4")

    assert shown(grids(read(workbook(fill)))[0]) == [
        ["", "情况", "情况"], ["甲", "1", "2"], ["乙", "", ""], ["乙", "5", "6"],
    ]  # fmt: skip


def test_a_figure_alone_is_no_text() -> None:
    assert shown(grids(read(workbook(lambda sheet: sheet.append([5]))))[0]) == [["5"]]


def test_sheets_follow_one_another_and_hidden_ones_are_left_out() -> None:
    def first(sheet: Worksheet) -> None:
        sheet.append(["甲", 1])

    def second(sheet: Worksheet) -> None:
        sheet.append(["乙", 2])
        sheet.sheet_state = "veryHidden"

    content = read(workbook(first, second, first))
    assert [grid.place.sheet for grid in grids(content)] == ["表1", "表3"]
    assert "sheet “表2” is hidden" in notes(content)


def test_hidden_rows_and_columns_are_left_out_and_part_no_table() -> None:
    def fill(sheet: Worksheet) -> None:
        for line in (["项", "暗", "数"], ["甲", 8, 1], ["暗", 9, 9], ["乙", 8, 2]):
            sheet.append(line)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    content = read(workbook(fill))
    assert [shown(grid) for grid in grids(content)] == [[["项", "数"], ["甲", "1"], ["乙", "2"]]]
    assert "1 hidden row" in notes(content)
    assert "1 hidden column" in notes(content)


def test_what_lies_under_a_merged_cell_makes_it_doubtful() -> None:
    data = edited(
        with_cell(5),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:B2"/></mergeCells>'),
    )
    met = at(grids(read(data))[0], 1, 0)
    assert (met.text, met.readings) == ("甲", ("甲", "5"))
    assert met.doubt


# --- real files -----------------------------------------------------------------------------------


@needs_formats
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
@pytest.mark.parametrize("name", ["report", "dense"])
def test_every_figure_of_a_workbook_is_under_its_headings(name: str, kind: str) -> None:
    content = read(corpus(f"{name}.{kind}"))
    assert_expected(content, "expected.json" if name == "report" else "expected_dense.json")
    assert content.notes == ()


@needs_libreoffice
@needs_formats
def test_totals_that_are_not_stored_are_computed() -> None:
    content = read(corpus("dense_no_cached_values.xlsx"))
    assert_expected(content, "expected_dense.json")
    assert "were computed by LibreOffice" in notes(content)


@needs_formats
@pytest.mark.usefixtures("no_libreoffice")
def test_totals_that_are_not_stored_are_in_doubt_without_libreoffice() -> None:
    requests = grids(read(corpus("dense_no_cached_values.xlsx")))[1]
    doubted = {cell.place for row in requests.rows for cell in row if cell and cell.doubt}
    assert len(doubted) == 25  # the last cell of each row


@needs_libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_open_workbooks_show_the_same(kind: str) -> None:
    def fill(sheet: Worksheet) -> None:
        raised = CellRichText("12", TextBlock(InlineFont(vertAlign="superscript"), "2"))
        for line in (["标题"], ["项", "数", "暗"], ["甲", 0.5, 1], ["暗", 9, 9], ["乙", 12.345, 1]):
            sheet.append(line)
        sheet.append(["丙", raised])
        sheet.append(["丁", 12])
        sheet.append(["并"])
        sheet.merge_cells("A8:B8")
        sheet.append(["戊", "#REF!"])
        sheet["B3"].number_format = "0%"
        sheet["B5"].number_format = "0.0"
        sheet["B7"].font = Font(strike=True)
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True

    content = read(to(kind, workbook(fill)))
    assert texts(content) == ["标题"]
    grid = grids(content)[0]
    assert shown(grid)[:6] == [
        ["项", "数"], ["甲", "50%"], ["乙", "12.3"], ["丙", "12²"], ["丁", "12"], ["并", "并"],
    ]  # fmt: skip
    assert "struck out" in at(grid, 4, 1).doubt["en"]
    assert at(grid, 6, 1).doubt
    assert "stored as 12.345, shown as 12.3" in notes(content)
    assert "1 hidden row" in notes(content)


def to(kind: str, data: bytes) -> bytes:
    return convert(data, "xlsx", kind, DEFAULT_LIMITS)


# --- what is refused ------------------------------------------------------------------------------


def test_merging_a_whole_sheet_costs_nothing() -> None:
    data = edited(
        with_cell(5),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="C3:XFD1048576"/></mergeCells>'),
    )
    assert cell_of(read(data)).text == "5"


def test_a_sheet_that_spreads_over_too_many_cells_is_refused() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    assert (
        cell_of(read(edited(with_cell(5), ("</sheetData>", far.replace("XFD", "B"))))).text == "5"
    )
    wide = '<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>'
    lines = "".join(wide.format(row) for row in range(10, 30)) + "</sheetData>"
    assert "spreads over more than 200000" in refusal(edited(with_cell(5), ("</sheetData>", lines)))


def test_a_workbook_with_too_many_cells_is_refused() -> None:
    few = replace(DEFAULT_LIMITS, most_cells=50)

    def fill(sheet: Worksheet) -> None:
        for _ in range(11):
            sheet.append([1, 2, 3, 4, 5])

    data = workbook(fill)
    assert "more than 50" in refusal(data, few)


def test_merged_cells_that_overlap_are_refused() -> None:
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A1:A2"/></mergeCells>'
    assert "overlap" in refusal(edited(with_cell(5), ("</sheetData>", f"</sheetData>{merged}")))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no workbook"),
        (b"<html><table></table></html>", "web page"),
        (b"PK\x03\x04", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "damaged"),
        (b"\x09\x08\x10\x00" + bytes(100), "damaged"),
        (zipped(docx_parts("")), "no workbook"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "another kind"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_entities_are_refused_in_workbooks_too() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet'
    assert "document type" in refusal(edited(with_cell(5), ("<worksheet", declared)))


def test_a_protected_open_document_is_refused() -> None:
    parts: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest:encryption-data/>",
    }
    assert "password" in refusal(zipped(parts))


# --- whatever the bytes ---------------------------------------------------------------------------

BASE = with_cell(5)


@settings(max_examples=examples(150))
@given(st.integers(0, 2**32))
def test_spoiled_workbooks_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    parts = unzipped(BASE)
    name = chance.choice([n for n in sorted(parts) if n.endswith((".xml", ".rels"))])
    changed = bytearray(bytes(parts[name]))  # type: ignore[arg-type]
    for _ in range(chance.randint(1, 4)):
        where = chance.randrange(len(changed))
        by = chance.choice([b"", b"0", b"<", b'"', b"e", b"-", b"99999999999", chance.randbytes(2)])
        changed[where : where + chance.randint(0, 3)] = by
    try:
        read(zipped({**parts, name: bytes(changed)}))
    except UnreadableSource as error:
        assert str(error)


@needs_formats
@settings(max_examples=examples(60))
@given(st.integers(0, 2**32))
def test_spoiled_old_workbooks_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    changed = bytearray(corpus("report.xls"))
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    try:
        read(bytes(changed[: chance.choice([len(changed), chance.randrange(len(changed))])]))
    except UnreadableSource as error:
        assert str(error)


_value = st.one_of(
    st.integers(0, 10**9),
    st.decimals(-1000, 1000, places=2).map(float),
    st.text("申请公开数量件12", min_size=1, max_size=5),
    st.none(),
)


@settings(max_examples=examples(40))
@given(st.lists(st.lists(_value, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_written_is_read(lines: list[list[int | float | str | None]]) -> None:
    """Every value that another program wrote stands at its place, or is told as text."""

    def fill(sheet: Worksheet) -> None:
        for line in lines:
            sheet.append(line)

    met: dict[tuple[int | None, int | None], str] = {}
    for item in read(workbook(fill)).items:
        cells = [item] if not hasattr(item, "rows") else [c for row in item.rows for c in row if c]
        met.update({(cell.place.row, cell.place.column): cell.text for cell in cells if cell.text})
    wanted = {
        (r, c): str(value) if isinstance(value, str) else f"{plain(value):f}".removesuffix(".0")
        for r, line in enumerate(lines, 1)
        for c, value in enumerate(line, 1)
        if value is not None
    }
    assert met.keys() == wanted.keys()
    for where, text in wanted.items():
        value = lines[where[0] - 1][where[1] - 1]
        if isinstance(value, str):
            assert met[where] == text
        else:
            assert Decimal(met[where]) == Decimal(text)
