"""Scans and image files: no number is read wrongly without saying so.

Tests marked ``ocr`` run the engines and take seconds; those without the extra say so and skip.
"""

import io
import json
import random
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, TextBlock
from gongkai.converters.documents.scan.agreement import Usual, settle, usual_of
from gongkai.converters.documents.scan.engines import (
    Heard,
    RecognitionEngines,
    load_engines,
    require_extra,
)
from gongkai.converters.documents.scan.grid import tables_of
from gongkai.converters.documents.scan.image import grey_of, images_of, straight
from gongkai.converters.documents.scan.ink import InkLine, InkShape, darkest_paper, ink_in
from gongkai.converters.documents.scan.reader import page_image, read_image, read_page_images
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.text import paragraphs, read_lines
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.labels import likeness
from helpers.commands import ROOT
from helpers.profiles import NIGHTLY, examples

FORMATS = ROOT.parent / "shared" / "corpus" / "formats"
MODULES = ("cv2", "numpy", "PIL", "onnxruntime", "rapidocr_onnxruntime", "rapidocr")

try:
    require_extra()
    import cv2
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont
except UnreadableSource as error:
    MISSING = str(error)
else:
    MISSING = ""

with_extra = pytest.mark.skipif(bool(MISSING), reason=f"scans are not tested: {MISSING}")


def ocr(test: Any) -> Any:
    """Mark a test that runs the engines."""
    return pytest.mark.ocr(with_extra(test))


# Without the extra


def test_the_module_is_imported_without_the_extra_and_says_what_to_install() -> None:
    block = "; ".join(f"sys.modules[{name!r}] = None" for name in MODULES)
    code = (
        f"import sys; {block}\n"
        "from gongkai.converters.documents.limits import DEFAULT_LIMITS\n"
        "from gongkai.converters.documents.scan.reader import read_image, read_page_images\n"
        "from gongkai.converters.errors import UnreadableSource\n"
        "for read in (lambda: read_image(b'', DEFAULT_LIMITS),\n"
        "             lambda: read_page_images([], DEFAULT_LIMITS)):\n"
        "    try: read()\n"
        "    except UnreadableSource as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    said = run.stdout.splitlines()
    assert len(said) == 2
    assert all("install gongkai-lod[ocr]" in line for line in said)


# Tables drawn here


def drawn(
    numbers: Sequence[Sequence[str]],
    heads: Sequence[str] = (),
    size: int = 29,
    merged: str = "",
) -> Any:
    """A page with a table of Latin letters and digits, in the font that Pillow ships.

    With ``merged``, a row above the heads holds that text in one cell over all columns.
    """
    rows = [*([list(heads)] if heads else []), *numbers]
    wide, high = 190, 56
    page = Image.new("L", (1654, 1100 if len(rows) < 16 else 2339), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size)
    left, top = 150, 160
    width, height = wide * len(rows[0]), high * len(rows)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            middle = (left + wide * c + wide // 2, top + high * r + high // 2)
            pen.text(middle, text, font=font, fill=20, anchor="mm")
    if merged:
        pen.rectangle((left, top - high, left + width, top), outline=60, width=2)
        pen.text((left + width // 2, top - high // 2), merged, font=font, fill=20, anchor="mm")
    for c in range(len(rows[0]) + 1):
        pen.line((left + wide * c, top, left + wide * c, top + height), fill=60, width=2)
    for r in range(len(rows) + 1):
        pen.line((left, top + high * r, left + width, top + high * r), fill=60, width=2)
    return page


def stored(*pages: Any, kind: str = "PNG") -> bytes:
    """The bytes of an image file of one or more pages."""
    file = io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": pages[1:]} if pages[1:] else {}
    pages[0].save(file, kind, **more)
    return file.getvalue()


def degraded(page: Any, seed: int) -> Any:
    """The page as a bad copy of it: 150 dpi, skewed, blurred, noisy, broken rules, JPEG at 40."""
    chance = random.Random(seed)
    grey = np.array(page)
    for _ in range(150):
        x, y = chance.randrange(grey.shape[1]), chance.randrange(grey.shape[0])
        near = grey[y : y + 4, x : x + 4]
        near[(near > 40) & (near < 100)] = 255  # Rules are drawn in 60, digits in 20.
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.choice((-1.5, 1.5)), 1)
    grey = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    grey = cv2.resize(grey, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(seed).normal(0, 8, grey.shape)
    grey = np.clip(cv2.GaussianBlur(grey, (0, 0), 0.6) + noise, 0, 255).astype(np.uint8)
    return Image.open(io.BytesIO(stored(Image.fromarray(grey), kind="JPEG")))


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    return [["" if cell is None else cell.text for cell in row] for row in grid.rows]


def judged(cells: Sequence[GridCell | None], expected: Sequence[object]) -> Counter[str]:
    """How many cells are right, doubtful and wrong."""
    assert len(cells) == len(expected)
    return Counter(
        "doubtful"
        if cell is None or cell.doubt
        else ("right" if cell.text == str(value) else "wrong")
        for cell, value in zip(cells, expected, strict=True)
    )


NUMBERS = [
    ["0", "1", "7", "8", "6", "9"],
    ["11", "17", "71", "66", "99", "88"],
    ["111", "666", "999", "888", "171", "686"],
    ["1111", "6666", "1234", "5678", "9012", "3456"],
    ["11111", "99999", "68859", "10000", "20002", "77717"],
    ["0", "", "3", "4", "2", "5"],
]


@ocr
def test_a_png_of_a_table() -> None:
    page = drawn(NUMBERS, ["Year", "Alpha", "Beta", "Gamma", "Delta", "Total"], merged="Requests")
    content = read_image(stored(page), DEFAULT_LIMITS)
    (grid,) = grids(content)
    assert grid.aligned
    assert texts(grid)[2:] == NUMBERS
    assert not any(cell.doubt for row in range(8) for cell in grid.distinct(row))
    head = grid.rows[0][0]
    assert head is not None
    assert head.text == "Requests"
    assert all(cell is head for cell in grid.rows[0]), "a merged cell is one object"
    assert texts(grid)[1][5] == "Total"
    assert (grid.place.page, grid.place.table) == (1, 1)
    last = grid.rows[7][5]
    assert last is not None
    assert last.text == "5"
    assert (last.place.page, last.place.table, last.place.row, last.place.column) == (1, 1, 8, 6)
    assert [note["en"] for note in content.notes] == ["image pages, read by optical recognition: 1"]


@ocr
def test_a_black_and_white_page_says_that_thin_strokes_are_lost() -> None:
    page = drawn([["12", "7"], ["3", "60"]]).convert("1")
    notes = read_image(stored(page), DEFAULT_LIMITS).notes
    (note,) = (each for each in notes if "a thin stroke through a digit" in each["en"])
    assert note["zh"].startswith("第 1 页：")


@ocr
def test_a_table_over_the_pages_of_a_tiff_is_one_if_its_columns_are() -> None:
    first = drawn([["12", "345", "6"], ["78", "90", "1"]], ["Alpha", "Beta", "Gamma"])
    second = drawn([["55", "0", "4001"]])
    third = drawn([["55", "0", "4001", "7"]])
    content = read_image(stored(first, second, third, kind="TIFF"), DEFAULT_LIMITS)
    grid, other = grids(content)
    assert texts(other) == [["55", "0", "4001", "7"]]
    assert (other.place.page, other.place.table) == (3, 2)
    assert texts(grid)[1:] == [["12", "345", "6"], ["78", "90", "1"], ["55", "0", "4001"]]
    last = grid.rows[3][2]
    assert last is not None
    assert (last.place.page, last.place.row) == (2, 4)


@ocr
@pytest.mark.parametrize("seed", [1])
def test_no_number_of_a_bad_copy_is_wrong(seed: int) -> None:
    chance = random.Random(seed)
    others = chance.sample(range(10, 99999), 30)
    rows = [*NUMBERS[:5], *([str(n) for n in others[i : i + 6]] for i in range(0, 30, 6))]
    page = degraded(drawn(rows), seed)
    (grid,) = grids(read_page_images([(3, page)], DEFAULT_LIMITS))
    assert (len(grid.rows), grid.width) == (10, 6)
    counts = sum(
        (judged(cells, row) for cells, row in zip(grid.rows, rows, strict=True)), Counter[str]()
    )
    assert counts["wrong"] == 0, counts
    assert counts["right"] >= 54, counts


@ocr
def test_a_page_on_its_side_is_turned() -> None:
    heads = ["Received", "Answered", "Carried over", "Rejected"]
    page = drawn([["12", "345", "6", "7"]] * 4, heads, size=25)
    content = read_image(stored(page.transpose(Image.Transpose.ROTATE_90)), DEFAULT_LIMITS)
    (grid,) = grids(content)
    assert texts(grid)[1:] == [["12", "345", "6", "7"]] * 4


@ocr
def test_an_image_without_a_table() -> None:
    page = Image.new("L", (1200, 500), 255)
    pen = ImageDraw.Draw(page)
    pen.text((100, 100), "Report of the office", font=ImageFont.load_default(40), fill=0)
    pen.text((100, 220), "Received 376 requests", font=ImageFont.load_default(30), fill=0)
    content = read_image(stored(page, kind="JPEG"), DEFAULT_LIMITS)
    assert [item.text for item in content.items if isinstance(item, TextBlock)] == [
        "Report of the office",
        "Received 376 requests",
    ]
    assert not grids(content)


@ocr
def test_an_empty_page_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="no text can be read"):
        read_image(stored(Image.new("L", (800, 600), 255)), DEFAULT_LIMITS)


@ocr
def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    engines = load_engines.__wrapped__()
    picture = np.array(drawn([["123", "4"]]))[160:216, 150:340]
    line = cv2.cvtColor(picture[6:-6, 6:-6], cv2.COLOR_GRAY2BGR)
    # What matters is that both engines work; a rule at the edge may be read as a sign.
    assert "123" in engines.first([line])[0].text and "123" in engines.second([line])[0].text


# The scans of the corpus: file, expected values, pages with the part of each that holds tables


def scan(name: str, *pages: tuple[int, float, float]) -> Content:
    import pypdfium2

    path = FORMATS / f"{name}_scan.pdf"
    if not path.exists():
        pytest.skip(f"the scans of the corpus are not at {FORMATS}")
    with pypdfium2.PdfDocument(path) as pdf:
        images = []
        for number, top, bottom in pages:
            image = page_image(pdf[number - 1])
            box = (0, round(top * image.height), image.width, round(bottom * image.height))
            images.append((number, image.crop(box)))
    return read_page_images(images, DEFAULT_LIMITS)


SCANS = [
    # name, expected values, pages, numbers that must be read without doubt
    ("dense", "expected_dense", [(3, 0.4, 1.0), (4, 0.0, 0.76)], 205),
    ("report", "expected", [(4, 0.0, 0.75)], 142),
]
if NIGHTLY:  # The tables of the first, on one page.
    SCANS.append(("dense_onepage", "expected_dense", [(4, 0.0, 0.78)], 184))


@pytest.mark.slow
@ocr
@pytest.mark.parametrize(("name", "values", "pages", "floor"), SCANS)
def test_no_number_of_the_scans_is_wrong(
    name: str, values: str, pages: list[tuple[int, float, float]], floor: int
) -> None:
    content = scan(name, *pages)
    expected = json.loads((FORMATS / f"{values}.json").read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    *before, disputes = grids(content)
    (values_row,) = [row for row in disputes.rows if any(has_digit(cell) for cell in row)]
    counts += judged(values_row, expected["table4_review_litigation"]["values"])
    wanted = expected["table3_applications"]["rows"]
    requests = before.pop()
    # A row that a page break cuts goes on in one without values; the head has none either.
    rows = [row for row in requests.rows if any(has_digit(cell) for cell in row[-7:])]
    for row, want in zip(rows, wanted[-len(rows) :], strict=True):
        label = row[-8]
        assert label is not None
        assert likeness(want["path"][-1][:12], label.text.replace("\n", "")[:12]) > 0.8
        counts += judged(row[-7:], want["values"])
    if before:
        rows = [row for row in before.pop().rows if any(has_digit(cell) for cell in row)]
        wants = [
            numbers for block in expected["table2_proactive"] for numbers in block["rows"].values()
        ]
        for row, want_numbers in zip(rows, wants, strict=True):
            distinct = list(dict.fromkeys(id(cell) for cell in row))
            cells = [next(c for c in row if id(c) == key) for key in distinct]
            counts += judged(cells[1:], want_numbers)
        assert len(wanted) == len(requests.rows) - 3 - 1, "one table over both pages"
    assert not before
    assert counts["wrong"] == 0, counts
    assert counts["right"] >= floor, counts


def has_digit(cell: GridCell | None) -> bool:
    return cell is not None and any(sign.isdigit() for sign in cell.text)


# What image files may be


@with_extra
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_file_cut_off_is_refused(kind: str) -> None:
    data = stored(drawn([["12", "345"]]), kind=kind)
    with pytest.raises(UnreadableSource, match=r"damaged or cut off|no PNG, JPEG or TIFF"):
        list(images_of(data[: len(data) // 2], DEFAULT_LIMITS))


@with_extra
def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="no PNG, JPEG or TIFF"):
        list(images_of(b"GIF89a not one of ours", DEFAULT_LIMITS))


@with_extra
def test_limits_of_pages_and_pixels() -> None:
    page = drawn([["12", "345"]])
    three = stored(page, page, page, kind="TIFF")
    with pytest.raises(UnreadableSource, match="has 3 pages, more than 2"):
        list(images_of(three, Limits(most_pages=2)))
    assert [number for number, _ in images_of(three, Limits(most_pages=3))] == [1, 2, 3]
    # 100 megapixels in some kilobytes.
    bomb = stored(Image.new("1", (10_000, 10_000)))
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableSource, match="too large"):
        list(images_of(bomb, DEFAULT_LIMITS))
    with pytest.raises(UnreadableSource, match="too large"):
        list(images_of(stored(page), Limits(most_unpacked_bytes=1_000_000)))


@with_extra
@pytest.mark.parametrize("dpi", [(200, 200), (204, 98), (199.6, 200.4)])
def test_a_tiff_that_gives_its_resolution(dpi: tuple[float, float]) -> None:
    file = io.BytesIO()
    Image.new("L", (400, 196), 255).save(file, "TIFF", dpi=dpi)
    ((number, image),) = images_of(file.getvalue(), DEFAULT_LIMITS)
    height, width = grey_of(image, number).shape
    assert width == 400
    assert height == pytest.approx(196 * (dpi[0] / dpi[1] if dpi[0] > 2 * dpi[1] else 1), abs=1)


@ocr
def test_limits_of_pages_hold_for_whoever_gives_images() -> None:
    blank = Image.new("L", (300, 400), 255)
    endless = ((number, blank) for number in range(1, 10))
    with pytest.raises(UnreadableSource, match="more than 2 pages"):
        read_page_images(endless, Limits(most_pages=2))
    with pytest.raises(UnreadableSource, match="more than 3 table cells"):
        read_page_images([(1, drawn([["12", "345"]] * 3))], Limits(most_cells=3))


@with_extra
def test_an_image_too_small_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="1 × 1 pixels holds no text"):
        grey_of(Image.new("L", (1, 1)), 1)


@with_extra
def test_a_transparent_page_is_white_and_deep_grey_is_kept() -> None:
    page = drawn([["12", "345"]])
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda value: 255 - value))
    deep = Image.fromarray(np.array(page).astype(np.uint16) * 200)
    for image in (clear, deep):
        grey = grey_of(image, 1)
        assert grey.shape == (1100, 1654)
        assert float(np.median(grey)) > 240
        assert (len(tables_of(straight(grey))[0][0].frames)) == 2


@with_extra
@settings(max_examples=examples(25))
@given(
    kind=st.sampled_from(["PNG", "JPEG", "TIFF"]),
    cut=st.integers(0, 2000),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
)
def test_damaged_files_are_read_or_refused(
    kind: str, cut: int, flips: list[tuple[int, int]]
) -> None:
    image = Image.effect_noise((40, 30), 60)
    data = bytearray(stored(image, kind=kind))
    for where, value in flips:
        data[where % len(data)] = value
    try:
        for number, page in images_of(bytes(data[: len(data) - cut % 50]), DEFAULT_LIMITS):
            assert number >= 1
            grey_of(page, number)
    except UnreadableSource as error:
        assert str(error)


# Geometry, without engines


@with_extra
@settings(max_examples=examples(8), phases=[Phase.explicit, Phase.generate])
@given(
    widths=st.lists(st.integers(80, 300), min_size=3, max_size=5),
    heights=st.lists(st.integers(44, 120), min_size=2, max_size=8),
    tone=st.sampled_from([0, 90, 150]),
    thick=st.integers(1, 4),
    angle=st.sampled_from([-1.5, 0.0, 0.7]),
    data=st.data(),
)
def test_cells_are_found_as_they_are_drawn(
    widths: list[int],
    heights: list[int],
    tone: int,
    thick: int,
    angle: float,
    data: st.DataObject,
) -> None:
    rows, columns = len(heights), len(widths)
    # One cell merged over some rows and columns, beside which every rule can still be seen.
    top = data.draw(st.integers(0, rows - 2))
    left = data.draw(st.integers(0, columns - 2))
    bottom = data.draw(st.integers(top + 1, rows - 1 if top == 0 else rows))
    right = data.draw(st.integers(left + 1, columns - 1 if left == 0 else columns))
    # Of a rule between rows at least 120 dots must be left: digits may fill the side of a narrow
    # cell, so less is taken for none (grid.py), and what would be one cell then is not read.
    assume(bottom - top == 1 or sum(widths[:left]) + sum(widths[right:]) >= 120)
    across = [200 + sum(widths[:i]) for i in range(columns + 1)]
    down = [200 + sum(heights[:i]) for i in range(rows + 1)]
    page = np.full((2339, 1754), 255, np.uint8)
    for c, x in enumerate(across):
        for r in range(rows):
            if not (left < c < right and top <= r < bottom):
                page[down[r] : down[r + 1] + thick, x : x + thick] = tone
    for r, y in enumerate(down):
        for c in range(columns):
            if not (top < r < bottom and left <= c < right):
                page[y : y + thick, across[c] : across[c + 1] + thick] = tone
    turn = cv2.getRotationMatrix2D((877, 1170), angle, 1)
    page = cv2.warpAffine(page, turn, (1754, 2339), borderMode=cv2.BORDER_REPLICATE)
    (table,), _ = tables_of(straight(grey_of(Image.fromarray(page), 1)))
    spans = {
        (frame.rows.start, frame.rows.stop, frame.columns.start, frame.columns.stop)
        for frame in table.frames
    }
    merged = {(top, bottom, left, right)}
    single = {
        (r, r + 1, c, c + 1)
        for r in range(rows)
        for c in range(columns)
        if not (top <= r < bottom and left <= c < right)
    }
    drawn_down, drawn_across = len(table.down) - 1, len(table.across) - 1
    assert (drawn_down, drawn_across) == (rows, columns)
    assert spans == merged | single
    assert all(frame.certain for frame in table.frames)


@with_extra
def test_a_frame_around_the_page_is_no_table() -> None:
    page = Image.new("L", (1654, 2339), 255)
    ImageDraw.Draw(page).rectangle((40, 40, 1600, 2300), outline=0, width=3)
    assert tables_of(grey_of(page, 1))[0] == []


@with_extra
def test_print_in_a_cell_is_seen_however_little_it_is() -> None:
    page = np.full((2339, 1654), 250, np.uint8)
    page[300:304, 300:304] = 0  # A decimal point.
    page[500:520, 300:312] = 205  # A faint digit.
    from gongkai.converters.documents.scan.grid import Bare

    bare = Bare(page, np.zeros_like(page), 1.0)
    paper = darkest_paper(page)
    for top in (280, 480):
        assert len(ink_in(bare, PixelBox(250, top, 400, top + 60), paper).lines) == 1
    assert ink_in(bare, PixelBox(600, 280, 750, 340), paper).lines == ()


# Agreement, without engines


def line(width: int, parts: int = 0, shape: InkShape | None = None, height: int = 20) -> InkLine:
    step = width // max(parts, 1)
    boxes = tuple(PixelBox(i * step, 0, (i + 1) * step - 2, height) for i in range(parts))
    return InkLine(PixelBox(0, 0, width, height), boxes or (PixelBox(0, 0, width, height),), shape)


USUAL = Usual(height=20.0, pitch=0.7)
ZERO = InkShape(lean=0.0, holes=1, hole=0.6)
STROKE = InkShape(lean=0.4, holes=0, hole=0.0)
UPRIGHT = InkShape(lean=-0.05, holes=0, hole=0.0)


@pytest.mark.parametrize(
    ("what", "printed", "first", "second", "text", "doubt"),
    [
        ("alike", line(40, 3), ("123", 0.99), ("123", 0.99), "123", ""),
        ("spaces", line(40, 3), ("1 23", 0.99), ("１23", 0.99), "1 23", ""),
        ("other", line(40, 3), ("666", 0.99), ("999", 0.99), "666", "differ"),
        ("one saw none", line(40, 3), ("", 0.0), ("123", 0.99), "123", "differ"),
        ("none saw any", line(40, 3), ("", 0.0), ("", 0.0), "\ufffd", "cannot be read"),
        ("unsure", line(40, 3), ("123", 0.5), ("123", 0.99), "123", "clear enough"),
        ("a digit lost by both", line(54, 2), ("111", 0.99), ("111", 0.99), "111", "as wide"),
        ("a digit too many", line(25, 1), ("111", 0.99), ("111", 0.99), "111", "as wide"),
        ("nought as O", line(13, 1, ZERO), ("o", 0.6), ("O", 0.6), "0", ""),
        ("nought unsure", line(13, 1, ZERO), ("0", 0.6), ("0", 0.9), "0", ""),
        ("low ring", line(8, 1, ZERO, 8), ("0", 0.9), ("O", 0.9), "0", "differ"),
        (
            "eight as nought",
            line(13, 1, InkShape(0, 2, 0.3)),
            ("0", 0.9),
            ("O", 0.9),
            "0",
            "differ",
        ),
        ("stroke as one", line(11, 1, STROKE), ("1", 0.99), ("1", 0.99), "1", "slanted"),
        ("one", line(8, 1, UPRIGHT), ("1", 0.99), ("1", 0.99), "1", ""),
        ("dash", line(12, 1, InkShape(0, 0, 0), 4), ("", 0.0), ("1", 0.6), "—", ""),
        ("mark", line(11, 1, STROKE), ("/", 0.9), ("/", 0.9), "/", ""),
        ("words", line(90, 4), ("总计", 0.99), ("总汁", 0.99), "总计", ""),
        ("faint words", line(90, 4), ("总计", 0.3), ("总汁", 0.99), "总计", "clear enough"),
        ("nonsense", line(20, 2), ("*)", 0.99), ("*)", 0.99), "*)", "clear enough"),
        ("money", line(80, 6), ("12.5万元", 0.9), ("12.5万元", 0.9), "12.5万元", ""),
        ("point lost", line(60, 4), ("12.5", 0.9), ("125", 0.99), "12.5", "differ"),
        ("in pieces", line(40, 4), ("123", 0.99), ("123", 0.99), "123", "broken"),
        ("sign lost", line(50, 3), ("-12", 0.9), ("12", 0.99), "-12", "differ"),
    ],
)
def test_what_two_readings_settle(
    what: str,
    printed: InkLine,
    first: tuple[str, float],
    second: tuple[str, float],
    text: str,
    doubt: str,
) -> None:
    settled = settle([printed], [Heard(*first)], [Heard(*second)], USUAL)
    assert settled.text == text
    if doubt:
        assert doubt in settled.doubt["en"]
        assert settled.doubt["zh"]
        assert set(settled.readings) == {first[0], second[0]} - {""}
    else:
        assert settled.doubt == {}


def test_numbers_in_two_lines_or_far_apart_are_doubtful() -> None:
    sure = [Heard("12", 0.99), Heard("34", 0.99)]
    two = settle([line(27, 2), line(27, 2)], sure, sure, USUAL)
    assert "more than one number" in two.doubt["en"]
    apart = InkLine(PixelBox(0, 0, 55, 20), (PixelBox(0, 0, 12, 20), PixelBox(43, 0, 55, 20)))
    wide = settle([apart], [Heard("12", 0.99)], [Heard("12", 0.99)], USUAL)
    assert "more than one number" in wide.doubt["en"]


def separated(below: int) -> InkLine:
    digits = [PixelBox(left, 0, left + 12, 20) for left in (0, 20, 34, 48)]
    return InkLine(
        PixelBox(0, 0, 60, 20), (digits[0], PixelBox(14, 16, 18, 20 + below), *digits[1:])
    )


@pytest.mark.parametrize(
    ("read", "below", "sure"),
    [
        ("1,234", 4, True),
        ("1,234", 0, False),
        ("1.234", 0, False),
        ("1.234", 4, False),
        ("1234", 0, False),
        ("0.234", 0, True),
    ],
)
def test_point_and_comma_are_told_by_their_form(read: str, below: int, sure: bool) -> None:
    settled = settle([separated(below)], [Heard(read, 0.99)], [Heard(read, 0.99)], USUAL)
    assert bool(settled.doubt) != sure
    assert sure or "decimal point" in settled.doubt["en"]


def test_on_a_page_of_broken_strokes_nothing_is_sure() -> None:
    whole, pieces = line(26, 2), line(26, 3)
    heard = Heard("47", 0.99)
    assert not usual_of([(whole, heard, heard)] * 20).broken
    usual = usual_of([(whole, heard, heard)] * 17 + [(pieces, heard, heard)] * 3)
    assert usual.broken
    assert "broken" in settle([whole], [heard], [heard], usual).doubt["en"]


# Text outside tables, with engines that say what they are told


def told(
    first: Sequence[str], second: Sequence[str] = (), boxes: Sequence[PixelBox] = ()
) -> RecognitionEngines:
    answers: Iterator[str] = iter(second)

    def reads(pictures: Sequence[Any]) -> list[Heard]:
        return [Heard(first[int(picture[0, 0, 0])], 0.99) for picture in pictures]

    def again(pictures: Sequence[Any]) -> list[Heard]:
        return [Heard(next(answers), 0.99) for _ in pictures]

    return RecognitionEngines(lambda _: list(boxes), reads, again)


def read_noted(
    boxes: Sequence[PixelBox], first: Sequence[str], second: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """What becomes of lines at ``boxes`` of which the engines say these texts."""
    page = np.full((1200, 1000), 250, np.uint8)
    for number, box in enumerate(boxes):
        page[box.top - 6 : box.bottom + 6, box.left - 6 : box.right + 6] = number
    lines, notes = read_lines(page, [], told(first, second, boxes))
    made = paragraphs(lines, [], 1200, 1)
    return [each.block.text for each in made], [note["en"] for note in notes]


FULL, SHORT = (100, 900), (100, 400)


@with_extra
def test_a_figure_read_in_two_ways_stands_unreadable_in_the_text() -> None:
    blocks, notes = read_noted(
        [PixelBox(100, 100, 900, 130), PixelBox(100, 400, 400, 430)],
        ["收到申请376件，办结12件", "没有数字的一行"],
        ["收到申请375件，办结12件"],
    )
    assert blocks == ["收到申请\ufffd件，办结12件", "没有数字的一行"]
    assert len(notes) == 1
    assert "376" in notes[0]
    assert "375" in notes[0]


@with_extra
def test_lines_become_paragraphs() -> None:
    said = ["一、总体情况", "这是第一段的第", "一行和末行。", "（一）小标题", "另一段。", "- 3 -"]
    spans = [SHORT, FULL, SHORT, SHORT, SHORT, (480, 520)]
    boxes = [
        PixelBox(left, 100 + 45 * i, right, 130 + 45 * i)
        for i, (left, right) in enumerate(spans[:-1])
    ]
    boxes.append(PixelBox(480, 1150, 520, 1180))
    blocks, notes = read_noted(boxes, said, ["- 3 -"])
    assert blocks == ["一、总体情况", "这是第一段的第一行和末行。", "（一）小标题", "另一段。"]
    assert notes == []


@with_extra
def test_a_title_in_two_lines_is_one_block() -> None:
    boxes = [PixelBox(120, 100, 880, 150), PixelBox(400, 175, 600, 225)]
    boxes += [PixelBox(100, 300 + 45 * i, 900, 330 + 45 * i) for i in range(4)]
    said = ["某局政府信息公开工作", "年度报告", "甲乙丙", "丁戊己", "庚辛壬", "癸子丑"]
    blocks, _ = read_noted(boxes, said)
    assert blocks[0] == "某局政府信息公开工作年度报告"
    assert blocks[1] == "甲乙丙丁戊己庚辛壬癸子丑"


def test_the_corpus_is_where_the_tests_look() -> None:
    if not FORMATS.exists():
        pytest.skip(f"the scans of the corpus are not at {FORMATS}")
    assert all(Path(FORMATS / f"{name}_scan.pdf").exists() for name, *_ in SCANS)
