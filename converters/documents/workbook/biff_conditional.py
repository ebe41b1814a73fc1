"""Conditional formats of Excel 97 workbooks, which xlrd ignores ([MS-XLS] 2.4.42, 2.4.56).

Whether a condition holds is not computed here: where one may hide text or strike it out, the cells
to which it applies are in doubt.
"""

import struct
from collections.abc import Iterator, Mapping

from gongkai.converters.documents.colours import (
    BLACK,
    PAPER,
    Background,
    Colour,
    Visibility,
    visibility,
)
from gongkai.converters.documents.workbook.references import Area

_BOUND_SHEET, _BEGIN, _AREAS, _RULE, _NEW_AREAS, _NEW_RULE = (
    *(0x0085, 0x0809, 0x01B0, 0x01B1),
    *(0x0879, 0x087A),
)
_HEAD_OF_NEW = 12
_NUMBER, _FONT, _ALIGNMENT, _BORDER, _PATTERN = (1 << bit for bit in (25, 26, 27, 28, 29))
_FONT_SIZE, _STYLE_AT, _COLOUR_AT, _STRUCK = 118, 68, 80, 0x80


def open_areas(stream: bytes, colours: Mapping[int, Colour | None]) -> dict[int, list[Area]]:
    """The areas of each worksheet (by its order) whose conditional formats may hide text."""
    positions = [
        struct.unpack_from("<I", data)[0]
        for _, kind, data in _records(stream)
        if kind == _BOUND_SHEET and len(data) > 5 and data[5] == 0
    ]
    found: dict[int, list[Area]] = {}
    sheet: int | None = None
    areas: list[Area] = []
    for at, kind, data in _records(stream):
        if kind == _BEGIN:
            sheet = positions.index(at) if at in positions else None
        elif kind in (_AREAS, _NEW_AREAS):
            areas = list(_areas(data[_HEAD_OF_NEW if kind == _NEW_AREAS else 0 :]))
        elif sheet is not None and (
            kind == _NEW_RULE or (kind == _RULE and _may_hide(data, colours))
        ):
            found.setdefault(sheet, []).extend(areas)
    return found


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _areas(data: bytes) -> Iterator[Area]:
    if len(data) < 14:
        return
    (count,) = struct.unpack_from("<H", data, 12)
    for i in range(min(count, (len(data) - 14) // 8)):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, 14 + 8 * i)
        yield top + 1, left + 1, bottom + 1, right + 1


def _may_hide(data: bytes, colours: Mapping[int, Colour | None]) -> bool:
    """Whether the format of a rule may hide text, strike it out or show it differently."""
    if len(data) < 12:
        return True
    (said,) = struct.unpack_from("<I", data, 6)
    if said & _NUMBER:
        return True
    at = 12
    colour: Colour | None = None
    if said & _FONT:
        if len(data) < at + _FONT_SIZE or data[at + _STYLE_AT] & _STRUCK:
            return True
        colour = colours.get(struct.unpack_from("<I", data, at + _COLOUR_AT)[0])
        at += _FONT_SIZE
    at += 8 * bool(said & _ALIGNMENT) + 8 * bool(said & _BORDER)
    background = PAPER
    if said & _PATTERN:
        if len(data) < at + 4:
            return True
        (pattern,) = struct.unpack_from("<I", data, at)
        stated = [colours.get(pattern >> 16 & 0x7F), colours.get(pattern >> 23 & 0x7F)]
        background = (
            Background(tuple(one for one in stated if one is not None)) if any(stated) else PAPER
        )
    return visibility(colour or BLACK, background) is not Visibility.SEEN
