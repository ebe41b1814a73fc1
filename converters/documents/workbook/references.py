"""References to cells and ranges of a sheet, as in B2 and B2:D9."""

import re

from gongkai.converters.documents.workbook.sheets import Position

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def column_letters(column: int) -> str:
    """The letters of a column counted from 1, as in AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def position_of(reference: str) -> Position | None:
    """The row and column of a reference to a cell; None for anything else."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def area_of(reference: str) -> Area | None:
    """The area of a reference to a cell or a range; None for anything else."""
    first, _, last = reference.partition(":")
    top, bottom = position_of(first), position_of(last or first)
    return None if top is None or bottom is None else (*top, *bottom)


def is_within(position: Position, area: Area) -> bool:
    """Whether a cell is in an area."""
    return area[0] <= position[0] <= area[2] and area[1] <= position[1] <= area[3]
