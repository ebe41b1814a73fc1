"""Rows of text whose cells are separated by characters: a vertical line, in any form, or a tab."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from gongkai.converters.documents.doubts import STRUCK
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Grid, GridCell, Item, Place, TextBlock
from gongkai.converters.documents.text.repeated import merge_repeated, without_index
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

PIPE, TAB = "|", "\t"

_VERTICAL = "｜│┃║"
SEPARATORS = (PIPE, TAB, *_VERTICAL)
"""The characters that separate cells."""

_TO_PIPE = str.maketrans(dict.fromkeys(_VERTICAL, PIPE))

# Lines drawn under headings or around cells. Two hyphens may be a cell that means “nothing”;
# three are a line, and so is one with a colon, with which Markdown marks the alignment of a column.
_RULE = re.compile(
    r"(?:[\s|+]*(?::-+:?|-+:|-{3,}|={3,}|_{3,}|[─━═┄┈┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╭╮╰╯]+))+[\s|+]*"
)
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_STRUCK = re.compile(r"~~(?=\S)(.+?)~~", re.DOTALL)
_ESCAPED, _STANDS_FOR_PIPE = "\\|", "\ue000"
_ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|thinsp|amp|lt|gt|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_BREAK = re.compile(r"(?i)\s*<br\s*/?>\s*")
# A number before a heading or paragraph, with a tab after it, as word processors write it.
_NUMBERED = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十0-9]{1,3}[)）]|[一二三四五六七八九十0-9]{1,3}[、.．])"
    r"[ \u3000]*\t[ \u3000]*(?=[^\t0-9]*[^\t0-9\s][^\t]*$)"
)

_LEAST_ROWS = 1 / 5
"""If a smaller part of the lines holds several cells, each line is a cell by itself."""


def is_rule(line: str) -> bool:
    """Whether the line is only drawn and has no text."""
    return line[0] in "|+:-=_─━═┄┈┌├└┏┣┗╔╠╚╭╰" and _RULE.fullmatch(line) is not None


def is_framed(line: str) -> bool:
    """Whether the row begins and ends with the separator of cells, as in Markdown."""
    stripped = line.strip()
    return stripped[:1] == PIPE and stripped[-1:] == PIPE


def kind_of_row(line: str) -> str:
    """The separator of the cells of a line; empty where it has none."""
    if any(character in line for character in _VERTICAL) or PIPE in line:
        return PIPE
    content = line.strip(" \u3000\r\n\x0c")
    if TAB not in content.lstrip():
        return ""
    return "" if _NUMBERED.match(content) else TAB


def without_tab(line: str) -> str:
    """``line`` without the tab behind its number, if it is a numbered heading or paragraph."""
    return _NUMBERED.sub(lambda match: match[0].rstrip(), line, count=1)


def read_run(
    rows: Sequence[tuple[Place, str]],
    kind: str,
    limits: Limits,
    path: tuple[int, ...],
    number: int,
) -> Iterator[Item]:
    """The content of adjacent ``rows`` of one kind: grid ``number``; else a block per cell.

    Raises UnreadableSource where the grid has too many cells.
    """
    if (
        sum(line.count(character) for _, line in rows for character in SEPARATORS)
        > limits.most_cells
    ):
        raise _too_many_cells(limits)
    split = list(_cells_of(rows, kind))
    filled = [sum(map(bool, cells)) for _, cells in split]
    several = sum(count > 1 for count in filled)
    if several < max(1, sum(map(bool, filled)) * _LEAST_ROWS):
        for place, cells in split:
            yield from (TextBlock(text, place, path) for text in cells if text)
        return
    named = without_index([cells for _, cells in split])
    split = [(place, cells) for (place, _), cells in zip(split[-len(named) :], named, strict=True)]
    width = max(len(cells) for _, cells in split)
    if width * len(split) > limits.most_cells:
        raise _too_many_cells(limits)
    lines = []
    for row, (place, cells) in enumerate(split, start=1):
        made: list[GridCell | None] = [
            _cell(text, Place(line=place.line, table=number, row=row, column=column))
            for column, text in enumerate(cells, start=1)
        ]
        lines.append(tuple(made + [None] * (width - len(made))))
    place = Place(split[0][0].line, table=number)
    merged = merge_repeated(lines) if all(is_framed(line) for _, line in rows) else None
    if merged is not None:
        yield Grid(merged, place, aligned=True, path=path)
    else:
        yield Grid(tuple(lines), place, aligned=False, path=path)


def _cell(text: str, place: Place) -> GridCell:
    if "~~" not in text or not _STRUCK.search(text):
        return GridCell(text, place)
    whole, sure = _STRUCK.sub(r"\1", text).strip(), _STRUCK.sub("", text).strip()
    readings = tuple(dict.fromkeys(reading for reading in (whole, sure) if reading))
    return GridCell(whole, place, STRUCK, readings)


def _cells_of(rows: Sequence[tuple[Place, str]], kind: str) -> Iterator[tuple[Place, list[str]]]:
    """The cells of every row that is more than a drawn line."""
    kept = [
        (place, plain)
        for place, line in rows
        if not is_rule((plain := _plain(line, kind)).strip() or " ")
    ]
    if kind == TAB:
        for place, line in kept:
            yield place, [_text(part) for part in line.split(TAB)]
        return
    said = [line for _, line in kept if line.strip(" |")]
    # A separator at the end of all rows closes the last cell; one at the end of some only stands
    # before a last cell that is blank. A separator at the beginning of all rows opens the first
    # cell; one at the beginning of some only stands after a first cell that is blank. The last row
    # may have been cut off.
    closed = all(line.endswith(PIPE) for line in (said[:-1] or said))
    opened = all(line.startswith(PIPE) for line in said)
    for place, line in kept:
        cells = [_text(part) for part in line.split(PIPE)]
        if opened and len(cells) > 1 and not cells[0]:
            del cells[0]
        if closed and len(cells) > 1 and not cells[-1]:
            del cells[-1]
        yield place, cells


def _plain(line: str, kind: str) -> str:
    if kind != PIPE:
        return line.strip(" \u3000\r\n\x0c")
    return line.strip().replace(_ESCAPED, _STANDS_FOR_PIPE).translate(_TO_PIPE)


def _text(cell: str) -> str:
    text = cell.strip()
    if _STANDS_FOR_PIPE in text:
        text = text.replace(_STANDS_FOR_PIPE, PIPE)
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text).strip()
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    if "<" in text:
        text = _BREAK.sub("\n", text).strip()
    return text


def _too_many_cells(limits: Limits) -> UnreadableSource:
    return UnreadableSource(translations("unreadable.text.too_many_cells", most=limits.most_cells))
