"""The words printed around a table and its values: lines over and under it, its labels.

What they state about it (a year, a unit, a body) is interpreted in ``contradictions``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from gongkai.converters.cn.metadata.title import parse_title
from gongkai.converters.documents.model import Grid, Item, TextBlock
from gongkai.converters.labels import fold_text
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Note

_LONGEST_LINE = 50
_MOST_LINES = 6
"""This many short lines over a table may belong to it: its heading, its caption, unit and year."""

_PART = re.compile(r"#*第?[一二三四五六七八九十]{1,2}(?:部分)?[、.,:]")
_SENTENCE = re.compile("[。;!?]")
_NOTE = re.compile(r"[*※#(\[【]*(?:附?注|说明|备注|单位|计量单位)")


@dataclass(frozen=True)
class Surroundings:
    """What is printed around a table.

    ``over`` are lines over it, ``corners`` words in it beside the headings, ``below`` notes under
    it. ``rows`` and ``columns`` give by IRI what is printed beside a row and above a column.
    """

    over: tuple[TextBlock, ...] = ()
    corners: tuple[TextBlock, ...] = ()
    below: tuple[TextBlock, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def with_lines_around(
    around: Surroundings,
    items: Sequence[Item],
    grids: Mapping[int, Collection[int]],
    first: Mapping[int, int],
) -> Surroundings:
    """``around`` with the lines over and under the grids in which a table was read.

    ``grids`` gives for the position of each among ``items`` the rows that the table used, ``first``
    the first row that any table used. The heading of a part, and what stands under it, belongs to
    the first table below it only.
    """
    over, below = list(around.over), list(around.below)
    for position, rows in sorted(grids.items()):
        lines = lines_over(items, position)
        of_a_part = any(_PART.match(fold_text(line.text)) for line in lines[:1])
        if min(rows) == first[position] or not of_a_part:
            over += lines
        below += [*_rows_below(items[position], max(rows)), *notes_below(items, position + 1)]
    return replace(around, over=tuple(over), below=tuple(below))


def lines_over(items: Sequence[Item], end: int) -> list[TextBlock]:
    """The short lines directly before item ``end``, from the top, first its part's heading.

    Prose, tables, values and titles are excluded, and so is what stands before these.
    """
    found: list[TextBlock] = []
    for item in islice(reversed(items[:end]), _MOST_LINES):
        if not isinstance(item, TextBlock) or not _may_speak_of_table(item.text):
            break
        found.insert(0, item)
        if _PART.match(fold_text(item.text)):
            break
    return found


def from_part_heading(texts: Sequence[str]) -> Sequence[str]:
    """The ``texts`` over a table, from the top, without what stands before its part's heading."""
    last = max((i for i, text in enumerate(texts) if _PART.match(fold_text(text))), default=0)
    return texts[last:]


def notes_below(items: Sequence[Item], start: int) -> list[TextBlock]:
    """The notes directly from item ``start`` on."""
    notes = takewhile(lambda item: isinstance(item, TextBlock) and _is_note(item), items[start:])
    return [note for note in islice(notes, _MOST_LINES) if isinstance(note, TextBlock)]


def surroundings_of_notes(notes: Sequence[Note]) -> Mapping[str, tuple[str, ...]]:
    """What is printed for rows and columns by IRI, from the notes on labels printed differently."""
    found: dict[str, tuple[str, ...]] = {}
    for note in notes:
        if note.about and note.printed:
            found[note.about] = (*found.get(note.about, ()), note.printed)
    return found


def _may_speak_of_table(text: str) -> bool:
    if len(text) > _LONGEST_LINE or looks_like_cell(text) or parse_title(text) is not None:
        return False
    return _SENTENCE.search(fold_text(text)) is None


def _is_note(block: TextBlock) -> bool:
    return _NOTE.match(fold_text(block.text)) is not None


def _rows_below(item: Item, last: int) -> list[TextBlock]:
    """The notes that stand in a grid itself, in rows directly below its row ``last``."""
    if not isinstance(item, Grid):
        return []
    rows = [
        TextBlock(" ".join(cell.text for cell in cells if cell.text), item.place)
        for row in range(last + 1, min(last + 1 + _MOST_LINES, len(item.rows)))
        if (cells := item.beginning(row))
    ]
    return list(takewhile(_is_note, rows))
