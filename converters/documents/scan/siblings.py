"""Ink on printed figures that the same digits elsewhere on the page do not have.

Every digit of a page is laid over what most of its kind look like there, so that the font and how
badly the page is copied do not matter: what is darker in a row of pixels where the others are
paper is a stroke, wavy, slanting or pale. The bounds are measured on some 5600 printed numbers
without and 1600 with strokes drawn into them, in six fonts, clean and as poor copies.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.rules import Box

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_PAPER = 250
_DARKEST = 3

_HEIGHT = 24
_AROUND = 8
_ABOVE = 4
_ASIDE = 4
"""Pixels: how high digits are made to be compared, how much of the page is taken with them, and
how much of it is kept above and below, and beside them."""

_LOOSE = (2, 3)
"""By how many pixels, down and across, a digit is moved at most to lie over the others."""

_OTHER_HEIGHT = (0.8, 1.25)
"""A line of another height, in parts of the usual, is scaled as others are: a stroke stands out."""

_FEWEST = 3
"""Fewer digits of a kind do not tell what is usual."""

_BESIDE = 1.0
_MOST_OFF = 0.3
_WEIGHT = 0.7
"""Pixels beside where two digits are parted that are not looked at. How far from equal parts they
may be parted, in parts of one, and what that counts against the ink of the column."""

_NEAREST = 7
_USUAL = 70
_INK = 0.5
_FEWEST_PIXELS = 5
"""With how many digits of its kind, those most like it, one is compared: bold ones with bold ones.
The part (of 100) of them beyond which ink is unusual; how dark what is no paper for them is; the
pixels of a row that are counted at least."""

_LEAST_EXCESS, _LEAST_OF_FEW = 0.1, 0.16
_MOST_DIGITS, _TIMES = 60, 3.5
"""A row is darker by that much, if there are as many digits to compare with or not, and by so many
times what most digits of the page are."""


@dataclass(frozen=True)
class _Digit:
    """A digit of the number at that place in the sequence: how dark it is, from 0 for paper."""

    number: int
    sign: str
    picture: "Picture"


def with_other_ink(
    page: "Picture", numbers: Sequence[tuple[Box, str]], pitch: float
) -> frozenset[int]:
    """Which of the numbers of a grey page, with their boxes and digits, have ink of their own.

    ``pitch`` is the usual width of a digit, in parts of its height. Of digits that are rare on the
    page nothing can be told.
    """
    import numpy as np

    if len(numbers) < _FEWEST:
        return frozenset()
    usual = float(np.median([box.height for box, _ in numbers]))
    digits = [
        digit
        for number, (box, text) in enumerate(numbers)
        for digit in _digits_of(page, number, box, text, usual, pitch)
    ]
    excess = _excess(digits)
    if not excess:
        return frozenset()
    most = float(np.percentile([value for _, value, _ in excess], _MOST_DIGITS))
    return frozenset(number for number, value, least in excess if value > max(least, _TIMES * most))


def _digits_of(
    page: "Picture", number: int, box: Box, text: str, usual: float, pitch: float
) -> list[_Digit]:
    """The digits of a number, each without the ink of its neighbours."""
    import cv2
    import numpy as np

    rim = _ABOVE
    cut = page[
        max(box.top - rim, 0) : box.bottom + rim, max(box.left - rim, 0) : box.right + rim
    ].astype(np.float32)
    if cut.shape != (box.height + 2 * rim, box.width + 2 * rim):  # At the rim of the page.
        return []
    depth = max(_PAPER - float(np.percentile(cut[rim:-rim, rim:-rim], _DARKEST)), 1.0)
    dark = np.clip((_PAPER - cv2.GaussianBlur(cut, (3, 3), 0)) / depth, 0, 1.2)
    parting = _partings(dark[rim:-rim, rim:-rim], len(text))
    low, high = _OTHER_HEIGHT
    scale = _HEIGHT / (box.height if low < box.height / usual < high else usual)
    width = round(pitch * _HEIGHT)
    scaled = cv2.resize(
        dark, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else None
    )
    scaled = cv2.copyMakeBorder(
        scaled, _AROUND, _AROUND, width, width, cv2.BORDER_CONSTANT, value=(0.0,)
    )
    top = round(rim * scale) + _AROUND - _ABOVE
    found = []
    for place, sign in enumerate(text):
        first, last = parting[place], parting[place + 1]
        left = round((rim + (first + last) / 2) * scale) + width - width // 2 - _ASIDE
        part = scaled[top : top + _HEIGHT + 2 * _ABOVE, left : left + width + 2 * _ASIDE].copy()
        if part.shape != (_HEIGHT + 2 * _ABOVE, width + 2 * _ASIDE):
            continue
        columns = np.arange(left, left + part.shape[1])
        if place:
            part[:, columns < (rim + first) * scale + width + _BESIDE] = 0
        if place < len(text) - 1:
            part[:, columns > (rim + last) * scale + width - _BESIDE] = 0
        found.append(_Digit(number, sign, part))
    return found


def _partings(dark: "Picture", count: int) -> list[int]:
    """The columns where digits begin and end: those with little ink, near to equal parts."""
    import numpy as np

    height, width = dark.shape
    inked = dark.sum(axis=0) / height
    step = width / count
    found = [0]
    for place in range(1, count):
        middle = place * step
        first = max(int(middle - _MOST_OFF * step), 1)
        columns = np.arange(first, max(min(int(middle + _MOST_OFF * step) + 2, width), first + 1))
        off = (columns - middle) / step
        cost = inked[np.minimum(columns, width - 1)] + _WEIGHT * off**2
        found.append(int(columns[int(cost.argmin())]))
    return [*found, width]


def _excess(digits: Sequence[_Digit]) -> list[tuple[int, float, float]]:
    """By how much a row of a digit is darker than where the others of its kind are paper.

    For every digit that has enough of its kind: the number that it belongs to, that value, and how
    much is the least that tells anything.
    """
    kinds: dict[str, list[_Digit]] = defaultdict(list)
    for digit in digits:
        kinds[digit.sign].append(digit)
    return [
        (digit.number, value, _LEAST_EXCESS if len(alike) > _NEAREST else _LEAST_OF_FEW)
        for alike in kinds.values()
        if len(alike) >= _FEWEST
        for digit, value in zip(alike, _excess_of_kind(alike), strict=True)
    ]


def _excess_of_kind(digits: Sequence[_Digit]) -> list[float]:
    import cv2
    import numpy as np

    down, across = _LOOSE
    usual = np.median([digit.picture[down:-down, across:-across] for digit in digits], axis=0)
    for _ in range(2):
        laid = [_laid_over(digit.picture, usual) for digit in digits]
        usual = np.median(laid, axis=0)
    found = []
    for picture, near in zip(laid, _nearest(laid), strict=True):
        alike = [laid[other] for other in near]
        usual = np.median(alike, axis=0)
        widest = np.percentile(alike, _USUAL, axis=0) if len(alike) >= _NEAREST else usual
        paper = cv2.dilate(widest, np.ones((3, 3), np.uint8)) < _INK
        rows = ((picture - usual) * paper).sum(axis=1)
        rows /= np.maximum(paper.sum(axis=1), _FEWEST_PIXELS)
        pairs = (rows[1:] + rows[:-1]) / 2  # A thin line may lie between two rows.
        found.append(float(pairs[_ABOVE + 1 : -_ABOVE - 1].max()))
    return found


def _nearest(pictures: Sequence["Picture"]) -> "Picture":
    """For every picture the places of those that are most like it, bold ones for a bold one."""
    import numpy as np

    flat = np.stack([picture.ravel() for picture in pictures]).astype(np.float64)
    square = (flat**2).sum(axis=1)
    off = square[:, None] + square - 2 * flat @ flat.T
    np.fill_diagonal(off, np.inf)
    return off.argsort(axis=1)[:, : min(_NEAREST, len(pictures) - 1)]


def _laid_over(picture: "Picture", usual: "Picture") -> "Picture":
    """The part of a picture that is most like another, smaller one."""
    import cv2
    import numpy as np

    off = cv2.matchTemplate(picture, usual.astype(np.float32), cv2.TM_SQDIFF)
    left, top = cv2.minMaxLoc(off)[2]
    height, width = usual.shape
    return picture[top : top + height, left : left + width]
