"""Pages of PDF: turned, cut, with text outside tables, scanned, damaged."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell, Place, TextBlock
from gongkai.converters.documents.pdf.reader import read_pdf
from gongkai.converters.errors import UnreadableSource
from helpers.pdf_documents import (
    ROWS,
    blocks,
    cells,
    doubtful,
    drawn,
    grids,
    invisible,
    noted,
    read,
    texts,
    void,
    white,
)
from helpers.pdf_maker import (
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    make,
    many_pages,
    picture,
    spot,
    table,
    write,
)
from helpers.profiles import examples

# --- pages that are turned, cut, watermarked ------------------------------------------------------


def with_boxes(data: bytes, rotation: int, crop: Sequence[int] | None, media: str) -> bytes:
    """The uncompressed PDF with other page boxes."""
    extra = f"/Rotate {rotation} " + (f"/CropBox [{' '.join(map(str, crop))}] " if crop else "")
    old = b"/MediaBox [ 0 0 595 842 ]"
    assert data.count(old) == 1
    data = data.replace(b" /Rotate 0", b"")
    return data.replace(old, f"/MediaBox [ {media} ] {extra}".encode())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 600, 500, 800), (-10, 500, 700, 790)])
@pytest.mark.parametrize("media", ["0 0 595 842", "20 30 595 842"])
def test_pages_turned_and_cut_are_read_as_if_upright(
    rotation: int, crop: tuple[int, ...] | None, media: str
) -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas, ROWS)
        write(canvas, 300, 450, "页外 99")

    content = read(with_boxes(make(draw, pageCompression=0), rotation, crop, media))
    grid = grids(content)[0]
    assert texts(grid) == [list(row) for row in ROWS]
    assert not doubtful(content)
    assert ("lies on its side" in noted(content)) == (rotation != 0)
    outside = [text for text in blocks(content) + [c.text for c in cells(content)] if "外" in text]
    assert bool(outside) == (crop is None)


def test_a_page_set_sideways_and_turned_upright() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.translate(0, -120)
        table(canvas, ROWS, top=500)

    data = with_boxes(make(draw, pageCompression=0), 90, None, "0 0 595 842")
    content = read(data)
    (grid,) = grids(content)
    assert texts(grid) == [list(row) for row in ROWS]
    assert not doubtful(content)


def test_a_watermark_is_left_out_and_noted() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillGray(0.8)
        canvas.translate(200, 620)
        canvas.rotate(40)
        write(canvas, 0, 0, "2024", 60)
        canvas.restoreState()
        table(canvas, ROWS)

    content = drawn(draw)
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]
    assert not doubtful(content)
    assert "aslant" in noted(content) and "2024" in noted(content)


def test_the_digits_of_a_watermark_do_not_make_a_rule_a_stroke() -> None:
    """They are large: the rules of a table may run through their middle."""

    def draw(canvas: Canvas) -> None:
        table(canvas, [["规章", "1", "2", "3"]] * 6)
        canvas.saveState()
        canvas.translate(LEFT + 60, TOP - 190)
        canvas.rotate(40)
        canvas.setFillGray(0.85)
        write(canvas, 0, 0, "20242024", 70)
        canvas.restoreState()

    (grid,) = grids(drawn(draw))
    assert texts(grid) == [["规章", "1", "2", "3"]] * 6


# --- text outside tables --------------------------------------------------------------------------


def test_lines_become_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 200, 780, "某区年度报告", 20)
        lines = [
            (0, "一、总体情况"),
            (24, "字" * 29 + "甲"),
            (0, "乙" + "字" * 30 + "。"),
            (0, "字" * 31 + "丙"),
            (0, "丁，完。"),
            (24, "（一）主动公开情况。" + "字" * 20),
            (0, "戊"),
        ]
        for i, (indent, text) in enumerate([*lines, *lines[1:5]]):
            write(canvas, 90 + indent, 740 - 20 * i, text, 12)

    said = blocks(drawn(draw))
    paragraph = "字" * 29 + "甲乙" + "字" * 30 + "。" + "字" * 31 + "丙丁，完。"
    assert said == [
        "某区年度报告",
        "一、总体情况",
        paragraph,
        "（一）主动公开情况。" + "字" * 20 + "戊",
        paragraph,
    ]


def test_a_line_that_ends_early_for_a_long_word_goes_on() -> None:
    def draw(canvas: Canvas) -> None:
        for i, text in enumerate(["字" * 34, "字" * 28 + "邮编", "100716-100717号"]):
            write(canvas, 90, 740 - 20 * i, text, 12)
        write(canvas, 90, 680, "字" * 28 + "终于")
        write(canvas, 90, 660, "完")

    first, *rest = blocks(drawn(draw))
    assert first == "字" * 62 + "邮编100716-100717号"
    assert rest == ["字" * 28 + "终于", "完"]


def test_a_paragraph_goes_on_over_a_page_break_without_heads_and_page_numbers() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(1, 4):
            write(canvas, 240, 800, "某局二〇二三年报", 9)
            for i in range(30):
                write(canvas, 90, 760 - 20 * i, "字" * 34 + f"{page % 10}", 12)
            write(canvas, 290, 30, str(page), 9)
            canvas.showPage()

    content = drawn(draw)
    (paragraph,) = (item for item in content.items if isinstance(item, TextBlock))
    assert paragraph.text == "".join(("字" * 34 + str(page)) * 30 for page in range(1, 4))
    assert paragraph.place == Place(page=1)
    assert "某局二〇二三年报" in noted(content)
    assert "page numbers left out: 1, 2, 3" in noted(content)


def test_numbers_at_the_foot_that_do_not_count_pages_are_kept() -> None:
    def draw(canvas: Canvas) -> None:
        for number in ("7", "0", "12"):
            write(canvas, 90, 400, "字字。", 12)
            write(canvas, 90, 60, number, 12)
            canvas.showPage()

    assert blocks(drawn(draw)) == ["字字。", "7", "字字。", "0", "字字。", "12"]


def without_rules(canvas: Canvas) -> None:
    for r, c in itertools.product(range(3), range(4)):
        write(canvas, *spot(r, c), ROWS[r][c])


def test_rows_without_rules_are_a_table_by_their_alignment() -> None:
    (grid,) = grids(drawn(without_rules))
    assert grid.aligned and texts(grid) == [list(row) for row in ROWS]


def test_a_row_alone_without_rules_is_given_part_by_part() -> None:
    def draw(canvas: Canvas) -> None:
        for c in range(4):
            write(canvas, *spot(1, c), ROWS[1][c])

    assert blocks(drawn(draw)) == list(ROWS[1])


def test_a_row_without_rules_can_be_in_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        without_rules(canvas)
        white(canvas, *spot(3, 1))
        write(canvas, *spot(3, 0), "行政许可")

    content = drawn(draw)
    (grid,) = grids(content)
    assert texts(grid)[-1] == ["行政许可", "7", "", ""]
    assert [cell.text for cell in doubtful(content)] == ["7"]


# --- scans ----------------------------------------------------------------------------------------


def scanned(canvas: Canvas) -> None:
    canvas.drawImage(picture(), 0, 0, WIDTH, HEIGHT)


def layered(canvas: Canvas) -> None:
    scanned(canvas)
    text = canvas.beginText(*spot(1, 1))
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(3)
    for line in ("11", "12", "13"):
        text.textLine(line)
    canvas.drawText(text)


def in_strips(canvas: Canvas) -> None:
    for i in range(10):
        canvas.drawImage(picture(), 0, 84 * i, WIDTH, 84)
    invisible(canvas, *spot(1, 1))


def under_the_image(canvas: Canvas) -> None:
    table(canvas, ROWS)
    scanned(canvas)


def outlined(canvas: Canvas) -> None:
    for i in range(5):
        canvas.circle(100 + 40 * i, 500, 10)


ONLY_SEEN = [scanned, layered, in_strips, under_the_image, outlined]


@pytest.fixture
def no_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: None)


@pytest.mark.usefixtures("no_recognition")
@pytest.mark.parametrize("draw", ONLY_SEEN)
def test_a_scan_is_refused_where_it_cannot_be_read(draw: Callable[[Canvas], None]) -> None:
    with pytest.raises(UnreadableSource, match=r"install gongkai-lod\[ocr\]"):
        drawn(draw)


@pytest.mark.usefixtures("no_recognition")
@pytest.mark.parametrize("draw", ONLY_SEEN)
def test_a_scanned_page_among_others_is_noted_and_its_layer_not_believed(
    draw: Callable[[Canvas], None],
) -> None:
    def both(canvas: Canvas) -> None:
        table(canvas, ROWS)
        canvas.showPage()
        draw(canvas)

    content = drawn(both)
    assert [item.place.page for item in content.items] == [1]
    assert "page 2: only an image, not read" in noted(content)
    assert ("another program" in noted(content)) == (draw in ONLY_SEEN[1:4])


def test_a_scanned_page_is_handed_to_character_recognition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    class Scans:
        @staticmethod
        def read_page_images(pages: Any, limits: Any) -> Content:
            for number, image in pages:
                seen.append((number, image.mode, image.getpixel((500, image.height // 2))))
            cell = GridCell("4", Place(page=2, table=1, row=1, column=1))
            return Content((TextBlock("读出", Place(page=2)), Grid(((cell,),), Place(page=2))))

    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.find_spec", lambda name: True)
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.import_module", lambda name: Scans)

    def draw(canvas: Canvas) -> None:
        table(canvas, ROWS)
        canvas.showPage()
        scanned(canvas)
        canvas.showPage()
        write(canvas, 90, 700, "附注")

    content = drawn(draw)
    assert seen == [(2, "RGB", (230, 230, 230))]
    assert [item.place.page for item in content.items] == [1, 2, 2, 3]
    assert [grid.place.table for grid in grids(content)] == [1, 2]
    assert cells(content)[-1].place == Place(page=2, table=2, row=1, column=1)


def test_a_figure_recognised_in_a_small_image_is_not_believed() -> None:
    """Invisible text over a table that was put in as an image: there is print where it stands."""

    def draw(canvas: Canvas) -> None:
        for i in range(20):
            write(canvas, 90, 780 - 20 * i, "字" * 30 + "。")
        canvas.drawImage(picture(), 90, 100, 300, 200)
        invisible(canvas, 200, 200)
        write(canvas, 90, 50, "附：")
        table(canvas, (("规章", "11"),), top=380, columns=(100, 60))
        canvas.drawImage(picture(), LEFT + 104, 362, 12, 14)
        invisible(canvas, LEFT + 117, 366)

    content = drawn(draw)
    assert "7" not in blocks(content)
    assert "page 1: text that is not seen in print was left out: “7”" in noted(content)
    assert [cell.text for cell in doubtful(content)] == ["117"]


def test_text_over_a_picture_of_the_page_is_noted() -> None:
    def draw(canvas: Canvas) -> None:
        scanned(canvas)
        table(canvas, ROWS)

    content = drawn(draw)
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]
    assert "page 1: the text stands over an image" in noted(content)


# --- limits and damage ----------------------------------------------------------------------------


def test_a_password_is_asked_for() -> None:
    locked = StandardEncryption("user", "owner", strength=128)
    with pytest.raises(UnreadableSource, match="encrypted and asks for a password"):
        read(make(lambda canvas: void(table(canvas, ROWS)), encrypt=locked))


def test_an_empty_password_opens() -> None:
    owned = StandardEncryption("", "owner", canModify=0, canCopy=0, strength=128)
    content = read(make(lambda canvas: void(table(canvas, ROWS)), encrypt=owned))
    assert texts(grids(content)[0]) == [list(row) for row in ROWS]


def test_ten_thousand_pages_are_refused_before_any_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gongkai.converters.documents.pdf.reader.pdfplumber.open", None)
    with pytest.raises(UnreadableSource, match=r"10000 pages, more than the 200 .*most_pages"):
        read(many_pages(10_000))


def test_too_many_cells_are_refused() -> None:
    data = make(lambda canvas: void(table(canvas, ROWS)))
    assert read_pdf(data, replace(DEFAULT_LIMITS, most_cells=12)).items
    with pytest.raises(UnreadableSource, match=r"page 1: .*12 cells, more than the 11.*most_cells"):
        read_pdf(data, replace(DEFAULT_LIMITS, most_cells=11))


def test_a_drawing_is_not_searched_for_tables() -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(80):
            canvas.line(20 + 7 * i, 20, 20 + 7 * i, 800)
            canvas.line(20, 20 + 9.4 * i, 580, 20 + 9.4 * i)
        write(canvas, 90, 815, "图一")

    content = drawn(draw)
    assert blocks(content) == ["图一"] and not grids(content)
    assert "page 1: so many lines" in noted(content)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableSource, match="fetch it again"):
        read(data)


def test_a_pdf_without_content_gives_nothing() -> None:
    assert read(many_pages(1)).items == ()


SMALL = make(lambda canvas: void(table(canvas, ROWS)), pageCompression=0)


@given(st.data())
@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
def test_a_damaged_pdf_is_read_or_refused(data: st.DataObject) -> None:
    spoilt = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(spoilt) - 1))
        end = start + data.draw(st.integers(0, 40))
        spoilt[start:end] = data.draw(
            st.one_of(
                st.binary(max_size=20),
                st.sampled_from([b"0", b"-1", b"[", b">>", b"/", b"99999999999", b"1 0 R"]),
            )
        )
    try:
        content = read(bytes(spoilt))
    except UnreadableSource as error:
        assert str(error)
    else:
        assert isinstance(content, Content)
        for grid in grids(content):
            assert {len(row) for row in grid.rows} == {grid.width}
