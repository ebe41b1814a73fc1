"""What is printed in a cell of a PDF is what is read, whatever else the file holds there.

Each way to show something else than the text says is drawn into one cell of a table: the cell is
read as it is seen, or it is in doubt with the texts that are possible.
"""

import math
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.colors import red
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.cn.claims.reader import read_claims
from gongkai.converters.documents.doubts import SET_OFF, STRUCK, UNDECIDED
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell, Place, TextBlock
from gongkai.converters.documents.pdf import cell_reading as reasons
from gongkai.converters.documents.pdf.reader import read_pdf
from gongkai.converters.report import Section
from gongkai.ontology.bodies import Body
from helpers.pdf_maker import COLUMNS, LEFT, ROW, make, spot, table, write

HEAD = ("信息内容", "制发件数", "废止件数", "现行有效件数")
Draw = Callable[[Canvas, float, float], None]

OLD, WIDE, WHOLE = "17", 11.12, "1725"
"""The old number before the new one, how wide it is printed, and both together."""


def content_of(draw_cell: Draw) -> Content:
    """A table with what was drawn into one cell of it."""

    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "", "84", "103"), ("行政规范性文件", "20", "96", "1475")))
        draw_cell(canvas, *spot(1, 1))

    return read_pdf(make(draw), DEFAULT_LIMITS)


def cell_of(draw_cell: Draw) -> GridCell:
    """That cell; no other cell of the table is in doubt, or another than it was."""
    (grid,) = (item for item in content_of(draw_cell).items if isinstance(item, Grid))
    texts = [[cell.text if cell else None for cell in row] for row in grid.rows]
    assert texts[1][2:] == ["84", "103"] and texts[2][1:] == ["20", "96", "1475"]
    doubtful = {id(cell) for row in grid.rows for cell in row if cell and cell.doubt}
    cell = grid.rows[1][1]
    assert cell is not None and doubtful <= {id(cell)}
    return cell


def annotate(canvas: Canvas, kind: str, box: tuple[float, ...], **more: Any) -> None:
    """An annotation over (left, bottom, width, height), shown on screen and in print."""
    x, y, width, height = box
    members = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName(kind),
        "Rect": PDFArray([x, y, x + width, y + height]),
        "F": 4,
        **more,
    }
    canvas._addAnnotation(PDFDictionary(members))


def over(x: float, y: float, width: float = WIDE) -> dict[str, Any]:
    """What an annotation that marks text says of where that stands."""
    corners = [x, y + 8, x + width, y + 8, x, y - 2, x + width, y - 2]
    return {"QuadPoints": PDFArray(corners), "C": PDFArray([1, 0, 0])}


# --- struck out ---------------------------------------------------------------------------------


def line(canvas: Canvas, x: float, y: float, width: float = 0.5) -> None:
    canvas.setLineWidth(width)
    canvas.line(x, y + 3, x + WIDE, y + 3)


def hairline(canvas: Canvas, x: float, y: float) -> None:
    line(canvas, x, y, 0.1)


def rectangle(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x, y + 3, WIDE, 0.5, stroke=0, fill=1)


def double_red(canvas: Canvas, x: float, y: float) -> None:
    canvas.setStrokeColorRGB(1, 0, 0)
    line(canvas, x, y - 0.7)
    line(canvas, x, y + 0.8)


def wave(canvas: Canvas, x: float, y: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x, y + 3)
    for i in range(6):
        at = x + 1.9 * i
        path.curveTo(at + 0.6, y + 5, at + 1.3, y + 1, at + 1.9, y + 3)
    canvas.setLineWidth(0.5)
    canvas.drawPath(path)


def aslant(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(x, y - 1, x + WIDE, y + 8)


def cross(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(x, y, x + WIDE, y + 7)
    canvas.line(x, y + 7, x + WIDE, y)


def image_line(canvas: Canvas, x: float, y: float) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (20, 2), 0)), x, y + 3, WIDE, 0.7)


def strike_annotation(canvas: Canvas, x: float, y: float) -> None:
    annotate(canvas, "StrikeOut", (x, y - 2, WIDE, 10), **over(x, y))


def ink_annotation(canvas: Canvas, x: float, y: float) -> None:
    path = PDFArray([PDFArray([x, y + 3, x + 5, y + 4, x + WIDE, y + 3])])
    annotate(canvas, "Ink", (x, y - 2, WIDE, 10), InkList=path, C=PDFArray([1, 0, 0]))


STROKES = (
    line,
    hairline,
    rectangle,
    double_red,
    wave,
    aslant,
    cross,
    image_line,
    strike_annotation,
    ink_annotation,
)


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


# --- raised and lowered -------------------------------------------------------------------------


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


# --- hidden -------------------------------------------------------------------------------------


def white(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(1)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


def pale(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.96)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


def like_its_ground(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.7)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=1, fill=1)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


def transparent(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.setFillAlpha(0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


def under_a_box(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    canvas.setFillGray(1)
    canvas.rect(x - 1, y - 2, WIDE + 1, 11, stroke=0, fill=1)
    canvas.setFillGray(0)


def under_an_image(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    canvas.drawImage(ImageReader(Image.new("L", (2, 2), 255)), x - 1, y - 2, WIDE + 1, 11)


def under_an_annotation(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    look = {"IC": PDFArray([1, 1, 1]), "C": PDFArray([1, 1, 1])}
    annotate(canvas, "Square", (x - 1, y - 3, WIDE + 1, 14), **look)


def clipped_away(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x + WIDE, y - 3, 40, 14)
    canvas.clipPath(path, stroke=0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


def clipped_in_part(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x + WIDE - 2, y - 3, 40, 14)
    canvas.clipPath(path, stroke=0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


@pytest.mark.parametrize(
    "hidden",
    [
        white,
        pale,
        like_its_ground,
        transparent,
        under_a_box,
        under_an_image,
        under_an_annotation,
        clipped_away,
        clipped_in_part,
    ],
)
def test_digits_that_are_not_seen_are_no_part_of_a_value(hidden: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        hidden(canvas, x, y)
        write(canvas, x + WIDE, y, "25")

    cell = cell_of(draw)
    assert cell.doubt == reasons.NOT_SEEN and cell.readings == (WHOLE, "25")


@pytest.mark.parametrize("new", ["25", "82", "7"])
def test_a_new_number_typed_over_a_box_over_the_old_one(new: str) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        under_a_box(canvas, x, y)
        write(canvas, x, y, new)

    assert cell_of(draw).doubt


@pytest.mark.parametrize(("size", "far"), [(0.8, 2.0), (1.0, 20.0)])
def test_tiny_digits_are_not_read(size: float, far: float) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, OLD, size)
        write(canvas, x + far, y, "25")

    assert cell_of(draw).doubt


def test_a_table_without_rules_is_looked_at_alike() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(8):
            write(canvas, 80, 700 - 20 * i, f"行政许可{i}")
            for k in range(3):
                write(canvas, 250 + 60 * k, 700 - 20 * i, f"{i + 1}{k}7")
        canvas.line(250, 703, 256, 703)
        write(canvas, 454, 683.5, "1", 6)
        canvas.setFillGray(1)
        canvas.rect(309, 658, 7, 11, stroke=0, fill=1)

    content = read_pdf(make(draw), DEFAULT_LIMITS)
    doubts = [
        (cell.text, cell.doubt)
        for grid in content.items
        if isinstance(grid, Grid)
        for i in range(len(grid.rows))
        for cell in grid.distinct(i)
        if cell.doubt
    ]
    assert ("107", STRUCK) in doubts
    assert ("1", reasons.SIZES_DIFFER) in doubts
    assert ("317", reasons.NOT_SEEN) in doubts


# --- shadows ------------------------------------------------------------------------------------


def shadowed(
    canvas: Canvas, x: float, y: float, grey: float = 0.6, aside: float = 0.75, text: str = OLD
) -> None:
    """A number before the shadow of ``text``."""
    canvas.setFillGray(grey)
    write(canvas, x + aside, y - aside, text)
    canvas.setFillGray(0)
    write(canvas, x, y, OLD)


@pytest.mark.parametrize("grey", [0.4, 0.8, 1.0])
@pytest.mark.parametrize("aside", [0.5, 0.75, 1.5, -0.75])
def test_a_shadow_is_no_second_number(grey: float, aside: float) -> None:
    cell = cell_of(lambda canvas, x, y: shadowed(canvas, x, y, grey, aside))
    assert cell.text == OLD and not cell.doubt


def test_a_transparent_shadow_is_none_either() -> None:
    """A blurred shadow is a picture beside characters that are transparent."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillAlpha(0)
        write(canvas, x + 1, y - 1, OLD)
        canvas.setFillAlpha(1)
        write(canvas, x, y, OLD)

    cell = cell_of(draw)
    assert cell.text == OLD and not cell.doubt


@pytest.mark.parametrize("stroke", STROKES)
def test_what_is_struck_out_is_so_before_a_shadow(stroke: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        shadowed(canvas, x, y)
        stroke(canvas, x, y)

    assert cell_of(draw).doubt


@pytest.mark.parametrize("text", ["11", "77", "1"])
def test_other_digits_are_no_shadow(text: str) -> None:
    assert cell_of(lambda canvas, x, y: shadowed(canvas, x, y, text=text)).doubt


@pytest.mark.parametrize("cover", ["white", "box"])
def test_a_shadow_alone_is_not_read(cover: str) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(0.6)
        write(canvas, x + 0.75, y - 0.75, OLD)
        canvas.setFillGray(1)
        write(canvas, x, y, OLD)
        if cover == "box":
            canvas.rect(x - 1, y - 2, WIDE + 2, 11, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert cell_of(draw).doubt


# --- seals --------------------------------------------------------------------------------------


def seal(canvas: Canvas, x: float, y: float, alpha: float = 1.0) -> None:
    """A red seal of 3 cm whose star lies over the point."""
    canvas.saveState()
    canvas.setStrokeColor(red)
    canvas.setFillColor(red)
    canvas.setStrokeAlpha(alpha)
    canvas.setFillAlpha(alpha)
    canvas.setLineWidth(2.5)
    canvas.circle(x, y, 42)
    star = canvas.beginPath()
    for i in range(10):
        turn = math.pi * i / 5
        size = 6 if i % 2 else 15
        (star.lineTo if i else star.moveTo)(x + size * math.sin(turn), y + size * math.cos(turn))
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    canvas.restoreState()


def through_a_seal(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    seal(canvas, x + 5, y + 3, 0.5)


def over_a_seal(canvas: Canvas, x: float, y: float) -> None:
    seal(canvas, x + 5, y + 3)
    write(canvas, x, y, OLD)


@pytest.mark.parametrize("draw", [through_a_seal, over_a_seal])
def test_a_number_that_is_clear_through_a_seal_is_read(draw: Draw) -> None:
    cell = cell_of(draw)
    assert cell.text == OLD and not cell.doubt


def test_a_seal_over_a_blank_cell_is_no_mark_in_it() -> None:
    cell = cell_of(seal)
    assert cell.text == "" and not cell.doubt


def test_a_number_that_a_seal_covers_is_told_so() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, OLD)
        seal(canvas, x + 5, y + 3)

    assert cell_of(draw).doubt == reasons.SEALED


@pytest.mark.parametrize("stroke", STROKES)
def test_what_is_struck_out_is_so_under_a_seal(stroke: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, OLD)
        stroke(canvas, x, y)
        seal(canvas, x + 5, y - 20, 0.5)

    assert cell_of(draw).doubt in (STRUCK, reasons.SEALED)


@pytest.mark.parametrize("unseen", [white, pale, under_a_box, under_an_image])
def test_what_is_not_seen_is_so_under_a_seal(unseen: Draw) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        unseen(canvas, x, y)
        seal(canvas, x + 5, y - 20, 0.5)

    assert cell_of(draw).doubt


# --- in running text ----------------------------------------------------------------------------

SENTENCE = "收到政府信息公开申请"


def sentence_of(draw_figure: Draw, in_report: bool) -> Content:
    """A sentence about the figure that is drawn, on a page with a table or without one."""

    def draw(canvas: Canvas) -> None:
        if in_report:
            table(canvas, (HEAD, ("规章", "11", "84", "103")))
        x, y = LEFT + 10 * len(SENTENCE), 600.0
        write(canvas, LEFT, y, SENTENCE)
        draw_figure(canvas, x, y)
        write(canvas, x + WIDE, y, "件。")

    return read_pdf(make(draw), DEFAULT_LIMITS)


def figures_stated(content: Content) -> tuple[str, list[int]]:
    """The sentence as read, and the figures that are taken from it."""
    (text,) = (item.text for item in content.items if isinstance(item, TextBlock))
    section = Section("依申请公开情况", 1, (text,), Place(page=1), (Place(page=1),))
    claims = read_claims([section], (), Body("one", "某局", "One", ("某局",), None), 2022)
    return text, [int(claim.value) for claim in claims]


def struck(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    line(canvas, x, y)


def struck_late(canvas: Canvas, x: float, y: float) -> None:
    """The second digit alone."""
    write(canvas, x, y, OLD)
    line(canvas, x + 5, y)


def with_a_note(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, "1")
    write(canvas, x + 6, y + 3.5, "7", 6)


def under_black(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    canvas.rect(x - 1, y - 2, WIDE + 1, 11, stroke=0, fill=1)


UNSEEN = (
    *(struck, struck_late, with_a_note, white, pale, transparent, clipped_away, clipped_in_part),
    *(under_a_box, under_black, under_an_image, under_an_annotation),
)


@pytest.mark.parametrize("in_report", [True, False])
@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_figure_in_a_sentence_that_is_not_plainly_seen_states_nothing(
    unseen: Draw, in_report: bool
) -> None:
    content = sentence_of(unseen, in_report)
    text, figures = figures_stated(content)
    assert text.startswith(SENTENCE) and not figures
    assert any("page 1: figures in the text" in note["en"] for note in content.notes)


@pytest.mark.parametrize("in_report", [True, False])
def test_a_figure_in_a_sentence_that_is_seen_is_stated(in_report: bool) -> None:
    def plain(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, OLD)
        canvas.line(x, y - 1.5, x + WIDE, y - 1.5)

    content = sentence_of(plain, in_report)
    assert figures_stated(content) == (f"{SENTENCE}17件。", [17])
    assert not any("figures in the text" in note["en"] for note in content.notes)


# --- annotations --------------------------------------------------------------------------------


def typed(canvas: Canvas, x: float, y: float, **more: Any) -> None:
    look = {"DA": PDFString("/Helv 9 Tf 0 g"), "BS": PDFDictionary({"W": 0})}
    annotate(canvas, "FreeText", (x, y - 2, 40, 12), Contents=PDFString("25"), **look, **more)


def field(canvas: Canvas, x: float, y: float) -> None:
    canvas.acroForm.textfield(name="n", x=x, y=y - 3, width=40, height=14, fontSize=9, value="25")


@pytest.mark.parametrize("draw", [typed, field])
def test_a_number_in_an_annotation_is_read_and_noted(draw: Draw) -> None:
    content = content_of(draw)
    assert (cell_of(draw).text, cell_of(draw).doubt) == ("25", {})
    assert any("page 1: has annotations" in note["en"] for note in content.notes)


def test_an_annotation_for_print_alone_leaves_the_cell_undecided() -> None:
    cell = cell_of(lambda canvas, x, y: typed(canvas, x, y, F=32 + 4))
    assert cell.doubt == UNDECIDED and cell.readings == ("", "25")


def test_a_hidden_annotation_says_nothing() -> None:
    cell = cell_of(lambda canvas, x, y: typed(canvas, x, y, F=2))
    assert (cell.text, cell.doubt) == ("", {})


@pytest.mark.parametrize("kind", ["Text", "FileAttachment"])
def test_a_sign_of_the_viewer_is_no_ruled_line_and_leaves_its_cell_undecided(kind: str) -> None:
    def noted(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "25")
        annotate(canvas, kind, (x, y - 2, 10, 10), Contents=PDFString("26"))

    assert cell_of(noted).readings == ("25", "26")


# --- aslant -------------------------------------------------------------------------------------


@pytest.mark.parametrize("angle", [-30, -8, 5, 20, 60])
@pytest.mark.parametrize("beside", ["", "17"])
def test_a_number_set_aslant_in_its_cell_is_no_watermark(angle: int, beside: str) -> None:
    def aslant_number(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, beside)
        canvas.saveState()
        canvas.translate(x + 30, y)
        canvas.rotate(angle)
        write(canvas, 0, 0, "25", 7)
        canvas.restoreState()

    cell = cell_of(aslant_number)
    assert cell.doubt and "25" in " ".join(cell.readings)


def test_a_watermark_of_small_type_leaves_no_doubt() -> None:
    def tiled(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, "17")
        canvas.setFillGray(0.85)
        for i in range(5):
            canvas.saveState()
            canvas.translate(x + 20, y - 40 + 20 * i)
            canvas.rotate(20)
            write(canvas, 0, 0, "8613", 5)
            canvas.restoreState()

    assert (cell_of(tiled).text, cell_of(tiled).doubt) == ("17", {})


# --- what is no text ----------------------------------------------------------------------------


def drawn_one(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(1)
    canvas.line(x + 14, y, x + 14, y + 7)


def pictured_seven(canvas: Canvas, x: float, y: float) -> None:
    image = Image.new("L", (60, 80), 255)
    ImageDraw.Draw(image).line((5, 10, 50, 10, 20, 75), fill=0, width=9)
    canvas.drawImage(ImageReader(image), x + 12, y - 1, 7, 9)


@pytest.mark.parametrize("drawn", [drawn_one, pictured_seven])
@pytest.mark.parametrize("text", ["25", "/", ""])
def test_a_digit_that_is_drawn_beside_text_is_not_overlooked(drawn: Draw, text: str) -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        write(canvas, x, y, text)
        drawn(canvas, x, y)

    assert cell_of(draw).doubt


# --- the text of the file against the print -------------------------------------------------------


def in_a_font_that_lies(
    lies: dict[str, str], monkeypatch: pytest.MonkeyPatch, printed: str = "5329"
) -> Draw:
    """A drawing of a number in a font whose table names other characters for some shapes."""
    real = ttfonts.makeToUnicodeCMap

    def wrong(name: str, subset: list[int]) -> str:
        named = [ord(lies.get(chr(code), chr(code))) for code in subset]
        return str(real(name, named))

    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", wrong)
    pdfmetrics.registerFont(ttfonts.TTFont("Lying", "Vera.ttf"))

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Lying", 10)
        canvas.drawString(x, y, printed)

    return draw


@pytest.mark.parametrize(
    ("lies", "named"),
    [
        ({"3": "8"}, "5829"),
        ({"5": "3", "3": "5"}, "3529"),
        ({"5": "2", "2": "9", "9": "5", "3": "7"}, "2795"),
        ({"9": "0"}, "5320"),
    ],
)
def test_digits_printed_in_shapes_of_other_digits_are_not_believed(
    lies: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = cell_of(in_a_font_that_lies(lies, monkeypatch))
    assert cell.doubt == reasons.OTHER_PRINT and cell.readings == (named, "5329")


def test_letter_spaced_digits_are_compared_with_their_print(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_a_font_that_lies({"3": "8"}, monkeypatch)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFont("Lying", 10)
        canvas.drawString(x, y, "5329", charSpace=4)

    assert cell_of(draw).doubt == reasons.OTHER_PRINT


@pytest.mark.parametrize(
    ("lies", "printed"),
    [
        ({"5": "/"}, "5"),
        ({"8": "-"}, "8"),
        ({"5": "-"}, "529"),
        ({"3": "."}, "5329"),
        ({".": "1"}, "53.29"),
        ({"9": " "}, "5329"),
    ],
)
def test_digits_are_not_named_as_other_signs_nor_those_as_digits(
    lies: dict[str, str], printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cell_of(in_a_font_that_lies(lies, monkeypatch, printed)).doubt


def test_a_font_that_tells_the_truth_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = in_a_font_that_lies({}, monkeypatch)
    assert (cell_of(draw).text, cell_of(draw).doubt) == ("5329", {})
    assert not content_of(draw).read_once


def stretched(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setHorizScale(250)
    text.textOut("532")
    canvas.drawText(text)


def test_shapes_that_are_no_known_digits_are_read_once_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: None)
    content = content_of(stretched)
    assert cell_of(stretched).text == "532" and content.read_once
    assert any("could not be recognised" in note["en"] for note in content.notes)


@pytest.mark.ocr
def test_shapes_that_are_no_known_digits_are_recognised_where_that_is_installed() -> None:
    pytest.importorskip("rapidocr")
    content = content_of(stretched)
    assert (cell_of(stretched).text, cell_of(stretched).doubt) == ("532", {})
    assert not content.read_once
    assert not any("could not be recognised" in note["en"] for note in content.notes)


@pytest.mark.ocr
def test_unknown_shapes_of_another_digit_than_is_named_are_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("rapidocr")
    lying = in_a_font_that_lies({"3": "8"}, monkeypatch)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.saveState()
        canvas.transform(2.5, 0, 0, 1, x, y)
        lying(canvas, 0, 0)
        canvas.restoreState()

    cell = cell_of(draw)
    assert cell.doubt == reasons.OTHER_PRINT and cell.readings == ("5829", "5329")


def test_nothing_is_recognised_where_all_shapes_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.import_module", refuse)
    assert not content_of(grey).read_once


# --- ordinary print -----------------------------------------------------------------------------


def underlined(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    canvas.setLineWidth(0.5)
    canvas.line(x, y - 1.2, x + 22, y - 1.2)


def filled_in(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x + 10, y, WHOLE)
    canvas.setLineWidth(0.5)
    canvas.line(x, y - 1.5, x + 60, y - 1.5)


def highlighted(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    annotate(canvas, "Highlight", (x, y - 2, WIDE, 10), **(over(x, y) | {"C": PDFArray([1, 1, 0])}))


def on_green(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillColorRGB(0.3, 1, 0.3)
    canvas.rect(x, y - 2, WIDE, 10, stroke=0, fill=1)
    canvas.setFillGray(0)
    write(canvas, x, y, WHOLE)


def on_dark(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.2)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=1, fill=1)
    canvas.setFillGray(1)
    write(canvas, x, y, WHOLE)


def grey(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.6)
    write(canvas, x, y, WHOLE)


def twice(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, WHOLE)
    write(canvas, x + 0.3, y, WHOLE)


def outlined(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(2)
    text.textOut(WHOLE)
    canvas.setLineWidth(0.4)
    canvas.drawText(text)


def near_the_rule(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x - 4.5, y, WHOLE)


def outlined_by_another_font(canvas: Canvas, x: float, y: float) -> None:
    """As browsers print ``-webkit-text-stroke``: its inside is one text, its outlines another."""
    for name, size, mode in (("Inside", 10, 0), ("Outlines", 10.3, 1)):
        pdfmetrics.registerFont(ttfonts.TTFont(name, "Vera.ttf"))
        canvas.setFont(name, size)
        canvas.setLineWidth(0.3)
        thicker = size - 10
        space = -0.636 * thicker  # So that every digit stands where it stood.
        canvas.drawString(x - thicker / 3, y - thicker / 3, WHOLE, mode=mode, charSpace=space)
        # Else the library itself takes the two for one.
        write(canvas, 72, 400, "以上为统计情况。")


def under_a_watermark(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.translate(x, y - 8)
    canvas.rotate(30)
    canvas.setFillGray(0.85)
    write(canvas, 0, 0, "机密", 40)
    canvas.restoreState()
    write(canvas, x, y, WHOLE)


def beside_a_white_rule(canvas: Canvas, x: float, y: float) -> None:
    """On a shade, the 4 touching the rule at its left."""
    canvas.setFillGray(0.6)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=0, fill=1)
    canvas.setFillGray(0)
    write(canvas, x - 4.4, y, WHOLE.replace("17", "47"))
    canvas.setFillGray(1)
    canvas.rect(x - 5.6, y - 6, 1.5, ROW, stroke=0, fill=1)
    canvas.setFillGray(0)


@pytest.mark.parametrize(
    "draw",
    [
        underlined,
        filled_in,
        highlighted,
        on_green,
        on_dark,
        grey,
        twice,
        outlined,
        outlined_by_another_font,
        near_the_rule,
        under_a_watermark,
    ],
)
def test_what_is_plainly_seen_is_read(draw: Draw) -> None:
    cell = cell_of(draw)
    assert (cell.text, cell.doubt) == (WHOLE, {})


def test_a_rule_beside_a_digit_is_not_drawn_over_it() -> None:
    cell = cell_of(beside_a_white_rule)
    assert (cell.text, cell.doubt) == ("4725", {})


def test_a_blank_cell_of_which_only_a_part_is_shaded_is_blank() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(0.5)
        canvas.rect(x - 5, y - 6, COLUMNS[1], ROW / 3, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert (cell_of(draw).text, cell_of(draw).doubt) == ("", {})


def test_a_number_in_a_picture_that_is_as_wide_as_its_cell_is_not_overlooked() -> None:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        image = Image.new("L", (160, 12), 150)
        ImageDraw.Draw(image).text((20, 0), "17", fill=0)
        canvas.drawImage(ImageReader(image), x - 5, y - 1, COLUMNS[1], 7)

    assert cell_of(draw).doubt


def test_numbers_that_fill_their_cells_from_rule_to_rule_are_no_one_number() -> None:
    columns = (100, 29.8, 29.8, 29.8)

    def draw(canvas: Canvas) -> None:
        table(canvas, (("信息", *"甲乙丙"), ("规章", "", "", "")), columns=columns)
        for i in range(3):
            x = LEFT + sum(columns[: 1 + i]) + 1
            write(canvas, x, spot(1, 0)[1], f"8{i}309")

    (grid,) = (i for i in read_pdf(make(draw), DEFAULT_LIMITS).items if isinstance(i, Grid))
    found = [(cell.text, cell.doubt) for cell in grid.rows[1] if cell]
    assert found == [("规章", {}), ("80309", {}), ("81309", {}), ("82309", {})]


@pytest.mark.parametrize(
    "font",
    ["Helvetica", "Helvetica-BoldOblique", "Times-Roman", "Times-BoldItalic", "Courier-Bold"],
)
@pytest.mark.parametrize("size", [6, 14])
def test_digits_of_ordinary_fonts_are_confirmed_by_their_print(font: str, size: float) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, *(("规章", "", "", ""),) * 2))
        for i, number in enumerate(("10325", "46798")):
            canvas.setFont(font, size)
            canvas.drawString(*spot(1 + i, 1), number)

    content = read_pdf(make(draw), DEFAULT_LIMITS)
    (grid,) = (item for item in content.items if isinstance(item, Grid))
    found = [row[1] for row in grid.rows[1:]]
    assert [(cell.text, cell.doubt) for cell in found if cell] == [("10325", {}), ("46798", {})]
    assert not content.read_once
