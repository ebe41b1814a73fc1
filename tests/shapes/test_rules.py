"""Each rule finds what breaks it, says where and by how much, and nothing else is found."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, Graph, Literal, URIRef

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.ontology import load_ontology
from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.graph import n_triples
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import Verdict, rule_labels
from gongkai.shapes.checker import check as check_triples
from gongkai.shapes.findings import Finding
from gongkai.shapes.reference import read_result
from gongkai.shapes.results import Result
from gongkai.shapes.setwise.engine import evaluate
from helpers import expected_mohrss_2019 as expected
from helpers.commands import BASE, SAMPLE
from helpers.profiles import NIGHTLY, SHARED_FIXTURES, examples

VALUE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
DEF = BASE + "def#"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return describe(recognise(read_document(SAMPLE)), BASE)


def check(graph: Graph, base: str = BASE) -> Verdict:
    return check_triples(n_triples(graph), base)


def validation(verdict: Verdict) -> Graph:
    return Graph().parse(data=verdict.validation, format="nt")


def planted(graph: Graph, cube: str, first: str, second: str, value: int) -> Graph:
    """A copy of the graph in which one observation has another value."""
    changed = Graph()
    changed += graph
    node = URIRef(f"{BASE}id/observation/{cube}/mohrss/2019/{first}/{second}")
    before = changed.value(node, VALUE)
    assert isinstance(before, Literal)
    changed.set((node, VALUE, Literal(value, datatype=before.datatype)))
    return changed


def broken(changed: Graph) -> set[tuple[str, str]]:
    """The rules found broken, with the last two codes of the cell at fault, or the claim."""
    return {
        (finding.rule, "/".join(finding.cell.split("/")[-2:]))
        for finding in check(changed, BASE).findings
    }


def test_the_sample_satisfies_every_rule(graph: Graph) -> None:
    verdict = check(graph, BASE)
    assert verdict.conforms and verdict.findings == ()
    report = URIRef(BASE + "id/validation/mohrss/2019")
    assert (report, SH.conforms, Literal(True)) in validation(verdict)


@pytest.mark.parametrize(
    ("cell", "rules"),
    [
        # One outcome of one column: its row, its column.
        (
            ("requests", "natural-person", "granted"),
            {
                ("requests-outcomes", "natural-person/handled"),
                ("requests-applicants", "total/granted"),
            },
        ),
        # A total of a row.
        (
            ("requests", "total", "withheld-process"),
            {
                ("requests-outcomes", "total/handled"),
                ("requests-applicants", "total/withheld-process"),
                ("narrative-withheld", "mohrss/2019#claim-6"),
            },
        ),
        # Received: the balance of its column, its row.
        (
            ("requests", "business", "received"),
            {
                ("requests-balance", "business/handled"),
                ("requests-applicants", "total/received"),
                ("narrative-received-organisations", "mohrss/2019#claim-3"),
            },
        ),
        # Handled: the balance, the outcomes of its column, its row.
        (
            ("requests", "business", "handled"),
            {
                ("requests-balance", "business/handled"),
                ("requests-outcomes", "business/handled"),
                ("requests-applicants", "total/handled"),
            },
        ),
        (
            ("requests", "research", "carried-out"),
            {
                ("requests-balance", "research/handled"),
                ("requests-applicants", "total/carried-out"),
            },
        ),
        (
            ("disputes", "litigation-direct", "corrected"),
            {("disputes-total", "litigation-direct/total")},
        ),
        (
            ("disputes", "reconsideration", "total"),
            {
                ("disputes-total", "reconsideration/total"),
                ("narrative-reconsiderations", "mohrss/2019#claim-9"),
            },
        ),
        # Nothing in table 2 adds up within one report.
        (("disclosure", "regulations", "made"), set()),
    ],
)
def test_a_wrong_cell_breaks_its_own_rules_and_no_others(
    graph: Graph, cell: tuple[str, str, str], rules: set[tuple[str, str]]
) -> None:
    assert broken(planted(graph, *cell, value=expected.VALUES[cell] + 5)) == rules


def rules_of(cell: tuple[str, str, str], value: int) -> set[tuple[str, str]]:
    """The rules that a wrong value of this cell must break, written anew by hand."""
    cube, first, second = cell
    found = claims_on(cell)
    if cube == "disputes":
        return {("disputes-total", f"{first}/total")} | found
    if cube == "disclosure":
        numbers = expected.VALUES | {cell: value}
        new, public = (cube, first, "newly-public"), (cube, first, "public-total")
        if cell in (new, public) and numbers[public] < numbers[new]:
            found.add(("disclosure-consistency", f"{first}/public-total"))
        return found
    found.add(("requests-applicants", f"total/{second}"))
    if second in ("received", "carried-in", "handled", "carried-out"):
        found.add(("requests-balance", f"{first}/handled"))
    if second not in ("received", "carried-in", "carried-out"):
        found.add(("requests-outcomes", f"{first}/handled"))
    return found


def claims_on(cell: tuple[str, str, str]) -> set[tuple[str, str]]:
    """The figures of the sample's text that speak of a cell, in the order of the text."""
    cube, first, second = cell
    told: dict[str, bool] = {
        "received": (first, second) == ("total", "received"),
        "received-natural-person": (first, second) == ("natural-person", "received"),
        "received-organisations": second == "received" and first not in ("total", "natural-person"),
        "granted": (first, second) == ("total", "granted"),
        "partly-granted": (first, second) == ("total", "partly-granted"),
        "withheld": first == "total" and second.startswith("withheld-"),
        "unavailable": first == "total" and second.startswith("unavailable-"),
        "not-processed": first == "total" and second.startswith("not-processed-"),
        "reconsiderations": (first, second) == ("reconsideration", "total"),
        "litigation": first.startswith("litigation-") and second == "total",
    }
    return {
        (f"narrative-{kind}", f"mohrss/2019#claim-{number}")
        for number, (kind, speaks) in enumerate(told.items(), start=1)
        if speaks and cube != "disclosure"
    }


@settings(max_examples=examples(25), suppress_health_check=SHARED_FIXTURES)
@given(
    cell=st.sampled_from(sorted(expected.VALUES)),
    value=st.integers(min_value=0, max_value=10**6),
)
def test_any_planted_error_is_found_by_its_rules_alone(
    graph: Graph, cell: tuple[str, str, str], value: int
) -> None:
    changed = broken(planted(graph, *cell, value=value))
    assert changed == (rules_of(cell, value) if value != expected.VALUES[cell] else set())


def test_a_finding_names_rule_table_row_column_and_both_numbers(graph: Graph) -> None:
    findings = check(planted(graph, "requests", "natural-person", "granted", 134), BASE).findings
    column, row = sorted(findings, key=lambda finding: finding.rule, reverse=True)
    assert isinstance(column, Finding)
    assert (column.rule, column.severity, column.table) == (
        "requests-outcomes",
        "Violation",
        "requests",
    )
    assert column.row["zh"] == "（七）总计" and column.column["zh"] == "自然人"
    assert (column.expected, column.found) == ("365", "366")
    assert column.place is not None and column.place.line == 262
    for text in (
        "收到和处理政府信息公开申请情况",
        "自然人",
        "办理结果总计",
        "366",
        "365",
        "相差 1",
    ):
        assert text in column.message["zh"]
    for text in ("natural persons", "outcomes, total", "366", "365"):
        assert text in column.message["en"]
    assert (row.expected, row.found) == ("136", "137")
    assert row.row["zh"] == "（一）予以公开" and row.column["zh"] == "总计"


def test_the_validation_report_is_shacl_with_names_and_numbers(graph: Graph) -> None:
    verdict = check(planted(graph, "disputes", "reconsideration", "total", 13), BASE)
    root = URIRef(BASE + "id/validation/mohrss/2019")
    result = URIRef(f"{root}#result-1")
    assert (root, SH.conforms, Literal(False)) in validation(verdict)
    assert (root, SH.result, result) in validation(verdict)
    assert (result, SH.sourceShape, URIRef(BASE + "shapes#disputes-total")) in validation(verdict)
    assert (result, URIRef(DEF + "expected"), Literal(12)) in validation(verdict)
    assert (result, URIRef(DEF + "found"), Literal(13)) in validation(verdict)
    languages = {m.language for m in validation(verdict).objects(result, SH.resultMessage)}  # type: ignore[attr-defined]
    assert languages == {"zh", "en"}


@pytest.mark.parametrize(
    "cell", [("requests", "total", "handled"), ("requests", "total", "granted")]
)
def test_a_rule_over_an_unread_cell_is_not_assessed(
    lines: list[str], tmp_path: Path, cell: tuple[str, str, str]
) -> None:
    label = {"handled": "（七）总计", "granted": "（一）予以公开"}[cell[2]]
    lines[lines.index(label) + 7] = "3?6"
    path = tmp_path / "unread.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    findings = check(describe(recognise(read_document(path)), BASE), BASE).findings
    assert {(finding.rule, finding.severity) for finding in findings} == {("complete", "Warning")}


def test_the_one_row_of_other_handling_and_its_three_rows_both_add_up(graph: Graph) -> None:
    """（六）其他处理 is a row in one form and a head over three in the other."""
    three = Graph()
    three += graph
    for applicant in expected.APPLICANTS:
        stem = f"{BASE}id/observation/requests/mohrss/2019/{applicant}/"
        one = URIRef(stem + "other")
        for key in ("other-not-corrected", "other-fee-unpaid", "other-remaining"):
            new = URIRef(stem + key)
            for link, value in graph.predicate_objects(one):
                three.add((new, link, value))
            three.set((new, URIRef(DEF + "stage"), URIRef(f"{BASE}id/code/stage/{key}")))
            three.add((URIRef(BASE + "id/slice/requests/mohrss/2019"), QB_OBSERVATION, new))
        three.remove((one, None, None))
        three.remove((None, None, one))
    three.set(
        (
            URIRef(BASE + "id/slice/requests/mohrss/2019"),
            URIRef(DEF + "form"),
            URIRef(BASE + "id/form/2021"),
        )
    )
    assert broken(three) == set()
    wrong = URIRef(BASE + "id/observation/requests/mohrss/2019/total/other-remaining")
    three.set((wrong, VALUE, Literal(4)))
    assert broken(three) == {
        ("requests-outcomes", "total/handled"),
        ("requests-applicants", "total/other-remaining"),
    }


QB_OBSERVATION = URIRef("http://purl.org/linked-data/cube#observation")
NODE = f"{BASE}id/observation/requests/mohrss/2019/total/received"


@pytest.mark.parametrize(
    ("link", "value"),
    [
        (str(VALUE), None),
        (str(VALUE), Literal(-1)),
        (str(VALUE), Literal("376")),
        (str(VALUE), Literal(376.0)),
        (DEF + "applicant", None),
        (DEF + "stage", URIRef(BASE + "id/code/applicant/total")),
        (DEF + "stage", URIRef("http://example.org/no-code")),
        (DEF + "body", URIRef(BASE + "id/body/nobody")),
        (DEF + "body", None),
        ("http://purl.org/linked-data/cube#dataSet", None),
        ("http://purl.org/linked-data/cube#dataSet", URIRef(BASE + "id/cube/disputes")),
        ("http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure", None),
        ("http://purl.org/linked-data/sdmx/2009/attribute#obsStatus", None),
        ("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod", None),
    ],
)
def test_a_broken_observation_blocks(graph: Graph, link: str, value: object) -> None:
    changed = Graph()
    changed += graph
    changed.remove((URIRef(NODE), URIRef(link), None))
    if value is not None:
        changed.add((URIRef(NODE), URIRef(link), value))  # type: ignore[arg-type]
    findings = check(changed, BASE).findings
    assert "observation" in {finding.rule for finding in findings}
    assert any(finding.blocks for finding in findings)


def test_an_observation_outside_any_table_or_twice_in_one_cell_blocks(graph: Graph) -> None:
    outside = Graph()
    outside += graph
    outside.remove((None, QB_OBSERVATION, URIRef(NODE)))
    assert "observation" in {finding.rule for finding in check(outside, BASE).findings}
    twice = Graph()
    twice += graph
    copy = URIRef(NODE + "-again")
    for link, value in graph.predicate_objects(URIRef(NODE)):
        twice.add((copy, link, value))
    twice.add((URIRef(BASE + "id/slice/requests/mohrss/2019"), QB_OBSERVATION, copy))
    assert "observation" in {finding.rule for finding in check(twice, BASE).findings}


def test_an_observation_that_is_gone_without_a_word_is_missed(graph: Graph) -> None:
    gone = Graph()
    gone += graph
    node = URIRef(f"{BASE}id/observation/disputes/mohrss/2019/litigation-direct/pending")
    gone.remove((node, None, None))
    gone.remove((None, None, node))
    findings = check(gone, BASE).findings
    assert {(finding.rule, finding.severity) for finding in findings} == {("complete", "Violation")}
    assert findings[0].column["zh"] == "行政诉讼 › 未经复议直接起诉 › 尚未审结"


def test_every_rule_is_described_in_both_languages() -> None:
    shapes = load_shapes(BASE).as_rdflib()
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        for link in ("label", "comment"):
            texts = shapes.objects(shape, URIRef(f"http://www.w3.org/2000/01/rdf-schema#{link}"))
            if link == "label" or "#complete-" not in str(shape):
                languages = {text.language for text in texts}  # type: ignore[attr-defined]
                assert languages >= ({"zh", "en"} if link == "label" else set())
    for shape, constraint in shapes.subject_objects(SH.sparql):
        messages = [*shapes.objects(shape, SH.message), *shapes.objects(constraint, SH.message)]
        assert sorted(m.language for m in messages) == ["en", "zh"]  # type: ignore[attr-defined]
    assert {
        "observation",
        "complete",
        "requests-balance",
        "requests-outcomes",
        "requests-applicants",
        "disputes-total",
    } <= rule_labels().keys()


@pytest.mark.slow
def test_on_an_rdflib_graph_pyshacl_says_the_same(graph: Graph) -> None:
    """Run as others would run them, on a plain graph, the shapes give the very same results."""
    if NIGHTLY:  # The set-wise engine finds nothing in it either.
        assert results_on_rdflib(graph) == set()
    data = planted(graph, "requests", "business", "handled", 8)
    found = results_on_rdflib(data)
    assert found == set(evaluate(read_facts(n_triples(data)), BASE).results)
    assert {result.shape.rpartition("#")[2] for result in found} == {
        "requests-balance>",
        "requests-outcomes>",
        "requests-applicants>",
    }


def results_on_rdflib(data: Graph) -> set[Result]:
    union = Graph()
    for part in (data, load_ontology(BASE).as_rdflib(), load_shapes(BASE).as_rdflib()):
        union += part
    _, results, text = validate(union, shacl_graph=load_shapes(BASE).as_rdflib(), inference="none")
    assert isinstance(results, Graph), text
    return {
        read_result(results, node, load_shapes(BASE).as_rdflib())
        for node in results.subjects(RDF.type, SH.ValidationResult)
    }


def test_the_shapes_are_valid_shacl_and_a_slip_in_them_is_not() -> None:
    """W3C, SHACL (2017), appendix C: SHACL-SHACL."""
    assert validate(Graph(), shacl_graph=load_shapes(BASE).as_rdflib(), meta_shacl=True)[0]
    spoiled = Graph()
    spoiled += load_shapes(BASE).as_rdflib()
    spoiled.add((URIRef(BASE + "shapes#catalog-title"), SH.minCount, Literal("one")))
    with pytest.raises(ReportableRuntimeError, match="MetaSHACL"):
        validate(Graph(), shacl_graph=spoiled, meta_shacl=True)


def test_every_query_of_the_rules_says_what_its_messages_need() -> None:
    shapes = load_shapes(BASE).as_rdflib()
    for shape, constraint in shapes.subject_objects(SH.sparql):
        select = str(shapes.value(constraint, SH.select))
        head = select.partition("WHERE")[0]
        for node in (shape, constraint):
            for message in shapes.objects(node, SH.message):
                for variable in re.findall(r"\{\?(\w+)\}", str(message)):
                    assert f"?{variable} " in head, (shape, variable)
