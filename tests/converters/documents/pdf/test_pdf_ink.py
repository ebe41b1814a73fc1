"""What is drawn around figures in text, notes, slanted text, and what is no text."""

from typing import Any

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.cn.claims.reader import read_claims
from gongkai.converters.documents.doubts import UNDECIDED
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Place, TextBlock
from gongkai.converters.documents.pdf.reader import read_pdf
from gongkai.converters.report import Section
from gongkai.ontology.bodies import Body
from helpers.pdf_ink import (
    HEAD,
    OLD,
    WIDE,
    Draw,
    annotate,
    cell_of,
    clipped_away,
    clipped_in_part,
    content_of,
    line,
    pale,
    transparent,
    under_a_box,
    under_an_annotation,
    under_an_image,
    white,
)
from helpers.pdf_maker import LEFT, make, table, write

# --- in running text ------------------------------------------------------------------------------


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


# --- annotations ----------------------------------------------------------------------------------


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


# --- aslant ---------------------------------------------------------------------------------------


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


# --- what is no text ------------------------------------------------------------------------------


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
