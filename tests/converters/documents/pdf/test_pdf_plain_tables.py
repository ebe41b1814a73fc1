"""Tables of a PDF without rules around their cells: close headings, page breaks, rules down."""

import random
from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_maker import HEIGHT, make, write

SIZE = 9
MIDDLES = (200, 222, 246, 300, 360)
"""The middles of the columns of numbers; the first ones are hardly apart."""

HEAD = (("商业", "企业"), ("科研", "机构"), ("其他",), ("社会公益组织",), ("总计",))
ROWS = [
    [f"{i}.某类申请", *(str(10 * i + j) for j in range(1, len(MIDDLES) + 1))] for i in range(1, 5)
]


def centred(canvas: Canvas, x: float, y: float, text: str, shift: random.Random) -> None:
    canvas.setFont("Helvetica" if text.isascii() else "STSong-Light", SIZE)
    canvas.drawCentredString(x + shift.uniform(-0.4, 0.4), y + shift.uniform(-0.3, 0.3), text)


def headings(canvas: Canvas, y: float, shift: random.Random) -> None:
    """Headings over one or two lines, each as high as the others together."""
    for x, lines in zip(MIDDLES, HEAD, strict=True):
        for k, text in enumerate(lines):
            centred(canvas, x, y + 6 * (len(lines) - 1) - 12 * k, text, shift)


def rows(
    canvas: Canvas, y: float, drawn: Sequence[Sequence[str]], pitch: float, shift: random.Random
) -> None:
    for i, (label, *values) in enumerate(drawn):
        write(canvas, 60, y - pitch * i, label, SIZE)
        for x, text in zip(MIDDLES, values, strict=True):
            centred(canvas, x, y - pitch * i, text, shift)


def texts(data: bytes) -> list[list[list[str]]]:
    """The texts of all grids, none of whose cells is in doubt."""
    made = []
    for item in read_pdf(data, DEFAULT_LIMITS).items:
        if isinstance(item, Grid):
            assert not any(cell.doubt for i in range(len(item.rows)) for cell in item.distinct(i))
            made.append([[cell.text if cell else "" for cell in row] for row in item.rows])
    return made


def values(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(row[-len(MIDDLES) :]) for row in grid]


WANTED = [row[1:] for row in ROWS]
LEAVES = ["".join(lines) for lines in HEAD]


@pytest.mark.parametrize("pitch", [14, 17, 21, 24])
@pytest.mark.parametrize("seed", range(3))
def test_headings_close_beside_one_another_are_each_over_their_column(
    pitch: float, seed: int
) -> None:
    """However far apart the rows are, and however unevenly it is printed."""

    def draw(canvas: Canvas) -> None:
        shift = random.Random(seed)
        headings(canvas, 700, shift)
        rows(canvas, 700 - pitch - 6, ROWS, pitch, shift)

    (grid,) = texts(make(draw))
    head, *body = values(grid)
    assert [text.replace("\n", "") for text in head] == LEAVES
    assert body == WANTED


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("seed", range(2))
def test_a_page_break_parts_no_table(before: int, seed: int) -> None:
    """Neither its rows, nor the headings from the rows."""

    def draw(canvas: Canvas) -> None:
        shift = random.Random(seed)
        write(canvas, 60, 200, "以下是本年度的情况。")
        headings(canvas, 150, shift)
        rows(canvas, 126, ROWS[:before], 17, shift)
        canvas.showPage()
        rows(canvas, HEIGHT - 40, ROWS[before:], 17, shift)

    (grid,) = texts(make(draw))
    head, *body = values(grid)
    assert [text.replace("\n", "") for text in head] == LEAVES
    assert body == WANTED


SPREAD = (90, 170, 250, 350, 450)


def parted_headings(canvas: Canvas, numbers: Sequence[str], between: str = "") -> None:
    """Headings before a page break and behind it, over one row of numbers."""
    shift = random.Random(0)
    for x, text in zip(SPREAD, ("维持", "纠正"), strict=False):
        centred(canvas, x, 60, text, shift)
    centred(canvas, 350, 60, "行政诉讼", shift)
    canvas.showPage()
    if between:
        write(canvas, 60, HEIGHT - 20, between)
    for x, text in zip(SPREAD[2:], ("维持", "纠正", "总计"), strict=True):
        centred(canvas, x, HEIGHT - 40, text, shift)
    for x, text in zip(SPREAD, numbers, strict=True):
        centred(canvas, x, HEIGHT - 60, text, shift)


def test_headings_may_be_parted_by_a_page_break() -> None:
    numbers = ["12", "0", "5", "1", "18"]
    (grid,) = texts(make(lambda canvas: parted_headings(canvas, numbers)))
    assert grid[-2:] == [["维持", "纠正", "维持", "纠正", "总计"], numbers]


@pytest.mark.parametrize("between", ["二、其他情况", "以上为上年度的情况。", "3"])
def test_headings_with_something_else_between_are_none_of_one_table(between: str) -> None:
    numbers = ["12", "0", "5", "1", "18"]
    for grid in texts(make(lambda canvas: parted_headings(canvas, numbers, between))):
        assert "行政诉讼" not in [text for row in grid for text in row]


@pytest.mark.parametrize(
    ("before", "change"), [(0, "moved"), (2, "moved"), (2, "fewer"), (0, "words"), (2, "words")]
)
def test_rows_that_are_not_below_the_same_columns_are_no_part_of_the_table(
    before: int, change: str
) -> None:
    def draw(canvas: Canvas) -> None:
        shift = random.Random(0)
        headings(canvas, 150, shift)
        rows(canvas, 126, ROWS[:before], 17, shift)
        canvas.showPage()
        if change == "words":
            write(canvas, 60, HEIGHT - 20, "二、其他情况")
        for i, (label, *numbers) in enumerate(ROWS[before:]):
            write(canvas, 60, HEIGHT - 40 - 17 * i, label, SIZE)
            for x, text in list(zip(MIDDLES, numbers, strict=True))[change == "fewer" :]:
                centred(canvas, x + 20 * (change == "moved"), HEIGHT - 40 - 17 * i, text, shift)

    for item in read_pdf(make(draw), DEFAULT_LIMITS).items:
        if isinstance(item, Grid):
            held = [cell.text for i in range(len(item.rows)) for cell in item.distinct(i)]
            assert not ("总计" in held and ROWS[-1][-1] in held)


@pytest.mark.parametrize("broken", [False, True])
def test_rules_down_part_columns_and_not_rows(broken: bool) -> None:
    """A heading over several columns has no rule through it; no rule parts it from the numbers."""
    edges = (60, 120, 180, 240, 300, 360, 420)
    leaves = ("维持", "纠正", "总计") * 2
    heads = ("行政复议案件的审理结果及件数", "行政诉讼案件的审理结果及件数")
    numbers = ("12", "0", "12", "5", "1", "6")

    def draw(canvas: Canvas) -> None:
        shift = random.Random(0)
        top, bottom = 180, 128 if not broken else 144
        centred(canvas, 150, top - 12, heads[0], shift)
        centred(canvas, 330, top - 12, heads[1], shift)
        canvas.line(edges[0], top, edges[-1], top)
        for i, x in enumerate(edges):
            canvas.line(x, top if i % 3 == 0 else top - 18, x, bottom)
        for i, text in enumerate(leaves):
            centred(canvas, edges[i] + 30, top - 28, text, shift)
        y = top - 46
        if broken:
            canvas.showPage()
            y = HEIGHT - 40
            for x in edges:
                canvas.line(x, y + 14, x, y - 6)
            canvas.line(edges[0], y + 14, edges[-1], y + 14)
        canvas.line(edges[0], y - 6, edges[-1], y - 6)
        for i, text in enumerate(numbers):
            centred(canvas, edges[i] + 30, y, text, shift)

    (grid,) = texts(make(draw))
    assert grid[-2:] == [list(leaves), list(numbers)]
    assert grid[0] == [heads[0]] * 3 + [heads[1]] * 3
