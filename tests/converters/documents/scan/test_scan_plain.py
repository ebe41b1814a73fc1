"""Scans of tables without rules between their columns: read by alignment, or not at all.

Most run no engine: one that is told where words are and takes narrow print for numbers shows what
the geometry makes of a page.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.scan.engines import Heard, RecognitionEngines, require_extra
from gongkai.converters.documents.scan.grid import CellFrame, FramedTable, tables_of
from gongkai.converters.documents.scan.ink import darkest_paper, ink_in
from gongkai.converters.documents.scan.plain import plain_tables
from gongkai.converters.documents.scan.reader import read_image
from gongkai.converters.errors import UnreadableSource

try:
    require_extra()
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
except UnreadableSource as error:
    pytest.skip(f"scans are not tested: {error}", allow_module_level=True)

if TYPE_CHECKING:
    from numpy import ndarray as Picture

HEADS = ("Received", "Answered", "Rejected", "Carried on")
LABELS = ("Natural persons", "Companies", "Institutes", "Law firms", "All of them")
NUMBERS = (
    ("12", "305", "7", "1999"),
    ("4", "68", "2001", "530"),
    ("17", "0", "446", "81"),
    ("9", "1207", "33", "6"),
    ("42", "1580", "2487", "2616"),
)
LEFT, TOP, STUB, WIDE, HIGH = 120, 200, 330, 230, 60


@dataclass
class Sheet:
    """A page with a table: what is printed in its cells can be changed before it is drawn."""

    numbers: list[list[str]] = field(default_factory=lambda: [list(row) for row in NUMBERS])
    aside: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """By how much, across and down, a number stands out of its place."""
    words: list[tuple[int, int, int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = Image.new("L", (1654, 1100), 250)
        self.pen = ImageDraw.Draw(self.page)
        self.font = ImageFont.load_default(29)

    def at(self, row: float, column: float) -> tuple[int, int]:
        """The middle of a cell; rows of numbers begin at 1, labels are in column -1."""
        left = LEFT + STUB // 2 if column < 0 else LEFT + STUB + round(WIDE * (column + 0.5))
        return left, TOP + round(HIGH * (row + 0.5))

    def write(self, middle: tuple[int, int], text: str) -> None:
        self.pen.text(middle, text, font=self.font, fill=20, anchor="mm")
        left, top, right, bottom = self.pen.textbbox(middle, text, font=self.font, anchor="mm")
        self.words.append((int(left) - 4, int(top) - 4, int(right) + 4, int(bottom) + 4))

    def drawn(self) -> "Image.Image":
        """The page with the heads, the labels and the numbers."""
        for column, head in enumerate(HEADS):
            self.write(self.at(0, column), head)
        for row, (label, numbers) in enumerate(zip(LABELS, self.numbers, strict=True), start=1):
            self.write(self.at(row, -1), label)
            for column, number in enumerate(numbers):
                x, y = self.at(row, column)
                right, down = self.aside.get((row, column), (0, 0))
                if number:
                    self.write((x + right, y + down), number)
        return self.page

    def rule(self, row: float, dash: int = 0, thick: int = 2) -> None:
        """A level rule above a row, of dashes if they have a length."""
        y, end = TOP + round(HIGH * row), LEFT + STUB + WIDE * len(HEADS)
        step = dash + 8 if dash else end
        for x in range(LEFT, end, step):
            self.pen.line((x, y, min(x + (dash or end) - 1, end), y), fill=40, width=thick)


def engines_for(sheet: Sheet) -> RecognitionEngines:
    """Engines that find the words of a sheet, and take narrow print for numbers."""

    def find(picture: "Picture") -> list[tuple[int, int, int, int]]:
        scale = max(picture.shape) / max(sheet.page.size)
        return [tuple(round(edge * scale) for edge in box) for box in sheet.words]

    def read(pictures: Sequence["Picture"]) -> list[Heard]:
        wide = [picture.shape[1] > 2.9 * picture.shape[0] for picture in pictures]
        return [Heard("Words" if words else "12", 0.99) for words in wide]

    return RecognitionEngines(find, read, read)


def tables_on(sheet: Sheet) -> tuple[FramedTable, ...]:
    grey = np.array(sheet.page)
    ruled, bare = tables_of(grey)
    assert not ruled
    return plain_tables(bare, [], engines_for(sheet)).tables


def frame_at(table: FramedTable, sheet: Sheet, row: int, column: int) -> CellFrame:
    """The frame that the middle of a cell is in."""
    x, y = sheet.at(row, column)
    held = [
        frame
        for frame in table.frames
        if frame.box.left <= x < frame.box.right and frame.box.top <= y < frame.box.bottom
    ]
    assert len(held) == 1
    return held[0]


def rules_of_kind(kind: str) -> Callable[[Sheet], None]:
    rows = {"none": (), "head and foot": (0, 1, 6), "foot": (6,)}.get(kind, range(7))
    dash = {"dashes": 12, "dots": 3}.get(kind, 0)

    def draw(sheet: Sheet) -> None:
        for row in rows:
            sheet.rule(row, dash)

    return draw


KINDS = ("none", "level", "head and foot", "foot", "dashes", "dots")


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_is_in_the_cell_of_its_row_and_column(kind: str) -> None:
    sheet = Sheet()
    sheet.drawn()
    rules_of_kind(kind)(sheet)
    (table,) = tables_on(sheet)
    places = {
        (row, column): frame_at(table, sheet, row, column)
        for row in range(1, 6)
        for column in range(-1, 4)
    }
    first = places[1, -1]
    for (row, column), frame in places.items():
        assert not frame.doubt
        assert frame.rows.start - first.rows.start == row - 1
        assert frame.columns.start - first.columns.start == column + 1
    assert len({frame.box for frame in places.values()}) == 25


def blanked(sheet: Sheet) -> None:
    sheet.numbers[2][1] = ""


def between(sheet: Sheet) -> None:
    sheet.aside[3, 1] = (36, 0)


def high(sheet: Sheet) -> None:
    sheet.aside[3, 1] = (0, -9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (blanked, "whether the cell is blank"),
        (between, "to which column"),
        (high, "to which row"),
    ],
)
@pytest.mark.parametrize("kind", ["none", "level"])
def test_what_may_be_of_another_cell_is_doubtful(
    change: Callable[[Sheet], None], said: str, kind: str
) -> None:
    sheet = Sheet()
    change(sheet)
    sheet.drawn()
    rules_of_kind(kind)(sheet)
    (table,) = tables_on(sheet)
    frame = min(
        (frame for frame in table.frames if said in frame.doubt.get("en", "")),
        key=lambda frame: abs(frame.box.left + frame.box.right - 2 * sheet.at(3, 1)[0]),
    )
    assert frame.box.left < sheet.at(3, 1)[0] < frame.box.right
    assert {other.rows for other in table.frames if other.doubt} == {frame.rows}


def standing(sheet: Sheet) -> None:
    x = LEFT + STUB + 2 * WIDE
    sheet.pen.line((x, TOP + HIGH, x, TOP + 4 * HIGH), fill=40, width=2)


def second_line(sheet: Sheet) -> None:
    x, y = sheet.at(5, 2)
    sheet.write((x, y + 34), "5")


def half_a_row_off(sheet: Sheet) -> None:
    x, y = sheet.at(3.5, 2)
    sheet.write((x, y), "5")


def far_between(sheet: Sheet) -> None:
    sheet.write((sheet.at(3, 1)[0] + WIDE // 2, sheet.at(3, 1)[1]), "5")


def no_heading(sheet: Sheet) -> None:
    x, y = sheet.at(0, 2)
    sheet.pen.rectangle((x - 90, y - 20, x + 90, y + 20), fill=250)


@pytest.mark.parametrize("change", [standing, second_line, half_a_row_off, far_between, no_heading])
def test_a_table_that_is_not_clear_is_none(change: Callable[[Sheet], None]) -> None:
    sheet = Sheet()
    sheet.drawn()
    change(sheet)
    found = plain_tables(tables_of(np.array(sheet.page))[1], [], engines_for(sheet))
    assert found.unclear


def test_a_row_struck_out_is_marked_as_cut() -> None:
    sheet = Sheet()
    sheet.drawn()
    sheet.rule(3.5, thick=3)
    grey = np.array(sheet.page)
    _, bare = tables_of(grey)
    found = plain_tables(bare, [], engines_for(sheet))
    (table,), cleared = found.tables, found.page
    paper = darkest_paper(cleared.grey)
    for column in range(4):
        assert ink_in(cleared, frame_at(table, sheet, 3, column).box, paper).cut
        assert not ink_in(cleared, frame_at(table, sheet, 2, column).box, paper).cut


def test_lines_of_text_are_no_table() -> None:
    sheet = Sheet()
    for row in range(8):
        sheet.write((700, TOP + 50 * row), "The office has answered all requests of the year")
    assert tables_on(sheet) == ()


@pytest.mark.ocr
@pytest.mark.parametrize("kind", ["none", "level"])
def test_a_scan_of_a_table_without_rules_between_its_columns(kind: str) -> None:
    sheet = Sheet(numbers=[list(row) for row in NUMBERS])
    sheet.numbers[0][1] = ""
    sheet.aside[4, 2] = (40, 0)
    sheet.drawn()
    x, y = sheet.at(2, 3)
    sheet.pen.line((x - 30, y, x + 30, y), fill=20, width=3)
    rules_of_kind(kind)(sheet)
    file = io.BytesIO()
    sheet.page.save(file, "PNG")
    content = read_image(file.getvalue(), DEFAULT_LIMITS)
    (grid,) = [item for item in content.items if isinstance(item, Grid)]
    rows = [row[-4:] for row in grid.rows[-5:]]
    assert not content.unread
    for row, numbers in enumerate(NUMBERS, start=1):
        for column, number in enumerate(numbers):
            cell = rows[row - 1][column]
            assert cell is not None
            if row == 4 or (row, column) in ((1, 1), (2, 3)):
                assert cell.doubt
            else:
                assert (cell.text, cell.doubt) == (number, {})
