"""The text of a report: its sections with headings, in order, and its signature."""

import re
from collections.abc import Sequence

from gongkai.converters.cn.metadata.reader import Metadata
from gongkai.converters.documents.model import Place, TextBlock
from gongkai.converters.report import Section

_LONGEST_HEADING = 40
_HEADINGS = (
    (1, re.compile(r"[一二三四五六七八九十]+\s*[、．.]")),
    (2, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
)
_BELOW = re.compile(r"附件|附表|附[：:]|备?注[：:]")
_SENTENCE = re.compile(r"[。；：！？]")


def read_sections(
    blocks: Sequence[TextBlock], metadata: Metadata
) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """The sections of the text, and the lines of the signature.

    ``blocks`` are those that no table used. The title and the date of issue are left out, being
    particulars of the report; what stands before the first heading is the preamble (level 0).
    """
    body, signature = _split_signature(blocks, metadata)
    sections: list[Section] = []
    heading, level, place = "", 0, body[0].place if body else Place()
    paragraphs: list[TextBlock] = []
    for block in body:
        found = _heading_level(block.text)
        if found is None:
            paragraphs.append(block)
            continue
        if heading or paragraphs:
            sections.append(_section(heading, level, place, paragraphs))
        heading, level, place, paragraphs = block.text, found, block.place, []
    if heading or paragraphs:
        sections.append(_section(heading, level, place, paragraphs))
    return tuple(sections), signature


def _section(heading: str, level: int, place: Place, paragraphs: Sequence[TextBlock]) -> Section:
    texts = tuple(block.text for block in paragraphs)
    return Section(heading, level, texts, place, tuple(block.place for block in paragraphs))


def _heading_level(text: str) -> int | None:
    if len(text) > _LONGEST_HEADING or _SENTENCE.search(text):
        return None
    return next((level for level, pattern in _HEADINGS if pattern.match(text)), None)


def _split_signature(
    blocks: Sequence[TextBlock], metadata: Metadata
) -> tuple[list[TextBlock], tuple[str, ...]]:
    rest = _from_title_on(blocks, metadata.title_blocks)
    # By identity: many blocks have one place where the format only has pages.
    dated = [i for i, block in enumerate(rest) if block is metadata.issued_block]
    if not dated:
        return rest, ()
    where = dated[-1]
    before, after = rest[:where], rest[where + 1 :]
    signature: list[str] = []
    while before and _is_signature(before[-1].text):
        signature.insert(0, before.pop().text)
    if signature and not any(_heading_level(block.text) for block in after):
        # On a page, what follows the signature is its footer, except an annex or a remark.
        after = [block for block in after if not block.path or _BELOW.match(block.text)]
    return before + after, tuple(signature)


def _from_title_on(blocks: Sequence[TextBlock], title: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks after the title: what stands above it belongs to the page, not to the report."""
    lines = [i for i, block in enumerate(blocks) if any(block is line for line in title)]
    headings = [i for i, block in enumerate(blocks) if _heading_level(block.text) is not None]
    if not lines or (headings and headings[0] < lines[0]):
        return [block for i, block in enumerate(blocks) if i not in lines]
    return list(blocks[lines[-1] + 1 :])


def _is_signature(text: str) -> bool:
    return (
        len(text) <= _LONGEST_HEADING
        and not _SENTENCE.search(text)
        and _heading_level(text) is None
    )
