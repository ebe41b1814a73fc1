"""gongkai check of files that are RDF already: reports that were converted, changed, or hostile."""

import random
import re
from itertools import permutations
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from rdflib import RDF, Dataset, Graph

from gongkai.ontology import DEFAULT_BASE
from gongkai.shapes.checker import RuleEngine, check
from helpers.broken_reports import PLANTED, checked, converted, found_in, planted, two_years, unread
from helpers.commands import ROOT, SAMPLE, gongkai

WELL_FORMED = ROOT / "tests" / "well_formed"
ELSEWHERE = "https://data.example.org/open/"
SUFFIXES = {"nt": "nt", "trig": "trig", "jsonld": "json-ld", "rdf": "xml", "TTL": "turtle"}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with planted errors, as the Turtle that ``convert`` writes."""
    folder = tmp_path_factory.mktemp("planted")
    return converted(planted(folder / "broken.txt"), folder / "out")


@pytest.fixture(scope="module")
def of_document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is found in the document itself."""
    (report,) = checked(planted(tmp_path_factory.mktemp("text") / "broken.txt"))["reports"]
    found: dict[str, Any] = report
    return found


def same(report: dict[str, Any], other: dict[str, Any]) -> None:
    """The verdicts on a graph and on its document are the same."""
    wanted = ("report", "body", "year", "complete", "conforms", "rules", "quality", "findings")
    for member in wanted:
        assert report[member] == other[member], member


def test_a_converted_report_is_checked_like_its_document(
    graph: Path, of_document: dict[str, Any]
) -> None:
    (report,) = checked(graph)["reports"]
    same(report, of_document)
    assert (report["certainty"], report["media_type"]) == ("stated-in-rdf", None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_syntax_is_read(
    graph: Path, of_document: dict[str, Any], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"report.{suffix}"
    Dataset(default_union=True).parse(graph).serialize(
        path, format=SUFFIXES[suffix], encoding="utf-8"
    )
    same(checked(path)["reports"][0], of_document)


def test_n_quads_are_read_graph_by_graph(of_document: dict[str, Any], tmp_path: Path) -> None:
    first = converted(planted(tmp_path / "a.txt"), tmp_path / "a", "--format", "nquads")
    second = converted(planted(tmp_path / "b.txt", 2021), tmp_path / "b", "--format", "nquads")
    other = "<http://e/s> <http://e/p> <http://e/o> <http://e/g> .\n"
    both = tmp_path / "both.nq"
    both.write_text(first.read_text("utf-8") + other + second.read_text("utf-8"), encoding="utf-8")
    reports = checked(both)["reports"]
    assert [report["year"] for report in reports] == [2019, 2021]
    same(reports[0], of_document)
    assert found_in(reports[1]) == PLANTED


def test_reports_in_one_graph_are_told_apart_and_compared(
    tmp_path: Path, of_document: dict[str, Any]
) -> None:
    first, second = two_years(tmp_path)
    merged = Graph()
    for number, path in enumerate((second, planted(first), unread(tmp_path / "u.txt"))):
        year = ("2020", "2019", "2018")[number]
        if path.name == "u.txt":
            text = path.read_text("utf-8").replace("2019年", "2018年")
            path.write_text(text, encoding="utf-8")
        merged.parse(converted(path, tmp_path / year))
    merged.serialize(tmp_path / "merged.ttl")
    reports = checked(tmp_path / "merged.ttl")["reports"]
    assert [report["year"] for report in reports] == [2018, 2019, 2020]
    assert [f["rule"] for f in reports[0]["findings"]] == ["complete"]
    assert reports[0]["complete"] is False
    assert found_in(reports[1]) == PLANTED and reports[1]["complete"] is True
    assert reports[1]["findings"] == of_document["findings"]
    assert {f["rule"] for f in reports[2]["findings"]} == {"carry-over"}


def test_nothing_goes_unchecked_between_two_reports(tmp_path: Path) -> None:
    """An observation that no table has is found, wherever it is counted."""
    first, second = two_years(tmp_path)
    merged = Graph()
    for path in (first, second):
        merged.parse(converted(path, tmp_path / path.stem))
    merged.parse(
        data="<http://e/lost> a <http://purl.org/linked-data/cube#Observation> .", format="turtle"
    )
    merged.serialize(tmp_path / "merged.ttl")
    reports = checked(tmp_path / "merged.ttl")["reports"]
    assert [report["year"] for report in reports] == [2019, 2020]
    lost = [f for report in reports for f in report["findings"] if f["cell"] == "http://e/lost"]
    assert {finding["rule"] for finding in lost} == {"observation"}


def test_rdf_and_documents_are_compared_from_year_to_year(tmp_path: Path) -> None:
    first, second = two_years(tmp_path)
    for files in (
        (converted(first, tmp_path / "1"), second),
        (converted(second, tmp_path / "2"), first),
    ):
        reports = checked(*files)["reports"]
        found = {f["rule"] for report in reports for f in report["findings"]}
        assert found == {"carry-over"}


def test_a_report_under_another_base_is_checked_under_that(
    tmp_path: Path, of_document: dict[str, Any]
) -> None:
    path = converted(planted(tmp_path / "a.txt"), tmp_path / "out", "--base", ELSEWHERE)
    (report,) = checked(path)["reports"]
    assert report["report"] == f"{ELSEWHERE}id/report/mohrss/2019"
    assert found_in(report) == PLANTED and report["rules"] == of_document["rules"]
    assert found_in(checked(path, "--base", ELSEWHERE)["reports"][0]) == PLANTED
    other = gongkai("check", path, "--base", "http://example.net/")
    assert other.exit_code == 2 and f"under {ELSEWHERE}, not under" in other.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<http://e/a> <http://e/b> <http://e/c> .", "no report in this file"),
        ("<x> a <http://e/def#Report> .", "no name that reports have"),
        ("<http://e/x> a <urn:def#Report> .", "is not an http"),
        ("<id/report/a/2019> a <http://e/def#Report> .", "no name that reports have"),
    ],
)
def test_rdf_without_a_report_is_not_said_to_be_in_order(
    content: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(content, encoding="utf-8")
    result = gongkai("check", path)
    assert result.exit_code == 2 and said in result.stderr and "fault" not in result.stderr
    assert "hold" not in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ttl", "\n\n<a> <b> ", "line 3"),
        ("b.ttl", "\x00\x01", "line 1"),
        ("c.jsonld", "{" * 5000, "JSON-LD"),
        ("d.jsonld", '[{"@id": "http://e/a",\n "http://e/b": [{]}]', "line 2"),
        ("e.jsonld", '{"@context": "http://127.0.0.1:1/c", "a": "b"}', "not fetched"),
        ("f.rdf", "<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>", "RDF/XML"),
        ("g.rdf", "<a>\n<b>\n</a>", "line 3"),
        ("h.nq", "<http://e/a> <http://e/b> 'c' .\n" + "x" * 1000, "line 1"),
        ("i.ttl", "", "no triples"),
        ("j.trig", "@prefix : <http://e/> .\n:g {" + ":a :b :c . " * 5 + "{{{{", "line 2"),
        ("k.ttl", "<http://e/\x1b[31m> <b> <c> .", "line 1"),
        ("l.nt", '<http://e/a> <http://e/b> "\\ud800" .', "line 1"),
    ],
)
def test_broken_rdf_is_an_error_with_its_line(
    name: str, content: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    result = gongkai("check", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(str(path)) and said in result.stderr, result.stderr
    assert "fault" not in result.stderr and "\x1b" not in result.output
    assert len(result.stderr.splitlines()) == 1 and len(result.stderr) < 600


def test_tables_without_a_report_are_checked_too() -> None:
    folder = ROOT / "tests" / "examples" / "disputes-total"
    right, wrong = checked(folder / "valid.ttl", folder / "invalid.ttl")["reports"]
    assert right["conforms"] is True and right["report"] is None
    (finding,) = wrong["findings"]
    assert (finding["rule"], finding["expected"], finding["found"]) == ("disputes-total", "4", "3")
    output = gongkai("check", folder / "invalid.ttl").stdout
    assert "tables without a report, 1 violation" in output
    turtle = gongkai("check", folder / "invalid.ttl", "--format", "turtle").stdout
    assert "left out: there is no report" in turtle


@pytest.mark.parametrize("names", list(permutations(("invalid.ttl", "last-year.ttl"))))
def test_tables_without_a_report_are_compared_with_last_years(names: tuple[str, ...]) -> None:
    folder = ROOT / "tests" / "examples" / "carry-over"
    told = checked(*(folder / name for name in names))["reports"]
    assert {(report["body"], report["year"]) for report in told if "year" in report} == {
        ("mohrss", 2018),
        ("mohrss", 2019),
    }
    found = [(report["report"], finding) for report in told for finding in report["findings"]]
    ((report, finding),) = found
    assert (report, finding["rule"]) == (None, "carry-over")
    assert (finding["expected"], finding["found"]) == ("3", "2")
    assert "http://localhost:8000/>" not in gongkai("check", *(folder / n for n in names)).stdout


def test_rdf_keeps_within_the_limits_of_files(graph: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.ttl"
    large.write_text("#" * 2 * 1024 * 1024, encoding="utf-8")
    result = gongkai("check", large, "--max-megabytes", 1)
    assert result.exit_code == 2 and "larger than 1 megabyte," in result.stderr
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    (tmp_path / "bomb.rdf").write_text(
        f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{bomb}]>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/a"><e:b>&e11;</e:b></rdf:Description></rdf:RDF>',
        encoding="utf-8",
    )
    assert gongkai("check", tmp_path / "bomb.rdf", "--max-seconds", 60).exit_code == 2
    assert gongkai("check", tmp_path / "none.ttl").exit_code == 2
    assert gongkai("check", tmp_path / "none.ttl").stderr.count("no such file") == 1


HOSTILE = (
    '"x\\u001B[31m"',
    '"9e999999999"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '"NaN"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    '"' + "9" * 6000 + '"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"1_0"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"１２"^^<http://www.w3.org/2001/XMLSchema#integer>',
    '"\\u0000\\u2028\\uFFFF"@zh-x-y',
    '"[bold]{expected}%s"@en',
    "_:blank",
    "<urn:x>",
    "<http://localhost:8000/id/report/mohrss/2019>",
    '""',
)


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_hostile_lines_are_no_fault(graph: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    lines = sorted(Graph().parse(graph).serialize(format="nt").splitlines())
    for _ in range(1000):
        number = chance.randrange(len(lines))
        match = re.fullmatch(r"(\S+) (\S+) (.*) \.", lines[number])
        if match is None or match[2].endswith("#type>"):
            continue
        lines[number] = f"{match[1]} {match[2]} {chance.choice(HOSTILE)} ."
        lines.append(f"{match[1]} {match[2]} {chance.choice(HOSTILE)} .")
    path = tmp_path / "hostile.nt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for output_format in ("table", "json", "sarif", "turtle"):
        result = gongkai("check", path, "--format", output_format)
        assert result.exit_code == 1, result.stderr
        assert "fault" not in result.stderr and "\x1b" not in result.output
    assert checked(path)["reports"][0]["rules"]["observation"]["outcome"] == "failed"
    # Not by rdflib, which writes out what 9e999999999 means.
    turtle = pyoxigraph.parse(result.stdout, format=pyoxigraph.RdfFormat.TURTLE)
    assert sum(1 for _ in turtle) > 100


@pytest.mark.parametrize("notation", ["9" * 6000, "２０１９", "2019.0", ""])
def test_a_year_that_is_none_is_no_fault(graph: Path, tmp_path: Path, notation: str) -> None:
    text = Graph().parse(graph).serialize(format="nt")
    changed = re.sub(r'(core#notation> )"2019"', rf'\1"{notation}"', text)
    assert changed != text
    path = tmp_path / "year.nt"
    path.write_text(changed, encoding="utf-8")
    assert checked(path)["reports"][0]["rules"]["observation"]["outcome"] == "passed"


def test_a_text_in_place_of_any_resource_is_found_alike_by_both_engines(graph: Path) -> None:
    """Every property that should lead to a resource, with a text in one place of each.

    And a text as the type of one resource of each type.
    """
    lines = Graph().parse(graph).serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    first_of: dict[bytes, tuple[bytes, bytes]] = {}
    for line in lines:
        subject, link, value = line.split(b" ", 2)
        if value.startswith(b"<"):
            kind = value if link == b"<%b>" % str(RDF.type).encode() else link
            first_of.setdefault(kind, (line, b'%b %b "a text" .\n' % (subject, link)))
    assert len(first_of) > 30
    changes = list(first_of.values())
    for batch in (changes[start::8] for start in range(8)):
        report = b"".join(lines)
        for line, changed in batch:
            report = report.replace(line, changed)
        setwise, reference = (check(report, DEFAULT_BASE, engine=engine) for engine in RuleEngine)
        assert setwise.findings == reference.findings, batch


# --- well-formed cubes -------------------------------------------------------------------------


def test_graphs_that_are_not_well_formed_are_told_their_constraints() -> None:
    paths = sorted(WELL_FORMED.glob("bad-ic-*.ttl"))
    result = gongkai("check", "--well-formed", *paths)
    assert result.exit_code == 1 and len(paths) > 20
    told = re.split(r"^(\S+): not well-formed\n", result.stdout, flags=re.M)[1:]
    assert told[::2] == [str(path) for path in paths]
    for path, said in zip(paths, told[1::2], strict=True):
        announced = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# breaks: ")
        assert re.findall(r"^  (IC-\d\d) ", said, re.M) == announced.split(", "), path


def test_good_graphs_and_reports_are_well_formed() -> None:
    paths = [*sorted(WELL_FORMED.glob("good*.ttl")), SAMPLE]
    result = gongkai("check", "--well-formed", *paths)
    assert result.exit_code == 0
    said = [f"{path}: well-formed: IC-0 to IC-21 hold" for path in paths]
    assert result.stdout.splitlines() == said


def test_well_formed_as_json(graph: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<", encoding="utf-8")
    document = checked("--well-formed", graph, WELL_FORMED / "bad-ic-08.ttl", tmp_path / "bad.ttl")
    good, bad, unreadable = document["graphs"]
    assert good == {
        "file": str(graph),
        "graph": None,
        "error": None,
        "well_formed": True,
        "broken": [],
    }
    assert bad["well_formed"] is False and bad["broken"][0]["id"] == "IC-08"
    assert bad["broken"][0]["name"] and "qb:SliceKey" in bad["broken"][0]["text"]
    assert unreadable["error"] and unreadable["well_formed"] is None
    assert document["exit_code"] == 2


def test_a_report_that_lost_a_dimension_is_not_well_formed(graph: Path, tmp_path: Path) -> None:
    text = graph.read_text(encoding="utf-8")
    path = tmp_path / "report.ttl"
    link = r"def:applicant <[^>]*applicant/total> ;\n\s*"
    path.write_text(re.sub(link, "", text, count=1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    result = gongkai("check", "--well-formed", path)
    assert "IC-11 All dimensions required" in result.stdout and result.exit_code == 1


def test_well_formed_knows_no_sarif() -> None:
    result = gongkai("check", "--well-formed", SAMPLE, "--format", "sarif")
    assert result.exit_code == 2 and "table and json" in result.stderr
