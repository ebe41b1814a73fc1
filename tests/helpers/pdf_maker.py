"""PDFs made for tests, with reportlab: tables ruled as asked, with text where asked."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

WIDTH, HEIGHT = 595, 842
LEFT, TOP, ROW = 72, 700, 20
COLUMNS = (180, 80, 80, 80)
"""Widths of the columns of the usual table: a label and three values."""


def make(draw: Callable[[Canvas], None], **settings: Any) -> bytes:
    """The PDF that ``draw`` draws; it ends its pages itself, except for the last."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, **settings)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def write(canvas: Canvas, x: float, y: float, text: str, size: float = 10) -> None:
    """Text whose first line begins at a point (from below); Latin in Helvetica."""
    font = "Helvetica" if text.isascii() else "STSong-Light"
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def table(
    canvas: Canvas,
    rows: Sequence[Sequence[str]],
    top: float = TOP,
    columns: Sequence[float] = COLUMNS,
    bottom_rule: bool = True,
) -> float:
    """A ruled table; gives where it ends."""
    edges = [LEFT + sum(columns[:i]) for i in range(len(columns) + 1)]
    bottom = top - ROW * len(rows)
    for i in range(len(rows) + bottom_rule):
        canvas.line(edges[0], top - i * ROW, edges[-1], top - i * ROW)
    for x in edges:
        canvas.line(x, top, x, bottom)
    for i, row in enumerate(rows):
        for x, text in zip(edges, row, strict=False):
            write(canvas, x + 5, top - i * ROW - 14, text)
    return bottom


def spot(row: int, column: int) -> tuple[float, float]:
    """Where the text of a cell of the usual table begins."""
    return LEFT + sum(COLUMNS[:column]) + 5, TOP - row * ROW - 14


def picture(width: int = 200, height: int = 280) -> ImageReader:
    """A grey image with a dark bar, as of a scan."""
    image = Image.new("L", (width, height), 230)
    image.paste(20, (40, 40, 160, 60))
    return ImageReader(image)


def many_pages(count: int) -> bytes:
    """A small file of ``count`` pages, all the same object."""
    kids = b"3 0 R " * count
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
