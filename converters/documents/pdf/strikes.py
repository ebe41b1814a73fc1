"""Level lines that run through digits: they strike a number out and are no rules of a table."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from gongkai.converters.documents.pdf.glyphs import has_digit

_ABOVE, _BELOW = 0.3, 0.25
"""The parts of a character's height, above and below, in which a line is not through its middle."""

_OVER = 0.5
_LEAST = 0.25


def without_strikes(
    edges: Sequence[dict[str, Any]], chars: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The edges but those of which a good part runs through the middle of digits.

    Edges and characters are those of the first library.
    """
    digits = sorted(
        (char for char in chars if char["upright"] and has_digit(char["text"])),
        key=lambda char: float(char["top"]),
    )
    if not digits:
        return list(edges)
    tops = [float(char["top"]) for char in digits]
    highest = max(float(char["height"]) for char in digits)

    def is_strike(edge: dict[str, Any]) -> bool:
        if edge["orientation"] != "h":
            return False
        level = float(edge["top"])
        near = digits[bisect_left(tops, level - highest) : bisect_right(tops, level)]
        through = _through(near, level, edge["x0"], edge["x1"])
        return through > 0 and through >= _LEAST * (edge["x1"] - edge["x0"])

    return [edge for edge in edges if not is_strike(edge)]


def _through(digits: Sequence[dict[str, Any]], level: float, first: float, last: float) -> float:
    """The widths together of the digits through whose middle a line runs."""
    total = 0.0
    for digit in digits:
        height, width = digit["height"], digit["width"]
        over = min(last, digit["x1"]) - max(first, digit["x0"])
        middle = digit["top"] + _ABOVE * height < level < digit["bottom"] - _BELOW * height
        if middle and over >= _OVER * width > 0:
            total += width
    return total
