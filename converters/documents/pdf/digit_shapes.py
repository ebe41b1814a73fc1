"""Which digit a printed shape is, by comparison with digits of fonts that are generally available.

The fonts are PDFium's own; nothing here uses what a file says of its characters. A digit is only
recognised if the shape is far nearer to it than to all others; otherwise the doubt remains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops, ImageFilter

DIGITS = "0123456789"

_FONTS = (
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-Oblique",
    "Helvetica-BoldOblique",
    "Times-Roman",
    "Times-Bold",
    "Times-Italic",
    "Times-BoldItalic",
    "Courier",
    "Courier-Bold",
    "Courier-Oblique",
    "Courier-BoldOblique",
)
_SIDE = 24
"""Height and width, in cells, of the raster on which shapes are compared."""

_HOLES = dict.fromkeys(DIGITS, ("",)) | {
    "0": ("m",),
    "4": ("t", "m", ""),
    "6": ("b", ""),
    "8": ("tb",),
    "9": ("t", ""),
}
"""By digit, where it may enclose holes: at the top, in the middle, at the bottom."""

_ROW = (1 << _SIDE) - 1
_OTHER_HOLES = 0.06
_NEAR = 0.1
_FARTHER = 0.05
_SURELY = 0.025
_BETWEEN = 0.6
_STEP = 100


@dataclass(frozen=True)
class DigitShape:
    """A shape on the raster, a bit for each cell; ``wide`` is the shape with its neighbours.

    ``holes`` are the middles, from the top (0) to the bottom (1), of the holes that it encloses.
    """

    bits: int
    wide: int
    holes: tuple[float, ...]

    @property
    def size(self) -> int:
        """The number of cells that the shape covers."""
        return self.bits.bit_count()

    @property
    def waisted(self) -> bool:
        """Whether it is narrower in the middle than above: an 8, not a 0 with a stroke in it."""
        rows = [self.bits >> (_SIDE * row) & _ROW for row in range(_SIDE)]
        widths = [row.bit_length() - (row & -row).bit_length() for row in rows]
        middle = _SIDE // 2
        return min(widths[middle - 2 : middle + 3]) <= max(widths[middle + 3 : -3]) - 2


def shape_of(picture: Image.Image) -> DigitShape:
    """The shape of a closely cropped picture in black on white.

    It keeps its proportions and is as high as the raster, unless it is wider than high.
    """
    grey = picture if picture.mode == "L" else picture.convert("L")
    return _shape(grey.size, grey.tobytes())


@lru_cache(maxsize=4096)
def _shape(size: tuple[int, int], pixels: bytes) -> DigitShape:
    picture = Image.frombytes("L", size, pixels)
    width, height = size
    scale = _SIDE / max(width, height)
    small = picture.resize(
        (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BILINEAR
    )
    raster = Image.new("L", (_SIDE, _SIDE), 255)
    raster.paste(small, ((_SIDE - small.width) // 2, (_SIDE - small.height) // 2))
    ink = raster.point([255 * (grey < 255 * _BETWEEN) for grey in range(256)])
    bits = _bits(ink)
    return DigitShape(bits, _bits(ink.filter(ImageFilter.MaxFilter(3))), _holes(bits))


def picture_of(shape: DigitShape) -> Image.Image:
    """The shape in black on white, closely cropped, with as many pixels as it has cells."""
    ink = Image.frombytes("1", (_SIDE, _SIDE), shape.bits.to_bytes(_CELLS // 8, "big")).convert("L")
    return ImageChops.invert(ink).crop(ink.getbbox())


def _bits(picture: Image.Image) -> int:
    return int.from_bytes(picture.convert("1").tobytes(), "big")


_CELLS = _SIDE * _SIDE
_ALL = (1 << _CELLS) - 1
_FIRST = sum(1 << (row * _SIDE) for row in range(_SIDE))
"""The cells at the right edge, those of the lowest bits of each row."""

_LAST = _FIRST << (_SIDE - 1)
_EDGE = _FIRST | _LAST | ((1 << _SIDE) - 1) | ((1 << _SIDE) - 1) << (_CELLS - _SIDE)
_LEAST_HOLE = 4


def _flood(seed: int, free: int) -> int:
    """The cells of ``free`` that can be reached from ``seed``, not diagonally."""
    reached = seed & free
    while True:
        more = (
            reached
            | (reached & ~_LAST) << 1
            | (reached & ~_FIRST) >> 1
            | reached << _SIDE
            | reached >> _SIDE
        ) & free
        if more == reached:
            return reached
        reached = more


def _holes(bits: int) -> tuple[float, ...]:
    free = _ALL & ~bits
    rest = free & ~_flood(_EDGE, free)
    found = []
    while rest:
        hole = _flood(rest & -rest, rest)
        rest &= ~hole
        if hole.bit_count() >= _LEAST_HOLE:
            top = _SIDE - (hole.bit_length() - 1) // _SIDE
            bottom = _SIDE - ((hole & -hole).bit_length() - 1) // _SIDE
            found.append(round((top + bottom - 1) / 2 / _SIDE, 3))
    return tuple(sorted(found))


def distance(one: DigitShape, other: DigitShape) -> float:
    """The part of both shapes that is not even adjacent to the other: 0 alike, 1 nowhere alike."""
    apart = (one.bits & ~other.wide).bit_count() + (other.bits & ~one.wide).bit_count()
    return apart / max(one.size + other.size, 1)


@lru_cache(maxsize=4096)
def distances(shape: DigitShape) -> dict[str, float]:
    """By digit, the distance of the shape from the nearest of the known shapes of the digit.

    A shape without the digit's hole, or with another hole, is farther.
    """
    holes = "".join(_level(hole) for hole in shape.holes)
    return {
        digit: min(distance(shape, known) for known in shapes)
        + _OTHER_HOLES * (holes not in _HOLES[digit])
        for digit, shapes in known_shapes().items()
    }


def shown(shape: DigitShape, digit: str) -> str | None:
    """The digit that the shape certainly is, where the text says ``digit``; None if unsure."""
    far = distances(shape)
    other = min((character for character in DIGITS if character != digit), key=far.__getitem__)
    if far[digit] <= _NEAR and far[other] - far[digit] >= _SURELY:
        return None if digit == "8" and not shape.waisted else digit
    if far[other] <= _NEAR and far[digit] - far[other] >= _FARTHER:
        return None if (digit, other) == ("0", "8") and not shape.waisted else other
    return None


def is_a_digit(shape: DigitShape) -> bool:
    """Whether the shape is certainly some digit, where the text says that it is none."""
    return min(distances(shape).values()) <= _NEAR / 2


def _level(hole: float) -> str:
    return "tmb"[(hole > 0.42) + (hole > 0.58)]


@lru_cache(maxsize=1)
def known_shapes() -> dict[str, tuple[DigitShape, ...]]:
    """By digit, its shapes in the fonts of the library."""
    pictures = list(_drawn())
    return {digit: tuple(shape_of(row[i]) for row in pictures) for i, digit in enumerate(DIGITS)}


def _drawn() -> Iterator[Sequence[Image.Image]]:
    """For each font the pictures of its digits, closely cropped."""
    document = pdfium.PdfDocument.new()
    try:
        page = document.new_page(_STEP * len(DIGITS), _STEP * len(_FONTS))
        for row, font in enumerate(_FONTS):
            for column, digit in enumerate(DIGITS):
                text = raw.FPDFPageObj_NewTextObj(document, font.encode(), float(_STEP) / 2)
                wide = (digit + "\0").encode("utf-16-le")
                raw.FPDFText_SetText(text, (raw.FPDF_WCHAR * 2).from_buffer_copy(wide))
                raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, column * _STEP + 25, row * _STEP + 25)
                raw.FPDFPage_InsertObject(page, text)
        raw.FPDFPage_GenerateContent(page)
        picture = page.render(scale=1, grayscale=True).to_pil().convert("L")
        page.close()
    finally:
        document.close()
    for row in range(len(_FONTS)):
        top = picture.height - (row + 1) * _STEP
        fields = [
            picture.crop((column * _STEP, top, (column + 1) * _STEP, top + _STEP))
            for column in range(len(DIGITS))
        ]
        yield [
            field.crop(field.point([255 * (grey < 150) for grey in range(256)]).getbbox())
            for field in fields
        ]
