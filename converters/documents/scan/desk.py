"""The surroundings of the page in a photograph: found by the edges of the paper, and left out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray as Picture
    from PIL.Image import Image

_LOOKED_AT = 800
"""Pixels of the long side at which the paper is looked for."""

_LEAST = 0.25
"""The least part of a photograph that its page takes."""

_AT_EDGE = 3
_STEP = 25
_BESIDE = 7
"""A page has an edge where all its sides are at least so many pixels within the photograph, and
where the picture becomes darker by so much within some pixels: no shadow has such an edge.
"""

_LETTERS = 15
_FILLED = 0.95
_CORNER = 0.02
"""Pixels so far apart belong to one sheet, though print is between them; a sheet fills so much of
the area between its corners; its edges deviate from straight lines by at most this, in parts of its
outline.
"""

_INSIDE = 0.006
"""How much of a page at its edges, in parts of it, may be removed as their shadow."""


def page_alone(image: "Image") -> "Image":
    """The page in a photograph, cropped by its edges and made a rectangle.

    The image itself where not all of them are seen, as in a scan.
    """
    import cv2
    import numpy as np
    from PIL import Image as images

    if image.mode not in ("RGB", "L"):  # No camera makes others.
        return image
    picture = np.asarray(image)
    corners = _corners(picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    if corners is None:
        return image
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = round(max(sides[0], sides[2])), round(max(sides[1], sides[3]))
    square = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    made = cv2.warpPerspective(picture, turn, (width, height), flags=cv2.INTER_CUBIC)
    across, down = round(_INSIDE * width) + 1, round(_INSIDE * height) + 1
    inside = made[down:-down, across:-across]
    paper = np.percentile(inside, 75, axis=(0, 1))
    framed = np.full_like(made, paper)
    framed[down:-down, across:-across] = inside
    return images.fromarray(framed)


def _corners(grey: "Picture") -> "Picture | None":
    """The corners of the paper in a photograph, clockwise from the top left, as 4 × 2 pixels.

    None where it does not lie entirely on something darker.
    """
    import cv2
    import numpy as np

    scale = min(1.0, _LOOKED_AT / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_LETTERS, _LETTERS), np.uint8))
    _, bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    _, labels, found, _ = cv2.connectedComponentsWithStats(bright)
    sizes = found[1:, cv2.CC_STAT_AREA]
    if not len(sizes):
        return None
    paper = (labels == 1 + int(sizes.argmax())).astype(np.uint8)
    outlines, _ = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(outline, _CORNER * cv2.arcLength(outline, True), True)
    area = cv2.contourArea(corners)
    if len(corners) != 4 or area < _LEAST * small.size:
        return None
    if not _FILLED < int(sizes.max()) / area < 2 - _FILLED:
        return None
    points = corners.reshape(4, 2).astype(np.float64)
    size = np.array(small.shape[::-1])
    if points.min() < _AT_EDGE or (points > size - 1 - _AT_EDGE).any():
        return None
    from_middle = points - points.mean(axis=0)
    clockwise = points[np.argsort(np.arctan2(from_middle[:, 1], from_middle[:, 0]))]
    return np.asarray(clockwise / scale) if _is_edged(small, clockwise) else None


def _is_edged(picture: "Picture", corners: "Picture") -> bool:
    """Whether it becomes darker at once beyond each of the sides between four corners."""
    import numpy as np

    for one, other in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (other - one) / np.linalg.norm(other - one)
        outward = np.array([along[1], -along[0]])
        points = one + np.linspace(0.05, 0.95, 60)[:, None] * (other - one)
        inner = _at(picture, points - _BESIDE * outward)
        outer = _at(picture, points + _BESIDE * outward)
        if float(np.percentile(inner - outer, 20)) < _STEP:
            return False
    return True


def _at(picture: "Picture", points: "Picture") -> "Picture":
    """The greys of a picture at some points, or nearest to them."""
    import numpy as np

    across, down = np.clip(np.rint(points), 0, np.array(picture.shape[::-1]) - 1).astype(int).T
    return picture[down, across].astype(int)
