"""What a cell of a PDF says, where two readings of it and its print agree; its doubt elsewhere."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise

from gongkai.converters.documents.aligned.glyphs import (
    Box,
    Glyph,
    TextLine,
    are_one_number,
    bare,
    has_digit,
    is_numeric,
    lines_of,
    text_of,
)
from gongkai.converters.documents.doubts import SET_OFF, STRUCK, UNDECIDED
from gongkai.converters.documents.pdf.digit_shapes import is_a_digit, shape_of
from gongkai.converters.documents.pdf.ink import Seen
from gongkai.converters.documents.pdf.printed_digits import Printed, Verdict, digit_of
from gongkai.converters.documents.pdf.second import SecondPage
from gongkai.converters.documents.pdf.strikes import Lines
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.forms import Label

READINGS_DIFFER: Label = {
    "zh": "对该单元格的两次独立读取结果不同",
    "en": "two independent readings of the cell differ",
}
UNREADABLE: Label = {
    "zh": "字体没有说明某些字符是什么字",
    "en": "the font does not tell what some of the characters are",
}
OVERPRINTED: Label = {
    "zh": "不同的字符重叠印在一处",
    "en": "different characters are printed over one another",
}
SIZES_DIFFER: Label = {
    "zh": "数字大小不一，其中可能有注码",
    "en": "its digits are of different sizes: some may be the mark of a footnote",
}
TURNED: Label = {"zh": "数字方向倒置或横置", "en": "its digits are turned"}
NOT_SEEN: Label = {
    "zh": "文件中有该数字，但印出后看不见",
    "en": "the file holds digits here that are not seen in print",
}
CUT: Label = {
    "zh": "数字越过表格线，属于哪一单元格无法确定",
    "en": "its digits run on over the rule beside it: which cell they belong to is not sure",
}
OVERDRAWN: Label = {
    "zh": "数字上还印有其他图形",
    "en": "something else is drawn over its digits",
}
BESIDE: Label = {
    "zh": "除文字外还印有图形或图像",
    "en": "beside its text something is printed that is no text of the file",
}
OTHER_PRINT: Label = {
    "zh": "印出的数字与文件的文字层所载不同",
    "en": "other digits are printed than the text of the file names",
}
MARKED: Label = {
    "zh": "该处没有文字，但印有图形",
    "en": "there is no text here, but something is printed",
}

_SIZES = 1.1
_UNKNOWN = "?"
_LOW = 0.55
_LOW_SIGNS = frozenset(".,，．-−")
_RAISED = 0.08
_PARTED = 0.07
"""Part of its height by which a character stands farther from the one in the cell before it than
characters of one cell do, where both cells are only filled to their edges."""

_LEAST_SIZE = 4.0
"""Height of a digit, in points, that can still be read."""


@dataclass(frozen=True)
class CellReading:
    """The text of a cell; ``checked`` tells that it was compared with the second reading.

    ``digits`` are its digits as printed, where nothing else is in doubt.
    """

    text: str
    doubt: Label = field(default_factory=dict)
    readings: tuple[str, ...] = ()
    checked: bool = False
    digits: tuple[Printed, ...] = ()

    def judged(self, verdict: Verdict) -> "CellReading":
        """The same cell, in doubt where another digit is printed than the text names."""
        if not any(printed in verdict.others for printed in self.digits):
            return self
        seen = [verdict.others.get(printed, printed.digit) or _UNKNOWN for printed in self.digits]
        signs = list(bare(self.text))
        places = [i for i, sign in enumerate(signs) if digit_of(sign)]
        for i, sign in zip(places, seen, strict=False):
            signs[i] = sign
        return replace(self, doubt=OTHER_PRINT, readings=(self.text, "".join(signs)))


def read_cell(
    first: Iterable[Glyph],
    second: Sequence[Glyph],
    box: Box | None,
    page: SecondPage,
    cut: bool = False,
    drawn: Lines | None = None,
) -> CellReading:
    """The cell in ``box``, of which the two readings give these glyphs.

    Cells without a digit in either reading are not compared. Where ``box`` is None, a blank is
    not looked at in print. ``cut`` tells that a number of the cell runs on in the next;
    ``drawn`` are the lines of the page, which strike a digit out whatever is seen of them.
    """
    lines = lines_of(first)
    text = text_of(lines)
    if not text:
        return _read_blank(second, box, page)
    glyphs = [glyph for line in lines for glyph in line.glyphs]
    other = in_order(second)
    if not has_digit(other):
        if not has_digit(text):
            return _read_mark(text, second, box, page)
        if second and not are_readable(glyphs) and are_readable(second):
            # Words that the first library cannot read, and names by numbers.
            return CellReading(other)
    crossed = [
        glyph
        for glyph in second
        if drawn is not None and has_digit(glyph.text) and drawn.strike(glyph.box, box)
    ]
    doubt, readings = _doubt(text, lines, glyphs, second, page, crossed)
    if not doubt:
        doubt, readings = _doubt_of_place(text, box or _around(glyphs), page)
    number = looks_like_cell(text.replace(" ", ""))  # It may be letter-spaced.
    if not doubt and box is not None and number and _has_more(box, second, page):
        doubt, readings = BESIDE, (text,)
    if not doubt and number and _is_other_print(second, page):
        doubt, readings = OTHER_PRINT, (text,)
    if cut and not doubt:
        doubt = CUT
    digits = _printed(second, page) if number and not doubt else ()
    return CellReading(text, doubt, readings, checked=True, digits=digits)


def _is_other_print(second: Sequence[Glyph], page: SecondPage) -> bool:
    """Whether a sign that is no digit is printed as one, or a digit as a sign of another height."""
    pictures = [(glyph, page.ink.shape(glyph.box)) for glyph in second]
    digits = [
        picture.height
        for glyph, picture in pictures
        if picture and digit_of(glyph.text) is not None
    ]
    tall = max(digits, default=0)
    for glyph, picture in pictures:
        if picture is None:
            continue
        if digit_of(glyph.text) is not None:
            if picture.height < _LOW * tall:
                return True
        elif glyph.text in _LOW_SIGNS and digits:
            if picture.height > _LOW * tall:
                return True
        elif glyph.text not in "%()" and is_a_digit(shape_of(picture)):
            return True
    return False


def _printed(second: Sequence[Glyph], page: SecondPage) -> tuple[Printed, ...]:
    """What is printed for the digits of a cell, in their order."""
    found = []
    for line in lines_of(second):
        for glyph in line.glyphs:
            digit = digit_of(glyph.text)
            picture = page.ink.shape(glyph.box) if digit else None
            if digit and picture:
                found.append(Printed(digit, glyph.font, shape_of(picture)))
    return tuple(found)


def _read_mark(
    text: str, second: Sequence[Glyph], box: Box | None, page: SecondPage
) -> CellReading:
    """A cell without a digit; one that says that there is nothing must show nothing more."""
    if box is None or not looks_like_cell(text):
        return CellReading(text)
    doubt, readings = _doubt_of_place(text, box, page)
    if not doubt and _has_more(box, second, page):
        doubt, readings = BESIDE, (text,)
    if not doubt and _is_other_print(second, page):
        doubt, readings = OTHER_PRINT, (text,)
    return CellReading(text, doubt, readings, checked=bool(doubt))


def read_open_blank(box: Box, page: SecondPage) -> CellReading:
    """A cell without text and without rules around it, into which its neighbours may reach."""
    drawn = page.ink.has_drawing(box)
    return CellReading("", MARKED, ("",), checked=True) if drawn else CellReading("")


def _read_blank(second: Sequence[Glyph], box: Box | None, page: SecondPage) -> CellReading:
    if second:
        other = in_order(second)
        return CellReading("", READINGS_DIFFER, ("", other), checked=True)
    if box is None:
        return CellReading("")
    doubt, readings = _doubt_of_place("", box, page)
    if not doubt and page.ink.has_mark(box):
        doubt, readings = MARKED, ("",)
    return CellReading("", doubt, readings, checked=bool(doubt))


def _doubt_of_place(text: str, box: Box, page: SecondPage) -> tuple[Label, tuple[str, ...]]:
    """Whether an annotation stands there that some show and others do not."""
    notes = page.undrawn(box)
    return (UNDECIDED, (text, *notes)) if notes else ({}, ())


def _around(glyphs: Sequence[Glyph]) -> Box:
    lefts, tops, rights, bottoms = zip(*(glyph.box for glyph in glyphs), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _has_more(box: Box, second: Sequence[Glyph], page: SecondPage) -> bool:
    """Whether the cell shows something as high as a digit that is no character."""
    size = max((*(glyph.size for glyph in second), _LEAST_SIZE))
    if not page.ink.has_mark(box, [glyph.box for glyph in second], size):
        return False
    # It may be a text of the next cell that is too long for that.
    near = [
        glyph.box
        for glyph in (*page.glyphs, *page.invisible)
        if glyph.x1 > box[0] and glyph.x0 < box[2] and glyph.bottom > box[1] and glyph.top < box[3]
    ]
    return page.ink.has_mark(box, near, size)


def _doubt(
    text: str,
    lines: Sequence[TextLine],
    glyphs: Sequence[Glyph],
    second: Sequence[Glyph],
    page: SecondPage,
    crossed: Sequence[Glyph],
) -> tuple[Label, tuple[str, ...]]:
    other = _other(text, lines, second)
    if other is not None:
        readable = are_readable((*glyphs, *second))
        return READINGS_DIFFER if readable else UNREADABLE, (text, other)
    digits = [glyph for glyph in glyphs if has_digit(glyph.text)]
    looks = [(glyph, page.ink.look(glyph.box)) for glyph in second if _is_of_number(glyph)]
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
        (TURNED, any(glyph.turn for glyph in digits)),
        (SIZES_DIFFER, _sizes_differ(digits)),
        (SET_OFF, any(_is_set_off(line, second) for line in lines)),
        (OVERDRAWN, any(seen is Seen.OVERDRAWN for _, seen in looks)),
    )
    found = next((reason for reason, holds in reasons if holds), None)
    return (found, (text,)) if found else ({}, ())


def _is_of_number(glyph: Glyph) -> bool:
    return is_numeric(glyph) or has_digit(glyph.text)


def _is_flat(glyph: Glyph) -> bool:
    """Whether it is a sign so low that a line through it is the sign itself."""
    return not has_digit(glyph.text)


def _without(glyphs: Sequence[Glyph], left_out: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs that do not stand where those left out do."""
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

    The first reading tells what is one line, the second the level that a character stands on.
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


def _other(text: str, lines: Sequence[TextLine], second: Sequence[Glyph]) -> str | None:
    """The second reading, where it is another than ``text``."""
    seen = bare(text)
    other = in_order(second)
    if bare(other) == seen:
        return None
    if len(lines) == 1:
        across = in_order(sorted(second, key=lambda glyph: glyph.x0))
        return None if bare(across) == seen else across
    # The order of a label's lines is nothing that a number hangs on; that of its digits is.
    same = sorted(bare(other)) == sorted(seen) and _digits(bare(other)) == _digits(seen)
    return None if same and any(sign.isalpha() for sign in seen) else other


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def are_readable(glyphs: Iterable[Glyph]) -> bool:
    """Whether every character is known."""
    return all(glyph.readable for glyph in glyphs)


def cut_boxes(
    inside: Mapping[tuple[int, int], Sequence[Glyph]], outside: Sequence[Glyph]
) -> set[tuple[int, int]]:
    """The boxes of tables whose number runs on over a rule, into the next one or ``outside``."""
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
                    if owner[id(pair[0])] == owner[id(pair[1])] and are_one_number(*pair)
                ]
                if not beside or _gap(pairs[i]) < max(beside) + _PARTED * after.size:
                    cut |= keys
    return {key for key in cut if key is not None}


def _gap(pair: tuple[Glyph, Glyph]) -> float:
    return pair[1].x0 - pair[0].x1


def in_order(glyphs: Iterable[Glyph]) -> str:
    """The characters as they follow one another."""
    return "".join(glyph.text for glyph in glyphs)


def _sizes_differ(digits: Sequence[Glyph]) -> bool:
    sizes = [glyph.size for glyph in digits]
    return bool(sizes) and max(sizes) > _SIZES * min(sizes)


class Nearby:
    """Glyphs of the second reading, to be found by where they stand."""

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
