"""What is printed in a cell beside, or for, the characters of its text."""

from collections.abc import Iterable, Mapping, Sequence

from PIL import Image

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, lines_of
from gongkai.converters.documents.pdf.digit_shapes import is_a_digit, shape_of
from gongkai.converters.documents.pdf.marks import has_mark
from gongkai.converters.documents.pdf.printed_digits import PrintedDigit, digit_of
from gongkai.converters.documents.pdf.second_page import SecondPage

_LOW = 0.55
_LOW_CHARACTERS = frozenset(".,，．-−")
_LEAST_SIZE = 4.0
"""The least height of a readable digit, in points."""


Pictures = Mapping[Glyph, Image.Image | None]
"""By character, its printed ink; None where there is none."""


def pictures_of(second: Iterable[Glyph], page: SecondPage) -> Pictures:
    """The printed ink of the characters of a cell."""
    return {glyph: page.ink.shape(glyph.box, glyph.lean) for glyph in second}


def is_other_print(pictures: Pictures) -> bool:
    """Whether a non-digit is printed as a digit, or a digit as a character of another height."""
    digits = [
        picture.height
        for glyph, picture in pictures.items()
        if picture and digit_of(glyph.text) is not None
    ]
    tall = max(digits, default=0)
    for glyph, picture in pictures.items():
        if picture is None:
            continue
        if digit_of(glyph.text) is not None:
            if picture.height < _LOW * tall:
                return True
        elif glyph.text in _LOW_CHARACTERS and digits:
            if picture.height > _LOW * tall:
                return True
        elif glyph.text not in "%()" and is_a_digit(shape_of(picture)):
            return True
    return False


def printed_in(pictures: Pictures) -> tuple[PrintedDigit, ...]:
    """The printed ink of the digits of a cell, in their order."""
    found = []
    for line in lines_of(pictures):
        for glyph in line.glyphs:
            digit, picture = digit_of(glyph.text), pictures[glyph]
            if digit and picture:
                found.append(PrintedDigit(digit, glyph.font, shape_of(picture)))
    return tuple(found)


def has_more(box: Box, second: Sequence[Glyph], page: SecondPage) -> bool:
    """Whether the cell shows something as high as a digit that is no character."""
    size = max((*(glyph.size for glyph in second), _LEAST_SIZE))
    if not has_mark(page.ink, box, [glyph.box for glyph in second], size):
        return False
    # It may be a text of the next cell that is too long for that cell.
    near = [
        glyph.box
        for glyph in (*page.glyphs, *page.invisible)
        if glyph.x1 > box[0] and glyph.x0 < box[2] and glyph.bottom > box[1] and glyph.top < box[3]
    ]
    return has_mark(page.ink, box, near, size)
