"""Lines of a PDF outside its tables: page furniture recognised, paragraphs put together."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from gongkai.converters.documents.aligned.glyphs import TextLine, bare
from gongkai.converters.documents.aligned.sentences import begins_heading, ends_sentence
from gongkai.converters.numbers import looks_like_cell

_MARKED_NUMBER = re.compile(
    r"(?:[-—–―－·.]+(?P<dashed>\d{1,4})[-—–―－·.]+|第(?P<page>\d{1,4})页(?:[,/]?共\d{1,4}页)?)"
)
_PLAIN_NUMBER = re.compile(r"\d{1,4}(?:/\d{1,4})?")
_MARGIN = 0.15
_OFTEN = 3
_CLOSING = frozenset("，。；：！？、）》」』”’,.;:!?)")
_SPACED = 1.25
_TITLE = 1.25
_INDENT = 0.8


@dataclass(frozen=True)
class PageLine:
    """A line on a page; ``width`` and ``height`` are the page's, in points."""

    page: int
    line: TextLine
    width: float
    height: float

    @property
    def text(self) -> str:
        """The text of the line."""
        return self.line.text


@dataclass(frozen=True)
class Furniture:
    """What stands on pages and does not belong to their text.

    ``lines`` are the identities (``id``) of the lines; ``running`` the headers and footers, and
    ``numbers`` the page numbers without any sign beside them, with their pages.
    """

    lines: frozenset[int]
    running: dict[str, tuple[int, ...]]
    numbers: dict[int, str]


def furniture(pages: Sequence[Sequence[PageLine]]) -> Furniture:
    """Page numbers, headers and footers among the lines of each page.

    Only the outermost lines of a page, in its margins, are considered.
    """
    edges = [line for lines in pages for line in _outermost(lines)]
    numbers = {id(line) for line in edges if _MARKED_NUMBER.fullmatch(bare(line.text))}
    plain = _plain_numbers(pages)
    numbers |= {id(line) for line in plain}
    heads: dict[tuple[str, int], list[PageLine]] = defaultdict(list)
    for lines in pages:
        # Where a page number is outermost, the header or footer is the next line.
        for line in _outermost([line for line in lines if id(line) not in numbers]):
            if not any(looks_like_cell(part.text) for part in line.line.segments()):
                pattern = re.sub(r"\d+", "#", bare(line.text))
                heads[pattern, round(line.line.box[1] / 4)].append(line)
    often = [lines for lines in heads.values() if len({line.page for line in lines}) >= _OFTEN]
    return Furniture(
        lines=frozenset(numbers | {id(line) for lines in often for line in lines}),
        running={lines[0].text: tuple(sorted({line.page for line in lines})) for lines in often},
        numbers={line.page: line.text for line in plain},
    )


def _outermost(lines: Sequence[PageLine]) -> list[PageLine]:
    if not lines:
        return []
    top = min(lines, key=lambda line: line.line.box[1])
    bottom = max(lines, key=lambda line: line.line.box[3])
    edges = []
    if top.line.box[1] < _MARGIN * top.height:
        edges.append(top)
    if bottom.line.box[3] > (1 - _MARGIN) * bottom.height:
        edges.append(bottom)
    return edges


def _plain_numbers(pages: Sequence[Sequence[PageLine]]) -> list[PageLine]:
    """Numbers without signs, apart from other text, that count up with most of the pages."""
    by_offset: dict[int, list[PageLine]] = defaultdict(list)
    for lines in pages:
        for line in _outermost(lines):
            text = bare(line.text)
            if _PLAIN_NUMBER.fullmatch(text) and _stands_apart(line, lines):
                by_offset[int(text.partition("/")[0]) - line.page].append(line)
    most = max(by_offset.values(), key=len, default=[])
    return most if len(most) >= max(2, 0.6 * sum(bool(lines) for lines in pages)) else []


def _stands_apart(line: PageLine, lines: Sequence[PageLine]) -> bool:
    _, top, _, bottom = line.line.box
    return all(
        other is line
        or top - other.line.box[3] > line.line.size
        or other.line.box[1] - bottom > line.line.size
        for other in lines
    )


@dataclass(frozen=True)
class TextLayout:
    """How the lines of a document are set.

    ``margins`` are where long lines begin and end, in parts of the page width; ``pitch`` and
    ``size`` are the usual distance and height of lines; ``indents`` and ``spaces`` say that
    paragraphs begin with an indent, or after a wider distance.
    """

    margins: dict[int, tuple[float, float]]
    pitch: float
    size: float
    indents: bool = False
    spaces: bool = False

    def continues(self, line: PageLine, following: PageLine) -> bool:
        """Whether the second line continues the paragraph of the first."""
        smaller, larger = sorted((line.line.size, following.line.size))
        if larger > 1.15 * smaller:
            return False
        # The second line of a title is not at the margin but in the middle.
        if self._indent(following) > _INDENT and smaller < _TITLE * self.size:
            return False
        if not self._is_full(line, following):
            return False
        spaced = self.spaces and line.page == following.page
        if line.page == following.page:
            distance = following.line.box[1] - line.line.box[1]
            if distance > (_SPACED if spaced else 1.6) * max(self.pitch, 1.3 * larger):
                return False
        if ends_sentence(line.text):
            # Where the beginnings of paragraphs show, a full line continues in a line that begins
            # none.
            return (self.indents or spaced) and not begins_heading(following.text)
        return True

    def _is_full(self, line: PageLine, following: PageLine) -> bool:
        """Whether the line ends because the beginning of the next one did not fit in it."""
        room = self.margins[round(line.width)][1] - line.line.box[2]
        return room < max(line.line.size, _unbroken(following.line) + 0.2 * line.line.size)

    def _indent(self, line: PageLine) -> float:
        """The distance of the beginning of the line from the left margin, in characters."""
        return (line.line.box[0] - self.margins[round(line.width)][0]) / line.line.size


def measure(lines: Sequence[PageLine]) -> TextLayout:
    """Measure how the lines are set."""
    margins = {}
    for width in {round(line.width) for line in lines}:
        boxes = [line.line.box for line in lines if round(line.width) == width]
        long = [box for box in boxes if box[2] - box[0] > 0.55 * width]
        left = Counter(round(box[0] / 2) * 2 for box in long or boxes).most_common(1)[0][0]
        # Where no line is long, none is full.
        rights = sorted(box[2] for box in long) or [float(width)]
        margins[width] = (float(left), rights[int(0.9 * len(rights))])
    distances = [
        after.line.box[1] - before.line.box[1]
        for before, after in pairwise(lines)
        if before.page == after.page and after.line.box[1] > before.line.box[1]
    ]
    sizes = [line.line.size for line in lines]
    layout = TextLayout(margins, median(distances or [0.0]), median(sizes or [0.0]))
    wide = sum(_SPACED * layout.pitch < distance < 4 * layout.pitch for distance in distances)
    indented = sum(1.3 < layout._indent(line) < 2.8 for line in lines)
    some = max(3, len(lines) / 20)
    return replace(layout, indents=indented >= some, spaces=wide >= some)


def _unbroken(line: TextLine) -> float:
    """The width of the unbreakable beginning of the line: a word, with closing punctuation."""
    end = 1
    glyphs = line.glyphs
    while end < len(glyphs) and _is_word(glyphs[end - 1].text) and _is_word(glyphs[end].text):
        end += 1
    while end < len(glyphs) and glyphs[end].text in _CLOSING:
        end += 1
    return glyphs[end - 1].x1 - glyphs[0].x0


def _is_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-@._/")


def is_tabular(line: TextLine) -> bool:
    """Whether the line looks like a row of a table without ruled lines: parts far apart."""
    parts = line.segments()
    if len(parts) == 1:
        return looks_like_cell(line.text)
    return len(parts) > 2 or looks_like_cell(parts[-1].text)


def joined(paragraph: Sequence[PageLine]) -> str:
    """The text of a paragraph, without a break between its lines, as is usual in Chinese.

    Only between two words of Latin letters a space is kept.
    """
    text = paragraph[0].text
    for line in paragraph[1:]:
        latin = _is_latin(text[-1:]) and _is_latin(line.text[:1])
        text += (" " if latin else "") + line.text
    return text


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
