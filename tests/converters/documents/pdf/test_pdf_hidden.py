"""What a PDF hides, shadows or puts a seal over."""

import math

import pytest
from reportlab.lib.colors import red
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.doubts import STRUCK
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.pdf import cell_reading as reasons
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_ink import (
    OLD,
    STROKES,
    WHOLE,
    WIDE,
    Draw,
    cell_of,
    clipped_away,
    clipped_in_part,
    pale,
    transparent,
    under_a_box,
    under_an_annotation,
    under_an_image,
    white,
)
from helpers.pdf_maker import COLUMNS, ROW, make, write

# --- hidden ---------------------------------------------------------------------------------------


def like_its_ground(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.7)
    canvas.rect(x - 5, y - 6, COLUMNS[1], ROW, stroke=1, fill=1)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


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


# --- shadows --------------------------------------------------------------------------------------


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


# --- seals ----------------------------------------------------------------------------------------


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
