"""Comparison of the two readings of one cell."""

from collections.abc import Iterable, Sequence

from gongkai.converters.documents.aligned.glyphs import Glyph, TextLine, bare


def other_text(text: str, lines: Sequence[TextLine], second: Sequence[Glyph]) -> str | None:
    """The second reading, where it differs from ``text``."""
    seen = bare(text)
    other = in_order(second)
    if bare(other) == seen:
        return None
    if len(lines) == 1:
        across = in_order(sorted(second, key=lambda glyph: glyph.x0))
        return None if bare(across) == seen else across
    # The order of a label's lines does not affect a number; the order of its digits does.
    same = sorted(bare(other)) == sorted(seen) and _digits(bare(other)) == _digits(seen)
    return None if same and any(character.isalpha() for character in seen) else other


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def are_readable(glyphs: Iterable[Glyph]) -> bool:
    """Whether every character is known."""
    return all(glyph.readable for glyph in glyphs)


def in_order(glyphs: Iterable[Glyph]) -> str:
    """The characters in the order of the text."""
    return "".join(glyph.text for glyph in glyphs)
