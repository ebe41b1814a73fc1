"""Figures in the running text of a page that are struck out, hidden or drawn over.

Such a figure is no statement of the report: its characters are replaced so that nobody takes them
for digits. Only counts are examined (digits with a measure word): nothing else in a text is
compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from pdfplumber.page import Page

from gongkai.converters.documents.aligned.glyphs import Box, Glyph, TextLine
from gongkai.converters.documents.doubts import STROKE, UNKNOWN
from gongkai.converters.documents.pdf.ink import Seen
from gongkai.converters.documents.pdf.looks import look
from gongkai.converters.documents.pdf.nearby import Nearby
from gongkai.converters.documents.pdf.second_page import SecondPage
from gongkai.converters.documents.pdf.strikes import DrawnLines
from gongkai.converters.numbers import COUNT_WORDS

_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿")
_BETWEEN = frozenset(".,，．余多来")
_MEASURES = frozenset(word[0] for word in COUNT_WORDS) | frozenset("笔")
_STATING = frozenset("为是")
"""What stands before a 0 without a measure word."""

_SIZES = 1.1
_RAISED = 0.08
_FLAT = frozenset("一")
"""For these, a line through the character is the character itself."""


_MOST_DRAWN = 300
"""Where more is drawn on a page, objects are not tested one by one for touching a figure."""


@dataclass(frozen=True)
class PagePrint:
    """How the characters of a page's text are printed.

    ``first`` is the page in the first library, ``corner`` where it begins in its coordinates;
    ``nearby`` and ``unseen`` are the characters of the second one.
    """

    page: SecondPage
    nearby: Nearby
    unseen: Nearby
    drawn: DrawnLines
    first: Page
    corner: tuple[float, float]

    @cached_property
    def _page_objects(self) -> list[dict[str, Any]]:
        kinds = ("line", "rect", "curve", "image")
        return [page_object for kind in kinds for page_object in self.first.objects.get(kind, ())]

    def may_touch(self, box: Box) -> bool:
        """Whether something that is no text may lie over or under the box."""
        left, top = self.corner
        return len(self._page_objects) > _MOST_DRAWN or any(
            page_object["x0"] - left < box[2]
            and box[0] < page_object["x1"] - left
            and page_object["top"] - top < box[3]
            and box[1] < page_object["bottom"] - top
            for page_object in self._page_objects
        )


def with_doubts(line: TextLine, print_: PagePrint) -> TextLine:
    """The line, with marks on its figures that are not clearly seen."""
    characters = {
        i: character
        for run in _counts(line.glyphs)
        for i, character in _doubtful(line.glyphs, run, print_)
    }
    return replace(line, text=_written(line, characters)) if characters else line


def _counts(glyphs: Sequence[Glyph]) -> Iterator[range]:
    """The runs of characters that may be a count."""
    start = 0
    while start < len(glyphs):
        if not _is_figure(glyphs[start]):
            start += 1
            continue
        end = start + 1
        while end < len(glyphs) and (_is_figure(glyphs[end]) or glyphs[end].text in _BETWEEN):
            end += 1
        measured = end == len(glyphs) or glyphs[end].text in _MEASURES
        if measured or (start and glyphs[start - 1].text in _STATING):
            yield range(start, end)
        start = end


def _is_figure(glyph: Glyph) -> bool:
    return glyph.text.isdigit() or glyph.text in _NUMERALS


def _doubtful(glyphs: Sequence[Glyph], run: range, print_: PagePrint) -> Iterator[tuple[int, str]]:
    """The characters of a figure that are not clearly seen, each with its replacement."""
    digits = [i for i in run if glyphs[i].text.isdigit()]
    others = {i: print_.nearby.within(glyphs[i].box) for i in run}
    if _are_set_off([glyphs[i] for i in digits], chain(*(others[i] for i in digits))):
        yield from ((i, UNKNOWN) for i in digits)
        return
    for i in run:
        seen = _seen(glyphs[i], others[i], print_)
        if seen is Seen.STRUCK and glyphs[i].text not in _FLAT:
            yield i, glyphs[i].text + STROKE
        elif seen is not Seen.PLAINLY and seen is not Seen.STRUCK:
            yield i, UNKNOWN


def _seen(glyph: Glyph, others: Sequence[Glyph], print_: PagePrint) -> Seen:
    if not others:
        return Seen.NOT if print_.unseen.within(glyph.box) else Seen.PLAINLY
    box: Box = others[0].box
    if print_.drawn.strike(box, None):
        return Seen.STRUCK
    page = print_.page
    if page.is_drawn or page.may_be_hidden(box) or print_.may_touch(box):
        return look(page.ink, box)
    return Seen.PLAINLY


def _are_set_off(digits: Sequence[Glyph], others: Iterator[Glyph]) -> bool:
    """Whether some digits of a figure are smaller than others, or stand higher or lower."""
    sizes = [glyph.size for glyph in digits]
    feet = [glyph.foot for glyph in others if glyph.foot is not None and glyph.text.isdigit()]
    if sizes and max(sizes) > _SIZES * min(sizes):
        return True
    return bool(feet) and max(feet) - min(feet) > _RAISED * max(sizes)


def _written(line: TextLine, characters: dict[int, str]) -> str:
    """The text of the line, with ``characters`` in place of those of its glyphs."""
    text, at = [], 0
    for i, glyph in enumerate(line.glyphs):
        begin = line.text.index(glyph.text, at)
        text.append(line.text[at:begin])
        text.append(characters.get(i, glyph.text))
        at = begin + len(glyph.text)
    return "".join(text) + line.text[at:]
