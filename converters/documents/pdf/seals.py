"""Red round seals on a page, and what is seen through them.

Reports are signed with a seal across text and tables. In the red channel of a page, red ink is as
light as paper, and black print under or over it stays dark: so it is read through the seal.
"""

import math
from collections.abc import Iterator, Sequence

from PIL import Image, ImageChops, ImageFilter

from gongkai.converters.documents.aligned.glyphs import Box

_RED = 50
"""By how much red is brighter than green and blue in the ink of a seal (of 255)."""

_LEAST, _MOST = 50.0, 200.0
"""How wide a seal is, in points: official ones measure 3 to 6 cm."""

_ROUND = 1.3
_DIRECTIONS = 48
_SHOWN = 0.8
"""The share of all directions from its middle in which the ring of a seal is seen."""

_RIM = 0.82
_OUTSIDE = 1.06
_MOST_PIXELS = 150_000
_ACROSS = 0.8
_THIN = 0.4
_INNER, _OUTER = 0.9, 0.95
"""Red ink at this distance from the middle of a seal, in parts of its size, is its ring."""

_GROWN = 2
"""Pixels by which red ink is widened, so that it is connected where lines cut it."""


def red_ink(page: Image.Image) -> Image.Image:
    """White where a page is clearly red, else black."""
    red, green, blue = page.split()
    excess = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    return excess.point([255 * (grey >= _RED) for grey in range(256)])


def is_crossed(red: Image.Image, corner: tuple[float, float], rings: Sequence[Box]) -> bool:
    """Whether a thin line of red that is no seal's ring runs across a character.

    ``red`` is the red ink where the character stands, ``corner`` the place of its first pixel, and
    ``rings`` are where seals are, all in pixels.
    """
    width, height = red.size
    characters = red.tobytes()
    columns = [[y for y in range(height) if characters[y * width + x]] for x in range(width)]
    inked = [(x, rows) for x, rows in enumerate(columns) if rows]
    if len(inked) < _ACROSS * width or max(len(rows) for _, rows in inked) > _THIN * height:
        return False
    left, top = corner
    return not any(
        all(
            min(far) >= _INNER and max(far) >= _OUTER
            for x, rows in inked
            for far in [[_distance(left + x + 0.5, top + y + 0.5, ring) for y in rows]]
        )
        for ring in rings
    )


def _distance(x: float, y: float, ring: Box) -> float:
    """The distance of a place from the middle of a ring, in units of the ring's size."""
    across = (2 * x - ring[0] - ring[2]) / (ring[2] - ring[0])
    return math.hypot(across, (2 * y - ring[1] - ring[3]) / (ring[3] - ring[1]))


def red_of(page: Image.Image) -> Image.Image:
    """The red channel of a page: a grey image in which red ink is like paper."""
    return page.getchannel("R")


def seals_on(page: Image.Image, scale: float) -> list[Box]:
    """Where red rings stand on a page that was drawn with ``scale`` pixels per point."""
    mask = red_ink(page)
    if mask.getbbox() is None:
        return []
    # Lines and digits cut a seal that lies under them.
    mask = mask.filter(ImageFilter.MaxFilter(2 * _GROWN + 1))
    return [
        (
            (left + _GROWN) / scale,
            (top + _GROWN) / scale,
            (right - _GROWN) / scale,
            (bottom - _GROWN) / scale,
        )
        for (left, top, right, bottom), pixels in _pieces(mask)
        if _LEAST <= (right - left) / scale <= _MOST
        and 1 / _ROUND <= (right - left) / (bottom - top) <= _ROUND
        and _is_ring((left, top, right, bottom), pixels)
    ]


_Pixel = tuple[int, int]


def _pieces(mask: Image.Image) -> Iterator[tuple[tuple[int, int, int, int], list[_Pixel]]]:
    """The connected pieces of a mask: their bounds, and their pixels."""
    width = mask.width
    left = {i for i, grey in enumerate(mask.tobytes()) if grey}
    if len(left) > _MOST_PIXELS:
        return
    while left:
        waiting = [left.pop()]
        found = []
        while waiting:
            at = waiting.pop()
            found.append((at % width, at // width))
            for near in (at - 1, at + 1, at - width, at + width):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
        columns, rows = [x for x, _ in found], [y for _, y in found]
        yield (min(columns), min(rows), max(columns) + 1, max(rows) + 1), found


def _is_ring(bounds: tuple[int, int, int, int], pixels: list[_Pixel]) -> bool:
    left, top, right, bottom = bounds
    x, y = (left + right) / 2, (top + bottom) / 2
    wide, high = (right - left) / 2, (bottom - top) / 2
    shown = set()
    for column, row in pixels:
        across, down = (column + 0.5 - x) / wide, (row + 0.5 - y) / high
        distance = math.hypot(across, down)
        if distance > _OUTSIDE:
            return False
        if distance >= _RIM:
            turn = (math.atan2(down, across) / math.tau) % 1
            shown.add(int(turn * _DIRECTIONS))
    return len(shown) >= _SHOWN * _DIRECTIONS
