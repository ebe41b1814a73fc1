"""The reader of PDFs: what stands where, and that no figure is told which the page does not."""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell, Place, TextBlock
from gongkai.converters.documents.pdf import cell_reading
from gongkai.converters.documents.pdf.reader import read_pdf
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.labels import fold_label
from helpers.commands import ORIGINAL
from helpers.pdf_maker import (
    COLUMNS,
    HEIGHT,
    LEFT,
    ROW,
    TOP,
    WIDTH,
    make,
    many_pages,
    picture,
    spot,
    table,
    write,
)
from helpers.profiles import examples

CORPUS = ORIGINAL.parents[2]

HEAD = ("信息内容", "制发件数", "废止件数", "现行有效件数")
ROWS = (HEAD, ("规章", "11", "8", "103"), ("行政规范性文件", "20", "0", "1475"))


def read(data: bytes) -> Content:
    return read_pdf(data, DEFAULT_LIMITS)


def drawn(draw: Callable[[Canvas], None], **settings: Any) -> Content:
    return read(make(draw, **settings))


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def blocks(content: Content) -> list[str]:
    return [item.text for item in content.items if isinstance(item, TextBlock)]


def texts(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def cells(content: Content) -> list[GridCell]:
    return [
        cell for grid in grids(content) for i in range(len(grid.rows)) for cell in grid.distinct(i)
    ]


def doubtful(content: Content) -> list[GridCell]:
    return [cell for cell in cells(content) if cell.doubt]


def noted(content: Content) -> str:
    return "\n".join(note["en"] for note in content.notes)


# --- real and converted reports ---------------------------------------------------------------


def corpus(name: str) -> bytes:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"no corpus at {CORPUS}: tested on made PDFs alone")
    return path.read_bytes()


@cache
def read_corpus(name: str) -> Content:
    return read(corpus(name))


FORMATS = [
    (f"{kind}{form}", expected)
    for kind, expected in (("report", "expected.json"), ("dense", "expected_dense.json"))
    for form in ("", "_onepage", "_chromium")
]


@pytest.mark.parametrize(("name", "expected"), FORMATS)
def test_every_number_of_a_converted_report_stands_in_its_row_and_column(
    name: str, expected: str
) -> None:
    content = read_corpus(f"formats/{name}.pdf")
    truth = json.loads(corpus(f"formats/{expected}"))
    second, third, fourth = grids(content)
    assert not doubtful(content)

    wanted = truth["table3_applications"]["rows"]
    rows = value_rows(third, 3)
    assert third.width == 10
    assert [numbers for _, numbers in rows] == [row["values"] for row in wanted]
    for (label, _), row in zip(rows, wanted, strict=True):
        # The labels of one file were broken off by the page, or garbled at the source.
        assert fold_label(label)[:6] == fold_label(row["path"][-1])[:6]

    assert value_rows(fourth, 0)[-1][1] == truth["table4_review_litigation"]["values"]
    assert fourth.width == 15

    stated = {
        label: numbers
        for block in truth["table2_proactive"]
        for label, numbers in block["rows"].items()
    }
    found = {fold_label(label): numbers for label, numbers in value_rows(second, 1)}
    for label, numbers in stated.items():
        assert found[fold_label(label)] == numbers


def value_rows(grid: Grid, first: int) -> list[tuple[str, list[int]]]:
    """The rows with numbers from column ``first`` on: the last label, and the numbers."""
    rows = []
    for row in grid.rows:
        values = [cell for cell, _ in itertools.groupby(row[first:])]
        if all(cell and cell.text.isdigit() for cell in values):
            label = row[first - 1] if first else None
            rows.append((label.text if label else "", [int(c.text) for c in values if c]))
    return rows


def test_hongze() -> None:
    """A report written with WPS: shaded paragraphs, tables two and three over page breaks."""
    content = read_corpus("cn/reports/js-huaian-hongze-2023.pdf")
    truth = json.loads(corpus("cn/expected.json"))["reports"]["js-huaian-hongze-2023"]
    second, third, fourth = grids(content)
    assert not doubtful(content)
    assert [numbers for _, numbers in value_rows(third, 3)] == list(truth["t3"].values())
    assert value_rows(fourth, 0)[-1][1] == truth["t4"]
    rows = {row[0].text: [c.text for c in row[1:] if c] for row in second.rows if row[0]}
    assert rows["规章"] == ["0", "0", "0"] and rows["行政规范性文件"] == ["0", "5", "5"]
    assert [rows[label][0] for label in ("行政许可", "行政处罚", "行政强制", "行政事业性收费")] == [
        "550",
        "4119",
        "195",
        "7730.28",
    ]
    assert {cell.place.page for row in third.rows for cell in row if cell} == {3, 4}
    assert third.rows[5][0] is third.rows[16][0]
    said = blocks(content)
    assert {"一、总体情况", "六、其他需要报告的事项"} <= set(said)
    assert not any("- 3 -" in text or text.startswith("国政府信息") for text in said)


# --- tables -----------------------------------------------------------------------------------


def test_a_table_and_where_its_cells_stand() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, LEFT, 760, "二、主动公开政府信息情况", 12)
        table(canvas, ROWS)

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid) == [list(row) for row in ROWS]
    assert grid.aligned and grid.place == Place(page=1, table=1)
    assert grid.rows[2][3] == GridCell("1475", Place(page=1, table=1, row=3, column=4))
    assert blocks(content) == ["二、主动公开政府信息情况"]
    assert "cells with digits, read twice, independently: 6; the same both times: 6" in noted(
        content
    )


def test_merged_cells_are_one_object_wherever_they_reach() -> None:
    def draw(canvas: Canvas) -> None:
        # 2 x 3: the first cell two rows high, the one beside it two columns wide.
        for x, top in ((72, 700), (132, 700), (192, 680), (252, 700)):
            canvas.line(x, top, x, 660)
        for y, left in ((700, 72), (680, 132), (660, 72)):
            canvas.line(left, y, 252, y)
        for x, y, text in ((77, 685, "办理"), (77, 670, "结果"), (137, 686, "总计")):
            write(canvas, x, y, text)
        for x, text in ((137, "3"), (197, "4")):
            write(canvas, x, 666, text)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [["办理\n结果", "总计", "总计"], ["办理\n结果", "3", "4"]]
    assert grid.rows[0][0] is grid.rows[1][0]
    assert grid.rows[0][1] is grid.rows[0][2]
    assert grid.rows[1][2] is not None and grid.rows[1][2].place.column == 3


def test_a_row_without_a_rule_below_it_is_not_lost() -> None:
    (grid,) = grids(drawn(lambda canvas: void(table(canvas, ROWS, bottom_rule=False))))
    assert texts(grid) == [list(row) for row in ROWS]


def void(_: object) -> None:
    """Take a value and give none."""


def test_a_table_with_open_sides() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(LEFT, 780, 500, 780)
        write(canvas, LEFT, 790, "某局年度报告")
        write(canvas, LEFT, 740, "以下是情况：")
        for i in range(4):
            canvas.line(LEFT, TOP - i * ROW, LEFT + sum(COLUMNS), TOP - i * ROW)
        for i in range(1, 4):
            x = LEFT + sum(COLUMNS[:i])
            canvas.line(x, TOP, x, TOP - 3 * ROW)
        for r, c in itertools.product(range(3), range(4)):
            write(canvas, *spot(r, c), ROWS[r][c])

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid) == [list(row) for row in ROWS]
    assert blocks(content) == ["某局年度报告", "以下是情况："]


def test_a_table_over_three_pages_is_one_with_its_repeated_heads() -> None:
    numbers = [(f"{i}.事项", str(i), str(i + 1), str(2 * i + 1)) for i in range(1, 31)]

    def draw(canvas: Canvas) -> None:
        write(canvas, LEFT, 780, "三、收到和处理申请情况", 12)
        for page in range(3):
            table(canvas, (HEAD, *numbers[10 * page : 10 * page + 10]), bottom_rule=page == 2)
            write(canvas, 290, 40, f"— {page + 1} —")
            if page < 2:
                canvas.showPage()

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid) == [
        list(row) for page in range(3) for row in (HEAD, *numbers[10 * page : 10 * page + 10])
    ]
    last = grid.rows[32][1]
    assert last is not None and last.text == "30"
    assert last.place == Place(page=3, table=1, row=33, column=2)
    assert blocks(content) == ["三、收到和处理申请情况"]
    assert not doubtful(content)


@pytest.mark.parametrize("between", ["words", "other columns"])
def test_tables_that_do_not_go_on_are_two(between: str) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, ROWS)
        canvas.showPage()
        if between == "words":
            write(canvas, LEFT, 780, "四、行政复议、行政诉讼情况")
            table(canvas, ROWS)
        else:
            table(canvas, ROWS, columns=(150, 80, 80, 70))

    first, second = grids(drawn(draw))
    assert (first.place.table, second.place.table) == (1, 2)
    assert second.rows[1][1] is not None
    assert second.rows[1][1].place == Place(page=2, table=2, row=2, column=2)


def test_a_page_that_divides_a_column_divides_it_on_the_others() -> None:
    """As where a stub has two levels of labels on the second page alone."""

    def draw(canvas: Canvas) -> None:
        table(canvas, (("一、新收", "3"),), columns=(160, 60))
        canvas.showPage()
        table(canvas, (("（三）", "1.秘密", "4"),), columns=(80, 80, 60))

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [["一、新收", "一、新收", "3"], ["（三）", "1.秘密", "4"]]
    assert grid.rows[0][0] is grid.rows[0][1]


def test_shades_and_frames_around_text_are_no_tables() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(4):
            canvas.setFillGray(1)
            canvas.rect(LEFT, 700 - 24 * i, 400, 24, stroke=0, fill=1)
            canvas.setFillGray(0)
            write(canvas, LEFT + 2, 706 - 24 * i, f"第{i}行。")
        canvas.rect(40, 40, 515, 762)

    content = drawn(draw)
    assert not grids(content)
    assert blocks(content) == [f"第{i}行。" for i in range(4)]


def test_a_shade_behind_part_of_a_cell_does_not_divide_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(LEFT + COLUMNS[0], TOP - ROW - 8, COLUMNS[1], 8, stroke=0, fill=1)
        canvas.setFillGray(0)
        table(canvas, ROWS)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [list(row) for row in ROWS]


# --- what a cell says, and when it is in doubt ------------------------------------------------


def with_cell(draw_cell: Callable[[Canvas, float, float], None], **settings: Any) -> GridCell:
    """The cell of row 2, column 2 of the usual table, with what was drawn into it.

    No other cell of the table may be in doubt.
    """

    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "", "8", "103"), ROWS[2]))
        draw_cell(canvas, *spot(1, 1))

    content = drawn(draw, **settings)
    cell = grids(content)[0].rows[1][1]
    assert cell is not None
    assert [c for c in doubtful(content) if c is not cell] == []
    return cell


@pytest.mark.parametrize("shift", [0.1, 0.4, 0.8])
@pytest.mark.parametrize("text", ["11", "1", "1101", "22"])
def test_bold_by_double_printing_is_read_once(text: str, shift: float) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, text)
        write(canvas, x + shift, y, text)

    cell = with_cell(draw)
    assert (cell.text, cell.doubt) == (text, {})


@pytest.mark.parametrize("space", [0, -0.5, -1.0, -1.5])
@pytest.mark.parametrize("text", ["11", "111", "1113331", "00"])
def test_the_same_digit_set_tightly_is_never_one(text: str, space: float) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(x, y, text, charSpace=space)

    cell = with_cell(draw)
    assert (cell.text, cell.doubt) == (text, {})


@given(
    st.text("0123456789", min_size=1, max_size=6),
    st.floats(0, 3),
    st.floats(0, 3),
    st.floats(-3, 1),
)
@settings(max_examples=examples(40), derandomize=True)
def test_however_digits_are_printed_twice_no_other_number_is_told(
    text: str, across: float, down: float, space: float
) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Helvetica", 10)
        canvas.drawString(x, y, text, charSpace=space)
        canvas.drawString(x + across, y - down, text, charSpace=space)

    cell = with_cell(draw)
    assert cell.doubt or cell.text in (text, f"{text}\n{text}", f"{text} {text}")


def test_digits_over_one_another_are_in_doubt() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "18")
        write(canvas, x, y, "10")

    cell = with_cell(draw)
    assert cell.doubt


def test_the_mark_of_a_footnote_is_not_a_digit_of_the_number() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "12")
        write(canvas, x + 12, y + 3, "1", 6)

    cell = with_cell(draw)
    assert cell.doubt or cell.text != "121"
    assert cell.doubt


def test_digits_set_apart_keep_their_space() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "2")
        write(canvas, x + 12, y, "0")

    assert with_cell(draw).text == "2 0"


def test_the_order_of_digits_in_several_lines_must_be_sure() -> None:
    """The second reading takes lines as they come in the file, here from below."""

    def draw(second: str) -> Content:
        def both(canvas: Canvas) -> None:
            table(canvas, (("22件", "3"),))
            canvas.rect(LEFT, 500, 100, 40)
            canvas.line(LEFT + 80, 500, LEFT + 80, 540)
            write(canvas, LEFT + 5, 505, second)
            write(canvas, LEFT + 5, 525, "22（修订")

        return drawn(both)

    assert [cell.text for cell in doubtful(draw("16件）"))] == ["22（修订\n16件）"]
    assert not doubtful(draw("若干件）"))


@pytest.mark.parametrize("start", range(52, 78, 3))
def test_a_number_that_runs_on_over_a_rule_and_another_number_is_not_read_in_part(
    start: int,
) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "", "1847", "103")))
        x, y = spot(1, 1)
        write(canvas, x + start, y, "123456")

    (grid,) = grids(drawn(draw))
    read = [cell.text for cell in grid.rows[1] if cell and not cell.doubt]
    assert set(read) <= {"规章", "", "103", "123456", "1847"}


@pytest.mark.parametrize("start", range(30, 78, 4))
def test_a_number_that_runs_on_over_a_rule_is_not_two(start: int) -> None:
    """However the rule cuts it, no part of the number is told as a number."""

    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "", "", "103")))
        x, y = spot(1, 1)
        write(canvas, x + start, y, "123456")

    content = drawn(draw)
    parts = [cell for cell in cells(content) if cell.text and cell.text in "123456"]
    assert "".join(cell.text for cell in parts) == "123456"
    assert len(parts) == 1 or all(cell.doubt for cell in parts)


def invisible(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(3)
    text.textOut("7")
    canvas.drawText(text)


def white(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(1)
    write(canvas, x, y, "7")
    canvas.setFillGray(0)


def clipped(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(0, 0, 50, 50)
    canvas.clipPath(path, stroke=0)
    write(canvas, x, y, "7")
    canvas.restoreState()


def covered(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, "7")
    canvas.setFillGray(1)
    canvas.rect(x - 2, y - 3, 20, 14, stroke=0, fill=1)
    canvas.setFillGray(0)


@pytest.mark.parametrize("draw", [invisible, white, clipped, covered])
def test_a_number_that_is_not_seen_in_print_is_in_doubt(
    draw: Callable[[Canvas, float, float], None],
) -> None:
    cell = with_cell(draw)
    assert cell.doubt and "7" in cell.readings


def test_a_number_hidden_beside_one_that_is_seen() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "5")
        white(canvas, x + 5.56, y)

    assert with_cell(draw).doubt


def as_image(canvas: Canvas, x: float, y: float) -> None:
    canvas.drawImage(picture(), x, y, 20, 12)


def as_outlines(canvas: Canvas, x: float, y: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x, y)
    path.curveTo(x, y + 12, x + 8, y + 12, x + 8, y)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


@pytest.mark.parametrize("draw", [as_image, as_outlines])
def test_a_number_that_is_not_text_does_not_leave_its_cell_blank(
    draw: Callable[[Canvas, float, float], None],
) -> None:
    cell = with_cell(draw)
    assert cell.text == "" and cell.doubt


def test_a_number_filled_into_a_field_is_read() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.acroForm.textfield(name="n", x=x, y=y - 3, width=40, height=14, value="7")

    cell = with_cell(draw)
    assert (cell.text, cell.doubt) == ("7", {})


def test_a_blank_cell_is_blank_even_if_shaded() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=1, fill=1)
        canvas.setFillGray(0)

    cell = with_cell(draw)
    assert (cell.text, cell.doubt) == ("", {})


@pytest.mark.parametrize(("row", "column", "other"), [(1, 1, "17"), (1, 3, ""), (0, 0, "3")])
def test_where_the_readings_differ_the_cell_is_in_doubt(
    row: int, column: int, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = spot(row, column)
    real = SecondPage.glyphs.func  # type: ignore[attr-defined]

    def glyphs(self: SecondPage) -> Any:
        found = real(self)
        here = [
            glyph
            for glyph in found
            if x - 5 < glyph.x0 < x + COLUMNS[column] - 6
            and HEIGHT - y - 14 < glyph.middle[1] < HEIGHT - y + 6
        ]
        changed = [here[0]._replace(text=sign) for sign in other]
        return [glyph for glyph in found if glyph not in here] + changed

    monkeypatch.setattr(SecondPage, "glyphs", property(glyphs))
    content = drawn(lambda canvas: void(table(canvas, ROWS)))
    (cell,) = doubtful(content)
    assert (cell.place.row, cell.place.column) == (row + 1, column + 1)
    assert cell.doubt == cell_reading.READINGS_DIFFER
    assert cell.readings == (ROWS[row][column], other)
    assert "1 are in doubt" in noted(content)


def test_a_font_that_does_not_tell_its_characters() -> None:
    data = make(lambda canvas: void(table(canvas, ROWS)), pageCompression=0)
    # An octet for which the font's encoding has no character.
    spoilt = data.replace(b"(103)", b"(1\x813)")
    assert spoilt != data
    (cell,) = doubtful(read(spoilt))
    assert (cell.place.row, cell.place.column) == (2, 4)
    assert cell.doubt == cell_reading.UNREADABLE


# --- pages that are turned, cut, watermarked --------------------------------------------------


def with_boxes(data: bytes, rotation: int, crop: Sequence[int] | None, media: str) -> bytes:
    """The uncompressed PDF with other page boxes."""
    extra = f"/Rotate {rotation} " + (f"/CropBox [{' '.join(map(str, crop))}] " if crop else "")
    old = b"/MediaBox [ 0 0 595 842 ]"
    assert data.count(old) == 1
    data = data.replace(b" /Rotate 0", b"")
    return data.replace(old, f"/MediaBox [ {media} ] {extra}".encode())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 600, 500, 800), (-10, 500, 700, 790)])
@pytest.mark.parametrize("media", ["0 0 595 842", "20 30 595 842"])
def test_pages_turned_and_cut_are_read_as_if_upright(
    rotation: int, crop: tuple[int, ...] | None, media: str
) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, ROWS)
        write(canvas, 300, 450, "页外 99")

    content = read(with_boxes(make(draw, pageCompression=0), rotation, crop, media))
    grid = grids(content)[0]
    assert texts(grid) == [list(row) for row in ROWS]
    assert not doubtful(content)
    assert ("lies on its side" in noted(content)) == (rotation != 0)
    outside = [text for text in blocks(content) + [c.text for c in cells(content)] if "外" in text]
    assert bool(outside) == (crop is None)


def test_a_page_set_sideways_and_turned_upright() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.translate(0, -120)
        table(canvas, ROWS, top=500)

    data = with_boxes(make(draw, pageCompression=0), 90, None, "0 0 595 842")
    content = read(data)
    (grid,) = grids(content)
    assert texts(grid) == [list(row) for row in ROWS]
    assert not doubtful(content)


def test_a_watermark_is_left_out_and_noted() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillGray(0.8)
        canvas.translate(200, 620)
        canvas.rotate(40)
        write(canvas, 0, 0, "2024", 60)
        canvas.restoreState()
        table(canvas, ROWS)

    content = drawn(draw)
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]
    assert not doubtful(content)
    assert "aslant" in noted(content) and "2024" in noted(content)


def test_the_digits_of_a_watermark_do_not_make_a_rule_a_stroke() -> None:
    """They are large: the rules of a table may run through their middle."""

    def draw(canvas: Canvas) -> None:
        table(canvas, [["规章", "1", "2", "3"]] * 6)
        canvas.saveState()
        canvas.translate(LEFT + 60, TOP - 190)
        canvas.rotate(40)
        canvas.setFillGray(0.85)
        write(canvas, 0, 0, "20242024", 70)
        canvas.restoreState()

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [["规章", "1", "2", "3"]] * 6


# --- text outside tables ----------------------------------------------------------------------


def test_lines_become_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 200, 780, "某区年度报告", 20)
        lines = [
            (0, "一、总体情况"),
            (24, "字" * 29 + "甲"),
            (0, "乙" + "字" * 30 + "。"),
            (0, "字" * 31 + "丙"),
            (0, "丁，完。"),
            (24, "（一）主动公开情况。" + "字" * 20),
            (0, "戊"),
        ]
        for i, (indent, text) in enumerate([*lines, *lines[1:5]]):
            write(canvas, 90 + indent, 740 - 20 * i, text, 12)

    said = blocks(drawn(draw))
    paragraph = "字" * 29 + "甲乙" + "字" * 30 + "。" + "字" * 31 + "丙丁，完。"
    assert said == [
        "某区年度报告",
        "一、总体情况",
        paragraph,
        "（一）主动公开情况。" + "字" * 20 + "戊",
        paragraph,
    ]


def test_a_line_that_ends_early_for_a_long_word_goes_on() -> None:
    def draw(canvas: Canvas) -> None:
        for i, text in enumerate(["字" * 34, "字" * 28 + "邮编", "100716-100717号"]):
            write(canvas, 90, 740 - 20 * i, text, 12)
        write(canvas, 90, 680, "字" * 28 + "终于")
        write(canvas, 90, 660, "完")

    first, *rest = blocks(drawn(draw))
    assert first == "字" * 62 + "邮编100716-100717号"
    assert rest == ["字" * 28 + "终于", "完"]


def test_a_paragraph_goes_on_over_a_page_break_without_heads_and_page_numbers() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 4):
            write(canvas, 240, 800, "某局二〇二三年报", 9)
            for i in range(30):
                write(canvas, 90, 760 - 20 * i, "字" * 34 + f"{page % 10}", 12)
            write(canvas, 290, 30, str(page), 9)
            canvas.showPage()

    content = drawn(draw)
    (paragraph,) = (item for item in content.items if isinstance(item, TextBlock))
    assert paragraph.text == "".join(("字" * 34 + str(page)) * 30 for page in range(1, 4))
    assert paragraph.place == Place(page=1)
    assert "某局二〇二三年报" in noted(content)
    assert "page numbers left out: 1, 2, 3" in noted(content)


def test_numbers_at_the_foot_that_do_not_count_pages_are_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for number in ("7", "0", "12"):
            write(canvas, 90, 400, "字字。", 12)
            write(canvas, 90, 60, number, 12)
            canvas.showPage()

    assert blocks(drawn(draw)) == ["字字。", "7", "字字。", "0", "字字。", "12"]


def without_rules(canvas: Canvas) -> None:
    for r, c in itertools.product(range(3), range(4)):
        write(canvas, *spot(r, c), ROWS[r][c])


def test_rows_without_rules_are_a_table_by_their_alignment() -> None:
    (grid,) = grids(drawn(without_rules))
    assert grid.aligned and texts(grid) == [list(row) for row in ROWS]


def test_a_row_alone_without_rules_is_given_part_by_part() -> None:
    def draw(canvas: Canvas) -> None:
        for c in range(4):
            write(canvas, *spot(1, c), ROWS[1][c])

    assert blocks(drawn(draw)) == list(ROWS[1])


def test_a_row_without_rules_can_be_in_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        without_rules(canvas)
        white(canvas, *spot(3, 1))
        write(canvas, *spot(3, 0), "行政许可")

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid)[-1] == ["行政许可", "7", "", ""]
    assert [cell.text for cell in doubtful(content)] == ["7"]


# --- scans --------------------------------------------------------------------------------------


def scanned(canvas: Canvas) -> None:
    canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)


def layered(canvas: Canvas) -> None:
    scanned(canvas)
    text = canvas.beginText(*spot(1, 1))
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(3)
    for line in ("11", "12", "13"):
        text.textLine(line)
    canvas.drawText(text)


def in_strips(canvas: Canvas) -> None:
    for i in range(10):
        canvas.drawImage(picture(), 0, 84 * i, WIDTH, 84)
    invisible(canvas, *spot(1, 1))


def under_the_image(canvas: Canvas) -> None:
    table(canvas, ROWS)
    scanned(canvas)


def outlined(canvas: Canvas) -> None:
    for i in range(5):
        canvas.circle(100 + 40 * i, 500, 10)


ONLY_SEEN = [scanned, layered, in_strips, under_the_image, outlined]


@pytest.fixture
def no_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: None)


@pytest.mark.usefixtures("no_recognition")
@pytest.mark.parametrize("draw", ONLY_SEEN)
def test_a_scan_is_refused_where_it_cannot_be_read(draw: Callable[[Canvas], None]) -> None:
    with pytest.raises(UnreadableSource, match=r"install gongkai-lod\[ocr\]"):
        drawn(draw)


@pytest.mark.usefixtures("no_recognition")
@pytest.mark.parametrize("draw", ONLY_SEEN)
def test_a_scanned_page_among_others_is_noted_and_its_layer_not_believed(
    draw: Callable[[Canvas], None],
) -> None:
    def both(canvas: Canvas) -> None:
        table(canvas, ROWS)
        canvas.showPage()
        draw(canvas)

    content = drawn(both)
    assert [item.place.page for item in content.items] == [1]
    assert "page 2: only an image, not read" in noted(content)
    assert ("another program" in noted(content)) == (draw in ONLY_SEEN[1:4])


def test_a_scanned_page_is_handed_to_character_recognition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    class Scans:
        @staticmethod
        def read_page_images(pages: Any, limits: Any) -> Content:
            for number, image in pages:
                seen.append((number, image.mode, image.getpixel((500, image.height // 2))))
            cell = GridCell("4", Place(page=2, table=1, row=1, column=1))
            return Content((TextBlock("读出", Place(page=2)), Grid(((cell,),), Place(page=2))))

    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: True)
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.import_module", lambda name: Scans)

    def draw(canvas: Canvas) -> None:
        table(canvas, ROWS)
        canvas.showPage()
        scanned(canvas)
        canvas.showPage()
        write(canvas, 90, 700, "附注")

    content = drawn(draw)
    assert seen == [(2, "RGB", (230, 230, 230))]
    assert [item.place.page for item in content.items] == [1, 2, 2, 3]
    assert [grid.place.table for grid in grids(content)] == [1, 2]
    assert cells(content)[-1].place == Place(page=2, table=2, row=1, column=1)


def test_a_figure_recognised_in_a_small_image_is_not_believed() -> None:
    """Invisible text over a table that was put in as an image: there is print where it stands."""

    def draw(canvas: Canvas) -> None:
        for i in range(20):
            write(canvas, 90, 780 - 20 * i, "字" * 30 + "。")
        canvas.drawImage(picture(), 90, 100, 300, 200)
        invisible(canvas, 200, 200)
        write(canvas, 90, 50, "附：")
        table(canvas, (("规章", "11"),), top=380, columns=(100, 60))
        canvas.drawImage(picture(), LEFT + 104, 362, 12, 14)
        invisible(canvas, LEFT + 117, 366)

    content = drawn(draw)
    assert "7" not in blocks(content)
    assert "page 1: text that is not seen in print was left out: “7”" in noted(content)
    assert [cell.text for cell in doubtful(content)] == ["117"]


def test_text_over_a_picture_of_the_page_is_noted() -> None:
    def draw(canvas: Canvas) -> None:
        scanned(canvas)
        table(canvas, ROWS)

    content = drawn(draw)
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]
    assert "page 1: the text stands over an image" in noted(content)


# --- limits and damage ------------------------------------------------------------------------


def test_a_password_is_asked_for() -> None:
    locked = StandardEncryption("user", "owner", strength=128)
    with pytest.raises(UnreadableSource, match="encrypted and asks for a password"):
        read(make(lambda canvas: void(table(canvas, ROWS)), encrypt=locked))


def test_an_empty_password_opens() -> None:
    owned = StandardEncryption("", "owner", canModify=0, canCopy=0, strength=128)
    content = read(make(lambda canvas: void(table(canvas, ROWS)), encrypt=owned))
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]


def test_ten_thousand_pages_are_refused_before_any_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.pdfplumber.open", None)
    with pytest.raises(UnreadableSource, match=r"10000 pages, more than the 200 .*most_pages"):
        read(many_pages(10_000))


def test_too_many_cells_are_refused() -> None:
    data = make(lambda canvas: void(table(canvas, ROWS)))
    assert read_pdf(data, replace(DEFAULT_LIMITS, most_cells=12)).items
    with pytest.raises(UnreadableSource, match=r"page 1: .*12 cells, more than the 11.*most_cells"):
        read_pdf(data, replace(DEFAULT_LIMITS, most_cells=11))


def test_a_drawing_is_not_searched_for_tables() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(80):
            canvas.line(20 + 7 * i, 20, 20 + 7 * i, 800)
            canvas.line(20, 20 + 9.4 * i, 580, 20 + 9.4 * i)
        write(canvas, 90, 815, "图一")

    content = drawn(draw)
    assert blocks(content) == ["图一"] and not grids(content)
    assert "page 1: so many lines" in noted(content)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="fetch it again"):
        read(data)


def test_a_pdf_without_content_gives_nothing() -> None:
    assert read(many_pages(1)).items == ()


SMALL = make(lambda canvas: void(table(canvas, ROWS)), pageCompression=0)


@given(st.data())
@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
def test_a_damaged_pdf_is_read_or_refused(data: st.DataObject) -> None:
    spoilt = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(spoilt) - 1))
        end = start + data.draw(st.integers(0, 40))
        spoilt[start:end] = data.draw(
            st.one_of(
                st.binary(max_size=20),
                st.sampled_from([b"0", b"-1", b"[", b">>", b"/", b"99999999999", b"1 0 R"]),
            )
        )
    try:
        content = read(bytes(spoilt))
    except UnreadableSource as error:
        assert str(error)
    else:
        assert isinstance(content, Content)
        for grid in grids(content):
            assert {len(row) for row in grid.rows} == {grid.width}
