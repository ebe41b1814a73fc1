"""Tables that are pictures inside a document: read in their places, or told of with what to do."""

import base64
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gongkai.commands.messages import missing_cells
from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import document_of
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Document, Grid, Item, TextBlock
from gongkai.converters.documents.pictures import Picture, read_pictures
from gongkai.converters.documents.scan import engines
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.report import CellState
from gongkai.ontology.source_places import Place
from helpers.office_files import docx_parts, paragraph, zipped
from helpers.pdf_maker import make, write

NUMBERS = (("2011", "305", "47"), ("68", "4419", "530"))
BEFORE, AFTER = "三、收到和处理政府信息公开申请情况", "四、行政复议、行政诉讼情况"


try:
    engines.require_extra()
except UnreadableSource as error:
    MISSING = str(error)
else:
    MISSING = ""

needs_extra = pytest.mark.skipif(bool(MISSING), reason=f"pictures are not read: {MISSING}")


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def ruled(numbers: tuple[tuple[str, ...], ...] = NUMBERS) -> Image.Image:
    """A picture of a table of numbers."""
    wide, high = 190, 56
    page = Image.new("L", (wide * 3 + 20, high * len(numbers) + 20), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(29)
    for r, row in enumerate(numbers):
        for c, text in enumerate(row):
            box = (10 + wide * c, 10 + high * r, 10 + wide * (c + 1), 10 + high * (r + 1))
            pen.rectangle(box, outline=60, width=2)
            pen.text(
                (box[0] + wide // 2, box[1] + high // 2), text, font=font, fill=20, anchor="mm"
            )
    return page


def photograph() -> Image.Image:
    """A picture of many greys and no paper."""
    chance = random.Random(1)
    small = Image.new("L", (24, 18))
    small.putdata([chance.randrange(256) for _ in range(24 * 18)])
    return small.resize((600, 450), Image.Resampling.BILINEAR)


def page_of(*pictures: Image.Image | str, attributes: str = "") -> tuple[str, bytes]:
    shown = "".join(
        f'<p><img {attributes} src="{each}"></p>'
        if isinstance(each, str)
        else f'<p><img {attributes} src="data:image/png;base64,'
        f'{base64.b64encode(png(each)).decode()}"></p>'
        for each in pictures
    )
    page = f"<html><body><p>{BEFORE}</p>{shown}<p>{AFTER}</p></body></html>"
    return "page.html", page.encode()


def saved_page(image: Image.Image) -> tuple[str, bytes]:
    """A page saved by a browser, its picture a part of the file."""
    page = page_of("http://www.example.cn/a.png")[1]
    return "page.mhtml", (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html"; boundary="--B"\r\n\r\n----B\r\nContent-Type: text/html; '
        b"charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + page + b"\r\n----B\r\n"
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Location: http://www.example.cn/a.png\r\n\r\n"
        + base64.encodebytes(png(image))
        + b"\r\n----B--\r\n"
    )


def word(image: Image.Image) -> tuple[str, bytes]:
    drawing = '<w:p><w:r><w:drawing><a:blip r:embed="pic"/></w:drawing></w:r></w:p>'
    parts = docx_parts(paragraph(BEFORE) + drawing + paragraph(AFTER), styles="")
    listed = str(parts["word/_rels/document.xml.rels"])
    parts["word/_rels/document.xml.rels"] = listed.replace(
        "</Relationships>", '<Relationship Id="pic" Type="x/image" Target="a.png"/></Relationships>'
    )
    return "report.docx", zipped({**parts, "word/a.png": png(image)})


def paged(image: Image.Image) -> tuple[str, bytes]:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 760, BEFORE)
        canvas.drawImage(ImageReader(image), 72, 500, 400, 400 * image.height / image.width)
        write(canvas, 72, 460, AFTER)

    return "report.pdf", make(draw)


def read(file: tuple[str, bytes]) -> Document:
    return document_of(Path(file[0]), file[1])


def said(document: Document) -> str:
    return " | ".join(note["en"] for note in document.notes)


@pytest.fixture
def no_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise UnreadableSource("not installed")

    monkeypatch.setattr(engines, "load_engines", missing)


KINDS: list[Callable[[Image.Image], tuple[str, bytes]]] = [page_of, saved_page, word, paged]


@pytest.mark.usefixtures("no_engines")
@pytest.mark.parametrize("kind", KINDS)
def test_without_the_extra_each_message_says_that_tables_may_be_pictures(
    kind: Callable[[Image.Image], tuple[str, bytes]],
) -> None:
    document = read(kind(ruled()))
    assert [item.text for item in document.items if isinstance(item, TextBlock)] == [BEFORE, AFTER]
    assert "1 picture that may be its tables" in said(document)
    assert "install gongkai-lod[ocr]" in said(document)
    assert document.unread in document.notes
    with pytest.raises(UnreadableSource, match=r"none of its official tables .*; 1 picture"):
        recognise(document)


@pytest.mark.usefixtures("no_engines")
def test_rows_that_may_be_in_a_picture_are_not_said_to_be_missing(lines: list[str]) -> None:
    start = next(i for i, line in enumerate(lines) if line.startswith("三、")) + 1
    end = next(i for i, line in enumerate(lines) if line.startswith("四、"))
    image = base64.b64encode(png(ruled())).decode()
    shown = [*lines[:start], f'<img src="data:image/png;base64,{image}">', *lines[end:]]
    page = "".join(f"<p>{line}</p>" for line in shown)
    report = recognise(read(("page.html", f"<html>{page}</html>".encode())))
    absent = [cell for _, cell in report.cells(CellState.ABSENT)]
    assert len(absent) > 100
    for cell in absent:
        assert "1 picture that may be its tables" in cell.reason["en"]
        assert "not in the source" not in cell.reason["en"]
    told = "\n".join(missing_cells(report))
    assert "the table was not found" in told and "install gongkai-lod[ocr]" in told


@pytest.mark.usefixtures("no_engines")
@pytest.mark.parametrize(
    "file",
    [
        page_of(ruled().resize((150, 40))),
        page_of(ruled(), attributes='width="120" height="30"'),
        page_of(ruled(), attributes='style="height: 20px"'),
        page_of(photograph()),
        word(photograph()),
        ("page.html", b"<p>x</p><img src='/logo.png'><p>y</p>"),
    ],
)
def test_pictures_that_are_no_tables_make_no_noise(file: tuple[str, bytes]) -> None:
    document = read(file)
    assert not document.unread
    assert "tables" not in said(document)


def test_a_picture_that_is_not_in_the_file_is_told_of_where_a_table_would_stand() -> None:
    document = read(page_of("/images/t3.png"))
    assert "is not in the file: save the page with its pictures" in said(document)
    assert document.unread


def test_a_picture_that_cannot_be_opened_is_told_of() -> None:
    broken = base64.b64encode(png(ruled())[:300]).decode()
    document = read(page_of(f"data:image/png;base64,{broken}"))
    assert "cannot be read: save the document as PDF" in said(document)


@pytest.mark.slow
@pytest.mark.ocr
@needs_extra
def test_tables_in_pictures_are_read_in_their_places() -> None:
    for kind in KINDS:
        document = read(kind(ruled()))
        before, grid, after = document.items
        assert isinstance(before, TextBlock) and isinstance(after, TextBlock)
        assert (before.text, after.text) == (BEFORE, AFTER)
        assert isinstance(grid, Grid)
        assert [[cell.text for cell in row if cell] for row in grid.rows] == [
            list(row) for row in NUMBERS
        ]
        assert not any(cell.doubt for row in grid.rows for cell in row if cell)
        assert grid.place.table == 1 and grid.place.page == (1 if kind is paged else None)
        assert "pictures read by optical recognition: 1" in said(document)
        assert not document.unread


@pytest.mark.ocr
@needs_extra
def test_a_photograph_among_tables_is_left_and_later_tables_are_counted_on() -> None:
    grid = Grid((), Place(table=1))
    items: list[Item | Picture] = [
        grid,
        Picture(Place(), png(ruled())),
        Picture(Place(), png(photograph())),
        grid,
    ]
    read = read_pictures(items, DEFAULT_LIMITS)
    assert [item.place.table for item in read.items] == [1, 2, 2]
    assert not read.unread
