"""Official tables as clerks vary them: no value of another year, row, column or unit is taken."""

import pytest

from gongkai.converters.cn.forms.tables import read_tables
from gongkai.converters.cn.forms.values import NotPlaced, values_by_order
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Grid, GridCell, Place, TextBlock
from gongkai.converters.documents.text.reader import read_text
from gongkai.converters.labels import likeness
from gongkai.converters.report import Cell, CellState, ReportTable
from helpers.official_grids import Box, boxes, form, laid_out, numbers

CUBES = ("disclosure", "requests", "disputes")

Rows = list[list[Box]]


def rows_of(cube: str, key: str = "2021") -> Rows:
    return boxes(form(key).table(cube), numbers(key, CUBES))


def read(*tables: Rows) -> dict[str, ReportTable]:
    grids: list[Grid] = [laid_out(rows, n) for n, rows in enumerate(tables, start=1)]
    return {table.cube: table for table in read_tables(grids).tables}


def values(table: ReportTable) -> list[int]:
    """The values that were read, in the order of the form."""
    return [int(c.value) for c in table.cells if c.state is CellState.READ and c.value is not None]


def right(cube: str, key: str = "2021") -> list[int]:
    return [value for (its, _), value in numbers(key, CUBES).items() if its == cube]


def strays(table: ReportTable) -> list[str]:
    """The texts of the numbers that belong to no cell of the form."""
    return [text for cell in table.cells if not cell.codes for text in cell.readings]


def unread(table: ReportTable) -> list[Cell]:
    return [cell for cell in table.cells if cell.codes and cell.state is CellState.UNREAD]


def printed_anew(rows: Rows, old: str, new: str) -> Rows:
    return [[Box(b.text.replace(old, new), b.width, b.height) for b in row] for row in rows]


# --- another year ---------------------------------------------------------------------------------


def test_columns_of_the_year_before_are_not_those_of_this_year() -> None:
    table = read(printed_anew(rows_of("disclosure"), "本年", "上年"))["disclosure"]
    assert not values(table)
    told = {text for cell in table.cells for text in cell.readings}
    assert {str(value) for value in right("disclosure")} <= told


def test_columns_of_this_year_are_not_those_of_the_year_before() -> None:
    """Form of 2019: the number of items of this year for that of the last."""
    rows = printed_anew(rows_of("disclosure", "2019"), "上一年项目数量", "本年项目数量")
    table = read(rows)["disclosure"]
    last = [c for c in table.cells if c.column.get("zh", "") == "上一年项目数量"]
    assert last and all(cell.state is CellState.UNREAD for cell in last)


def test_labels_of_another_year_are_unlike() -> None:
    assert not likeness("一、本年新收政府信息公开申请数量", "上年新收政府信息公开申请数量")
    assert not likeness("处理决定数量", "上年处理决定数量")
    assert likeness("二、上年结转政府信息公开申请数量", "二、上一年结转政府信息公开申请数量")
    assert likeness("四、结转下年度继续办理", "四、结转下一年度继续办理")


# --- labels of few words --------------------------------------------------------------------------


def test_a_short_label_under_a_number_of_another_kind_is_another() -> None:
    """3.其他 is a part of （六）其他处理, and not the whole of it."""
    assert not likeness("（六）其他", "3.其他")
    assert likeness("（六）其他", "（六）其他")
    assert likeness("（七）总计", "（六）总计")
    lines = ["三、收到和处理政府信息公开申请情况"]
    for row in rows_of("requests"):
        texts = [box.text for box in row]
        if any("逾期不补正" in text for text in texts):
            texts = texts[:-1]  # a blank cell is lost, as in all text
        lines.append(" ".join(texts))
    content = read_text("\n".join(lines).encode(), DEFAULT_LIMITS)
    (table,) = [t for t in read_tables(content.items).tables if t.cube == "requests"]
    assert set(values(table)) <= set(right("requests"))
    assert table.form.key == "2021"


# --- units of money -------------------------------------------------------------------------------


def charged(rows: Rows, caption: str = "") -> Cell:
    items: list[TextBlock | Grid] = [laid_out(rows)]
    if caption:
        items.insert(0, TextBlock(caption, Place(line=1)))
    (table,) = [t for t in read_tables(items).tables if t.cube == "disclosure"]
    return next(c for c in table.cells if c.codes["indicator"] == "charge-amount")


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("本年收费金额（单位：万元）", "ten-thousand-yuan"),
        ("本年收费金额(单位：元)", "yuan"),
        ("本年收费金额（人民币元）", "yuan"),
        ("本年收费金额（人民币：万元）", "ten-thousand-yuan"),
        ("本年收费金额/元", "yuan"),
        ("本年收费金额[元]", "yuan"),
        ("本年收费金额（单位 元）", "yuan"),
        ("本年收费金额", "ten-thousand-yuan"),
        ("本年收费金额（单位：千元）", None),
        ("本年收费金额（单位：美元）", None),
        ("本年收费金额（元、万元）", None),
    ],
)
def test_the_unit_in_a_heading_however_it_is_printed(heading: str, unit: str | None) -> None:
    cell = charged(printed_anew(rows_of("disclosure"), "本年收费金额（单位：万元）", heading))
    assert cell.unit == unit
    assert (cell.state is CellState.READ) is (unit is not None)


@pytest.mark.parametrize("where", ["above the grid", "above the heading", "in two rows"])
def test_the_unit_printed_beside_the_heading(where: str) -> None:
    rows = printed_anew(rows_of("disclosure"), "（单位：万元）", "")
    head = next(i for i, row in enumerate(rows) if row[-1].text == "本年收费金额")
    if where == "above the heading":
        rows.insert(head, [Box("单位：元", 2)])
    elif where == "in two rows":
        rows.insert(head + 1, [Box(""), Box("（单位：元）")])
    assert charged(rows, "单位：元" if where == "above the grid" else "").unit == "yuan"


def test_the_unit_printed_beside_the_heading_one_cell_per_line() -> None:
    lines = ["二、主动公开政府信息情况"]
    for row in printed_anew(rows_of("disclosure"), "（单位：万元）", ""):
        lines += [box.text for box in row]
        lines += ["（单位：元）"] if row[-1].text == "本年收费金额" else []
    lines += ["三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"]
    content = read_text("\n".join(lines).encode(), DEFAULT_LIMITS)
    (table,) = [t for t in read_tables(content.items).tables if t.cube == "disclosure"]
    cell = next(c for c in table.cells if c.codes.get("indicator") == "charge-amount")
    assert cell.unit == "yuan"


# --- more rows of values than one -----------------------------------------------------------------


def year_before(row: list[Box]) -> list[Box]:
    return [Box(str(int(box.text) + 4000)) for box in row if box.text.isdigit()]


def test_a_row_that_numbers_the_columns_is_no_row_of_values() -> None:
    disputes, requests = rows_of("disputes"), rows_of("requests")
    disputes.insert(3, [Box(str(n)) for n in range(1, 16)])
    requests.insert(2, [Box("栏次", 3), *(Box(str(n)) for n in range(1, 8))])
    tables = read(requests, disputes)
    assert values(tables["disputes"]) == right("disputes")
    assert values(tables["requests"]) == right("requests")
    assert strays(tables["disputes"])[:3] == ["1", "2", "3"]


@pytest.mark.parametrize("before", [True, False])
def test_two_rows_of_values_without_labels_are_not_chosen_between(before: bool) -> None:
    rows = rows_of("disputes")
    rows.insert(len(rows) - before, year_before(rows[-1]))
    table = read(rows)["disputes"]
    assert not values(table) and len(unread(table)) == 15
    assert {"1185", "5185"} <= set(unread(table)[0].readings)


@pytest.mark.parametrize("spanning", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_two_rows_of_values_beside_one_label_are_not_chosen_between(
    before: bool, spanning: bool
) -> None:
    rows: Rows = []
    for row in rows_of("requests"):
        if not any(box.text.isdigit() for box in row):
            rows.append(row)
            continue
        label = next(box.text for box in reversed(row) if not box.text.isdigit())
        pair = [[box for box in row if box.text.isdigit()], year_before(row)]
        first, second = reversed(pair) if before else pair
        rows.append([Box(label, 3, 2 if spanning else 1), *first])
        rows.append(second if spanning else [Box("", 3), *second])
    table = read(rows)["requests"]
    assert not values(table) and not strays(table)
    assert {"1010", "5010"} <= set(unread(table)[0].readings)


def test_a_blank_row_under_the_headings_is_passed_over() -> None:
    rows = rows_of("disputes")
    rows.insert(3, [Box("")] * 15)
    assert values(read(rows)["disputes"]) == right("disputes")


def test_words_behind_a_label_are_no_value() -> None:
    """（六）其他处理 | 1.申请人… | 5 | … | blank: the words are not the first of seven values."""
    texts = ["1.申请人无正当理由逾期不补正", "11", "12", "13", "14", "15", "16", ""]
    cells = [GridCell(text, Place(row=1, column=n)) for n, text in enumerate(texts, start=1)]
    with pytest.raises(NotPlaced):
        values_by_order(cells, 7)


def test_values_of_a_part_without_its_label_are_not_those_of_the_whole() -> None:
    """1.申请人… has lost its label: its values are not （六）其他处理 of the form of 2019."""
    rows = rows_of("requests")
    for row in rows:
        row[:] = [Box("" if "逾期不补正" in box.text else box.text, *size(box)) for box in row]
    table = read(rows)["requests"]
    assert not {str(v) for v in range(1150, 1157)} & set(map(str, values(table)))
    assert {str(v) for v in range(1150, 1157)} <= {r for c in table.cells for r in c.readings}


def size(box: Box) -> tuple[int, int]:
    return box.width, box.height


@pytest.mark.parametrize(
    "words", ["— 3 —", "2/12", "Page 3", "某市某局年度报告", "三、本年度办理结果"]
)
def test_words_in_the_place_of_a_lost_value_do_not_hide_the_loss(words: str) -> None:
    """One cell per line, where blank cells leave no trace."""
    lines = ["三、收到和处理政府信息公开申请情况"]
    for row in rows_of("requests"):
        lines += [box.text for box in row]
    lines.remove("1012")
    lines.insert(lines.index("1016") + 1, words)
    content = read_text("\n".join(lines).encode(), DEFAULT_LIMITS)
    (table,) = [t for t in read_tables(content.items).tables if t.cube == "requests"]
    assert not {1010, 1011, 1013, 1014, 1015, 1016} & set(values(table))
    told = {text for cell in table.cells for text in cell.readings}
    assert {"1010", "1011", "1013", "1014", "1015", "1016"} <= told


@pytest.mark.parametrize("sign", [*"。、.，,；"])
@pytest.mark.parametrize("cell_per_line", [False, True])
def test_the_sign_of_a_sentence_behind_a_label_says_nothing(cell_per_line: bool, sign: str) -> None:
    tables = [
        [
            [Box(b.text + sign * (not b.text.isdigit()), b.width, b.height) for b in row]
            for row in rows_of(cube)
        ]
        for cube in CUBES
    ]
    found = read(*tables)
    if cell_per_line:
        texts = [box.text for rows in tables for row in rows for box in row]
        blocks = [TextBlock(text, Place(line=i)) for i, text in enumerate(texts, start=1)]
        found = {table.cube: table for table in read_tables(blocks).tables}
    assert {cube: values(found[cube]) for cube in CUBES} == {cube: right(cube) for cube in CUBES}
