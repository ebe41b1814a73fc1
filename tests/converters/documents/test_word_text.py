"""The text of Word documents: paragraphs, figures, tracked changes, automatic numbers."""

import pytest

from gongkai.converters.documents.model import GridCell, Place
from gongkai.converters.documents.word.numbering import chinese_number
from helpers.office_files import (
    at,
    cell,
    grids,
    notes,
    paragraph,
    row,
    run,
    shown,
    table,
    texts,
)
from helpers.word_documents import HEADINGS, numbered, read, read_cell

MATHS = "<m:r><m:t>12</m:t></m:r><m:r><m:t>2</m:t></m:r>"


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


# --- automatic numbers ----------------------------------------------------------------------------


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
