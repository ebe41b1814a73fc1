"""Tables that a body laid out in its own way, clear to a reader: other order, further columns."""

import pytest

from gongkai.converters.cn.forms.tables import TableSet, read_tables
from gongkai.converters.report import CellState
from helpers.official_grids import Box, Key, boxes, form, laid_out, numbers

CUBES = ("disclosure", "requests", "disputes")
VALUES = {key: numbers(key, CUBES) for key in ("2019", "2021")}
Rows = list[list[Box]]


def rows_of(key: str, cube: str) -> Rows:
    return [list(row) for row in boxes(form(key).table(cube), VALUES[key])]


def read(key: str, changed: dict[str, Rows]) -> TableSet:
    return read_tables(
        [laid_out(changed.get(cube) or rows_of(key, cube), n) for n, cube in enumerate(CUBES)]
    )


def values_read(found: TableSet) -> dict[Key, int]:
    return {
        (table.cube, frozenset(cell.codes.items())): int(cell.value)
        for table in found.tables
        for cell in table.cells
        if cell.state is CellState.READ and cell.value is not None
    }


def unread(found: TableSet) -> list[str]:
    cells = [cell for table in found.tables for cell in table.cells]
    return [c.reason["en"] for c in cells if c.state is not CellState.READ]


def with_column(key: str, heading: str, place: int, under: bool) -> Rows:
    """The requests table with a further column before the value number ``place``."""
    rows = rows_of(key, "requests")
    first = next(i for i, row in enumerate(rows) if any(box.text.isdigit() for box in row))
    if under:
        over = next(box for box in rows[0] if box.text == "法人或其他组织")
        rows[0][rows[0].index(over)] = Box(over.text, over.width + 1, over.height)
        rows[1].append(Box(heading))
    else:
        rows[0].insert({0: 1, 6: 3, 7: 4}[place], Box(heading, 1, 2))
    for i, row in enumerate(rows[first:]):
        start = next(j for j, box in enumerate(row) if box.text.isdigit())
        row.insert(start + place, Box(str(7000 + i)))
    return rows


@pytest.mark.parametrize("key", ["2019", "2021"])
@pytest.mark.parametrize(
    ("heading", "place", "under"),
    [("小计", 6, True), ("上年总计", 7, False), ("上年总计", 6, False), ("上年", 0, False)],
)
def test_a_column_that_the_form_does_not_have_is_kept_apart(
    key: str, heading: str, place: int, under: bool
) -> None:
    found = read(key, {"requests": with_column(key, heading, place, under)})
    assert values_read(found) == VALUES[key]
    (note,) = [note for note in found.notes if "格式没有的列" in note.message["zh"]]
    assert heading in note.message["zh"] and (note.printed or "").split()[0] == "7000"
    against = [note for note in found.notes if "各列之和" in note.message["zh"]]
    assert len(against) == (len(form(key).table("requests").blocks[0].leaf_rows()) if under else 0)


def test_a_subtotal_that_holds_is_not_told_of_as_wrong() -> None:
    rows = with_column("2021", "小计", 6, True)
    printed = [
        [Box("0" if b.text.isdigit() else b.text, b.width, b.height) for b in r] for r in rows
    ]
    notes = read("2021", {"requests": printed}).notes
    assert [note for note in notes if "小计" in note.message["zh"]]
    assert not [note for note in notes if "各列之和" in note.message["zh"]]


def test_the_total_may_stand_first() -> None:
    rows = rows_of("2021", "requests")
    rows[0].insert(1, rows[0].pop())
    for row in rows[2:]:
        start = next(j for j, box in enumerate(row) if box.text.isdigit())
        row.insert(start, row.pop())
    found = read("2021", {"requests": rows})
    assert values_read(found) == VALUES["2021"], unread(found)[:1]


def test_lawsuits_may_stand_before_reconsiderations() -> None:
    rows = rows_of("2021", "disputes")
    head, second, third, values = rows
    swapped = [
        [head[1], head[0]],
        [*second[5:], *second[:5]],
        third,
        [*values[5:], *values[:5]],
    ]
    found = read("2021", {"disputes": swapped})
    assert values_read(found) == VALUES["2021"], unread(found)[:1]


@pytest.mark.parametrize(("one", "other"), [("一、", "二、"), ("1.属于国家", "2.其他法律")])
def test_rows_may_stand_in_another_order(one: str, other: str) -> None:
    rows = rows_of("2021", "requests")
    i, j = (
        next(n for n, row in enumerate(rows) if any(b.text.startswith(s) for b in row))
        for s in (one, other)
    )
    heads = len(rows[i]) - len(rows[j])
    rows[i], rows[j] = [*rows[i][:heads], *rows[j]], rows[i][heads:]
    found = read("2021", {"requests": rows})
    assert values_read(found) == VALUES["2021"], unread(found)[:1]


def test_what_is_carried_out_may_stand_before_the_outcomes() -> None:
    rows = rows_of("2021", "requests")
    rows.insert(4, rows.pop())
    assert values_read(read("2021", {"requests": rows})) == VALUES["2021"]


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("行政事业性收费", "行政事业型收费"),
        ("行政许可", "行政许"),
        ("行政处罚", "行政处罚罚"),
        ("2.重复申请", "2.重复申情"),
        ("（四）无法提供", "（四）无法题供"),
        ("行政复议", "行政复义"),
        ("本年处理决定数量", "本年处里决定数量"),
        ("1.信访举报投诉类申请", " 1 ．信访 举报投诉类申请"),
        ("四、结转下年度继续办理", "四 . 结转下年度继续办理"),
    ],
)
def test_typing_errors_in_labels(printed: str, typed: str) -> None:
    changed = {
        cube: [
            [Box(b.text.replace(printed, typed), b.width, b.height) for b in row]
            for row in rows_of("2021", cube)
        ]
        for cube in CUBES
    }
    found = read("2021", changed)
    assert values_read(found) == VALUES["2021"], unread(found)[:1]


def test_the_statistics_of_2014_in_two_blocks_beside_one_another() -> None:
    values = numbers("2014", ("statistics",))
    rows = boxes(form("2014").table("statistics"), values)
    title, head, body = [Box("政府信息公开情况统计表", 6)], rows[0], rows[1:]
    half = (len(body) + 1) // 2
    right = [*body[half:], *[[Box("")] * 3] * (2 * half - len(body))]
    sides = [[*one, *two] for one, two in zip(body[:half], right, strict=True)]
    found = read_tables([laid_out([title, [*head, *head], *sides])])
    assert values_read(found) == values, unread(found)[:1]
    assert {row for _, row in found.rows} <= set(range(len(sides) + 2))


def test_three_groups_of_results_beside_one_another_are_one_table() -> None:
    """Their headings repeat as well, but no block has rows with labels of its own."""
    rows = rows_of("2021", "disputes")
    broken = [*rows[:-1], [Box(f"{box.text[:-1]}\n{box.text[-1]}") for box in rows[-1]]]
    (table,) = [t for t in read("2021", {"disputes": broken}).tables if t.cube == "disputes"]
    assert {cell.state for cell in table.cells} == {CellState.UNREAD}


def test_a_row_is_not_said_to_be_missing_where_numbers_are_left_over() -> None:
    rows = rows_of("2021", "requests")
    lost = next(i for i, row in enumerate(rows) if row[0].text == "2.重复申请")
    rows[lost][0] = Box("看不清的标题")
    cells = [c for t in read("2021", {"requests": rows}).tables for c in t.cells]
    absent = [cell for cell in cells if cell.state is CellState.ABSENT]
    assert {cell.row["zh"] for cell in absent} == {"2.重复申请"}
    assert all("看不清的标题" in cell.reason["zh"] for cell in absent)
    rows = rows_of("2021", "requests")[:-1]
    cells = [c for t in read("2021", {"requests": rows}).tables for c in t.cells]
    absent = [cell for cell in cells if cell.state is CellState.ABSENT]
    assert {cell.reason["en"] for cell in absent} == {"the row is not in the source"}


def test_values_in_a_row_of_their_own_are_never_said_not_to_be_there() -> None:
    values = [Box(box.text) for box in rows_of("2021", "disputes")[-1]]
    (table,) = (t for t in read("2021", {"disputes": [values]}).tables if t.cube == "disputes")
    assert {cell.state for cell in table.cells} == {CellState.ABSENT}
    assert all("the row was not found" in cell.reason["en"] for cell in table.cells)
    assert all(values[0].text in cell.reason["en"] for cell in table.cells)


def test_a_table_turned_on_its_side_tells_of_all_its_rows() -> None:
    """The headings are known, but no row is one of the form: where nothing is read, all is told."""
    values = [box.text for box in rows_of("2021", "disputes")[-1]]
    results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    names = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    lines = [["项目", *results]]
    lines += [[name, *values[5 * i : 5 * i + 5]] for i, name in enumerate(names)]
    turned = [[Box(text) for text in line] for line in lines]
    (table,) = (t for t in read("2021", {"disputes": turned}).tables if t.cube == "disputes")
    assert not any(cell.state is CellState.READ for cell in table.cells)
    told = [*(cell.reason["en"] for cell in table.cells if cell.codes)]
    told += [" ".join(cell.readings) for cell in table.cells]
    assert all(any(value in text for text in told) for value in values)
