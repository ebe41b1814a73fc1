"""What is printed where a character stands: it itself, all of it, and nothing else.

A page is drawn twice: as it is seen, and with its text alone, all in black. Where the two are
alike, a character is seen as it is written. Where ink of it is missing, it is hidden: white,
covered, cut off, in a layer that is off. Where there is other ink, something is drawn over it: a
stroke that strikes it out, if it runs across.

Boxes are (left, top, right, bottom) in points of the page as it is shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache
from itertools import pairwise

from PIL import Image, ImageChops, ImageFilter

from gongkai.converters.documents.aligned.glyphs import Box

SCALE = 3.0
"""Pixels to a point: the stroke of a digit of usual size is then two wide."""

_ALIKE = 12
_INK = 170
"""Grey (of 255) below which a pixel of black text on white is of a character."""

_PLAIN_INK = 150
_NO_INK = 236
_FAINTEST = 25
"""Difference of grey from which on something printed can be seen."""

_OTHER = 48
"""Difference of grey from which on what is drawn over a character is no shade or watermark."""

_PLAIN = 72
"""Difference of grey from which on a mark in a cell is neither a watermark nor a shade."""

_PLAIN_BESIDE = 110
_MOST_MISSING = 0.3
_RATIO = 0.3
_LEAST_RATIO = 0.2
_ACROSS = 0.5
_THROUGH = 0.6
_MIDDLE = 0.14
_BLOT = 0.02
_LEAST_BLOT = 3
_LEAST_GROUND = 6
_LACKING = 32
_BLACK = 8
_THIN = 0.35
_DOWN = 0.8
_TOUCH = 2
"""Pixels by which a rule may reach into the box of the character beside it."""

_TALL = 0.4
_RULE = 0.5
_LEAST_MARK = 8
_LEAST_DIGIT = 4.0
_MARGIN = 4.0
_ASIDE = 0.2

_Pixels = tuple[int, int, int, int]


class Seen(Enum):
    """How a character is seen."""

    PLAINLY = auto()
    NOT = auto()
    """Not at all, or not all of it."""
    STRUCK = auto()
    """With a stroke through it."""
    OVERDRAWN = auto()
    """With something else drawn over it."""


@dataclass(frozen=True)
class PageInk:
    """A page as it is seen, and its text alone in black on white: grey images of one size.

    ``slanted`` is the same with the text that is set aslant, which ``written`` leaves out.
    ``scale`` is the number of pixels to a point.
    """

    seen: Image.Image
    written: Image.Image
    slanted: Image.Image
    scale: float

    @cached_property
    def _difference(self) -> Image.Image:
        return ImageChops.difference(self.seen, self.written)

    def _free(self, box: _Pixels) -> Image.Image:
        """White where no text is written, nor beside it: what is seen there is no text."""
        left, top, right, bottom = box
        around = self._inside((left - 1, top - 1, right + 1, bottom + 1))
        wide = self.slanted.crop(around).filter(ImageFilter.MinFilter(3))
        x, y = left - around[0], top - around[1]
        return _mask(wide.crop((x, y, x + right - left, y + bottom - top)), _NO_INK, 256)

    @cached_property
    def _unslanted(self) -> Image.Image:
        """White where no text set aslant is."""
        aslant = ImageChops.difference(self.slanted, self.written).filter(ImageFilter.MaxFilter(5))
        return _mask(aslant, 0, 256 - _NO_INK)

    def look(self, box: Box) -> Seen:
        """How the character is seen whose ink the box encloses closely."""
        pixels = self._pixels(box)
        if pixels is None:
            return Seen.NOT
        # What runs across reaches into the space beside a character.
        aside = max(2, round(0.12 * (pixels[3] - pixels[1])))
        wide = self._inside((pixels[0] - aside, pixels[1], pixels[2] + aside, pixels[3]))
        if _highest(self._difference.crop(wide)) <= _ALIKE:
            # The usual case: nothing but the character, in black on white.
            inked = self.written.crop(pixels).getextrema()[0] < _INK  # type: ignore[operator]
            return Seen.PLAINLY if inked else Seen.NOT
        return self._compare(pixels, wide, aside)

    def _compare(self, pixels: _Pixels, wide: _Pixels, aside: int) -> Seen:
        own = _mask(self.written.crop(pixels), 0, _PLAIN_INK)
        ink = own.getbbox()
        if ink is None:
            return Seen.NOT
        # Some fonts tell a box that is wider than the ink.
        left, top = pixels[:2]
        pixels = (left + ink[0], top + ink[1], left + ink[2], top + ink[3])
        wide = self._inside((pixels[0] - aside, pixels[1], pixels[2] + aside, pixels[3]))
        own, seen = own.crop(ink), self.seen.crop(pixels)
        darkest, lightest = seen.getextrema()
        if lightest - darkest < _FAINTEST:  # type: ignore[operator]
            return Seen.NOT
        inked = seen.histogram(own)
        count = sum(inked)
        ground = self._ground(pixels, wide)
        contrast = _contrast(inked, count, ground)
        if contrast < _FAINTEST:
            return Seen.NOT
        least = max(_FAINTEST / 2, _LEAST_RATIO * contrast)
        missing = sum(n for grey, n in enumerate(inked) if abs(grey - ground) < least)
        if missing > _MOST_MISSING * count:
            return Seen.NOT
        colour = max(range(256), key=lambda grey: inked[grey] * (abs(grey - ground) >= least))
        return self._overdrawn(wide, aside, ground, colour)

    def _ground(self, box: _Pixels, wide: _Pixels) -> int:
        """The grey on which the character in the box stands, or what is beside it."""
        counts = self.seen.crop(box).histogram(self._free(box))
        if sum(counts) < _LEAST_GROUND:
            counts = self.seen.crop(wide).histogram(self._free(wide))
        if not any(counts):
            counts = self.seen.crop(wide).histogram()
        return max(range(256), key=counts.__getitem__)

    def _overdrawn(self, wide: _Pixels, aside: int, ground: int, colour: int) -> Seen:
        """Whether other ink than text lies over the middle of the character.

        The character has ``colour``, a grey, and stands on the grey ``ground``.
        """
        inset = round(_MIDDLE * (wide[3] - wide[1]))
        middle = (wide[0], wide[1] + inset, wide[2], wide[3] - inset)
        if middle[3] <= middle[1]:
            return Seen.PLAINLY
        tinted = [colour + (ground - colour) * grey // 255 for grey in range(256)]
        expected = self.written.crop(middle).point(tinted)
        difference = ImageChops.difference(self.seen.crop(middle), expected)
        strong = round(max(_OTHER, _RATIO * abs(colour - ground)))
        near = _mask(difference, strong, 256)
        if self.slanted is not self.written:
            near = ImageChops.multiply(near, self._unslanted.crop(middle))
        if _is_thin_line(_mask(difference, _OTHER, 256), aside):
            return Seen.STRUCK
        # The rim of a character may be drawn a part of a pixel elsewhere.
        other = ImageChops.multiply(near, self._free(middle))
        columns, rows = other.getprojection()
        first, last = _between_rules(near, aside)
        if any(columns[first:last]) and (
            sum(columns[first:last]) >= _ACROSS * (last - first)
            or _runs_through(near, columns, rows, aside)
        ):
            return Seen.STRUCK
        first, last = max(first, aside), min(last, other.width - aside)
        if last <= first:
            return Seen.PLAINLY
        inner = other.crop((first, 0, last, other.height))
        blot = inner.histogram()[255]
        least = max(_LEAST_BLOT, _BLOT * inner.width * inner.height)
        if blot > least:
            return Seen.OVERDRAWN
        plain = self.slanted is self.written and colour <= _BLACK and ground >= 255 - _BLACK
        if not plain:
            return Seen.PLAINLY
        return _with_more_ink(self.seen.crop(middle), expected, first, last)

    def has_mark(self, box: Box, known: Sequence[Box] = (), size: float = 0.0) -> bool:
        """Whether anything but ``known`` is plainly printed in the box, its rim left out.

        Beside characters (``size`` points high) only what is about as high as they counts, and
        neither what runs along under all of them nor what runs from the top to the bottom.
        """
        margin = min(_MARGIN, _ASIDE * min(box[2] - box[0], box[3] - box[1]))
        inner = (box[0] + margin, box[1] + margin, box[2] - margin, box[3] - margin)
        pixels = self._pixels(inner)
        if pixels is None:
            return False
        picture = self.seen.crop(pixels)
        darkest, lightest = picture.getextrema()
        if lightest - darkest < (_PLAIN_BESIDE if known else _PLAIN):  # type: ignore[operator]
            return False
        counts = picture.histogram()
        ground = max(range(256), key=counts.__getitem__)
        marks = _far_from(picture, ground, _PLAIN_BESIDE if known else _PLAIN)
        if self.slanted is not self.written:
            marks = ImageChops.multiply(marks, self._unslanted.crop(pixels))
        if not known:
            _wipe_bands(marks, picture)
            return marks.histogram()[255] >= _LEAST_MARK
        if _encloses(known, marks.getbbox(), pixels, self.scale):
            return False
        for x0, top, x1, bottom in known:
            marks.paste(
                0,
                (
                    math.floor(x0 * self.scale) - 2 - pixels[0],
                    math.floor(top * self.scale) - 2 - pixels[1],
                    math.ceil(x1 * self.scale) + 2 - pixels[0],
                    math.ceil(bottom * self.scale) + 2 - pixels[1],
                ),
            )
        _wipe_rules(marks)
        left = marks.getbbox()
        if left is None or marks.histogram()[255] < _LEAST_MARK:
            return False
        return left[3] - left[1] >= _TALL * size * self.scale

    def has_drawing(self, box: Box) -> bool:
        """Whether the box shows something that is neither text nor a rule, as high as a digit."""
        pixels = self._pixels(box)
        if pixels is None:
            return False
        picture = self.seen.crop(pixels)
        counts = picture.histogram()
        ground = max(range(256), key=counts.__getitem__)
        marks = _far_from(picture, ground, _PLAIN_BESIDE)
        marks = ImageChops.multiply(marks, self._free(pixels))
        _wipe_rules(marks)
        left = marks.getbbox()
        if left is None or marks.histogram()[255] < _LEAST_MARK:
            return False
        return left[3] - left[1] >= _LEAST_DIGIT * self.scale

    def shape(self, box: Box) -> Image.Image | None:
        """The ink of the character in the box, in black on white, cut out closely."""
        pixels = self._pixels(box)
        if pixels is None:
            return None
        picture = self.written.crop(pixels)
        ink = _mask(picture, 0, _INK).getbbox()
        return picture.crop(ink) if ink else None

    def _pixels(self, box: Box) -> _Pixels | None:
        """The pixels of a box; None where it is not on the page."""
        pixels = self._inside(
            (
                math.floor(box[0] * self.scale),
                math.floor(box[1] * self.scale),
                math.ceil(box[2] * self.scale),
                math.ceil(box[3] * self.scale),
            )
        )
        return pixels if pixels[0] < pixels[2] and pixels[1] < pixels[3] else None

    def _inside(self, pixels: _Pixels) -> _Pixels:
        left, top, right, bottom = pixels
        return max(left, 0), max(top, 0), min(right, self.seen.width), min(bottom, self.seen.height)


def _between_rules(near: Image.Image, aside: int) -> tuple[int, int]:
    """The columns between rules that run down beside a character, and touch it at most.

    ``near`` is what is drawn there beside the character.
    """
    down = near.resize((near.width, 1), Image.Resampling.BOX).tobytes()
    rules = [x for x, grey in enumerate(down) if grey >= 255 * _DOWN]
    reach = aside + _TOUCH
    first = max((x + 2 for x in rules if x < reach), default=0)
    last = min((x - 1 for x in rules if x >= near.width - reach), default=near.width)
    return (first, last) if first < last else (0, near.width)


def _with_more_ink(seen: Image.Image, expected: Image.Image, first: int, last: int) -> Seen:
    """Whether a black character on white shows ink that is not its own and lacks none of it.

    It is looked at from the column ``first`` to ``last``.
    A rim that is drawn a part of a pixel elsewhere adds ink on one side and lacks it on the other.
    """
    if _highest(ImageChops.subtract(seen, expected)) >= _LACKING:
        return Seen.PLAINLY
    more = _mask(ImageChops.subtract(expected, seen), _OTHER, 256)
    inner = more.crop((first, 0, last, more.height))
    if inner.histogram()[255] < _LEAST_BLOT:
        return Seen.PLAINLY
    columns = sum(inner.getprojection()[0])
    return Seen.STRUCK if columns >= _ACROSS * inner.width else Seen.OVERDRAWN


def _is_thin_line(near: Image.Image, aside: int) -> bool:
    """Whether all that is drawn over a character is low and reaches out on both of its sides."""
    found = near.getbbox()
    if found is None or found[3] - found[1] > _THIN * near.height:
        return False
    return found[0] < aside and found[2] > near.width - aside


def _runs_through(
    near: Image.Image, columns: Sequence[int], rows: Sequence[int], aside: int
) -> bool:
    """Whether ink that shows beside a character, but not all the way down, goes on across it.

    ``columns`` and ``rows`` tell where it is free of the character, ``near`` is all of it.
    """
    top, bottom = rows.index(1), len(rows) - rows[::-1].index(1)
    if bottom - top > 0.5 * len(rows):
        # A rule beside the character.
        return False
    left, right = sum(columns[:aside]), sum(columns[-aside:])
    if min(left, right) >= aside - 1:
        return True
    along = near.crop((0, top, near.width, bottom)).getprojection()[0]
    return sum(along) >= _THROUGH * len(along)


def _highest(picture: Image.Image) -> int:
    return int(picture.getextrema()[1])  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _levels(first: int, end: int) -> list[int]:
    return [255 * (first <= grey < end) for grey in range(256)]


def _mask(picture: Image.Image, first: int, end: int) -> Image.Image:
    """White where the grey is at least ``first`` and less than ``end``, else black."""
    return picture.point(_levels(first, end))


def _far_from(picture: Image.Image, ground: int, least: float) -> Image.Image:
    """White where the grey differs from ``ground`` by ``least`` or more, else black."""
    return picture.point([255 * (abs(grey - ground) >= least) for grey in range(256)])


def _contrast(counts: Sequence[int], count: int, ground: int) -> int:
    """The difference from the ground that all but a tenth of the pixels stay below."""
    by_difference = [0] * 256
    for grey, n in enumerate(counts):
        by_difference[abs(grey - ground)] += n
    above = 0
    for difference in range(255, -1, -1):
        above += by_difference[difference]
        if above * 10 >= count:
            return difference
    return 0


def _encloses(known: Sequence[Box], found: _Pixels | None, corner: _Pixels, scale: float) -> bool:
    """Whether a row of characters, set closely, holds all that was found."""
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
    """Take out rows of one grey from side to side: shades, and rules that were not told."""
    across = marks.resize((1, marks.height), Image.Resampling.BOX).tobytes()
    for y in (y for y, grey in enumerate(across) if grey == 255):
        row = (0, y, marks.width, y + 1)
        darkest, lightest = picture.crop(row).getextrema()
        if lightest - darkest < _FAINTEST:  # type: ignore[operator]
            marks.paste(0, row)


def _wipe_rules(marks: Image.Image) -> None:
    """Take lines out that run along most of the picture, across or down."""
    width, height = marks.size
    across = marks.resize((1, height), Image.Resampling.BOX).tobytes()
    down = marks.resize((width, 1), Image.Resampling.BOX).tobytes()
    for y in (y for y, grey in enumerate(across) if grey >= 255 * _RULE):
        marks.paste(0, (0, y - 1, width, y + 2))
    for x in (x for x, grey in enumerate(down) if grey >= 255 * 0.9):
        marks.paste(0, (x - 1, 0, x + 2, height))
