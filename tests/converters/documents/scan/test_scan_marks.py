"""Lines through digits and digits set off, told by the ink of a scan: no engine runs here."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from gongkai.converters.documents.scan.agreement import Usual, settle
from gongkai.converters.documents.scan.engines import Heard, require_extra
from gongkai.converters.documents.scan.grid import Bare, tables_of
from gongkai.converters.documents.scan.image import coloured_ink
from gongkai.converters.documents.scan.ink import ink_in
from gongkai.converters.documents.scan.likeness import likeness_of
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.text import PrintedLine, show_columns
from gongkai.converters.documents.scan.tones import strokes_lost
from gongkai.converters.errors import UnreadableSource

try:
    require_extra()
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
except UnreadableSource as error:
    pytest.skip(f"scans are not tested: {error}", allow_module_level=True)

if TYPE_CHECKING:
    from numpy import ndarray as Picture

PAPER = 232
PITCH = 0.75
NUMBERS = ["5", "8", "44", "446", "1999", "2001", "7744", "60", "111"]
Stroke = Callable[["ImageDraw.ImageDraw", PixelBox], None]
Draw = Callable[["Cell"], None]


class Cell:
    """A cell with a number in the font that Pillow ships: where it stands, what to draw with."""

    def __init__(self, number: str, size: int = 29) -> None:
        self.page = Image.new("L", (360, 80), 250)
        self.pen = ImageDraw.Draw(self.page)
        self.font = ImageFont.load_default(size)
        self.number = number
        self.seal: Image.Image | None = None
        self.pen.text((60, 24), number, font=self.font, fill=20)
        self.left, self.top, self.right, self.bottom = self.pen.textbbox(
            (60, 24), number, font=self.font
        )

    def at(self, part: float) -> float:
        """The level at a part of the height of the digits."""
        return self.top + part * (self.bottom - self.top)

    def settled(self, heard: str = "") -> tuple[str, str]:
        """The text and the doubt, where both engines read ``heard`` for sure."""
        grey = np.array(self.page)
        colour = None if self.seal is None else coloured_ink(self.seal, grey.shape)
        bare = Bare(grey, np.zeros_like(grey), 1.0, colour)
        lines = ink_in(bare, PixelBox(0, 0, 359, 79), PAPER).lines
        read = [Heard(heard or self.number, 0.99)] * len(lines)
        says = settle(lines, read, read, Usual(0.0, PITCH))
        return says.text, says.doubt.get("en", "")


def level(cell: Cell) -> None:
    cell.pen.line((cell.left - 1, cell.at(0.5), cell.right, cell.at(0.5)), fill=20, width=2)


def thin(cell: Cell) -> None:
    cell.pen.line((cell.left - 1, cell.at(0.4), cell.right, cell.at(0.4)), fill=90, width=1)


def double(cell: Cell) -> None:
    for part in (0.4, 0.6):
        cell.pen.line((cell.left - 1, cell.at(part), cell.right, cell.at(part)), fill=20, width=2)


def slanting(cell: Cell) -> None:
    cell.pen.line((cell.left - 2, cell.at(0.7), cell.right + 1, cell.at(0.25)), fill=20, width=2)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_without_marks_is_read(number: str) -> None:
    assert Cell(number).settled() == (number, "")


@pytest.mark.parametrize(
    ("number", "mark"),
    [(number, mark) for number in NUMBERS for mark in (level, thin, double)]
    + [(number, slanting) for number in NUMBERS if number not in ("5", "44")],
)
def test_a_number_with_a_line_through_it_is_not_read(mark: Draw, number: str) -> None:
    cell = Cell(number)
    mark(cell)
    assert cell.settled()[1]


@pytest.mark.parametrize("mark", [level, double])
def test_an_old_number_struck_out_is_no_part_of_the_new_one(mark: Draw) -> None:
    cell = Cell("1999")
    mark(cell)
    cell.pen.text((cell.right + 1, 24), "2001", font=cell.font, fill=20)
    text, doubt = cell.settled("19992001")
    assert (text, doubt) == ("19992001", "a line runs through the figures: some may be struck out")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_line_under_a_number_is_none_through_it(number: str) -> None:
    cell = Cell(number)
    cell.pen.line((cell.left, cell.bottom + 4, cell.right, cell.bottom + 4), fill=20, width=2)
    assert "runs through" not in cell.settled()[1]


@pytest.mark.parametrize(("dash", "gap"), [(6, 5), (9, 9), (2, 4)])
def test_rules_of_dashes_and_dots_make_cells_as_others_do(dash: int, gap: int) -> None:
    page = Image.new("L", (1654, 1100), 250)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(29)
    across, down = range(150, 150 + 5 * 260, 260), range(160, 160 + 6 * 56, 56)
    for y in down:
        for x in range(across[0], across[-1], dash + gap):
            pen.line((x, y, x + dash - 1, y), fill=30, width=3)
    for x in across:
        for y in range(down[0], down[-1], dash + gap):
            pen.line((x, y, x, y + dash - 1), fill=30, width=3)
    for row, y in enumerate(down[:-1]):
        for column, x in enumerate(across[:-1]):
            pen.text((x + 90, y + 12), f"{17 * row + column}8", font=font, fill=20)
    ((table,), _) = tables_of(np.array(page))
    assert (len(table.down), len(table.across)) == (6, 5)
    assert len(table.frames) == 20


def test_lines_of_text_make_no_rules_of_dashes() -> None:
    page = Image.new("L", (1654, 1100), 250)
    pen = ImageDraw.Draw(page)
    for line in range(12):
        text = "- - = .. -- i.e. ---- ... j:; - 11-22-33 - _ _ _ - - -" * 2
        pen.text((100, 80 + 60 * line), text, font=ImageFont.load_default(29), fill=20)
    assert tables_of(np.array(page))[0] == []


@pytest.mark.parametrize("lift", [-8, 6])
def test_a_small_raised_or_lowered_digit_is_a_mark_and_no_digit(lift: int) -> None:
    cell = Cell("13")
    small = ImageFont.load_default(22)
    cell.pen.text((cell.right + 2, 28 + lift), "1", font=small, fill=20)
    assert "footnote" in cell.settled("131")[1]


def test_a_stroke_between_two_numbers_is_no_1() -> None:
    cell = Cell("37")
    x = cell.right + 4
    cell.pen.line((x, cell.bottom, x + 9, cell.top), fill=20, width=3)
    cell.pen.text((x + 13, 24), "52", font=cell.font, fill=20)
    assert "it may be a /" in cell.settled("37152")[1]


@pytest.mark.parametrize("ink", [(200, 30, 30), (40, 60, 200)])
def test_a_seal_or_a_pen_over_a_number_leaves_a_doubt(ink: tuple[int, int, int]) -> None:
    cell = Cell("2001")
    picture = cell.page.convert("RGB")
    box = (cell.right - 14, cell.top - 12, cell.right + 40, cell.bottom + 12)
    ImageDraw.Draw(picture).ellipse(box, outline=ink, width=4)
    cell.page, cell.seal = picture.convert("L"), picture
    assert "ink of two colours" in cell.settled()[1]


def test_a_number_in_one_colour_is_read() -> None:
    cell = Cell("2001")
    picture = Image.new("RGB", cell.page.size, (250, 250, 250))
    ImageDraw.Draw(picture).text((60, 24), "2001", font=cell.font, fill=(190, 20, 20))
    cell.page, cell.seal = picture.convert("L"), picture
    assert cell.settled() == ("2001", "")


def test_a_digit_covered_by_a_white_patch_leaves_a_doubt() -> None:
    cell = Cell("20015")
    width = (cell.right - cell.left) / 5
    patch = (cell.left + 2 * width - 1, cell.top - 2, cell.left + 3 * width, cell.bottom + 2)
    cell.pen.rectangle(patch, fill=250)
    assert cell.settled("2015")[1]


def wavy(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    middle, height = (box.top + box.bottom) / 2, box.height
    points = [
        (x, middle + 0.12 * height * (1 if (x - box.left) // 5 % 2 else -1))
        for x in range(box.left - 3, box.right + 4, 5)
    ]
    pen.line(points, fill=40, width=2)


def pale(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    level = box.top + 0.55 * box.height
    pen.line((box.left - 3, level, box.right + 3, level), fill=130, width=2)


def aslant(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    ends = (box.left - 4, box.top + 0.75 * box.height, box.right + 4, box.top + 0.3 * box.height)
    pen.line(ends, fill=30, width=2)


def crossed(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    aslant(pen, box)
    pen.line((box.left - 4, box.top, box.right + 4, box.bottom), fill=30, width=2)


def by_hand(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    bow = (box.left - 4, box.top + 0.45 * box.height, box.right + 4, box.bottom + 0.3 * box.height)
    pen.arc(bow, 190, 350, fill=60, width=2)


def faint(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    ends = (box.left - 1, box.top + 0.2 * box.height, box.right, box.top + 0.8 * box.height)
    pen.line(ends, fill=115, width=1)


def faint_cross(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    faint(pen, box)
    pen.line((box.left - 1, box.bottom, box.right, box.top), fill=140, width=1)


def through_one_digit(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    ends = (box.left, box.top + 0.9 * box.height, box.left + 18, box.top + 0.1 * box.height)
    pen.line(ends, fill=90, width=1)


def short(pen: "ImageDraw.ImageDraw", box: PixelBox) -> None:
    level = box.top + 0.45 * box.height
    pen.line((box.left - 5, level, box.left + 3, level + 2), fill=120, width=2)


def page_of_numbers(
    strokes: dict[int, Stroke], spoiled: bool, bold: range = range(0)
) -> tuple["Picture", list[tuple[PixelBox, str]]]:
    """A page of 120 numbers, lines drawn through those whose place is given."""
    page = Image.new("L", (1000, 640), 250)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(29)
    numbers = []
    for place in range(120):
        text = str(place * 7919 % (10, 100, 1000, 10000)[place % 4])
        left, top = 30 + place % 10 * 95, 20 + place // 10 * 50
        pen.text((left, top), text, font=font, fill=20, stroke_width=int(place in bold))
        box = PixelBox(*(int(edge) for edge in pen.textbbox((left, top), text, font=font)))
        numbers.append((box, text))
        if place in strokes:
            strokes[place](pen, box)
    grey = np.array(page).astype(float)
    if spoiled:
        grey = grey + np.random.default_rng(4).normal(0, 6, grey.shape)
        grey = np.array(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).reduce(2))
        grey = np.array(Image.fromarray(grey).resize(page.size))
    return np.clip(grey, 0, 250).astype(np.uint8), numbers


STROKES = [wavy, pale, aslant, crossed, by_hand, faint, faint_cross, through_one_digit, short]


def with_other_ink(page: "Picture", numbers: list[tuple[PixelBox, str]]) -> set[int]:
    told = likeness_of(page, numbers, PITCH)
    return {number for number, likeness in enumerate(told) if likeness.other_ink}


@pytest.mark.parametrize("spoiled", [False, True])
@pytest.mark.parametrize("stroke", STROKES)
def test_ink_that_the_same_digits_do_not_have_is_told(stroke: Stroke, spoiled: bool) -> None:
    struck = set(range(3, 120, 13))
    page, numbers = page_of_numbers(dict.fromkeys(struck, stroke), spoiled)
    assert with_other_ink(page, numbers) == struck


@pytest.mark.parametrize("spoiled", [False, True])
@pytest.mark.parametrize("bold", [range(0), range(80, 120), range(120)])
def test_a_page_without_strokes_has_no_other_ink(bold: range, spoiled: bool) -> None:
    page, numbers = page_of_numbers({}, spoiled, bold)
    assert with_other_ink(page, numbers) == set()


@pytest.mark.parametrize("rim", [1, 2])
def test_paper_above_and_below_digits_makes_them_no_other_size(rim: int) -> None:
    page, numbers = page_of_numbers({}, spoiled=False)
    wider = [
        (box._replace(top=box.top - rim, bottom=box.bottom + rim) if n % 7 == 0 else box, text)
        for n, (box, text) in enumerate(numbers)
    ]
    assert with_other_ink(page, wider) == set()


def test_a_page_says_whether_pale_strokes_are_lost_in_it() -> None:
    page, _ = page_of_numbers({}, spoiled=False)
    black = np.where(page < 128, 20, 250).astype(np.uint8)
    noise = np.random.default_rng(2).normal(0, 60, page.shape)
    noisy = np.clip(page + noise, 0, 250).astype(np.uint8)
    told = [strokes_lost(Image.fromarray(each), each) for each in (page, black, noisy)]
    assert told == [False, True, True]
    assert strokes_lost(Image.fromarray(page).convert("1"), page)


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        (["行政许可 12 3 7", "行政处罚 0 0 1", "行政强制 — 2 5"], True),
        (["行政许可 12 3 7", "2021年收到申请 12 件"], False),
        (["本年收到申请12件。", "办结11件，结转 1 件。", "2021 年 3 月 5 日"], False),
    ],
)
def test_rows_of_numbers_outside_tables_are_a_table_without_rules(
    lines: list[str], columns: bool
) -> None:
    read = [
        PrintedLine(line, PixelBox(0, 40 * n, 900, 40 * n + 30)) for n, line in enumerate(lines)
    ]
    assert show_columns(read) == columns
