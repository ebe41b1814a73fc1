"""Part four laid out otherwise: in several tables, or with the proceedings as rows."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.converters.cn.forms.alignment import LabelMatch, ambiguous, best_in_order
from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.report import Cell, CellState
from helpers.official_grids import Box, boxes, form, laid_out, numbers

CUBES = ("disclosure", "requests", "disputes")
VALUES = numbers("2021", CUBES)
OTHERS = [
    laid_out(boxes(form("2021").table(cube), VALUES), number)
    for number, cube in enumerate(CUBES[:2], start=1)
]
NUMBERS = [str(value) for key, value in VALUES.items() if key[0] == "disputes"]
RESULTS = [Box(text) for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
LAWSUITS = [Box("未经复议直接起诉", 5), Box("复议后起诉", 5)]


def read(*rows: list[list[Box]]) -> list[Cell]:
    """The cells of part four, of which each of ``rows`` is a table."""
    grids = [*OTHERS, *(laid_out(part, number) for number, part in enumerate(rows, start=3))]
    (table,) = (table for table in read_tables(grids).tables if table.cube == "disputes")
    return list(table.cells)


def values(first: int, last: int) -> list[Box]:
    return [Box(text) for text in NUMBERS[first:last]]


def test_each_proceeding_in_a_table_of_its_own() -> None:
    reconsideration = [[Box("行政复议", 5)], RESULTS, values(0, 5)]
    lawsuits = [[Box("行政诉讼", 10)], LAWSUITS, RESULTS * 2, values(5, 15)]
    assert [str(cell.value) for cell in read(reconsideration, lawsuits)] == NUMBERS
    assert [str(cell.value) for cell in read(lawsuits, reconsideration)] == NUMBERS


@pytest.mark.parametrize("corner", ["项目", "", "复议诉讼情况"])
def test_proceedings_as_rows_are_never_taken_for_one_another(corner: str) -> None:
    """The headings alone say nothing of whose results they are, whatever stands before them."""
    rows = [[Box(corner, 2), *RESULTS], [Box("行政复议", 2), *values(0, 5)]]
    rows.append([Box("行政诉讼", 1, 2), Box("未经复议直接起诉"), *values(5, 10)])
    rows.append([Box("复议后起诉"), *values(10, 15)])
    cells = read(rows)
    assert not any(cell.value is not None for cell in cells)
    told = " ".join([cell.reason["en"] for cell in cells] + [r for c in cells for r in c.readings])
    assert "the column was not found" not in [cell.reason["en"] for cell in cells]
    assert NUMBERS[0] in told, "what stands in the first row is told"


def test_numbers_in_another_table_are_why_a_column_is_not_found() -> None:
    """Nothing says whose results the first table holds."""
    lawsuits = [[Box("行政诉讼", 10)], LAWSUITS, RESULTS * 2, values(5, 15)]
    cells = read([RESULTS, values(0, 5)], lawsuits)
    missing = [cell for cell in cells if cell.state is not CellState.READ]
    assert missing and all(NUMBERS[0] in str((c.reason, c.readings)) for c in missing)
    read_as = {(cell.column["zh"], str(cell.value)) for cell in cells if cell.value is not None}
    assert not any(name.startswith("行政复议") for name, _ in read_as)


@given(
    before=st.integers(min_value=0, max_value=3),
    after=st.integers(min_value=0, max_value=3),
    sets=st.integers(min_value=2, max_value=4),
    length=st.integers(min_value=1, max_value=5),
)
def test_labels_that_repeat_are_ambiguous_whatever_stands_around_them(
    before: int, after: int, sets: int, length: int
) -> None:
    """``length`` texts, each of which may be any of ``sets`` labels."""
    candidates = [
        LabelMatch(label + length * number, before + label, before + label + 1, 1.0)
        for label in range(length)
        for number in range(sets)
    ]
    sizes = (length * sets, before + length + after)
    first, last = (best_in_order(candidates, *sizes, last=end) for end in (False, True))
    assert len(first) == len(last) == length
    assert all(one.expected < other.expected for one, other in pairwise(first))
    assert ambiguous(first, last) == {match.expected for match in first}
