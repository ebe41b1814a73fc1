"""Straight strokes across digits: unusual ink summed along lines.

A pale stroke is hardly darker than noise in any pixel, but all its pixels lie on one line, also in
the digits beside it. So the ink is summed along lines of every slope and level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_GENTLE = (0.0, 0.1, -0.1, 0.2, -0.2, 0.35, -0.35, 0.5, -0.5, 0.75, -0.75)
_STEEP = (1.0, -1.0, 1.5, -1.5, 2.0, -2.0)
_STEEP_COUNTS = 0.85
"""Slopes of lines. Steep ones cross single digits only, and stems differ more than bars."""

_HALF = 1.5
_FEWEST, _FEWEST_OF_SEVERAL = 5.0, 8.0
"""Pixels from the middle of a line to its end; how many a line must cross to be significant."""

_NEVER = 1e-6


@dataclass(frozen=True)
class _Lines:
    """Lines across pictures of one size: the part of each pixel (row) on a line (column).

    Gentle lines stand first: for each slope as many as there are ``levels``.
    """

    parts: "Picture"
    squares: "Picture"
    levels: int


@dataclass(frozen=True)
class Sums:
    """The sums of the unusual ink of a digit along lines, and the weight of its pixels.

    ``most`` is the largest sum of all lines in parts of its standard deviation, if there is no
    stroke. ``ink`` and ``weight`` are those of gentle lines, by slope and level.
    """

    most: float
    ink: "Picture"
    weight: "Picture"


@dataclass(frozen=True)
class Placed:
    """The sums of a digit, and how far to the right and down its picture begins in its number.

    ``usual`` is how dark others of its kind are there.
    """

    sums: Sums
    right: int
    down: int
    usual: "Picture"


@lru_cache(maxsize=8)
def _lines(height: int, width: int) -> _Lines:
    import numpy as np

    rim = int(max(_GENTLE) * width) + 1
    gentle = [_across(height, width, slope, rim) for slope in _GENTLE]
    steep = [_across(height, width, slope, int(abs(slope) * width) + 1) for slope in _STEEP]
    enough = [lines[lines.sum(axis=1) > 2 * _FEWEST_OF_SEVERAL] for lines in steep]
    parts = np.ascontiguousarray(np.concatenate([*gentle, *enough]).T)
    return _Lines(parts, parts**2, len(gentle[0]))


def _across(height: int, width: int, slope: float, rim: int) -> "Picture":
    """Lines of a slope at every level, each about two pixels thick, its pixels in one row."""
    import numpy as np

    levels = np.arange(-rim, height + rim)
    down, right = np.mgrid[:height, :width]
    off = np.abs(down[None] - levels[:, None, None] - slope * right[None])
    soft = np.clip(_HALF - off / np.hypot(1, slope), 0, 1)
    return soft.reshape(len(levels), -1).astype(np.float32)


def sums_along(excess: "Picture", weight: "Picture", least: float) -> list[Sums]:
    """The sums along lines of digits, given how much darker than usual their pixels are.

    ``weight`` is how sure each pixel is (1 over its variance); ``least`` is that of one that counts
    as a whole pixel.
    """
    import numpy as np

    count, height, width = excess.shape
    lines = _lines(height, width)
    ink = (excess * weight).reshape(count, -1).astype(np.float32) @ lines.parts
    sure = weight.reshape(count, -1).astype(np.float32) @ lines.squares
    found = _deviations(ink, sure, _FEWEST * least)
    gentle = lines.levels * len(_GENTLE)
    found[:, gentle:] *= _STEEP_COUNTS
    shape = (count, len(_GENTLE), lines.levels)
    return [
        Sums(float(most), *both)
        for most, *both in zip(
            found.max(axis=1),
            ink[:, :gentle].reshape(shape),
            sure[:, :gentle].reshape(shape),
            strict=True,
        )
    ]


def most_along(digits: Sequence[Placed | None], least: float) -> tuple[float, range]:
    """The largest sum along a gentle line through digits that follow one another, and which.

    Two or more digits; None stands for those of which nothing is known.
    """
    import numpy as np

    known = [digit for digit in digits if digit is not None]
    if len(known) < 2:
        return 0.0, range(0)
    levels = known[0].sums.ink.shape[1]
    both = np.zeros((2, len(digits) + 1, len(_GENTLE), 3 * levels), np.float32)
    for place, digit in enumerate(digits, start=1):
        if digit is None:
            continue
        for slope, rise in enumerate(_GENTLE):
            first = levels + digit.down - round(rise * (digit.right - known[0].right))
            if 0 <= first <= 2 * levels:
                both[0, place, slope, first : first + levels] = digit.sums.ink[slope]
                both[1, place, slope, first : first + levels] = digit.sums.weight[slope]
    ink, sure = both.cumsum(axis=1)
    runs = [(a, b) for a in range(len(digits)) for b in range(a + 2, len(digits) + 1)]
    starts, ends = np.array(runs).T
    found = _deviations(
        ink[ends] - ink[starts], sure[ends] - sure[starts], _FEWEST_OF_SEVERAL * least
    )
    most = found.reshape(len(runs), -1).max(axis=1)
    return float(most.max()), range(*runs[int(most.argmax())])


def _deviations(ink: "Picture", sure: "Picture", least: float) -> "Picture":
    import numpy as np

    return np.where(sure < least, 0, ink / np.sqrt(np.maximum(sure, _NEVER)))
