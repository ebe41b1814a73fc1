"""What a page shows is what is read: style sheets, fields, order; or the cell is in doubt."""

import io
import shutil
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from gongkai.converters.documents.encoding import decode
from gongkai.converters.documents.html.mhtml import read_mhtml
from gongkai.converters.documents.html.reader import read_html
from gongkai.converters.documents.limits import DEFAULT_LIMITS
from gongkai.converters.documents.model import Content, Grid, GridCell
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.numbers import read_cell
from helpers.commands import ORIGINAL
from helpers.profiles import examples
from helpers.shown_cells import KINDS, Kind

TYPED = "<!DOCTYPE html><html><head><meta charset=utf-8>"
HIDE = ".h{display:none}"
DIGIT = "<span class=h>9</span>2001"
CORPUS = ORIGINAL.parent.parent.parent


def page(css: str, cell: str, head: str = "", kind: str = TYPED) -> str:
    return (
        f"{kind}{head}<style>{css}</style></head><body><p>报告</p><table border=1>"
        f"<tr><td>规章</td><td>{cell}</td><td>7</td></tr></table></body></html>"
    )


def grid(content: Content) -> Grid:
    (found,) = [item for item in content.items if isinstance(item, Grid)]
    return found


def cell_of(text: str) -> GridCell:
    """The second cell of the one row of a page."""
    cell = grid(read_html(text.encode(), DEFAULT_LIMITS)).rows[0][1]
    assert cell is not None
    return cell


def number(cell: GridCell) -> str | None:
    """The number that the forms would read in a cell, None where they read none."""
    reading = read_cell(cell.text, "document")
    return None if cell.doubt or reading.value is None else str(reading.value)


def notes(text: str) -> str:
    content = read_html(text.encode(), DEFAULT_LIMITS)
    return " ".join(note["en"] for note in content.notes)


# --- one cell, shown in many ways -----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_seen_is_read_or_in_doubt(kind: Kind) -> None:
    cell = cell_of(page(kind.css, kind.cell))
    assert number(cell) in (kind.seen, None)
    if cell.doubt:
        assert len(cell.readings) > 1 or "picture" in cell.doubt["en"]
    if kind.seen is not None and cell.doubt and kind.cell != "":
        assert kind.seen in cell.readings


@pytest.mark.parametrize(
    "name",
    [
        *("class none", "id none", "important", "order", "invalid dropped", "media both", "layer"),
        *("visibility", "opacity 0", "size 0", "white", "transparent", "off left", "sr-only"),
        *("select", "input", "var", "nesting", "hidden attr", "inline block", "math", "shy"),
    ],
)
def test_what_is_certain_is_read(name: str) -> None:
    (kind,) = [kind for kind in KINDS if kind.name == name]
    assert number(cell_of(page(kind.css, kind.cell))) == kind.seen


HIDING = [
    "display:none",
    "visibility:hidden",
    "opacity:0",
    "font-size:0",
    "color:#fff",
    "color:transparent",
    "position:absolute;left:-9999px",
    "display:inline-block;transform:scale(0)",
    "text-decoration:line-through",
    "vertical-align:super",
    "opacity:.1",
    "font-size:1px",
    "filter:blur(4px)",
]
WAYS = [
    ("{}", "class=h", ".h"),
    ("{}", "id=h", "#h"),
    ("@media all{{{}}}", "class='k h'", "td .h.k"),
    ("@supports (color:red){{{}}}", "class=h", "tr>td>.h"),
    ("@layer x{{{}}}", "data-a=h", "[data-a=h]"),
    ("@media print{{{}}}", "class=h", "span.h"),
    ("@media screen{{{}}}", "class=h", "body .h:first-child"),
]


@settings(max_examples=examples(120))
@given(
    seen=st.integers(1, 99999).map(str),
    hidden=st.integers(0, 99).map(str),
    at=st.integers(0, 5),
    hiding=st.sampled_from(HIDING),
    way=st.sampled_from(WAYS),
    inline=st.booleans(),
)
def test_a_number_put_out_of_sight_is_never_part_of_a_value(
    seen: str, hidden: str, at: int, hiding: str, way: tuple[str, str, str], inline: bool
) -> None:
    wrap, attributes, selector = way
    css = "" if inline else wrap.format(f"{selector}{{{hiding}}}")
    if inline:
        attributes = f'style="{hiding}"'
    at = min(at, len(seen))
    text = f"{seen[:at]}<span {attributes}>{hidden}</span>{seen[at:]}"
    assert number(cell_of(page(css, text))) in (seen, None)


# --- rows and cells that are left out -------------------------------------------------------------


def shown(rows: str, css: str = HIDE) -> list[list[str | None]]:
    text = f"{TYPED}<style>{css}</style><body><p>x</p><table>{rows}</table>"
    found = grid(read_html(text.encode(), DEFAULT_LIMITS))
    return [[None if cell is None else cell.text for cell in row] for row in found.rows]


def test_rows_and_cells_that_are_not_displayed_leave_no_hole() -> None:
    rows = "<tr><td rowspan=2>甲<td>1<td>2<tr class=h><td>8<td>9<tr><td>3<td>4"
    assert shown(rows) == [["甲", "1", "2"], ["甲", "3", "4"]]
    assert shown("<tr><td>甲<td hidden>7<td>1<tr><td>乙<td>2") == [["甲", "1"], ["乙", "2"]]
    assert shown("<tr><td>甲<td class=h>7<td>1<tr><td>乙<td>2") == [["甲", "1"], ["乙", "2"]]


def test_cells_that_are_not_visible_keep_their_place() -> None:
    rows = "<tr><td>甲<td class=h>7<td>1"
    assert shown(rows, ".h{visibility:hidden}") == [["甲", "", "1"]]
    assert shown(rows, ".h{opacity:0}") == [["甲", "", "1"]]


@pytest.mark.parametrize(
    ("hidden", "back"),
    [
        ("visibility:hidden", "visibility:visible"),
        ("color:#fff", "color:#000"),
        ("font-size:0", "font-size:20px"),
    ],
)
def test_what_holds_for_a_row_holds_for_its_cells(hidden: str, back: str) -> None:
    css = f".r{{{hidden}}}.h{{{back}}}"
    rows = "<tr><td>甲<td>1<tr class=r><td>乙<td>9<b class=h>2001</b>"
    assert shown(rows, css) == [["甲", "1"], ["", "2001"]]


def test_a_row_that_is_collapsed_keeps_its_place() -> None:
    rows = "<tr><td rowspan=2>甲<td>1<tr style='visibility:collapse'><td>9<tr><td>乙<td>2"
    assert shown(rows) == [["甲", "1"], ["甲", ""], ["乙", "2"]]


def test_what_was_left_out_is_told() -> None:
    assert "“9”" in notes(page(HIDE, DIGIT))
    assert "“旧 163”" in notes(
        f"{TYPED}<style>{HIDE}</style><p>x<table><tr><td>甲<td>1<tr class=h><td>旧<td>163</table>"
    )
    hidden = page("table{display:none}", "5") + "<p>x"
    assert "hidden tables" in notes(hidden)


def test_tables_that_a_script_may_show_are_in_doubt_and_not_gone() -> None:
    text = page("body{opacity:0}", "2001", head="<script>x()</script>")
    cell = cell_of(text)
    assert cell.doubt and "2001" in cell.readings


def test_what_is_hidden_outside_of_tables_is_no_text() -> None:
    text = f"{TYPED}<style>.nav{{display:none}}</style><p class=nav>首页</p><p>报告</p>"
    (block,) = read_html(text.encode(), DEFAULT_LIMITS).items
    assert not isinstance(block, Grid) and block.text == "报告"


@pytest.mark.parametrize(
    ("css", "block", "wanted"),
    [
        (HIDE, DIGIT, "2001"),
        (".h{opacity:.1}", DIGIT, "2001 或 92001"),
        ("@media print{.h{display:none}}", DIGIT, "2001 或 92001"),
        ("", "2001<sup>9</sup>", "2001 或 20019"),
        ("", "<s>12</s>13", "13 或 1213"),
    ],
)
def test_a_value_in_a_block_of_its_own_is_no_number_where_it_is_in_doubt(
    css: str, block: str, wanted: str
) -> None:
    text = f"{TYPED}<style>{css}</style><p>x</p><div>规章</div><div>{block}</div>"
    items = read_html(text.encode(), DEFAULT_LIMITS).items
    assert [item.text for item in items if not isinstance(item, Grid)] == ["x", "规章", wanted]


def test_values_in_preformatted_lines() -> None:
    def blocks(css: str) -> list[str]:
        text = f"{TYPED}<style>{css}</style><p>x</p><pre>\n规章 {DIGIT} 5\n</pre>"
        items = read_html(text.encode(), DEFAULT_LIMITS).items
        return [item.text for item in items if not isinstance(item, Grid)]

    assert blocks(HIDE) == ["x", "规章", "2001", "5"]
    assert not {"2001", "92001"} & set(blocks(".h{opacity:.1}"))


def test_without_a_document_type_tables_do_not_take_the_type_around_them() -> None:
    wrapped = '<div style="color:#fff;font-size:0">{}</div>'
    inside = "<table><tr><td>规章<td>2001<td>7</table>"
    assert number(cell_of("<p>x</p>" + wrapped.format(inside))) == "2001"
    (block,) = read_html(
        (TYPED + "<p>报告</p>" + wrapped.format(inside)).encode(), DEFAULT_LIMITS
    ).items[:1]
    assert not isinstance(block, Grid)
    assert number(cell_of(page(".H{display:none}", DIGIT, kind="<html><head>"))) == "2001"


def test_background_of_cell_row_table_and_page() -> None:
    for marked in ("td", "tr", "table", "body"):
        css = f"{marked}{{background:#036}} .h{{color:#003366}} td{{color:#fff}}"
        assert number(cell_of(page(css, DIGIT))) in ("2001", None), marked
    by_attribute = (
        "<p>x</p><table bgcolor=#cccccc><tr><td>规章<td>"
        "<font color=#cccccc>9</font>2001<td>7</table>"
    )
    assert number(cell_of(by_attribute)) == "2001"
    headed = page("td{background:#036;color:#fff}", "2001")
    assert number(cell_of(headed)) == "2001"
    pictured = page("td{background:url(x.png);color:#fff}", "2001")
    assert number(cell_of(pictured)) is None
    assert number(cell_of(page("td{background:url(x.png)}", "2001"))) == "2001"


# --- style sheets that are elsewhere --------------------------------------------------------------

LINK = "<link rel=stylesheet href=a.css>"


def test_a_sheet_that_is_missing_matters_only_where_it_may_part_a_number() -> None:
    whole = page("", "<span class=a>2001</span>", LINK)
    assert number(cell_of(whole)) == "2001" and not notes(whole)
    split_reports = page("", DIGIT, LINK)
    assert cell_of(split_reports).readings == ("2001", "92001")
    assert "style sheets that are not in the file" in notes(split_reports)
    assert number(cell_of(page("", DIGIT))) == "92001"
    assert number(cell_of(page("", DIGIT, "<link rel='alternate stylesheet' href=a.css>")))


def saved(css: str, href: str) -> bytes:
    """A page saved with a style sheet."""
    text = page("", DIGIT, f"<link rel=stylesheet href='{href}'>").encode()
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
    parts = [
        b"Content-Type: text/html\r\nContent-Location: http://a.example/b/c.html\r\n\r\n" + text,
        b"Content-Type: text/css\r\nContent-ID: <s@x>\r\nContent-Location: "
        b"http://a.example/b/a.css\r\n\r\n" + css.encode(),
    ]
    return head + b"".join(b"--B\r\n" + part + b"\r\n" for part in parts) + b"--B--\r\n"


@pytest.mark.parametrize("href", ["a.css", "http://a.example/b/a.css", "cid:s@x"])
def test_sheets_saved_with_the_page_count(href: str) -> None:
    for css, wanted in ((HIDE, "2001"), (".h{color:red}", "92001")):
        cell = grid(read_mhtml(saved(css, href), DEFAULT_LIMITS)).rows[0][1]
        assert cell is not None and number(cell) == wanted
    other = grid(read_mhtml(saved(HIDE, "other.css"), DEFAULT_LIMITS)).rows[0][1]
    assert other is not None and other.doubt


def test_a_sheet_in_an_address() -> None:
    linked = "<link rel=stylesheet href='data:text/css,.h%7Bdisplay:none%7D'>"
    assert number(cell_of(page("", DIGIT, linked))) == "2001"


# --- hostile style sheets -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "css",
    [
        ".x{color:red}" * 60_000,
        ",".join([".h"] * 3_000) + HIDE,
        ":not(" * 500 + "a" + ")" * 500 + "{display:none}",
        "{" * 20_000,
        ".h{display:" + "(" * 20_000,
        ".h{font-size:" + "calc(" * 500 + "0px" + ")" * 500 + "}",
        ".h{" * 200 + "display:none" + "}" * 200,
        ".h{&& &&{" * 8 + "display:none" + "}" * 16,
        ":root{--a0:1px;" + "".join(f"--a{i + 1}:var(--a{i}) var(--a{i});" for i in range(40)) + "}"
        ".h{font-size:var(--a40)}",
        ":root{--a:var(--b);--b:var(--a)}.h{display:var(--a)}",
        "@import 'x.css';" * 200,
        "@media " + ",".join(["(min-width:1px)"] * 2_000) + "{.h{display:none}}",
        ":has(:has(:has(:has(:has(span))))){display:none}",
        "".join(chr(i) for i in range(33, 3_000) if chr(i) not in "<&") * 5,
        "\\",
        "@layer{.h{display:none}} @layer ;@import;@media;@supports;",
        ".h{color:rgb(1 2;background:var();font-size:1e99999px;opacity:calc(1/0);clip:rect(}",
    ],
    ids=range(17),
)
def test_a_hostile_sheet_is_read_in_part_and_told_of(css: str) -> None:
    cell = cell_of(page(css, DIGIT))
    assert number(cell) in ("2001", "92001", None)


def test_where_a_bound_is_met_what_it_touches_is_in_doubt() -> None:
    large = page(".x{color:red}" * 60_000 + HIDE, DIGIT)
    assert cell_of(large).readings == ("2001", "92001")
    assert "larger than any report needs" in notes(large)


@settings(max_examples=examples(60))
@given(data=st.data())
def test_a_spoiled_sheet_does_no_harm(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    css = list(kind.css)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(css)))
        css[at : at + data.draw(st.integers(0, 3))] = data.draw(st.text("{}()[]:;,.#@!&*\\'\"-1a"))
    try:
        assert cell_of(page("".join(css).replace("</", ""), kind.cell)).text is not None
    except UnreadableSource as refused:
        assert str(refused)
    except ValueError:
        pass  # the spoiled sheet hides the table: there is no grid


# --- other things in cells ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        ("<s>12</s>13", ("13", "1213")),
        ("13<sup>1</sup>", ("13", "131")),
        ("<s>１２</s>13", ("13", "１２13")),
        ("<input value=2001 size=2>", ("", "2001")),
        ("<select multiple><option>1<option>2</select>", ("", "1 2")),
    ],
)
def test_both_texts_are_given(cell: str, readings: tuple[str, ...]) -> None:
    found = cell_of(page("", cell))
    assert number(found) is None
    assert not found.doubt or found.readings == readings


def test_a_picture_beside_a_number_is_doubt_and_beside_words_is_not() -> None:
    assert "picture" in cell_of(page("", "<img src=1.png>2001")).doubt["en"]
    assert not cell_of(page("", "<img src=1.png>规章和制度")).doubt
    assert not cell_of(page("", "<img src=1.png style='display:none'>2001")).doubt
    assert "picture" in cell_of(page("", "<canvas></canvas>")).doubt["en"]


def test_the_body_of_a_label_is_never_in_doubt() -> None:
    label = page("", "3.危及<span style='opacity:.1'>“三</span>安全一稳定”")
    assert not cell_of(label).doubt


# --- broken bytes ---------------------------------------------------------------------------------


def test_a_broken_byte_in_gb18030_is_told_of_and_the_rest_is_read() -> None:
    text = ("政府信息公开工作年度报告，本年度共收到申请若干件，均已办理。" * 9).encode("gb18030")
    decoded = decode(b'<meta content="' + text[:21] + b'">' + text)
    assert decoded.encoding == "gb18030" and decoded.text.count("\ufffd") == 1
    assert "1 place" in decoded.notes[0]["en"]
    with pytest.raises(UnreadableSource):
        decode(bytes(range(128, 256)) * 40)


# --- ordinary pages -------------------------------------------------------------------------------


USUAL = [
    "td{padding:0 5px;font:9pt/1.5 SimSun;color:#333;border:1px solid #000;vertical-align:middle}",
    "table{display:block;overflow-x:auto}td{position:relative;word-break:break-all}",
    "table{table-layout:fixed}td{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}",
    "tr:nth-child(even){background:#f5f5f5}td:hover{background:#ffc}a{color:#06c}",
    "th{background:#036;color:#fff}.nav{display:none}h1{color:#fff;background:url(b.png)}",
    "@media print{.nav{display:none}a:after{content:' (' attr(href) ')'}*{color:#000!important}}",
    "@media (max-width:700px){td{display:block}td:before{content:attr(data-a);float:left}}",
    "td{color:var(--text);background:var(--paper)}",
    "p.MsoNormal{margin:0 -5.25pt 0 -5.25pt;text-indent:0;letter-spacing:-.3pt;text-align:center}",
    "@font-face{font-family:icon;src:url(data:font/woff;base64,AA)}.icon{font-family:icon}",
    ".clearfix:after{content:'';display:table;clear:both}.sr{position:absolute;left:-9999px}",
]


@pytest.mark.parametrize("css", [*USUAL, "".join(USUAL)], ids=range(len(USUAL) + 1))
@pytest.mark.parametrize(
    "cell",
    [
        "2001",
        "<p class=MsoNormal><span class=a lang=EN-US style='font-size:10.5pt'>2001</span></p>",
        "<p class=MsoNormal style='margin-left:-5.25pt'><b><i>20</i></b><span>01</span></p>",
        "<div class=clearfix style='float:left;position:relative;top:1px'>2001</div>",
        "<span style='position:relative;top:1.0pt;mso-text-raise:-1.0pt'>2001</span><o:p></o:p>",
    ],
)
def test_usual_style_sheets_leave_no_doubt(css: str, cell: str) -> None:
    assert number(cell_of(page(css, cell))) == "2001"


@pytest.mark.skipif(not CORPUS.exists(), reason=f"the corpus is not at {CORPUS}")
def test_nothing_of_ordinary_pages_is_in_doubt() -> None:
    for path in sorted([*CORPUS.glob("formats/*.html"), *CORPUS.glob("cn/reports/*.html")]):
        content = read_html(path.read_bytes(), DEFAULT_LIMITS)
        grids = [item for item in content.items if isinstance(item, Grid)]
        cells = [cell for each in grids for row in each.rows for cell in row if cell]
        assert cells and not any(cell.doubt for cell in cells), path.name


# --- the same, in a browser -----------------------------------------------------------------------

CHROMIUM = shutil.which("chromium")
HIGH, WIDE = 48, 240
STYLE = "body{margin:4px;font:20px monospace}td{padding:0}table{border-spacing:0}"


def _framed(cells: list[tuple[str, str]]) -> str:
    return "".join(
        f'<iframe style="position:absolute;border:0;left:0;top:{i * HIGH}px" width=1280 '
        f'height={HIGH} srcdoc="{escape(_alone(css, cell))}"></iframe>'
        for i, (css, cell) in enumerate(cells)
    )


def _alone(css: str, cell: str) -> str:
    # In one typeface, whatever fonts the machine has for formulas and bold print.
    one = "math,b{font-family:inherit;font-weight:inherit}"
    return f"{TYPED}<style>{one}{STYLE}{css}</style></head><body><table><tr><td>{cell}</table>"


def _ink(image: Image.Image, row: int) -> Image.Image | None:
    """What is printed in a frame, cut to its edges."""
    frame = image.crop((0, row * HIGH, WIDE, (row + 1) * HIGH))
    dark = frame.point(lambda value: 255 if value < 150 else 0)
    box = dark.getbbox()
    return frame.crop(box) if box else None


def _alike(one: Image.Image | None, other: Image.Image | None) -> bool:
    if one is None or other is None:
        return one is other
    if abs(one.width - other.width) > 2 or abs(one.height - other.height) > 2:
        return False
    difference = ImageChops.difference(one, other.resize(one.size))
    return ImageStat.Stat(difference).mean[0] < 40


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium (Debian: chromium)")
def test_a_browser_shows_what_is_read() -> None:
    from playwright.sync_api import sync_playwright

    compared = [
        (kind, value)
        for kind in KINDS
        if kind.compared and (value := number(cell_of(page(kind.css, kind.cell)))) is not None
    ]
    assert len(compared) > 60
    as_written = [(kind.css, kind.cell) for kind, _ in compared]
    values = sorted({value for _, value in compared})
    plain = [("", value) for value in values]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": HIGH * len(compared)})
        shots = []
        for cells in (as_written, plain):
            view.set_content(_framed(cells))
            shots.append(Image.open(io.BytesIO(view.screenshot())).convert("L"))
        browser.close()
    differing = [
        kind.name
        for row, (kind, value) in enumerate(compared)
        if not _alike(_ink(shots[0], row), _ink(shots[1], values.index(value)))
    ]
    assert not differing
