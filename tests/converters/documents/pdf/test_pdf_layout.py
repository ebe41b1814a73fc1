"""Where the cells of a PDF's tables are, however their rules are drawn and pages turned."""

from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.doubts import STRUCK
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid
from gongkai.converters.documents.pdf.cell_reading import CUT
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_maker import COLUMNS, HEIGHT, LEFT, ROW, TOP, WIDTH, make, spot, table, write

HEAD = ("信息内容", "制发件数", "废止件数", "现行有效件数")
ROWS = (HEAD, ("规章", "11", "8", "103"), ("行政规范性文件", "20", "0", "1475"))
WANTED = [list(row) for row in ROWS]
EDGES = [LEFT + sum(COLUMNS[:i]) for i in range(len(COLUMNS) + 1)]
BOTTOM = TOP - ROW * len(ROWS)


def drawn(draw: Callable[[Canvas], None]) -> Content:
    return read_pdf(make(draw), DEFAULT_LIMITS)


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def texts(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def doubts(grid: Grid) -> list[str]:
    return [
        cell.doubt["en"] for i in range(len(grid.rows)) for cell in grid.distinct(i) if cell.doubt
    ]


def noted(content: Content) -> str:
    return "\n".join(note["en"] for note in content.notes)


# --- rules ------------------------------------------------------------------------------------


def write_rows(canvas: Canvas) -> None:
    for i, row in enumerate(ROWS):
        for j, text in enumerate(row):
            write(canvas, *spot(i, j), text)


def rule(draw: Callable[[float, float, float, float], None]) -> None:
    """Draw every rule of the usual table, from a point to a point."""
    for i in range(len(ROWS) + 1):
        draw(EDGES[0], TOP - i * ROW, EDGES[-1], TOP - i * ROW)
    for x in EDGES:
        draw(x, BOTTOM, x, TOP)


def pieces(canvas: Canvas, length: float, gap: float, thick: float, strokes: bool) -> None:
    """The rules in pieces: each a thin filled area, or a stroke of its own."""

    def piece(x: float, y: float, wide: float, high: float) -> None:
        if strokes:
            canvas.setLineWidth(min(wide, high))
            middle = min(wide, high) / 2
            end = (x + wide, y + middle) if wide > high else (x + middle, y + high)
            start = (x, y + middle) if wide > high else (x + middle, y)
            canvas.line(*start, *end)
        else:
            canvas.rect(x, y, wide, high, stroke=0, fill=1)

    def draw(x0: float, y0: float, x1: float, y1: float) -> None:
        across = x1 > x0
        whole = (x1 - x0) if across else (y1 - y0)
        for i in range(int(whole / (length + gap)) + 1):
            at = i * (length + gap)
            if across:
                piece(x0 + at, y0, min(length, whole - at), thick)
            else:
                piece(x0, y0 + at, thick, min(length, whole - at))

    rule(draw)


@pytest.mark.parametrize("strokes", [False, True])
@pytest.mark.parametrize(
    ("length", "gap", "thick"),
    [(2.25, 1.5, 0.75), (0.75, 0.75, 0.7), (1.5, 1.5, 1.4), (6, 4, 2), (3, 3, 2.9), (10, 5, 0.5)],
)
def test_dashes_and_dots_are_rules(length: float, gap: float, thick: float, strokes: bool) -> None:
    def draw(canvas: Canvas) -> None:
        pieces(canvas, length, gap, thick, strokes)
        write_rows(canvas)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED
    assert not doubts(grid)


@pytest.mark.parametrize("pattern", [(1, 2), (4, 3), (6, 2, 1, 2)])
def test_strokes_with_a_dash_pattern_are_rules(pattern: tuple[int, ...]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setDash(list(pattern))
        rule(canvas.line)
        write_rows(canvas)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED


@pytest.mark.parametrize("thick", [2.0, 3.0])
def test_thick_and_double_rules(thick: float) -> None:
    def draw(canvas: Canvas) -> None:
        def double(x0: float, y0: float, x1: float, y1: float) -> None:
            if x1 > x0:
                canvas.rect(x0, y0, x1 - x0, thick, stroke=0, fill=1)
                canvas.line(x0, y0 + thick + 1, x1, y0 + thick + 1)
            else:
                canvas.rect(x0, y0, thick, y1 - y0, stroke=0, fill=1)
                canvas.line(x0 + thick + 1, y0, x0 + thick + 1, y1)

        rule(double)
        write_rows(canvas)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED


def stroked(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    canvas.rect(x, y, wide, high)


def rounded(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    canvas.roundRect(x, y, wide, high, min(9, high / 2))


def shaded(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(x, y, wide, high, stroke=0, fill=1)
    canvas.setFillGray(0)


def twice(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    canvas.rect(x, y, wide, high)
    canvas.rect(x + 2, y + 2, wide - 4, high - 4)


def sides(canvas: Canvas, x: float, y: float, wide: float, high: float, step: float) -> None:
    """A box of thin areas, ``step`` long and apart."""
    for across, length in ((True, wide), (False, high)):
        for i in range(int(length / step / 2) + 1):
            at = min(2 * i * step, length - step)
            for far in (0.0, (high if across else wide) - 0.75):
                if across:
                    canvas.rect(x + at, y + far, step, 0.75, stroke=0, fill=1)
                else:
                    canvas.rect(x + far, y + at, 0.75, step, stroke=0, fill=1)


def dotted(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    sides(canvas, x, y, wide, high, 0.75)


def dashed(canvas: Canvas, x: float, y: float, wide: float, high: float) -> None:
    sides(canvas, x, y, wide, high, 2.25)


def boxes(
    canvas: Canvas, space: float, box: Callable[[Canvas, float, float, float, float], None]
) -> None:
    """A box for every cell of the usual table, ``space`` apart; the last two of row 2 are one."""
    for i in range(len(ROWS)):
        for j in range(len(COLUMNS) if i < 2 else len(COLUMNS) - 1):
            end = EDGES[j + 1] if (i, j) != (2, len(COLUMNS) - 2) else EDGES[-1]
            y = TOP - (i + 1) * ROW
            wide, high = end - EDGES[j] - space, ROW - space
            box(canvas, EDGES[j] + space / 2, y + space / 2, wide, high)


@pytest.mark.parametrize("space", [1.5, 3.0, 5.0])
@pytest.mark.parametrize("box", [stroked, rounded, shaded, twice, dotted, dashed])
@pytest.mark.parametrize("framed", [False, True])
def test_cells_in_boxes_of_their_own(
    space: float, box: Callable[[Canvas, float, float, float, float], None], framed: bool
) -> None:
    """Browsers draw cells apart from each other, with round corners, dots or a shade alone."""

    def draw(canvas: Canvas) -> None:
        if framed:
            edge = space / 2
            canvas.rect(
                EDGES[0] - edge, BOTTOM - edge, EDGES[-1] - EDGES[0] + space, TOP - BOTTOM + space
            )
        boxes(canvas, space, box)
        for i, row in enumerate(ROWS):
            for j, text in enumerate(row):
                if (i, j) != (2, 3):
                    write(canvas, *spot(i, j), text)
        canvas.line(EDGES[1] + 4, TOP - ROW - 11, EDGES[1] + 18, TOP - ROW - 11)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [WANTED[0], WANTED[1], [*WANTED[2][:3], "0"]]
    assert grid.rows[2][2] is grid.rows[2][3]
    assert doubts(grid) == [STRUCK["en"]]


def test_a_strip_that_a_page_break_leaves_of_a_label_is_no_row() -> None:
    """Browsers end what goes on of a cell over several rows higher than the last of them."""

    def draw(canvas: Canvas) -> None:
        rule(canvas.line)
        canvas.line(EDGES[0], BOTTOM + 4, EDGES[1], BOTTOM + 4)
        write_rows(canvas)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED
    assert not doubts(grid)


@pytest.mark.parametrize("space", [1.5, 6.0, 10.0])
def test_a_box_that_a_page_break_cuts_is_a_cell_as_before(space: float) -> None:
    """Browsers draw its sides one by one, with no line at the break, and end it too high."""
    labels = ("（三）不予公开", "1.某类", "2.某类", "3.某类", "4.某类")

    def cut(canvas: Canvas, top: float, bottom: float, closed: bool) -> None:
        canvas.setFillGray(0)
        x, end = EDGES[0] + space / 2, EDGES[1] - space / 2
        for left, low, wide, high in (
            (x, bottom, 0.75, top - bottom),
            (end - 0.75, bottom, 0.75, top - bottom),
            (x, top - 0.75 if closed else bottom, end - x, 0.75),
        ):
            canvas.rect(left, low, wide, high, stroke=0, fill=1)

    def draw(canvas: Canvas) -> None:
        for page, top in ((0, 60.0), (1, HEIGHT - 30.0)):
            for i in range(2):
                y = top - (i + 1) * ROW
                for j, text in enumerate((labels[2 * page + i + 1], str(page * 40 + i * 20 + 5))):
                    x = EDGES[1 + j] + space / 2
                    canvas.rect(x, y + space / 2, 80 - space, ROW - space)
                    write(canvas, x + 5, y + 6, text, 8)
            if page == 0:
                cut(canvas, top - space / 2, 10, closed=True)
                write(canvas, EDGES[0] + 12, top - 14, labels[0], 8)
                canvas.showPage()
            else:
                cut(canvas, HEIGHT - 20, top - 2 * ROW + ROW / 2, closed=False)

    (grid,) = grids(drawn(draw))
    rows = [[text for text in row[1:] if text] for row in texts(grid)]
    assert [row for row in rows if row] == [
        [labels[1], "5"],
        [labels[2], "25"],
        [labels[3], "45"],
        [labels[4], "65"],
    ]
    assert not doubts(grid)


# --- tables without rules ---------------------------------------------------------------------


def lines_across(canvas: Canvas) -> None:
    for i in range(len(ROWS) + 1):
        canvas.line(EDGES[0], TOP - i * ROW, EDGES[-1], TOP - i * ROW)


def lines_down(canvas: Canvas) -> None:
    for x in EDGES:
        canvas.line(x, BOTTOM, x, TOP)


def frame(canvas: Canvas) -> None:
    canvas.rect(EDGES[0], BOTTOM, EDGES[-1] - EDGES[0], TOP - BOTTOM)
    lines_across(canvas)


def shades(canvas: Canvas) -> None:
    canvas.setFillGray(0.85)
    for i in range(0, len(ROWS), 2):
        canvas.rect(EDGES[0], TOP - (i + 1) * ROW, EDGES[-1] - EDGES[0], ROW, stroke=0, fill=1)
    canvas.setFillGray(0)


def nothing(canvas: Canvas) -> None:
    pass


RULES = [nothing, lines_across, lines_down, frame, shades]


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("align", ["left", "middle", "right"])
def test_tables_without_rules_between_their_cells(
    rules: Callable[[Canvas], None], align: str
) -> None:
    def draw(canvas: Canvas) -> None:
        rules(canvas)
        for i, row in enumerate(ROWS):
            for j, text in enumerate(row):
                canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", 9)
                y = spot(i, j)[1]
                if align == "left" or j == 0:
                    canvas.drawString(EDGES[j] + 5, y, text)
                elif align == "middle":
                    canvas.drawCentredString((EDGES[j] + EDGES[j + 1]) / 2, y, text)
                else:
                    canvas.drawRightString(EDGES[j + 1] - 5, y, text)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED
    assert not doubts(grid)


def test_a_blank_cell_stays_in_its_column() -> None:
    def draw(canvas: Canvas) -> None:
        write_rows(canvas)
        write(canvas, *spot(3, 0), "行政许可")
        write(canvas, *spot(3, 1), "7")
        write(canvas, *spot(3, 3), "9")

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [*WANTED, ["行政许可", "7", "", "9"]]


def test_a_number_that_a_gap_parts_is_told_as_it_is() -> None:
    def draw(canvas: Canvas) -> None:
        write_rows(canvas)
        for j, text in enumerate(("行政许可", "7", "5", "1 2")):
            write(canvas, *spot(3, j), text)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [*WANTED, ["行政许可", "7", "5", "1 2"]]


def test_a_column_without_a_number_is_blank() -> None:
    rows = [(*row[:2], "" if i else row[2], row[3]) for i, row in enumerate(ROWS)]

    def draw(canvas: Canvas) -> None:
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                write(canvas, *spot(i, j), text, 9)

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [list(row) for row in rows]


@pytest.mark.parametrize("beside", ["first", "middle", "last"])
def test_labels_over_several_lines_belong_to_the_row_beside_them(beside: str) -> None:
    labels = (("一行一",), ("二行一", "二行二"), ("三行一", "三行二", "三行三"), ("四行一",))

    def draw(canvas: Canvas) -> None:
        for j, text in enumerate(HEAD):
            write(canvas, *spot(0, j), text, 9)
        y = spot(0, 0)[1] - 18
        for i, lines in enumerate(labels):
            for k, text in enumerate(lines):
                write(canvas, EDGES[0], y - 11 * k, text, 9)
            down = 11 * (len(lines) - 1)
            level = {"first": y, "middle": y - down / 2, "last": y - down}[beside]
            for j in range(1, 4):
                write(canvas, EDGES[j] + 20, level, str(10 * i + j), 9)
            y -= down + 16

    (grid,) = grids(drawn(draw))
    assert [[text and text.replace("\n", "") for text in row] for row in texts(grid)[1:]] == [
        ["".join(lines), *(str(10 * i + j) for j in range(1, 4))] for i, lines in enumerate(labels)
    ]


def test_headings_over_several_columns_and_lines() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, EDGES[1] + 15, TOP + 20, "申请人的情况的表头", 9)
        write(canvas, EDGES[1] + 5, TOP, "自然", 9)
        write(canvas, EDGES[1] + 8, TOP - 11, "人", 9)
        write(canvas, EDGES[2] + 5, TOP - 5, "其他", 9)
        write(canvas, EDGES[3] + 5, TOP - 5, "总计", 9)
        for i in range(3):
            y = TOP - 30 - 17 * i
            write(canvas, EDGES[0], y, "甲乙丙"[i], 9)
            for j in range(1, 4):
                write(canvas, EDGES[j] + 8, y, str(100 * i + j), 9)

    (grid,) = grids(drawn(draw))
    head, leaves, *rows = texts(grid)
    assert head[1:3] == ["申请人的情况的表头"] * 2 and leaves == ["", "自然\n人", "其他", "总计"]
    assert [row[1:] for row in rows] == [[str(100 * i + j) for j in range(1, 4)] for i in range(3)]


@pytest.mark.parametrize("moved", [30, 45, 60, 70])
def test_a_number_between_columns_is_in_none_of_them(moved: float) -> None:
    """Wherever the second number of a row stands, no cell of the table gets another's number."""

    def draw(canvas: Canvas) -> None:
        for i, row in enumerate(ROWS):
            for j, text in enumerate(row):
                x, y = spot(i, j)
                write(canvas, x + (moved if (i, j) == (2, 2) else 0), y, text, 9)

    for grid in grids(drawn(draw)):
        for row in texts(grid):
            if len(row) == 4 and row[0] == "行政规范性文件":
                assert row[2] in ("", "0") or doubts(grid)
                assert row[1:4:2] == ["20", "1475"] or doubts(grid)


# --- rows that a page break parts ---------------------------------------------------------------


def test_a_row_of_headings_parted_by_a_page_break_is_one_row() -> None:
    def draw(canvas: Canvas) -> None:
        for page, words in enumerate((("结果", "其他", "尚未"), ("维持", "结果", "审结"))):
            top, bottom = (120, 60) if page == 0 else (780, 740)
            for x in EDGES:
                canvas.line(x, bottom, x, top)
            if page == 0:
                canvas.line(EDGES[0], top, EDGES[-1], top)
                canvas.line(EDGES[0], 90, EDGES[-1], 90)
                write(canvas, EDGES[0] + 5, 100, "上")
            for j, text in enumerate(words):
                write(canvas, EDGES[j + 1] + 5, bottom + 10 if page == 0 else top - 15, text)
            if page == 1:
                canvas.line(EDGES[0], 760, EDGES[-1], 760)
                canvas.line(EDGES[0], bottom, EDGES[-1], bottom)
                for j in range(3):
                    write(canvas, EDGES[j + 1] + 5, 745, str(j + 1))
            canvas.showPage()

    (grid,) = grids(drawn(draw))
    assert texts(grid)[1:] == [
        ["", "结果\n维持", "其他\n结果", "尚未\n审结"],
        ["", "1", "2", "3"],
    ]


# --- letter-spaced numbers --------------------------------------------------------------------


def spaced(canvas: Canvas, space: float, rows: tuple[tuple[str, ...], ...] = ROWS) -> None:
    rule(canvas.line)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            x, y = spot(i, j)
            canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", 9)
            canvas.drawString(x, y, text, charSpace=space)


@pytest.mark.parametrize("space", [1.0, 3.0, 5.0])
def test_letter_spaced_numbers_are_read(space: float) -> None:
    (grid,) = grids(drawn(lambda canvas: spaced(canvas, space)))
    assert [[text and text.replace(" ", "") for text in row] for row in texts(grid)] == WANTED
    assert texts(grid)[1][1:] == ["11", "8", "103"]


@pytest.mark.parametrize("apart", ["2 001", "1 2", "20 01", "1 2 3"])
def test_numbers_set_apart_are_not_put_together(apart: str) -> None:
    rows = (HEAD, ("规章", apart, "8", "103"), ROWS[2])

    def normal(canvas: Canvas) -> None:
        spaced(canvas, 0, rows)

    def moved(canvas: Canvas) -> None:
        """The parts of the text set apart without a blank between."""
        spaced(canvas, 0, (HEAD, ("规章", "", "8", "103"), ROWS[2]))
        x, y = spot(1, 1)
        for part in apart.split():
            write(canvas, x, y, part, 9)
            x += 5 * len(part) + 4

    for draw in (normal, moved):
        (grid,) = grids(drawn(draw))
        assert texts(grid)[1][1] == apart


def test_a_letter_spaced_number_that_runs_on_over_a_rule_is_in_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        spaced(canvas, 3, (HEAD, ("规章", "", "", "103"), ROWS[2]))
        canvas.setFont("Helvetica", 9)
        canvas.drawString(EDGES[2] - 17, spot(1, 1)[1], "471", charSpace=3)

    (grid,) = grids(drawn(draw))
    assert len(doubts(grid)) == 2
    assert CUT["en"] in doubts(grid)


# --- pages on their side ----------------------------------------------------------------------


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_set_sideways_on_the_page_is_read(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(turn)
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        table(canvas, ROWS, top=500)

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid) == WANTED
    assert not doubts(grid)
    assert "page 1: lies on its side" in noted(content)


@pytest.mark.parametrize("lean", [8, 14, 20])
def test_numbers_in_italics_are_read(lean: float) -> None:
    """Browsers lean upright letters where a font has no italics."""

    def draw(canvas: Canvas) -> None:
        rule(canvas.line)
        for i, row in enumerate(ROWS):
            for j, text in enumerate(row):
                canvas.saveState()
                canvas.translate(*spot(i, j))
                canvas.skew(0, lean if text.isascii() else 0)
                write(canvas, 0, 0, text)
                canvas.restoreState()

    (grid,) = grids(drawn(draw))
    assert texts(grid) == WANTED
    assert not doubts(grid)
