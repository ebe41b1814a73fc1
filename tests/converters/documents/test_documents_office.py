"""Word documents, new and old: every cell as a reader sees it, or a doubt that says why not."""

import http.server
import io
import itertools
import os
import random
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content, GridCell, Place
from gongkai.converters.documents.word.docx import read_docx
from gongkai.converters.documents.word.numbering import chinese_number
from gongkai.converters.documents.word.word97 import read_word97
from gongkai.converters.documents.workbook.reader import read_workbook
from gongkai.converters.errors import UnreadableSource
from helpers.office_files import (
    assert_expected,
    at,
    cell,
    corpus,
    docx,
    docx_parts,
    folder_of_fake,
    grids,
    needs_formats,
    needs_libreoffice,
    notes,
    paragraph,
    row,
    run,
    shown,
    table,
    texts,
    unzipped,
    zipped,
)
from helpers.profiles import examples

MATHS = "<m:r><m:t>12</m:t></m:r><m:r><m:t>2</m:t></m:r>"
MERGE, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def read(body: str, **others: str) -> Content:
    return read_docx(docx(body, **others), DEFAULT_LIMITS)


def read_cell(*inner: str, **others: str) -> GridCell:
    """The second cell of a table of two."""
    return at(grids(read(table(row("标签", cell(*inner))), **others))[0], 0, 1)


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(UnreadableSource) as caught:
        read_docx(data, limits)
    return str(caught.value)


# --- paragraphs -----------------------------------------------------------------------------------


def test_paragraphs_and_tables_stand_in_the_order_of_the_body() -> None:
    content = read(paragraph("一") + table(row("二", "三")) + paragraph("四"))
    assert [getattr(item, "text", "table") for item in content.items] == ["一", "table", "四"]
    assert at(grids(content)[0], 0, 1).place == Place(table=1, row=1, column=2)


def test_a_soft_break_parts_blocks_and_a_tab_does_not() -> None:
    inner = run("上") + "<w:r><w:br/></w:r>" + run("左") + "<w:r><w:tab/></w:r>" + run("右")
    assert texts(read(paragraph(inner))) == ["上", "左\t右"]


def test_text_within_links_controls_and_guides_counts_once() -> None:
    link = f"<w:hyperlink>{run('链接')}</w:hyperlink>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
    ruby = f"<w:rt>{run('gong')}</w:rt><w:rubyBase>{run('公')}</w:rubyBase>"
    guide = f"<w:r><w:ruby>{ruby}</w:ruby></w:r>"
    assert texts(read(paragraph(link + control + guide))) == ["链接控件公"]
    block = f"<w:sdt><w:sdtContent>{paragraph('整段')}</w:sdtContent></w:sdt>"
    assert texts(read(block)) == ["整段"]


def test_white_space_counts_only_where_it_is_preserved() -> None:
    assert texts(read(paragraph("<w:r><w:t>1 </w:t></w:r><w:r><w:t>2</w:t></w:r>"))) == ["12"]
    assert texts(read(paragraph(run("1 ") + run("2")))) == ["1 2"]


def test_a_text_box_with_a_fallback_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    inner = (
        "<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert texts(read(paragraph("锚", inner))) == ["锚", "框内"]
    assert "text box" in read_cell(paragraph("5", inner)).doubt["en"]


def test_hidden_text_is_left_out_with_a_note() -> None:
    content = read(
        paragraph(run("见") + run("不见", "<w:vanish/>") + run("又见", '<w:vanish w:val="0"/>'))
    )
    assert texts(content) == ["见又见"]
    assert "hidden text in 1 paragraph" in notes(content)


def test_text_may_be_hidden_by_style_and_shown_again_by_a_second_one() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="i"><w:basedOn w:val="h"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    hidden = run("9", '<w:rStyle w:val="i"/>')
    assert read_cell(paragraph("1", hidden), styles=styles).text == "1"
    style = '<w:pStyle w:val="p"/>'
    assert read_cell(paragraph("1", hidden, properties=style), styles=styles).text == "9"


OWN_MARK = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'


# --- figures that are not what they seem ----------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("12") + run("2", '<w:vertAlign w:val="superscript"/>'), "12²"),
        (run("12") + run("2", '<w:vertAlign w:val="subscript"/>'), "12₂"),
        (run("12") + run("2", '<w:position w:val="6"/>'), "12²"),
        (run("12") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "12"),
        (run("12") + OWN_MARK, "12"),
        (run("12") + '<w:r><w:sym w:font="Symbol" w:char="F033"/></w:r>', "12\uf033"),
        (run("12") + '<w:r><w:sym w:font="Wingdings" w:char="0033"/></w:r>', "12\ufffd"),
        (run("3") + "<w:r><w:noBreakHyphen/></w:r>" + run("4"), "3-4"),
        (run("1") + "<w:r><w:br/></w:r>" + run("2"), "1\n2"),
    ],
)  # fmt: skip
def test_a_mark_is_never_joined_to_a_figure(inner: str, text: str) -> None:
    met = read_cell(paragraph(inner))
    assert (met.text, met.doubt) == (text, {})


def test_paragraphs_of_a_cell_are_lines_of_it() -> None:
    assert read_cell("1", "", "2").text == "1\n2"


def test_footnotes_are_told_with_the_place_of_their_marks() -> None:
    body = table(row("标签", cell(paragraph("12", '<w:r><w:footnoteReference w:id="2"/></w:r>'))))
    footnotes = f'<w:footnote w:id="2">{paragraph("含结转")}</w:footnote>'
    assert "footnote (table 1, row 1, column 2): “含结转”" in notes(read(body, footnotes=footnotes))


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (run("12", "<w:strike/>") + run("13"), "struck out"),
        (run("1") + '<w:r><w:drawing><a:blip r:embed="x"/></w:drawing></w:r>', "picture"),
        (f"<m:oMath><m:sSup>{MATHS}</m:sSup></m:oMath>", "formula"),
        (f'<w:bdo w:val="rtl">{run("12")}</w:bdo>', "direction"),
    ],
)  # fmt: skip
def test_a_cell_that_shows_more_than_text_is_in_doubt(inner: str, why: str) -> None:
    assert why in read_cell(paragraph(inner)).doubt["en"]


def field(instruction: str, *result: str, begin: str = "") -> str:
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' if result else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin" {begin}/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{separate}{''.join(result)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_a_field_gives_its_result_alone() -> None:
    met = read_cell(paragraph(field("=SUM(LEFT)", run("45"))))
    assert (met.text, met.doubt) == ("45", {})
    inner = field(
        f"IF </w:instrText></w:r>{run('9')}{field('X', run('8'))}<w:r><w:instrText>", run("7")
    )
    assert read_cell(paragraph(inner)).text == "7"
    assert texts(read(paragraph(f'<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>'))) == ["3"]


def test_a_field_that_programs_show_by_its_instruction_is_in_doubt_without_a_result() -> None:
    for instruction in ("EQ \\o(1,2)", "eq \\f(1,2)", "SYMBOL 49"):
        assert "no stored result" in read_cell(paragraph(field(instruction, run("")))).doubt["en"]
    assert not read_cell(paragraph(field("EQ \\o(1,2)", run("12")))).doubt
    assert not read_cell(paragraph(field("IF 1 = 2 9 8", run("")))).doubt


def test_a_field_without_a_good_result_is_in_doubt() -> None:
    assert "no stored result" in read_cell(paragraph(field("=SUM(LEFT)"))).doubt["en"]
    assert (
        "out of date"
        in read_cell(paragraph(field("=A", run("4"), begin='w:dirty="1"'))).doubt["en"]
    )
    assert not read_cell(paragraph("5", field(' XE "x"'))).doubt
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    content = read(table(row(cell(paragraph(begun, "5")), "6")))
    assert at(grids(content)[0], 0, 0).doubt
    assert at(grids(content)[0], 0, 1).text == "6"


def test_a_field_may_go_over_paragraphs() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("separate", "end")
    )
    body = paragraph(begin) + paragraph("不见") + paragraph(separate, "见") + paragraph(end, "后")
    assert texts(read(body)) == ["见", "后"]


# --- tracked changes ------------------------------------------------------------------------------


def put_in(text: str) -> str:
    return f"<w:ins>{run(text)}</w:ins>"


def taken_out(text: str) -> str:
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def test_a_figure_put_in_where_there_was_none_is_read_with_a_note() -> None:
    content = read(table(row("标签", cell(paragraph(put_in("12"))))))
    assert at(grids(content)[0], 0, 1) == GridCell("12", Place(table=1, row=1, column=2))
    assert "1 tracked change" in notes(content)


@pytest.mark.parametrize(
    ("inner", "after", "before"),
    [
        (taken_out("12") + put_in("13"), "13", "12"),
        (run("1") + put_in("2"), "12", "1"),
        (run("12") + taken_out("3"), "12", "123"),
        (f"<w:moveFrom>{run('5')}</w:moveFrom><w:moveTo>{run('6')}</w:moveTo>", "6", "5"),
    ],
)
def test_a_figure_changed_is_in_doubt_with_both(inner: str, after: str, before: str) -> None:
    met = read_cell(paragraph(inner))
    assert (met.text, met.readings) == (after, (after, before))
    assert "tracked change" in met.doubt["en"]


def test_text_outside_tables_is_read_as_if_changes_were_accepted() -> None:
    content = read(paragraph(run("共") + taken_out("12") + put_in("13") + run("件")))
    assert texts(content) == ["共13件"]
    assert "2 tracked changes" in notes(content)


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    ended = "<w:rPr><w:del/></w:rPr>"
    assert texts(read(paragraph("上", properties=ended) + paragraph("下"))) == ["上下"]


def test_rows_taken_out_are_left_out_and_cells_put_in_are_in_doubt() -> None:
    body = table(
        row("甲", "1"),
        row("乙", "2", properties="<w:del/>"),
        row("丙", cell("3", properties="<w:cellIns/>")),
    )
    content = read(body)
    assert shown(grids(content)[0]) == [["甲", "1"], ["丙", "3"]]
    assert at(grids(content)[0], 1, 1).doubt
    assert "2 tracked changes" in notes(content)


# --- tables ---------------------------------------------------------------------------------------


def test_merged_cells_stand_in_every_position_they_cover() -> None:
    grid = grids(
        read(
            table(
                row(cell("角", properties=f'<w:gridSpan w:val="2"/>{MERGE}'), "甲", "乙"),
                row(cell(properties=f'<w:gridSpan w:val="2"/>{GOES_ON}'), "1", "2"),
                row(
                    cell("横", properties='<w:hMerge w:val="restart"/>'),
                    cell(properties="<w:hMerge/>"),
                    cell(properties=GOES_ON),
                    "3",
                ),
            )
        )
    )[0]
    assert shown(grid) == [["角", "角", "甲", "乙"], ["角", "角", "1", "2"], ["横", "横", "1", "3"]]
    assert at(grid, 0, 0) is at(grid, 1, 1)
    assert at(grid, 2, 0) is at(grid, 2, 1)
    assert grid.aligned


def test_a_merged_cell_made_by_another_program() -> None:
    document = python_docx.Document()
    made = document.add_table(rows=3, cols=3)
    for i in range(9):
        made.cell(i // 3, i % 3).text = str(i)
    made.cell(0, 0).merge(made.cell(1, 1)).text = "并"
    buffer = io.BytesIO()
    document.save(buffer)
    grid = grids(read_docx(buffer.getvalue(), DEFAULT_LIMITS))[0]
    assert shown(grid) == [["并", "并", "2"], ["并", "并", "5"], ["6", "7", "8"]]
    assert not at(grid, 0, 0).doubt


def test_a_row_that_begins_late_and_ends_early() -> None:
    short = row("1", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>')
    grid = grids(read(table(row("甲", "乙", "丙"), short)))[0]
    assert shown(grid) == [["甲", "乙", "丙"], [None, "1", None]]
    assert grid.aligned


def test_rows_of_unequal_width_are_not_aligned() -> None:
    grid = grids(read(table(row("甲", "乙", "丙"), row("丁", "1"))))[0]
    assert shown(grid)[1] == ["丁", "1", None]
    assert not grid.aligned


def test_text_under_a_merged_cell_makes_it_doubtful() -> None:
    body = table(row(cell("1", properties=MERGE), "2"), row(cell("3", properties=GOES_ON), "4"))
    met = at(grids(read(body))[0], 1, 0)
    assert (met.text, met.readings) == ("1", ("1", "3"))
    assert met.doubt


def test_a_hidden_row_is_left_out_with_a_note() -> None:
    content = read(table(row("甲", "1"), row("乙", "2", properties="<w:hidden/>"), row("丙", "3")))
    assert shown(grids(content)[0]) == [["甲", "1"], ["丙", "3"]]
    assert "1 hidden table row" in notes(content)


@pytest.mark.parametrize(
    "left_out",
    ["<w:hidden/>", '<w:del w:id="1"/>', '<w:trHeight w:val="20" w:hRule="exact"/>'],
)
def test_rows_of_tables_that_arrange_others_are_left_out_as_of_others(left_out: str) -> None:
    old, new = table(row("甲", "1")), table(row("甲", "2"))
    content = read(table(row(cell(old), properties=left_out), row(cell(new))))
    assert [shown(grid) for grid in grids(content)] == [[["甲", "2"]]]
    assert "1 table row" in notes(content)
    boxed = table(row(cell("9"), properties=left_out), row(cell("12")))
    assert "9" not in "".join(texts(read(table(row("标签", cell(boxed))))))
    assert read_cell(table(row(cell("9"), properties=left_out))).text == ""


@pytest.mark.parametrize("what", ["<w:pgNum/>", "<w:dayLong/>", '<w:contentPart r:id="ink"/>'])
def test_what_word_prints_and_the_file_does_not_say_is_a_doubt(what: str) -> None:
    met = read_cell(paragraph(f"<w:r>{what}</w:r>", "12"))
    assert met.text == "12" and met.doubt


def test_a_font_of_signs_shows_no_digits() -> None:
    signs = run("12", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>')
    assert read_cell(paragraph(signs)).doubt
    assert not read_cell(paragraph(run("12", '<w:rFonts w:ascii="Arial"/>'))).doubt


def test_a_piece_in_another_format_is_why_rows_are_missing() -> None:
    content = read(paragraph("标题") + '<w:altChunk r:id="piece"/>')
    assert "another format" in content.unread["en"]


@pytest.mark.parametrize("where", ["header", "footer"])
@pytest.mark.parametrize(("numbers", "is_noted"), [(4, True), (3, False)])
def test_a_table_in_the_margin_of_the_page_is_why_rows_are_missing(
    where: str, numbers: int, is_noted: bool
) -> None:
    content = read(
        paragraph("标题"), **{where: table(row("合计", *("12" for _ in range(numbers))))}
    )
    assert ("page header" in content.unread.get("en", "")) == is_noted
    assert any("page header" in note["en"] for note in content.notes) == is_noted
    assert not grids(content)


def test_tables_within_a_table_are_grids_and_the_rest_of_it_is_text() -> None:
    inner = table(row("甲", "1"))
    content = read(table(row(cell("导言", inner), "旁注")))
    assert texts(content) == ["导言", "旁注"]
    assert shown(grids(content)[0]) == [["甲", "1"]]
    assert grids(content)[0].place == Place(table=2)


def test_a_frame_around_text_is_no_table_and_one_within_a_cell_is_its_text() -> None:
    assert texts(read(table(row("声明")))) == ["声明"]
    assert read_cell(table(row("12")), paragraph()).text == "12"


def test_rows_and_cells_may_be_wrapped_in_content_controls() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{cell('5')}</w:sdtContent></w:sdt>"
    line = f"<w:sdt><w:sdtContent><w:tr>{cell('甲')}{wrapped}</w:tr></w:sdtContent></w:sdt>"
    assert shown(grids(read(table(line)))[0]) == [["甲", "5"]]


# --- automatic numbers ----------------------------------------------------------------------------


def level(number: int, format_: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


HEADINGS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、", '<w:suff w:val="nothing"/>')
    + level(1, "japaneseCounting", "（%2）", '<w:suff w:val="nothing"/>')
    + level(2, "decimal", "%3.", '<w:suff w:val="nothing"/>')
    + level(3, "decimal", "%1.%4", "<w:isLgl/>")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def numbered(text: str, depth: int, number: int = 1) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=properties)


def test_headings_have_the_numbers_that_word_prints() -> None:
    body = "".join(
        numbered(text, depth)
        for text, depth in [
            ("总体", 0), ("公开", 1), ("申请", 1), ("细目", 2), ("细目", 2), ("表", 0),
            ("公开", 1), ("条", 3), ("细目", 2),
        ]
    )  # fmt: skip
    content = read(body + numbered("另起", 0, 2) + numbered("再", 0, 2), numbering=HEADINGS)
    assert texts(content) == [
        "一、总体", "（一）公开", "（二）申请", "1.细目", "2.细目", "二、表",
        "（一）公开", "2.1 条", "1.细目", "五、另起", "六、再",
    ]  # fmt: skip


def test_a_style_may_bring_the_number() -> None:
    numbering = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
    styles = (
        f'<w:style w:type="paragraph" w:styleId="t"><w:pPr>{numbering}</w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="u"><w:basedOn w:val="t"/></w:style>'
    )
    body = paragraph("甲", properties='<w:pStyle w:val="u"/>')
    off = paragraph("乙", properties='<w:pStyle w:val="u"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(read(body + off, numbering=HEADINGS, styles=styles)) == ["（一）甲", "乙"]


def test_an_automatic_number_neither_joins_a_figure_nor_is_taken_for_one() -> None:
    assert read_cell(numbered("5", 2), numbering=HEADINGS).text == "1. 5"
    met = read_cell(numbered("", 2), numbering=HEADINGS)
    assert (met.text, "automatic number" in met.doubt["en"]) == ("1.", True)


def test_a_number_of_unknown_format_is_left_out_and_said() -> None:
    numbering = HEADINGS.replace("japaneseCounting", "thaiCounting")
    content = read(numbered("甲", 1), numbering=numbering)
    assert texts(content) == ["甲"]
    assert "unknown format (thaiCounting)" in notes(content)


def test_a_number_that_refers_to_a_level_not_begun_is_left_out_and_said() -> None:
    content = read(numbered("条", 3) + numbered("总体", 0) + numbered("条", 3), numbering=HEADINGS)
    assert texts(content) == ["条", "一、总体", "1.1 条"]
    assert "level not begun" in notes(content)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (105, "一百零五"),
     (110, "一百一十"), (1001, "一千零一"), (9010, "九千零一十"), (0, None), (10_000, None)],
)  # fmt: skip
def test_chinese_numbers(number: int, words: str | None) -> None:
    assert chinese_number(number) == words


# --- real files -----------------------------------------------------------------------------------


@needs_formats
@pytest.mark.parametrize("name", ["report", "dense"])
def test_every_figure_of_a_docx_is_under_its_headings(name: str) -> None:
    content = read_docx(corpus(f"{name}.docx"), DEFAULT_LIMITS)
    assert_expected(content, "expected.json" if name == "report" else "expected_dense.json")
    assert content.notes == ()


@needs_libreoffice
@needs_formats
@pytest.mark.parametrize("name", ["report.doc", "dense.wps"])
def test_every_figure_of_a_word_97_file_is_under_its_headings(name: str) -> None:
    content = read_word97(corpus(name), DEFAULT_LIMITS)
    assert_expected(content, "expected.json" if "report" in name else "expected_dense.json")
    assert "LibreOffice" in notes(content)


@needs_libreoffice
def test_rtf_keeps_its_cells() -> None:
    rtf = (
        rb"{\rtf1\ansi\trowd\cellx2000\cellx4000\intbl \u30002?\cell 12\cell\row"
        rb"\trowd\cellx2000\cellx4000\intbl \u20057?\cell 34\cell\row\pard end\par}"
    )
    content = read_word97(rtf, DEFAULT_LIMITS)
    assert shown(grids(content)[0]) == [["甲", "12"], ["乙", "34"]]
    assert texts(content) == ["end"]


@needs_libreoffice
def test_an_open_document_is_read_and_what_it_links_to_is_not_fetched() -> None:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    try:
        content = read_word97(open_document(address), DEFAULT_LIMITS)
    finally:
        server.shutdown()
        server.server_close()
    assert texts(content) == ["甲"]
    assert "1 picture" in notes(content)
    assert asked == []


def open_document(address: str) -> bytes:
    """A text with a picture that is to be found at ``address``."""
    kind = "application/vnd.oasis.opendocument.text"
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": (
                f'<m:manifest xmlns:m="{space}manifest:1.0">'
                f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
                '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
            ),
            "content.xml": (
                f'<o:document-content xmlns:o="{space}office:1.0" xmlns:t="{space}text:1.0" '
                f'xmlns:d="{space}drawing:1.0" xmlns:s="{space}svg-compatible:1.0" '
                'xmlns:x="http://www.w3.org/1999/xlink" o:version="1.2"><o:body><o:text><t:p>甲'
                '<d:frame t:anchor-type="as-char" s:width="1cm" s:height="1cm">'
                f'<d:image x:href="{address}" x:type="simple"/></d:frame>'
                "</t:p></o:text></o:body></o:document-content>"
            ),
        }
    )


# --- what is refused ------------------------------------------------------------------------------


def test_archives_that_swell_are_refused() -> None:
    bomb = docx_parts("") | {"word/media/image1.bin": b"\0" * (20 * 1024 * 1024)}
    assert "swells to" in refusal(zipped(bomb))
    small = replace(DEFAULT_LIMITS, most_unpacked_bytes=1000)
    assert "unpacks to" in refusal(docx(paragraph("字" * 2000)), small)
    many = docx_parts("") | {f"x/{i}": b"" for i in range(10_001)}
    assert "10004 files" in refusal(zipped(many, zipfile.ZIP_STORED))


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(docx(paragraph("字" * 50_000)))
    listed = zipfile.ZipFile(io.BytesIO(bytes(data))).getinfo("word/document.xml")
    directory = data.rindex(b"word/document.xml")
    size_at = directory - 46 + 24
    assert data[size_at : size_at + 4] == listed.file_size.to_bytes(4, "little")
    # What it says to be the whole is a part whose checksum is right.
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as file:
        start = file.read("word/document.xml")[:1000]
    data[size_at : size_at + 4] = (1000).to_bytes(4, "little")
    data[size_at - 8 : size_at - 4] = zlib.crc32(start).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(data))


def test_entities_are_never_expanded() -> None:
    parts = docx_parts(paragraph("&b;"))
    declared = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaa'>" + "<!ENTITY b '&a;&a;&a;'>]>"
    parts["word/document.xml"] = declared + str(parts["word/document.xml"])
    assert "document type" in refusal(zipped(parts))
    outside = "<!DOCTYPE w [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>"
    parts = docx_parts(paragraph("&b;"))
    parts["word/document.xml"] = outside + str(parts["word/document.xml"])
    assert "document type" in refusal(zipped(parts))


def test_laughs_by_the_billion_are_refused() -> None:
    entities = "<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {after} '{f'&{before};' * 10}'>"
        for before, after in itertools.pairwise("abcdefghij")
    )
    parts = docx_parts(paragraph("&j;"))
    parts["word/document.xml"] = f"<!DOCTYPE w [{entities}]>" + str(parts["word/document.xml"])
    assert refusal(zipped(parts))


@pytest.mark.parametrize("depth", [199, 300, 20_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    body = f"{'<w:sdt>' * depth}{paragraph('底')}{'</w:sdt>' * depth}"
    assert refusal(docx(body))


def test_nesting_within_the_limit_is_read() -> None:
    body = f"{'<w:sdt>' * 190}{paragraph('底')}{'</w:sdt>' * 190}"
    assert texts(read(body)) == ["底"]


def test_tables_that_claim_too_many_cells_are_refused() -> None:
    wide = cell("1", properties='<w:gridSpan w:val="999999999"/>')
    assert "claims more than 200000 cells" in refusal(docx(table(row("甲", wide))))
    several = docx((table(row("甲", "1", "2")) + paragraph()) * 4)
    few = replace(DEFAULT_LIMITS, most_cells=11)
    assert "tables of the file have more than 11 cells" in refusal(several, few)
    assert len(grids(read_docx(several, replace(few, most_cells=12)))) == 4


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
        (zipped({"a.txt": "text"}), "not hold an office document"),
    ],
)
def test_what_is_no_word_document_is_refused(data: bytes, why: str) -> None:
    assert why in refusal(data)


def test_a_workbook_is_no_word_document() -> None:
    parts = docx_parts("")
    parts["word/document.xml"] = "<workbook/>"
    assert "no Word document" in refusal(zipped(parts))


@needs_formats
def test_an_encrypted_word_97_file_is_refused_before_it_is_converted() -> None:
    data = bytearray(corpus("report.doc"))
    data[data.index(b"\xec\xa5") + 11] |= 0x01
    with pytest.raises(UnreadableSource, match="password"):
        read_word97(bytes(data), DEFAULT_LIMITS)


@needs_formats
@pytest.mark.parametrize("reader", [read_word97, read_workbook])
def test_an_encrypted_newer_file_is_refused(reader: Callable[[bytes, Limits], Content]) -> None:
    """Such a file is a compound file with one stream, here another one by a new name."""
    data = bytearray(corpus("report.doc"))
    entry = data.index("WordDocument".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[entry : entry + 64] = name.ljust(64, b"\0")
    data[entry + 64 : entry + 66] = (len(name) + 2).to_bytes(2, "little")
    with pytest.raises(UnreadableSource, match="password"):
        reader(bytes(data), DEFAULT_LIMITS)


@needs_formats
def test_a_word_97_file_is_no_workbook() -> None:
    with pytest.raises(UnreadableSource, match="holds no workbook"):
        read_workbook(corpus("report.doc"), DEFAULT_LIMITS)
    with pytest.raises(UnreadableSource, match="holds no Word document"):
        read_word97(corpus("report.xls"), DEFAULT_LIMITS)


def test_without_libreoffice_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UnreadableSource, match="libreoffice-writer"):
        read_word97(b"{\\rtf1 x}", DEFAULT_LIMITS)


def test_a_conversion_that_hangs_is_killed_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "child"
    fake = f"#!/bin/sh\nsleep 600 &\necho $! > {told}\nwait\n"
    monkeypatch.setenv("PATH", f"{folder_of_fake(fake, tmp_path)}:{os.environ['PATH']}")
    with pytest.raises(UnreadableSource, match="within 1 seconds"):
        read_word97(b"{\\rtf1 x}", replace(DEFAULT_LIMITS, seconds=1))
    child = int(told.read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.02)
    pytest.fail("what the converter started is still running")


def test_a_conversion_that_makes_nothing_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{folder_of_fake('#!/bin/sh', tmp_path)}:{os.environ['PATH']}")
    with pytest.raises(UnreadableSource, match="cannot open"):
        read_word97(b"{\\rtf1 x}", DEFAULT_LIMITS)


# --- whatever the bytes ---------------------------------------------------------------------------

BASE = docx(
    numbered("总体", 0) + table(row(cell("甲", properties=MERGE), "1"), row("乙", "2")),
    numbering=HEADINGS,
    styles='<w:style w:type="paragraph" w:styleId="t"/>',
)


@settings(max_examples=examples(150))
@given(st.integers(0, 2**32), st.booleans())
def test_spoiled_files_are_read_or_refused(seed: int, within: bool) -> None:
    """Bytes changed in the archive, or in its XML before it is packed."""
    chance = random.Random(seed)
    if within:
        parts = unzipped(BASE)
        name = chance.choice(sorted(parts))
        parts[name] = spoil(bytes(parts[name]), chance)  # type: ignore[arg-type]
        data = zipped(parts)
    else:
        data = spoil(BASE, chance)
    try:
        read_docx(data, DEFAULT_LIMITS)
    except UnreadableSource as error:
        assert str(error)


def spoil(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 5)):
        where = chance.randrange(len(changed))
        changed[where : where + chance.randint(0, 3)] = chance.choice(
            [b"", b"0", b"<", b'"', b"\xff", b"9999999999", chance.randbytes(3)]
        )
    return (
        bytes(changed)
        if chance.random() < 0.9
        else bytes(changed[: chance.randrange(len(changed))])
    )
