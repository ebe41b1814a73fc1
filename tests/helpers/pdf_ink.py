"""A PDF with one cell, or one figure of a sentence, drawn as a test wants it.

Each way to show something else than the text says is drawn into one cell of a table: the cell is
read as it is seen, or it is in doubt with the texts that are possible.
"""

from collections.abc import Callable
from typing import Any

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas

from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell
from gongkai.converters.documents.pdf.reader import read_pdf
from helpers.pdf_maker import make, spot, table, write

HEAD = ("信息内容", "制发件数", "废止件数", "现行有效件数")


Draw = Callable[[Canvas, float, float], None]


OLD, WIDE, WHOLE = "17", 11.12, "1725"
"""The old number before the new one, how wide it is printed, and both together."""


def content_of(draw_cell: Draw) -> Content:
    """A table with what was drawn into one cell of it."""

    def draw(canvas: Canvas) -> None:
        table(canvas, (HEAD, ("规章", "", "84", "103"), ("行政规范性文件", "20", "96", "1475")))
        draw_cell(canvas, *spot(1, 1))

    return read_pdf(make(draw), DEFAULT_LIMITS)


def cell_of(draw_cell: Draw) -> GridCell:
    """That cell; no other cell of the table is in doubt, or another than it was."""
    (grid,) = (item for item in content_of(draw_cell).items if isinstance(item, Grid))
    texts = [[cell.text if cell else None for cell in row] for row in grid.rows]
    assert texts[1][2:] == ["84", "103"] and texts[2][1:] == ["20", "96", "1475"]
    doubtful = {id(cell) for row in grid.rows for cell in row if cell and cell.doubt}
    cell = grid.rows[1][1]
    assert cell is not None and doubtful <= {id(cell)}
    return cell


def annotate(canvas: Canvas, kind: str, box: tuple[float, ...], **more: Any) -> None:
    """An annotation over (left, bottom, width, height), shown on screen and in print."""
    x, y, width, height = box
    members = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName(kind),
        "Rect": PDFArray([x, y, x + width, y + height]),
        "F": 4,
        **more,
    }
    canvas._addAnnotation(PDFDictionary(members))


def over(x: float, y: float, width: float = WIDE) -> dict[str, Any]:
    """What an annotation that marks text says of where that stands."""
    corners = [x, y + 8, x + width, y + 8, x, y - 2, x + width, y - 2]
    return {"QuadPoints": PDFArray(corners), "C": PDFArray([1, 0, 0])}


def line(canvas: Canvas, x: float, y: float, width: float = 0.5) -> None:
    canvas.setLineWidth(width)
    canvas.line(x, y + 3, x + WIDE, y + 3)


def hairline(canvas: Canvas, x: float, y: float) -> None:
    line(canvas, x, y, 0.1)


def rectangle(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x, y + 3, WIDE, 0.5, stroke=0, fill=1)


def double_red(canvas: Canvas, x: float, y: float) -> None:
    canvas.setStrokeColorRGB(1, 0, 0)
    line(canvas, x, y - 0.7)
    line(canvas, x, y + 0.8)


def wave(canvas: Canvas, x: float, y: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x, y + 3)
    for i in range(6):
        at = x + 1.9 * i
        path.curveTo(at + 0.6, y + 5, at + 1.3, y + 1, at + 1.9, y + 3)
    canvas.setLineWidth(0.5)
    canvas.drawPath(path)


def aslant(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(x, y - 1, x + WIDE, y + 8)


def cross(canvas: Canvas, x: float, y: float) -> None:
    canvas.setLineWidth(0.6)
    canvas.line(x, y, x + WIDE, y + 7)
    canvas.line(x, y + 7, x + WIDE, y)


def image_line(canvas: Canvas, x: float, y: float) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (20, 2), 0)), x, y + 3, WIDE, 0.7)


def strike_annotation(canvas: Canvas, x: float, y: float) -> None:
    annotate(canvas, "StrikeOut", (x, y - 2, WIDE, 10), **over(x, y))


def ink_annotation(canvas: Canvas, x: float, y: float) -> None:
    path = PDFArray([PDFArray([x, y + 3, x + 5, y + 4, x + WIDE, y + 3])])
    annotate(canvas, "Ink", (x, y - 2, WIDE, 10), InkList=path, C=PDFArray([1, 0, 0]))


STROKES = (
    line,
    hairline,
    rectangle,
    double_red,
    wave,
    aslant,
    cross,
    image_line,
    strike_annotation,
    ink_annotation,
)


def white(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(1)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


def pale(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.96)
    write(canvas, x, y, OLD)
    canvas.setFillGray(0)


def transparent(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.setFillAlpha(0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


def under_a_box(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    canvas.setFillGray(1)
    canvas.rect(x - 1, y - 2, WIDE + 1, 11, stroke=0, fill=1)
    canvas.setFillGray(0)


def under_an_image(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    canvas.drawImage(ImageReader(Image.new("L", (2, 2), 255)), x - 1, y - 2, WIDE + 1, 11)


def under_an_annotation(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, OLD)
    look = {"IC": PDFArray([1, 1, 1]), "C": PDFArray([1, 1, 1])}
    annotate(canvas, "Square", (x - 1, y - 3, WIDE + 1, 14), **look)


def clipped_away(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x + WIDE, y - 3, 40, 14)
    canvas.clipPath(path, stroke=0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


def clipped_in_part(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x + WIDE - 2, y - 3, 40, 14)
    canvas.clipPath(path, stroke=0)
    write(canvas, x, y, OLD)
    canvas.restoreState()


def grey(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.6)
    write(canvas, x, y, WHOLE)
