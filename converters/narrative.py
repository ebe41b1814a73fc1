"""The text of a report: its sections with headings, in order, and its signature."""

import re
from collections.abc import Sequence

from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.metadata import Metadata
from gongkai.converters.report import Section

_LONGEST_HEADING = 40
_HEADINGS = (
    (1, re.compile(r"[一二三四五六七八九十]+\s*[、．.]")),
    (2, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
)
_SENTENCE = re.compile(r"[。；：！？]")


def read_sections(
    blocks: Sequence[TextBlock], metadata: Metadata
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections of the text, and the lines of the signature.

    ``blocks`` are those that no table took. The title and the date of issue are left out, being
    particulars of the report; what stands before the first heading is the preamble (level 0).
    """
    body, signature = _split_signature(blocks, metadata)
    sections: list[Section] = []
    heading, level, place = "", 0, body[0].place if body else Place()
    paragraphs: list[str] = []
    for block in body:
        found = _heading_level(block.text)
        if found is None:
            paragraphs.append(block.text)
            continue
        if heading or paragraphs:
            sections.append(Section(heading, level, tuple(paragraphs), place))
        heading, level, place, paragraphs = block.text, found, block.place, []
    if heading or paragraphs:
        sections.append(Section(heading, level, tuple(paragraphs), place))
    return tuple(sections), signature


def _heading_level(text: str) -> int | None:
    if len(text) > _LONGEST_HEADING or _SENTENCE.search(text):
        return None
    return next((level for level, pattern in _HEADINGS if pattern.match(text)), None)


def _split_signature(
    blocks: Sequence[TextBlock], metadata: Metadata
) -> tuple[list[TextBlock], tuple[str, ...]]:
    rest = [block for block in blocks if block not in metadata.title_blocks]
    if metadata.issued_place is None:
        return rest, ()
    where = next(
        (i for i, block in enumerate(rest) if block.place == metadata.issued_place), len(rest)
    )
    before, after = rest[:where], rest[where + 1 :]
    signature: list[str] = []
    while before and _is_signature(before[-1].text):
        signature.insert(0, before.pop().text)
    return before + after, tuple(signature)


def _is_signature(text: str) -> bool:
    return (
        len(text) <= _LONGEST_HEADING
        and not _SENTENCE.search(text)
        and _heading_level(text) is None
    )
