"""The words outside the tables of a page: ink without gaps, whether it can be read or not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from gongkai.converters.documents.scan.agreement import is_value
from gongkai.converters.documents.scan.cells import read_shared
from gongkai.converters.documents.scan.engines import RecognitionEngines, coloured
from gongkai.converters.documents.scan.ink import SPECK, darkest_paper, parts_of
from gongkai.converters.documents.scan.ruled_lines import PixelBox, around
from gongkai.converters.documents.scan.text import found_lines

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_GAP = 0.36
_BESIDE = 0.5
_INSIDE = 0.5
"""Words have a gap of more than this part of a character's height. A part of ink belongs to a line
that stands beside so much of its height; to a line that was found, if so much of it is inside.
"""

_TALL = 2.5
_SPECK = 0.25
"""In parts of a character's height: what is higher is no text; what is smaller both ways is a
point.
"""

_INKED, _DIGIT = 0.9, 0.72
"""How high the ink of a line of Chinese characters is, and of digits, in parts of their height."""

_LONG = 4

_CHARACTER = 0.9
_WHITE_AFTER = tuple("，。、；：）》”,;:)")
_WHITE_BEFORE = tuple("（《“(")
"""Punctuation with white beside it, and the part of that white in the gap, with that between words.
"""

_SHORT = 2.5
"""Words of few characters may be numbers that one engine takes for letters: both read them."""


@dataclass(frozen=True)
class PageWord:
    """A word: its box, its text, and whether it may be a value."""

    box: PixelBox
    text: str
    value: bool


@dataclass(frozen=True)
class PageWords:
    """The words of a page, the height of its characters, and ink that is too high for text."""

    words: tuple[PageWord, ...]
    size: float
    tall: tuple[PixelBox, ...]


def ink_words(
    page: "Picture", unit: float, engines: RecognitionEngines
) -> tuple[list[PixelBox], float, list[PixelBox]]:
    """The boxes of words on a page, the height of a character, and of ink too high for text."""
    import cv2

    paper = darkest_paper(page)
    parts = parts_of(cv2.GaussianBlur(page, (3, 3), 0), paper, SPECK * unit**2)
    found = found_lines(page, engines)
    inside, others = _shared_out(parts, found)
    size = _size([around(line) for line in inside])
    tall = [part for part in parts if part.height > _TALL * size]
    lines = [[part for part in line if part not in tall] for line in inside]
    words = [word for line in lines for word in _split_at_gaps(line, _GAP * size)]
    words = _with_others([part for part in others if part not in tall], words, size)
    return [word for word in words if max(word.width, word.height) > _SPECK * size], size, tall


def read_words(
    page: "Picture", boxes: Sequence[PixelBox], size: float, engines: RecognitionEngines
) -> list[PageWord]:
    """The texts of the words at some places; ``size`` is the height of a character."""
    pictures = [coloured(_around_line(page, box)) for box in boxes]
    first = read_shared(engines.first, pictures)
    doubtful = [
        i
        for i, heard in enumerate(first)
        if not _may_be_value(heard.text) and boxes[i].width < _SHORT * boxes[i].height
    ]
    again = read_shared(engines.second, [pictures[i] for i in doubtful])
    numbers = {i for i, heard in zip(doubtful, again, strict=True) if _may_be_value(heard.text)}
    words = [
        PageWord(box, heard.text.strip(), i in numbers or _may_be_value(heard.text))
        for i, (box, heard) in enumerate(zip(boxes, first, strict=True))
    ]
    return _joined_at_characters(words, size)


def _joined_at_characters(words: Sequence[PageWord], size: float) -> list[PageWord]:
    """The words; those separated only by the white of a punctuation mark are joined."""
    made: list[PageWord] = []
    for word in sorted(words, key=lambda word: word.box):
        for i, before in enumerate(made):
            if _is_one_word(before, word, size):
                box = around([before.box, word.box])
                made[i] = PageWord(box, before.text + word.text, False)
                break
        else:
            made.append(word)
    return made


def _is_one_word(one: PageWord, other: PageWord, size: float) -> bool:
    beside = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    if not 0 < other.box.left - one.box.right < _CHARACTER * size or beside <= 0:
        return False
    if _is_number(one) or _is_number(other):
        return False
    #: One that may be a value is the number of a heading, as in 一、 and （一）.
    return one.value or one.text.endswith(_WHITE_AFTER) or other.text.startswith(_WHITE_BEFORE)


def _is_number(word: PageWord) -> bool:
    return word.value and (not word.text or any("0" <= character <= "9" for character in word.text))


def _may_be_value(text: str) -> bool:
    return not text.strip() or is_value(text)


def _around_line(page: "Picture", box: PixelBox) -> "Picture":
    pad = max(3, round(0.2 * box.height))
    return page[max(box.top - pad, 0) : box.bottom + pad, max(box.left - pad, 0) : box.right + pad]


def _shared_out(
    parts: Sequence[PixelBox], found: Sequence[PixelBox]
) -> tuple[list[list[PixelBox]], list[PixelBox]]:
    """The parts of ink by the line that each is in, and those that are in none."""
    lines: list[list[PixelBox]] = [[] for _ in found]
    others = []
    for part in parts:
        shares = [_share(part, line) for line in found]
        best = max(range(len(found)), key=shares.__getitem__, default=None)
        if best is None or shares[best] < _INSIDE:
            others.append(part)
        else:
            lines[best].append(part)
    return [line for line in lines if line], others


def _size(lines: Sequence[PixelBox]) -> float:
    """The height of a character: that of lines too long to be numbers, if there are any."""
    long = [line.height / _INKED for line in lines if line.width > _LONG * line.height]
    return median(long or [line.height / _DIGIT for line in lines] or [1.0])


def _share(part: PixelBox, line: PixelBox) -> float:
    across = min(part.right, line.right) - max(part.left, line.left)
    down = min(part.bottom, line.bottom) - max(part.top, line.top)
    return across * down / (part.width * part.height) if across > 0 and down > 0 else 0.0


def _split_at_gaps(line: Sequence[PixelBox], gap: float) -> Iterator[PixelBox]:
    """The words of a line: the boxes of parts with no wider gap between them."""
    word: list[PixelBox] = []
    for part in sorted(line):
        if word and part.left - max(other.right for other in word) > gap:
            yield around(word)
            word = []
        word.append(part)
    if word:
        yield around(word)


def _with_others(
    others: Sequence[PixelBox], words: Sequence[PixelBox], size: float
) -> list[PixelBox]:
    """The words, extended by other parts, and the words that only other parts form."""
    made = list(words)
    for part in sorted(others):
        near = [i for i, word in enumerate(made) if _goes_on(word, part, size)]
        joint = around([part, *(made[i] for i in near)])
        made = [word for i, word in enumerate(made) if i not in near] + [joint]
    return made


def _goes_on(word: PixelBox, part: PixelBox, size: float) -> bool:
    gap = max(word.left - part.right, part.left - word.right)
    beside = min(word.bottom, part.bottom) - max(word.top, part.top)
    return gap <= _GAP * size and beside >= _BESIDE * min(part.height, word.height)
