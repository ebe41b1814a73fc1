"""The official tables as grids, laid out as the forms print them, every number different."""

from dataclasses import dataclass

from gongkai.converters.documents.model import Grid, GridCell, Place
from gongkai.ontology.forms import Block, Form, Header, Table, cell_codes, forms
from gongkai.ontology.structures import unit_words

Key = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Box:
    """A cell to be laid out: its text and how many columns and rows it covers."""

    text: str
    width: int = 1
    height: int = 1


def form(key: str) -> Form:
    return next(item for item in forms() if item.key == key)


def laid_out(rows: list[list[Box]], table: int = 1, aligned: bool = True) -> Grid:
    """The grid of ``rows``, by the table model of HTML: boxes fill the first free places."""
    taken: dict[tuple[int, int], GridCell] = {}
    for i, row in enumerate(rows):
        column = 0
        for box in row:
            while (i, column) in taken:
                column += 1
            cell = GridCell(box.text, Place(table=table, row=i + 1, column=column + 1))
            for down in range(min(box.height, len(rows) - i)):
                for right in range(box.width):
                    taken.setdefault((i + down, column + right), cell)
    width = max((column for _, column in taken), default=-1) + 1
    cells = tuple(
        tuple(taken.get((i, column)) for column in range(width)) for i in range(len(rows))
    )
    return Grid(cells, Place(table=table), aligned)


def numbers(key: str, cubes: tuple[str, ...]) -> dict[Key, int]:
    """A number for every cell of the form's tables, each different from all others."""
    found: dict[Key, int] = {}
    for cube in cubes:
        for block in form(key).table(cube).blocks:
            for row, column in block.cells():
                found[cube, frozenset(cell_codes(row, column).items())] = 1000 + len(found)
    return found


def boxes(table: Table, values: dict[Key, int]) -> list[list[Box]]:
    """The rows of a table as the form prints them, blocks one below the other."""
    rows: list[list[Box]] = []
    for block in table.blocks:
        if block.unit_column:
            rows += _list(table, block, values)
        else:
            rows += _head(block) + _body(table, block, values)
    return rows


def _list(table: Table, block: Block, values: dict[Key, int]) -> list[list[Box]]:
    """A block of one column of labels, one of units and one of values, as that of 2014."""
    (column,) = block.columns
    rows = [[Box(text["zh"]) for text in (block.corner, block.unit_column, column.label)]]
    for row in block.rows:
        line = [Box(row.label["zh"]), Box("---"), Box("---")]
        if row.leaf:
            unit = unit_words()[row.unit or ""]
            key = (table.cube, frozenset(cell_codes(row, column).items()))
            line[1:] = [Box(unit), Box(str(values[key]))]
        rows.append(line)
    return rows


def _depth(headers: tuple[Header, ...]) -> int:
    return max(header.depth for header in headers) + 1


def _leaves_under(headers: tuple[Header, ...], head: int) -> int:
    if headers[head].leaf:
        return 1
    return sum(_leaves_under(headers, i) for i, h in enumerate(headers) if h.under == head)


def _head(block: Block) -> list[list[Box]]:
    columns, levels = block.columns, _depth(block.columns)
    stub = _depth(block.rows) if any(row.label for row in block.rows) else 0
    rows: list[list[Box]] = []
    if block.label:
        rows.append([Box(block.label["zh"], stub + len(block.leaf_columns()))])
    for level in range(levels):
        line = []
        if stub and level == 0:
            line.append(Box(block.corner.get("zh", ""), stub, levels))
        line += [
            Box(column.label["zh"], _leaves_under(columns, i), levels - level if column.leaf else 1)
            for i, column in enumerate(columns)
            if column.depth == level
        ]
        rows.append(line)
    return rows


def _body(table: Table, block: Block, values: dict[Key, int]) -> list[list[Box]]:
    rows, stub = block.rows, _depth(block.rows)
    lines: list[list[Box]] = []
    pending: list[Box] = []
    for i, row in enumerate(rows):
        if not row.leaf:
            pending.append(Box(row.label["zh"], 1, _leaves_under(rows, i)))
            continue
        line = pending
        pending = []
        if row.label:
            line.append(Box(row.label["zh"], stub - row.depth))
        for column in block.leaf_columns():
            key = (table.cube, frozenset(cell_codes(row, column).items()))
            line.append(Box(str(values[key])))
        lines.append(line)
    return lines
