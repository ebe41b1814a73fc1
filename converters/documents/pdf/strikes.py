"""Lines that run through digits: they strike a number out and are no lines of a table."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box, has_digit
from gongkai.converters.documents.pdf.strokes import THIN

_ABOVE, _BELOW = 0.3, 0.25
"""The parts of a character's height, above and below, in which a line is not through its middle."""

_MIDDLE = 0.25
"""The part of a digit's height, above and below, that is not its middle."""

_MOST = 0.6
_LOW = 0.35
_EDGE = 1.5
_WHITE = 0.97
_MOST_LINES = 60_000
_OVER = 0.5
_LEAST = 0.25


def without_strikes(
    edges: Sequence[dict[str, Any]], chars: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The edges without those of which a good part runs through the middle of digits.

    Edges and characters are those of the first library.
    """
    digits = sorted(
        (char for char in chars if _is_level(char) and has_digit(char["text"])),
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


def _is_level(char: dict[str, Any]) -> bool:
    """Whether a character runs across the page; those of a watermark cross ruled lines anyway."""
    return bool(char["upright"]) and char["matrix"][1] == 0


def _through(digits: Sequence[dict[str, Any]], level: float, first: float, last: float) -> float:
    """The total width of the digits through whose middle a line runs."""
    total = 0.0
    for digit in digits:
        height, width = digit["height"], digit["width"]
        over = min(last, digit["x1"]) - max(first, digit["x0"])
        middle = digit["top"] + _ABOVE * height < level < digit["bottom"] - _BELOW * height
        if middle and over >= _OVER * width > 0:
            total += width
    return total


@dataclass(frozen=True)
class DrawnLine:
    """A line that is drawn on a page, from end to end, and its thickness."""

    x0: float
    y0: float
    x1: float
    y1: float
    thick: float

    @property
    def highest(self) -> float:
        """Its highest level on the page."""
        return min(self.y0, self.y1)

    def within(self, first: float, last: float) -> tuple[float, float, float]:
        """The length of its part between two places across, and its levels there, left to right."""
        left, right = max(first, self.x0), min(last, self.x1)
        if right <= left:
            return 0.0, self.y0, self.y0
        slope = (self.y1 - self.y0) / (self.x1 - self.x0)
        return (
            right - left,
            self.y0 + slope * (left - self.x0),
            self.y0 + slope * (right - self.x0),
        )


class DrawnLines:
    """The lines that are drawn on a page, whether or not they are seen, looked up by position.

    They are those of the first library; ``corner`` is where the page begins in its coordinates.
    """

    def __init__(self, page: Page, corner: tuple[float, float]) -> None:
        """Take the lines of a page; none if the page has too many."""
        kinds = ("line", "rect", "curve", "image")
        few = sum(len(page.objects.get(kind, ())) for kind in kinds) <= _MOST_LINES
        found = (line for kind in kinds for line in _lines(kind, page, corner)) if few else ()
        self._lines = sorted(found, key=lambda line: line.highest)
        self._levels = [line.highest for line in self._lines]
        self._longest = max((abs(line.y1 - line.y0) for line in self._lines), default=0.0)

    def strike(self, digit: Box, cell: Box | None) -> bool:
        """Whether a line runs through the middle of a digit and is no line at the cell's edge.

        ``digit`` encloses its ink closely.
        """
        left, top, right, bottom = digit
        height = bottom - top
        first = bisect_left(self._levels, top - self._longest)
        last = bisect_right(self._levels, bottom)
        for line in self._lines[first:last]:
            across, begin, end = line.within(left, right)
            level = (begin + end) / 2
            if across < _MOST * (right - left) or line.thick > _LOW * height:
                continue
            if not top + _MIDDLE * height <= level <= bottom - _MIDDLE * height:
                continue
            if min(begin, end) < top - height or max(begin, end) > bottom + height:
                continue
            at_edge = cell is not None and min(level - cell[1], cell[3] - level) < _EDGE
            if not at_edge:
                return True
        return False


def _lines(kind: str, page: Page, corner: tuple[float, float]) -> Iterator[DrawnLine]:
    left, top = corner
    for page_object in page.objects.get(kind, ()):
        x0, x1 = float(page_object["x0"]) - left, float(page_object["x1"]) - left
        y0, y1 = float(page_object["top"]) - top, float(page_object["bottom"]) - top
        if x1 - x0 <= 0 or not _is_inked(kind, page_object):
            continue
        if kind == "line":
            (_, first), (_, last) = sorted(page_object["pts"])[
                :: max(len(page_object["pts"]) - 1, 1)
            ]
            rising = last < first
            thick = float(page_object.get("linewidth") or 0)
            yield DrawnLine(x0, y1 if rising else y0, x1, y0 if rising else y1, thick)
        elif y1 - y0 <= THIN:
            level = (y0 + y1) / 2
            yield DrawnLine(x0, level, x1, level, y1 - y0)


def _is_inked(kind: str, page_object: dict[str, Any]) -> bool:
    """Whether it is drawn in a colour other than white."""
    if kind == "image":
        return True
    stroked = bool(page_object.get("stroke")) and not _is_white(page_object.get("stroking_color"))
    filled = bool(page_object.get("fill")) and not _is_white(page_object.get("non_stroking_color"))
    return stroked or (filled and kind != "line")


def _is_white(colour: Any) -> bool:
    values = colour if isinstance(colour, tuple | list) else (colour,)
    if not values or not all(isinstance(value, int | float) for value in values):
        return False
    if len(values) == 4:
        return all(value <= 1 - _WHITE for value in values)
    return all(value >= _WHITE for value in values)
