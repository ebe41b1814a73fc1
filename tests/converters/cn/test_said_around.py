"""What captions, headings and remarks say of a table's year and unit, against how it is read."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import Cell, CellState
from helpers.drawn_reports import HEADINGS, TITLE, Drawn, draw

DRAWN = draw(Random(1), "2021")
HEADING = f"<p>{HEADINGS['requests']}</p>"
FEE = "本年收费金额（单位：万元）"


def page(drawn: Drawn, told: str = "") -> str:
    """A page with a report; ``told`` comes after its tables."""
    parts = [f"<!DOCTYPE html><meta charset=utf-8><title>{TITLE}</title><h1>{TITLE}</h1>"]
    for cube, rows in drawn.tables.items():
        parts.append(f"<p>{HEADINGS[cube]}</p><table>")
        for row in rows:
            boxes = (f"<td colspan={b.width} rowspan={b.height}>{b.text}</td>" for b in row)
            parts.append("<tr>" + "".join(boxes) + "</tr>")
        parts.append("</table>")
    return "".join(parts) + told


def read(folder: Path, text: str, **told: str) -> dict[str, list[Cell]]:
    """The cells of each table."""
    path = folder / "report.html"
    path.write_text(text, encoding="utf-8")
    document = read_document(path)
    document = replace(document, declared={**document.declared, **told})
    return {table.cube: list(table.cells) for table in recognise(document).tables}


def unread(cells: list[Cell]) -> set[str]:
    return {cell.reason["en"] for cell in cells if cell.state is CellState.UNREAD}


OTHER_YEARS = [
    (HEADING, HEADING.replace("、", "、2021年")),
    (HEADING, f"{HEADING}<p>（2021年度）</p>"),
    (HEADING, f"{HEADING}<p>二〇二一年政府信息公开申请情况表</p>"),
    (
        "<td colspan=3 rowspan=2>",
        "<td colspan=10>2021年情况表</td></tr><tr><td colspan=3 rowspan=2>",
    ),
]


@pytest.mark.parametrize(("old", "new"), OTHER_YEARS)
def test_a_table_captioned_with_another_year_is_not_the_reports(
    tmp_path: Path, old: str, new: str
) -> None:
    text = page(DRAWN)
    assert text.count(old) == 1
    tables = read(tmp_path, text.replace(old, new))
    (why,) = unread(tables["requests"])
    assert "speaks of another year than 2022" in why
    assert not any(cell.value is not None for cell in tables["requests"])
    assert not unread(tables["disputes"]) and not unread(tables["disclosure"])
    told = read(tmp_path, text.replace(old, new), year="2022")
    assert not unread(told["requests"]), "what is told suffices"


@pytest.mark.parametrize(
    "caption",
    [
        "（2022年）",
        "2022年度情况表",
        "与2021年相比，申请量增加。",
        "2021年至2022年申请量",
        "（单位：件）",
        "填报单位：百色市十个部门",
        "单位：件、人次",
    ],
)
def test_other_captions_change_nothing(tmp_path: Path, caption: str) -> None:
    tables = read(tmp_path, page(DRAWN).replace(HEADING, f"{HEADING}<p>{caption}</p>"))
    assert not any(unread(cells) for cells in tables.values())


def in_lines(drawn: Drawn) -> str:
    lines = [TITLE]
    for cube, rows in drawn.tables.items():
        lines += [HEADINGS[cube], *(box.text for row in rows for box in row)]
    return "\n".join(lines)


def in_one_table(drawn: Drawn) -> str:
    parts = page(drawn).split("<p>")
    rows = [f"<tr><td colspan=15>{part}".replace("</p><table>", "</td></tr>") for part in parts[1:]]
    return f"{parts[0]}<table>{''.join(rows).replace('</table>', '')}</table>"


@pytest.mark.parametrize("told", ["2021年", "单位：百件", ""])
@pytest.mark.parametrize("layout", [in_lines, in_one_table])
def test_captions_of_tables_in_lines_and_in_one_table(
    tmp_path: Path, layout: Callable[[Drawn], str], told: str
) -> None:
    heading = HEADINGS["requests"]
    text = layout(DRAWN)
    assert heading in text
    tables = read(tmp_path, text.replace(heading, f"{heading}（{told}）" if told else heading))
    assert bool(unread(tables["requests"])) == bool(told)
    assert not unread(tables["disclosure"]) and not unread(tables["disputes"])


@pytest.mark.parametrize(
    ("old", "new", "stage"),
    [
        ("一、本年新收", "一、2022年新收", None),
        ("一、本年新收", "一、2021年新收", "received"),
        ("二、上年结转", "二、2021年结转", None),
        ("二、上年结转", "二、2020年结转", "carried-in"),
    ],
)
def test_a_row_that_names_another_year_is_unread(
    tmp_path: Path, old: str, new: str, stage: str | None
) -> None:
    text = page(DRAWN)
    assert text.count(old) == 1
    cells = read(tmp_path, text.replace(old, new))["requests"]
    found = [cell.codes["stage"] for cell in cells if cell.state is CellState.UNREAD]
    assert found == [stage] * 7 if stage else not found


@pytest.mark.parametrize(("printed", "right"), [("2021年", True), ("2019年", False)])
def test_a_column_of_the_year_before_may_name_it(tmp_path: Path, printed: str, right: bool) -> None:
    text = page(draw(Random(2), "2019"))
    assert "上一年项目数量" in text
    cells = read(tmp_path, text.replace("上一年项目数量", f"{printed}项目数量"))["disclosure"]
    before = [cell for cell in cells if cell.codes["indicator"] == "items-last-year"]
    assert before and all((cell.value is not None) == right for cell in before)


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        (HEADING, f"{HEADING}<p>单位：百件</p>", 175),
        (HEADING, HEADING.replace("情况<", "情况（单位：万件）<"), 175),
        ("申请人情况", "申请人情况（单位：千件）", 175),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量（百件）", 7),
    ],
)
def test_counts_in_hundreds_are_not_read_as_counts(
    tmp_path: Path, old: str, new: str, count: int
) -> None:
    cells = read(tmp_path, page(DRAWN).replace(old, new))["requests"]
    assert sum(cell.state is CellState.UNREAD for cell in cells) == count


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (page(DRAWN), "ten-thousand-yuan"),
        (
            page(DRAWN)
            .replace(FEE, "本年收费金额")
            .replace("<table>", "<p>单位：元</p><table>", 1),
            "yuan",
        ),
        (page(DRAWN).replace("<tr>", "<tr><td colspan=4>金额单位：元</td></tr><tr>", 1), None),
        (page(DRAWN).replace("</table>", "</table><p>注：收费金额单位为元。</p>", 1), None),
        (
            page(DRAWN).replace("</table>", "</table><p>注：金额单位为万元。</p>", 1),
            "ten-thousand-yuan",
        ),
    ],
)
def test_money_is_in_the_unit_that_is_printed_or_unread(
    tmp_path: Path, text: str, unit: str | None
) -> None:
    (fee,) = [c for c in read(tmp_path, text)["disclosure"] if c.codes.get("item") == "charges"]
    (value,) = [v for key, v in DRAWN.values.items() if ("item", "charges") in key[1]]
    assert (fee.value, fee.unit) == ((Decimal(value), unit) if unit else (None, None))
