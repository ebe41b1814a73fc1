"""Ruled lines drawn on a page: strokes, thin areas and pictures, rows of dashes or dots."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from pdfplumber.page import Page
from pdfplumber.utils.geometry import obj_to_edges

from gongkai.converters.documents.aligned.glyphs import Box
from gongkai.converters.documents.pdf.frames import DASHED, Edge

THIN = 3.0
"""An area no thicker than this, in points, looks like a line."""

_BAR = 5.0
"""The largest thickness of a line that is at least three times as long as thick."""

_LONGEST_DASH = 15.0
_WIDEST_GAP = 8.0
_LEAST_DASHES = 3
_LEAST_LINE = 2.0
_SQUARE = 1.5
"""A piece whose sides differ by less than this factor may be a dot of a line either way."""

_SAME_LEVEL = 0.8
_UNEVEN = 1.5


class TooManyLines(Exception):
    """More is drawn on a page than the ruled lines of a table."""


@dataclass(frozen=True)
class _Piece:
    """A line along an axis: its ends on it, and its position on the other axis.

    ``dot`` says that it is as thick as long, and so a line only together with others; ``gap`` is
    the gap between the dashes that it consists of, ``parts`` are the runs of dashes with equal
    gaps.
    """

    first: float
    last: float
    level: float
    dot: bool = False
    gap: float = 0.0
    parts: tuple[tuple[float, float], ...] = ()

    @property
    def length(self) -> float:
        return self.last - self.first


def ruled_lines_of(page: Page, most: int) -> list[Edge]:
    """The lines that are drawn on a page, in the library's terms; dashes are joined into one line.

    The sides of a filled area are no lines: word processors shade every line of a paragraph. Raises
    TooManyLines where there are more than ``most`` objects.
    """
    edges: list[Edge] = []
    pieces: dict[str, list[_Piece]] = {"x": [], "y": []}
    page_objects = [
        (kind, page_object)
        for kind in ("line", "rect", "curve", "image")
        for page_object in page.objects.get(kind, ())
    ]
    if len(page_objects) > most:
        raise TooManyLines
    for kind, page_object in page_objects:
        width, height = float(page_object["width"]), float(page_object["height"])
        if not _is_line(kind, page_object, width, height):
            if kind != "image" and page_object.get("stroke"):
                edges.extend(obj_to_edges(page_object))
            continue
        if max(width, height) <= _LONGEST_DASH:
            axes = _axes(width, height)
            for along in axes:
                pieces[along].append(_piece(page_object, along, dot=len(axes) > 1))
        else:
            (along,) = _axes(width, height, square=1.0)
            edges.append(_edge_of(_piece(page_object, along), along))
    joined = {along: list(_dashes_joined(found)) for along, found in pieces.items()}
    for along, across in (("x", "y"), ("y", "x")):
        edges.extend(_edge_of(_reaching(piece, joined[across]), along) for piece in joined[along])
    return [edge for edge in edges if edge["orientation"] in ("v", "h")]


def line_along(along: str, level: float, first: float, last: float) -> Edge:
    """A line along an axis ("x" or "y"), in the library's terms."""
    if along == "x":
        box = {"x0": first, "x1": last, "top": level, "bottom": level}
        return {**box, "width": last - first, "height": 0, "orientation": "h"}
    box = {"x0": level, "x1": level, "top": first, "bottom": last}
    return {**box, "width": 0, "height": last - first, "orientation": "v"}


def lines_around(box: Box) -> list[Edge]:
    """The lines around a box."""
    x0, top, x1, bottom = box
    return [
        *(line_along("x", level, x0, x1) for level in (top, bottom)),
        *(line_along("y", level, top, bottom) for level in (x0, x1)),
    ]


def _is_line(kind: str, page_object: Edge, width: float, height: float) -> bool:
    """Whether an object is drawn as a line along an axis, from end to end."""
    thick, long = sorted((width, height))
    if kind == "line":
        return thick < 0.5
    if kind == "image":
        return thick <= THIN < long
    if not page_object.get("fill") or (page_object.get("stroke") and thick > THIN):
        return False
    return thick <= THIN or (thick <= _BAR and long >= 3 * thick)


def _axes(width: float, height: float, square: float = _SQUARE) -> tuple[str, ...]:
    """The axes along which an object of that size may be a line."""
    if max(width, height) < square * min(width, height):
        return ("x", "y")
    return ("x",) if width >= height else ("y",)


def _piece(page_object: Edge, along: str, dot: bool = False) -> _Piece:
    x0, x1 = float(page_object["x0"]), float(page_object["x1"])
    top, bottom = float(page_object["top"]), float(page_object["bottom"])
    if along == "x":
        return _Piece(x0, x1, (top + bottom) / 2, dot)
    return _Piece(top, bottom, (x0 + x1) / 2, dot)


def _edge_of(piece: _Piece, along: str) -> Edge:
    edge = line_along(along, piece.level, piece.first, piece.last)
    return {**edge, DASHED: piece.parts} if piece.gap else edge


def _dashes_joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Short lines on one level; those that follow one another at equal distances are one line."""
    for row in _on_one_level(pieces):
        run: list[_Piece] = []
        for piece in sorted(row, key=lambda piece: piece.first):
            if run and not _goes_on(max(run[-2:], key=lambda one: one.last), piece):
                yield from _whole(run)
                run = []
            run.append(piece)
        yield from _whole(run)


def _on_one_level(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    row: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.level):
        if row and piece.level - row[0].level > _SAME_LEVEL:
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


def _goes_on(before: _Piece, after: _Piece) -> bool:
    gap = after.first - before.last
    return gap <= min(_WIDEST_GAP, 1 + 2 * max(before.length, after.length, 1.0))


def _whole(run: Sequence[_Piece]) -> Iterator[_Piece]:
    """The line that dashes form, or the dashes themselves where they are too few for one.

    Dots that are in no line, and pieces shorter than any ruled line, would only be joined wrongly.
    """
    if len(run) < _LEAST_DASHES:
        yield from (piece for piece in run if not piece.dot and piece.length >= _LEAST_LINE)
        return
    gap = max(0.0, *(after.first - before.last for before, after in pairwise(run)))
    level = sum(piece.level for piece in run) / len(run)
    last = max(piece.last for piece in run)
    yield _Piece(run[0].first, last, level, gap=gap, parts=tuple(_even_parts(run)))


def _even_parts(run: Sequence[_Piece]) -> Iterator[tuple[float, float]]:
    """The stretches in which the dashes of a line follow one another at equal distances."""
    gaps = [after.first - before.last for before, after in pairwise(run)]
    usual = median(gaps)
    first = run[0].first
    for gap, before, after in zip(gaps, run, run[1:], strict=False):
        if gap > _UNEVEN * usual and gap > usual + _SAME_LEVEL:
            yield first, before.last
            first = after.first
    yield first, run[-1].last


def _reaching(piece: _Piece, across: Sequence[_Piece]) -> _Piece:
    """The line of dashes, extended to the line across it that its next dash would have met."""
    if not piece.gap:
        return piece
    met = [
        other.level
        for other in across
        if other.first - piece.gap - 1 <= piece.level <= other.last + piece.gap + 1
    ]
    first = [x for x in met if piece.first - piece.gap - 1 <= x < piece.first]
    last = [x for x in met if piece.last < x <= piece.last + piece.gap + 1]
    return replace(piece, first=max(first, default=piece.first), last=min(last, default=piece.last))
