"""Tables in grids: every number in its cell, and none in a wrong one however a grid is spoiled."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.documents.model import Grid, Place, TextBlock
from gongkai.converters.labels import fold_label, likeness
from gongkai.converters.numbers import looks_like_cell
from gongkai.converters.report import Cell, CellState, ReportTable
from gongkai.ontology.forms import Header, cell_codes
from helpers.official_grids import Box, Key, boxes, form, laid_out, numbers
from helpers.profiles import examples

CUBES = ("disclosure", "requests", "disputes")
VALUES = {key: numbers(key, CUBES) for key in ("2019", "2021")}
ROWS = {(key, cube): boxes(form(key).table(cube), VALUES[key]) for key in VALUES for cube in CUBES}

spoil = settings(max_examples=examples(200))


def read(grids: list[Grid]) -> dict[str, ReportTable]:
    return {table.cube: table for table in read_tables(grids).tables}


def values_read(tables: dict[str, ReportTable]) -> dict[Key, int]:
    return {
        (cube, frozenset(cell.codes.items())): int(cell.value)
        for cube, table in tables.items()
        for cell in table.cells
        if cell.state is CellState.READ and cell.value is not None
    }


def whole(tables: dict[str, ReportTable], cube: str) -> bool:
    return cube in tables and all(cell.state is CellState.READ for cell in tables[cube].cells)


def grids_of(key: str) -> list[Grid]:
    return [laid_out(ROWS[key, cube], n) for n, cube in enumerate(CUBES, start=1)]


@pytest.mark.parametrize("key", ["2019", "2021"])
def test_every_number_is_in_its_cell(key: str) -> None:
    tables = read(grids_of(key))
    assert values_read(tables) == VALUES[key]
    assert {table.form.key for table in tables.values()} <= {key, "2019"}
    assert tables["requests"].form.key == key


def statistics() -> tuple[dict[Key, int], list[list[Box]]]:
    values = numbers("2014", ("statistics",))
    return values, boxes(form("2014").table("statistics"), values)


@pytest.mark.parametrize("aligned", [True, False])
def test_the_statistics_form_of_2014(aligned: bool) -> None:
    values, rows = statistics()
    tables = read([laid_out(rows, aligned=aligned)])
    assert tables.keys() == {"statistics"} and tables["statistics"].form.key == "2014"
    assert values_read(tables) == values


def test_the_statistics_form_one_cell_per_line() -> None:
    values, rows = statistics()
    blocks = [TextBlock("政府信息公开情况统计表", Place(line=1))]
    blocks += [TextBlock(box.text, Place(line=2)) for row in rows for box in row]
    assert values_read({t.cube: t for t in read_tables(blocks).tables}) == values


def test_another_unit_than_the_forms_is_no_reading() -> None:
    _, rows = statistics()
    first = next(i for i, row in enumerate(rows) if row[1].text == "条")
    rows[first][1] = Box("件")
    money = next(i for i, row in enumerate(rows) if row[1].text == "万元")
    rows[money][1] = Box("元")
    tables = read([laid_out(rows)])
    (unread,) = [c for c in tables["statistics"].cells if c.state is CellState.UNREAD]
    assert unread.readings == (rows[first][2].text,)
    (yuan,) = [c for c in tables["statistics"].cells if c.unit == "yuan"]
    assert str(yuan.value) == rows[money][2].text


@pytest.mark.parametrize("key", ["2019", "2021"])
def test_all_tables_in_one_grid(key: str) -> None:
    """As in a workbook with a single sheet, or a page that is one table."""
    rows = [row for cube in CUBES for row in [[Box(f"{cube}")], *ROWS[key, cube]]]
    assert values_read(read([laid_out(rows)])) == VALUES[key]


@pytest.mark.parametrize("cut", range(4, 29))
def test_a_table_cut_by_a_page_break(cut: int) -> None:
    """The second part has no headings, and the stub cells that reach over the break are gone."""
    grid = laid_out(ROWS["2021", "requests"])
    first = Grid(grid.rows[:cut], Place(table=1))
    second = Grid(grid.rows[cut:], Place(table=2))
    tables = read([first, second])
    wanted = {key: value for key, value in VALUES["2021"].items() if key[0] == "requests"}
    assert values_read(tables) == wanted


@pytest.mark.parametrize("cut", range(4, 29))
def test_headings_repeated_after_a_page_break(cut: int) -> None:
    grid = laid_out(ROWS["2021", "requests"])
    first = Grid(grid.rows[:cut], Place(table=1))
    second = Grid((*grid.rows[:3], *grid.rows[cut:]), Place(table=2))
    assert values_read(read([first, second])) == {
        key: value for key, value in VALUES["2021"].items() if key[0] == "requests"
    }


def test_order_alone_counts_where_rows_are_not_aligned() -> None:
    """Rows parted by signs: group labels only where they begin, no spans."""
    grids = []
    for cube in CUBES:
        rows = [[Box(box.text) for box in row] for row in ROWS["2021", cube]]
        grids.append(laid_out(rows, aligned=False))
    assert values_read(read(grids)) == VALUES["2021"]


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[list[list[Box]], bool]:
    """A table with up to three defects; whether rows are aligned."""
    key = draw(st.sampled_from(["2019", "2021"]))
    cube = draw(st.sampled_from(CUBES))
    rows = [list(row) for row in ROWS[key, cube]]
    for _ in range(draw(st.integers(1, 3))):
        i = draw(st.integers(0, len(rows) - 1))
        kind = draw(
            st.sampled_from(
                [
                    "lose row",
                    "lose cell",
                    "add cell",
                    "double row",
                    "swap rows",
                    "swap cells",
                    "retext",
                    "wider",
                    "taller",
                    "blank",
                    "move row",
                ]
            )
        )
        j = draw(st.integers(0, max(len(rows[i]) - 1, 0)))
        other = draw(st.integers(0, len(rows) - 1))
        if kind == "lose row" and len(rows) > 1:
            del rows[i]
        elif kind == "double row":
            rows.insert(other, list(rows[i]))
        elif kind == "swap rows":
            rows[i], rows[other] = rows[other], rows[i]
        elif kind == "move row" and len(rows) > 1:
            rows.insert(min(other, len(rows) - 1), rows.pop(i))
        elif not rows[i]:
            continue
        elif kind == "lose cell":
            del rows[i][j]
        elif kind == "add cell":
            rows[i].insert(j, Box(draw(st.sampled_from(["", "7", "其他", "总计", "无", "备注"]))))
        elif kind == "swap cells":
            k = draw(st.integers(0, len(rows[i]) - 1))
            rows[i][j], rows[i][k] = rows[i][k], rows[i][j]
        elif kind == "retext":
            text = draw(
                st.sampled_from(
                    [
                        "",
                        "其他",
                        "总计",
                        "1.属于国家秘密",
                        "（七）总计",
                        "自然人",
                        "行政许可",
                        "结果维持",
                        "规章",
                        "本年增/减",
                        "2.重复申请",
                        "（六）其他处理",
                        "x",
                    ]
                )
            )
            rows[i][j] = Box(text, rows[i][j].width, rows[i][j].height)
        elif kind == "wider":
            rows[i][j] = Box(rows[i][j].text, rows[i][j].width + 1, rows[i][j].height)
        elif kind == "taller":
            rows[i][j] = Box(rows[i][j].text, rows[i][j].width, rows[i][j].height + 1)
        elif kind == "blank":
            rows[i][j] = Box("", rows[i][j].width, rows[i][j].height)
    return rows, draw(st.booleans())


@spoil
@given(spoiled())
def test_no_number_gets_into_a_wrong_cell(case: tuple[list[list[Box]], bool]) -> None:
    """Whatever is read stands in a row of that label and, where that can be told, its column."""
    rows, aligned = case
    grid = laid_out(rows, aligned=aligned)
    found = read_tables([grid])
    tables = {table.cube: table for table in found.tables}
    for table in tables.values():
        for cell in table.cells:
            if cell.state is CellState.READ:
                assert stands_there(grid, table, cell), (cell, table.form.key)
    if tables:
        cells = [cell for table in tables.values() for cell in table.cells]
        told = {text for cell in cells for reading in cell.readings for text in reading.split()}
        told |= {str(cell.value) for cell in cells if cell.state is CellState.READ}
        # A column that the form does not have (小计) is kept in a note.
        told |= {text for note in found.notes for text in (note.printed or "").split()}
        printed = {c.text for i in range(len(grid.rows)) for c in grid.distinct(i)}
        assert {text for text in printed if text.isdigit()} <= told, "no number is dropped"


def stands_there(grid: Grid, table: ReportTable, cell: Cell) -> bool:
    """Whether the grid prints the cell's value in a row and a column of its labels."""
    row, column = next(
        (row, column)
        for block in table.form.table(table.cube).blocks
        for row, column in block.cells()
        if cell_codes(row, column) == cell.codes
    )
    assert cell.place and cell.place.row and cell.place.column
    i, j = cell.place.row - 1, cell.place.column - 1
    here = grid.rows[i][j]
    assert here is not None and here.text == str(cell.value)
    in_row = [c for c in grid.distinct(i) if c.text]
    if row.label and not any(likeness(label, c.text) for c in in_row for label in texts(row)):
        return False
    if not grid.aligned:
        values = [c for c in grid.distinct(i) if looks_like_cell(c.text) or not c.text]
        return cell.place in [c.place for c in values]
    covered = [k for k, c in enumerate(grid.rows[i]) if c is here]
    above = {id(c): c for r in grid.rows[:i] for k in covered if (c := r[k]) is not None}
    # Headings broken in print are believed where they are like no other column's.
    return any(
        fuzz.ratio(fold_label(label), fold_label(c.text)) >= 60
        for c in above.values()
        for label in texts(column)
    )


def texts(header: Header) -> tuple[str, ...]:
    return (header.label["zh"], *header.variants)


def test_results_without_their_proceeding_are_not_taken_for_the_first() -> None:
    """结果维持 … 总计 stand under three heads: without one it cannot be told which is meant."""
    heads = [Box(text) for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    numbers_of_one = [Box(str(n)) for n in (11, 12, 13, 14, 50)]
    others = grids_of("2021")[:2]
    tables = read([*others, laid_out([heads, numbers_of_one], 3)])
    assert all(cell.state is not CellState.READ for cell in tables["disputes"].cells)


def test_proceedings_parted_over_three_grids_are_told_by_their_captions() -> None:
    rows = ROWS["2021", "disputes"]
    heads = [Box(text) for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    items: list[Grid | TextBlock] = []
    for i, caption in enumerate(
        ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
    ):
        items.append(TextBlock(caption, Place(line=i + 1)))
        items.append(laid_out([heads, rows[-1][5 * i : 5 * i + 5]], i + 1))
    tables = {table.cube: table for table in read_tables(items).tables}
    wanted = {key: value for key, value in VALUES["2021"].items() if key[0] == "disputes"}
    assert values_read(tables) == wanted


def test_the_same_tables_twice_are_read_and_different_ones_are_not() -> None:
    assert values_read(read([*grids_of("2021"), *grids_of("2021")])) == VALUES["2021"]
    other = [
        laid_out(
            [
                [Box(b.text + "9" if b.text.isdigit() else b.text, b.width, b.height) for b in r]
                for r in ROWS["2021", cube]
            ],
            9,
        )
        for cube in CUBES
    ]
    assert values_read(read([*grids_of("2021"), *other])) == {}


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(
    "below",
    [
        [Box("五、存在的主要问题及改进情况"), Box("", 14)],
        [Box("五、存在的主要问题及改进情况", 15)],
        [Box("存在的主要问题及改进情况"), *[Box("")] * 14],
        [],
    ],
)
def test_words_under_the_headings_are_no_row_of_values(below: list[Box], hidden: bool) -> None:
    """The only row of values is not shown: its cells are absent, with the reason if it is known."""
    heads = ROWS["2021", "disputes"][:-1]
    grid = laid_out([*heads, *([below, [Box("继续改进。")]] if below else [])], 3)
    if hidden:
        grid = replace(grid, hidden_below=frozenset({len(heads) - 1}))
    table = read([*grids_of("2021")[:2], grid])["disputes"]
    assert {cell.state for cell in table.cells} == {CellState.ABSENT}
    if hidden:
        assert all("is hidden in the source" in cell.reason["en"] for cell in table.cells)


@pytest.mark.parametrize("said", ["暂无", "1O", "五", "详见附件"])
def test_words_in_the_row_of_values_itself_are_told(said: str) -> None:
    heads = ROWS["2021", "disputes"][:-1]
    values = [Box(said), *[Box(str(n)) for n in range(11, 25)]]
    table = read([*grids_of("2021")[:2], laid_out([*heads, values], 3)])["disputes"]
    unread = [cell for cell in table.cells if cell.state is CellState.UNREAD]
    assert [cell.readings for cell in unread] == [(said,)]


def test_words_beside_the_values_take_no_values_place() -> None:
    rows = ROWS["2021", "requests"]
    lines = [[*row, Box("备注", 1, 2)] if i == 0 else list(row) for i, row in enumerate(rows)]
    lines[2].append(Box("见附件"))
    wanted = {key: value for key, value in VALUES["2021"].items() if key[0] == "requests"}
    assert values_read(read([laid_out(lines)])) == wanted


@pytest.mark.parametrize("cube", ["requests", "disputes"])
@pytest.mark.parametrize("key", ["2019", "2021"])
def test_two_columns_that_look_like_one_are_no_column_of_the_form(key: str, cube: str) -> None:
    """Printed without a gap between them, both headings and both numbers are one text each."""
    whole_grid = laid_out(ROWS[key, cube])
    leaves = [row for row in whole_grid.rows if any(looks_like_cell(c.text) for c in row if c)]
    first = next(i for i, cell in enumerate(leaves[0]) if cell and looks_like_cell(cell.text))
    for column in range(first, whole_grid.width - 1):
        rows = []
        for row in whole_grid.rows:
            one, other = row[column : column + 2]
            assert one is not None and other is not None
            both = one if one is other else replace(one, text=one.text + other.text)
            others = [both if cell in (one, other) and one is not other else cell for cell in row]
            rows.append(tuple(others[: column + 1] + others[column + 2 :]))
        read_values = values_read(read([Grid(tuple(rows), Place(table=1))]))
        assert all(VALUES[key][cell] == value for cell, value in read_values.items())
