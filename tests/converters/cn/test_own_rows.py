"""Rows that a body added to a table under labels of its own: no row of the form, and not lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.cn.forms.tables import TableSet, read_tables
from gongkai.converters.documents.model import Grid, GridCell, Place, TextBlock
from gongkai.converters.report import CellState, ReportTable
from gongkai.ontology.forms import cell_codes
from helpers.official_grids import Box, Key, boxes, form, laid_out, numbers
from helpers.profiles import examples

CUBES = ("disclosure", "requests", "disputes")
VALUES = {key: numbers(key, CUBES) for key in ("2019", "2021")}
ROWS = {(key, cube): boxes(form(key).table(cube), VALUES[key]) for key in VALUES for cube in CUBES}
ALL_HEADS = ("（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")
OWN_LABELS = (
    *("申请人撤回申请", "补正后视为放弃", "其他情形", "其他", "①申请人主动撤回", "公开申请"),
    *("1.申请人撤回申请", "4.其他", "9.其他", "3.其他情形", "重复申请", "1.属于其他机关", "小计"),
)


def read(rows: list[list[Box]], key: str, text: bool = False) -> TableSet:
    others = [laid_out(ROWS[key, cube], n) for n, cube in enumerate(CUBES) if cube != "requests"]
    grids = [*others, laid_out(rows, 9)]
    return read_tables([in_text(grid) for grid in grids] if text else grids)


def in_text(grid: Grid) -> Grid:
    """The grid as rows of text: what a merged cell covers beside its first place is blank."""
    seen: set[int] = set()
    rows = []
    for row in grid.rows:
        line: list[GridCell | None] = []
        for cell in row:
            line.append(GridCell("", cell.place) if cell and id(cell) in seen else cell)
            seen.add(id(cell))
        rows.append(tuple(line))
    return Grid(tuple(rows), grid.place, aligned=False)


def requests(found: TableSet) -> ReportTable:
    return next(table for table in found.tables if table.cube == "requests")


def values_read(table: ReportTable) -> dict[Key, int]:
    return {
        (table.cube, frozenset(cell.codes.items())): int(cell.value)
        for cell in table.cells
        if cell.state is CellState.READ and cell.value is not None
    }


def told(found: TableSet) -> set[str]:
    """All numbers that cells or notes tell of."""
    cells = [cell for table in found.tables for cell in table.cells]
    words = {text for cell in cells for reading in cell.readings for text in reading.split()}
    return words | {str(cell.value) for cell in cells if cell.value is not None}


def values(first: int, width: int = 7) -> list[Box]:
    return [Box(str(first + i)) for i in range(width)]


def with_own_rows(key: str, labels: tuple[str, ...]) -> list[list[Box]]:
    """The requests table with rows of the body's own instead of the form's under （六）."""
    rows = [list(row) for row in ROWS[key, "requests"]]
    start = next(i for i, row in enumerate(rows) if any(b.text == "（六）其他处理" for b in row))
    end = next(i for i, row in enumerate(rows) if any("（七）" in b.text for b in row))
    own = [[Box(label), *values(3000 + 10 * i)] for i, label in enumerate(labels)]
    own[0].insert(0, Box("（六）其他处理", 1, len(labels)))
    grown = len(labels) - (end - start)
    outcomes = next(row for row in rows if row[0].text.startswith("三、"))
    outcomes[0] = Box(outcomes[0].text, 1, outcomes[0].height + grown)
    return [*rows[:start], *own, *rows[end:]]


def official(key: str) -> dict[Key, int]:
    """What the form's own rows hold, but for those under （六）."""
    return {
        cell: value
        for cell, value in VALUES[key].items()
        if cell[0] == "requests"
        and not any(c.startswith("other") for s, c in cell[1] if s == "stage")
    }


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("key", ["2019", "2021"])
@pytest.mark.parametrize(
    "labels",
    [
        ("申请人撤回申请", "补正后视为放弃", "其他情形"),
        ("①撤回", "②其他"),
        ("1.撤回申请", "2.转其他机关", "3.并案办理", "4.其他情况"),
        ("息公开申请", "其政府信息公开申请"),
        ("申请人主动撤回",),
    ],
)
def test_own_rows_under_other_handling_are_no_rows_of_the_form(
    key: str, labels: tuple[str, ...], text: bool
) -> None:
    found = read(with_own_rows(key, labels), key, text)
    table = requests(found)
    assert values_read(table) == official(key)
    own = [cell for cell in table.cells if cell.row.get("zh") in labels]
    assert [cell.row["zh"] for cell in own] == list(labels)
    for i, cell in enumerate(own):
        assert cell.readings == tuple(str(3000 + 10 * i + n) for n in range(7))
        assert labels[i] in cell.reason["en"]
    absent = [cell for cell in table.cells if cell.state is CellState.ABSENT]
    told = "、".join(labels)
    assert absent and all(told in cell.reason["zh"] for cell in absent)


def test_the_form_is_told_by_the_other_tables_where_its_own_rows_are_not_printed() -> None:
    for key in ("2019", "2021"):
        table = requests(read(with_own_rows(key, ("撤回申请", "其他情形")), key))
        assert table.form.key == key


@pytest.mark.parametrize(("total", "fits"), [(15, True), (16, False)])
def test_the_sum_of_own_rows_is_compared_with_the_printed_total(total: int, fits: bool) -> None:
    """Every outcome of the form is 0, the body's own rows are 7 and 8."""
    rows = with_own_rows("2021", ("撤回申请", "转办"))
    printed = []
    for row in rows:
        label = next((b.text for b in reversed(row) if not b.text.isdigit()), "")
        number = {"撤回申请": "7", "转办": "8", "（七）总计": str(total)}.get(label, "0")
        printed.append(
            [Box(number if b.text.isdigit() else b.text, b.width, b.height) for b in row]
        )
    found = read(printed, "2021")
    (note,) = [note for note in found.notes if "撤回申请、转办" in note.message["zh"]]
    assert ("相符" in note.message["zh"]) is fits
    assert ("0 + 7 + 8 ≠ 16" in note.message["en"]) is not fits


def test_a_printed_sum_of_the_group_beside_own_rows_is_read() -> None:
    """（六）其他处理 in a row of its own is the row of the form of 2019, whatever stands below."""
    rows = with_own_rows("2019", ("其中：撤回", "转办"))
    start = next(i for i, row in enumerate(rows) if row[0].text == "（六）其他处理")
    rows[start] = [Box("其中：撤回", 2), *rows[start][2:]]
    rows[start + 1] = [Box("转办", 2), *rows[start + 1][1:]]
    rows.insert(start, [Box("（六）其他处理", 2), *values(5000)])
    rows = [[Box(b.text, b.width, b.height + b.text.startswith("三、")) for b in r] for r in rows]
    table = requests(read(rows, "2019"))
    other = [cell for cell in table.cells if cell.codes.get("stage") == "other"]
    assert [cell.value for cell in other if cell.state is CellState.READ] == list(range(5000, 5007))


def test_values_beside_a_head_over_own_rows_are_not_taken_for_its_own() -> None:
    """Nothing tells whether the row without a label is the group's sum or a row of its own."""
    rows = with_own_rows("2019", ("", "转办", "撤回"))
    table = requests(read(rows, "2019"))
    assert values_read(table) == official("2019")


@st.composite
def with_an_own_row(draw: st.DrawFn) -> tuple[str, list[list[Box]], list[int]]:
    """A table of requests with up to three rows of own labels somewhere among the outcomes."""
    key = draw(st.sampled_from(["2019", "2021"]))
    rows = [list(row) for row in ROWS[key, "requests"]]
    added: list[int] = []
    for n in range(draw(st.integers(1, 3))):
        head = draw(st.sampled_from(ALL_HEADS))
        start = next(i for i, row in enumerate(rows) if any(b.text == head for b in row))
        at = next(j for j, box in enumerate(rows[start]) if box.text == head)
        label, numbers_of = draw(st.sampled_from(OWN_LABELS)), values(4000 + 10 * n)
        added += range(4000 + 10 * n, 4007 + 10 * n)
        outcomes = next(row for row in rows if row[0].text.startswith("三、"))
        outcomes[0] = Box(outcomes[0].text, 1, outcomes[0].height + 1)
        box = rows[start][at]
        if box.width == 2:  # the form of 2019 has no rows under （六）
            rows[start] = [Box(head, 1, 1), Box(label), *numbers_of]
            added += []
            outcomes[0] = Box(outcomes[0].text, 1, outcomes[0].height - 1)
            continue
        rows[start][at] = Box(head, 1, box.height + 1)
        place = draw(st.integers(0, box.height))
        if place == 0:
            first = rows[start]
            rows[start : start + 1] = [
                [*first[: at + 1], Box(label), *numbers_of],
                first[at + 1 :],
            ]
        else:
            rows.insert(start + place, [Box(label), *numbers_of])
    return key, rows, added


own = settings(max_examples=examples(60))


@own
@given(with_an_own_row(), st.sampled_from(["grid", "order", "lines"]))
def test_wherever_own_rows_stand_no_cell_takes_their_numbers(
    case: tuple[str, list[list[Box]], list[int]], way: str
) -> None:
    key, rows, added = case
    if way == "lines":
        items: list[Grid | TextBlock] = [
            TextBlock(box.text, Place(line=i))
            for cube in CUBES
            for i, row in enumerate(rows if cube == "requests" else ROWS[key, cube], start=1)
            for box in row
        ]
        found = read_tables(items)
    else:
        found = read_tables([laid_out(rows, 1, aligned=way == "grid")])
    right = VALUES[key]
    for table in found.tables:
        for cell, value in values_read(table).items():
            if way == "grid" and value in added:
                # A label that the form has, in the group where it has it, is the form's row.
                assert dict(cell[1])["stage"] == "other-remaining"
            elif cell in right:
                assert right[cell] == value
    assert {str(n) for n in added} <= told(found)


def test_codes_of_the_cells_are_those_of_their_group() -> None:
    """So that the sums that a row of the body's own takes part in are not assessed without it."""
    table = requests(read(with_own_rows("2021", ("撤回申请", "转办")), "2021"))
    own_cells = [cell for cell in table.cells if cell.row.get("zh") in ("撤回申请", "转办")]
    assert [cell.codes for cell in own_cells] == [{"stage": "other"}] * 2
    block = form("2021").table("requests").blocks[0]
    assert all(cell_codes(row, block.columns[0]) != {"stage": "other"} for row in block.leaf_rows())
