"""Pages transformed to the view from above: lines upright or level, nothing cut off."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.aslant import aspect_of, from_above
from gongkai.converters.documents.scan.image import FEEDER, tilt_of, turned
from gongkai.converters.documents.scan.sides import PAPER
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_EVERY = 4
_PRINTED = 200
_ROOM = 0.01
"""Print is searched in steps of this many pixels, is darker than this, and gets this margin, in
parts of the page's width.
"""

ASLANT: Label = translations("documents.scan.aslant")


@dataclass(frozen=True)
class Flat:
    """A page in grey as if seen from above, and where its ink has a colour (None: nowhere).

    ``aslant`` says that this was not possible everywhere: the page is seen too much from aside, or
    bent.
    """

    grey: "Picture"
    colour: "Picture | None" = None
    aslant: bool = False


def flat(grey: "Picture", colour: "Picture | None" = None) -> Flat:
    """The page with its level strokes level and its upright lines upright."""
    tilt = tilt_of(grey)
    level = turned(grey, tilt)
    aspect = aspect_of(level)
    off = aspect.is_off(grey.shape)
    if not off and abs(tilt) <= FEEDER:
        turned_colour = None if colour is None else turned(colour, tilt)
        return Flat(level, turned_colour, aspect.bent)
    matrix = _turn(tilt, grey.shape)
    if off:
        matrix = from_above(aspect, grey.shape) @ matrix
    matrix, size = _with_room(matrix, grey)
    made = _seen(grey, matrix, size, PAPER)
    aslant = aspect.bent or aspect.is_too_much(grey.shape)
    aslant = aslant or (off and aspect_of(made).is_off(grey.shape))
    return Flat(made, None if colour is None else _seen(colour, matrix, size, 0), aslant)


def _turn(angle: float, shape: tuple[int, ...]) -> "Picture":
    import cv2
    import numpy as np

    height, width = shape
    return np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (0, 0, 1)])


def _with_room(matrix: "Picture", grey: "Picture") -> "tuple[Picture, tuple[int, int]]":
    """The matrix, and the size of the transformed page, so that nothing printed is cut off."""
    import cv2
    import numpy as np

    height, width = grey.shape
    down, across = np.nonzero(grey[::_EVERY, ::_EVERY] < _PRINTED)
    if not len(down):
        return matrix, (width, height)
    printed = np.column_stack((across, down)).reshape(-1, 1, 2).astype(np.float64) * _EVERY
    made = cv2.perspectiveTransform(printed, matrix).reshape(-1, 2)
    left, top = np.minimum(made.min(axis=0) - _ROOM * width, 0)
    right, bottom = np.maximum(made.max(axis=0) + _ROOM * width, (width, height))
    moved = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
    return moved, (math.ceil(right - left), math.ceil(bottom - top))


def _seen(picture: "Picture", matrix: "Picture", size: tuple[int, int], beyond: int) -> "Picture":
    import cv2
    import numpy as np

    made = cv2.warpPerspective(
        picture,
        matrix,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=beyond,
    )
    return np.asarray(made)
