"""Which cells of a row are the values of a block's columns: only where that is beyond doubt."""

import re
from collections.abc import Mapping, Sequence

from gongkai.converters.cn.forms.cells import NO_VALUES
from gongkai.converters.documents.model import GridCell
from gongkai.converters.numbers import looks_like_cell
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

Row = Sequence[GridCell | None]

_DIGIT = re.compile(r"\d")
_WORDS = re.compile("[\u4e00-\u9fff]{2}")


class NotPlaced(Exception):
    """The values of a row cannot be placed; ``reason`` says why, ``cells`` are those found."""

    def __init__(self, reason: Label, cells: Sequence[GridCell]) -> None:
        """Take the reason in each language."""
        super().__init__(reason["en"])
        self.reason = reason
        self.cells = tuple(cells)


def values_by_position(
    row: Row,
    label: GridCell | None,
    positions: Sequence[tuple[int, ...]],
    covered: int,
    extra: frozenset[int] = frozenset(),
) -> list[GridCell]:
    """The values of ``row`` under headings that cover ``positions``, in their order.

    Cells that stand entirely in columns ``extra``, under headings of their own, are not among them.

    A value must overlap its own heading alone, or overlap it and have the same index among as many
    values. Raises NotPlaced otherwise, and where the row has cells beyond the headings.
    """
    cells = [cell for cell in _after(row, label) if not _within(row, cell, extra)]
    if len(row) > covered and any(cell is not None for cell in row[covered:]):
        window = values_by_order(cells, len(positions))
        if all(_overlaps(row, cell, where) for cell, where in zip(window, positions, strict=True)):
            return window
        raise NotPlaced(
            translations("forms.row_too_long"),
            cells,
        )
    found = [_alone_under(row, where, positions) for where in positions]
    if all(cell is not None and cell is not label for cell in found):
        placed = [cell for cell in found if cell is not None]
        # Words beside the values (a remark, the name of the row) do not replace a value.
        if not any(_DIGIT.search(cell.text) and cell not in placed for cell in cells):
            return placed
    if len(cells) == len(positions) and all(
        _overlaps(row, cell, where) for cell, where in zip(cells, positions, strict=True)
    ):
        return cells
    raise NotPlaced(
        translations("forms.not_under_headings", count=len(cells), wanted=len(positions)),
        cells,
    )


def values_by_order(cells: Sequence[GridCell], count: int) -> list[GridCell]:
    """``count`` adjacent ones of ``cells``; all others must be blank and outside of them.

    Raises NotPlaced where there are fewer, or where more than one choice is possible.
    """
    windows = [
        list(cells[start : start + count])
        for start in range(len(cells) - count + 1)
        if not any(cell.text for cell in (*cells[:start], *cells[start + count :]))
    ]
    if windows and _WORDS.search(cells[0].text) and not looks_like_cell(cells[0].text):
        raise NotPlaced(
            translations("forms.words_follow", text=cells[0].text),
            cells,
        )
    if len(windows) == 1 or (windows and not any(cell.text for cell in cells)):
        return windows[0]
    if not cells:
        raise NotPlaced(NO_VALUES, cells)
    if not windows:
        raise NotPlaced(
            translations("forms.miscount", count=len(cells), wanted=count),
            cells,
        )
    raise NotPlaced(
        translations("forms.blanks_too_many"),
        cells,
    )


def cells_after(row: Row, label: GridCell | None) -> list[GridCell]:
    """The cells of ``row`` to the right of ``label`` (all, if None), a merged one once."""
    return _after(row, label)


def _after(row: Row, label: GridCell | None) -> list[GridCell]:
    begin = 0
    if label is not None:
        begin = max(i for i, cell in enumerate(row) if cell is label) + 1
    found: list[GridCell] = []
    for cell in row[begin:]:
        if cell is not None and (not found or found[-1] is not cell):
            found.append(cell)
    return found


def _alone_under(
    row: Row, where: tuple[int, ...], positions: Sequence[tuple[int, ...]]
) -> GridCell | None:
    cells = {id(row[column]): row[column] for column in where}
    if len(cells) != 1:
        return None
    cell = next(iter(cells.values()))
    if cell is None:
        return None
    shared = any(row[column] is cell for other in positions if other != where for column in other)
    return None if shared and cell.text else cell


def _within(row: Row, cell: GridCell, columns: frozenset[int]) -> bool:
    return bool(columns) and all(i in columns for i, other in enumerate(row) if other is cell)


def extra_values(row: Row, extra: frozenset[int]) -> list[GridCell]:
    """The cells of ``row`` with text that stand entirely in the columns ``extra``."""
    return [cell for cell in _after(row, None) if cell.text and extra and _within(row, cell, extra)]


def _overlaps(row: Row, cell: GridCell, where: tuple[int, ...]) -> bool:
    return any(row[column] is cell for column in where)


def spans_rows(row: Row, neighbours: Mapping[int, Row], cell: GridCell) -> bool:
    """Whether ``cell`` of ``row`` also stands in one of the ``neighbours`` rows."""
    return any(other is cell for line in neighbours.values() for other in line)
