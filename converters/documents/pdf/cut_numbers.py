"""Numbers that continue across a ruled line, from one cell of a table into the next."""

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

from gongkai.converters.documents.aligned.glyphs import Glyph, are_one_number, is_numeric, lines_of

_PARTED = 0.07
"""The gap, as a part of its height, by which a character stands farther from the one in the cell
before it than characters of one cell do, where both cells are only filled to their edges.
"""

_OVERLAP = 0.05
"""Characters that overlap more than this part of their height are of numbers that run into one
another, and do not tell how close the characters of one number are.
"""


def cut_boxes(
    inside: Mapping[tuple[int, int], Sequence[Glyph]], outside: Sequence[Glyph]
) -> set[tuple[int, int]]:
    """The boxes of tables whose number continues across a line, into the next or ``outside``."""
    owner: dict[int, tuple[int, int] | None] = {id(glyph): None for glyph in outside}
    owner |= {id(glyph): key for key, glyphs in inside.items() for glyph in glyphs}
    cut: set[tuple[int, int] | None] = set()
    everything = chain(outside, *inside.values())
    for line in lines_of(glyph for glyph in everything if is_numeric(glyph)):
        pairs = list(pairwise(line.glyphs))
        for i, (before, after) in enumerate(pairs):
            keys = {owner[id(before)], owner[id(after)]}
            if len(keys) > 1 and are_one_number(before, after):
                beside = [
                    _gap(pair)
                    for pair in (*pairs[max(i - 1, 0) : i], *pairs[i + 1 : i + 2])
                    if owner[id(pair[0])] == owner[id(pair[1])]
                    and are_one_number(*pair)
                    and _gap(pair) >= -_OVERLAP * pair[1].size
                ]
                if not beside or _gap(pairs[i]) < max(beside) + _PARTED * after.size:
                    cut |= keys
    return {key for key in cut if key is not None}


def _gap(pair: tuple[Glyph, Glyph]) -> float:
    return pair[1].x0 - pair[0].x1
