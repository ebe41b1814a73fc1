"""Text in every layout met: a cell a line, rows of cells parted by signs, columns, Markdown."""

import re
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Grid, Item, Place, TextBlock
from gongkai.converters.documents.text.reader import read_text
from gongkai.converters.errors import UnreadableSource
from helpers.commands import ORIGINAL, SAMPLE
from helpers.profiles import examples

REPORTS = ORIGINAL.parent


def read(text: str | bytes, limits: Limits = DEFAULT_LIMITS) -> list[Item]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_text(data, limits).items)


def outline(items: list[Item]) -> list[object]:
    """Blocks as their text, grids as rows of texts."""
    return [
        item.text
        if isinstance(item, TextBlock)
        else [[None if cell is None else cell.text for cell in row] for row in item.rows]
        for item in items
    ]


def corpus(name: str) -> list[Item]:
    path = REPORTS / name
    if not path.exists():
        pytest.skip(f"the corpus is not at {REPORTS}: layouts are tested on made-up lines alone")
    return read(path.read_bytes())


# --- a cell a line --------------------------------------------------------------------------------


def test_one_cell_a_line_numbered_as_an_editor_does() -> None:
    items = read("规章\r\n\r\n 5 \n\t　70\r1475")
    assert items == [
        TextBlock("规章", Place(line=1)),
        TextBlock("5", Place(line=3)),
        TextBlock("70", Place(line=4)),
        TextBlock("1475", Place(line=5)),
    ]


def test_the_sample_is_one_block_a_line() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    assert outline(read(SAMPLE.read_bytes())) == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "规章 |\n0 |\n5 |\n|\n||||\n",
        "规章\n|\n0\n|\n5\n|\n",
        "规章 | |||\n0 |\n5 | ||\n",
        "规章｜\n0│\n5┃\n",
    ],
)
def test_signs_alone_or_at_the_end_of_lines_make_no_rows(text: str) -> None:
    assert outline(read(text)) == ["规章", "0", "5"]


def test_comments_are_no_content() -> None:
    text = "<!-- 来源 | 甲 -->\n规章\n<!-- 两\n行 -->\n5\n"
    assert read(text) == [TextBlock("规章", Place(line=2)), TextBlock("5", Place(line=5))]
    assert outline(read("规章 <!-- 未完")) == ["规章 <!-- 未完"], "nothing is dropped unseen"


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # The sign closes every cell; rows that begin with it have blank cells before them.
        (
            "三、办理结果 | (一)予以公开 | 1 | 2 |\n| (二)部分公开 | | 0 |\n| | 2.其他 | | 3 |\n",
            [
                ["三、办理结果", "(一)予以公开", "1", "2"],
                ["", "(二)部分公开", "", "0"],
                ["", "", "2.其他", "", "3"],
            ],
        ),
        ("规章 | 0 | 0 | 0 |", [["规章", "0", "0", "0"]]),
        # The sign stands between cells: one at the end has a blank cell behind it.
        (
            "内容 | 制发 | 废止\n规章 | 5 |\n文件 | | 7\n",
            [["内容", "制发", "废止"], ["规章", "5", ""], ["文件", "", "7"]],
        ),
        # Surplus signs are surplus cells.
        ("规章 | 0 | 1 | |\n第一项 | |||\n", [["规章", "0", "1", ""], ["第一项", "", "", ""]]),
        # The last row is cut off.
        (
            "规章 | 0 | 1 |\n文件 | 0 |\n行政许可 | 0",
            [["规章", "0", "1"], ["文件", "0"], ["行政许可", "0"]],
        ),
        ("规章｜0｜１", [["规章", "0", "１"]]),
        ("┌──┬──┐\n│规章│ 5│\n├──┼──┤\n│文件│ 7│\n└──┴──┘", [["规章", "5"], ["文件", "7"]]),
        (
            "+----+---+\n| 规章 | 5 |\n+====+===+\n| 文件 | 7 |\n+----+---+",
            [["规章", "5"], ["文件", "7"]],
        ),
        (
            "规章\t0\t\t5\n\t文件\t1\t2\n总计\t\t\t",
            [["规章", "0", "", "5"], ["", "文件", "1", "2"], ["总计", "", "", ""]],
        ),
        ("规章\t5\n\n文件\t7\n", [["规章", "5"], ["文件", "7"]]),
        ("规章 | 5\n\n文件 | 7\n", [["规章", "5"], ["文件", "7"]]),
        ("a | b<br>c\n**规章** | 5", [["a", "b\nc"], ["规章", "5"]]),
    ],
)
def test_rows_of_cells(text: str, rows: list[list[str]]) -> None:
    width = max(map(len, rows))
    filled = [row + [None] * (width - len(row)) for row in rows]
    assert outline(read(text)) == [filled]


def test_markdown() -> None:
    items = read(
        "# 2019年报告\n## **二、主动公开**\n"
        "| 内容 | 制发 | 废止 |\n|---|:-:|--:|\n| 规章 | - | 0 |\n|---|---|---|\n"
        "| 文件 | -- | 5 |\n\n| 内容 | 数量 |\n| --- | --- |\n| 许可 | 7 |\n---\n落款\n"
    )
    assert outline(items) == [
        "2019年报告",
        "二、主动公开",
        [["内容", "制发", "废止"], ["规章", "-", "0"], ["文件", "--", "5"]],
        [["内容", "数量"], ["许可", "7"]],
        "落款",
    ]
    first, second = (item for item in items if isinstance(item, Grid))
    assert not first.aligned
    assert first.place == Place(line=3, table=1) and second.place == Place(line=9, table=2)
    cell = first.rows[2][2]
    assert cell is not None and cell.place == Place(line=7, table=1, row=3, column=3)


def test_numbering_set_off_by_a_tab_is_text() -> None:
    assert outline(read("一、\t总体情况\n1.\t完善制度\n（二）\t部分公开\n")) == [
        "一、总体情况",
        "1.完善制度",
        "（二）部分公开",
    ]


# --- columns of a line ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("规章 0 5 90", ["规章", "0", "5", "90"]),
        ("行政规范性文件          0          5       5", ["行政规范性文件", "0", "5", "5"]),
        ("4.无正当理由大量反复 申请 0 / 0", ["4.无正当理由大量反复 申请", "0", "/", "0"]),
        ("   三、结果   （一）予以公开     0    0", ["三、结果", "（一）予以公开", "0", "0"]),
        ("10 1 0 0 5", ["10", "1", "0", "0", "5"]),
        ("行政许可 550", ["行政许可", "550"]),
        ("行政事业性收费      7730.28", ["行政事业性收费", "7730.28"]),
        ("信息内容 本年制发件数 本年废止件数", ["信息内容", "本年制发件数", "本年废止件数"]),
        ("信息内容 本年收费金额（单位：万元）", ["信息内容", "本年收费金额（单位：万元）"]),
        # What is no row of a table stays in one piece.
        ("2023 年政府信息公开工作年度报告", ["2023 年政府信息公开工作年度报告"]),
        ("某区政府    2023年政府信息公开年度报告", ["某区政府    2023年政府信息公开年度报告"]),
        ("起至 2023 年 12 月 31", ["起至 2023 年 12 月 31"]),
        ("联系（地址：某某区大道 90", ["联系（地址：某某区大道 90"]),
        ("全年公开 1136 条，其中文件 20", ["全年公开 1136 条，其中文件 20"]),
        ("截至 2023", ["截至 2023"]),
        ("附件 1", ["附件 1"]),
        ("三 、本 年 度办 理 结 果", ["三 、本 年 度办 理 结 果"]),
        ("- 1 -", ["- 1 -"]),
        ("— 12 —", ["— 12 —"]),
        ("第 3 页 共 5 页", ["第 3 页 共 5 页"]),
        ("1 / 5", ["1 / 5"]),
        ("总 计", ["总 计"]),
        ("1. 加强网站建设。落实要求", ["1. 加强网站建设。落实要求"]),
    ],
)
def test_columns_of_a_line(line: str, pieces: list[str]) -> None:
    items = read(f"前文。\n{line}\n后文。")
    assert outline(items)[1:-1] == pieces
    assert {item.place for item in items[1:-1]} == {Place(line=2)}


def test_a_number_that_the_next_line_counts_in_is_no_value() -> None:
    assert outline(read("全年公开政府信息 1136\n条。")) == ["全年公开政府信息 1136", "条。"]


def test_headings_broken_over_lines_are_put_together_from_left_to_right() -> None:
    layout = (
        "结果   结果     其他\n"
        "                   总 计 结果 结果\n"
        "维持   纠正     结果\n"
        "\n"
        "                       维持 纠正\n"
        "10     1        0   11  5 0\n"
    )
    assert outline(read(layout)) == [
        *("结果维持", "结果纠正", "其他结果", "总计", "结果维持", "结果纠正"),
        *("10", "1", "0", "11", "5", "0"),
    ]


# --- the corpus -----------------------------------------------------------------------------------


def rows_of(items: list[Item]) -> dict[str, list[str]]:
    """The values after the last label of each row of the grids."""
    found = {}
    for grid in (item for item in items if isinstance(item, Grid)):
        for row in range(len(grid.rows)):
            cells = [cell.text for cell in grid.distinct(row)]
            label = max((i for i, text in enumerate(cells) if text[-1:] > "9"), default=0)
            found[cells[label]] = cells[label + 1 :]
    return found


def test_rows_of_the_corpus() -> None:
    xuwen = rows_of(corpus("part-gd-xuwen-justice.txt"))
    assert xuwen["行政规范性文件"] == ["3", "0", "101"]
    assert xuwen["二、上年结转政府信息公开申请数量"] == ["", "", "", "", "", "", "0"]
    assert xuwen["5.属于三类内部事务信息"] == ["", "", "", "", "", "", "0"]
    shuyang = rows_of(corpus("js-suqian-shuyang-2025.ocr.txt"))
    assert shuyang["行政许可"] == ["517645"]
    assert shuyang["本年新收政府信息公开申请数量"] == ["705", "3", "0", "0", "5", "0", "713"]
    assert shuyang["（七）总计"] == ["710", "3", "0", "0", "5", "0", "718"]
    kewei = rows_of(corpus("sh-stcsm-2024.pdf2md.md"))
    assert kewei["规范性文件"] == ["13", "0", "55"]
    assert kewei["（七）总计"] == ["33", "2", "0", "0", "0", "0", "35"]
    assert kewei["四、结转下年度继续办理"] == ["1", "0", "0", "0", "0", "0", ""]


@pytest.mark.parametrize("view", ["raw", "layout"])
def test_views_of_a_pdf_as_text(view: str) -> None:
    texts = outline(corpus(f"js-huaian-hongze-2023.{view}.txt"))

    def after(label: str, count: int) -> list[object]:
        return texts[texts.index(label) + 1 :][:count]

    assert after("行政规范性文件", 3) == ["0", "5", "5"]
    assert after("行政事业性收费", 1) == ["7730.28"]
    assert after("一、本年新收政府信息公开申请数量", 7) == ["21", "0", "0", "0", "0", "0", "21"]
    assert after("1.本机关不掌握相关政府信息", 7) == ["10", "0", "0", "0", "0", "0", "10"]


@pytest.mark.parametrize(
    "name",
    [
        "part-sn-yangling-statistics-2020.txt",
        "part-tj-beichen-jiarongli-street-2021.txt",
        "part-xj-nilka-town-2023.txt",
        "part-jx-huichang-zhongcun-town-2020.txt",
    ],
)
def test_a_cell_a_line_in_the_corpus(name: str) -> None:
    items = corpus(name)
    assert all(isinstance(item, TextBlock) for item in items)
    texts = outline(items)
    label = texts.index("规章")
    assert all(str(text).isdigit() for text in texts[label + 1 : label + 4])
    assert not any("|" in str(text) for text in texts)


# --- what is no text ------------------------------------------------------------------------------


def test_text_in_gbk_is_read(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert read(text.encode("gb18030")) == read(text)


def test_control_characters_are_refused() -> None:
    with pytest.raises(UnreadableSource, match=r"line 2: not text \(control character U\+0000\)"):
        read("规章\n5\x00\n")


@pytest.mark.parametrize(
    "text", ["|" * 5_000 + "\n" + "a|b\n" * 90, "a\n" * 3_000, "a | b\n" * 2_000]
)
def test_more_cells_or_lines_than_a_report_has(text: str) -> None:
    with pytest.raises(UnreadableSource, match="more than 1000"):
        read(text, Limits(most_cells=1_000))


SIGNS = ["|", "||", "\t", " ", "  ", "\n", "\r\n", "｜", "│", "---", "<!--", "-->", "#", "**", "\f"]
WORDS = [
    "规章",
    "0",
    "12",
    "一、总体情况",
    "-",
    "/",
    "总 计",
    "（七）总计",
    "1,234",
    "。",
    "，",
    "年",
]


def flat(item: object) -> list[str]:
    if isinstance(item, str):
        return [item]
    return [cell or "" for row in cast(list[list[str | None]], item) for cell in row]


@settings(max_examples=examples(300))
@given(parts=st.lists(st.sampled_from(SIGNS + WORDS), max_size=60))
def test_no_number_is_lost_or_joined_to_another(parts: list[str]) -> None:
    """However lines and signs fall: every number comes out, once, next to no other digit."""
    spaced = [f"{part} " if part in ("0", "12", "1,234") else part for part in parts]
    text = "".join(spaced)
    if "<!--" in text and "-->" in text:
        text = text.replace("-->", "")
    items = read(text) if text.strip() else []
    shown = " ".join(cell for item in outline(items) for cell in flat(item))
    for number in ("0", "12", "1,234"):
        wanted = parts.count(number)
        found = len(re.findall(rf"(?<![0-9,]){number}(?![0-9,])", shown))
        # What stands in a label or in prose is not counted exactly: a comma may follow.
        assert found >= wanted, (text, shown)


@settings(max_examples=examples(200))
@given(data=st.binary(max_size=300), at=st.integers(0, 12_000), cut=st.integers(0, 40))
def test_a_spoiled_text_is_read_or_refused(data: bytes, at: int, cut: int) -> None:
    whole = SAMPLE.read_bytes()
    try:
        for item in read(whole[:at] + data + whole[at + cut :]):
            assert isinstance(item, TextBlock) or {len(row) for row in item.rows} == {item.width}
    except UnreadableSource as refused:
        assert str(refused)


# --- Markdown with merged cells repeated ----------------------------------------------------------


def grid_of(text: str) -> Grid:
    (grid,) = [item for item in read(text) if isinstance(item, Grid)]
    return grid


REPEATED = """\
| 第（一）项 | 第（一）项 | 第（一）项 |
|---|---|---|
| 内容 | 制发件数 | 现行件数 |
| 规章 | 7 | 7 |
| 内容 | 处理数量 | 处理数量 |
| 许可 | 51 | 51 |
| 处罚 | 5 | 6 |
"""


def test_words_repeated_beside_themselves_are_one_cell_again() -> None:
    grid = grid_of(REPEATED)
    assert grid.aligned
    assert [len(list(grid.distinct(row))) for row in range(6)] == [1, 3, 3, 2, 2, 3]


def test_a_value_that_stands_twice_under_headings_of_their_own_is_two_values() -> None:
    row = grid_of(REPEATED).rows[2]
    assert row[1] is not row[2]


def test_words_repeated_below_themselves_are_one_cell_where_others_are_repeated_too() -> None:
    text = "|甲组|甲组|件数|\n|一类|（一）公开|3|\n|一类|（二）部分|3|\n"
    grid = grid_of(text)
    assert grid.rows[1][0] is grid.rows[2][0]
    assert grid.rows[1][2] is not grid.rows[2][2]
    assert grid_of(text.replace("甲组|甲组", "甲组|乙组")).rows[1][0] is not None
    assert not grid_of(text.replace("甲组|甲组", "甲组|乙组")).aligned


def test_headings_that_are_cut_off_alike_are_two_where_nothing_else_is_repeated() -> None:
    text = "{0}第一类 | | |{1}\n{0}内容 | 本年新 | 本年新 | 总数{1}\n{0}规章 | 5 | 5 | 9{1}\n"
    for frame in (("", ""), ("|", "|")):
        headings = grid_of(text.format(*frame)).rows[1]
        assert headings[1] is not headings[2]


def test_what_pandas_adds_is_no_content() -> None:
    text = "|   | 0 | 1 |\n|--:|:--|:--|\n| 0 | 许可 | 51 |\n| 1 | 处罚 | nan |\n"
    assert outline(read(text)) == [[["许可", "51"], ["处罚", ""]]]
    numbered = grid_of("|复议|复议.1|复议.2|\n|---|---|---|\n|维持|纠正|总计|\n|1|2|3|\n")
    assert len(list(numbered.distinct(0))) == 1


def test_what_markdown_strikes_out_is_in_doubt_and_what_it_escapes_is_text() -> None:
    (struck,) = [cell for cell in grid_of("|许可|~~19~~18|\n|处罚|5|").rows[0] if cell][1:]
    assert struck.readings == ("1918", "18")
    assert "struck out" in struck.doubt["en"]
    assert outline(read("|甲\\|乙|1&nbsp;|\n|丙|2|")) == [[["甲|乙", "1"], ["丙", "2"]]]


def test_numbers_that_only_count_the_pages_are_no_values() -> None:
    pages = [f"规章\n{value}\n{number}\n" for number, value in enumerate((70, 80, 90), start=4)]
    assert outline(read("\f".join(pages))) == ["规章", "70", "规章", "80", "规章", "90"]
    pages[1] = pages[1].replace("\n5\n", "\n7\n")
    assert "7" in outline(read("\f".join(pages)))
    assert "4" in outline(read("\f".join(pages)))
