"""The print in a cell before recognition: lines of ink, their parts, and the gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.grid import Bare
from gongkai.converters.documents.scan.likeness import NOT_COMPARED, Likeness
from gongkai.converters.documents.scan.marks import NO_MARKS, Marks, marks_in
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.sides import PAPER

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_FAINTEST = 18
"""How much darker than paper the faintest stroke is, on pages without noise."""

_ABOVE_NOISE = 5
SPECK = 12
"""Fewer pixels of an A4 page at 200 dpi are dirt."""

_LONGEST_NUMBER = 12
"""In parts of its height: a longer line is a line of words."""

_DARK_INK = 80
_SOME_INK = 0.12
_LEAST_INK = 12
"""Ink so much darker than paper counts; this part of it, and so many pixels, are more than the rim
of a stroke, whose colour comes from the scanner.
"""

_EDGE = 3
_CHARACTER = 7
_TOUCHING = 60


@dataclass(frozen=True)
class InkShape:
    """The form of a character: how far its top stands to the right of its foot, and its holes.

    ``lean`` and ``hole``, the height of the highest hole, are in parts of the height.
    """

    lean: float
    holes: int
    hole: float


@dataclass(frozen=True)
class InkLine:
    """A line of print: its box, and the parts that stand side by side in it.

    Parts above one another, as in ÷ or 二, count as one. ``shape`` is that of a single character.
    For a line that is short enough to be a number, ``leans`` are how far the tops of its parts
    stand to the right of their feet, in parts of their height, and ``marks`` what else is on it.
    ``two_inks`` says that some of it is coloured and some is not, ``likeness`` how it differs from
    the same digits elsewhere on the page.
    """

    box: PixelBox
    parts: tuple[PixelBox, ...]
    shape: InkShape | None = None
    leans: tuple[float, ...] = ()
    marks: Marks = NO_MARKS
    two_inks: bool = False
    likeness: Likeness = NOT_COMPARED

    @property
    def widest_gap(self) -> int:
        """The width of the widest space within the line, in pixels."""
        return max((b.left - a.right for a, b in pairwise(self.parts)), default=0)


@dataclass(frozen=True)
class Ink:
    """The lines of print in a box from the top down.

    ``cut`` says that print touches a ruled line, so that some of it may be hidden.
    """

    lines: tuple[InkLine, ...]
    cut: bool


def darkest_paper(bare: "Picture") -> int:
    """The darkest grey at which a smoothed pixel of this page is paper."""
    import cv2
    import numpy as np

    dark, usual = np.percentile(cv2.GaussianBlur(bare, (3, 3), 0), (25, 50))
    noise = 1.48 * (usual - dark)
    return int(min(PAPER - _FAINTEST, usual - _ABOVE_NOISE * noise))


def ink_in(page: Bare, box: PixelBox, paper: int) -> Ink:
    """The print in a box of a page without its ruled lines; ``paper`` is its darkest paper.

    Everything that is not certainly paper is print: nothing may be cut off a number unseen.
    """
    import cv2

    unit = page.unit
    edge = round(_EDGE * unit)
    picture = page.grey[box.top + 1 : box.bottom, box.left + 1 : box.right]
    if min(picture.shape) < 4 * edge:
        return Ink((), False)
    height, width = picture.shape
    parts = parts_of(cv2.GaussianBlur(picture, (3, 3), 0), paper, SPECK * unit**2)
    inside = [
        part
        for part in parts
        if part.right > edge
        and part.bottom > edge
        and part.left < width - edge
        and part.top < height - edge
    ]
    lines = tuple(
        InkLine(
            _moved(_around(line), box.left + 1, box.top + 1),
            tuple(_moved(part, box.left + 1, box.top + 1) for part in _side_by_side(line)),
            _shape(picture, line[0], paper) if len(line) == 1 else None,
            _leans(picture, line, paper),
            _marks(picture, _around(line)),
            page.colour is not None
            and _two_inks(
                picture, page.colour[box.top + 1 : box.bottom, box.left + 1 : box.right], line
            ),
        )
        for line in _lines(inside)
    )
    beside = [part for part in parts if part not in inside]
    # A piece as large as a character at the rim is no part of the ruled lines: something is
    # printed.
    large = any(min(part.width, part.height) >= _CHARACTER * unit for part in beside)
    return Ink(lines, large or (bool(lines) and _cut(page, box)))


def _cut(page: Bare, box: PixelBox) -> bool:
    """Whether print touches the lines of its cell: it was dark up to where they were wiped off."""
    import cv2
    import numpy as np

    part = slice(box.top, box.bottom + 1), slice(box.left, box.right + 1)
    wiped = np.ascontiguousarray(page.wiped[part])
    beside = cv2.dilate(wiped, np.ones((3, 3), np.uint8)) - wiped
    touching = (beside > 0) & (page.grey[part] < PAPER - _TOUCHING)
    found = cv2.connectedComponentsWithStats(touching.astype(np.uint8))[2][1:, 4]
    return bool(found.size) and int(found.max()) >= 2


def _short(line: PixelBox) -> bool:
    """Whether a line may be a number."""
    return line.width <= _LONGEST_NUMBER * line.height


def _leans(picture: "Picture", parts: Sequence[PixelBox], paper: int) -> tuple[float, ...]:
    if not _short(_around(parts)):
        return ()
    return tuple(_lean(picture, part, paper) for part in _side_by_side(parts))


def _marks(picture: "Picture", line: PixelBox) -> Marks:
    if not _short(line):
        return NO_MARKS
    return marks_in(picture[line.top : line.bottom, line.left : line.right])


def _two_inks(picture: "Picture", colour: "Picture", parts: Sequence[PixelBox]) -> bool:
    """Whether some of the dark ink of a line is coloured, and some is not."""
    line = _around(parts)
    part = slice(line.top, line.bottom), slice(line.left, line.right)
    dark = picture[part] < PAPER - _DARK_INK
    coloured = int((dark & (colour[part] > 0)).sum())
    least = max(_SOME_INK * int(dark.sum()), _LEAST_INK)
    return coloured >= least and int(dark.sum()) - coloured >= least


def _shape(picture: "Picture", part: PixelBox, paper: int) -> InkShape:
    import cv2
    import numpy as np

    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    light = smooth[part.top : part.bottom, part.left : part.right] >= paper
    light = cv2.copyMakeBorder(light.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    count, _, found, _ = cv2.connectedComponentsWithStats(light, connectivity=4)
    holes = [
        height
        for left, top, _, height, area in found[1:count].tolist()
        if area >= 3 and (left, top) != (0, 0)
    ]
    return InkShape(_lean(picture, part, paper), len(holes), max(holes, default=0) / part.height)


def _lean(picture: "Picture", part: PixelBox, paper: int) -> float:
    import numpy as np

    glyph = picture[part.top : part.bottom, part.left : part.right]
    dark = glyph < (paper + int(glyph.min())) / 2
    third = max(part.height // 3, 1)
    tops, feet = np.nonzero(dark[:third])[1], np.nonzero(dark[-third:])[1]
    return float(tops.mean() - feet.mean()) / part.height if tops.size and feet.size else 0.0


def parts_of(picture: "Picture", paper: int, least: float) -> list[PixelBox]:
    """The boxes of parts darker than paper, with so many pixels at least."""
    import cv2
    import numpy as np

    dark = (picture < paper).astype(np.uint8)
    count, _, found, _ = cv2.connectedComponentsWithStats(dark)
    return [
        PixelBox(left, top, left + width, top + height)
        for left, top, width, height, area in found[1:count].tolist()
        if area >= least
    ]


def _lines(parts: Sequence[PixelBox]) -> list[list[PixelBox]]:
    """The parts by line: parts of one line overlap vertically, if only through other parts."""
    lines: list[list[PixelBox]] = []
    for part in sorted(parts, key=lambda part: part.top):
        if lines and part.top < max(other.bottom for other in lines[-1]) - 1:
            lines[-1].append(part)
        else:
            lines.append([part])
    if not lines:
        return []
    tallest = max(_around(line).height for line in lines)
    merged: list[list[PixelBox]] = []
    for line in lines:
        #: A flat piece near a line is a separate stroke of it, as in 元 or 二.
        if merged:
            both = _around([*merged[-1], *line]).height
            flat = min(_around(merged[-1]).height, _around(line).height) < 0.5 * tallest
            if both <= 1.15 * tallest or (flat and both <= 1.6 * tallest):
                merged[-1].extend(line)
                continue
        merged.append(line)
    return merged


def _side_by_side(parts: Sequence[PixelBox]) -> list[PixelBox]:
    found: list[PixelBox] = []
    for part in sorted(parts):
        if found and part.left < found[-1].right - 1:
            found[-1] = _around([found[-1], part])
        else:
            found.append(part)
    return found


def _around(parts: Sequence[PixelBox]) -> PixelBox:
    return PixelBox(
        min(part.left for part in parts),
        min(part.top for part in parts),
        max(part.right for part in parts),
        max(part.bottom for part in parts),
    )


def _moved(box: PixelBox, right: int, down: int) -> PixelBox:
    return PixelBox(box.left + right, box.top + down, box.right + right, box.bottom + down)
