"""gongkai check and gongkai explain: what a person and what a program are told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE, ROOT, SAMPLE, gongkai
from rdflib import RDF, SH, Graph, URIRef
from rich.cells import cell_len

from gongkai.rules import rules

EXAMPLES = ROOT / "tests" / "examples"
WELL_FORMED = ROOT / "tests" / "well_formed"
FORMATS = ["table", "json", "sarif", "turtle"]


@pytest.fixture
def broken(lines: list[str], tmp_path: Path) -> Path:
    """The sample with one wrong number (line 107) and one wrong figure in its text."""
    lines[lines.index("（一）予以公开") + 1] = "134"
    lines[7] = lines[7].replace("不予公开的17件", "不予公开的19件")
    path = tmp_path / "broken.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def checked(*arguments: object) -> dict[str, Any]:
    result = gongkai("check", *arguments, "--format", "json")
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["exit_code"] == result.exit_code
    return document


def test_the_table_tells_rule_place_both_sides_and_equation(
    broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    output = gongkai("check", broken).stdout
    said = " ".join(output.split())
    assert all(cell_len(line) <= 80 for line in output.splitlines()[2:])
    for part in ("line 113", "365 366 +1", "134 + 2 + 0", "17 19 +2", "warning"):
        assert part in said, part
    assert "\x1b" not in output
    assert "a text file" in output


def test_the_table_speaks_chinese(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    output = gongkai("check", broken).stdout
    for part in ("规则", "位置", "应为", "印出", "相差", "违反", "警告", "第 113 行"):
        assert part in output


def test_json_tells_all_of_it_and_is_documented(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no report", encoding="utf-8")
    document = checked(broken, tmp_path / "none.txt", SAMPLE)
    first, second, third = document["reports"]
    assert first["report"] == f"{BASE}id/report/mohrss/2019"
    assert (first["conforms"], third["conforms"]) == (False, True)
    assert "no annual report" in second["error"]
    assert first["certainty"] == "text-of-unknown-making"
    assert first["rules"]["requests-outcomes"]["outcome"] == "failed"
    assert third["rules"]["requests-outcomes"] == {
        "outcome": "passed",
        "held": 7,
        "broken": 0,
        "not_assessable": 0,
    }
    found = {
        (f["rule"], f["severity"], f["place"]["line"], f["expected"], f["found"])
        for f in first["findings"]
    }
    assert found == {
        ("requests-outcomes", "Violation", 262, "365", "366"),
        ("requests-applicants", "Violation", 113, "136", "137"),
        ("narrative-withheld", "Warning", 8, "17", "19"),
    }
    documented = set(re.findall(r"`(\w+)`", (ROOT / "docs/check.md").read_text("utf-8")))
    members = {key for report in document["reports"] for key in report}
    members |= {key for finding in first["findings"] for key in finding} | set(document)
    assert members <= documented


def test_sarif_has_what_viewers_ask_for(broken: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_text("no report", encoding="utf-8")
    result = gongkai("check", broken, tmp_path / "none.txt", "--format", "sarif")
    log = json.loads(result.stdout)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "gongkai" and [r["id"] for r in driver["rules"]] == sorted(rules())
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["helpUri"] == f"{BASE}shapes#{rule['id']}"
    assert len(run["results"]) == 3
    for found in run["results"]:
        assert driver["rules"][found["ruleIndex"]]["id"] == found["ruleId"]
        assert found["level"] == ("warning" if "narrative" in found["ruleId"] else "error")
        (location,) = found["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == f"file://{broken}"
        assert physical["region"]["startLine"] in (8, 113, 262)
        assert found["message"]["text"] and found["partialFingerprints"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False and invocation["exitCode"] == 2
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_turtle_is_the_validation_reports(broken: Path) -> None:
    result = gongkai("check", broken, SAMPLE, "--format", "turtle")
    graph = Graph().parse(data=result.stdout, format="turtle")
    assert (None, RDF.type, SH.ValidationReport) in graph
    shapes = set(graph.objects(None, SH.sourceShape))
    assert URIRef(BASE + "shapes#requests-outcomes") in shapes


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_bears_nothing_and_bad_names(output_format: str, tmp_path: Path) -> None:
    bad = tmp_path / "odd\n名 \x07.txt"
    bad.write_text("no report", encoding="utf-8")
    result = gongkai("check", bad, "--format", output_format)
    assert result.exit_code == 2
    if output_format in ("json", "sarif"):
        json.loads(result.stdout)


@pytest.mark.parametrize("suffix", ["ttl", "nq"])
def test_a_converted_report_is_checked_like_its_document(
    broken: Path, tmp_path: Path, suffix: str
) -> None:
    kind = {"ttl": "turtle", "nq": "nquads"}[suffix]
    gongkai("convert", broken, "-o", tmp_path / "out", "--format", kind)
    (of_document,) = checked(broken)["reports"]
    (of_graph,) = checked(tmp_path / "out" / f"mohrss-2019.{suffix}")["reports"]
    for member in ("report", "conforms", "rules", "findings"):
        assert of_graph[member] == of_document[member]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", "<a> <b> "),
        ("b.ttl", "\x00\x01"),
        ("c.jsonld", "{" * 5000),
        ("d.rdf", "<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>"),
        ("e.nq", "x" * 1000),
        ("f.ttl", ""),
        ("g.trig", "@prefix : <http://e/> . :g {" + ":a :b :c . " * 5 + "{{{{"),
    ],
)
def test_broken_rdf_is_an_error_with_a_reason(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    result = gongkai("check", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(str(path)) and "Traceback" not in result.output


def test_the_base_of_a_graph_is_that_of_its_uris(broken: Path, tmp_path: Path) -> None:
    base = "https://example.org/open/"
    gongkai("convert", broken, "-o", tmp_path, "--base", base)
    (entry,) = checked(tmp_path / "mohrss-2019.ttl")["reports"]
    assert entry["report"] == f"{base}id/report/mohrss/2019"
    assert {finding["rule"] for finding in entry["findings"]} == {
        "requests-outcomes",
        "requests-applicants",
        "narrative-withheld",
    }


@pytest.mark.parametrize("content", ["<a> <b> <c> .", "<http://e/def#Report> a <http://e/x> ."])
def test_a_graph_without_a_report_does_not_conform(content: str, tmp_path: Path) -> None:
    path = tmp_path / "other.ttl"
    path.write_text(content, encoding="utf-8")
    result = gongkai("check", path)
    assert result.exit_code == 2 and "no report and no table" in result.stderr


def test_a_summary_counts_reports_and_rules(broken: Path) -> None:
    output = gongkai("check", broken, SAMPLE).stdout
    assert "2 reports: 1 in order, 1 with findings; 0 files unreadable" in output
    assert "requests-outcomes: 1" in output


def test_graphs_that_are_not_well_formed_are_told_their_constraints() -> None:
    paths = sorted(WELL_FORMED.glob("bad-ic-*.ttl"))
    result = gongkai("check", "--well-formed", *paths)
    assert result.exit_code == 1 and len(paths) > 20
    for path in paths:
        named = {f"IC-{number}" for number in re.findall(r"ic-(\d\d)", path.stem)}
        told = set(re.findall(rf"^{re.escape(str(path))}: (IC-\d\d) ", result.stdout, re.M))
        # Where a dimension is missing, observations often coincide too.
        assert named <= told and told - named <= {"IC-12"}, path


def test_good_graphs_and_reports_are_well_formed() -> None:
    paths = [*sorted(WELL_FORMED.glob("good*.ttl")), SAMPLE]
    result = gongkai("check", "--well-formed", *paths)
    assert result.exit_code == 0, result.output
    assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == list(map(str, paths))
    document = json.loads(gongkai("check", "--well-formed", *paths, "--format", "json").stdout)
    assert document["graphs"] == [
        {"file": str(path), "error": None, "broken": []} for path in paths
    ]


@pytest.mark.parametrize("language", ["en_GB.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("rule", sorted(rules()))
def test_every_rule_is_explained(rule: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    result = gongkai("explain", rule)
    assert result.exit_code == 0
    key = language[:2]
    known = rules()[rule]
    for label in (known.label, known.comment, known.examples):
        assert label[key] in result.output
    assert known.basis or rule in ("observation", "catalog")
    assert f"{BASE}shapes#{rule}" in result.output


def test_explain_lists_all_knows_constraints_and_helps_with_names() -> None:
    listed = gongkai("explain").output
    assert all(re.search(rf"^{rule} ", listed, re.M) for rule in (*rules(), "IC-00", "IC-21"))
    assert "Unique DataSet" in gongkai("explain", "ic-1").output
    wrong = gongkai("explain", "requests-balanse")
    assert wrong.exit_code == 2 and "requests-balance" in wrong.stderr
    assert gongkai("explain", "???").exit_code == 2
