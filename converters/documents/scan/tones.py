"""Whether a thin stroke through a digit would show on a page: pale ink is lost in poor copies.

A page in black and white has no greys: of a pale stroke it keeps nothing, or some specks. On a page
with much noise a stroke cannot be distinguished from it, even if all its pixels are summed up.
"""

from math import sqrt
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.ruled_lines import noise_of

if TYPE_CHECKING:
    from numpy import ndarray as Picture
    from PIL.Image import Image

BLACK_AND_WHITE = "black and white"
"""The entry of an image's ``info`` which says that the picture it is rendered from has no greys."""

_PAPER = 250
_DARK, _PALE = 0.75, 0.15
_FEWEST_GREYS = 0.15
"""How dark ink is, and grey pixels at least, in parts of the darkest. In scans at least a third of
the pixels beside ink are grey; on a page with a smaller share, all greys are lost.
"""

_LONG_LINE = 60
"""Straight ink of more pixels is a ruled line and not print."""

_DARKEST = 1
_FAINT = 0.2
_LENGTH = 12
_SURE = 6.0
_OF_NOISE = 3.0
"""The stroke that must show: its darkness in parts of the print, its pixels in one digit, and by
how many standard deviations their sum must stand out. How much larger the noise is than what is
measured: white cuts its light half off.
"""


def strokes_lost(image: "Image", grey: "Picture") -> bool:
    """Whether a thin, pale stroke would not show in an image; ``grey`` is its page."""
    import numpy as np

    if image.mode == "1" or image.info.get(BLACK_AND_WHITE):
        return True
    depth = _PAPER - float(np.percentile(grey, _DARKEST))
    if depth <= 0:
        return False
    return _greys(grey, depth) < _FEWEST_GREYS or _FAINT * depth * sqrt(
        _LENGTH
    ) < _SURE * _OF_NOISE * noise_of(grey)


def _greys(grey: "Picture", depth: float) -> float:
    """The share of pixels beside print that are neither ink nor paper."""
    import cv2
    import numpy as np

    dark = (_PAPER - grey.astype(np.float32)) / depth
    ink = (dark > _DARK).astype(np.uint8)
    for size in (
        (_LONG_LINE, 1),
        (1, _LONG_LINE),
    ):  # Ruled lines may have no grey edges.
        ink -= cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size, np.uint8))
    beside = (cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0) & (dark <= _DARK)
    count = int(beside.sum())
    return float((dark[beside] > _PALE).sum()) / count if count else 1.0
