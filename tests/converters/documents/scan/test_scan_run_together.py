"""Two numbers in one cell that both engines read as one: told by the column and the ink."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from gongkai.converters.documents.model import GridCell
from gongkai.converters.documents.scan.cells import read_cells
from gongkai.converters.documents.scan.engines import Heard, RecognitionEngines, require_extra
from gongkai.converters.documents.scan.grid import tables_of
from gongkai.converters.documents.scan.run_together import InColumn, run_together
from gongkai.converters.errors import UnreadableSource

try:
    require_extra()
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
except UnreadableSource as error:
    pytest.skip(f"scans are not tested: {error}", allow_module_level=True)

if TYPE_CHECKING:
    from numpy import ndarray as Picture

OTHERS = ["12", "40", "37", "8", "65", "29", "71", "90", "53", "46", "18", "24"]
WIDE, HIGH = 190, 56


def column_read(cell: str, gap: float = 0, stroke: str = "") -> GridCell:
    """How a cell is read in which two texts stand, parted by | and by so many pixels.

    Its column holds ``OTHERS`` above it. A line runs through ``stroke``, one of both. Both engines
    read all digits as one number.
    """
    page = Image.new("L", (1000, 900), 250)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(29)
    rows = [[text, text[::-1]] for text in OTHERS] + [["7", cell]]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = 100 + WIDE * c + 40, 60 + HIGH * r + 12
            for part in text.split("|"):
                pen.text((x, y), part, font=font, fill=20)
                left, top, right, bottom = pen.textbbox((x, y), part, font=font)
                if part == stroke and c:
                    middle = (top + bottom) / 2
                    pen.line((left - 1, middle, right, middle), fill=60, width=2)
                x += int(pen.textlength(part, font=font) + gap)
    _rules(pen, len(rows))
    ((table,), bare) = tables_of(np.array(page))
    heard = [Heard(text.replace("|", ""), 0.99) for row in rows for text in row]

    def read(_: "Sequence[Picture]") -> list[Heard]:
        return heard

    found = read_cells(bare, [table], RecognitionEngines(lambda _: [], read, read), 1)[0][-1][1]
    assert found is not None
    return found


def _rules(pen: "ImageDraw.ImageDraw", rows: int) -> None:
    right, bottom = 100 + 2 * WIDE, 60 + HIGH * rows
    for c in range(3):
        pen.line((100 + WIDE * c, 60, 100 + WIDE * c, bottom), fill=60, width=2)
    for r in range(rows + 1):
        pen.line((100, 60 + HIGH * r, right, 60 + HIGH * r), fill=60, width=2)


@pytest.mark.parametrize(
    ("cell", "gap", "stroke"),
    [
        ("19|20", 6, ""),
        ("19|20", 0, "19"),
        ("19|20", 0, "20"),
        ("7|154", 6, ""),
        ("31|1", 7, ""),
        ("231|48", 0, "231"),
    ],
)
def test_two_numbers_that_are_read_as_one_are_both_named(cell: str, gap: int, stroke: str) -> None:
    one, other = cell.split("|")
    read = column_read(cell, gap, stroke)
    assert read.doubt["en"].endswith(f"it may be two numbers, {one} and {other}")
    assert f"可能是 {one} 和 {other} 两个数" in read.doubt["zh"]
    assert read.readings == (one + other, one, other)


@pytest.mark.parametrize("number", ["1045", "1920", "111", "71154", "100000"])
def test_a_long_number_without_a_joint_is_read(number: str) -> None:
    read = column_read(number)
    assert (read.text, read.doubt) == (number, {})


def test_a_gap_alone_is_no_joint_where_others_have_as_many_digits() -> None:
    read = column_read("1|9", 5)
    assert (read.text, read.doubt) == ("19", {})


@pytest.mark.parametrize(
    ("number", "both"),
    [
        (InColumn("1045"), None),
        (InColumn("145", stroke=True), None),
        (InColumn("1045", stroke=True), ("10", "45")),
        (InColumn("145", joint=1), ("1", "45")),
        (InColumn("45", joint=1), None),
    ],
)
def test_digits_beyond_the_columns_others_and_a_stroke_make_a_doubt(
    number: InColumn, both: tuple[str, str] | None
) -> None:
    column = [InColumn("1"), InColumn("23"), number]
    assert run_together(column) == [None, None, both]


def test_numbers_with_a_joint_do_not_tell_what_is_usual() -> None:
    column = [InColumn("7"), InColumn("30"), InColumn("1920", joint=2), InColumn("2131", joint=2)]
    assert run_together(column) == [None, None, ("19", "20"), ("21", "31")]
    assert run_together(column[1:]) == [None, None, None]
