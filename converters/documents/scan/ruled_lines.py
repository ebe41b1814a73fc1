"""Ruled lines on a page: the long straight lines of tables."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_SHORT_SIDE, _LONG_SIDE = 1654, 2339
"""Of A4 at 200 dpi; all lengths here and in ``grid`` are in pixels of such a page."""

BREAK = 24
"""Lines so near to one another meet."""

_LETTER = 27
_MOST_LARGER = 1.3
_SMALLEST = 6
_ENOUGH = 30
_DARK = 170

_SHORTEST_LEVEL = 60
_SHORTEST_UPRIGHT = 46
"""Longer than strokes of letters; a row may be as low as this."""

_FLANK = 6
_MOST_BROKEN = 0.8
_LEAST_CONTRAST = 25
_MUCH_NOISE = 6.0


_DASH_GAP = 14
_LONGEST_DASH, _THICKEST = 24, 5
_SOME_DASHES, _CROSSING = 20, 40
_FEWEST_DASHES = 30
_DRAWN = 60
"""The gap between the dashes of a line, their length and thickness; the length of a piece of a
line, and the gap between two where others cross it; the least number of dashes on a page; and the
grey of a line that is drawn through them.
"""


class PixelBox(NamedTuple):
    """Pixels from ``left`` to before ``right``, from ``top`` to before ``bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    def holds(self, other: "PixelBox") -> bool:
        """Whether the middle of ``other`` is inside the box."""
        return (
            self.left <= (other.left + other.right) / 2 < self.right
            and self.top <= (other.top + other.bottom) / 2 < self.bottom
        )


def around(boxes: Sequence[PixelBox]) -> PixelBox:
    """The box around all of them."""
    return PixelBox(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def unit_of(grey: "Picture") -> float:
    """The number of pixels of this page per pixel of A4 at 200 dpi.

    By the size of the page or, where that is a part of a page, by the size of its letters.
    """
    import cv2
    import numpy as np

    short, long = sorted(grey.shape)
    by_page = max(short / _SHORT_SIDE, long / _LONG_SIDE)
    dark = (cv2.GaussianBlur(grey, (3, 3), 0) < _DARK).astype(np.uint8)
    _, _, found, _ = cv2.connectedComponentsWithStats(dark)
    across, down = found[1:, 2], found[1:, 3]
    letters = down[
        (down > _SMALLEST) & (across > down / 4) & (across < 3 * down) & (down < long / 20)
    ]
    by_letters = float(np.percentile(letters, 95)) / _LETTER if len(letters) >= _ENOUGH else 0.0
    return float(max(by_page, min(by_letters, _MOST_LARGER * by_page)))


def noise_of(grey: "Picture") -> float:
    """How much neighbouring pixels of paper differ by chance: a standard deviation."""
    import cv2
    import numpy as np

    # Light noise is cut off at white, so only what is darker than its surroundings is measured.
    paper = grey > np.percentile(grey, 25)
    darker = cv2.subtract(cv2.medianBlur(grey, 5), grey)[paper]
    return float(np.percentile(darker, 84)) if darker.size else 0.0


def calm(grey: "Picture") -> "Picture":
    """The page with its noise smoothed away, if it has any."""
    import cv2

    noise = noise_of(grey)
    return grey if noise < _MUCH_NOISE else cv2.GaussianBlur(grey, (0, 0), min(noise / 12, 1.6))


def ruled_lines_of(grey: "Picture", unit: float) -> "tuple[Picture, Picture]":
    """Where horizontal and vertical lines that meet one another are on a straight page."""
    import numpy as np

    level = _ruled_lines(grey, _SHORTEST_LEVEL, unit)
    upright = np.ascontiguousarray(
        _ruled_lines(np.ascontiguousarray(grey.T), _SHORTEST_UPRIGHT, unit).T
    )
    return _meeting(level, upright, unit), _meeting(upright, level, unit)


def level_lines(grey: "Picture", unit: float) -> "Picture":
    """Where horizontal lines are on a straight page, whether they meet others or not."""
    return _ruled_lines(grey, _SHORTEST_LEVEL, unit)


def dashes_joined(grey: "Picture", unit: float) -> "Picture | None":
    """The page with lines of dashes or dots drawn through, None where it has none.

    Dashes are thin, short and isolated; many of them in a row are a line.
    """
    import cv2
    import numpy as np

    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, odd(30 * unit), 12
    )
    level = _joined(dark, _SHORTEST_LEVEL, unit)
    upright = _joined(np.ascontiguousarray(dark.T), _SHORTEST_UPRIGHT, unit).T
    lines = cv2.bitwise_or(level, np.ascontiguousarray(upright))
    if not lines.any():
        return None
    drawn = grey.copy()
    drawn[lines > 0] = np.minimum(drawn[lines > 0], _DRAWN)
    return drawn


def _joined(dark: "Picture", shortest: int, unit: float) -> "Picture":
    """The level lines that dashes form, as a mask."""
    import cv2
    import numpy as np

    _, labels, found, _ = cv2.connectedComponentsWithStats(dark)
    across, down = found[:, 2], found[:, 3]
    dash = (down <= _THICKEST * unit) & (across <= _LONGEST_DASH * unit)
    dash[0] = False
    if np.count_nonzero(dash) < _FEWEST_DASHES:
        return np.zeros_like(dark)

    def along(lines: "Picture", what: int, length: float) -> "Picture":
        return cv2.morphologyEx(lines, what, np.ones((1, odd(length * unit)), np.uint8))

    mask = dash[labels].astype(np.uint8) * 255
    pieces = along(along(mask, cv2.MORPH_CLOSE, _DASH_GAP), cv2.MORPH_OPEN, _SOME_DASHES)
    # Where lines cross, dashes run into one another: there is a gap of two.
    return along(along(pieces, cv2.MORPH_CLOSE, _CROSSING), cv2.MORPH_OPEN, 1.5 * shortest)


def odd(length: float) -> int:
    """The odd whole number nearest to a length, as filters require."""
    return 2 * round(length / 2) + 1


def _ruled_lines(grey: "Picture", shortest: int, unit: float) -> "Picture":
    """Where horizontal lines are: long, dark on the whole, and light above and below.

    The mean along the line bridges what noise breaks; letters in a row are dark in places at every
    height, so that what is above or below distinguishes them from a line.
    """
    import cv2
    import numpy as np

    length = odd(shortest * unit)
    lean = cv2.subtract(
        cv2.morphologyEx(
            cv2.blur(grey, (3, 1)), cv2.MORPH_CLOSE, np.ones((odd(_FLANK * 2 * unit), 1), np.uint8)
        ),
        grey,
    )
    thin = (lean > _LEAST_CONTRAST).astype(np.uint8) * 255
    thin = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    run = cv2.blur(cv2.dilate(thin, np.ones((3, 1), np.uint8)), (length, 1))
    around = cv2.blur(cv2.subtract(250, grey), (length, 3)).astype(np.int16)
    centre = cv2.blur(lean, (length, 1)).astype(np.int16)
    apart = round(_FLANK * unit)
    beside = np.zeros_like(around)
    beside[apart:] = around[:-apart]
    beside[:-apart] = np.maximum(beside[:-apart], around[apart:])
    alone = (run > 255 * _MOST_BROKEN) & (beside < np.maximum(centre, 20))
    sure = cv2.morphologyEx(
        alone.astype(np.uint8) * 255, cv2.MORPH_OPEN, np.ones((1, length // 4), np.uint8)
    )
    # The mean falls off before the line ends: up to this distance, what is dark belongs to it.
    return cv2.bitwise_and(
        cv2.dilate(sure, np.ones((1, odd(0.7 * length)), np.uint8)),
        cv2.bitwise_or(sure, cv2.dilate(thin, np.ones((3, 1), np.uint8))),
    )


def _meeting(lines: "Picture", others: "Picture", unit: float) -> "Picture":
    """The lines that meet one of the ``others``: strokes of letters stand alone."""
    import cv2
    import numpy as np

    near = cv2.dilate(others, np.ones((odd(BREAK * unit),) * 2, np.uint8))
    _, labels = cv2.connectedComponents(lines)
    meeting = np.unique(labels[(near > 0) & (lines > 0)])
    return np.isin(labels, meeting[meeting > 0]).astype(np.uint8) * 255


def segments(mask: "Picture") -> list[PixelBox]:
    """The boxes of the connected parts of a mask."""
    import cv2
    import numpy as np

    count, _, found, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask))
    boxes = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in found[number][:4])
        boxes.append(PixelBox(left, top, left + width, top + height))
    return boxes
