"""What is said of rows that are not read: hidden, somewhere in the source, or truly not in it."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import Cell, CellState
from helpers import office_files, seen_office
from helpers.drawn_reports import AFTER, BEFORE, CUBES, HEADINGS, Drawn, Rows, draw

HIDDEN = "the row is hidden in the source and was not read"
DRAWN = draw(Random(16), "2021")


def page_rows(rows: Rows) -> list[str]:
    return [
        "".join(
            f'<td rowspan="{b.height}" colspan="{b.width}">{html.escape(b.text)}</td>' for b in row
        )
        for row in rows
    ]


def page(changed: Callable[[str, int, str], str], around: Callable[[str, str], str]) -> str:
    """A page whose rows (table, number, cells) and tables (name, text) are changed."""
    parts = [f"<p>{text}</p>" for text in BEFORE]
    for cube in CUBES:
        rows = [changed(cube, i, row) for i, row in enumerate(page_rows(DRAWN.tables[cube]))]
        parts += [f"<p>{HEADINGS[cube]}</p>", around(cube, f"<table>{''.join(rows)}</table>")]
    style = "<style>.away{display:none} .unseen{visibility:hidden}</style>"
    return f"<html><head>{style}</head><body>{''.join(parts)}</body></html>"


def missing(path: Path) -> list[Cell]:
    """The cells that were not read; what was read is right."""
    found = []
    for table, cell in recognise(read_document(path)).cells():
        if cell.state is CellState.READ:
            assert str(cell.value) == DRAWN.values[table.cube, frozenset(cell.codes.items())]
        else:
            found.append(cell)
    return found


def same(cube: str, number: int, row: str) -> str:
    return f"<tr>{row}</tr>"


ROW = "<tr{}>{}</tr>".format
UNSEEN: dict[str, Callable[[str], str]] = {
    "not displayed": lambda row: ROW(' style="display:none"', row),
    "hidden": lambda row: ROW(" hidden", row),
    "collapsed": lambda row: ROW(' style="visibility:collapse"', row),
    "by class": lambda row: ROW(' class="away"', row),
    "unseen": lambda row: ROW(' class="unseen"', row),
    "clear": lambda row: ROW(' style="opacity:0"', row),
    "white": lambda row: ROW(' style="color:white"', row),
    "a group": lambda row: f'<tbody style="display:none">{ROW("", row)}</tbody>',
    "cells": lambda row: ROW("", row.replace("<td", '<td style="display:none"')),
}


@pytest.mark.parametrize("how", UNSEEN)
@pytest.mark.parametrize(
    ("cube", "label"),
    [
        ("disclosure", "行政规范性文件"),
        ("disclosure", "行政强制"),
        ("requests", "6.属于四类过程性信息"),
        ("requests", "四、结转下年度继续办理"),
        ("disputes", ""),
    ],
)
def test_a_row_that_a_page_does_not_show_is_told_as_hidden(
    tmp_path: Path, cube: str, label: str, how: str
) -> None:
    rows = DRAWN.tables[cube]
    number = next((i for i, row in enumerate(rows) if label and row[0].text == label), -1)
    number = number if label else len(rows) - 1

    def changed(its: str, i: int, row: str) -> str:
        return UNSEEN[how](row) if (its, i) == (cube, number) else same(its, i, row)

    path = tmp_path / "page.html"
    path.write_text(page(changed, lambda _, table: table), encoding="utf-8")
    cells = [cell for cell in missing(path) if cell.reason["en"] == HIDDEN]
    printed = sum(box.key is not None for box in rows[number])
    assert len(cells) == printed
    assert all(cell.state is CellState.ABSENT and not cell.readings for cell in cells)
    if not label.startswith("6."):  # cells that reach over rows reach over one more then
        assert len(missing(path)) == printed


@pytest.mark.parametrize("style", ["display:none", "visibility:hidden", "opacity:0"])
@pytest.mark.parametrize("cube", CUBES)
def test_a_table_that_a_page_does_not_show_is_told_as_hidden(
    tmp_path: Path, cube: str, style: str
) -> None:
    def around(its: str, table: str) -> str:
        return f'<div style="{style}">{table}</div>' if its == cube else table

    path = tmp_path / "page.html"
    path.write_text(page(same, around), encoding="utf-8")
    cells = missing(path)
    assert cells and {cell.reason["en"] for cell in cells} == {HIDDEN}


def test_a_row_that_is_not_in_the_page_is_said_to_be_missing(tmp_path: Path) -> None:
    def changed(cube: str, number: int, row: str) -> str:
        return "" if "行政规范性文件" in row else same(cube, number, row)

    path = tmp_path / "page.html"
    path.write_text(page(changed, lambda _, table: table), encoding="utf-8")
    assert {cell.reason["en"] for cell in missing(path)} == {"the row is not in the source"}


def test_a_table_of_hidden_rows_in_word_is_told_as_hidden(tmp_path: Path) -> None:
    document, _ = seen_office.word_document(DRAWN, Random(1), {})
    parts = office_files.unzipped(document)
    text = str(parts["word/document.xml"], "utf-8")  # type: ignore[arg-type]
    start = text.rindex("<w:tbl>")
    away = text[start:].replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")
    path = tmp_path / "report.docx"
    path.write_bytes(office_files.zipped(parts | {"word/document.xml": text[:start] + away}))
    assert {cell.reason["en"] for cell in missing(path)} == {HIDDEN}


def fill(sheet: Worksheet, drawn: Drawn, cube: str) -> None:
    """Put a table below what a sheet holds, without a blank row between."""
    sheet.append([HEADINGS[cube]])
    for row in drawn.tables[cube]:
        sheet.append([text for box in row for text in (box.text, *[None] * (box.width - 1))])


def test_rows_that_a_hidden_sheet_may_hold_are_not_said_to_be_missing(tmp_path: Path) -> None:
    book = Workbook()
    shown = book.active
    assert shown is not None
    for text in (*BEFORE, *AFTER):
        shown.append([text])
    fill(book.create_sheet("四"), DRAWN, "disputes")
    fill(book.create_sheet("二"), DRAWN, "disclosure")
    book["二"].sheet_state = "hidden"
    path = tmp_path / "book.xlsx"
    book.save(path)
    reasons = {c.reason["en"] for c in missing(path) if "proceeding" not in c.codes}
    assert reasons and all("sheet “二” is hidden" in reason for reason in reasons)


def test_a_label_that_stands_in_the_source_is_not_said_to_be_missing(tmp_path: Path) -> None:
    """Without a blank row between them tables of a sheet are one, and one row may hold a table."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for text in BEFORE:
        sheet.append([text])
    fill(sheet, DRAWN, "disclosure")
    sheet.append([HEADINGS["disputes"]])
    sheet.append([" ".join(b.text for row in DRAWN.tables["disputes"] for b in row)])
    path = tmp_path / "book.xlsx"
    book.save(path)
    told = {c.reason["en"] for c in missing(path) if "proceeding" in c.codes}
    (reason,) = told
    assert re.search("the label of the row stands in the source .sheet “Sheet”.*row", reason)
