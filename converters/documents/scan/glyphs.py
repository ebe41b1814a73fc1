"""The digits of printed numbers, cut out of a page and scaled to one size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.ruled_lines import PixelBox

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_PAPER = 250
_DARKEST = 3

HEIGHT = 24
ABOVE = 4
_AROUND = 8
_ASIDE = 4
"""In pixels: the height of scaled digits, how much of the page is kept above and below them, how
much is taken with a number, and how much is kept beside a digit.
"""

_SAME_HEIGHT = 0.06
_OTHER_HEIGHT = (0.8, 1.25)
"""Lines whose height differs by less from the usual, in parts, have the same size: round digits are
higher than 4 and 7. A line of another height, in parts of the usual, is scaled like the others: a
stroke stands out.
"""

_HALF = 0.5
"""The least darkness of the rows of digits, in parts of their ink."""

_BESIDE = 1.0
_MOST_OFF = 0.3
_WEIGHT = 0.7
"""Pixels beside the boundary of two digits that are not compared. How far digits may deviate from
equal widths, in parts of one, and the weight of that against the ink of the column.
"""

_BEARING, _NARROW = 0.15, 0.4
"""The space that fonts leave beside digits, and by how much a 1 is less wide than others at most,
in parts of the usual width of a digit.
"""

_HIGHER = 1.08
_LOWEST = 0.85
_UNDERLINED = 0.9
_INK = 0.3
"""A line that is higher than usual by so much, in parts, is underlined if some row in its lowest
part is inked over so much of its width; ink is so dark, in parts of its darkest.
"""


@dataclass(frozen=True)
class Digit:
    """A digit of the number at that place in the sequence: how dark it is, from 0 for paper.

    ``left`` is where its picture begins in the number, in its pixels; ``cut`` are the columns of
    the picture at which its neighbours are cut off: some of their ink may be left there.
    """

    number: int
    character: str
    picture: "Picture"
    left: int
    cut: tuple[int, ...]


@dataclass(frozen=True)
class Number:
    """A number as large as others are: its picture, as dark as those of its digits, and the digits.

    Numbers at the rim of the page have no picture and no digits.
    """

    picture: "Picture | None" = None
    digits: tuple[Digit, ...] = ()


def numbers_of(
    page: "Picture", numbers: Sequence[tuple[PixelBox, str]], pitch: float
) -> tuple[Number, ...]:
    """The numbers of a grey page, given their boxes and the texts read.

    ``pitch`` is the usual width of a digit, in parts of its height.
    """
    import numpy as np

    usual = float(np.median([box.height for box, _ in numbers]))
    boxes = [_without_underline(page, box, usual) for box, _ in numbers]
    heights = np.array([_height(page, box) for box in boxes])
    parts = heights / np.median(heights)
    return tuple(
        _cut(page, number, box, text, _size(part, usual), pitch)
        for number, (box, (_, text), part) in enumerate(zip(boxes, numbers, parts, strict=True))
    )


def _height(page: "Picture", box: PixelBox) -> float:
    """The height of the digits in a box, in fractions of pixels.

    Grey rows at their edges belong to them in part. A single dark pixel in its row does not.
    """
    import numpy as np

    dark = _PAPER - page[box.top : box.bottom, box.left : box.right].astype(np.float32)
    dark /= max(float(np.percentile(dark, 100 - _DARKEST)), 1.0)
    rows = np.sort(dark, axis=1)[:, -2:][:, 0]
    inked = np.flatnonzero(rows > _HALF)
    if not inked.size:
        return float(box.height)
    first, last = int(inked[0]), int(inked[-1])
    above = rows[first - 1] if first else 0.0
    below = rows[last + 1] if last + 1 < len(rows) else 0.0
    return float(last - first + 1 + max(above, 0.0) + max(below, 0.0))


def _without_underline(page: "Picture", box: PixelBox, usual: float) -> PixelBox:
    """The box of a number without a touching line under it."""
    import numpy as np

    if box.height <= _HIGHER * usual:
        return box
    cut = page[box.top : box.bottom, box.left : box.right]
    ink = cut < _PAPER - _INK * (_PAPER - np.percentile(cut, _DARKEST))
    lowest = ink[round(_LOWEST * box.height) :].mean(axis=1)
    return box._replace(bottom=box.top + round(usual)) if lowest.max() >= _UNDERLINED else box


def _cut(
    page: "Picture", number: int, box: PixelBox, text: str, size: float, pitch: float
) -> Number:
    """A number, its digits without the ink of their neighbours; ``size`` is their height."""
    dark = _darkness(page, box)
    if dark is None:
        return Number()
    parting = _partings(dark[ABOVE:-ABOVE, ABOVE:-ABOVE], text, pitch * size)
    scale = HEIGHT / size
    width = round(pitch * HEIGHT)
    scaled = _scaled(dark, scale, width)
    top = round(ABOVE * scale) + _AROUND - ABOVE
    whole = scaled[top : top + HEIGHT + 2 * ABOVE]
    found = []
    for place, character in enumerate(text):
        first, last = parting[place], parting[place + 1]
        left = round((ABOVE + (first + last) / 2) * scale) + width - width // 2 - _ASIDE
        part = whole[:, left : left + width + 2 * _ASIDE].copy()
        if part.shape != (HEIGHT + 2 * ABOVE, width + 2 * _ASIDE):
            continue
        cut = []
        if place:
            cut.append(ceil((ABOVE + first) * scale + width + _BESIDE) - left)
            part[:, : max(cut[-1], 0)] = 0
        if place < len(text) - 1:
            cut.append(floor((ABOVE + last) * scale + width - _BESIDE) - left)
            part[:, max(cut[-1], -1) + 1 :] = 0
        found.append(Digit(number, character, part, left, tuple(cut)))
    return Number(whole, tuple(found))


def _size(part: float, usual: float) -> float:
    """The size of digits of this height, in parts of the usual, as far as the height decides it."""
    low, high = _OTHER_HEIGHT
    return part * usual if low < part < high and abs(part - 1) > _SAME_HEIGHT else usual


def _darkness(page: "Picture", box: PixelBox) -> "Picture | None":
    """How dark a number and its surroundings are; None where it stands at the rim of the page."""
    import cv2
    import numpy as np

    cut = page[
        max(box.top - ABOVE, 0) : box.bottom + ABOVE, max(box.left - ABOVE, 0) : box.right + ABOVE
    ].astype(np.float32)
    if cut.shape != (box.height + 2 * ABOVE, box.width + 2 * ABOVE):
        return None
    inside = cut[ABOVE:-ABOVE, ABOVE:-ABOVE]
    depth = max(_PAPER - float(np.percentile(inside, _DARKEST)), 1.0)
    return np.clip((_PAPER - cv2.GaussianBlur(cut, (3, 3), 0)) / depth, 0, 1.2)


def _scaled(dark: "Picture", scale: float, beside: int) -> "Picture":
    """The picture scaled, with paper around it."""
    import cv2

    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(dark, None, fx=scale, fy=scale, interpolation=way)
    return cv2.copyMakeBorder(
        scaled, _AROUND, _AROUND, beside, beside, cv2.BORDER_CONSTANT, value=(0.0,)
    )


def _partings(dark: "Picture", text: str, pitch: float) -> list[int]:
    """The columns where digits begin and end: those with little ink, near to equal widths.

    ``pitch`` is the usual width of a digit; a 1 at an end is less wide.
    """
    import numpy as np

    height, width = dark.shape
    count = len(text)
    inked = dark.sum(axis=0) / height
    ones = [character == "1" for character in (text[0], text[-1])]
    lacking = min(max((count - _BEARING) * pitch - width, 0.0), _NARROW * sum(ones) * width / count)
    step = (width + lacking) / count
    before = lacking * ones[0] / max(sum(ones), 1)
    found = [0]
    for place in range(1, count):
        middle = place * step - before
        first = max(int(middle - _MOST_OFF * step), 1)
        columns = np.arange(first, max(min(int(middle + _MOST_OFF * step) + 2, width), first + 1))
        off = (columns - middle) / step
        cost = inked[np.minimum(columns, width - 1)] + _WEIGHT * off**2
        found.append(int(columns[int(cost.argmin())]))
    return [*found, width]
