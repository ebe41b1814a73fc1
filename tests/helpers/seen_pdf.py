"""Ways to disturb one cell of a printed page, each with what a person then sees there."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from helpers.drawn_reports import AFTER, HEADINGS, Box, Drawn, Rows, Seen
from helpers.official_grids import Key

VERA = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

WIDTH, HEIGHT, ROW, LEFT = 842, 1400, 18, 30
STUBS = {"disclosure": 1, "requests": 3, "disputes": 0, "statistics": 1}
COLUMNS = {
    "disclosure": (240, 170, 170, 170),
    "requests": (60, 90, 240, *(56,) * 7),
    "disputes": (52,) * 15,
    "statistics": (400, 60, 100),
}
SIZE = 10


@dataclass
class Sheet:
    """A page with a drawn report; ``x``, ``y`` are where the number of the cell at hand begins."""

    drawn: Drawn
    random: Random
    canvas: Canvas = field(init=False)
    key: Key | None = None
    """Whose value is to be drawn."""
    x: float = 0
    y: float = 0
    edges: tuple[float, float, float, float] = (0, 0, 0, 0)
    """Left, bottom, right, top of the cell."""
    right_key: Key | None = None
    """Whose value stands in the cell to the right, if any."""
    seen: dict[Key, Seen] = field(default_factory=dict)
    """What is seen of the cells that were changed."""
    later: list[Callable[[], object]] = field(default_factory=list)
    """Drawn when all else is drawn."""
    map_lies: bool = False

    @property
    def value(self) -> str:
        """The number in the cell as drawn."""
        assert self.key is not None
        return self.drawn.values[self.key]

    @property
    def more(self) -> str:
        """A digit that is not part of the number."""
        return self.random.choice("123456789")

    @property
    def old(self) -> str:
        """Another number."""
        return str(self.random.randint(1, 999))

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> float:
        """Write; gives where the text ends."""
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawString(x, y, text)
        return x + self.width(text, size)

    def width(self, text: str, size: float = SIZE) -> float:
        """How wide a text is."""
        return float(pdfmetrics.stringWidth(text, "Helvetica", size))

    def bytes(self, changes: "Mapping[Key, Disturbance]") -> bytes:
        """The document; ``seen`` then tells what is seen of the cells that were changed."""
        out = io.BytesIO()
        self.canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=0)
        top: float = HEIGHT - 30
        for text in self.drawn.before:
            top = _line(self.canvas, text, top)
        for cube in self.drawn.tables:
            top = _line(self.canvas, HEADINGS[cube], top)
            top = self._table(cube, self.drawn.tables[cube], top, changes)
        for text in AFTER:
            top = _line(self.canvas, text, top)
        for step in self.later:
            step()
        self.canvas.save()
        return lying(out.getvalue()) if self.map_lies else out.getvalue()

    def _table(
        self, cube: str, rows: Rows, top: float, changes: "Mapping[Key, Disturbance]"
    ) -> float:
        edges = [float(LEFT)]
        for width in COLUMNS[cube]:
            edges.append(edges[-1] + width)
        taken: set[tuple[int, int]] = set()
        for i, row in enumerate(rows):
            column = 0
            for j, box in enumerate(row):
                while (i, column) in taken:
                    column += 1
                # Rows of fewer cells than the table has columns end with the table.
                last = j == len(row) - 1 and STUBS[cube] < 2
                end = len(edges) - 1 if last else column + box.width
                taken |= {(i + a, b) for a in range(box.height) for b in range(column, end)}
                bottom = top - (i + box.height) * ROW
                place = (edges[column], bottom, edges[end], top - i * ROW)
                self._frame(place)
                if box.key in changes:
                    assert box.key is not None
                    self.edges, self.y, self.key = place, bottom + 5, box.key
                    self.x = (place[0] + place[2] - self.width(box.text)) / 2
                    self.right_key = row[j + 1].key if j + 1 < len(row) else None
                    self.seen[box.key] = changes[box.key](self)
                    self.canvas.setFillGray(0)
                else:
                    _centred(self.canvas, box, place)
                column = end
        return top - len(rows) * ROW - 4

    def _frame(self, place: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = place
        self.canvas.setLineWidth(0.7)
        self.canvas.rect(left, bottom, right - left, top - bottom)

    def annotate(self, subtype: str, rect: tuple[float, ...], drawn: str = "", **more: Any) -> None:
        """An annotation; ``drawn`` are the operators of its appearance, from its lower left."""
        document = self.canvas._doc
        entries: dict[str, Any] = {
            "Type": PDFName("Annot"),
            "Subtype": PDFName(subtype),
            "Rect": PDFArray(rect),
            "F": 4,
            **more,
        }
        if drawn:
            font = PDFDictionary(
                {
                    "Type": PDFName("Font"),
                    "Subtype": PDFName("Type1"),
                    "BaseFont": PDFName("Helvetica"),
                    "Encoding": PDFName("WinAnsiEncoding"),
                }
            )
            form = PDFDictionary(
                {
                    "Type": PDFName("XObject"),
                    "Subtype": PDFName("Form"),
                    "BBox": PDFArray((0, 0, rect[2] - rect[0], rect[3] - rect[1])),
                    "Resources": PDFDictionary({"Font": PDFDictionary({"F": font})}),
                }
            )
            appearance = document.Reference(PDFStream(form, drawn.encode()))
            entries["AP"] = PDFDictionary({"N": appearance})
        self.canvas._addAnnotation(PDFDictionary(entries))


Disturbance = Callable[[Sheet], Seen]


def _line(canvas: Canvas, text: str, top: float) -> float:
    canvas.setFont("STSong-Light", 11)
    canvas.drawString(LEFT, top - 12, text)
    return top - 18


def _centred(canvas: Canvas, box: Box, place: tuple[float, float, float, float]) -> None:
    left, bottom, right, top = place
    if box.key is not None:
        canvas.setFont("Helvetica", SIZE)
        canvas.drawCentredString((left + right) / 2, bottom + 5, box.text)
        return
    size, wide = 8, right - left - 4
    per_line = max(1, int(wide // size))
    lines = [box.text[i : i + per_line] for i in range(0, len(box.text), per_line)]
    if len(lines) * (size + 1) > top - bottom:
        size, lines = max(4, int(wide / max(1, len(box.text)))), [box.text]
    canvas.setFont("STSong-Light", size)
    first = (top + bottom) / 2 + (len(lines) - 1) * (size + 1) / 2 - size / 2 + 1
    for i, line in enumerate(lines):
        canvas.drawCentredString((left + right) / 2, first - i * (size + 1), line)


def lying(data: bytes) -> bytes:
    """The same print, whose map from glyphs to characters takes each digit for the next one."""
    out = data
    for digit in range(9, -1, -1):
        out = out.replace(b"<%04X>" % (0x30 + digit), b"<%04x>" % (0x30 + (digit + 1) % 10))
    assert out != data
    return out


# --- struck out ----------------------------------------------------------------------------


def struck(how: Callable[[Sheet, float, float], None], new: bool = True) -> Disturbance:
    """An old number that ``how`` strikes from one x to another, the new one behind or before."""

    def change(sheet: Sheet) -> Seen:
        if not new:
            end = sheet.text(sheet.x, sheet.y, sheet.value)
            how(sheet, sheet.x, end)
            return Seen()
        old, gap = sheet.old, sheet.random.choice((0, 0, 1, 4))
        start = sheet.edges[0] + 2
        if sheet.random.random() < 0.7:
            end = sheet.text(start, sheet.y, old)
            how(sheet, start, end)
            sheet.text(end + gap, sheet.y, sheet.value)
        else:
            end = sheet.text(start, sheet.y, sheet.value)
            last = sheet.text(end + gap, sheet.y, old)
            how(sheet, end + gap, last)
        return Seen((sheet.value,))

    return change


def by_line(sheet: Sheet, start: float, end: float) -> None:
    _line_at(sheet, start, end, sheet.y)


def _line_at(sheet: Sheet, start: float, end: float, base: float) -> None:
    sheet.canvas.setLineWidth(sheet.random.choice((0.3, 0.5, 1)))
    y = base + SIZE * sheet.random.choice((0.25, 0.3, 0.36, 0.4))
    sheet.canvas.line(start, y, end, y)


def by_line_before(sheet: Sheet, start: float, end: float) -> None:
    """Drawn at the end of the page."""
    base = sheet.y
    sheet.later.append(lambda: _line_at(sheet, start, end, base))


def by_red_line(sheet: Sheet, start: float, end: float) -> None:
    sheet.canvas.saveState()
    sheet.canvas.setStrokeColorRGB(0.9, 0, 0)
    by_line(sheet, start, end)
    sheet.canvas.restoreState()


def by_rectangle(sheet: Sheet, start: float, end: float) -> None:
    height = sheet.random.choice((0.4, 0.7, 1.2))
    sheet.canvas.rect(start, sheet.y + 3, end - start, height, stroke=0, fill=1)


def by_pieces(sheet: Sheet, start: float, end: float) -> None:
    """A line in pieces, as programs draw it run by run."""
    middle = (start + end) / 2
    for a, b in ((start, middle), (middle, end)):
        sheet.canvas.line(a, sheet.y + 3.2, b, sheet.y + 3.2)


def by_slanted_line(sheet: Sheet, start: float, end: float) -> None:
    sheet.canvas.line(start - 1, sheet.y, end + 1, sheet.y + 7)


def by_cross(sheet: Sheet, start: float, end: float) -> None:
    sheet.canvas.line(start, sheet.y, end, sheet.y + 7)
    sheet.canvas.line(start, sheet.y + 7, end, sheet.y)


def by_path(sheet: Sheet, start: float, end: float) -> None:
    path = sheet.canvas.beginPath()
    path.moveTo(start, sheet.y + 3)
    path.curveTo(start + 2, sheet.y + 4, end - 2, sheet.y + 2, end, sheet.y + 3)
    sheet.canvas.drawPath(path, stroke=1)


def by_annotation(sheet: Sheet, start: float, end: float) -> None:
    low, high = sheet.y - 2, sheet.y + 8
    quad = PDFArray((start, high, end, high, start, low, end, low))
    sheet.annotate("StrikeOut", (start, low, end, high), QuadPoints=quad, C=PDFArray((1, 0, 0)))


def by_drawn_annotation(sheet: Sheet, start: float, end: float) -> None:
    low, high = sheet.y - 2, sheet.y + 8
    quad = PDFArray((start, high, end, high, start, low, end, low))
    drawn = f"1 0 0 RG 0.8 w 0 5 m {end - start:.2f} 5 l S"
    sheet.annotate("StrikeOut", (start, low, end, high), drawn, QuadPoints=quad)


def by_ink(sheet: Sheet, start: float, end: float) -> None:
    drawn = f"0 0 1 RG 1 w 0 5 m {end - start:.2f} 5 l S"
    stroke = PDFArray((PDFArray((start, sheet.y + 3, end, sheet.y + 3)),))
    sheet.annotate("Ink", (start, sheet.y - 2, end, sheet.y + 8), drawn, InkList=stroke)


# --- raised, lowered, unseen ---------------------------------------------------------------


def mark(rise: float, size: float) -> Disturbance:
    """A footnote's mark behind or before the number."""

    def change(sheet: Sheet) -> Seen:
        digit = sheet.more
        if sheet.random.random() < 0.8:
            end = sheet.text(sheet.x, sheet.y, sheet.value)
            sheet.text(end, sheet.y + rise, digit, size)
        else:
            end = sheet.text(sheet.x, sheet.y + rise, digit, size)
            sheet.text(end, sheet.y, sheet.value)
        return Seen((sheet.value,))

    return change


def beside(draw: Callable[[Sheet, float, str], None]) -> Disturbance:
    """Digits before or behind the number that ``draw`` draws so that nobody sees them."""

    def change(sheet: Sheet) -> Seen:
        digits = sheet.random.choice((sheet.more, sheet.more + sheet.more))
        if sheet.random.random() < 0.5:
            draw(sheet, sheet.x - sheet.width(digits), digits)
            sheet.canvas.setFillGray(0)
            sheet.text(sheet.x, sheet.y, sheet.value)
        else:
            end = sheet.text(sheet.x, sheet.y, sheet.value)
            draw(sheet, end, digits)
        sheet.canvas.setFillGray(0)
        return Seen((sheet.value,))

    return change


def white(sheet: Sheet, x: float, digits: str) -> None:
    sheet.canvas.setFillGray(sheet.random.choice((1, 0.99)))
    sheet.text(x, sheet.y, digits)


def white_in_colours(sheet: Sheet, x: float, digits: str) -> None:
    if sheet.random.random() < 0.5:
        sheet.canvas.setFillColorRGB(1, 1, 1)
    else:
        sheet.canvas.setFillColorCMYK(0, 0, 0, 0)
    sheet.text(x, sheet.y, digits)


def clear(sheet: Sheet, x: float, digits: str) -> None:
    sheet.canvas.saveState()
    sheet.canvas.setFillAlpha(0)
    sheet.text(x, sheet.y, digits)
    sheet.canvas.restoreState()


def without_paint(sheet: Sheet, x: float, digits: str) -> None:
    text = sheet.canvas.beginText(x, sheet.y)
    text.setFont("Helvetica", SIZE)
    text.setTextRenderMode(3)
    text.textOut(digits)
    text.setTextRenderMode(0)
    sheet.canvas.drawText(text)


def tiny(sheet: Sheet, x: float, digits: str) -> None:
    sheet.text(x, sheet.y, digits, sheet.random.choice((0.2, 0.5, 1)))


def squeezed(sheet: Sheet, x: float, digits: str) -> None:
    text = sheet.canvas.beginText(x, sheet.y)
    text.setFont("Helvetica", SIZE)
    text.setHorizScale(1)
    text.textOut(digits)
    text.setHorizScale(100)
    sheet.canvas.drawText(text)


def clipped(sheet: Sheet, x: float, digits: str) -> None:
    sheet.canvas.saveState()
    path = sheet.canvas.beginPath()
    path.rect(20, 20, 50, 10)
    sheet.canvas.clipPath(path, stroke=0)
    sheet.text(x, sheet.y, digits)
    sheet.canvas.restoreState()


def under_box(sheet: Sheet, x: float, digits: str) -> None:
    sheet.text(x, sheet.y, digits)
    sheet.canvas.setFillGray(1)
    sheet.canvas.rect(x, sheet.y - 2, sheet.width(digits), 11, stroke=0, fill=1)


def under_late_box(sheet: Sheet, x: float, digits: str) -> None:
    y = sheet.y
    sheet.text(x, y, digits)

    def cover() -> None:
        sheet.canvas.setFillColorRGB(1, 1, 1)
        sheet.canvas.rect(x, y - 2, sheet.width(digits), 11, stroke=0, fill=1)

    sheet.later.append(cover)


def under_black(sheet: Sheet, x: float, digits: str) -> None:
    sheet.text(x, sheet.y, digits)
    sheet.canvas.rect(x, sheet.y - 2, sheet.width(digits), 11, stroke=0, fill=1)


def under_picture(sheet: Sheet, x: float, digits: str) -> None:
    sheet.text(x, sheet.y, digits)
    blank = ImageReader(Image.new("RGB", (8, 8), (255, 255, 255)))
    sheet.canvas.drawImage(blank, x, sheet.y - 2, sheet.width(digits), 11)


def under_annotation(sheet: Sheet, x: float, digits: str) -> None:
    sheet.text(x, sheet.y, digits)
    width = sheet.width(digits)
    drawn = f"1 g 0 0 {width:.2f} 11 re f"
    sheet.annotate("Square", (x, sheet.y - 2, x + width, sheet.y + 9), drawn)


def same_colour(sheet: Sheet, x: float, digits: str) -> None:
    """On a patch of its own colour."""
    sheet.canvas.setFillColorRGB(1, 0.9, 0.6)
    sheet.canvas.rect(x, sheet.y - 2, sheet.width(digits), 11, stroke=0, fill=1)
    sheet.text(x, sheet.y, digits)


# --- covered, overprinted, otherwise written -----------------------------------------------


def covered_by_new(sheet: Sheet) -> Seen:
    """The old number under a white box, the new one on it."""
    sheet.text(sheet.x, sheet.y, sheet.old)
    left, bottom, right, top = sheet.edges
    sheet.canvas.setFillGray(1)
    sheet.canvas.rect(left + 1, bottom + 1, right - left - 2, top - bottom - 2, stroke=0, fill=1)
    sheet.canvas.setFillGray(0)
    sheet.text(sheet.x + sheet.random.choice((0, 3)), sheet.y, sheet.value)
    return Seen((sheet.value,))


def covered(sheet: Sheet) -> Seen:
    """A white box over the number: nothing is seen."""
    under_box(sheet, sheet.x, sheet.value)
    return Seen(blank=True)


def annotated(subtype: str, old: bool) -> Disturbance:
    """The number stands in an annotation, over an old one or where nothing was printed."""

    def change(sheet: Sheet) -> Seen:
        if old:
            sheet.text(sheet.x, sheet.y, sheet.old)
        left, bottom, right, top = (sheet.edges[i] + (1, 1, -1, -1)[i] for i in range(4))
        drawn = (
            f"1 g 0 0 {right - left:.2f} {top - bottom:.2f} re f "
            f"0 g BT /F {SIZE} Tf {sheet.x - left:.2f} 4 Td ({sheet.value}) Tj ET"
        )
        more = {"Contents": PDFString(sheet.value)} if subtype != "Widget" else {}
        if subtype == "Widget":
            more = {"FT": PDFName("Tx"), "T": PDFString("f1"), "V": PDFString(sheet.value)}
        sheet.annotate(subtype, (left, bottom, right, top), drawn, **more)
        return Seen((sheet.value,))

    return change


def unseen_annotation(sheet: Sheet) -> Seen:
    """An annotation with the flag that hides it: the printed number is seen."""
    sheet.text(sheet.x, sheet.y, sheet.value)
    left, bottom, right, top = sheet.edges
    drawn = f"1 g 0 0 40 14 re f 0 g BT /F {SIZE} Tf 2 4 Td ({sheet.old}) Tj ET"
    sheet.annotate("FreeText", (left + 1, bottom + 1, right - 1, top - 1), drawn, F=2)
    return Seen((sheet.value,))


def highlighted(sheet: Sheet) -> Seen:
    """A number marked in yellow is a number."""
    sheet.canvas.setFillColorRGB(1, 1, 0)
    sheet.canvas.rect(sheet.x - 1, sheet.y - 2, sheet.width(sheet.value) + 2, 11, stroke=0, fill=1)
    sheet.canvas.setFillGray(0)
    sheet.text(sheet.x, sheet.y, sheet.value)
    return Seen((sheet.value,))


def white_on_black(sheet: Sheet) -> Seen:
    """White on black, as shown: a number like any other."""
    sheet.canvas.rect(sheet.x - 2, sheet.y - 2, sheet.width(sheet.value) + 4, 11, stroke=0, fill=1)
    sheet.canvas.setFillGray(1)
    sheet.text(sheet.x, sheet.y, sheet.value)
    return Seen((sheet.value,))


def overprinted(sheet: Sheet) -> Seen:
    """Two different numbers in one place."""
    other = "".join(str((int(digit) + sheet.random.randint(1, 9)) % 10) for digit in sheet.value)
    sheet.text(sheet.x, sheet.y, other)
    sheet.text(sheet.x + sheet.random.choice((0, 0.5, 2)), sheet.y, sheet.value)
    return Seen()


def printed_twice(sheet: Sheet) -> Seen:
    """The same number twice, a little apart, as some programs make bold."""
    for shift in (0, 0.3):
        sheet.text(sheet.x + shift, sheet.y, sheet.value)
    return Seen((sheet.value,))


def spaced(sheet: Sheet) -> Seen:
    """Letter-spaced."""
    text = sheet.canvas.beginText(sheet.edges[0] + 2, sheet.y)
    text.setFont("Helvetica", SIZE)
    text.setCharSpace(sheet.random.choice((1, 2, 3)))
    text.textOut(sheet.value)
    text.setCharSpace(0)
    sheet.canvas.drawText(text)
    return Seen((sheet.value,))


def one_by_one(sheet: Sheet) -> Seen:
    """Each digit by itself, the last one first."""
    for i in reversed(range(len(sheet.value))):
        sheet.text(sheet.x + sheet.width(sheet.value[:i]), sheet.y, sheet.value[i])
    return Seen((sheet.value,))


def lying_map(sheet: Sheet) -> Seen:
    """Print that the map to characters tells otherwise."""
    name = f"Vera{sheet.random.random()}"
    pdfmetrics.registerFont(TTFont(name, VERA))
    sheet.canvas.setFont(name, SIZE)
    sheet.canvas.drawString(sheet.x, sheet.y, sheet.value)
    sheet.map_lies = True
    return Seen((sheet.value,))


def lying_words(sheet: Sheet) -> Seen:
    """Print with words for readers aloud that say another number."""
    sheet.canvas._code.append(f"/Span <</ActualText ({sheet.old})>> BDC")
    sheet.text(sheet.x, sheet.y, sheet.value)
    sheet.canvas._code.append("EMC")
    return Seen((sheet.value,))


def as_picture(sheet: Sheet) -> Seen:
    """The number is a picture."""
    image = Image.new("L", (200, 60), 255)
    ImageDraw.Draw(image).text((10, 0), sheet.value, font=ImageFont.truetype(VERA, 48), fill=0)
    sheet.canvas.drawImage(ImageReader(image), sheet.edges[0] + 3, sheet.y - 2, 42, 12)
    return Seen((sheet.value,))


def as_lines(sheet: Sheet) -> Seen:
    """The number is drawn by lines: here ones."""
    for i in range(len(sheet.value)):
        x = sheet.x + 6 * i
        sheet.canvas.setLineWidth(1.2)
        sheet.canvas.line(x, sheet.y, x, sheet.y + 7)
        sheet.canvas.line(x, sheet.y + 7, x - 2, sheet.y + 5)
    return Seen(("1" * len(sheet.value),))


def shifted_down(sheet: Sheet) -> Seen:
    """The number sits on the rule below: it may be taken for one of the row below."""
    assert sheet.key is not None
    for key, value in sheet.drawn.values.items():
        if key[0] == sheet.key[0]:
            sheet.seen.setdefault(key, Seen((value,)))
    sheet.text(sheet.x, sheet.edges[1] - sheet.random.choice((1, 2)), sheet.value)
    return Seen((sheet.value,))


def shifted_over(sheet: Sheet) -> Seen:
    """The number stands across the rule at the right."""
    sheet.text(sheet.edges[2] - sheet.width(sheet.value) / 2, sheet.y, sheet.value)
    if sheet.right_key is not None:
        sheet.seen[sheet.right_key] = Seen((sheet.drawn.values[sheet.right_key],))
    return Seen((sheet.value,))


def moved_away(sheet: Sheet) -> Seen:
    """The number stands in the cell to the right, before that one's own."""
    if sheet.right_key is None:
        sheet.text(sheet.x, sheet.y, sheet.value)
        return Seen((sheet.value,))
    sheet.text(sheet.edges[2] + 1, sheet.y, sheet.value, 6)
    sheet.seen[sheet.right_key] = Seen()
    return Seen(blank=True)


def upright(sheet: Sheet) -> Seen:
    """The number is turned by a right angle."""
    sheet.canvas.saveState()
    sheet.canvas.translate(sheet.x + 8, sheet.edges[1] + 1)
    sheet.canvas.rotate(90)
    sheet.text(0, 0, sheet.value, 6)
    sheet.canvas.restoreState()
    return Seen((sheet.value,))


_STROKES = {
    "line": by_line,
    "late line": by_line_before,
    "red line": by_red_line,
    "rectangle": by_rectangle,
    "line in pieces": by_pieces,
    "slanted line": by_slanted_line,
    "cross": by_cross,
    "curve": by_path,
    "annotation": by_annotation,
    "drawn annotation": by_drawn_annotation,
    "ink annotation": by_ink,
}

PDF: dict[str, Disturbance] = {
    **{f"struck by {name}": struck(how) for name, how in _STROKES.items()},
    **{f"all struck by {name}": struck(how, new=False) for name, how in _STROKES.items()},
    "raised": mark(4, 6),
    "raised, nearly as large": mark(3, 8),
    "raised, as large": mark(4, SIZE),
    "lowered": mark(-2, 6),
    "small on the line": mark(0, 6),
    "white": beside(white),
    "white in colours": beside(white_in_colours),
    "clear": beside(clear),
    "without paint": beside(without_paint),
    "tiny": beside(tiny),
    "squeezed": beside(squeezed),
    "clipped": beside(clipped),
    "under box": beside(under_box),
    "under late box": beside(under_late_box),
    "under black": beside(under_black),
    "under picture": beside(under_picture),
    "under annotation": beside(under_annotation),
    "same colour": beside(same_colour),
    "covered by new": covered_by_new,
    "covered": covered,
    "free text over old": annotated("FreeText", old=True),
    "stamp over old": annotated("Stamp", old=True),
    "field over old": annotated("Widget", old=True),
    "free text": annotated("FreeText", old=False),
    "stamp": annotated("Stamp", old=False),
    "field": annotated("Widget", old=False),
    "unseen annotation": unseen_annotation,
    "highlighted": highlighted,
    "white on black": white_on_black,
    "overprinted": overprinted,
    "printed twice": printed_twice,
    "spaced": spaced,
    "one by one": one_by_one,
    "lying map": lying_map,
    "lying words": lying_words,
    "picture": as_picture,
    "lines": as_lines,
    "shifted down": shifted_down,
    "shifted over": shifted_over,
    "moved away": moved_away,
    "upright": upright,
}

SCANNED = (
    "struck by line",
    "struck by slanted line",
    "all struck by line",
    "raised",
    "covered by new",
    "overprinted",
)
"""Ways that are seen on paper, for scans."""
