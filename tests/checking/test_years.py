"""Reports on years that follow each other are compared, whichever of them comes first."""

import json
import re
from pathlib import Path

import pytest
from rdflib import Graph, URIRef

from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, SAMPLE, gongkai

LAST_YEARS_ITEMS = "行政许可"
FOUND = URIRef(BASE + "def#found")


@pytest.fixture
def two_years(tmp_path: Path) -> tuple[Path, Path]:
    """The sample, and a report on the next year that does not follow from it in two places."""
    text = SAMPLE.read_text(encoding="utf-8")
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text(text, encoding="utf-8")
    lines = text.replace("2019年", "2020年").splitlines()
    licensing = lines.index(LAST_YEARS_ITEMS)
    assert lines[licensing + 1] == "4"
    lines[licensing + 1] = "9"
    carried = next(i for i, line in enumerate(lines) if line.startswith("二、上年结转"))
    handled_next = next(i for i, line in enumerate(lines) if line.startswith("四、结转下年度"))
    for row in (carried, handled_next):
        assert lines[row + 1] == lines[row + 7] == "0"
        lines[row + 1] = lines[row + 7] = "3"
    second.write_text("\n".join(lines), encoding="utf-8")
    return first, second


EXPECTED = {
    ("carry-over", "0", "3", "自然人"),
    ("carry-over", "0", "3", "总计"),
    ("disclosure-stock", "4", "9", "上一年项目数量"),
}


def told(output: str) -> list[tuple[str, tuple[str, str, str, str]]]:
    """The findings in the JSON of a check: file, and rule, expected, found, column."""
    return [
        (
            report["file"],
            (
                finding["rule"],
                finding["expected"],
                finding["found"],
                finding["column"]["zh"].rpartition("› ")[2],
            ),
        )
        for report in json.loads(output)["reports"]
        for finding in report["findings"]
    ]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("engine", ["setwise", "pyshacl"])
def test_what_does_not_follow_is_told_in_either_order(
    two_years: tuple[Path, Path], turned: bool, engine: str
) -> None:
    first, second = two_years
    files = (second, first) if turned else (first, second)
    result = gongkai("check", *files, "--engine", engine, "--format", "json")
    assert result.exit_code == 1
    found = told(result.stdout)
    assert {finding for _, finding in found} == EXPECTED and len(found) == len(EXPECTED)
    assert {file for file, _ in found} == {str(second)}


def validation(store: Path, year: int) -> Graph:
    with writing(store, BASE) as writer:
        triples = writer.graph(f"{BASE}id/validation/mohrss/{year}")
    return Graph().parse(data=triples, format="nt")


@pytest.mark.parametrize("turned", [False, True])
def test_a_store_knows_in_either_order_and_forgets_what_is_mended(
    two_years: tuple[Path, Path], tmp_path: Path, turned: bool
) -> None:
    first, second = two_years
    store = tmp_path / "store"
    for path in (second, first) if turned else (first, second):
        gongkai("publish", path, "--store", store)
    found = validation(store, 2020)
    assert len(set(found.subjects(FOUND, None))) == 3
    root = URIRef(f"{BASE}id/validation/mohrss/2020")
    compared = URIRef(BASE + "def#comparedWith")
    assert (root, compared, URIRef(f"{BASE}id/report/mohrss/2019")) in found
    mended = SAMPLE.read_text(encoding="utf-8").splitlines()
    mended[mended.index(LAST_YEARS_ITEMS) + 2] = "5"
    first.write_text("\n".join(mended), encoding="utf-8")
    gongkai("publish", first, "--store", store)
    assert len(set(validation(store, 2020).subjects(FOUND, None))) == 2
    before = validation(store, 2020)
    assert gongkai("recheck", "--store", store).exit_code == 1
    assert set(validation(store, 2020)) == set(before)


def test_a_report_after_a_gap_is_not_compared(two_years: tuple[Path, Path]) -> None:
    first, second = two_years
    text = second.read_text(encoding="utf-8").replace("2020年", "2021年")
    second.write_text(text, encoding="utf-8")
    assert told(gongkai("check", first, second, "--format", "json").stdout) == []


def test_strict_refuses_violations_but_not_warnings(
    two_years: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = two_years
    store = tmp_path / "store"
    result = gongkai("publish", first, second, "--store", store, "--strict")
    assert "second.txt: not published" not in result.output
    text = second.read_text(encoding="utf-8").replace("\n376\n", "\n377\n", 1)
    second.write_text(text, encoding="utf-8")
    result = gongkai("publish", second, "--store", store, "--strict")
    assert result.exit_code == 1 and "second.txt: not published" in result.output


def test_one_query_tells_which_reports_of_a_year_break_which_rule(
    two_years: tuple[Path, Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    gongkai("publish", *two_years, "--store", store)
    readme = (SAMPLE.parent.parent / "README.md").read_text(encoding="utf-8")
    query = re.findall(r"```sparql\n(.*?)```", readme, re.DOTALL)[1].replace("2019", "2020")
    reader = EmbeddedReader(store)
    try:
        rows = reader.query(query, "csv").body.decode().splitlines()[1:]
    finally:
        reader.close()
    assert len(rows) == 3
    assert all("shapes#" in row and "#Warning" in row for row in rows)


def test_recheck_wants_a_store(tmp_path: Path) -> None:
    result = gongkai("recheck", "--store", tmp_path / "none")
    assert result.exit_code == 2 and "no published store" in result.output
