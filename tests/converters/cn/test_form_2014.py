"""The statistics form of 2014 to 2018: its rows, a report made by hand, the rules, the page."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl import validate
from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.namespace import QB, SKOS, XSD

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.converters.report import CellState, Report
from gongkai.ontology import load_ontology
from gongkai.ontology.forms import forms
from gongkai.ontology.structures import cubes, unit_words
from gongkai.ontology.sums import equations
from gongkai.ontology.triples.graph import n_triples
from gongkai.pipeline import Outcome
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.app import create_app
from gongkai.server.pages.table_layout import lay_out
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import Verdict
from gongkai.shapes.checker import check as check_triples
from gongkai.shapes.findings import printed_labels
from gongkai.shapes.well_formed import broken_constraints
from helpers.commands import BASE
from helpers.hand_made_2014 import ROWS, VALUES, form_2014, hand_made, printed_rows
from helpers.profiles import SHARED_FIXTURES, examples

VALUE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
UNIT = URIRef("http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure")
WHEN = datetime(2018, 3, 1, tzinfo=UTC)


# Part → the totals that a wrong value of it must break, beside its own.
SUMS = {
    "requests-received": [
        "requests-in-person",
        "requests-by-fax",
        "requests-online",
        "requests-by-letter",
    ],
    "requests-concluded": ["concluded-in-time", "concluded-after-extension"],
    "requests-answered": [
        "answered-already-public",
        "answered-disclosed",
        "answered-partly-disclosed",
        "answered-refused",
        "answered-not-this-organ",
        "answered-not-existing",
        "answered-correction-asked",
        "answered-other-channel",
    ],
    "answered-refused": [
        "refused-state-secret",
        "refused-trade-secret",
        "refused-privacy",
        "refused-security-stability",
        "refused-not-government-information",
        "refused-other-ground-in-law",
    ],
    "reconsiderations": [
        "reconsiderations-upheld",
        "reconsiderations-corrected",
        "reconsiderations-other",
    ],
    "lawsuits": ["lawsuits-upheld", "lawsuits-corrected", "lawsuits-other"],
}


def check(graph: Graph, base: str) -> Verdict:
    return check_triples(n_triples(graph), base)


def without(report: Report, code: str, state: CellState) -> Report:
    """The report with one cell in another state than read."""
    (table,) = report.tables
    cells = tuple(
        replace(cell, state=state, value=None, unit=None, reason={"zh": "缘由", "en": "a reason"})
        if cell.codes["indicator"] == code
        else cell
        for cell in table.cells
    )
    return replace(report, tables=(replace(table, cells=cells),))


def observation(code: str) -> URIRef:
    return URIRef(f"{BASE}id/observation/statistics/mohrss/2017/{code}")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return describe(hand_made(), BASE, WHEN)


def planted(graph: Graph, values: dict[str, Decimal]) -> Graph:
    """A copy of the graph in which some observations have other values."""
    changed = Graph()
    changed += graph
    for code, value in values.items():
        before = changed.value(observation(code), VALUE)
        assert isinstance(before, Literal)
        changed.set((observation(code), VALUE, Literal(value, datatype=before.datatype)))
    return changed


def broken(verdict: Verdict) -> set[tuple[str, str]]:
    return {(finding.rule, finding.cell.rpartition("/")[2]) for finding in verdict.findings}


def must_break(code: str) -> set[tuple[str, str]]:
    totals = {total for total, parts in SUMS.items() if code == total or code in parts}
    return {("statistics-sums", total) for total in totals}


# --- the form ---------------------------------------------------------------------------------


def test_the_form_prints_these_rows() -> None:
    met = [
        (
            row.depth,
            row.codes[0][1] if row.leaf else "",
            unit_words()[row.unit] if row.leaf and row.unit else "",
            row.label["zh"],
        )
        for row in printed_rows()
    ]
    assert met == [(depth, code, unit, label) for depth, code, unit, _, label in ROWS]
    assert len(VALUES) == len(set(VALUES.values())) == 58, "every number is different"
    assert all(row.label["en"] for row in printed_rows())
    assert all(len(row.codes) == row.leaf for row in printed_rows())


def test_the_table_is_an_annex_with_a_column_of_units() -> None:
    form = form_2014()
    (table,) = form.tables
    (block,) = table.blocks
    assert (form.cubes, form.parts, table.part) == (("statistics",), (), None)
    assert block.corner["zh"] == "统计指标" and block.unit_column["zh"] == "单位"
    assert [column.label["zh"] for column in block.columns] == ["统计数"]
    for other in [form for form in forms() if form.tables][1:]:
        assert [table.part for table in other.tables] == [2, 3, 4]
        assert not any(block.unit_column for table in other.tables for block in table.blocks)


def test_form_and_table_say_that_they_were_not_seen() -> None:
    ontology = load_ontology(BASE).as_rdflib()
    for node, link in (("id/form/2014", RDFS.comment), ("id/form/2014#statistics", SKOS.note)):
        said = {
            text.language: str(text)
            for text in ontology.objects(URIRef(BASE + node), link)
            if isinstance(text, Literal)
        }
        assert "一般知识" in said["zh"] and "general knowledge" in said["en"]


def test_the_hierarchy_holds_where_rows_add_up_and_nowhere_else() -> None:
    ontology = load_ontology(BASE).as_rdflib()
    prefix = f"{BASE}id/code/indicator/"
    found: dict[str, set[str]] = {}
    for part, total in ontology.subject_objects(SKOS.broader):
        if str(part).startswith(prefix):
            found.setdefault(str(total).removeprefix(prefix), set()).add(
                str(part).removeprefix(prefix)
            )
    assert found == {total: set(parts) for total, parts in SUMS.items()}
    for sum_of, addends in SUMS.items():
        assert sum(VALUES[addend] for addend in addends) == VALUES[sum_of]
    subsets = set(ontology.subject_objects(URIRef(BASE + "def#subsetOf")))
    assert (URIRef(prefix + "staff-full-time"), URIRef(prefix + "staff")) in subsets
    assert not subsets & set(ontology.subject_objects(SKOS.broader))


def test_blanks_are_proven_by_the_same_sums() -> None:
    """Every total against the parts under it: the refusals as one part of the answers."""
    found = {
        total: {part for (part,) in equation.right}
        for equation in equations(form_2014().table("statistics"))
        for (total,) in equation.left
    }
    assert found == {total: set(parts) for total, parts in SUMS.items()}


# --- the cube ---------------------------------------------------------------------------------


def test_every_number_is_an_observation_of_a_well_formed_cube(graph: Graph) -> None:
    assert [dimension.name for dimension in cubes()["statistics"].dimensions] == ["indicator"]
    observed = set(graph.objects(URIRef(f"{BASE}id/slice/statistics/mohrss/2017"), QB.observation))
    assert observed == {observation(code) for code in VALUES}
    for code, value in VALUES.items():
        number = graph.value(observation(code), VALUE)
        money = code in ("fees-collected", "special-funds")
        assert isinstance(number, Literal) and Decimal(str(number)) == value
        assert number.datatype == (XSD.decimal if money else XSD.integer)
    assert graph.value(observation("fees-collected"), UNIT) == URIRef(
        f"{BASE}id/code/unit/ten-thousand-yuan"
    )
    assert broken_constraints(graph + load_ontology(BASE).as_rdflib()) == []


def test_the_integrity_constraints_notice_a_code_that_is_none(graph: Graph) -> None:
    spoiled = graph + load_ontology(BASE).as_rdflib()
    indicator = URIRef(BASE + "def#indicator")
    spoiled.set((observation("staff"), indicator, URIRef(BASE + "id/code/item/charges")))
    assert {constraint.id for constraint in broken_constraints(spoiled)} == {"IC-19"}


# --- the rules --------------------------------------------------------------------------------


def test_the_report_satisfies_every_rule(graph: Graph) -> None:
    assert check(graph, BASE).findings == ()


@settings(
    max_examples=examples(20),
    suppress_health_check=SHARED_FIXTURES,
)
@given(code=st.sampled_from(sorted(VALUES)), value=st.integers(min_value=0, max_value=10**6))
def test_any_planted_error_breaks_its_own_sums_and_no_others(
    graph: Graph, code: str, value: int
) -> None:
    verdict = check(planted(graph, {code: Decimal(value)}), BASE)
    assert broken(verdict) == (must_break(code) if value != VALUES[code] else set())


@pytest.mark.parametrize(
    ("code", "totals"),
    [
        ("answered-refused", {"answered-refused", "requests-answered"}),
        # A ground breaks the sum of the grounds; the eight answers add up as before.
        ("refused-privacy", {"answered-refused"}),
        ("answered-disclosed", {"requests-answered"}),
        ("lawsuits", {"lawsuits"}),
        # “Of which”, channels and staff need not add up.
        ("normative-documents-disclosed", set()),
        ("disclosed-by-website", set()),
        ("press-conferences-by-principal", set()),
        ("staff-full-time", set()),
    ],
)
def test_a_wrong_number_breaks_these_totals(graph: Graph, code: str, totals: set[str]) -> None:
    verdict = check(planted(graph, {code: VALUES[code] + 3}), BASE)
    assert broken(verdict) == {("statistics-sums", total) for total in totals}


def test_a_finding_names_the_row_and_both_numbers(graph: Graph) -> None:
    (finding,) = check(planted(graph, {"requests-by-fax": Decimal(104)}), BASE).findings
    assert (finding.severity, finding.table) == ("Violation", "statistics")
    assert (finding.row["zh"], finding.column["zh"]) == ("（一）收到申请数", "统计数")
    assert (finding.expected, finding.found) == ("712", "710")
    for text in ("政府信息公开情况统计", "人力资源和社会保障部", "收到申请数", "712", "相差 -2"):
        assert text in finding.message["zh"]
    for text in ("requests received", "Human Resources and Social Security", "710", "712"):
        assert text in finding.message["en"]


@pytest.mark.parametrize(
    ("state", "severity"), [(CellState.UNREAD, "Warning"), (CellState.ABSENT, "Violation")]
)
@pytest.mark.parametrize(
    ("missing", "wrong", "found"),
    [
        # A part or the total of a sum is missing: that sum cannot be assessed, others can.
        ("requests-by-fax", "requests-online", set()),
        ("requests-received", "requests-online", set()),
        ("answered-refused", "answered-disclosed", set()),
        ("requests-by-fax", "concluded-in-time", {("statistics-sums", "requests-concluded")}),
        # A ground of refusal is missing, yet all eight answers are there.
        ("refused-privacy", "answered-disclosed", {("statistics-sums", "requests-answered")}),
        ("refused-privacy", "refused-trade-secret", set()),
    ],
)
def test_a_sum_with_a_missing_cell_is_not_assessed(
    state: CellState, severity: str, missing: str, wrong: str, found: set[tuple[str, str]]
) -> None:
    graph = describe(without(hand_made(), missing, state), BASE, WHEN)
    verdict = check(planted(graph, {wrong: VALUES[wrong] + 1}), BASE)
    complete = [finding for finding in verdict.findings if finding.rule == "complete"]
    assert [finding.severity for finding in complete] == [severity]
    label = next(label for _, code, _, _, label in ROWS if code == missing)
    assert complete[0].row["zh"] == label
    others = [finding for finding in verdict.findings if finding.rule != "complete"]
    assert {(finding.rule, finding.cell.rpartition("/")[2]) for finding in others} == found


def test_a_cell_that_is_not_stated_is_no_fault() -> None:
    report = without(hand_made(), "requests-by-fax", CellState.NOT_STATED)
    assert check(describe(report, BASE, WHEN), BASE).findings == ()


def test_a_cell_that_is_gone_without_a_word_is_missed(graph: Graph) -> None:
    gone = Graph()
    gone += graph
    gone.remove((observation("meetings"), None, None))
    gone.remove((None, None, observation("meetings")))
    (finding,) = check(gone, BASE).findings
    assert (finding.rule, finding.severity) == ("complete", "Violation")
    assert finding.message == {
        "zh": "缺少单元格：召开政府信息公开工作会议或专题会议数。",
        "en": "A cell is absent: meetings held.",
    }
    assert finding.row["zh"] == "（一）召开政府信息公开工作会议或专题会议数"


def test_two_observations_in_one_cell_block(graph: Graph) -> None:
    twice = Graph()
    twice += graph
    again = URIRef(observation("meetings") + "-again")
    for link, value in graph.predicate_objects(observation("meetings")):
        twice.add((again, link, value))
    twice.add((URIRef(f"{BASE}id/slice/statistics/mohrss/2017"), QB.observation, again))
    findings = check(twice, BASE).findings
    assert {(finding.rule, finding.blocks) for finding in findings} == {("observation", True)}


def test_pyshacl_on_a_plain_graph_says_the_same(graph: Graph) -> None:
    wrong = planted(graph, {"refused-privacy": Decimal(7)})
    for data, count in ((graph, 0), (wrong, 1)):
        union = data + load_ontology(BASE).as_rdflib() + load_shapes(BASE).as_rdflib()
        _, results, text = validate(
            union, shacl_graph=load_shapes(BASE).as_rdflib(), inference="none"
        )
        sources = list(results.objects(None, URIRef("http://www.w3.org/ns/shacl#sourceShape")))
        assert sources == [URIRef(BASE + "shapes#statistics-sums")] * count, text


def test_a_code_that_the_form_does_not_print_is_named_by_its_row() -> None:
    row, column = printed_labels("2019", "disclosure", {"indicator": "made"})
    assert column["zh"] == "本年新制作数量" and row == {}
    row, column = printed_labels("none", "statistics", {"indicator": "meetings"})
    assert row["en"] == "meetings held" and column == {}


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["txt", "html", "numbered.html"])
def test_every_number_is_read_into_its_own_cell(tmp_path: Path, suffix: str) -> None:
    """One cell per line, or a table of three columns, perhaps with running numbers before them.

    The heads have a dash where others have numbers; the later forms' tables are not missed.
    """
    title = "民政部2017年政府信息公开工作年度报告"
    lines = [(label, unit or "——", value or "——") for _, _, unit, value, label in ROWS]
    lines.insert(0, ("统计指标", "单位", "统计数"))
    if suffix == "txt":
        text = "\n".join(
            [title, "政府信息公开情况统计表", *(cell for line in lines for cell in line)]
        )
    else:
        first = [""] * len(lines)
        if suffix == "numbered.html":
            first = ["<td>序号</td>", *(f"<td>{i}</td>" for i in range(1, len(lines)))]
        rows = "".join(
            "<tr>" + before + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>"
            for before, line in zip(first, lines, strict=True)
        )
        text = f"<title>{title}</title><h1>{title}</h1><table>{rows}</table>"
    path = tmp_path / f"report.{suffix}"
    path.write_text(text, encoding="utf-8")
    report = recognise(read_document(path))
    (table,) = report.tables
    assert (table.cube, table.form.key, report.form.key) == ("statistics", "2014", "2014")
    cells = [cell for cell in table.cells if cell.codes]
    assert len(cells) == len(table.cells) == len(VALUES)
    assert {cell.codes["indicator"]: cell.value for cell in cells} == VALUES


# --- the page ---------------------------------------------------------------------------------


def test_heads_with_numbers_have_lines_of_their_own() -> None:
    (block,) = form_2014().table("statistics").blocks
    layout = lay_out(block)
    lines = [
        (row.stubs[0].indent, [codes["indicator"] for codes in row.codes], row.unit.get("zh", ""))
        for row in layout.rows
    ]
    assert lines == [(depth, [code] if code else [], unit) for depth, code, unit, _, _ in ROWS]
    assert all(len(row.stubs) == 1 for row in layout.rows)
    assert layout.corner is not None and layout.corner.colspan == 1
    assert layout.unit_head is not None and layout.unit_head.label["en"] == "Unit"
    newest = [form for form in forms() if form.tables][-1]
    requests = newest.table("requests").blocks[0]
    assert lay_out(requests).unit_head is None
    assert max(len(row.stubs) for row in lay_out(requests).rows) == 2, "heads merged as before"
    assert {row.stubs[0].indent for row in lay_out(requests).rows} == {0}


def _as_shown(code: str, value: str | None) -> str:
    """The value of a row as the page shows it: one was changed, which breaks the sum of another."""
    if code == "requests-by-fax":
        return "104"
    return f"{value}⚠" if code == "requests-received" else value or "——"


@pytest.mark.parametrize("own_form", ["2014", "2019"])
def test_the_page_shows_the_table_in_both_languages(tmp_path: Path, own_form: str) -> None:
    """Also where the report itself follows another form and has the table as an annex."""
    report = hand_made(next(form for form in forms() if form.key == own_form))
    changed = planted(describe(report, BASE, WHEN), {"requests-by-fax": Decimal(104)})
    verdict = check(changed, BASE)
    outcome = Outcome(
        Path("report.html"), report, n_triples(changed), verdict.validation, verdict.findings
    )
    with writing(tmp_path / "store", BASE) as writer:
        publish_reference_data(writer)
        publish(writer, outcome)
    reader = EmbeddedReader(tmp_path / "store")
    try:
        client = create_app(reader).test_client()
        page = client.get("/doc/report/mohrss/2017.html?lang=zh").text
        body = re.sub(r">\s+<", "><", page.partition("<tbody>")[2].partition("</tbody>")[0])
        shown = [
            tuple(re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line))
            for line in re.findall(r"<tr>.*?</tr>", body)
        ]
        assert shown == [
            (label, unit or "——", _as_shown(code, value)) for _, code, unit, value, label in ROWS
        ]
        assert 'class="indent-3" colspan="1" rowspan="1">其中：涉及国家秘密</th>' in body
        stem = "/doc/observation/statistics/mohrss/2017/"
        assert re.findall(r'class="number broken"><a href="([^"?]+)', page) == [
            stem + "requests-received"
        ]
        assert "各部分之和为 712，相差 -2" in page
        english = client.get("/doc/report/mohrss/2017.html?lang=en").text
        for text in ("(1) Requests received", '<td class="unit">requests</td>', ">Indicator<"):
            assert text in english
        for path in (
            stem + "requests-received.html?lang=en",
            "/doc/slice/statistics/mohrss/2017.html?lang=en",
            "/doc/cube/statistics.html?lang=en",
            "/doc/code/indicator/requests-received.html?lang=en",
            "/doc/form/2014.html?lang=en",
        ):
            assert client.get(path).status_code == 200, path
        heading = re.search("<h1>(.*?)</h1>", client.get(f"{stem}staff.html?lang=en").text)
        assert heading is not None and heading[1].endswith(
            "2017 · staff working on open government information"
        )
        assert "general knowledge" in client.get("/doc/form/2014.html?lang=en").text
    finally:
        reader.close()
