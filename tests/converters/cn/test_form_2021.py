"""The form of 2021, typed by hand in the layout of one cell per line, every number different."""

import json
from pathlib import Path

import pytest

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.report import Report
from gongkai.ontology.structures import cubes
from helpers.commands import gongkai
from helpers.hand_made_2021 import ROWS, written

ONE_ROW = [row for row in ROWS if not (row[0] or "").startswith("other-")]
ONE_ROW = [
    ("other", label) if label == "（六）其他处理" else (key, label) for key, label in ONE_ROW
]


def read(lines: list[str], folder: Path) -> Report:
    path = folder / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return recognise(read_document(path))


@pytest.mark.parametrize(
    ("rows", "form", "cells"), [(ROWS, "2021", 200), (ONE_ROW, "2019", 186)], ids=["2021", "mixed"]
)
def test_every_number_is_in_its_cell(
    rows: list[tuple[str | None, str]], form: str, cells: int, tmp_path: Path
) -> None:
    """The second is met in real reports: the form of 2021 with （六）其他处理 as one row."""
    lines, values = written(rows)
    report = read(lines, tmp_path)
    found = {
        (table.cube, *(cell.codes[d.scheme] for d in cubes()[table.cube].dimensions)): cell.value
        for table, cell in report.cells()
    }
    assert found == values and len(found) == cells
    assert report.complete and report.body.key == "mca" and report.year == 2023
    forms = {table.cube: table.form.key for table in report.tables}
    assert (forms["disclosure"], forms["requests"]) == ("2021", form)
    fee = next(c for _, c in report.cells() if c.codes.get("indicator") == "charge-amount")
    assert fee.unit == "ten-thousand-yuan"


def test_the_rules_see_all_three_rows_of_other_handling(tmp_path: Path) -> None:
    """Numbers of 1000 and more add up nowhere: every total of tables 3 and 4 is found broken."""
    lines, _ = written(ROWS)
    path = tmp_path / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = gongkai("check", path, "--format", "json")
    assert result.exit_code == 1
    rules = [finding["rule"] for finding in json.loads(result.stdout)["reports"][0]["findings"]]
    assert {rule: rules.count(rule) for rule in rules} == {
        "requests-balance": 7,
        "requests-outcomes": 7,
        "requests-applicants": 25,
        "disputes-total": 3,
    }
