"""Printed digits laid over the same digits of their page, so that ink of their own is seen.

The font and how badly the page is copied do not matter so: siblings have the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.glyphs import ABOVE, HEIGHT, Digit
from gongkai.converters.documents.scan.strokes import Placed, Sums, sums_along

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_LOOSE = (2, 3)
"""By how many pixels, down and across, a digit is moved at most to lie over the others."""

FEWEST = 3
_MOST = 400
"""Fewer digits of a kind do not tell what is usual; more are compared in parts."""

_NEAREST = 5
_FEWEST_SPREAD = 4
"""With how many digits of its kind, those most like it, one is compared: bold ones with bold ones.
How many tell by how much they differ from one another."""

_SPREAD = 0.04
_EDGE = 0.25
_FEW_WORSE = 3.0
_SOLID = 0.7
"""By how much pixels differ at least (a standard deviation, in parts of the darkest), and for each
step to the pixel beside: no digit lies over another exactly. The latter is that much more, over
their number, where few are compared. Pixels that are so dark tell nothing."""

_MOST_OFF = 0.25
_OTHER_STROKES = 1.05
"""How much a pixel counts at most (a square) for whether strokes are as thick as those of others,
and how much worse those that are must fit."""

WHOLE = 1 / _SPREAD**2


@dataclass(frozen=True)
class _Laid:
    """A digit laid over others of its kind, and where that part of its picture begins.

    ``usual`` is how dark these are there, ``spread`` by how much they differ from that, ``count``
    how many they are.
    """

    digit: Digit
    part: "Picture"
    right: int
    down: int
    usual: "Picture"
    spread: "Picture"
    count: int


def compared(digits: Sequence[Digit]) -> list[tuple[Placed, Placed] | None]:
    """Each digit compared with those nearest to it and with all; None for those that are rare."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for place, digit in enumerate(digits):
        kinds[digit.sign].append(place)
    pairs: dict[int, tuple[_Laid, _Laid]] = {}
    for kind in kinds.values():
        for part in _parted(kind):
            if len(part) >= FEWEST:
                pairs.update(zip(part, _kind([digits[place] for place in part]), strict=True))
    found: list[tuple[Placed, Placed] | None] = [None] * len(digits)
    near, every = (_placed([pair[i] for pair in pairs.values()]) for i in (0, 1))
    for place, one, other in zip(pairs, near, every, strict=True):
        found[place] = one, other
    return found


def _parted(kind: list[int]) -> list[list[int]]:
    parts = -(-len(kind) // _MOST)
    return [kind[part::parts] for part in range(parts)]


def _kind(digits: Sequence[Digit]) -> list[tuple[_Laid, _Laid]]:
    """Digits of one kind, each laid over those nearest to it and over all."""
    import numpy as np

    laid, moved = _laid([digit.picture for digit in digits])
    nearest = laid[_nearest(laid)]
    near = np.median(nearest, axis=1)
    every = np.broadcast_to(np.median(laid, axis=0), laid.shape)
    few = nearest.shape[1] < _FEWEST_SPREAD
    spread = np.zeros_like(near) if few else np.median(np.abs(nearest - near[:, None]), axis=1)
    spreads = np.broadcast_to(np.median(np.abs(laid - every), axis=0), laid.shape)
    one, other = (
        [
            _Laid(digit, part, digit.left + right, down, picture, around, count)
            for digit, part, (right, down), picture, around in zip(
                digits, laid, moved, _as_thick(laid, usual), differing, strict=True
            )
        ]
        for usual, differing, count in (
            (near, spread, nearest.shape[1]),
            (every, spreads, len(laid)),
        )
    )
    return list(zip(one, other, strict=True))


def _placed(found: Sequence[_Laid]) -> list[Placed]:
    """What the digits have more than usual, but for what the next ones of their number have there.

    Digits are not parted exactly where the one ends.
    """
    import numpy as np

    numbers: dict[int, list[_Laid]] = defaultdict(list)
    for each in found:
        numbers[each.digit.number].append(each)
    made: list[Placed] = []
    for first in range(0, len(found), _MOST):
        some = found[first : first + _MOST]
        sums = _sums(
            np.stack([each.part for each in some]),
            np.stack([each.usual for each in some]),
            np.stack([each.spread for each in some]),
            np.stack([_of_others(each, numbers[each.digit.number]) for each in some]),
            np.array([each.count for each in some], np.float32)[:, None, None],
        )
        made += [
            Placed(one, each.right, each.down, each.usual)
            for one, each in zip(sums, some, strict=True)
        ]
    return made


def _of_others(digit: _Laid, number: Sequence[_Laid]) -> "Picture":
    """How dark the other digits of its number usually are in the picture of one."""
    import numpy as np

    height, width = digit.usual.shape
    dark = np.zeros_like(digit.usual)
    for other in number:
        right, down = other.right - digit.right, other.down - digit.down
        if other is digit or abs(right) >= width or abs(down) >= height:
            continue
        here = dark[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)]
        there = other.usual[
            max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)
        ]
        np.maximum(here, there, out=here)
    return dark


def _laid(pictures: Sequence["Picture"]) -> tuple["Picture", list[tuple[int, int]]]:
    """The parts of pictures that lie best over one another, and where they begin."""
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
    """For every picture the places of those that are most like it, bold ones for a bold one."""
    import numpy as np

    flat = pictures.reshape(len(pictures), -1).astype(np.float64)
    square = (flat**2).sum(axis=1)
    off = square[:, None] + square - 2 * flat @ flat.T
    np.fill_diagonal(off, np.inf)
    return off.argsort(axis=1)[:, : min(_NEAREST, len(pictures) - 1)]


def _sums(
    laid: "Picture", usual: "Picture", spread: "Picture", others: "Picture", count: "Picture"
) -> list[Sums]:
    """The sums along lines of what is darker than usual.

    ``others`` is how dark the digits beside each are there: as much of its ink is theirs.
    """
    import numpy as np

    both = np.maximum(usual, others)
    rim = np.pad(both, ((0, 0), (1, 1), (1, 1)), mode="edge")
    steps = [rim[:, 1:-1, 2:], rim[:, 1:-1, :-2], rim[:, 2:, 1:-1], rim[:, :-2, 1:-1]]
    right, left, below, above = (np.abs(step - both) for step in steps)
    edge = _EDGE * (1 + _FEW_WORSE / count)
    variance = _SPREAD**2 + (1.48 * spread) ** 2
    variance += edge**2 * (np.maximum(right, left) ** 2 + np.maximum(below, above) ** 2)
    weight = np.where(usual > _SOLID, 0, 1 / variance)
    top = ABOVE - _LOOSE[0]
    # Strokes run through digits; beyond their tops and feet is where lines under them are.
    weight[:, : top + 1] = weight[:, top + HEIGHT - 1 :] = 0
    excess = laid - usual
    return sums_along(excess - np.clip(excess, 0, others), weight, WHOLE)


def _as_thick(laid: "Picture", usual: "Picture") -> "Picture":
    """What is usual with thicker or thinner strokes, as bold print has, where that fits better."""
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
