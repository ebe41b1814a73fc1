"""Whether the two readings of a cell, and its print, leave its text in doubt."""

from collections.abc import Sequence

from gongkai.converters.documents.aligned.glyphs import (
    Glyph,
    TextLine,
    has_digit,
    is_numeric,
    lines_of,
    text_of,
)
from gongkai.converters.documents.doubts import SET_OFF, STRUCK
from gongkai.converters.documents.pdf.cell_reading import (
    NOT_SEEN,
    OVERDRAWN,
    OVERPRINTED,
    READINGS_DIFFER,
    SIZES_DIFFER,
    TURNED,
    UNREADABLE,
)
from gongkai.converters.documents.pdf.compared import are_readable, other_text
from gongkai.converters.documents.pdf.ink import Seen
from gongkai.converters.documents.pdf.looks import look
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.ontology.labels import Label

_SIZES = 1.1
_RAISED = 0.08


def doubt_of(
    text: str,
    lines: Sequence[TextLine],
    glyphs: Sequence[Glyph],
    second: Sequence[Glyph],
    page: SecondPage,
    crossed: Sequence[Glyph],
) -> tuple[Label, tuple[str, ...]]:
    """The doubt of a cell, if any, and its possible texts.

    ``text`` is the text of the ``lines`` that the first reading's ``glyphs`` form; ``crossed`` are
    the glyphs of the second reading with a line drawn through them.
    """
    other = other_text(text, lines, second)
    if other is not None:
        readable = are_readable((*glyphs, *second))
        return READINGS_DIFFER if readable else UNREADABLE, (text, other)
    digits = [glyph for glyph in glyphs if has_digit(glyph.text)]
    looks = [(glyph, look(page.ink, glyph.box)) for glyph in second if _is_of_number(glyph)]
    struck = [
        glyph
        for glyph, seen in looks
        if (seen is Seen.STRUCK and not _is_flat(glyph)) or glyph in crossed
    ]
    unseen = [glyph for glyph, seen in looks if seen is Seen.NOT]
    if struck or unseen:
        rest = text_of(lines_of(_without(glyphs, (*struck, *unseen))))
        return STRUCK if struck else NOT_SEEN, (text, rest)
    reasons = (
        (UNREADABLE, not are_readable(glyphs)),
        (OVERPRINTED, any(line.overprinted for line in lines)),
        (TURNED, any(glyph.orientation for glyph in digits)),
        (SIZES_DIFFER, _sizes_differ(digits)),
        (SET_OFF, any(_is_set_off(line, second) for line in lines)),
        (OVERDRAWN, any(seen is Seen.OVERDRAWN for _, seen in looks)),
    )
    found = next((reason for reason, holds in reasons if holds), None)
    return (found, (text,)) if found else ({}, ())


def _is_of_number(glyph: Glyph) -> bool:
    return is_numeric(glyph) or has_digit(glyph.text)


def _is_flat(glyph: Glyph) -> bool:
    """Whether it is a character so low that a line through it is the character itself."""
    return not has_digit(glyph.text)


def _without(glyphs: Sequence[Glyph], left_out: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that do not stand in the places of those left out."""
    return [
        glyph
        for glyph in glyphs
        if not any(
            glyph.text == other.text
            and other.x0 - 1 <= glyph.middle[0] <= other.x1 + 1
            and glyph.top <= other.middle[1] <= glyph.bottom
            for other in left_out
        )
    ]


def _is_set_off(line: TextLine, second: Sequence[Glyph]) -> bool:
    """Whether digits of the line stand higher or lower than others of it.

    The first reading decides what is one line, the second the level on which a character stands.
    """
    feet = [
        other.foot
        for other in second
        if other.foot is not None
        and has_digit(other.text)
        and any(
            glyph.text == other.text
            and glyph.x0 - 1 <= other.middle[0] <= glyph.x1 + 1
            and glyph.top - 1 <= other.middle[1] <= glyph.bottom + 1
            for glyph in line.glyphs
        )
    ]
    return bool(feet) and max(feet) - min(feet) > _RAISED * line.size


def _sizes_differ(digits: Sequence[Glyph]) -> bool:
    sizes = [glyph.size for glyph in digits]
    return bool(sizes) and max(sizes) > _SIZES * min(sizes)
