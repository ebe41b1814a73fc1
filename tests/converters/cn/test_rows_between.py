"""Rows between the headings and the rows of the form: sums of a body's own, numbers of columns."""

import pytest

from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.report import Cell, CellState
from helpers.official_grids import Box, boxes, form, laid_out, numbers

CUBES = ("disclosure", "requests", "disputes")
VALUES = numbers("2021", CUBES)
HEADINGS = 2
"""Rows of headings over those of part three."""


def rows_of(cube: str) -> list[list[Box]]:
    return boxes(form("2021").table(cube), VALUES)


def read(tables: dict[str, list[list[Box]]]) -> list[Cell]:
    """The cells that are not read as in the official tables."""
    grids = [
        laid_out(tables.get(cube) or rows_of(cube), number)
        for number, cube in enumerate(CUBES, start=1)
    ]
    return [
        cell
        for table in read_tables(grids).tables
        for cell in table.cells
        if not cell.codes or cell.value != VALUES.get((table.cube, frozenset(cell.codes.items())))
    ]


def with_row(cube: str, at: int, row: list[Box]) -> dict[str, list[list[Box]]]:
    rows = rows_of(cube)
    return {cube: [*rows[:at], row, *rows[at:]]}


@pytest.mark.parametrize(
    "before", [[Box("栏次"), Box(""), Box("")], [Box("甲", 3)], [Box("序号", 2), Box("")]]
)
def test_a_row_that_numbers_the_columns_is_no_row_of_numbers(before: list[Box]) -> None:
    numbered = [*before, *(Box(str(number)) for number in range(1, 8))]
    other = read(with_row("requests", HEADINGS, numbered))
    assert not other


def test_a_sum_right_under_the_headings_leaves_the_others_their_headings() -> None:
    """It may be the row of the total: that alone is in doubt."""
    other = read(with_row("requests", HEADINGS, [Box("合计", 3), *[Box("99999")] * 7]))
    assert {cell.codes.get("stage", "none of the form's") for cell in other} == {"handled"}
    assert all(cell.state is CellState.UNREAD and "99999" in cell.readings for cell in other)
    other = read(with_row("requests", HEADINGS, [Box("往年平均", 3), *[Box("99999")] * 7]))
    assert {cell.state for cell in other} <= {CellState.UNREAD}
    assert not any(cell.codes for cell in other), "its numbers are told, those of the form read"


def test_a_sum_in_one_table_is_no_row_of_another() -> None:
    """（七）总计 of part three is not what part two calls 合计."""
    at = next(i for i, row in enumerate(rows_of("disclosure")) if row[0].text == "行政规范性文件")
    other = read(with_row("disclosure", at, [Box("合计"), *[Box("99999")] * 3]))
    assert not any(cell.codes for cell in other)
    assert any("99999" in cell.readings for cell in other)


@pytest.mark.parametrize("unit", ["（件）", "（单位：件）", "(份)"])
def test_a_unit_behind_a_label_is_no_other_label(unit: str) -> None:
    rows = [
        [
            Box(box.text + unit if box.text == "规章" else box.text, box.width, box.height)
            for box in row
        ]
        for row in rows_of("disclosure")
    ]
    other = read({"disclosure": rows})
    assert not other
