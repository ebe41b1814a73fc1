"""Pages: grids as the HTML standard forms them, text around them, and no harm from broken ones."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.converters.documents import read_document
from gongkai.converters.documents.html.mhtml import read_mhtml
from gongkai.converters.documents.html.reader import read_html
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.documents.model import Content, Grid, GridCell, Place, TextBlock
from gongkai.converters.errors import UnreadableSource
from helpers.commands import ORIGINAL
from helpers.profiles import examples

CORPUS = ORIGINAL.parent.parent.parent
FORMATS = CORPUS / "formats"
REPORTS = CORPUS / "cn" / "reports"


def read(page: str | bytes, limits: Limits = DEFAULT_LIMITS) -> Content:
    return read_html(page.encode() if isinstance(page, str) else page, limits)


def grids(content: Content) -> list[Grid]:
    return [item for item in content.items if isinstance(item, Grid)]


def texts(content: Content) -> list[str]:
    return [item.text for item in content.items if isinstance(item, TextBlock)]


def shown(grid: Grid) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def table(page: str) -> list[list[str | None]]:
    """The one grid of a page."""
    (grid,) = grids(read(page))
    return shown(grid)


# --- the corpus -----------------------------------------------------------------------------------


def expected_of(path: Path) -> list[tuple[str, list[int | None]]]:
    """The rows of part three as typed by hand: (label, values)."""
    kind = "_dirty" if path.stem == "dirty" else "_dense" if "dense" in path.stem else ""
    truth = json.loads((FORMATS / f"expected{kind}.json").read_text("utf-8"))
    return [(row["path"][-1], row["values"]) for row in truth["table3_applications"]["rows"]]


def number(text: str) -> int | None:
    """The number of a cell, its digits full-width or with separators; None where it is blank."""
    plain = text.translate({0xFF10 + i: str(i) for i in range(10)}).replace(",", "")
    return int(plain) if plain else None


def pages() -> list[Any]:
    return sorted(FORMATS.glob("*.html")) if FORMATS.exists() else []


@pytest.mark.skipif(not FORMATS.exists(), reason=f"the corpus is not at {FORMATS}")
def test_every_number_of_part_three_stands_in_its_row_and_column() -> None:
    assert len(pages()) >= 13
    for path in pages():
        (grid,) = [g for g in grids(read(path.read_bytes())) if g.width == 10]
        wanted = expected_of(path)
        assert [row[-1] for row in shown(grid)[:3]] == ["申请人情况", "总计", "总计"]
        found = [
            (row[2].text.replace("\n", ""), [number(cell.text) for cell in row[3:] if cell])
            for row in grid.rows[3:]
            if row[2] is not None
        ]
        assert found == wanted, path.name


@pytest.mark.skipif(not REPORTS.exists(), reason=f"the corpus is not at {REPORTS}")
def test_real_pages() -> None:
    shanghai = read((REPORTS / "sh-general-office-2019.html").read_bytes())
    first, second, third = grids(shanghai)
    assert (first.width, second.width, third.width) == (5, 10, 15)
    rows = {row[2].text: [cell and cell.text for cell in row[3:]] for row in second.rows if row[2]}
    assert rows["一、本年新收政府信息公开申请数量"] == ["821", "35", "", "", "2", "1", "859"]
    assert rows["1.本机关不掌握相关政府信息"] == ["252", "12", "", "", "1", "", ""]
    assert [cell and cell.text for cell in third.rows[-1]][:10] == [
        *("5", "", "", "2", "7", "8", "", "", "1", "9")
    ]
    office = read((REPORTS / "js-suqian-shuyang-drc-2023.html").read_bytes())
    assert office.declared["title"] == "沭阳县发展和改革局2023年政府信息公开年度报告"
    assert [grid.width for grid in grids(office)] == [4, 4, 10, 15]
    label = grids(office)[2].rows[9][2]
    assert label is not None and label.text == "3.危及“三安全一稳定”"


@pytest.mark.skipif(not FORMATS.exists(), reason=f"the corpus is not at {FORMATS}")
@pytest.mark.parametrize("name", ["report_gbk", "report_gbk_nometa", "report_gbk_wrongmeta"])
def test_pages_in_gbk_say_the_same_as_in_utf8(name: str) -> None:
    plain = read((FORMATS / "report.html").read_bytes())
    other = read((FORMATS / f"{name}.html").read_bytes())
    assert texts(other) == texts(plain)
    assert [shown(grid) for grid in grids(other)] == [shown(grid) for grid in grids(plain)]


# --- forming a table ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", [["a", "b"], ["c", "d"]]),
        ("<td>a<td>b", [["a", "b"]]),
        ("<tr><td rowspan=2>a<td>b<tr><td>c", [["a", "b"], ["a", "c"]]),
        ("<tr><td colspan='2 '>a<tr><td>b<td>c", [["a", "a"], ["b", "c"]]),
        ("<tr><td colspan=0>a<td colspan=-3>b<td colspan=x>c", [["a", "b", "c"]]),
        ("<tr><td rowspan=9>a<td>b<tr><td>c", [["a", "b"], ["a", "c"]]),
        ("<tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d", [["a", "b"], ["a", "c"], ["a", "d"]]),
        (
            "<thead><tr><td rowspan=9>a<td>b</thead><tbody><tr><td>c<td>d",
            [["a", "b"], ["c", "d"]],
        ),
        ("<tfoot><tr><td>z<td>y</tfoot><tbody><tr><td>a<td>b", [["a", "b"], ["z", "y"]]),
        ("<tr><td>a<td>b<td>c<tr><td>d", [["a", "b", "c"], ["d", None, None]]),
        ("<tr><td><b>a<td>b<tr><td>c</b><td>d", [["a", "b"], ["c", "d"]]),
        ("<tr><td colspan=1000000>a<tr><td>b<td>c", [["a", "a", "a"], ["b", "c", None]]),
    ],
)
def test_spans_and_sloppy_markup(rows: str, wanted: list[list[str | None]]) -> None:
    assert table(f"<p>x</p><table>{rows}</table>") == wanted


def test_cells_that_overlap_are_told_of_and_none_is_lost() -> None:
    content = read("<table><tr><td>a<td>b<td rowspan=2>c<tr><td>d<td colspan=3>e<td>f</table>")
    assert shown(grids(content)[0]) == [["a", "b", "c", None, None], ["d", "e", "c", "e", "f"]]
    assert "overlap" in content.notes[0]["en"]


def test_a_merged_cell_is_one_object_with_the_place_where_it_begins() -> None:
    page = "<p>x</p>\n<table>\n<tr><td colspan=2 rowspan=2>a<td>b\n<tr><td>c</table>"
    (grid,) = grids(read(page))
    cell = grid.rows[0][0]
    assert all(grid.rows[i][j] is cell for i in (0, 1) for j in (0, 1))
    assert cell is not None and cell.place == Place(line=3, table=1, row=1, column=1)
    last = grid.rows[1][2]
    assert last is not None and last.place == Place(line=4, table=1, row=2, column=3)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("商业<br>企业", "商业\n企业"),
        ("<p>商业</p><p>企业</p>", "商业\n企业"),
        ("<p><span>商</span><span>业</span></p>", "商业"),
        ("<p>\n  1.属于\n  国家秘密 </p>", "1.属于 国家秘密"),
        ("&nbsp;", ""),
        ("<o:p>&nbsp;</o:p>", ""),
        ("　１２　", "１２"),
        ("1<!-- 2 -->3", "13"),
        ("5<script>6</script><style>7</style>", "5"),
        ("5<span style='color:red; DISPLAY : none'>6</span><i hidden>7</i>", "5"),
        ("<input value='12'><input type=hidden value=3>", "12"),
        ("<select><option>1<option>2</select>3", "1 3"),
        ("1\u200b2&#8203;3", "123"),
        # What is not on the line, or is struck out, is not one more digit.
        ("12<sup>2</sup>", "12²"),
        ("12<span style='vertical-align: super'>2</span>", "12²"),
        ("1<sub>0</sub>", "1₀"),
        ("<s>12</s>13", "1\u03362\u033613"),
        ("<span style='text-decoration:line-through'>7</span>8", "7\u03368"),
        ("<input value=1><input value=2>", "1 2"),
        ("<sup>&#1;</sup>&#12;1", "\ufffd 1"),
    ],
)
def test_text_of_a_cell(cell: str, wanted: str) -> None:
    assert table(f"<table><tr><td>规章<td>{cell}<td>z</table>") == [["规章", wanted, "z"]]


def test_a_picture_instead_of_a_number_is_not_a_blank() -> None:
    page = "<table><tr><td>规章<td><img src=5.png><td><img src=s.gif width=1><td>z</table>"
    (grid,) = grids(read(page))
    _, picture, spacer, _ = [cell for cell in grid.rows[0] if isinstance(cell, GridCell)]
    assert "picture" in picture.doubt["en"]
    assert not spacer.doubt


# --- layout and text ------------------------------------------------------------------------------


def test_only_innermost_tables_are_grids_and_all_text_is_in_order() -> None:
    content = read(
        """<table><tr><td>首页<td>
        <table><tr><td>检索<td><input value=x></table>
        <h1>年度报告</h1><p>一、总体<b>情况</b></p>第一行<br>第二行
        <table><tr><td><table><caption>表二</caption><tr><td>规章<td>0</table></table>
        <div>落款<div>日期</div></div></table>"""
    )
    assert [
        item.text if isinstance(item, TextBlock) else shown(item) for item in content.items
    ] == [
        *("首页", [["检索", "x"]], "年度报告", "一、总体情况", "第一行", "第二行"),
        *("表二", [["规章", "0"]], "落款", "日期"),
    ]


def test_paths_tell_the_report_from_the_page_around_it() -> None:
    content = read(
        "<body><ul><li>首页</li><li>公开</li></ul><div class=main><h1>报告</h1><p>一</p>"
        "<table><tr><td>规章<td>0</table></div><div>主办</div></body>"
    )
    home, public, title, part, grid, foot = content.items
    assert title.path[:-1] == part.path[:-1] == grid.path[:-1] != home.path[: len(title.path) - 1]
    assert home.path[:-1] == public.path[:-1]
    assert foot.path != title.path[:-1]


def test_a_table_that_holds_a_whole_article_is_layout() -> None:
    article = "".join(f"<p>第{i}段，{'文字' * 60}。</p>" for i in range(9))
    content = read(f"<table><tr><td>栏目<td>{article}</table>")
    assert not grids(content)
    assert len(texts(content)) == 10


def test_preformatted_text_is_read_as_text_files_are() -> None:
    content = read("<p>报告</p><pre>\n规章 0 5\n甲 | 1 | 2\n乙 | 3 | 4\n</pre>")
    assert texts(content) == ["报告", "规章", "0", "5"]
    assert table("<p>报告</p><pre>甲 | 1 | 2\n乙 | 3 | 4</pre>") == [
        ["甲", "1", "2"],
        ["乙", "3", "4"],
    ]


def test_markdown_with_tables_in_html_keeps_its_lines() -> None:
    content = read(
        "# 报告\n\n一、总体\n文字\n<table><tr><td>规章</td><td>0</td></tr></table>\n落款"
    )
    assert texts(content) == ["报告", "一、总体", "文字", "落款"]


def test_what_a_page_declares() -> None:
    content = read(
        """<!-- saved from url=(0030)http://www.example.cn/old.html -->
        <html><head><title>某局2023年报告-某市政府</title>
        <meta name="ArticleTitle" content="某局2023年报告"><meta name=PubDate content="2024-01-17">
        <META NAME="ContentSource" CONTENT=" 某局 "><link rel="canonical"
        href="http://www.example.cn/a.html"></head><body><h1>某市政府</h1><p>文</p>"""
    )
    assert content.declared == {
        "title": "某局2023年报告",
        "issued": "2024-01-17",
        "publisher": "某局",
        "address": "http://www.example.cn/a.html",
    }
    headed = read("<title>某局报告 - 某网</title><h1>某网</h1><h1>某局报告</h1><p>文</p>")
    assert headed.declared == {"title": "某局报告"}
    saved = read("<!-- saved from url=(0030)http://www.example.cn/old.html -->\n<p>文</p>")
    assert saved.declared == {"address": "http://www.example.cn/old.html"}


def test_a_report_within_a_script() -> None:
    inside = '<table border=\\"1\\"><tr><td>规章<\\/td><td>5<\\/td><\\/tr><\\/table>'
    for page in (
        f'var title = "某局报告"; var page = "{inside}";',
        inside + '<p class=\\"a\\">某局报告<\\/p>',
        json.dumps(
            {"title": "某局报告", "content": "<table><tr><td>规章</td><td>5</td></tr></table>"}
        ),
        "<div id=app></div><script>x('某局报告', '<table><tr><td>规章<td>5</table>')</script>",
    ):
        content = read(page)
        assert shown(grids(content)[0]) == [["规章", "5"]], page
        assert texts(content) == ["某局报告"], page
        assert "script" in content.notes[-1]["en"]


def test_a_saved_page() -> None:
    page = "<html><body><p>报告</p><table><tr><td>规章<td>0</table>".encode("gb18030")
    saved = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        b'\ttype="text/html"; boundary="--B"\r\n\r\n----B\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: 8bit\r\nContent-Location: http://www.example.cn/a.html\r\n"
        b"\r\n" + page + b"\r\n----B\r\nContent-Type: image/png\r\n\r\nx\r\n----B--\r\n"
    )
    content = read_mhtml(saved, DEFAULT_LIMITS)
    assert texts(content) == ["报告"] and shown(grids(content)[0]) == [["规章", "0"]]
    assert content.declared == {"address": "http://www.example.cn/a.html"}
    with pytest.raises(UnreadableSource, match="holds none"):
        read_mhtml(saved.replace(b"text/html\r\n", b"text/plain\r\n"), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><body><div id=app></div><script src=a.js></script></body></html>", "no text"),
        ("<html><body><embed src='/files/2023年报告.pdf'></body></html>", "2023年报告.pdf"),
        ("<html><body><!-- nothing --></body></html>", "no text"),
    ],
)
def test_a_page_without_text_is_refused(page: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    with pytest.raises(UnreadableSource) as refused:
        read_document(path)
    assert message in str(refused.value)


def test_links_to_files_on_a_page_without_tables_are_told_of() -> None:
    content = read("<p>报告见附件</p><a href='P02024.docx?v=1'>附件</a>")
    assert "P02024.docx" in content.notes[0]["zh"]


def test_hidden_tables_are_told_of() -> None:
    content = read("<p>一</p><div style='display:none'><table><tr><td>1<td>2</table></div>")
    assert texts(content) == ["一"] and not grids(content)
    assert "hidden" in content.notes[0]["en"]


# --- broken and hostile pages ---------------------------------------------------------------------


def bomb(kind: str) -> str:
    return {
        "nested divs": "<div>" * 100_000,
        "nested tables": "<table><tr><td>" * 100_000,
        "nested spans": "<span>" * 100_000 + "x",
        "nested unknown": "<q>" * 1_000 + "x",
        "columns": "<table>" + "<tr>" + "<td colspan=1000>x" * 1_000 + "</table>",
        "rows of columns": "<table>" + "<tr><td colspan=1000>x<td>y" * 1_000 + "</table>",
        "many cells": "<table>" + "<tr>" + "<td>x" * 3_000,
        "many blocks": "<p>x" * 3_000,
        "many empty elements": "<wbr>" * 1_000_000,
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "nested divs",
        "nested tables",
        "nested spans",
        "nested unknown",
        "columns",
        "rows of columns",
        "many cells",
        "many blocks",
        "many empty elements",
    ],
)
def test_bombs_are_refused(kind: str) -> None:
    with pytest.raises(UnreadableSource, match=r"200 deep|more than 2000 cells"):
        read(bomb(kind), Limits(most_cells=2_000))


def test_a_rowspan_of_millions_ends_with_its_table() -> None:
    assert table("<table><tr><td rowspan=99999999>a<td>b<tr><td>c</table>") == [
        ["a", "b"],
        ["a", "c"],
    ]


def test_limits_are_those_given() -> None:
    page = "<div><div><div><table><tr><td>a<td>b<tr><td>c<td>d</table></div></div></div>"
    assert grids(read(page, Limits(most_depth=9, most_cells=8)))
    for limits in (Limits(most_depth=5), Limits(most_cells=3)):
        with pytest.raises(UnreadableSource):
            read(page, limits)


def test_a_large_page_of_garbage() -> None:
    garbage = bytes(range(1, 256)) * 4_000
    try:
        assert read(b"<p>" + garbage).items
    except UnreadableSource as refused:
        assert str(refused)


SEED = (
    "<html><head><title>报告</title></head><body><div class=nav><a href='/'>首页</a></div>"
    "<h1>2019年报告</h1><p>一、总体情况</p><table border=1><tbody><tr><td rowspan=2>信息内容</td>"
    "<td colspan='2'>数量</td></tr><tr><td><p>制作</p></td><td>公开<br>数</td></tr><tr>"
    "<td>规章</td><td>5</td><td>&nbsp;</td></tr></tbody></table><pre>a | b\nc | 1</pre>"
    "<!-- x --></body></html>"
)


def seeds() -> list[bytes]:
    real = [path.read_bytes() for path in pages() if path.stem in ("report_nested", "dirty")]
    return [SEED.encode(), SEED.encode("gb18030"), *real]


@settings(max_examples=examples(200))
@given(data=st.data())
def test_a_spoiled_page_is_read_or_refused(data: st.DataObject) -> None:
    page = bytearray(data.draw(st.sampled_from(seeds())))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(page) - 1, 0)))
        length = data.draw(st.integers(0, 400))
        spoil = data.draw(st.sampled_from(["cut", "flip", "duplicate", "insert", "end"]))
        if spoil == "cut":
            del page[at : at + length]
        elif spoil == "flip" and page:
            page[at] ^= data.draw(st.integers(1, 255))
        elif spoil == "duplicate":
            page[at:at] = page[at : at + length]
        elif spoil == "insert":
            page[at:at] = data.draw(
                st.sampled_from([b"<table>", b"</td>", b"<", b'"', b"<!--", b"\0", b"<pre>", b"\\"])
            )
        else:
            del page[at:]
    try:
        content = read(bytes(page))
    except UnreadableSource as refused:
        assert str(refused)
        return
    for grid in grids(content):
        assert {len(row) for row in grid.rows} == {grid.width}


@settings(max_examples=examples(150))
@given(
    rows=st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_no_cell_is_ever_lost_or_moved_to_another_row(rows: list[list[tuple[int, int]]]) -> None:
    """Whatever the spans say: each cell begins in its own row, in the order of its row."""
    page = "".join(
        "<tr>"
        + "".join(
            f"<td rowspan={down} colspan={across}>{i}.{j}</td>"
            for j, (down, across) in enumerate(row)
        )
        for i, row in enumerate(rows)
    )
    content = read(f"<p>x</p><table>{page}<tr><td>end<td>end</table>")
    (grid,) = grids(content)
    for i, row in enumerate(rows):
        cells = {id(cell): cell for cell in grid.distinct(i)}.values()
        begin = [cell.text for cell in cells if cell.place.row == i + 1]
        assert begin == [f"{i}.{j}" for j in range(len(row))]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>甲</p></body></html><p>乙</p><table><tr><td>1</td><td>2</td></tr></table>",
        "<html><body><div><p>甲</p></BODY ></HTML><p>乙</p></div>"
        "<table><tr><td>1</td><td>2</td></tr></table></body></html>",
        "<html><body><p>甲</p></body></html>"
        "<html><body><p>乙</p><table><tr><td>1</td><td>2</td></tr></table></body></html>",
        "<table><tr><td><p>甲</p></body></html><p>乙</p></td></tr></table>"
        "<table><tr><td>1</td><td>2</td></tr></table>",
    ],
)
def test_what_stands_behind_the_end_of_a_page_is_read(page: str) -> None:
    """A page pasted into another brings its end with it; browsers show what follows."""
    content = read(page)
    assert texts(content) == ["甲", "乙"]
    (grid,) = grids(content)
    assert shown(grid) == [["1", "2"]]
