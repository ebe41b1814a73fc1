"""Put together the tables that were read, so that nothing between them is lost."""

import re
from collections.abc import Sequence
from dataclasses import replace

from gongkai.converters.cn.forms.cells import made_unread
from gongkai.converters.cn.forms.stream import StreamReading
from gongkai.converters.cn.forms.stream_labels import LONGEST_LABEL
from gongkai.converters.documents.model import TextBlock
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, Note, ReportTable
from gongkai.ontology.forms import Form
from gongkai.ontology.texts import translations

_DIGIT = re.compile(r"\d")


def gather(
    readings: dict[str, tuple[Form, StreamReading, int]],
    headings: dict[int, int],
    blocks: Sequence[TextBlock],
) -> tuple[tuple[ReportTable, ...], set[int], list[Note]]:
    """The tables, the positions that they use, and notes; nothing among the tables is lost.

    A value among the tables that belongs to none of them is kept as an unread cell of the table
    whose labels begin last before it; words among the labels of a table become a note.
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
        cell = _stray_cell(blocks[i])
        words = _stray_words(blocks[i])
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
    reason = translations("forms.next_table_cut")
    cells = tuple(
        made_unread(cell, reason, (str(cell.value),))
        if cell.state is CellState.READ and cell.row == last
        else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def _stray_cell(block: TextBlock) -> Cell | None:
    """A value found among the tables that belongs to no cell of the form; None for other text."""
    if not looks_like_cell(block.text) or not _DIGIT.search(block.text):
        return None
    return Cell(
        codes={},
        row={},
        column={},
        state=CellState.UNREAD,
        place=block.place,
        reason=translations("forms.stray_number", text=block.text),
        readings=(block.text,),
    )


def _stray_words(block: TextBlock) -> Note | None:
    """A note on words found among the labels of a table that the form does not print."""
    if len(block.text) > LONGEST_LABEL:
        return None
    return Note(
        message=translations("forms.stray_words", text=block.text),
        place=block.place,
        printed=block.text,
    )
