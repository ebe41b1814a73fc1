"""What a table's own captions and headings say of its numbers, held against how they were read.

A caption may name another year than the report (tables are often copied from last year's), and a
unit that the form does not have (单位：百件). Neither is seen in the cells: where it contradicts
what was read, the table's numbers are unread, since they may be another year's or a hundred times
as large.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from gongkai.converters.documents.model import Grid, Item, Place, TextBlock
from gongkai.converters.forms.cells import made_unread
from gongkai.converters.forms.columns import units_of_money
from gongkai.converters.labels import fold_text
from gongkai.converters.metadata.dates import with_digits
from gongkai.converters.numbers import COUNT_WORDS, looks_like_cell
from gongkai.converters.report import Cell, CellState, Note, ReportTable
from gongkai.ontology.forms import Label
from gongkai.ontology.structures import value_type

_LONGEST_CAPTION = 40
_MOST_OVER_GRID, _MOST_OVER_LINES = 4, 16
"""How many short lines above a table may be captions; over lines, its headings are among them."""

_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年")
_NAMES_TABLE = re.compile(
    r"[(\[【]?(?:统计)?(?:年度|年份|时间|期间|区间)?:?20[0-9]{2}年度?[)\]】]?"
    r"|.*(?:统计表|情况表|一览表|汇总表|报表|表格|情况|数据)(?:[(\[].*[)\]])?:?"
)
_COMPARES = re.compile(r"[,。;!?]|比|同期|增|减|较|变化|上年|结转")
_PART = re.compile(r"[一二三四五六]、")
_TABLED_PART = re.compile(r"[二三四]、")
"""Headings of parts with tables, over whose numbers the label 一、… of the first row stands."""
_COUNTED = "|".join(COUNT_WORDS)
_SCALED = re.compile(
    rf"单位(?:均|都)?[:为是]?(?:[^,。;:]*[、/])?(?P<unit>[十百千万亿]+(?:{_COUNTED}))|\((?P<brief>[十百千万亿]+(?:{_COUNTED}))\)"
)
_UNIT_IS = re.compile("单位(?:均|都)?[为是]")
_YEAR_BEFORE = re.compile("上一?年")
_REMARK = re.compile(r"[(\[]?(?:注|说明|备注|单位|金额单位)[0-9]?[:、]?")

_Printed = tuple[str, str]
"""A label as it is printed, and as the form has it."""


def with_captions_believed(
    tables: Sequence[ReportTable],
    items: Sequence[Item],
    notes: Sequence[Note],
    year: int,
    told: bool,
) -> list[ReportTable]:
    """The tables; numbers unread whose captions, headings or labels contradict how they were read.

    ``items`` are those of the document, ``notes`` those on labels printed otherwise, ``year`` is
    the report's, ``told`` that the operator says so: then captions are not asked for it.
    """
    where = dict(reversed([*_places(items)]))
    printed = {note.about: fold_text(note.printed) for note in notes if note.about and note.printed}
    found: list[ReportTable] = []
    for table in tables:
        met: dict[int, set[Place]] = {}
        for cell in filter(_is_number, table.cells):
            if cell.place in where:
                met.setdefault(where[cell.place], set()).add(cell.place)
        in_lines = min((i for i in met if isinstance(items[i], TextBlock)), default=-1)
        said = {
            i: _saying(_in_grid(items, i, item, places))
            for i, places in met.items()
            if isinstance(item := items[i], Grid)
        }
        over_lines = _saying(_over_lines(items, in_lines))
        said |= dict.fromkeys(met.keys() - said.keys(), over_lines)
        labels = _printed_labels(table, printed)
        cells = []
        for cell in table.cells:
            reason: Label | None = None
            if _is_number(cell):
                around = said.get(where.get(cell.place, -1), []) if cell.place else []
                own = [one for one in labels if _is_under(cell, one[1])]
                reason = None if told else _other_year(around, own, year)
                reason = reason or _other_unit(cell, [*around, *(text for text, _ in own)])
            cells.append(
                made_unread(cell, reason, (cell.text or str(cell.value),)) if reason else cell
            )
        found.append(replace(table, cells=tuple(cells)))
    return found


def _is_number(cell: Cell) -> bool:
    return cell.state is CellState.READ and bool(cell.codes)


def _places(items: Sequence[Item]) -> Iterator[tuple[Place, int]]:
    for i, item in enumerate(items):
        if isinstance(item, TextBlock):
            if item.place != Place():
                yield item.place, i
            continue
        for row in item.rows:
            for cell in row:
                if cell is not None:
                    yield cell.place, i


def _in_grid(items: Sequence[Item], number: int, grid: Grid, numbers: Set[Place]) -> list[str]:
    """What is printed around the part of a table that stands in a grid, folded.

    Over it the lines across the whole grid, and those that say units, up to the numbers of the
    table before it; then the captions over the grid. Below it a remark.
    """
    rows = [[cell for cell in grid.distinct(i) if cell.text] for i in range(len(grid.rows))]
    first = next(i for i, row in enumerate(rows) if any(cell.place in numbers for cell in row))
    found: list[str] = []
    while first and not any(_is_figure(cell.text) for cell in rows[first - 1]):
        first -= 1
        texts = [fold_text(cell.text) for cell in rows[first]]
        found += [text for text in texts if len(texts) == 1 or _SCALED.search(text)]
    if not first:
        found += _captions(items, number, _MOST_OVER_GRID, _PART)
    below = items[number + 1] if number + 1 < len(items) else None
    if isinstance(below, TextBlock) and _REMARK.match(fold_text(below.text)):
        found.append(fold_text(below.text))
    return found


def _over_lines(items: Sequence[Item], first: int) -> list[str]:
    """The captions over a table in lines, whose first number is item ``first``, folded."""
    return _captions(items, first, _MOST_OVER_LINES, _TABLED_PART) if first >= 0 else []


def _captions(items: Sequence[Item], number: int, most: int, part: re.Pattern[str]) -> list[str]:
    """The short lines above an item, from the nearest up to the heading of the ``part``."""
    found: list[str] = []
    for above in reversed(items[max(number - most, 0) : number]):
        if not isinstance(above, TextBlock) or len(above.text) > _LONGEST_CAPTION:
            break
        found.append(fold_text(above.text))
        if part.match(found[-1]):
            break
    return found


def _is_figure(text: str) -> bool:
    return looks_like_cell(text) and any(map(str.isdigit, text))


def _printed_labels(table: ReportTable, printed: Mapping[str, str]) -> list[_Printed]:
    """Labels of the table that are not printed as the form has them: as printed, as in the form."""
    blocks = table.form.table(table.cube).blocks
    headers = [header for block in blocks for header in (*block.rows, *block.columns)]
    labels = [(printed[h.iri], h.label["zh"]) for h in headers if h.iri in printed]
    return [(text, label) for text, label in labels if _saying([text])]


def _saying(texts: Iterable[str]) -> list[str]:
    """Those of ``texts`` that say a year or a unit, years in digits."""
    found = map(with_digits, texts)
    return [t for t in found if "单位" in t or _SCALED.search(t) or _YEAR.search(t)]


def _is_under(cell: Cell, label: str) -> bool:
    return cell.row.get("zh") == label or label in cell.column.get("zh", "")


def _other_year(over: Sequence[str], own: Sequence[_Printed], year: int) -> Label | None:
    """Why numbers may be another year's: a caption or the label of the row or column says so.

    Where the form speaks of the year before, so may what is printed.
    """
    said = [(text, year) for text in over if _NAMES_TABLE.fullmatch(text)]
    said = [(text, meant) for text, meant in said if not _COMPARES.search(text)]
    said += [(text, year - bool(_YEAR_BEFORE.search(label))) for text, label in own]
    for text, meant in said:
        years = {int(found) for found in _YEAR.findall(text)}
        if len(years) == 1 and meant not in years:
            return {
                "zh": f"“{text}”所称年度与报告的 {year} 年不一致；如系笔误，请用 --year 指明年度",
                "en": f"“{text}” speaks of another year than {year}, the report's: "
                "if that is a misprint, say which year it is with --year",
            }
    return None


def _other_unit(cell: Cell, texts: Sequence[str]) -> Label | None:
    """Why a number may be in another unit than it was read in: what is said of units."""
    money = value_type(cell.unit or "") == "decimal"
    for text in texts:
        if money:
            units = units_of_money(_UNIT_IS.sub("单位:", text)) if "单位" in text else set()
            if units and cell.unit not in units:
                return _doubtful_unit(text)
        elif (scaled := _SCALED.search(text)) is not None:
            return _doubtful_unit(scaled[0])
    return None


def _doubtful_unit(printed: str) -> Label:
    return {
        "zh": f"表内另注“{printed}”，数值的单位不明",
        "en": f"“{printed}” is printed with the table: the number may be in another unit",
    }
