"""The text of a report in clauses, the text between two commas, with their places and words.

White space means nothing in Chinese, and a line of a text file or of a page may end anywhere. So a
paragraph that does not end a sentence is continued by the next, without the white space; every
clause still knows how it was printed and where.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from string import ascii_letters, digits

from gongkai.converters.cn.claims.numerals import find_figures
from gongkai.ontology.source_places import Place

_FOLDED = str.maketrans(",();:!?％", "，（）；：！？%") | {
    ord(character) + 0xFEE0: character for character in f".{digits}{ascii_letters}"
}
"""Character for character, so that no position moves."""
_ENDS_SENTENCE = re.compile(r"[。；！？;!?：:]\s*[”’\"」』）)]?$")
_BEGINS_ANEW = re.compile(
    r"\s*(?:[一二三四五六七八九十]+\s*[、．.]|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]+[、．.](?![0-9]))"
)
_THOUSANDS = re.compile(r"(?<=[0-9])，(?=[0-9]{3}(?:，[0-9]{3})*[余多]?(?:件|起|宗|份|条|项))")
_SECOND_UNIT = re.compile(r"(?<=[件起宗份])(?:（[次件份宗人]+）|/次)")
_BRACKETS = re.compile(r"（([^（）]*)）")
_STOP = re.compile(r"[，。；！？：]")
_LISTED = re.compile(r"、|以及|并且|和|及|与|并")
_WORD = re.compile(r"\S+")
_LONGEST = 120
"""Characters of the longest clause that is read: longer ones are no prose."""
_LATIN = re.compile(r"[0-9A-Za-z]")
HOLE = "\x00"
"""The place from which a bracket was taken out of a clause."""
_HOLES = re.compile(HOLE + "+")


@dataclass(frozen=True)
class Clause:
    """A clause: ``text`` folded and without white space, ``quotation`` as printed, ``place``.

    ``bracketed`` says that it stands in a bracket after the clause before it; ``sentence`` and
    ``part`` are the numbers, in its passage, of the sentence and of its part up to a semicolon;
    ``numbered`` says that the passage begins with a number, and so has a subject of its own.
    """

    text: str
    quotation: str
    place: Place
    passage: int
    sentence: int
    part: int
    bracketed: bool
    numbered: bool


def read_clauses(paragraphs: Sequence[str], places: Sequence[Place]) -> Iterator[Clause]:
    """The clauses of a section in reading order; figures in a list are clauses of their own."""
    lines: list[tuple[str, Place]] = []
    number = 0
    for text, place in zip(paragraphs, places, strict=True):
        if lines and (_ENDS_SENTENCE.search(lines[-1][0].rstrip()) or _BEGINS_ANEW.match(text)):
            number += 1
            yield from _Passage(lines, number).clauses()
            lines = []
        lines.append((text, place))
    if lines:
        yield from _Passage(lines, number + 1).clauses()


class _Passage:
    """Paragraphs that are read as one, with the mapping from the folded text to the printed one."""

    def __init__(self, lines: Sequence[tuple[str, Place]], number: int) -> None:
        # A line may end within a word, but never within a number: that may be two.
        self.raw = "\n".join(text for text, _ in lines)
        self.number = number
        self.numbered = _BEGINS_ANEW.match(self.raw) is not None
        self.places = [place for _, place in lines]
        self.starts = list(accumulate((len(text) + 1 for text, _ in lines), initial=0))[:-1]
        self.text, self.origin = _folded(self.raw)
        for pattern in (_THOUSANDS, _SECOND_UNIT):
            for match in reversed(list(pattern.finditer(self.text))):
                self.text = self.text[: match.start()] + self.text[match.end() :]
                del self.origin[match.start() : match.end()]

    def clauses(self) -> Iterator[Clause]:
        outer = _BRACKETS.sub(lambda match: HOLE * len(match[0]), self.text)
        sentence = part = 0
        start = 0
        for end in [*(match.start() for match in _STOP.finditer(outer)), len(outer)]:
            yield from self._with_brackets(outer, start, end, sentence, part)
            character = outer[end : end + 1]
            sentence += character in ("。", "！", "？")
            part += character in ("。", "！", "？", "；")
            start = end + 1

    def _with_brackets(
        self, outer: str, start: int, end: int, sentence: int, part: int
    ) -> Iterator[Clause]:
        for begin, finish in _split_list(outer, start, end):
            yield from self._clause(outer, begin, finish, sentence, part, bracketed=False)
            for bracket in _HOLES.finditer(outer[begin:finish]):
                inner_start, inner_end = begin + bracket.start() + 1, begin + bracket.end() - 1
                stops = [
                    match.start() for match in _STOP.finditer(self.text, inner_start, inner_end)
                ]
                first = inner_start
                for stop in [*stops, inner_end]:
                    for piece in _split_list(self.text, first, stop):
                        yield from self._clause(self.text, *piece, sentence, part, bracketed=True)
                    first = stop + 1

    def _clause(
        self, text: str, start: int, end: int, sentence: int, part: int, bracketed: bool
    ) -> Iterator[Clause]:
        words = _HOLES.sub(HOLE, text[start:end])
        if not words.strip(HOLE + "、") or len(words) > _LONGEST:
            return
        first = self.origin[start]
        beyond = self.origin[end] if end < len(self.origin) else len(self.raw)
        yield Clause(
            text=words.strip(HOLE + "“”‘’\"'"),
            quotation=_printed(self.raw[first:beyond]),
            place=self._place(self.origin[_figure_at(text, start, end)]),
            passage=self.number,
            sentence=sentence,
            part=part,
            bracketed=bracketed,
            numbered=self.numbered,
        )

    def _place(self, position: int) -> Place:
        return self.places[bisect_right(self.starts, position) - 1]


def _printed(raw: str) -> str:
    """The words as printed, on one line."""
    return " ".join(raw.replace("\n", "").split())


def _figure_at(text: str, start: int, end: int) -> int:
    figures = find_figures(text[start:end])
    return start + figures[0].start if figures else start


def _folded(raw: str) -> tuple[str, list[int]]:
    """The meaningful characters of ``raw``, folded, and the position of each."""
    words: list[str] = []
    positions: list[int] = []
    before = ""
    for match in _WORD.finditer(raw.translate(_FOLDED)):
        word = match[0]
        # Two numbers stay two.
        if _LATIN.match(before) and _LATIN.match(word):
            words.append(" ")
            positions.append(match.start() - 1)
        words.append(word)
        positions.extend(range(*match.span()))
        before = word[-1]
    return "".join(words), positions


def _split_list(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The members of a list of figures: 维持2件、纠正1件."""
    figures = find_figures(text[start:end])
    cut = start
    for one, other in pairwise(figures):
        joint = _LISTED.search(text, start + one.end, start + other.start)
        if joint:
            yield cut, joint.start()
            cut = joint.end()
    yield cut, end
