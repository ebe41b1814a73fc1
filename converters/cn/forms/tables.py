"""The official tables of a document: for each the form and the layout that fit best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from gongkai.converters.cn.forms.exchanged_columns import without_exchanged_columns
from gongkai.converters.cn.forms.gathering import gather
from gongkai.converters.cn.forms.grids import LEAST_FOUND, GridReader, GridReading
from gongkai.converters.cn.forms.in_lines import TableLines
from gongkai.converters.cn.forms.left_over import with_left_over_reported
from gongkai.converters.cn.forms.lines import GridLine, lines_of
from gongkai.converters.cn.forms.parts import extent, find_parts
from gongkai.converters.cn.forms.shifted_rows import without_shifted_rows
from gongkai.converters.cn.forms.side_by_side import stacked
from gongkai.converters.cn.forms.strays import GridRow, rows_taken, with_strays
from gongkai.converters.cn.forms.stream import StreamReading, read_stream
from gongkai.converters.cn.forms.surroundings import (
    Surroundings,
    lines_over,
    notes_below,
    surroundings_of_notes,
    with_lines_around,
)
from gongkai.converters.cn.forms.taken_apart import is_believed, lines_of_tables, take_apart
from gongkai.converters.cn.forms.why_in_lines import with_lines_reported, with_numbers_reported
from gongkai.converters.documents.model import Grid, Item, TextBlock
from gongkai.converters.report import Note, ReportTable
from gongkai.ontology.forms import Form, Table, forms

_LONGEST_CAPTION = 30


@dataclass(frozen=True)
class TableSet:
    """The tables found, notes on them, and which items they used.

    ``blocks`` are positions of text blocks among the items, ``rows`` rows of grids; ``around`` are,
    by cube, the words around each table.
    """

    tables: tuple[ReportTable, ...]
    notes: tuple[Note, ...]
    blocks: frozenset[int]
    rows: frozenset[GridRow]
    around: Mapping[str, Surroundings] = field(default_factory=dict)


@dataclass(frozen=True)
class _InGrids:
    form: Form
    reading: GridReading


@dataclass(frozen=True)
class _InStream:
    form: Form
    reading: StreamReading
    offset: int


def read_tables(items: Sequence[Item]) -> TableSet:
    """Find and read the official tables among ``items``; none, if there are none."""
    headings = _headings(items)
    first = _read(items, headings)
    lines = lines_of_tables(items, headings, first.tables, _tables_by_cube())
    apart = take_apart(items, lines)
    if apart is not None:
        second = _read(apart.items, _headings(apart.items))
        if is_believed(first.tables, second.tables, apart):
            blocks, rows = apart.blocks_and_rows(second.blocks, second.rows)
            first = replace(second, blocks=blocks, rows=rows)
    return _with_lines_reported(first, lines)


def _with_lines_reported(found: TableSet, lines: Mapping[str, Sequence[TableLines]]) -> TableSet:
    """The tables; unread rows get the reason why they cannot be read from their lines."""
    taken = {*found.blocks, *(item for item, _ in found.rows)}
    tables = []
    for table in found.tables:
        for one in lines.get(table.cube, ()):
            if one.table in table.form.tables:
                table = with_numbers_reported(with_lines_reported(table, one), one, taken)
        tables.append(table)
    return replace(found, tables=tuple(tables))


def _headings(items: Sequence[Item]) -> dict[int, int]:
    """Position among the text blocks of the heading of each part that was found."""
    return find_parts([item for item in items if isinstance(item, TextBlock)])


def _read(items: Sequence[Item], headings: dict[int, int]) -> TableSet:
    """The tables among ``items`` as these are; ``headings`` are those of the parts."""
    grid_positions = [i for i, item in enumerate(items) if isinstance(item, Grid)]
    stacks = [stacked(item) for item in items if isinstance(item, Grid)]
    grids = [stack.grid for stack in stacks]
    block_positions = [i for i, item in enumerate(items) if isinstance(item, TextBlock)]
    blocks = [item for item in items if isinstance(item, TextBlock)]
    captions = [_caption(items, i) for i in grid_positions]
    lines = lines_of(grids)
    in_grids: dict[str, _InGrids] = {}
    in_stream: dict[str, _InStream] = {}
    for cube, candidates in _tables_by_cube().items():
        form_in_grids = next((found.form for found in in_grids.values()), None)
        gridded = (
            _best_in_grids(candidates, grids, lines, captions, form_in_grids) if grids else None
        )
        if gridded is not None:
            in_grids[cube] = gridded
            continue
        streamed = _best_in_stream(candidates, blocks, headings)
        if streamed is not None:
            in_stream[cube] = streamed
    wanted = _wanted(in_grids, in_stream)
    in_stream = {cube: found for cube, found in in_stream.items() if cube in wanted}
    tables: dict[str, ReportTable] = {
        cube: ReportTable(cube, found.form, found.reading.cells) for cube, found in in_grids.items()
    }
    notes = [note for found in in_grids.values() for note in found.reading.notes]
    used_blocks: set[int] = set()
    if any(found.reading.found_rows or found.reading.used for found in in_stream.values()):
        streamed_tables, used, stream_notes = gather(
            {cube: (found.form, found.reading, found.offset) for cube, found in in_stream.items()},
            headings,
            blocks,
        )
        tables.update({table.cube: table for table in streamed_tables})
        notes += stream_notes
        used_blocks = {block_positions[i] for i in used}
    elif tables:
        tables.update(
            {
                cube: ReportTable(cube, found.form, found.reading.cells)
                for cube, found in in_stream.items()
            }
        )
    counted = {cube: found.reading.counted for cube, found in in_grids.items()}
    counted |= {cube: found.reading.counted for cube, found in in_stream.items()}
    tables = {
        cube: without_exchanged_columns(without_shifted_rows(table, counted.get(cube, {})))
        for cube, table in tables.items()
    }
    rows = {
        (grid, row): cube for cube, found in in_grids.items() for grid, row in found.reading.used
    }
    met = frozenset[int]().union(*(found.reading.met for found in in_grids.values()))
    own = {
        place: row
        for found in in_grids.values()
        for place, row in found.reading.own.items()
        if place not in rows
    }
    tables, stray_notes = with_strays(tables, rows, met, own, grids)
    taken = {grid for grid, _ in rows}
    around = _around(in_grids, items, grid_positions)
    around |= {
        cube: _around_stream(found, [items[i] for i in block_positions])
        for cube, found in in_stream.items()
    }
    tables = with_left_over_reported(tables, grids, taken)
    return TableSet(
        tables=tuple(tables[cube] for cube in _tables_by_cube() if cube in tables),
        notes=(*notes, *stray_notes),
        blocks=frozenset(used_blocks),
        rows=frozenset(
            (grid_positions[grid], stacks[grid].rows[row])
            for grid in taken
            for row in rows_taken({row for g, row in rows if g == grid})
        ),
        around=around,
    )


def _around(
    in_grids: Mapping[str, _InGrids], items: Sequence[Item], positions: Sequence[int]
) -> dict[str, Surroundings]:
    """The words around each table that was read in grids, which stand at ``positions``."""
    rows: dict[str, dict[int, list[int]]] = {}
    first: dict[int, int] = {}
    for cube, found in in_grids.items():
        rows[cube] = {}
        for grid, row in found.reading.used:
            position = positions[grid]
            rows[cube].setdefault(position, []).append(row)
            first[position] = min(row, first.get(position, row))
    return {
        cube: with_lines_around(found.reading.around, items, rows[cube], first)
        for cube, found in in_grids.items()
    }


def _around_stream(found: _InStream, blocks: Sequence[Item]) -> Surroundings:
    """The words around a table whose cells stand in text ``blocks``."""
    printed = surroundings_of_notes(found.reading.notes)
    first, last = found.offset + found.reading.first, found.offset + found.reading.last
    return Surroundings(
        over=tuple(lines_over(blocks, first)),
        below=tuple(notes_below(blocks, last)),
        rows=printed,
        columns=printed,
    )


def _wanted(in_grids: dict[str, _InGrids], in_stream: dict[str, _InStream]) -> set[str]:
    """The cubes that a report must fill: all of each form of which a table was found."""
    forms_met = [found.form for found in in_grids.values()]
    forms_met += [
        found.form
        for found in in_stream.values()
        if found.reading.found_rows or found.reading.head_found
    ]
    return {cube for form in forms_met for cube in form.cubes}


@lru_cache(maxsize=1)
def _tables_by_cube() -> dict[str, list[tuple[Form, Table]]]:
    found: dict[str, list[tuple[Form, Table]]] = {}
    for form in forms():
        for table in form.tables:
            found.setdefault(table.cube, []).append((form, table))
    return found


def _caption(items: Sequence[Item], grid: int) -> str:
    """The line directly above a grid, if it can be its caption."""
    above = items[grid - 1] if grid else None
    if not isinstance(above, TextBlock) or len(above.text) > _LONGEST_CAPTION:
        return ""
    return above.text


def _best_in_grids(
    candidates: Sequence[tuple[Form, Table]],
    grids: Sequence[Grid],
    lines: Sequence[GridLine],
    captions: Sequence[str],
    form_in_grids: Form | None,
) -> _InGrids | None:
    """The table in the form that fits best; ``form_in_grids`` is the form of a table found before.

    Where rows that the body added replace those that distinguish the forms, that one decides.
    """
    readers = [(form, GridReader(table, grids, lines, captions)) for form, table in candidates]
    promises = [
        reader.promise + (bool(reader.own) and form is form_in_grids) for form, reader in readers
    ]
    best: _InGrids | None = None
    best_fit = 0.0
    for i in sorted(range(len(readers)), key=lambda i: promises[i], reverse=True):
        form, reader = readers[i]
        if reader.found < LEAST_FOUND or (best and promises[i] <= best_fit):
            continue
        found = _InGrids(form, reader.read())
        fit = found.reading.fit + promises[i] - reader.promise
        if best is None or fit > best_fit:
            best, best_fit = found, fit
    return best


def _best_in_stream(
    candidates: Sequence[tuple[Form, Table]],
    blocks: Sequence[TextBlock],
    headings: dict[int, int],
) -> _InStream | None:
    read = []
    for form, table in candidates:
        start, end = extent(table, headings, len(blocks))
        read.append(_InStream(form, read_stream(table, blocks[start:end]), start))
    return max(read, key=lambda found: found.reading.fit)
