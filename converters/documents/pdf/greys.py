"""Operations on the greys of a small picture: masks of some greys, the highest, the contrast."""

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

NO_INK = 236
"""Grey (of 255) from which on a pixel of text in black on white shows none of its ink."""

FAINTEST = 25
"""Difference of grey from which on something printed is visible."""


def highest(picture: Image.Image) -> int:
    """The lightest grey in the picture."""
    return int(picture.getextrema()[1])  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _levels(first: int, end: int) -> list[int]:
    return [255 * (first <= grey < end) for grey in range(256)]


def mask(picture: Image.Image, first: int, end: int) -> Image.Image:
    """White where the grey is at least ``first`` and less than ``end``, else black."""
    return picture.point(_levels(first, end))


def far_from(picture: Image.Image, background: int, least: float) -> Image.Image:
    """White where the grey differs from ``background`` by ``least`` or more, else black."""
    return picture.point(_levels_far_from(background, least))


@lru_cache(maxsize=512)
def _levels_far_from(background: int, least: float) -> list[int]:
    return [255 * (abs(grey - background) >= least) for grey in range(256)]


def contrast_of(counts: Sequence[int], count: int, background: int) -> int:
    """The difference from the background that all but a tenth of the pixels stay below."""
    by_difference = [0] * 256
    for grey, n in enumerate(counts):
        by_difference[abs(grey - background)] += n
    above = 0
    for difference in range(255, -1, -1):
        above += by_difference[difference]
        if above * 10 >= count:
            return difference
    return 0
