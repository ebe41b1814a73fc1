"""Text outside tables: from lines on a page to paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.documents.scan.agreement import UNREADABLE, bare, figures
from gongkai.converters.documents.scan.cells import read_shared
from gongkai.converters.documents.scan.engines import Heard, RecognitionEngines, coloured
from gongkai.converters.documents.scan.ink import darkest_paper
from gongkai.converters.documents.scan.ruled_lines import PixelBox
from gongkai.converters.documents.scan.sides import PAPER
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

if TYPE_CHECKING:
    from numpy import ndarray as Picture

_FOUND_AT = 1400
"""Pixels of the long side at which lines are searched for: enough for that, and quick."""

_READABLE = 0.5
_HEADING = re.compile(
    r"[一二三四五六七八九十]+\s*[、.．]|[(（][一二三四五六七八九十]+[)）]"
    r"|[0-9]{1,2}\s*[.．、](?![0-9])"
)
_PAGE_NUMBER = re.compile(
    r"[-‐–—―一·.\s]*[0-9]{1,3}[-‐–—―一·.\s]*|第?\s*[0-9]{1,3}\s*页?\s*[,，/]?\s*共?\s*[0-9]{1,3}\s*页"
    r"|第\s*[0-9]{1,3}\s*页"
)
_MARGIN = 0.1
_LARGE = 1.25
"""Letters so many times as high as most belong to a title."""

_VALUE = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[-‐–—―一\ufffd]")
_FEWEST_VALUES = 3
_FEWEST_ROWS = 3
"""The least number of values beside one another in a row of a table, and of rows in a table."""

_ONE_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


@dataclass(frozen=True)
class PrintedLine:
    """A line of text: its text and its place on the page."""

    text: str
    box: PixelBox


@dataclass(frozen=True)
class Paragraph:
    """A text block and the level of its top on the page.

    ``begun`` says that it may continue the end of the page before, ``open`` that it may continue on
    the next page.
    """

    block: TextBlock
    top: int
    begun: bool
    open: bool


def read_lines(
    page: "Picture", tables: Sequence[PixelBox], engines: RecognitionEngines
) -> tuple[list[PrintedLine], list[Label]]:
    """The lines of a page outside its tables from the top down, and what could not be read.

    A line with figures is read by both engines; a number in which they differ becomes U+FFFD in the
    text.
    """
    left = page.copy()
    for box in tables:
        left[box.top : box.bottom, box.left : box.right] = PAPER
    if not (left < darkest_paper(page)).any():
        return [], []
    found = _in_lines(found_lines(left, engines))
    pictures = [coloured(_with_margin(left, box)) for line in found for box in line]
    first = read_shared(engines.first, pictures)
    doubtful = [i for i, heard in enumerate(first) if figures(heard.text) or _brief(heard.text)]
    again = read_shared(engines.second, [pictures[i] for i in doubtful])
    second = dict(zip(doubtful, again, strict=True))
    lines, notes, number = [], [], 0
    for boxes in found:
        parts = []
        for box in boxes:
            heard = first[number]
            text = _settled(heard, second.get(number))
            if heard.score < _READABLE:
                notes.append(_unread(heard))
            elif bare(heard.text):
                parts.append(PrintedLine(text, box))
                if UNREADABLE in text:
                    notes.append(_differ(heard.text, second[number].text))
            number += 1
        if parts:
            lines.append(_joined(parts))
    return lines, notes


def show_columns(lines: Sequence[PrintedLine]) -> bool:
    """Whether lines outside a page's tables are rows of numbers: a table without ruled lines."""
    rows = [line for line in lines if len(_values(line.text)) >= _FEWEST_VALUES]
    return len(rows) >= _FEWEST_ROWS


def _values(text: str) -> list[str]:
    return [part for part in text.split() if _VALUE.fullmatch(part)]


def _brief(text: str) -> bool:
    return len(bare(text)) <= 2


def _settled(first: Heard, second: Heard | None) -> str:
    """The first reading, with numbers unreadable where the second has others."""
    text = first.text.strip()
    if second is None or figures(text) == figures(second.text):
        return text
    others = _ONE_NUMBER.findall(bare(second.text))
    mine = _ONE_NUMBER.findall(bare(text))
    same = len(mine) == len(others)
    keep = [same and one == other for one, other in zip(mine, others, strict=same)]
    numbers = iter([*keep, *[False] * len(mine)])
    return _ONE_NUMBER.sub(lambda met: met[0] if next(numbers, False) else UNREADABLE, text)


def _unread(heard: Heard) -> Label:
    return translations("documents.scan.text_unread", text=heard.text)


def _differ(one: str, other: str) -> Label:
    return translations("documents.scan.figure_in_text", one=one, other=other)


def found_lines(page: "Picture", engines: RecognitionEngines) -> list[PixelBox]:
    """The boxes of lines on a page, found on a smaller picture of it, in no order."""
    import cv2

    scale = min(1.0, _FOUND_AT / max(page.shape))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return [
        PixelBox(*(round(value / scale) for value in box)) for box in engines.find(coloured(small))
    ]


def _with_margin(page: "Picture", box: PixelBox) -> "Picture":
    pad = round(0.08 * box.height)
    return page[max(box.top - pad, 0) : box.bottom + pad, max(box.left - pad, 0) : box.right + pad]


def _in_lines(boxes: Sequence[PixelBox]) -> list[list[PixelBox]]:
    """Boxes at one height form one line, from left to right."""
    lines: list[list[PixelBox]] = []
    for box in sorted(boxes, key=lambda box: box.top + box.bottom):
        middle = (box.top + box.bottom) / 2
        if lines and all(other.top < middle < other.bottom for other in lines[-1]):
            lines[-1].append(box)
        else:
            lines.append([box])
    return [sorted(line) for line in lines]


def _joined(parts: Sequence[PrintedLine]) -> PrintedLine:
    text = parts[0].text
    for before, part in pairwise(parts):
        wide = part.box.left - before.box.right > before.box.height
        text += (" " if wide else "") + part.text
    return PrintedLine(
        text,
        PixelBox(
            parts[0].box.left,
            min(part.box.top for part in parts),
            max(part.box.right for part in parts),
            max(part.box.bottom for part in parts),
        ),
    )


def paragraphs(
    lines: Sequence[PrintedLine], tables: Sequence[PixelBox], height: int, number: int
) -> list[Paragraph]:
    """The lines joined to paragraphs, without page numbers.

    A new one begins at a heading or numbering, an indent, a wider space, a table or another letter
    size, and after a line that ends early.
    """
    kept = [
        line
        for line in lines
        if not (
            _PAGE_NUMBER.fullmatch(line.text.strip())
            and not _MARGIN * height < (line.box.top + line.box.bottom) / 2 < (1 - _MARGIN) * height
        )
    ]
    if not kept:
        return []
    column = _Column(
        sorted(line.box.left for line in kept)[len(kept) // 10],
        max(line.box.right for line in kept),
        median(line.box.height for line in kept),
    )
    groups = [[kept[0]]]
    for before, line in pairwise(kept):
        between = any(before.box.top < box.top < line.box.top for box in tables)
        if between or _begins(before, line, column):
            groups.append([])
        groups[-1].append(line)
    return [_paragraph(group, column, number) for group in groups]


@dataclass(frozen=True)
class _Column:
    """The edges of the text on a page and the usual height of its lines."""

    left: int
    right: int
    size: float

    def new(self, line: PrintedLine) -> bool:
        """Whether a line is a heading, numbered or indented."""
        indented = line.box.left - self.left > 1.3 * self.size
        return indented or _HEADING.match(line.text) is not None

    def full(self, line: PrintedLine) -> bool:
        """Whether a line extends to the edge."""
        return line.box.right > self.right - 2.2 * self.size


def _begins(before: PrintedLine, line: PrintedLine, column: _Column) -> bool:
    """Whether a paragraph begins with ``line``, which stands below ``before``."""
    smaller = min(line.box.height, before.box.height)
    if smaller > _LARGE * column.size and line.box.top - before.box.bottom < smaller:
        return column.new(line) and line.box.left - column.left < column.size  # Otherwise a title.
    near = line.box.top - before.box.bottom <= 0.9 * column.size
    alike = 0.75 < line.box.height / before.box.height < 1.33
    return not (near and alike and column.full(before)) or column.new(line)


def _paragraph(group: Sequence[PrintedLine], column: _Column, number: int) -> Paragraph:
    text = group[0].text
    for line in group[1:]:
        text = joined(text, line.text)
    return Paragraph(
        TextBlock(text, Place(page=number)),
        group[0].box.top,
        begun=not column.new(group[0]),
        open=column.full(group[-1]) and text[-1] not in "。：；！？:;",
    )


def joined(before: str, after: str) -> str:
    """A text and its continuation on the next line."""
    latin = before[-1:].isascii() and after[:1].isascii()
    number = before[-1:].isdigit() and after[:1].isdigit()
    return before + (" " if latin and not number else "") + after
