"""The statutory parts of a report, 一 to 六, by their headings."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from gongkai.converters.cn.forms.alignment import Alignment, Expected, ExpectedLabels
from gongkai.converters.documents.model import TextBlock
from gongkai.converters.labels import fold_label
from gongkai.converters.report import Note
from gongkai.ontology.forms import Part, Table, forms
from gongkai.ontology.texts import translations

_CHINESE_NUMBERS = "一二三四五六"
_LONGEST_HEADING = 40


def statutory_parts() -> tuple[Part, ...]:
    """The six parts, as the newest form heads them."""
    return next(form for form in reversed(forms()) if form.parts).parts


def find_parts(blocks: Sequence[TextBlock]) -> dict[int, int]:
    """Position of the heading of each statutory part that was found, by the part's number."""
    texts = [block.text if len(block.text) <= _LONGEST_HEADING else None for block in blocks]
    parts = statutory_parts()
    found = Alignment(_expected(), texts).matches
    return {parts[match.expected].number: match.start for match in found}


def extent(table: Table, headings: Mapping[int, int], length: int) -> tuple[int, int]:
    """From the part's own heading (or, if missing, the one before it) to the next heading found.

    ``headings`` are the positions of the parts' headings among ``length`` texts.
    """
    if table.part is None:
        return 0, length
    before = [position for part, position in headings.items() if part <= table.part]
    after = [position for part, position in headings.items() if part > table.part]
    return max(before, default=-1) + 1, min(after, default=length)


@lru_cache(maxsize=1)
def _expected() -> ExpectedLabels:
    return ExpectedLabels(
        [
            Expected(_heading(part), tuple(_numbered(part, text) for text in part.variants))
            for part in statutory_parts()
        ]
    )


def _heading(part: Part) -> str:
    return _numbered(part, part.label["zh"])


def _numbered(part: Part, text: str) -> str:
    return f"{_CHINESE_NUMBERS[part.number - 1]}、{text}"


def heading_notes(headings: dict[int, int], blocks: Sequence[TextBlock]) -> list[Note]:
    """Notes on headings that were not found, or are not printed as in the form."""
    notes = []
    for part in statutory_parts():
        wanted = _heading(part)
        position = headings.get(part.number)
        if position is None:
            number = {"zh": _CHINESE_NUMBERS[part.number - 1], "en": part.number}
            missing = translations("forms.heading_not_found", number=number, wanted=wanted)
            notes.append(Note(missing))
        elif fold_label(blocks[position].text) != fold_label(wanted):
            seen = blocks[position].text
            notes.append(
                Note(
                    translations("forms.heading_variant", printed=seen, wanted=wanted),
                    place=blocks[position].place,
                    printed=seen,
                )
            )
    return notes
