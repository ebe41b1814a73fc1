"""What is struck out, raised or lowered in a PDF."""

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.doubts import SET_OFF, STRUCK, UNDECIDED
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.pdf import cell_reading as reasons
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_ink import HEAD, OLD, STROKES, WHOLE, WIDE, Draw, annotate, aslant, cell_of, cross
from helpers.pdf_maker import COLUMNS, LEFT, make, spot, table, write

# --- struck out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("stroke", STROKES)
def test_a_struck_number_is_never_part_of_a_value(stroke: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, WHOLE)
        stroke(canvas, x, y)

    cell = cell_of(draw)
    assert cell.doubt == STRUCK and cell.readings[0] == WHOLE
    assert cell.readings[1] == "25" or stroke in (aslant, cross)


@pytest.mark.parametrize("stroke", STROKES)
def test_where_all_of_a_cell_is_struck_nothing_is_left_of_it(stroke: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, OLD)
        stroke(canvas, x, y)

    assert cell_of(draw).doubt == STRUCK


@pytest.mark.parametrize("digit", "0123456789")
def test_a_stroke_is_seen_through_whichever_digit(digit: str) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, digit)
        canvas.setLineWidth(0.5)
        canvas.line(x - 0.5, y + 3.5, x + 6, y + 3.5)

    assert cell_of(draw).doubt == STRUCK


@pytest.mark.parametrize("digit", "0123456789")
def test_a_digit_that_is_crossed_out_is_not_read(digit: str) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, digit)
        canvas.setLineWidth(0.5)
        canvas.line(x, y, x + 5.56, y + 7)
        canvas.line(x, y + 7, x + 5.56, y)

    assert cell_of(draw).doubt in (STRUCK, reasons.OVERDRAWN)


@pytest.mark.parametrize("font", ["Helvetica-Bold", "Times-Roman", "Times-BoldItalic", "Courier"])
@pytest.mark.parametrize("level", [0.28, 0.34, 0.4])
def test_a_line_no_longer_than_its_digits_is_no_part_of_them(font: str, level: float) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, *(("规章", "", "", ""),) * 9))
        for digit in range(1, 10):
            x, y = spot(digit, 1)
            canvas.setFont(font, 10)
            canvas.drawString(x, y, f"{digit}")
            canvas.setLineWidth(0.4)
            width = pdfmetrics.stringWidth("8", font, 10)
            canvas.line(x + 0.1 * width, y + 10 * level, x + 0.9 * width, y + 10 * level)

    (grid,) = (i for i in read_pdf(make(draw), DEFAULT_LIMITS).items if isinstance(i, Grid))
    doubts = [row[1].doubt if row[1] else None for row in grid.rows[1:]]
    assert doubts == [STRUCK] * 9


def test_a_number_that_runs_out_of_the_table_is_not_cut_off() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "11", "84", "")))
        write(canvas, LEFT + sum(COLUMNS) - WIDE - 1, spot(1, 3)[1], WHOLE)

    grid = next(i for i in read_pdf(make(draw), DEFAULT_LIMITS).items if isinstance(i, Grid))
    cell = grid.rows[1][3]
    assert cell is not None and cell.doubt == reasons.CUT


def test_a_stroke_that_is_longer_than_its_number_is_no_rule_of_the_table() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x + 4, y, WHOLE)
        canvas.line(x - 3, y + 3, x + 70, y + 3)

    assert cell_of(draw).doubt == STRUCK


def test_a_stroke_that_programs_draw_as_they_like_leaves_the_cell_undecided() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, WHOLE)
        ends = PDFArray([x, y + 3, x + WIDE, y + 3])
        annotate(canvas, "Line", (x, y - 2, WIDE, 10), L=ends)

    assert cell_of(draw).doubt == UNDECIDED


# --- raised and lowered ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "size", "doubt"),
    [
        (3.5, 6, reasons.SIZES_DIFFER),
        (3.3, 8.3, reasons.SIZES_DIFFER),
        (3, 10, SET_OFF),
        (0, 8, reasons.SIZES_DIFFER),
        (-2, 7, reasons.SIZES_DIFFER),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_the_mark_of_a_footnote_is_no_digit(
    raised: float, size: float, doubt: dict[str, str], before: bool
) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        mark = 0.0 if before else WIDE
        write(canvas, x + mark, y + raised, "1", size)
        write(canvas, x + (0.56 * size if before else 0), y, "17")

    assert cell_of(draw).doubt == doubt


def test_a_mark_of_a_footnote_alone_in_its_cell_is_no_value() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x + 20, y + 3.5, "1", 6)

    assert cell_of(draw).doubt == reasons.SIZES_DIFFER
