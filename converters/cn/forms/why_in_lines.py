"""Why rows in lines are not read, where only order could show which value is whose."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace

from gongkai.converters.cn.forms.in_lines import TableLines
from gongkai.converters.cn.forms.left_over import FEWEST, with_missing_reported
from gongkai.converters.cn.forms.spread import LineKey, Piece
from gongkai.converters.labels import fold_label
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import Block, Header, cell_codes
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_LONGEST_QUOTED = 20

_PAGE: Label = translations("forms.in_lines.spaces_only")
_DUPLICATE_LABELS: Label = translations("forms.in_lines.duplicate_labels")
_APART: Label = translations("forms.in_lines.apart")


def with_lines_reported(table: ReportTable, lines: TableLines) -> ReportTable:
    """The table; for unread rows with a label in ``lines``, what was found there is reported."""
    if not lines.values:
        return table
    reasons: dict[frozenset[tuple[str, str]], tuple[Label, tuple[str, ...]]] = {}
    own = {fold_label(cell.row["zh"]) for cell in table.cells if cell.row and not cell.column}
    for block in lines.table.blocks:
        for row in block.leaf_rows():
            if _is_there(lines, block, row):
                values = lines.values_of(block, row) or _later_values(lines, block, row)
                if not values or fold_label(_before(lines, values[0])) in own:
                    continue
                reason = _why(lines, block, row, values)
                texts = tuple(piece.block.text for piece in values)
                for column in block.leaf_columns():
                    reasons[frozenset(cell_codes(row, column).items())] = reason, texts
    return (
        replace(table, cells=tuple(_with_reason(cell, reasons) for cell in table.cells))
        if reasons
        else table
    )


def with_numbers_reported(
    table: ReportTable, lines: TableLines, taken: Collection[int]
) -> ReportTable:
    """The table; where numbers are left over in its part, no row is reported as missing.

    ``taken`` are the positions of the items from which the tables were read; numbers among these
    that belong to no cell are left over too.
    """
    rows: dict[LineKey, list[str]] = {}
    for piece in lines.pieces:
        if piece.is_value and piece.item not in taken:
            rows.setdefault(piece.line, []).append(piece.block.text)
    strays = [text for cell in table.cells if not cell.codes for text in cell.readings]
    left_over = next((row for row in (strays, *rows.values()) if len(row) >= FEWEST), None)
    return table if left_over is None else with_missing_reported(table, [" ".join(left_over)])


def _with_reason(
    cell: Cell, reasons: dict[frozenset[tuple[str, str]], tuple[Label, tuple[str, ...]]]
) -> Cell:
    """The cell; one for which nothing was found, as unread with what stands in the lines."""
    nothing = cell.state is CellState.ABSENT or (
        cell.state is CellState.UNREAD and all(map(_is_line, cell.readings))
    )
    found = reasons.get(frozenset(cell.codes.items())) if nothing else None
    if found is None:
        return cell
    reason, texts = found
    return replace(cell, state=CellState.UNREAD, reason=reason, readings=texts)


def _is_line(reading: str) -> bool:
    """Whether what was found is a whole line of values."""
    return sum(map(looks_like_cell, reading.split())) > 1


def _is_there(lines: TableLines, block: Block, row: Header) -> bool:
    """Whether the label of ``row`` was found; for a row without one, half of its headings."""
    if row.label:
        return row.iri in lines.found.by_header
    columns = block.leaf_columns()
    return sum(column.iri in lines.found.by_header for column in columns) * 2 >= len(columns)


def _later_values(lines: TableLines, block: Block, row: Header) -> list[Piece]:
    """The first line of values after the label of ``row``, where none follow it."""
    start = lines.found.values_start(block, row)
    if start is None:
        return []
    later = [lines.pieces[i] for i in lines.values[bisect_left(lines.values, start) :]]
    return [piece for piece in later if piece.line == later[0].line]


def _before(lines: TableLines, value: Piece) -> str:
    """The text directly before a value."""
    at = lines.pieces.index(value)
    return lines.pieces[at - 1].block.text if at else ""


def _why(lines: TableLines, block: Block, row: Header, values: Sequence[Piece]) -> Label:
    if any(piece.in_text_line for piece in values):
        return _PAGE
    trouble = lines.found.column_trouble(block)
    if trouble is not None:
        return trouble
    if lines.found.unsure:
        return _DUPLICATE_LABELS
    wanted = len(block.leaf_columns())
    if len(values) != wanted or not lines.values_of(block, row):
        if len(values) == wanted:
            return _behind(_before(lines, values[0]))
        return _with_follower(_miscounted(row, len(values), wanted), lines, values[-1])
    return _APART


def _with_follower(reason: Label, lines: TableLines, last: Piece) -> Label:
    """The reason, with what follows the ``last`` value, where that is no label."""
    behind = lines.pieces.index(last) + 1
    if behind in lines.used or behind == len(lines.pieces):
        return reason
    text = lines.pieces[behind].block.text
    if not text or len(text) > _LONGEST_QUOTED:
        return reason
    return translations("forms.in_lines.follower", reason=reason, text=text)


def _behind(words: str) -> Label:
    return translations("forms.in_lines.behind", words=words)


def _miscounted(row: Header, met: int, wanted: int) -> Label:
    if not row.label:
        return translations("forms.in_lines.miscounted", count=met, wanted=wanted)
    return translations("forms.in_lines.miscounted_row", count=met, wanted=wanted)
