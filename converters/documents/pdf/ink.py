"""A page as it is seen, beside its text alone: what is printed where a character stands.

A page is drawn twice: as it is seen, and with its text alone, all in black. Where the two are
alike, a character is seen as it is written. Where some of its ink is missing, it is hidden: white,
covered, cut off, or in a layer that is off. Where there is other ink, something is drawn over it: a
stroke that strikes it out, if it runs across.

Boxes are (left, top, right, bottom) in points of the page as it is shown.
"""

import math
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from PIL import Image, ImageChops, ImageFilter

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.greys import NO_INK, mask

SCALE = 3.0
"""Pixels per point: the stroke of a digit of usual size is then two pixels wide."""

INK = 170
"""Grey (of 255) below which a pixel of black text on white belongs to a character."""

Pixels = tuple[int, int, int, int]


class Seen(Enum):
    """How a character is seen."""

    PLAINLY = auto()
    NOT = auto()
    """Not seen, or not entirely."""
    STRUCK = auto()
    """With a stroke through it."""
    OVERDRAWN = auto()
    """With something else drawn over it."""


@dataclass(frozen=True)
class PageInk:
    """A page as it is seen, and its text alone in black on white: grey images of one size.

    ``slanted`` is the same with the slanted text, which ``written`` leaves out. ``scale`` is the
    number of pixels per point.
    """

    seen: Image.Image
    written: Image.Image
    slanted: Image.Image
    scale: float

    def difference(self, box: Pixels) -> Image.Image:
        """White where what is seen in the box differs from the text in black on white."""
        return ImageChops.difference(self.seen.crop(box), self.written.crop(box))

    def free(self, box: Pixels) -> Image.Image:
        """White where no text is written, nor beside it: what is seen there is no text."""
        left, top, right, bottom = box
        around = self.inside((left - 1, top - 1, right + 1, bottom + 1))
        wide = self.slanted.crop(around).filter(ImageFilter.MinFilter(3))
        x, y = left - around[0], top - around[1]
        return mask(wide.crop((x, y, x + right - left, y + bottom - top)), NO_INK, 256)

    @cached_property
    def unslanted(self) -> Image.Image:
        """White where there is no slanted text."""
        aslant = ImageChops.difference(self.slanted, self.written).filter(ImageFilter.MaxFilter(5))
        return mask(aslant, 0, 256 - NO_INK)

    def shape(self, box: Box, lean: float = 0.0) -> Image.Image | None:
        """The ink of the character in the box, in black on white, closely cropped.

        A slanted character is put upright, so that it contains nothing of its neighbours.
        """
        pixels = self.pixels_of(box)
        if pixels is None:
            return None
        picture = self.written.crop(pixels)
        if lean > 0:
            picture = _upright(picture, lean)
        ink = ImageChops.subtract(Image.new("L", picture.size, INK), picture).getbbox()
        return picture.crop(ink) if ink else None

    def pixels_of(self, box: Box) -> Pixels | None:
        """The pixels of a box; None where it is not on the page."""
        pixels = self.inside(
            (
                math.floor(box[0] * self.scale),
                math.floor(box[1] * self.scale),
                math.ceil(box[2] * self.scale),
                math.ceil(box[3] * self.scale),
            )
        )
        return pixels if pixels[0] < pixels[2] and pixels[1] < pixels[3] else None

    def inside(self, pixels: Pixels) -> Pixels:
        """The part of the pixels that is on the page."""
        left, top, right, bottom = pixels
        return max(left, 0), max(top, 0), min(right, self.seen.width), min(bottom, self.seen.height)


def _upright(picture: Image.Image, lean: float) -> Image.Image:
    """A character that is slanted to the right by ``lean`` of its height, put upright."""
    width, height = picture.size
    size = max(1, round(width - lean * height)), height
    return picture.transform(
        size,
        Image.Transform.AFFINE,
        (1, -lean, lean * height, 0, 1, 0),
        Image.Resampling.BILINEAR,
        fillcolor=255,
    )
