"""Marks on printed figures that are no part of them: lines through digits, digits set off.

They are detected from the ink alone. The limits come from some 1800 printed numbers of five
documents, rendered and degraded like bad copies (lower resolution, blur, noise): without a line
through it, no number reaches the limits.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_PAPER = 250
_DARKEST = 3
_INK = 0.4
_DARK_INK = 0.5
_FAINT_INK = 0.3
"""The least darkness of a pixel of the line, from paper (0) to the darkest ink of the line (1)."""

_UPPER = (0.2, 0.54)
_LOWER = (0.54, 0.8)
_WHOLE = (0.0, 1.0)
"""Parts of the height, from the top: where lines through digits are and lines under them are not.
The bar of a 4 is in the lower part.
"""

_GENTLE = (-0.2, -0.1, 0.1, 0.2)
_STEEP = (-0.7, -0.6, -0.5, -0.4, -0.3, 0.3, 0.4, 0.5, 0.6, 0.7)
_LEAST = 8
"""The least height for a decision, in pixels."""

_LONGEST_RUN = 0.89
_LONGEST_WAVY = 0.9
_LONGEST_GENTLE = 0.95
_LONGEST_BAR, _NEXT_BAR = 1.0, 0.6
_MOST_UNEVEN = 0.15
"""The longest dark run of digits, in parts of the usual distance between digits. In parts of the
height: that of thick strokes; of runs that hardly rise or fall where there is a 4; of a 4 in the
lower part, and of each further 4 beside it; the difference of tops or feet of digits.
"""


@dataclass(frozen=True)
class Marks:
    """Dark runs in a line of digits and how unevenly they stand, in parts of its height.

    ``upper`` and ``lower`` are the longest level runs in these parts, ``wavy`` that in the upper
    part with strokes made thicker, ``gentle`` and ``steep`` the longest of those that rise or fall;
    ``uneven`` is the largest difference of tops, or of feet.
    """

    upper: float = 0.0
    lower: float = 0.0
    wavy: float = 0.0
    gentle: float = 0.0
    steep: float = 0.0
    uneven: float = 0.0

    def line_through(self, digits: str, pitch: float) -> bool:
        """Whether a line runs through the digits that are read here.

        ``pitch`` is the usual width of a digit, in parts of its height.
        """
        fours = max((len(run) for run in _runs_of_fours(digits)), default=0)
        bars = _NEXT_BAR * max(fours - 1, 0)
        longest = _LONGEST_RUN * pitch
        lower = _LONGEST_BAR + bars if fours else longest
        return (
            self.upper > longest
            or self.lower > lower
            or self.wavy > _LONGEST_WAVY
            or self.gentle > (_LONGEST_GENTLE + bars / 2 if fours else longest)
            or self.steep > longest
        )

    @property
    def set_off(self) -> bool:
        """Whether some digits stand higher or lower than others, or are smaller."""
        return self.uneven > _MOST_UNEVEN


NO_MARKS = Marks()


def _runs_of_fours(digits: str) -> list[str]:
    return "".join(character if character == "4" else " " for character in digits).split()


def marks_in(picture: "Picture") -> Marks:
    """The marks in the grey picture of a line of print, cut to its ink."""
    import cv2
    import numpy as np

    height = picture.shape[0]
    if min(picture.shape) < _LEAST:
        return NO_MARKS
    depth = _PAPER - int(np.percentile(picture, _DARKEST))
    ink = _inked(picture, depth, _INK)
    thick = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    dark = _inked(picture, depth, _DARK_INK)
    between = dark.copy()  # Without feet and tops, and lines under digits.
    between[: int(_UPPER[0] * height)] = between[round(_LOWER[1] * height) :] = 0
    return Marks(
        upper=_longest(ink, _UPPER) / height,
        lower=_longest(ink, _LOWER) / height,
        wavy=_longest(thick, _UPPER) / height,
        gentle=max(_longest(_sheared(between, slope), _WHOLE) for slope in _GENTLE) / height,
        steep=max(_longest(_sheared(dark, slope), _WHOLE) for slope in _STEEP) / height,
        uneven=_uneven(_inked(picture, depth, _FAINT_INK)) / height,
    )


def _inked(picture: "Picture", depth: int, part: float) -> "Picture":
    import numpy as np

    return (picture < _PAPER - part * depth).astype(np.uint8)


def _sheared(ink: "Picture", slope: float) -> "Picture":
    """The ink sheared so that lines of that slope are level, with room for the shift."""
    import cv2
    import numpy as np

    height, width = ink.shape
    rise = abs(slope) * width
    matrix = np.array([[1, 0, 0], [slope, 1, rise if slope < 0 else 0]], dtype=np.float32)
    return cv2.warpAffine(ink, matrix, (width, height + int(rise) + 1), flags=cv2.INTER_NEAREST)


def _longest(ink: "Picture", band: tuple[float, float]) -> int:
    """The longest run of ink, in pixels, in the rows of a band, given in parts of the height."""
    import numpy as np

    height = ink.shape[0]
    rows = ink[int(band[0] * height) : -int(-band[1] * height // 1)]
    # Rows one after the other, separated by paper: where runs begin and end in all of them.
    edged = np.pad(rows, ((0, 0), (1, 1))).astype(np.int8).ravel()
    steps = np.diff(edged)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return int((ends - starts).max()) if starts.size else 0


def _uneven(ink: "Picture") -> int:
    """By how many pixels the tops, or the feet, of the characters of a line differ."""
    import cv2

    count, _, found, _ = cv2.connectedComponentsWithStats(ink)
    characters: list[list[int]] = []
    for left, top, width, height, area in sorted(found[1:count].tolist()):
        if area < _LEAST - 2:
            continue
        if characters and left < characters[-1][0]:  # Parts above one another are one character.
            characters[-1] = [
                max(characters[-1][0], left + width),
                min(characters[-1][1], top),
                max(characters[-1][2], top + height),
            ]
        else:
            characters.append([left + width, top, top + height])
    if len(characters) < 2:
        return 0
    tops, feet = (
        [character[1] for character in characters],
        [character[2] for character in characters],
    )
    return max(max(tops) - min(tops), max(feet) - min(feet))
