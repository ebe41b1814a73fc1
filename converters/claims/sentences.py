"""The text of a section as sentences without asides, each sign with its paragraph."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.converters.report import Section

_SIGNS = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"，": ",", "；": ";"}
)
_END = re.compile(r"[。;!?]")
_ENDED = re.compile(r"[。;!?:]$")
_NUMBERED = re.compile(r"^(?:\(?[一二三四五六七八九十]+\)?[、.]|\(?[0-9]{1,2}\)?[、.](?![0-9])|\()")
_PARENTHESIS = re.compile(r"\([^()]*\)|《[^《》]*》|\[[^\[\]]*\]")
_ALL_APPLICANTS = re.compile(
    r"(?:自然人|公民)、?法人(?:或者|或|和|以及|及|与|、)?(?:其他|其它)组织(?:提出|提交)?的?(?=[^0-9]*申请)"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence: its text as printed but without spaces, and that without asides.

    ``plain`` has no parentheses; ``paragraphs`` tells for each of its signs the paragraph that it
    stands in, counted from 0. ``printed`` keeps the parentheses.
    """

    plain: str
    printed: str
    paragraphs: tuple[int, ...]


def sentences(section: Section) -> Iterator[Sentence]:
    """The sentences of a section's paragraphs; one that goes on in the next paragraph is whole."""
    text, where = "", list[int]()
    for number, paragraph in enumerate(section.paragraphs):
        compact = re.sub(r"\s+", "", paragraph.translate(_SIGNS))
        if text and (_ENDED.search(text) or _NUMBERED.match(compact)):
            yield from _parted(text, where)
            text, where = "", list[int]()
        text += compact
        where += [number] * len(compact)
    yield from _parted(text, where)


def _parted(text: str, where: list[int]) -> Iterator[Sentence]:
    start = 0
    ends = [match.end() for match in _END.finditer(text)]
    for end in [*ends, len(text)]:
        if end > start:
            yield _plain(text[start:end], where[start:end])
        start = end


def _plain(printed: str, where: list[int]) -> Sentence:
    text, paragraphs = printed, list(where)
    for pattern in (_PARENTHESIS, _ALL_APPLICANTS):
        # From the end on, so that the places before stay what they are.
        for match in reversed(list(pattern.finditer(text))):
            text = text[: match.start()] + text[match.end() :]
            del paragraphs[match.start() : match.end()]
    return Sentence(text, printed, tuple(paragraphs))
