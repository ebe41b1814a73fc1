"""PDF documents that are drawn, and what is found in them."""

from collections.abc import Callable
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell, TextBlock
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_maker import make, write

HEAD = ("信息内容", "制发件数", "废止件数", "现行有效件数")
ROWS = (HEAD, ("规章", "11", "8", "103"), ("行政规范性文件", "20", "0", "1475"))


def read(data: bytes) -> Content:
    return read_pdf(data, DEFAULT_LIMITS)


def drawn(draw: Callable[[Canvas], None], **settings: Any) -> Content:
    return read(make(draw, **settings))


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def blocks(content: Content) -> list[str]:
    return [item.text for item in content.items if isinstance(item, TextBlock)]


def texts(grid: Grid) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in grid.rows]


def cells(content: Content) -> list[GridCell]:
    return [
        cell for grid in grids(content) for i in range(len(grid.rows)) for cell in grid.distinct(i)
    ]


def doubtful(content: Content) -> list[GridCell]:
    return [cell for cell in cells(content) if cell.doubt]


def noted(content: Content) -> str:
    return "\n".join(note["en"] for note in content.notes)


def void(_: object) -> None:
    """Take a value and give none."""


def invisible(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont("Helvetica", 10)
    text.setTextRenderMode(3)
    text.textOut("7")
    canvas.drawText(text)


def white(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(1)
    write(canvas, x, y, "7")
    canvas.setFillGray(0)
