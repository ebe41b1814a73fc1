"""The tables of Word documents."""

import io

import docx as python_docx
import pytest

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Place
from gongkai.converters.documents.word.docx import read_docx
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
from helpers.word_documents import GOES_ON, MERGE, read, read_cell


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
