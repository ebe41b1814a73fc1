"""Tables that stand in lines: all in one, or their headings apart from the line of values."""

import html
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import Cell, CellState, Report
from helpers.drawn_reports import AFTER, BEFORE, CUBES, HEADINGS, Box, Drawn, Rows, draw
from helpers.office_files import docx, paragraph, run, workbook
from helpers.official_grids import Key
from helpers.profiles import SHARED_FIXTURES, examples

Layout = Callable[[Rows], list[list[str]]]
"""How a table stands in lines: for each line its words, with gaps between them."""


def words(row: list[Box], values: bool) -> list[str]:
    return [box.text for box in row if box.text and (box.key is not None) == values]


def in_one_line(rows: Rows) -> list[list[str]]:
    return [[box.text for row in rows for box in row if box.text]]


def row_by_row(rows: Rows) -> list[list[str]]:
    return [words(row, values) for row in rows for values in (False, True) if words(row, values)]


def label_by_label(rows: Rows) -> list[list[str]]:
    lines: list[list[str]] = []
    for row in rows:
        lines += [[label] for label in words(row, values=False)]
        lines += [words(row, values=True)] if words(row, values=True) else []
    return lines


def heads_before_their_headings(rows: Rows) -> list[list[str]]:
    """The table of disputes in one line, each head with the headings under it."""
    texts = [box.text for row in rows for box in row]
    first, second, *rest = texts
    leaves = rest[:7]
    results, (direct, after) = leaves[:5], leaves[5:]
    heads = [first, *results, second, direct, *results, after, *results]
    return [[*heads, *words(rows[-1], values=True)]]


LAYOUTS: tuple[Layout, ...] = (in_one_line, row_by_row, label_by_label)


def as_text(lines: list[list[str]], sign: str) -> str:
    return "\n".join(sign.join(line) for line in lines)


def text_report(drawn: Drawn, cube: str, lines: list[list[str]], sign: str) -> bytes:
    parts = list(BEFORE)
    for other in CUBES:
        rows = [[box.text for box in row if box.text] for row in drawn.tables[other]]
        shown = as_text(lines, sign) if other == cube else as_text(rows, "\n")
        parts += [HEADINGS[other], shown]
    return "\n".join([*parts, *AFTER]).encode()


def page(drawn: Drawn, cube: str, lines: list[list[str]], parting: str) -> bytes:
    parts = [f"<p>{text}</p>" for text in BEFORE]
    for other in CUBES:
        parts.append(f"<p>{HEADINGS[other]}</p>")
        if other != cube:
            parts.append(f"<table>{''.join(map(page_row, drawn.tables[other]))}</table>")
            continue
        texts = [html.escape("\u3000".join(line)) for line in lines]
        if parting == "br":
            parts.append(f"<div>{'<br>'.join(texts)}</div>")
        elif parting == "row":
            rows = ["".join(f"<td>{word}</td>" for word in line) for line in lines]
            parts += [f"<table><tr>{row}</tr></table>" for row in rows]
        elif parting == "column":
            cells = [f"<tr><td>{word}</td></tr>" for line in lines for word in line]
            parts.append(f"<table>{''.join(cells)}</table>")
        else:
            parts += [f"<p>{text}</p>" for text in texts]
    parts += [f"<p>{text}</p>" for text in AFTER]
    return f"<html><body>{''.join(parts)}</body></html>".encode()


def page_row(row: list[Box]) -> str:
    cells = [f'<td rowspan="{b.height}" colspan="{b.width}">{b.text}</td>' for b in row]
    return f"<tr>{''.join(cells)}</tr>"


def word_report(drawn: Drawn, cube: str, lines: list[list[str]]) -> bytes:
    body = [paragraph(text) for text in BEFORE]
    for other in CUBES:
        body.append(paragraph(HEADINGS[other]))
        if other == cube:
            gap = "<w:r><w:tab/></w:r>"
            body += [paragraph(gap.join(map(run_of, line))) for line in lines]
        else:
            texts = [box.text for row in drawn.tables[other] for box in row if box.text]
            body += map(paragraph, texts)
    return docx("".join([*body, *map(paragraph, AFTER)]))


def run_of(word: str) -> str:
    return word if word.startswith("<") else run(word)


def sheet_report(drawn: Drawn, cube: str, lines: list[list[str]]) -> bytes:
    """A sheet with blank rows around one table alone, which stands in one column."""

    def fill(sheet: Worksheet) -> None:
        for text in BEFORE:
            sheet.append([text])
        for other in CUBES:
            sheet.append([HEADINGS[other]])
            if other == cube:
                sheet.append([])
                for word in (word for line in lines for word in line):
                    sheet.append([int(word) if word.isdigit() else word])
                sheet.append([])
            else:
                put_table(sheet, drawn.tables[other])
        for text in AFTER:
            sheet.append([text])

    return workbook(fill)


def put_table(sheet: Worksheet, rows: Rows) -> None:
    """A table below what the sheet holds, its cells merged as they are printed."""
    top = sheet.max_row + 1
    taken: set[tuple[int, int]] = set()
    for i, row in enumerate(rows, start=top):
        column = 1
        for box in row:
            while (i, column) in taken:
                column += 1
            sheet.cell(i, column, int(box.text) if box.key else box.text)
            end, last = i + box.height - 1, column + box.width - 1
            taken |= {(r, c) for r in range(i, end + 1) for c in range(column, last + 1)}
            sheet.merge_cells(start_row=i, start_column=column, end_row=end, end_column=last)


FORMATS: dict[str, tuple[str, Callable[[Drawn, str, list[list[str]]], bytes]]] = {
    "spaces": ("report.txt", partial(text_report, sign=" ")),
    "tabs": ("report.md", partial(text_report, sign="\t")),
    "paragraphs": ("report.html", partial(page, parting="p")),
    "broken lines": ("report.html", partial(page, parting="br")),
    "tables of one row": ("report.html", partial(page, parting="row")),
    "a table of one column": ("report.html", partial(page, parting="column")),
    "Word": ("report.docx", word_report),
    "a column of a sheet": ("report.xlsx", sheet_report),
}


def recognised(folder: Path, kind: str, drawn: Drawn, cube: str, lines: list[list[str]]) -> Report:
    name, write = FORMATS[kind]
    path = folder / name
    path.write_bytes(write(drawn, cube, lines))
    return recognise(read_document(path))


def cells_of(report: Report) -> dict[Key, Cell]:
    return {(table.cube, frozenset(cell.codes.items())): cell for table, cell in report.cells()}


def assert_right(report: Report, drawn: Drawn) -> None:
    cells = cells_of(report)
    for key, value in drawn.values.items():
        cell = cells[key]
        assert (cell.state, str(cell.value)) == (CellState.READ, value), (key, cell.reason)
    assert len(cells) == len(drawn.values)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("cube", CUBES)
def test_a_table_in_lines_is_read(tmp_path: Path, layout: Layout, kind: str, cube: str) -> None:
    for form in ("2019", "2021"):
        drawn = draw(Random(form + kind), form)
        report = recognised(tmp_path, kind, drawn, cube, layout(drawn.tables[cube]))
        assert_right(report, drawn)


@pytest.mark.parametrize("kind", FORMATS)
def test_heads_may_stand_before_their_own_headings(tmp_path: Path, kind: str) -> None:
    drawn = draw(Random(kind), "2021")
    lines = heads_before_their_headings(drawn.tables["disputes"])
    assert_right(recognised(tmp_path, kind, drawn, "disputes", lines), drawn)


@settings(
    max_examples=examples(40),
    suppress_health_check=SHARED_FIXTURES,
)
@given(
    seed=st.integers(0, 10**6),
    cube=st.sampled_from(CUBES),
    layout=st.sampled_from(LAYOUTS),
    kind=st.sampled_from(sorted(FORMATS)),
    lost=st.booleans(),
)
def test_with_a_value_too_few_or_too_many_no_other_number_is_read(
    tmp_path: Path, seed: int, cube: str, layout: Layout, kind: str, lost: bool
) -> None:
    random = Random(seed)
    drawn = draw(random, random.choice(("2019", "2021")))
    places = [
        (i, j) for i, row in enumerate(drawn.tables[cube]) for j, b in enumerate(row) if b.key
    ]
    i, j = random.choice(places)
    rows = [list(row) for row in drawn.tables[cube]]
    changed = rows[i][j]
    more = Box(str(random.randint(1, 99)), key=changed.key)
    rows[i][j : j + 1] = [] if lost else random.choice(([changed, more], [more, changed]))
    cells = cells_of(recognised(tmp_path, kind, drawn, cube, layout(rows)))
    for key, cell in cells.items():
        if cell.state is CellState.READ:
            assert str(cell.value) == drawn.values[key], (key, cell)
    assert changed.key is not None
    row_mates = [box.key for box in rows[i] if box.key is not None]
    assert all(cells[key].state is not CellState.READ for key in row_mates if key in cells)
    told = cells.get(changed.key)
    assert told is None or "not in the source" not in told.reason["en"], told


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_missing_is_told_as_it_is(tmp_path: Path, kind: str) -> None:
    drawn = draw(Random(kind), "2021")
    rows = [*drawn.tables["disputes"][:-1], drawn.tables["disputes"][-1][:-1]]
    for layout in LAYOUTS:
        cells = cells_of(recognised(tmp_path, kind, drawn, "disputes", layout(rows)))
        reasons = {cell.reason["en"] for key, cell in cells.items() if key[0] == "disputes"}
        (reason,) = reasons
        assert "14 values" in reason and "15 columns" in reason


DOUBTS = ("<w:strike/>", '<w:sz w:val="8"/>', '<w:vertAlign w:val="superscript"/>')


@pytest.mark.parametrize("properties", DOUBTS)
@pytest.mark.parametrize("layout", [*LAYOUTS, lambda rows: [[b.text] for r in rows for b in r]])
def test_a_digit_in_doubt_in_a_line_of_word_is_no_part_of_a_number(
    tmp_path: Path, layout: Layout, properties: str
) -> None:
    drawn = draw(Random(properties), "2021")
    rows = drawn.tables["disputes"]
    lines = [[run(word) for word in line] for line in layout(rows)]
    spot = rows[-1][4]
    of_value = [word for line in lines for word in line].count(run(spot.text))
    assert of_value == 1
    lines = [[run("9", properties) * (w == run(spot.text)) + w for w in line] for line in lines]
    path = tmp_path / "report.docx"
    path.write_bytes(word_report(drawn, "disputes", lines))
    cells = cells_of(recognise(read_document(path)))
    assert spot.key is not None and cells[spot.key].state is CellState.UNREAD
    assert all(
        cell.value is None or str(cell.value) == drawn.values[k] for k, cell in cells.items()
    )


IN_A_PAGE = (
    "<s>9</s>",
    "<sup>9</sup>",
    '<span style="font-size:5px">9</span>',
    '<span style="opacity:0.1">9</span>',
    '<span style="position:relative;top:-5px">9</span>',
    '<bdo dir="rtl">96</bdo>',
    '<span class="screen">9</span>',
    '<span class="before"></span>',
)


@pytest.mark.parametrize("digit", IN_A_PAGE)
@pytest.mark.parametrize("layout", [in_one_line, row_by_row])
@pytest.mark.parametrize("parting", ["p", "br"])
def test_a_digit_in_doubt_in_a_line_of_a_page_is_no_part_of_a_number(
    tmp_path: Path, layout: Layout, parting: str, digit: str
) -> None:
    drawn = draw(Random(digit), "2021")
    rows = drawn.tables["disputes"]
    spot = rows[-1][4]
    written = page(drawn, "disputes", layout(rows), parting).decode()
    before, after = written.rsplit(f"\u3000{spot.text}\u3000", 1)
    sheet = "<style>@media print{.screen{display:none}} .before:before{content:'9'}</style>"
    path = tmp_path / "page.html"
    path.write_text(f"{sheet}{before}\u3000{digit}{spot.text}\u3000{after}", encoding="utf-8")
    cells = cells_of(recognise(read_document(path)))
    assert spot.key is not None and cells[spot.key].state is CellState.UNREAD
    read = {key: str(cell.value) for key, cell in cells.items() if cell.value is not None}
    assert read.items() <= drawn.values.items()


def test_values_of_a_line_in_dress_of_their_own_are_read(tmp_path: Path) -> None:
    drawn = draw(Random(5), "2021")
    lines = row_by_row(drawn.tables["disputes"])
    sizes = (10, 16)
    lines[-1] = [
        f'<span class="a{i}" style="font-size:{sizes[i % 2]}px">{word}</span>'
        for i, word in enumerate(lines[-1])
    ]
    path = tmp_path / "page.html"
    path.write_text(html.unescape(page(drawn, "disputes", lines, "p").decode()), encoding="utf-8")
    assert_right(recognise(read_document(path)), drawn)


def one_by_one(rows: Rows) -> list[list[str]]:
    return [[box.text] for row in rows for box in row]


def litigation_first(rows: Rows) -> Rows:
    """The table of disputes with what is under 行政诉讼 before what is under 行政复议."""
    heads, second, third, values = rows
    return [heads[::-1], [*second[5:], *second[:5]], third, [*values[5:], *values[:5]]]


def later_proceedings_first(rows: Rows) -> Rows:
    heads, second, third, values = rows
    return [heads, [*second[:5], *second[:4:-1]], third, [*values[:5], *values[10:], *values[5:10]]]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("turned", [litigation_first, later_proceedings_first])
def test_the_same_headings_under_heads_in_another_order_are_not_told_by_order(
    tmp_path: Path, turned: Callable[[Rows], Rows], kind: str
) -> None:
    drawn = draw(Random(kind), "2021")
    rows = turned(drawn.tables["disputes"])
    for layout in (*LAYOUTS, one_by_one):
        cells = cells_of(recognised(tmp_path, kind, drawn, "disputes", layout(rows)))
        told = {key: cell for key, cell in cells.items() if key[0] == "disputes"}
        assert len(told) == 15
        assert all(cell.state is CellState.UNREAD for cell in told.values())
        values = {str(value) for key, value in drawn.values.items() if key[0] == "disputes"}
        assert {text for cell in told.values() for text in cell.readings} == values
        (reason,) = {cell.reason["en"] for cell in told.values()}
        assert "order" in reason
