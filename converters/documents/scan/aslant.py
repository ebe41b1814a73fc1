"""The perspective of a photographed page: a camera sees its lines aslant and converging.

Lines that are parallel on paper meet in a point where the camera looked from aside. The long ruled
lines of a page show where: those across it, and those down it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gongkai.converters.documents.scan.image import dark_of

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_STROKE = 1 / 110
_LONG_LEVEL, _LONG_UPRIGHT = 0.2, 0.06
"""The least length of a stroke, and of a line across, in parts of the page's width; and of a line
down, in parts of its height.
"""

_STRAIGHT = 1 / 320
_BENT = 0.3
"""Part of the page's width by which a line may deviate from a straight line, or from a curve; and
the share of all lines, by length, that are curves on paper that does not lie flat.
"""

_FEWEST = 3
_APART = 0.1
"""The number of lines, and the distance between the outer ones, needed to measure convergence."""

_STRAY = 0.002
_MOST_LINES = 0.7
"""By how much the slope of a line may differ from that of its neighbours, and the share of all, by
length, that must run together.
"""

_SEEN = 1 / 500
"""A page whose lines deviate from their directions by at most this, in parts of its width, is as it
should be: as from a feeder; only its tilt is corrected.
"""

_MOST = 0.35
"""A page with one side shorter than the other by a larger part is seen too much from aside."""


class Meeting(NamedTuple):
    """How lines that meet in a point run: their slope in the middle of the page, and by how much it
    grows from a line to one that is a pixel farther on.
    """

    slope: float
    growth: float


@dataclass(frozen=True)
class Aspect:
    """How the lines run that are level on paper, and those that are upright.

    Slopes of level ones are pixels down per pixel across, of upright ones across per pixel down;
    both are counted from the middle of the page.
    """

    level: Meeting
    upright: Meeting
    bent: bool
    """Whether many of them are curves."""

    def is_off(self, shape: tuple[int, ...]) -> bool:
        """Whether the lines clearly deviate from their directions at the edges of a page."""
        height, width = shape
        level = abs(self.level.slope) + abs(self.level.growth) * height / 2
        upright = abs(self.upright.slope) + abs(self.upright.growth) * width / 2
        return max(level * width, upright * height) / 2 > _SEEN * width

    def is_too_much(self, shape: tuple[int, ...]) -> bool:
        """Whether a page is seen so much from aside that its print cannot be trusted."""
        height, width = shape
        return max(abs(self.level.growth) * width, abs(self.upright.growth) * height) > _MOST


class _Line(NamedTuple):
    """A ruled line: its height in the middle of the page, slope, length, whether it is straight."""

    middle: float
    slope: float
    length: int
    straight: bool


def aspect_of(grey: "Picture") -> Aspect:
    """How the ruled lines of a page run.

    Where there are none across, they are taken as level; where there are none down, as square to
    the others.
    """
    import numpy as np

    height, width = grey.shape
    dark = dark_of(grey)
    stroke = max(round(_STROKE * width), 8)
    standing = np.ascontiguousarray(dark.T)
    across = list(_lines(dark, stroke, _LONG_LEVEL * width))
    down = list(_lines(standing, stroke, _LONG_UPRIGHT * height))
    level = _meeting(across, height) or Meeting(0.0, 0.0)
    upright = _meeting(down, width) or Meeting(-level.slope, 0.0)
    curved = sum(line.length for line in (*across, *down) if not line.straight)
    bent = curved > _BENT * sum(line.length for line in (*across, *down))
    return Aspect(level, upright, bent)


def from_above(aspect: Aspect, shape: tuple[int, ...]) -> "Picture":
    """The 3 × 3 matrix that makes the level lines level and the upright ones upright.

    The middle of the page stays where it is.
    """
    import numpy as np

    height, width = shape
    middle = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1]])
    # The level lines meet in one point, the upright ones in another: the line through both goes
    # to infinity.
    across = (1, aspect.level.slope, -aspect.level.growth)
    down = (aspect.upright.slope, 1, -aspect.upright.growth)
    square = np.array(
        [[1, -aspect.upright.slope, 0], [-aspect.level.slope, 1, 0], np.cross(across, down)]
    )
    return np.asarray(middle @ square @ np.linalg.inv(middle))


def _lines(dark: "Picture", stroke: int, shortest: float) -> Iterator[_Line]:
    """Long thin lines, level or nearly so, straight or curved."""
    import cv2
    import numpy as np

    height, width = dark.shape
    strokes = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, stroke), np.uint8))
    strokes = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((3, stroke), np.uint8))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(strokes)
    allowed = max(_STRAIGHT * width, 3)
    for number in range(1, count):
        left, top, across, down, _ = (int(value) for value in boxes[number])
        if across < shortest or down > across / 3:
            continue
        y, x = np.nonzero(labels[top : top + down, left : left + across] == number)
        x, y = x + left - width / 2, y + top - height / 2
        slope, middle = np.polyfit(x, y, 1)
        straight = _near(y, middle + slope * x, allowed)
        if straight or _near(y, np.polyval(np.polyfit(x, y, 2), x), allowed):
            yield _Line(float(middle), float(slope), across, straight)


def _near(found: "Picture", expected: "Picture", allowed: float) -> bool:
    import numpy as np

    return float(np.percentile(np.abs(found - expected), 95)) < allowed


def _meeting(lines: Sequence[_Line], size: float) -> Meeting | None:
    """How the lines converge; ``size`` is the page's extent across them.

    None where they are few, near to one another, or most of them do not converge.
    """
    import numpy as np

    lines = [line for line in lines if line.straight]
    if len(lines) < _FEWEST:
        return None
    at = np.array([line.middle for line in lines])
    slopes = np.array([line.slope for line in lines])
    lengths = np.array([line.length for line in lines])
    good = np.ones(len(at), bool)
    slope = growth = 0.0
    for _ in range(4):
        if good.sum() < _FEWEST or np.ptp(at[good]) < _APART * size:
            return None
        growth, slope = np.polyfit(at[good], slopes[good], 1, w=lengths[good])
        off = np.abs(slopes - slope - growth * at)
        good = off <= max(3 * float(np.median(off[good])), _STRAY)
    if lengths[good].sum() < _MOST_LINES * lengths.sum():
        return None
    return Meeting(float(slope), float(growth))
