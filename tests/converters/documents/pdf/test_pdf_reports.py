"""PDF reports, real and converted."""

import itertools
import json
from functools import cache

import pytest

from gongkai.converters.documents.model import Content, Grid
from gongkai.converters.labels import fold_label
from helpers.commands import ORIGINAL
from helpers.pdf_documents import blocks, doubtful, grids, read

CORPUS = ORIGINAL.parents[2]


def corpus(name: str) -> bytes:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"no corpus at {CORPUS}: tested on made PDFs alone")
    return path.read_bytes()


@cache
def read_corpus(name: str) -> Content:
    return read(corpus(name))


FORMATS = [
    (f"{kind}{form}", expected)
    for kind, expected in (("report", "expected.json"), ("dense", "expected_dense.json"))
    for form in ("", "_onepage", "_chromium")
]


@pytest.mark.parametrize(("name", "expected"), FORMATS)
def test_every_number_of_a_converted_report_stands_in_its_row_and_column(
    name: str, expected: str
) -> None:
    content = read_corpus(f"formats/{name}.pdf")
    truth = json.loads(corpus(f"formats/{expected}"))
    second, third, fourth = grids(content)
    assert not doubtful(content)

    wanted = truth["table3_applications"]["rows"]
    rows = value_rows(third, 3)
    assert third.width == 10
    assert [numbers for _, numbers in rows] == [row["values"] for row in wanted]
    for (label, _), row in zip(rows, wanted, strict=True):
        # The labels of one file were broken off by the page, or garbled at the source.
        assert fold_label(label)[:6] == fold_label(row["path"][-1])[:6]

    assert value_rows(fourth, 0)[-1][1] == truth["table4_review_litigation"]["values"]
    assert fourth.width == 15

    stated = {
        label: numbers
        for block in truth["table2_proactive"]
        for label, numbers in block["rows"].items()
    }
    found = {fold_label(label): numbers for label, numbers in value_rows(second, 1)}
    for label, numbers in stated.items():
        assert found[fold_label(label)] == numbers


def value_rows(grid: Grid, first: int) -> list[tuple[str, list[int]]]:
    """The rows with numbers from column ``first`` on: the last label, and the numbers."""
    rows = []
    for row in grid.rows:
        values = [cell for cell, _ in itertools.groupby(row[first:])]
        if all(cell and cell.text.isdigit() for cell in values):
            label = row[first - 1] if first else None
            rows.append((label.text if label else "", [int(c.text) for c in values if c]))
    return rows


def test_hongze() -> None:
    """A report written with WPS: shaded paragraphs, tables two and three over page breaks."""
    content = read_corpus("cn/reports/js-huaian-hongze-2023.pdf")
    truth = json.loads(corpus("cn/expected.json"))["reports"]["js-huaian-hongze-2023"]
    second, third, fourth = grids(content)
    assert not doubtful(content)
    assert [numbers for _, numbers in value_rows(third, 3)] == list(truth["t3"].values())
    assert value_rows(fourth, 0)[-1][1] == truth["t4"]
    rows = {row[0].text: [c.text for c in row[1:] if c] for row in second.rows if row[0]}
    assert rows["规章"] == ["0", "0", "0"] and rows["行政规范性文件"] == ["0", "5", "5"]
    assert [rows[label][0] for label in ("行政许可", "行政处罚", "行政强制", "行政事业性收费")] == [
        "550",
        "4119",
        "195",
        "7730.28",
    ]
    assert {cell.place.page for row in third.rows for cell in row if cell} == {3, 4}
    assert third.rows[5][0] is third.rows[16][0]
    said = blocks(content)
    assert {"一、总体情况", "六、其他需要报告的事项"} <= set(said)
    assert not any("- 3 -" in text or text.startswith("国政府信息") for text in said)
