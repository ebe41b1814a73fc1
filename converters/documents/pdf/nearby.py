"""Lookup of glyphs by their position."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from gongkai.converters.documents.aligned.glyphs import Box, Glyph


class Nearby:
    """Glyphs of the second reading, looked up by their position."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        """Take the glyphs in the order of the reading."""
        order = sorted(range(len(glyphs)), key=lambda i: glyphs[i].middle[1])
        self._glyphs = glyphs
        self._order = order
        self._levels = [glyphs[i].middle[1] for i in order]

    def within(self, box: Box) -> list[Glyph]:
        """The glyphs whose middle is in the box, in the order of the reading."""
        first, last = bisect_left(self._levels, box[1]), bisect_right(self._levels, box[3])
        found = sorted(self._order[first:last])
        return [self._glyphs[i] for i in found if box[0] <= self._glyphs[i].middle[0] <= box[2]]
