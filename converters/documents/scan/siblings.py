"""Printed digits laid over the same digits of their page, so that extra ink is seen.

The font and the quality of the copy do not matter then: the digits compared have the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.glyphs import ABOVE, HEIGHT, Digit
from gongkai.converters.documents.scan.strokes import Placed, Sums, sums_along

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_LOOSE = (2, 3)
"""By how many pixels, down and across, a digit is moved at most to lie over the others."""

FEWEST = 3
_MOST = 400
"""Fewer digits of a kind do not show what is usual; more are compared in groups."""

_NEAREST = 5
_FEWEST_SPREAD = 4
"""With how many digits of its kind, those most like it, one is compared: bold ones with bold ones.
The number depends on how much they differ from one another.
"""

_SPREAD = 0.04
_EDGE = 0.25
_FEW_WORSE = 3.0
_SOLID = 0.7
"""The least difference of pixels (a standard deviation, in parts of the darkest), and that for each
step to the next pixel: no digit lies over another exactly. The latter is larger by so much, over
their number, where few are compared. Pixels that are so dark show nothing.
"""

_MOST_OFF = 0.25
_OTHER_STROKES = 1.05
"""The largest weight of a pixel (a square) in deciding whether strokes are as thick as those of
others, and how much worse the fit must be of those that are.
"""

WHOLE = 1 / _SPREAD**2


def compared(digits: Sequence[Digit]) -> list[tuple[Placed, Placed] | None]:
    """Each digit compared with those nearest to it and with all; None for those that are rare."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, digit in enumerate(digits):
        kinds[digit.character].append(place)
    found: list[tuple[Placed, Placed] | None] = [None] * len(digits)
    for kind in kinds.values():
        for part in _split(kind):
            if len(part) >= FEWEST:
                both = _kind([digits[place] for place in part])
                for place, pair in zip(part, both, strict=True):
                    found[place] = pair
    return found


def _split(kind: list[int]) -> list[list[int]]:
    parts = -(-len(kind) // _MOST)
    return [kind[part::parts] for part in range(parts)]


def _kind(digits: Sequence[Digit]) -> list[tuple[Placed, Placed]]:
    """Digits of one kind, each compared with those nearest to it and with all."""
    import numpy as np

    laid, moved = _laid([digit.picture for digit in digits])
    nearest = laid[_nearest(laid)]
    near = np.median(nearest, axis=1)
    every = np.broadcast_to(np.median(laid, axis=0), laid.shape)
    few = nearest.shape[1] < _FEWEST_SPREAD
    spread = np.zeros_like(near) if few else np.median(np.abs(nearest - near[:, None]), axis=1)
    spreads = np.broadcast_to(np.median(np.abs(laid - every), axis=0), laid.shape)
    near, every = _as_thick(laid, near), _as_thick(laid, every)
    uncut = np.stack([_uncut(digit, left) for digit, (left, _) in zip(digits, moved, strict=True)])
    one, other = (
        [
            Placed(each, digit.left + right, down, picture)
            for each, picture, digit, (right, down) in zip(sums, usual, digits, moved, strict=True)
        ]
        for usual, sums in (
            (near, _sums(laid, near, spread, uncut, nearest.shape[1])),
            (every, _sums(laid, every, spreads, uncut, len(laid))),
        )
    )
    return list(zip(one, other, strict=True))


def _laid(pictures: Sequence["Picture"]) -> tuple["Picture", list[tuple[int, int]]]:
    """The parts of pictures that fit best over one another, and where they begin."""
    import cv2
    import numpy as np

    down, across = _LOOSE
    usual = np.median([picture[down:-down, across:-across] for picture in pictures], axis=0)
    height, width = usual.shape
    for _ in range(2):
        places = []
        for picture in pictures:
            off = cv2.matchTemplate(picture, usual.astype(np.float32), cv2.TM_SQDIFF)
            places.append(cv2.minMaxLoc(off)[2])
        laid = np.stack(
            [
                picture[top : top + height, left : left + width]
                for picture, (left, top) in zip(pictures, places, strict=True)
            ]
        )
        usual = np.median(laid, axis=0)
    return laid, [(int(left), int(top)) for left, top in places]


def _nearest(pictures: "Picture") -> "Picture":
    """For every picture the indices of those that are most like it, bold ones for a bold one."""
    import numpy as np

    flat = pictures.reshape(len(pictures), -1).astype(np.float64)
    square = (flat**2).sum(axis=1)
    off = square[:, None] + square - 2 * flat @ flat.T
    np.fill_diagonal(off, np.inf)
    return off.argsort(axis=1)[:, : min(_NEAREST, len(pictures) - 1)]


def _uncut(digit: Digit, left: int) -> "Picture":
    """Which columns of the part of its picture from ``left`` on are not those at a cut."""
    import numpy as np

    columns = np.arange(left, left + digit.picture.shape[1] - 2 * _LOOSE[1])
    return ~np.isin(columns, digit.cut)


def _sums(
    laid: "Picture", usual: "Picture", spread: "Picture", uncut: "Picture", count: int
) -> list[Sums]:
    """The sums along lines of what is darker than usual, in the columns ``uncut``."""
    import numpy as np

    rim = np.pad(usual, ((0, 0), (1, 1), (1, 1)), mode="edge")
    steps = [rim[:, 1:-1, 2:], rim[:, 1:-1, :-2], rim[:, 2:, 1:-1], rim[:, :-2, 1:-1]]
    right, left, below, above = (np.abs(step - usual) for step in steps)
    edge = _EDGE * (1 + _FEW_WORSE / count)
    variance = _SPREAD**2 + (1.48 * spread) ** 2
    variance += edge**2 * (np.maximum(right, left) ** 2 + np.maximum(below, above) ** 2)
    weight = np.where((usual > _SOLID) | ~uncut[:, None], 0, 1 / variance)
    top = ABOVE - _LOOSE[0]
    # Strokes run through digits; lines under digits are beyond their tops and feet.
    weight[:, : top + 1] = weight[:, top + HEIGHT - 1 :] = 0
    return sums_along(laid - usual, weight, WHOLE)


def _as_thick(laid: "Picture", usual: "Picture") -> "Picture":
    """The usual digit with thicker or thinner strokes, as in bold print, where that fits better."""
    import numpy as np

    rim = np.pad(usual, ((0, 0), (1, 1), (1, 1)))
    beside = rim[:, 1:-1, :-2], rim[:, 1:-1, 2:]
    wider = np.maximum(np.maximum(*beside), usual)
    thicker = np.maximum(np.maximum(rim[:, :-2, 1:-1], rim[:, 2:, 1:-1]), wider)
    thinner = np.minimum(np.minimum(*beside), usual)
    ways = np.stack(
        [usual, wider, thicker, *((usual + way) / 2 for way in (wider, thicker, thinner))]
    )
    off = ((ways - laid) ** 2).clip(0, _MOST_OFF).sum(axis=(2, 3))
    off[1:] *= _OTHER_STROKES
    return ways[off.argmin(axis=0), np.arange(len(laid))]
