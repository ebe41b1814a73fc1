"""Ink beside the digits of a number: what is dark where such digits leave paper.

A stroke that extends beyond the digits, or a short one, shows there in one piece.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.glyphs import ABOVE, Number
from gongkai.converters.documents.scan.strokes import Placed

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_FAINTEST = 0.1
_RIM = 1.25
"""How dark the faintest ink is, in parts of the darkest, and how much darker than the pixels around
it, each relative to other digits of its kind: no digit lies over others exactly.
"""

_LEAST = 0.25
_TIMES, _NEARLY_ALL = 2.0, 97.5
"""The amount of darkness in one piece, in pixels of the darkest, from which on it may be a stroke;
also as a multiple of the most that nearly all (percent) similar numbers of the page have.
"""


def ink_beside(
    numbers: Sequence[Number],
    lengths: Sequence[int],
    found: Sequence[Sequence[Placed | None]],
    alike: Sequence[bool],
) -> list[float]:
    """The ink beside the digits of every number; more than 1 is more than plain numbers have.

    ``lengths`` are the numbers of digits, ``found`` is what is known of those cut out, and
    ``alike`` says which numbers are like others by other criteria. 0 where some digits could not be
    compared.
    """
    import numpy as np

    known = [
        [each for each in digits if each is not None]
        if number.picture is not None and len(digits) == length and None not in digits
        else []
        for number, length, digits in zip(numbers, lengths, found, strict=True)
    ]
    most = [
        _largest(number.picture, digits) if digits and number.picture is not None else 0.0
        for number, digits in zip(numbers, known, strict=True)
    ]
    usual = [
        value for value, digits, same in zip(most, known, alike, strict=True) if digits and same
    ]
    bound = max(_LEAST, _TIMES * float(np.percentile(usual, _NEARLY_ALL)) if usual else 0.0)
    return [value / bound for value in most]


def _largest(picture: "Picture", digits: Sequence[Placed]) -> float:
    """The darkness of the largest piece of ink that belongs to no digit."""
    import cv2
    import numpy as np

    expected = np.zeros_like(picture)
    for digit in digits:
        height, width = digit.usual.shape
        part = expected[digit.down : digit.down + height, digit.right : digit.right + width]
        np.maximum(part, digit.usual[: part.shape[0], : part.shape[1]], out=part)
    rim = cv2.dilate(expected, np.ones((3, 3), np.uint8))
    more = np.clip(picture - _RIM * rim - _FAINTEST, 0, None)
    more[-ABOVE - 1 :] = more[:1] = 0  # Lines under a number strike nothing out.
    count, pieces = cv2.connectedComponents((more > 0).astype(np.uint8))
    return float(np.bincount(pieces.ravel(), more.ravel(), count)[1:].max(initial=0.0))
