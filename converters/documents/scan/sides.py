"""The sides of the fields between a page's lines: where a line runs, and the page without it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import ndarray as Picture

PAPER = 250
"""The grey of paper in the pages of ``image``."""

_AROUND_LINE = 4

_WHOLLY = 0.93
_MOSTLY = 0.6
_HARDLY = 0.3
"""Parts of a side that something dark covers: from the first on it is a line, from the second on if
it extends to both ends and no letters stand beside it, up to the third it is none.
"""

_LETTERS = 0.15
_LETTERS_ON_BOTH = 0.3
_LONG = 120
"""Digits may fill the side of a narrow cell, but not this length."""

_BLUR = 8
_WIDEST_BLUR = 6


class Side(NamedTuple):
    """One side of a field: whether a line is there (None: not known), and in which rows."""

    there: bool | None
    first: int
    last: int


Sides = dict[tuple[int, int], Side]
"""By the index of the level and of the interval along it."""


def sides_of(dark: "Picture", levels: Sequence[int], crossing: Sequence[int], unit: float) -> Sides:
    """Every side that lines at ``levels`` may have between neighbours of the crossing ones."""
    return {
        (i, j): side_at(dark, level, start, end, unit)
        for i, level in enumerate(levels)
        for j, (start, end) in enumerate(pairwise(crossing))
    }


def side_at(dark: "Picture", level: int, start: int, end: int, unit: float) -> Side:
    """Whether a line runs at ``level`` from ``start`` to ``end``, and in which rows.

    It differs from letters that stand across: it is thin, and it extends to both ends.
    """
    near = max(round(_AROUND_LINE * unit), 2)
    inner = slice(start + near, max(end - near, start + near + 1))
    nowhere = Side(False, level, level)
    top = max(level - near, 0)
    strips = [
        dark[row : row + 3, inner].any(axis=0)
        for row in range(top, min(level + near, dark.shape[0] - 2) - 1)
    ]
    if not strips or not strips[0].size:
        return nowhere
    means = [float(strip.mean()) for strip in strips]
    best = max(range(len(means)), key=means.__getitem__)
    covered, at = means[best], top + best + 1
    if covered <= _HARDLY:
        return nowhere
    first = last = at
    while first > max(at - 2 * near, 0) and _fills(dark[first - 1, inner], covered):
        first -= 1
    while last < min(at + 2 * near, dark.shape[0] - 1) and _fills(dark[last + 1, inner], covered):
        last += 1
    above = dark[max(first - near - 1, 0) : max(first - 1, 0), inner].any(axis=0)
    under = dark[last + 2 : last + near + 2, inner].any(axis=0)
    letters = sorted(float(flank.mean()) if flank.size else 0.0 for flank in (above, under))
    tip = max(round(0.12 * len(strips[best])), 1)
    ends = min(float(strips[best][:tip].mean()), float(strips[best][-tip:].mean()))
    thin = letters[0] < _LETTERS_ON_BOTH and (letters[1] < 0.5 or end - start > _LONG * unit)
    there = _is_line(covered, ends, thin, letters[1])
    return nowhere if there is False else Side(there, first, last)


def _fills(row: "Picture", covered: float) -> bool:
    """Whether a row of pixels belongs to something that covers so much of a side."""
    return float(row.mean()) / 255 > covered / 2


def _is_line(covered: float, ends: float, thin: bool, letters: float) -> bool | None:
    """Whether something dark is a line, None where that is not known.

    ``covered`` is the part of the side that it takes, ``ends`` that of the less covered end,
    ``letters`` how much is dark beside it, and ``thin`` whether that is no more than beside lines.
    """
    if thin and covered >= _WHOLLY:
        return True
    if thin and covered >= _MOSTLY and ends >= 0.5 and letters < _LETTERS:
        return True
    if ends < 0.25 and (letters >= _LETTERS or covered < _MOSTLY):
        return False
    return False if not thin and ends < 0.5 else None


def wipe(bare: "Picture", wiped: "Picture", sides: Sides, crossing: Sequence[int]) -> None:
    """Paint lines over with paper, and the blur along them as far as it extends."""
    import numpy as np

    for (_, j), side in sides.items():
        if not side.there:  # What may be letters remains; the cells beside it are doubtful.
            continue
        along = slice(crossing[j], crossing[j + 1] + 1)

        def blurred(row: int, along: slice = along) -> bool:
            inside = 0 <= row < bare.shape[0]
            return inside and float(np.median(bare[row, along])) < PAPER - _BLUR

        first, last = side.first - 1, side.last + 1
        while blurred(first - 1) and side.first - first < _WIDEST_BLUR:
            first -= 1
        while blurred(last + 1) and last - side.last < _WIDEST_BLUR:
            last += 1
        bare[max(first, 0) : last + 1, along] = PAPER
        wiped[max(first, 0) : last + 1, along] = 1
