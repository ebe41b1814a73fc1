"""Characters on a page, and the lines that they form."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in points from the upper left corner of the page as it is shown."""

SAME_PLACE = 0.3
"""Two equal characters nearer to each other than this part of their width are one character,
printed twice to look bold. Characters set side by side, however tightly, stand farther apart.
"""

OVERPRINTED = 0.6
"""Characters nearer to each other than this part of their width are printed over one another."""

_WORD_GAP = 0.4
_NUMBER_GAP = 0.25
_SEGMENT_GAP = 1.2
_NUMERIC = frozenset("0123456789０１２３４５６７８９.．,，%+-")
_UNREADABLE = re.compile(r"\(cid:\d+\)")


class Glyph(NamedTuple):
    """A character and its box; ``orientation`` is its rotation in degrees clockwise.

    For a digit, ``foot`` is the level of the baseline, where that is known; ``font`` is the name of
    its font; ``lean`` is its slant to the right as a part of its height, where an upright font is
    slanted.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    orientation: int = 0
    foot: float | None = None
    font: str = ""
    lean: float = 0.0

    @property
    def box(self) -> Box:
        """The box of the character."""
        return self.x0, self.top, self.x1, self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the box."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """The height of the box."""
        return self.bottom - self.top

    @property
    def readable(self) -> bool:
        """Whether the font says which character this is."""
        return _is_readable(self.text)


@lru_cache(maxsize=8192)
def _is_readable(text: str) -> bool:
    return not _UNREADABLE.fullmatch(text) and all(
        unicodedata.category(character) not in ("Co", "Cn", "Cs") and character != "\ufffd"
        for character in text
    )


@dataclass(frozen=True)
class TextLine:
    """A line of text: its glyphs from left to right, each one once, without white space.

    ``overprinted`` says that different characters stand in one place.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    overprinted: bool

    @cached_property
    def box(self) -> Box:
        """The box of the line."""
        return (
            self.glyphs[0].x0,
            min(glyph.top for glyph in self.glyphs),
            max(glyph.x1 for glyph in self.glyphs),
            max(glyph.bottom for glyph in self.glyphs),
        )

    @cached_property
    def size(self) -> float:
        """The usual height of its characters."""
        sizes = sorted(glyph.size for glyph in self.glyphs)
        return sizes[len(sizes) // 2]

    def segments(self) -> list["TextLine"]:
        """The line split where a space is wider than any space between words."""
        return self.split_at_gaps(_SEGMENT_GAP)

    def split_at_gaps(self, gap: float) -> list["TextLine"]:
        """The line split where a space is wider than ``gap`` times a character's height."""
        parts: list[list[Glyph]] = [[self.glyphs[0]]]
        for before, glyph in pairwise(self.glyphs):
            if glyph.x0 - before.x1 > gap * max(before.size, glyph.size):
                parts.append([])
            parts[-1].append(glyph)
        if len(parts) == 1:
            return [self]
        return [TextLine(_joined(part), tuple(part), self.overprinted) for part in parts]


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """The lines that the glyphs form, from the top down."""
    lines: list[list[Glyph]] = []
    level = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.middle[1], glyph.x0)):
        middle = glyph.middle[1]
        if not lines or middle - level > 0.5 * min(glyph.size, lines[-1][-1].size):
            lines.append([])
            level = middle
        lines[-1].append(glyph)
    made = (_line_of(line) for line in lines)
    return [line for line in made if line is not None]


def _line_of(glyphs: Sequence[Glyph]) -> TextLine | None:
    kept: list[Glyph] = []
    overprinted = False
    spaces = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.x0):
        if not glyph.text.strip():
            spaces.append(glyph)
            continue
        near = [other for other in kept[-3:] if _overlap(other, glyph)]
        if any(_is_same(other, glyph) for other in near):
            continue
        overprinted = overprinted or bool(near)
        kept.append(glyph)
    if not kept:
        return None
    return TextLine(_joined(kept, spaces), tuple(kept), overprinted)


def _overlap(one: Glyph, other: Glyph) -> bool:
    width = min(one.x1 - one.x0, other.x1 - other.x0)
    return width > 0 and other.x0 - one.x0 < OVERPRINTED * width


def _is_same(one: Glyph, other: Glyph) -> bool:
    width = min(one.x1 - one.x0, other.x1 - other.x0)
    return (
        one.text == other.text
        and abs(other.x0 - one.x0) < SAME_PLACE * width
        and abs(other.top - one.top) < SAME_PLACE * one.size
    )


def _joined(glyphs: Sequence[Glyph], spaces: Sequence[Glyph] = ()) -> str:
    """The text of glyphs in one line, with a space where one is printed or a gap is left."""
    text = [glyphs[0].text]
    waiting = iter(spaces)
    space = next(waiting, None)
    for before, glyph in pairwise(glyphs):
        printed = False
        while space is not None and space.middle[0] < glyph.middle[0]:
            printed = printed or space.middle[0] > before.middle[0]
            space = next(waiting, None)
        if is_numeric(before) and is_numeric(glyph):
            apart = not are_one_number(before, glyph)
        else:
            apart = glyph.x0 - before.x1 > _WORD_GAP * max(before.size, glyph.size)
        if printed or apart:
            text.append(" ")
        text.append(glyph.text)
    return "".join(text)


def is_numeric(glyph: Glyph) -> bool:
    """Whether the character may be part of a number."""
    return glyph.text in _NUMERIC


def are_one_number(before: Glyph, after: Glyph) -> bool:
    """Whether two characters of numbers follow each other so closely that they are one number."""
    return after.x0 - before.x1 <= _NUMBER_GAP * max(before.size, after.size)


def text_of(lines: Iterable[TextLine]) -> str:
    """The text of the lines, one below the other."""
    return "\n".join(line.text for line in lines)


def bare(text: str) -> str:
    """The form in which two readings are compared: compatibility forms folded, visible only."""
    return "".join(_visible(unicodedata.normalize("NFKC", text)))


def _visible(text: str) -> Iterator[str]:
    for character in text:
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"):
            yield character


def has_digit(text: str) -> bool:
    """Whether the text holds a digit of any kind."""
    return any(map(_is_digit, text))


@lru_cache(maxsize=8192)
def _is_digit(character: str) -> bool:
    return unicodedata.normalize("NFKC", character).isdigit()
