"""Several reports in one document, such as a government's and its office's on one page.

A table is assigned to a body only by the title over it. Where another title stands before tables,
it is another report; where something stands there that may be one, or a second set of tables
without any, it is not known whose those tables are (``second_sets``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gongkai.converters.cn.forms.seams import (
    LONGEST_CAPTION,
    IsBody,
    SameBody,
    are_claimed,
    begins_text,
    is_annexed,
    names_other,
    signature,
)
from gongkai.converters.cn.forms.traces import ORDER, SourceLine, lines_of_items
from gongkai.converters.cn.metadata.title import (
    Title,
    find_titles,
    parse_short_title,
)
from gongkai.converters.documents.model import Document, Grid, Item, Place, TextBlock
from gongkai.converters.labels import fold_text

_PART = re.compile(r"#*第?[一二三四五六][、.,]")
_PART_WITH_TABLE = re.compile(r"#*(?:第?[二三四][、.,]|第二十条)")
_LEAST_PARTS = 3
"""This many headings of parts make a text a report of its own, even without tables."""


@dataclass(frozen=True)
class Doubt:
    """Where something may begin another report: after ``items`` of the document, at ``place``.

    ``text`` is what stands there; empty where it is only a second set of tables. ``again`` says
    that it is a title of the same body and year, ``signed`` that it is the signature that ends the
    report before.
    """

    before: tuple[Item, ...]
    after: tuple[Item, ...]
    place: Place
    text: str
    again: bool = False
    signed: bool = False


@dataclass(frozen=True)
class ReportPart:
    """A possible report in a document: what stands under its title, and a doubt within it."""

    document: Document
    title: str
    place: Place
    doubt: Doubt | None = None


@dataclass(frozen=True)
class _Found:
    """A title, and the lines from its own to the next title's."""

    title: Title | None
    start: int
    end: int


def split_reports(
    document: Document, is_body: IsBody, says_whose: IsBody, same_body: SameBody
) -> tuple[ReportPart, ...]:
    """The document, or its parts if it holds several reports, each under a title of its own.

    ``is_body`` says whether a text looks like the name of a body, ``says_whose`` whether it is one
    beyond doubt, ``same_body`` whether two names are of one. Links to the reports of other years
    are titles without tables or text, and so no reports.
    """
    lines = lines_of_items(document.items)
    begins = _begins(lines, is_body, same_body)
    bounds = [*begins, _Found(None, len(lines), len(lines))]
    parts = []
    for i, found in enumerate(begins):
        # What stands before the first title may belong to it (declared date, index number).
        start, end = found.start if i else 0, bounds[i + 1].start
        part = document
        if len(begins) > 1:
            items = _between(document.items, lines, start, end)
            part = replace(document, items=items, declared=_of_the_page(document))
        title = found.title
        own = lines[start:end]
        parts.append(
            ReportPart(
                part,
                title.text if title else "",
                title.place if title else Place(),
                _doubt(part.items, own, title, says_whose, same_body),
            )
        )
    return tuple(parts)


def _of_the_page(document: Document) -> dict[str, str]:
    """What is declared for the page as a whole, and not for one report on it."""
    return {key: text for key, text in document.declared.items() if key in ("site", "address")}


def _begins(lines: Sequence[SourceLine], is_body: IsBody, same_body: SameBody) -> list[_Found]:
    """The title with which each report begins; one without a title where there is none."""
    titles = _titles(lines, is_body)
    bounds = [*(start for start, _ in titles), len(lines)]
    stretches = [
        _Found(title, start, end) for (start, title), end in zip(titles, bounds[1:], strict=True)
    ]
    begins: list[_Found] = []
    seen = {label for line in lines[: bounds[0]] for _, label in line.traces}
    waiting: list[_Found] = []
    for found in stretches:
        traces = {label for line in lines[found.start : found.end] for _, label in line.traces}
        if not traces and not _has_parts(lines[found.start : found.end]):
            waiting.append(found)
            continue
        current = begins[-1] if begins else None
        repeats = bool(traces & seen)
        if current is None and repeats:
            # The tables before the first title are not those that stand under it.
            begins.append(_Found(None, 0, found.start))
        if current is None or repeats or _differ(current.title, found.title, same_body):
            begins.append(replace(found, start=_first_of(waiting, found, same_body)))
            seen = set()
        seen |= traces
        waiting = []
    return begins or [_Found(titles[0][1] if titles else None, 0, len(lines))]


def _first_of(waiting: Sequence[_Found], found: _Found, same_body: SameBody) -> int:
    """Where a report begins: with the first of the lines directly before it that have its title."""
    start = found.start
    for before in reversed(waiting):
        if _differ(before.title, found.title, same_body):
            break
        start = before.start
    return start


def _titles(lines: Sequence[SourceLine], is_body: IsBody) -> list[tuple[int, Title]]:
    """Every title among the lines, with the position of its first line."""
    blocks = [line.block for line in lines]
    position = {id(block): i for i, block in enumerate(blocks)}
    found = {}
    for title in find_titles(blocks, is_body, len(blocks)):
        found[position[id(title.lines[0])]] = title
    for i, block in enumerate(blocks):
        short = _short_title(block, is_body)
        if short is not None and not any(
            start <= i <= (title.last or start) for start, title in found.items()
        ):
            found[i] = replace(short, lines=(block,), last=i)
    return sorted(found.items())


def _short_title(block: TextBlock, is_body: IsBody) -> Title | None:
    if "报" not in block.text or len(block.text) > LONGEST_CAPTION:
        return None
    title = parse_short_title(block.text)
    return title if title is not None and is_body(title.name) else None


def _has_parts(lines: Sequence[SourceLine]) -> bool:
    headings = {
        match[0]
        for line in lines
        if len(line.block.text) <= LONGEST_CAPTION
        and (match := _PART.match(fold_text(line.block.text)))
    }
    return len(headings) >= _LEAST_PARTS


def _differ(one: Title | None, other: Title | None, same_body: SameBody) -> bool:
    """Whether two titles name different bodies or years; a missing one is no difference."""
    if one is None or other is None:
        return False
    if one.year and other.year and one.year != other.year:
        return True
    return bool(one.name and other.name) and not same_body(one.name, other.name)


def _doubt(
    items: Sequence[Item],
    lines: Sequence[SourceLine],
    title: Title | None,
    says_whose: IsBody,
    same_body: SameBody,
) -> Doubt | None:
    """Where within a part something that is no title may begin another report."""
    traced = [i for i, line in enumerate(lines) if line.traces]
    if not traced:
        return None
    between = range(traced[0] + 1, traced[-1] + 1)
    before = {
        fold_text(text) for line in lines[: traced[0]] for text in (line.block.text, *line.words)
    }
    name = title.name if title else ""
    # What also stands above the first table is repeated on the pages.
    for i in between:
        for text in _said(lines, i):
            new = fold_text(text) not in before
            if begins_text(text) or (new and names_other(text, name, says_whose, same_body)):
                return _at(items, lines, i, text)
        ended = signature(lines, i)
        if ended and fold_text(lines[i].block.text) not in before:
            if are_claimed(lines, i + 1, name) or is_annexed(lines, i + 1):
                continue
            return replace(_at(items, lines, i + 1, ended), signed=True)
    rows = [
        i
        for i, below in zip(traced, [*traced[1:], -1], strict=True)
        if below < 0 or not _is_over(lines[i], lines[below])
    ]
    start = _second_set(lines, rows)
    return None if start is None else _at(items, lines, start, "")


def _said(lines: Sequence[SourceLine], i: int) -> list[str]:
    """The texts of a line, after the name of the sheet of which it is the first."""
    sheet = lines[i].block.place.sheet
    begun = sheet if sheet != lines[i - 1].block.place.sheet else None
    return [text for text in (begun, lines[i].block.text, *lines[i].words) if text]


def _at(items: Sequence[Item], lines: Sequence[SourceLine], start: int, text: str) -> Doubt:
    return Doubt(
        before=_between(items, lines, 0, start),
        after=_between(items, lines, start, len(lines)),
        place=lines[start].block.place,
        text=text,
    )


def _is_over(line: SourceLine, below: SourceLine) -> bool:
    """Whether a line is the caption of the table directly below it, which begins with that row."""
    return line.item + 1 == below.item and line.traces == below.traces and bool(line.block.text)


def _second_set(lines: Sequence[SourceLine], traced: Sequence[int]) -> int | None:
    """The line with which a second set of tables begins, by a repeated label."""
    seen: set[str] = set()
    position = 0
    while position < len(traced):
        labels = {label for _, label in lines[traced[position]].traces}
        if labels & seen:
            break
        seen |= labels
        position += 1
    else:
        return None
    # Tables before the one that is repeated, and after one that forms print later, belong to the
    # second set as well.
    while position > 1 and _cube(lines[traced[position - 1]]) < _cube(lines[traced[position]]):
        position -= 1
    start = traced[position]
    last = traced[position - 1]
    for i in range(last + 1, start):
        if _PART_WITH_TABLE.match(fold_text(lines[i].block.text)):
            return i
    begin = next(i for i in range(len(lines)) if lines[i].item == lines[start].item)
    return begin if begin > last else start


def _cube(line: SourceLine) -> int:
    return ORDER.index(line.traces[0][0])


def _between(
    items: Sequence[Item], lines: Sequence[SourceLine], start: int, end: int
) -> tuple[Item, ...]:
    """The items from line ``start`` to before line ``end``, grids cut where these stand in them."""
    if start >= end:
        return ()
    first = lines[start].item
    last = lines[end].item if end < len(lines) else None
    offset, above = lines[0].item, lines[0].row
    found: list[Item] = []
    for i in range(first, (last if last is not None else lines[-1].item) + 1):
        item = items[i - offset]
        # The first grid may itself be cut from a larger one.
        cut = above if i == offset else 0
        top = lines[start].row - cut if i == first else 0
        bottom = lines[end].row - cut if last is not None and i == last else None
        if bottom == 0:
            continue
        if isinstance(item, Grid) and (top or bottom is not None):
            item = replace(item, rows=item.rows[top:bottom])
        elif bottom is not None:
            continue
        found.append(item)
    return tuple(found)
