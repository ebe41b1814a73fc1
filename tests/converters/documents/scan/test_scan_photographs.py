"""Photographs of pages: on their side, aslant, seen from aside, on a desk, on paper that is bent.

All but one run no engine: the geometry alone is looked at.
"""

import io
from typing import TYPE_CHECKING

import pytest

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid
from gongkai.converters.documents.scan.engines import Heard, RecognitionEngines, require_extra
from gongkai.converters.documents.scan.grid import tables_of
from gongkai.converters.errors import UnreadableSource

try:
    require_extra()
    import cv2
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
except UnreadableSource as error:
    pytest.skip(f"scans are not tested: {error}", allow_module_level=True)

from gongkai.converters.documents.scan import reader
from gongkai.converters.documents.scan.desk import page_alone
from gongkai.converters.documents.scan.flat import flat
from gongkai.converters.documents.scan.image import grey_of, tilt_of, turned

if TYPE_CHECKING:
    from numpy import ndarray as Picture

WIDTH, HEIGHT = 1400, 1000
HEADS = ("Natural persons", "Companies", "Institutes", "Carried over", "All together")
ROWS, COLUMNS = 8, len(HEADS)
DESK = 70


def page(rules: int = 60) -> "Picture":
    """A page with a table of headings and numbers, every one the same as no other."""
    drawn = Image.new("L", (WIDTH, HEIGHT), 240)
    pen, font = ImageDraw.Draw(drawn), ImageFont.load_default(29)
    wide, high, left, top = 220, 90, 150, 140
    for row in range(ROWS + 1):
        y = top + row * high
        pen.line((left, y, left + COLUMNS * wide, y), fill=rules, width=3)
    for column in range(COLUMNS + 1):
        x = left + column * wide
        pen.line((x, top, x, top + ROWS * high), fill=rules, width=3)
    for row in range(ROWS):
        for column in range(COLUMNS):
            middle = (left + (column + 0.5) * wide, top + (row + 0.5) * high)
            pen.text(middle, text_of(row, column), font=font, fill=20, anchor="mm")
    return np.array(drawn)


def text_of(row: int, column: int) -> str:
    return str(100 * row + 11 * column + 7) if row else HEADS[column]


def seen(
    drawn: "Picture", turn: float, across: float, down: float, around: int = 0, beyond: int = 240
) -> "Picture":
    """The page as a camera sees it that is turned by some degrees and stands aside.

    The right side is shorter by the part ``across``, the foot by ``down``; ``around`` so many
    pixels of what is ``beyond`` the page are seen.
    """
    width, height = WIDTH - 1, HEIGHT - 1
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    held = corners + np.array([(0, 0), (0, across), (-down, -across), (down, 0)]) * (
        width / 2,
        height / 2,
    )
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 0.96)
    held = held @ matrix[:, :2].T + matrix[:, 2] + around
    return np.asarray(
        cv2.warpPerspective(
            drawn,
            cv2.getPerspectiveTransform(corners.astype(np.float32), held.astype(np.float32)),
            (WIDTH + 2 * around, HEIGHT + 2 * around),
            flags=cv2.INTER_AREA,
            borderValue=beyond,
        )
    )


def shaded(picture: "Picture") -> "Picture":
    """The picture in light that falls off from the left to the right."""
    light = np.linspace(1.0, 0.55, picture.shape[1])
    return (picture * light).astype(np.uint8)


def cells_seen(picture: "Picture") -> list[tuple[range, range, bool]]:
    (table,), _ = tables_of(flat(grey_of(page_alone(Image.fromarray(picture)), 1)).grey)
    return [(frame.rows, frame.columns, frame.certain) for frame in table.frames]


ALL_CELLS = [
    (range(row, row + 1), range(column, column + 1), True)
    for row in range(ROWS)
    for column in range(COLUMNS)
]


@pytest.mark.parametrize(
    ("turn", "across", "down"),
    [(5, 0, 0), (-9, 0, 0), (0, 0.06, 0), (0, 0, 0.06), (-5, -0.05, 0.03)],
)
@pytest.mark.parametrize("around", [0, 90])
def test_every_cell_is_found_on_a_page_seen_aslant(
    turn: float, across: float, down: float, around: int
) -> None:
    beyond = DESK if around else 240
    assert cells_seen(shaded(seen(page(), turn, across, down, around, beyond))) == ALL_CELLS


def test_what_lies_around_a_page_is_left_out_and_nothing_of_the_page_is() -> None:
    alone = np.array(page_alone(Image.fromarray(seen(page(), 4, 0.05, 0, 90, DESK))))
    assert abs(alone.shape[1] / alone.shape[0] - WIDTH / HEIGHT) < 0.05
    dark = alone < 150
    assert not dark[:8].any() and not dark[-8:].any()
    assert not dark[:, :8].any() and not dark[:, -8:].any()
    assert abs(dark.mean() / (page() < 150).mean() - 1) < 0.1


def frame_of_a_table(drawn: "Picture") -> None:
    drawn[100:900, 60:1340] = np.where(drawn[100:900, 60:1340] > 200, 240, 20)
    drawn[90:96, 60:1340] = drawn[904:910, 60:1340] = 20
    drawn[90:910, 60:66] = drawn[90:910, 1334:1340] = 20


def banner(drawn: "Picture") -> None:
    drawn[:120] = 60


def half_in_shadow(drawn: "Picture") -> None:
    drawn[:] = shaded(drawn)
    drawn[:] = (drawn * np.linspace(1, 0.5, HEIGHT)[:, None]).astype(np.uint8)


@pytest.mark.parametrize("change", [frame_of_a_table, banner, half_in_shadow])
def test_nothing_of_a_page_is_taken_for_what_lies_around_it(change: object) -> None:
    drawn = page()
    assert callable(change)
    change(drawn)
    image = Image.fromarray(drawn)
    assert page_alone(image) is image


def test_a_page_cut_off_by_the_photograph_is_left_as_it_is() -> None:
    image = Image.fromarray(seen(page(), 3, 0, 0, 90, DESK)[:, 200:])
    assert page_alone(image) is image


def test_a_page_as_from_a_scanner_is_only_levelled() -> None:
    drawn = page()
    tilt = tilt_of(drawn)
    made = flat(drawn)
    assert abs(tilt) < 0.1
    assert (made.grey == turned(drawn, tilt)).all()
    assert not made.aslant


def bent(drawn: "Picture", by: int) -> "Picture":
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    arch = by * np.sin(np.pi * across / WIDTH).astype(np.float32)
    return np.asarray(cv2.remap(drawn, across, down + arch, cv2.INTER_LINEAR, borderValue=240))


@pytest.mark.parametrize(
    "picture",
    [bent(page(), 30), seen(page(), 0, 0.5, 0)],
    ids=["bent", "seen much from aside"],
)
def test_a_page_that_cannot_be_made_flat_is_told(
    picture: "Picture", monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(pictures: object) -> list[Heard]:
        assert isinstance(pictures, list | tuple)
        return [Heard("words", 0.99) for _ in pictures]

    monkeypatch.setattr(
        reader, "load_engines", lambda: RecognitionEngines(lambda _: [], read, read)
    )
    content = reader.read_page_images([(3, Image.fromarray(picture))], DEFAULT_LIMITS)
    assert any("page 3: the page was photographed" in note["en"] for note in content.notes)
    assert "拍摄角度倾斜" in content.unread["zh"]


@pytest.mark.ocr
def test_a_photograph_of_a_page_on_its_side_is_read() -> None:
    picture = np.rot90(shaded(seen(page(), -4, 0.05, 0.03, 90, DESK)))
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(file, "JPEG", quality=90)
    content = reader.read_image(file.getvalue(), DEFAULT_LIMITS)
    (grid,) = [item for item in content.items if isinstance(item, Grid)]
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            assert cell is not None
            assert (cell.text, cell.doubt) == (text_of(row, column), {})
