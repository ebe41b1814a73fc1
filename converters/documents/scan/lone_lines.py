"""Lines of tables with none between their columns: level lines, and frames around the table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.grid import Bare
from gongkai.converters.documents.scan.ruled_lines import (
    BREAK,
    PixelBox,
    around,
    dashes_joined,
    level_lines,
    odd,
    segments,
)
from gongkai.converters.documents.scan.sides import PAPER, side_at, wipe

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_SAME_LEVEL = 4
_SHORTEST = 0.06
"""Pieces of lines whose levels differ by no more pixels are one line; it takes that part of the
page's width, or height. Strokes of letters in a row may be as long, but have others above and
below.
"""

_BESIDE = 6
_PRINTED = 0.002
"""So far beside a line, and up to this share of ink there, nothing but dirt is printed."""


def without_lone_lines(page: Bare, taken: Sequence[PixelBox]) -> Bare:
    """The page without the level lines outside the boxes ``taken``, and the sides of frames.

    Dashed and dotted lines count. What is printed across a line stays marked as cut by it.
    """
    import cv2
    import numpy as np

    outside = page.grey.copy()
    for box in taken:
        outside[box.top : box.bottom, box.left : box.right] = PAPER
    drawn = dashes_joined(outside, page.unit)
    seen = outside if drawn is None else drawn
    dark = cv2.adaptiveThreshold(
        seen, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, odd(30 * page.unit), 12
    )
    grey, wiped = page.grey.copy(), page.wiped.copy()
    for run in _runs(segments(level_lines(seen, page.unit)), seen.shape[1], page.unit):
        _wipe_line(grey, wiped, dark, run, page.unit)
    standing = np.ascontiguousarray(seen.T)
    for run in _runs(segments(level_lines(standing, page.unit)), seen.shape[0], page.unit):
        if _is_outermost(dark.T, run, page.unit):
            _wipe_line(grey.T, wiped.T, dark.T, run, page.unit)
    return replace(page, grey=grey, wiped=wiped)


def _is_outermost(dark: "Picture", run: PixelBox, unit: float) -> bool:
    """Whether nothing is printed along a line on one of its sides, up to the edge of the page."""
    near = round(_BESIDE * unit)
    along = slice(run.left + near, run.right - near)
    sides = dark[: max(run.top - near, 0), along], dark[run.bottom + near :, along]
    return any(float((side > 0).mean()) < _PRINTED if side.size else True for side in sides)


def _wipe_line(
    grey: "Picture", wiped: "Picture", dark: "Picture", run: PixelBox, unit: float
) -> None:
    side = side_at(dark, (run.top + run.bottom) // 2, run.left, run.right, unit)
    if side.there:
        wipe(grey, wiped, {(0, 0): side}, (run.left, run.right - 1))


def _runs(pieces: Sequence[PixelBox], width: int, unit: float) -> Iterator[PixelBox]:
    """The boxes of lines: of pieces at one level with narrow gaps between them."""
    made: list[PixelBox] = []
    for piece in sorted(pieces):
        for i, run in enumerate(made):
            near = piece.left - run.right < BREAK * unit
            if near and abs(_level(run) - _level(piece)) < _SAME_LEVEL * unit:
                made[i] = around([run, piece])
                break
        else:
            made.append(piece)
    yield from (run for run in made if run.width >= _SHORTEST * width)


def _level(box: PixelBox) -> float:
    return (box.top + box.bottom) / 2
