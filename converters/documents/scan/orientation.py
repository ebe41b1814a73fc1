"""The orientation of a page: which way is up."""

from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.engines import RecognitionEngines, coloured

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_LOOKED_AT = 1000
"""Pixels of the long side at which the page is examined."""

_LONG = 3
_FEWEST = 3
_SAMPLE = 6
_CLEAR = 0.85


def upright(grey: "Picture", engines: RecognitionEngines) -> "Picture":
    """The page rotated so that its lines are horizontal and readable; unchanged if unknown."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(grey, quarters_to_upright(grey, engines)))


def quarters_to_upright(grey: "Picture", engines: RecognitionEngines) -> int:
    """By how many quarter turns, counterclockwise, a page must be rotated to be upright.

    Vertical lines mean a page on its side; which side, or whether it is upside down, is decided by
    how surely a few short lines are read.
    """
    import cv2
    import numpy as np

    scale = min(1.0, _LOOKED_AT / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    sizes = {
        (left, top, right, bottom): (right - left, bottom - top)
        for left, top, right, bottom in engines.find(coloured(small))
    }
    lines = [
        box
        for box, (across, down) in sizes.items()
        if max(across, down) > _LONG * min(across, down)
    ]
    if len(lines) < _FEWEST:
        return 0
    standing = sum(sizes[box][1] > sizes[box][0] for box in lines) > len(lines) / 2
    lines = [box for box in lines if (sizes[box][1] > sizes[box][0]) == standing]
    sample = sorted(lines, key=lambda box: max(sizes[box]) / min(sizes[box]))[:_SAMPLE]
    pictures = [
        grey[round(top / scale) : round(bottom / scale), round(left / scale) : round(right / scale)]
        for left, top, right, bottom in sample
    ]

    def clear(quarters: int) -> float:
        turned = [coloured(np.ascontiguousarray(np.rot90(each, quarters))) for each in pictures]
        heard = engines.first(turned)
        return sum(each.score for each in heard if each.text) / len(heard)

    first, other = (1, 3) if standing else (0, 2)
    sure = clear(first)
    return first if sure > _CLEAR or sure >= clear(other) else other
