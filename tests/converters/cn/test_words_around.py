"""Words around a table that make it another year's, in another unit, another body's: not silent."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import CellState, Report
from helpers.drawn_reports import AFTER, BEFORE, CUBES, HEADINGS, TITLE, Box, draw
from helpers.hand_made_2014 import ROWS

DRAWN = draw(Random(16), "2021")
PART = HEADINGS["requests"]
BODY_2014 = "黄山市水利局"


def row(boxes: list[Box]) -> str:
    return "".join(f"<td colspan={b.width} rowspan={b.height}>{b.text}</td>" for b in boxes)


def page(changes: Mapping[str, str], old: str = "", new: str = "") -> str:
    """The drawn report; ``changes`` are headings of tables, ``new`` stands for ``old``."""
    parts = [f"<h1>{TITLE}</h1>", *(f"<p>{line}</p>" for line in BEFORE[1:])]
    for cube in CUBES:
        rows = "".join(f"<tr>{row(boxes)}</tr>" for boxes in DRAWN.tables[cube])
        parts.append(f"<p>{changes.get(cube, HEADINGS[cube])}</p><table border=1>{rows}</table>")
    text = "".join(parts) + "".join(f"<p>{line}</p>" for line in AFTER)
    assert old in text
    return text.replace(old, new) if old else text


def read(text: str, folder: Path, year: str | None = None, name: str = "r.html") -> Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    document = read_document(path)
    if year:
        document.declared["year"] = year
    return recognise(document)


def states(report: Report, cube: str) -> Counter[CellState]:
    return Counter(cell.state for table, cell in report.cells() if table.cube == cube)


def reasons(report: Report) -> set[str]:
    return {cell.reason["en"] for _, cell in report.cells(CellState.UNREAD)}


# --- years ----------------------------------------------------------------------------------------

OF_ANOTHER_YEAR = [
    "三、2021年收到和处理政府信息公开申请情况",
    f"{PART}</p><p>（2021年）",
    f"{PART}</p><p>2021年度政府信息公开申请情况表，单位：件",
    f"{PART}</p><p>二〇二一年度",
    f"{PART}</p><p>截至2021年12月31日",
]
OF_THIS_YEAR = [
    f"{PART}</p><p>（2022年度）",
    f"{PART}</p><p>2021—2022年度",
    f"{PART}</p><p>2022年与2021年相比有所增加",
    f"{PART}</p><p>国办公开办函〔2021〕30号",
    f"{PART}</p><p>格式（2021年版）",
    f"{PART}</p><p>制表日期：2023年1月5日",
]


@pytest.mark.parametrize("heading", OF_ANOTHER_YEAR)
def test_a_table_under_another_year_is_unread_and_both_years_are_named(
    heading: str, tmp_path: Path
) -> None:
    report = read(page({"requests": heading}), tmp_path)
    assert set(states(report, "requests")) == {CellState.UNREAD}
    assert all("2021" in reason and "2022" in reason for reason in reasons(report))
    assert set(states(report, "disclosure")) == {CellState.READ}


@pytest.mark.parametrize("heading", OF_THIS_YEAR)
def test_words_over_a_table_that_are_of_no_other_year_leave_it_read(
    heading: str, tmp_path: Path
) -> None:
    assert read(page({"requests": heading}), tmp_path).complete


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("申请人情况", "2021年申请人情况", 25 * 7),
        ("一、本年新收", "一、2021年新收", 7),
        ("三、本年度办理结果", "三、2021年度办理结果", 22 * 7),
        ("二、上年结转", "二、2021年结转", 0),
        ("四、结转下年度", "四、结转2023年度", 0),
    ],
)
def test_a_label_with_another_year_leaves_its_values_unread(
    old: str, new: str, unread: int, tmp_path: Path
) -> None:
    """Last year is where carried-in requests are from: that year is no other one."""
    report = read(page({}, old, new), tmp_path)
    assert states(report, "requests")[CellState.UNREAD] == unread


def test_the_heading_of_a_part_is_not_that_of_later_tables_in_the_same_grid(tmp_path: Path) -> None:
    """A sheet may hold all tables one below the other; those have headings of their own in it."""
    one = page({}, "</table><p>", "<tr><td colspan=10>").replace("</p><table border=1>", "</tr>")
    one = one.replace(
        f"<p>{HEADINGS['disclosure']}</tr>", "<p>二、2021年主动公开</p><table border=1>"
    )
    report = read(one, tmp_path)
    assert set(states(report, "disclosure")) == {CellState.UNREAD}
    assert set(states(report, "requests")) == {CellState.READ}


def test_the_year_that_the_operator_tells_decides_and_that_is_told(tmp_path: Path) -> None:
    report = read(page({"requests": OF_ANOTHER_YEAR[0]}), tmp_path, year="2022")
    assert report.complete
    assert any("2021" in note.message["en"] and note.to_operator for note in report.notes)


# --- units ----------------------------------------------------------------------------------------

NOT_THE_FORMS = ["单位：百件", "（单位：万件）", "计量单位：千", "以百件计", "单位：元"]
THE_FORMS = ["单位：件", "（单位：份、万元）", "单位：人次", "统计单位：水利局", "收费金额单位：元"]


@pytest.mark.parametrize("unit", NOT_THE_FORMS)
def test_a_unit_over_a_table_of_counts_that_is_not_theirs_leaves_it_unread(
    unit: str, tmp_path: Path
) -> None:
    report = read(page({"requests": f"{PART}</p><p>{unit}"}), tmp_path)
    values = [value for (cube, _), value in DRAWN.values.items() if cube == "requests"]
    assert states(report, "requests")[CellState.UNREAD] == sum(value != "0" for value in values)
    assert all(unit in reason for reason in reasons(report))


@pytest.mark.parametrize("unit", THE_FORMS)
def test_a_unit_over_a_table_of_counts_that_is_theirs_is_plain(unit: str, tmp_path: Path) -> None:
    assert read(page({"requests": f"{PART}</p><p>{unit}"}), tmp_path).complete


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量（百件）", 7),
        ("自然人", "自然人（百件）", 25),
        ("申请人情况", "申请人情况（单位：百件）", 25 * 7),
    ],
)
def test_a_unit_in_a_label_is_that_of_its_values(
    old: str, new: str, unread: int, tmp_path: Path
) -> None:
    report = read(page({}, old, new), tmp_path)
    assert states(report, "requests")[CellState.UNREAD] == unread
    assert all("百件" in reason for reason in reasons(report))


FEE = "本年收费金额（单位：万元）"


@pytest.mark.parametrize(
    ("over", "under", "state", "unit"),
    [
        ("", "", CellState.READ, "ten-thousand-yuan"),
        ("<p>单位：件、万元</p>", "", CellState.READ, "ten-thousand-yuan"),
        ("<p>单位：件、元</p>", "", CellState.READ, "yuan"),
        ("<p>单位：千元</p>", "", CellState.UNREAD, None),
        ("<p>单位：元</p><p>附表一</p>", "", CellState.UNREAD, None),
        ("", "<p>注：收费金额单位为元。</p>", CellState.UNREAD, None),
        ("", "<p>注：收费金额单位为万元。</p>", CellState.READ, "ten-thousand-yuan"),
    ],
)
def test_money_under_a_heading_without_a_unit_takes_that_of_its_table_or_is_unread(
    over: str, under: str, state: CellState, unit: str | None, tmp_path: Path
) -> None:
    text = page({}, FEE, "本年收费金额").replace("<table", f"{over}<table", 1)
    text = text.replace("</table>", f"</table>{under}", 1)
    report = read(text, tmp_path)
    (cell,) = (c for _, c in report.cells() if "charge-amount" in c.codes.values())
    assert (cell.state, cell.unit) == (state, unit)
    assert states(report, "disclosure")[CellState.UNREAD] == (state is CellState.UNREAD)


# --- bodies, and the form of 2014 -----------------------------------------------------------------


def statistics(over: str, body: str = BODY_2014) -> str:
    head = "<tr><td>统计指标<td>单位<td>统计数"
    rows = "".join(f"<tr><td>{label}<td>{unit}<td>{value}" for _, _, unit, value, label in ROWS)
    return (
        f"<h1>{body}2017年政府信息公开工作年度报告</h1><p>根据条例，编制本报告。</p><p>附表</p>"
        f"<p>{over}</p><table border=1>{head}{rows}</table><p>{body}</p>"
    )


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ("填报单位（盖章）：黄山市财政局", "黄山市财政局"),
        ("填报单位：财政局 填报日期：2018年1月5日", "财政局"),
        ("（2016年度）", "2016"),
    ],
)
def test_statistics_of_another_body_or_year_are_unread(
    over: str, words: str, tmp_path: Path
) -> None:
    report = read(statistics(over), tmp_path)
    assert set(states(report, "statistics")) == {CellState.UNREAD}
    assert all(words in reason for reason in reasons(report))


@pytest.mark.parametrize(
    "over",
    [
        "填报单位（盖章）：",
        "填报单位：黄山市水利局",
        "填报单位：黄山市水利局办公室",
        "填报单位：市水利局",
        "填报单位：水利局 （2017年度）",
        "填报单位：政策法规科",
    ],
)
def test_statistics_that_the_body_filled_in_are_read(over: str, tmp_path: Path) -> None:
    assert read(statistics(over), tmp_path).complete


def test_the_office_of_a_government_fills_in_its_statistics(tmp_path: Path) -> None:
    over = "填报单位：黄山市政府办公室"
    assert read(statistics(over, "黄山市人民政府"), tmp_path).complete


@pytest.mark.parametrize("over", ["（2016年度）", "单位：百件", "填报单位：黄山市财政局"])
def test_a_text_says_of_its_table_as_much_as_a_page_does(over: str, tmp_path: Path) -> None:
    lines = [f"{BODY_2014}2017年政府信息公开工作年度报告", "一、概述", "附表", over]
    lines += ["统计指标", "单位", "统计数"]
    lines += [text for _, _, unit, value, label in ROWS for text in (label, unit, value) if text]
    report = read("\n".join(lines), tmp_path, name="r.txt")
    assert report.count(CellState.UNREAD) >= 50
    assert all(over in reason for reason in reasons(report))
