"""Tables in PDF: what a cell says, and when it is in doubt."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.model import Content, GridCell, Place
from gongkai.converters.documents.pdf import cell_reading
from gongkai.converters.documents.pdf.second_page import SecondPage
from helpers.pdf_documents import (
    HEAD,
    ROWS,
    blocks,
    cells,
    doubtful,
    drawn,
    grids,
    invisible,
    noted,
    read,
    texts,
    void,
    white,
)
from helpers.pdf_maker import (
    COLUMNS,
    HEIGHT,
    LEFT,
    ROW,
    TOP,
    make,
    picture,
    spot,
    table,
    write,
)
from helpers.profiles import examples

# --- tables ---------------------------------------------------------------------------------------


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


# --- what a cell says, and when it is in doubt ----------------------------------------------------


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
    assert "in doubt: 1" in noted(content)


def test_a_font_that_does_not_tell_its_characters() -> None:
    data = make(lambda canvas: void(table(canvas, ROWS)), pageCompression=0)
    # An octet for which the font's encoding has no character.
    spoilt = data.replace(b"(103)", b"(1\x813)")
    assert spoilt != data
    (cell,) = doubtful(read(spoilt))
    assert (cell.place.row, cell.place.column) == (2, 4)
    assert cell.doubt == cell_reading.UNREADABLE
