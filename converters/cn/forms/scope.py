"""The text of the report in a document: without its tables and without a page's navigation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from gongkai.converters.cn.forms.parts import find_parts
from gongkai.converters.cn.forms.tables import TableSet
from gongkai.converters.cn.metadata.title import parse_short_title, parse_title
from gongkai.converters.documents.model import Grid, Item, TextBlock
from gongkai.converters.labels import plain_radicals

_MOST_BEFORE = 20


@dataclass(frozen=True)
class Scope:
    """``blocks`` is the text of the report in order; ``before`` is what stands just before it.

    Particulars such as the title may stand outside of the element that holds the report.
    """

    before: tuple[TextBlock, ...]
    blocks: tuple[TextBlock, ...]


def report_scope(items: Sequence[Item], found: TableSet) -> Scope:
    """The text blocks of ``items`` that belong to the report and that no table used.

    Grids that are no official table are text as well, a block per row; so is a title within one.
    """
    prefix = _common_path(items, found)
    inside = [i for i, item in enumerate(items) if _within(item, prefix)]
    first = min(inside, default=0)
    before = [b for i in range(first) for b in _text_of(i, items[i], found)]
    blocks = [block for i in inside for block in _text_of(i, items[i], found)]
    return Scope(
        before=tuple(_whole_lines(before)[-_MOST_BEFORE:]), blocks=tuple(_whole_lines(blocks))
    )


def _whole_lines(blocks: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks, with those joined again into which one line of a text file was split."""
    whole: list[TextBlock] = []
    for block in blocks:
        last = whole[-1] if whole else None
        if last and last.place == block.place and block.place.line and not block.path:
            whole[-1] = TextBlock(f"{last.text} {block.text}", block.place)
        else:
            whole.append(block)
    return whole


def _common_path(items: Sequence[Item], found: TableSet) -> tuple[int, ...]:
    """The element that holds all tables and headings, where the format has elements."""
    blocks = [item for item in items if isinstance(item, TextBlock)]
    paths = [blocks[position].path for position in find_parts(blocks).values()]
    paths += [items[i].path for i in {i for i, _ in found.rows} | found.blocks]
    if not paths:
        return ()
    same = takewhile(lambda steps: len(set(steps)) == 1, zip(*paths, strict=False))
    return tuple(steps[0] for steps in same)


def _within(item: Item, prefix: tuple[int, ...]) -> bool:
    return not item.path or item.path[: len(prefix)] == prefix


def _text_of(position: int, item: Item, found: TableSet) -> list[TextBlock]:
    if isinstance(item, TextBlock):
        return [] if position in found.blocks else [_plain(item)]
    return [
        TextBlock(plain_radicals(text), item.place, item.path)
        for row in range(len(item.rows))
        if (text := _row_text(item, row))
        and ((position, row) not in found.rows or _is_title(item, row))
    ]


def _is_title(grid: Grid, row: int) -> bool:
    """Whether a row over the headings of a table is nothing but the title of the report."""
    cells = [cell for cell in grid.distinct(row) if cell.text]
    if len(cells) != 1 or "报" not in cells[0].text:
        return False
    return (parse_title(cells[0].text) or parse_short_title(cells[0].text)) is not None


def _plain(block: TextBlock) -> TextBlock:
    text = plain_radicals(block.text)
    return block if text == block.text else replace(block, text=text)


def _row_text(grid: Grid, row: int) -> str:
    return " ".join(cell.text for cell in grid.distinct(row) if cell.text)
