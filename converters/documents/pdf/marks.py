"""Print in a box of a page that is neither one of its characters nor a ruled line."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageChops

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.greys import FAINTEST, far_from
from gongkai.converters.documents.pdf.ink import PageInk, Pixels

_PLAIN = 72
"""Difference of grey from which on a mark in a cell is neither a watermark nor a shade."""

_PLAIN_BESIDE = 110
_TALL = 0.4
_LINE = 0.5
_LEAST_MARK = 8
_LEAST_DIGIT = 4.0
_MARGIN = 4.0
_ASIDE = 0.2


def has_mark(ink: PageInk, box: Box, known: Sequence[Box] = (), size: float = 0.0) -> bool:
    """Whether anything but ``known`` is clearly printed in the box, its rim left out.

    Beside characters (``size`` points high) only marks about as high as they are count, and neither
    what runs along under all of them nor what runs from the top to the bottom.
    """
    margin = min(_MARGIN, _ASIDE * min(box[2] - box[0], box[3] - box[1]))
    inner = (box[0] + margin, box[1] + margin, box[2] - margin, box[3] - margin)
    pixels = ink.pixels_of(inner)
    if pixels is None:
        return False
    picture = ink.seen.crop(pixels)
    darkest, lightest = picture.getextrema()
    if lightest - darkest < (_PLAIN_BESIDE if known else _PLAIN):  # type: ignore[operator]
        return False
    counts = picture.histogram()
    background = max(range(256), key=counts.__getitem__)
    marks = far_from(picture, background, _PLAIN_BESIDE if known else _PLAIN)
    if ink.slanted is not ink.written:
        marks = ImageChops.multiply(marks, ink.unslanted.crop(pixels))
    if not known:
        _wipe_bands(marks, picture)
        return marks.histogram()[255] >= _LEAST_MARK
    if _encloses(known, marks.getbbox(), pixels, ink.scale):
        return False
    for x0, top, x1, bottom in known:
        marks.paste(
            0,
            (
                math.floor(x0 * ink.scale) - 2 - pixels[0],
                math.floor(top * ink.scale) - 2 - pixels[1],
                math.ceil(x1 * ink.scale) + 2 - pixels[0],
                math.ceil(bottom * ink.scale) + 2 - pixels[1],
            ),
        )
    _wipe_lines(marks)
    left = marks.getbbox()
    if left is None or marks.histogram()[255] < _LEAST_MARK:
        return False
    return left[3] - left[1] >= _TALL * size * ink.scale


def has_drawing(ink: PageInk, box: Box) -> bool:
    """Whether the box shows something that is neither text nor a ruled line, as high as a digit."""
    pixels = ink.pixels_of(box)
    if pixels is None:
        return False
    picture = ink.seen.crop(pixels)
    counts = picture.histogram()
    background = max(range(256), key=counts.__getitem__)
    marks = far_from(picture, background, _PLAIN_BESIDE)
    marks = ImageChops.multiply(marks, ink.free(pixels))
    _wipe_lines(marks)
    left = marks.getbbox()
    if left is None or marks.histogram()[255] < _LEAST_MARK:
        return False
    return left[3] - left[1] >= _LEAST_DIGIT * ink.scale


def _encloses(known: Sequence[Box], found: Pixels | None, corner: Pixels, scale: float) -> bool:
    """Whether a closely set row of characters contains all that was found."""
    if found is None:
        return True
    row = sorted(known)
    gap = max((after[0] - before[2] for before, after in pairwise(row)), default=0.0)
    top, bottom = min(box[1] for box in row), max(box[3] for box in row)
    if gap > 0.4 * (bottom - top):
        return False
    left, right = row[0][0], max(box[2] for box in row)
    return (
        left * scale - 2 <= corner[0] + found[0]
        and top * scale - 2 <= corner[1] + found[1]
        and corner[0] + found[2] <= right * scale + 2
        and corner[1] + found[3] <= bottom * scale + 2
    )


def _wipe_bands(marks: Image.Image, picture: Image.Image) -> None:
    """Remove rows of one grey from side to side: shades, and ruled lines that were not reported."""
    across = marks.resize((1, marks.height), Image.Resampling.BOX).tobytes()
    for y in (y for y, grey in enumerate(across) if grey == 255):
        row = (0, y, marks.width, y + 1)
        darkest, lightest = picture.crop(row).getextrema()
        if lightest - darkest < FAINTEST:  # type: ignore[operator]
            marks.paste(0, row)


def _wipe_lines(marks: Image.Image) -> None:
    """Remove lines that run along most of the picture, across or down."""
    width, height = marks.size
    across = marks.resize((1, height), Image.Resampling.BOX).tobytes()
    down = marks.resize((width, 1), Image.Resampling.BOX).tobytes()
    for y in (y for y, grey in enumerate(across) if grey >= 255 * _LINE):
        marks.paste(0, (0, y - 1, width, y + 2))
    for x in (x for x, grey in enumerate(down) if grey >= 255 * 0.9):
        marks.paste(0, (x - 1, 0, x + 2, height))
