"""From a document to a report: find the parts, choose the forms, read tables and text."""

from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.documents import Document, TextBlock
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.forms.alignment import Expected, Match, align
from gongkai.converters.forms.stream import StreamReading, read_stream, stray_cell, stray_words
from gongkai.converters.labels import fold_label
from gongkai.converters.metadata import read_metadata
from gongkai.converters.narrative import read_sections
from gongkai.converters.report import Cell, CellState, Note, Report, ReportTable
from gongkai.ontology.forms import Form, Part, Table, forms

_CHINESE_NUMBERS = "一二三四五六"
_LONGEST_HEADING = 40


def recognise(document: Document) -> Report:
    """The report that ``document`` holds.

    Raises UnreadableSource where it holds none: no title, no known body, or none of the tables.
    """
    blocks = document.blocks
    headings = find_parts(forms()[-1].parts, blocks)
    readings = {
        cube: _best_form(cube, blocks, headings)
        for cube in (table.cube for table in forms()[0].tables)
    }
    if not any(reading.found_rows for _, reading, _ in readings.values()):
        raise UnreadableSource(
            "this is no annual report that can be read: none of its official tables "
            "(parts 二, 三, 四) was found"
        )
    metadata = read_metadata(blocks)
    notes = list(metadata.notes) + _heading_notes(headings, blocks)
    tables, used, table_notes = _gather(readings, headings, blocks)
    notes.extend(table_notes)
    prose = [block for i, block in enumerate(blocks) if i not in used]
    sections, signature = read_sections(prose, metadata)
    return Report(
        body=metadata.body,
        year=metadata.year,
        title=metadata.title,
        period=metadata.period,
        issued=metadata.issued,
        signature=signature,
        contact=metadata.contact,
        sections=sections,
        form=readings["requests"][0],
        tables=tables,
        notes=tuple(sorted(notes, key=lambda note: note.place.line if note.place else 0)),
        source=document.source,
    )


def find_parts(parts: Sequence[Part], blocks: Sequence[TextBlock]) -> dict[int, int]:
    """Position of the heading of each statutory part that was found, by the part's number."""
    expected = [
        Expected(
            f"{_CHINESE_NUMBERS[part.number - 1]}、{part.label['zh']}",
            tuple(f"{_CHINESE_NUMBERS[part.number - 1]}、{text}" for text in part.variants),
        )
        for part in parts
    ]
    texts = [block.text if len(block.text) <= _LONGEST_HEADING else None for block in blocks]
    matches: list[Match] = align(expected, texts)
    return {parts[match.expected].number: match.start for match in matches}


def _best_form(
    cube: str, blocks: Sequence[TextBlock], headings: dict[int, int]
) -> tuple[Form, StreamReading, int]:
    """The form that explains a table best, its reading, and where the table's part begins."""
    candidates = []
    for form in forms():
        table = form.table(cube)
        start, end = _extent(table, headings, len(blocks))
        candidates.append((form, read_stream(table, blocks[start:end]), start))
    return max(candidates, key=lambda candidate: candidate[1].fit)


def _gather(
    readings: dict[str, tuple[Form, StreamReading, int]],
    headings: dict[int, int],
    blocks: Sequence[TextBlock],
) -> tuple[tuple[ReportTable, ...], set[int], list[Note]]:
    """The tables, the positions that they use, and notes; nothing among the tables is lost.

    A value among the tables that none of them took is kept as an unread cell of the table whose
    labels begin last before it; words among the labels of a table become a note.
    """
    used = {offset + i for _, reading, offset in readings.values() for i in reading.used}
    notes = [note for _, reading, _ in readings.values() for note in reading.notes]
    found = {
        cube: (offset + reading.first, offset + reading.last)
        for cube, (_, reading, offset) in readings.items()
        if reading.found_rows or reading.used
    }
    begin = min(first for first, _ in found.values())
    strays: dict[str, list[Cell]] = {}
    for i in range(begin, len(blocks)):
        if i in used:
            continue
        cell = stray_cell(blocks[i])
        words = stray_words(blocks[i])
        if cell is not None:
            cube = max((first, cube) for cube, (first, _) in found.items() if first <= i)[1]
            strays.setdefault(cube, []).append(cell)
            used.add(i)
        elif words is not None and any(first <= i < last for first, last in found.values()):
            notes.append(words)
            used.add(i)
    tables: list[ReportTable] = []
    for cube, (form, reading, _) in readings.items():
        begun = form.table(cube).part in headings or reading.head_found
        if tables and not begun:
            tables[-1] = _doubt_last_row(tables[-1])
        tables.append(ReportTable(cube, form, (*reading.cells, *strays.get(cube, ()))))
    return tuple(tables), used, notes


def _doubt_last_row(table: ReportTable) -> ReportTable:
    """The table with its last row unread, because the beginning of the next table is missing.

    Where lines were lost between the two, the row may have taken the other table's values.
    """
    last = next((cell.row for cell in reversed(table.cells) if cell.codes), {})
    reason = {
        "zh": "其后之表的开头缺失，数值可能属于该表",
        "en": "the beginning of the next table is missing; the values may be that table's",
    }
    cells = tuple(
        replace(
            cell,
            state=CellState.UNREAD,
            reason=reason,
            readings=(str(cell.value),),
            value=None,
            unit=None,
            text=None,
        )
        if cell.state is CellState.READ and cell.row == last
        else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def _extent(table: Table, headings: dict[int, int], length: int) -> tuple[int, int]:
    """From the part's own heading (or, if lost, the one before it) to the next heading found."""
    before = [position for part, position in headings.items() if part <= table.part]
    after = [position for part, position in headings.items() if part > table.part]
    return max(before, default=-1) + 1, min(after, default=length)


def _heading_notes(headings: dict[int, int], blocks: Sequence[TextBlock]) -> list[Note]:
    notes = []
    for part in forms()[-1].parts:
        wanted = f"{_CHINESE_NUMBERS[part.number - 1]}、{part.label['zh']}"
        position = headings.get(part.number)
        if position is None:
            notes.append(
                Note(
                    {
                        "zh": f"没有找到第{_CHINESE_NUMBERS[part.number - 1]}部分的标题“{wanted}”",
                        "en": f"the heading of part {part.number}, “{wanted}”, was not found",
                    }
                )
            )
        elif fold_label(blocks[position].text) != fold_label(wanted):
            seen = blocks[position].text
            notes.append(
                Note(
                    {
                        "zh": f"标题印作“{seen}”，格式为“{wanted}”",
                        "en": f"heading printed “{seen}” where the form has “{wanted}”",
                    },
                    place=blocks[position].place,
                    printed=seen,
                )
            )
    return notes
