"""Which digits pictures of single characters show, by recognition: both engines must agree.

Engines are made for lines of text; so each picture is given to them as a line of the same
character.
"""

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from gongkai.converters.documents.scan.engines import Heard, coloured, load_engines

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_TIMES = 5
_LEAST_TIMES = 3
"""How often the character is read at least: engines may take two for one, but not most of them."""

_LEAST_SURE = 0.6
"""Lower than for lines of text: that all of them are read alike is surer than a score."""

_HEIGHT = 40
"""In pixels, like the space between the characters and that around them."""

_GAP = 12
_MARGIN = 14

_LETTERS = str.maketrans("OoQlI|", "000111")
"""Letters and signs with which a digit in a line without context may be confused."""


def recognise_digits(pictures: Sequence[Image.Image]) -> list[str | None]:
    """The digit that each picture, in black on white, shows; None where that is not sure.

    Raises UnreadableSource where the extra ``ocr`` is not installed.
    """
    engines = load_engines()
    lines = [_line(picture) for picture in pictures]
    pairs = zip(engines.first(lines), engines.second(lines), strict=True)
    return [_agreed(one, other) for one, other in pairs]


def _line(picture: Image.Image) -> "Picture":
    """A line of the character repeated a few times."""
    import numpy as np

    width = max(1, round(picture.width * _HEIGHT / picture.height))
    character = picture.convert("L").resize((width, _HEIGHT), Image.Resampling.BICUBIC)
    step = width + _GAP
    line = Image.new("L", (_TIMES * step - _GAP + 2 * _MARGIN, _HEIGHT + 2 * _MARGIN), 255)
    for i in range(_TIMES):
        line.paste(character, (_MARGIN + i * step, _MARGIN))
    return coloured(np.asarray(line))


def _agreed(one: Heard, other: Heard) -> str | None:
    if min(one.score, other.score) < _LEAST_SURE:
        return None
    folded = [unicodedata.normalize("NFKC", heard.text) for heard in (one, other)]
    texts = ["".join(text.split()).translate(_LETTERS) for text in folded]
    characters = set("".join(texts))
    if len(characters) != 1 or min(map(len, texts)) < _LEAST_TIMES:
        return None
    (character,) = characters
    return character if character in "0123456789" else None
