"""The words of a line, and which of them are values of a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, TextLine
from gongkai.converters.numbers import looks_like_cell

Span = tuple[float, float]
"""Where something begins and ends across the page (horizontally)."""

_WORD_GAP = 0.12
"""Words, and numbers, have a gap of more than this part of their height between them."""

_JOINED = 0.5
"""Words of one heading or label have a gap of at most this part of their line's height."""


@dataclass(frozen=True)
class Word:
    """Characters of a line with no gap between them."""

    line: TextLine

    @cached_property
    def box(self) -> Box:
        """The box of the word."""
        return self.line.box

    @property
    def span(self) -> Span:
        """Where the word begins and ends across the page."""
        return self.box[0], self.box[2]

    @property
    def middle(self) -> float:
        """How far down the page its middle is."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True)
class SplitLine:
    """A line and its words; the last ``values`` of them are numbers or marks for nothing."""

    line: TextLine
    words: tuple[Word, ...]
    values: int

    @property
    def value_words(self) -> tuple[Word, ...]:
        """The numbers, and the marks for nothing."""
        return self.words[len(self.words) - self.values :]

    @property
    def label_words(self) -> tuple[Word, ...]:
        """The words before the values."""
        return self.words[: len(self.words) - self.values]

    @property
    def is_row(self) -> bool:
        """Whether the line holds several numbers, or one apart from the words before it."""
        if self.values == 1 and self.label_words:
            gap = self.value_words[0].span[0] - self.label_words[-1].span[1]
            return gap > self.line.size
        return self.values > 1


def split_words(line: TextLine) -> SplitLine:
    """The words of a line, and how many at its end look like values."""
    words = tuple(Word(part) for part in line.split_at_gaps(_WORD_GAP))
    values = 0
    for word in reversed(words):
        if not looks_like_cell(word.line.text):
            break
        values += 1
    return SplitLine(line, words, values)


def joined(words: Sequence[Word], size: float) -> list[Word]:
    """Words of a line whose height is ``size``; words with only a narrow gap are joined."""
    parts: list[list[Glyph]] = []
    end = 0.0
    for word in words:
        if parts and word.span[0] - end <= _JOINED * size:
            parts[-1].extend(word.line.glyphs)
        else:
            parts.append(list(word.line.glyphs))
        end = word.span[1]
    return [Word(TextLine("".join(g.text for g in part), tuple(part), False)) for part in parts]


def glyphs_of(words: Sequence[Word]) -> tuple[Glyph, ...]:
    """The characters of words, one after the other."""
    return tuple(glyph for word in words for glyph in word.line.glyphs)


def top_down(words: Iterable[Word]) -> list[Word]:
    """Words in the order in which they stand below one another."""
    return sorted(words, key=lambda word: word.middle)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans overlap, at least in part."""
    return one[0] < other[1] and other[0] < one[1]
