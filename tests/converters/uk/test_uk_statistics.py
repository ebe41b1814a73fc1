"""The statistics of the United Kingdom: hand-checked values, published totals, hostile tables."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, QB, SKOS

from gongkai.converters.report import CellState, Report
from gongkai.ontology import load_ontology
from gongkai.pipeline import process
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.well_formed import broken_constraints
from helpers.commands import BASE
from helpers.foreign import SAMPLES, cells, corpus, read_reports, value

DEF = Namespace(BASE + "def#")
INTERVAL = Namespace("http://reference.data.gov.uk/def/intervals/")
PERIOD = URIRef("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")
TABLE = "uk/foi-statistics-2020-published-data.csv"
SAMPLE = SAMPLES / "uk-2020.csv"


@cache
def reports() -> dict[str, Report]:
    return {report.key: report for report in read_reports(corpus(TABLE))}


@cache
def lines() -> tuple[str, ...]:
    return tuple(SAMPLE.read_text(encoding="utf-8-sig").splitlines())


def of_body(name: str, *periods: str) -> list[str]:
    """The head of the sample of the table and the rows of a body, in some periods."""
    wanted = tuple(f"{period},{name}," for period in periods)
    return [lines()[0], *(line for line in lines() if line.startswith(wanted))]


def table(folder: Path, rows: list[str]) -> Path:
    path = folder / "statistics.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("whole", [False, True])
def test_a_body_is_read_as_it_stands(whole: bool) -> None:
    """The Attorney General's Office in 2020, read by eye in the table; the sample has its rows."""
    found = reports().values() if whole else read_reports(SAMPLE)
    (report,) = (report for report in found if report.key == "uk-ago/2020")
    assert (report.body.name, report.body.english_name) == (
        "英国总检察长办公室",
        "Attorney General's Office",
    )
    stated = {
        "received": 232,
        "processed": 232,
        "on-hold": 0,
        "pending": 0,
        "deadline-met": 221,
        "extended": 5,
        "late": 6,
        "advised": 11,
        "not-held": 117,
        "resolvable": 104,
        "granted": 54,
        "partly-withheld": 14,
        "withheld": 36,
        "refused-vexatious": 1,
        "refused-repeated": 9,
        "refused-cost": 3,
        "refused-exemption": 23,
    }
    for code, number in stated.items():
        assert value(report, "uk-requests", code, period="2020") == number, code
    percentage = value(report, "uk-requests", "deadline-met-percentage", period="2020")
    assert percentage == Decimal("95.25862069")
    assert value(report, "uk-exemptions", "total", period="2020") == 49
    # Marked “-”: proven to be 0 by the total, and told so.
    environmental = cells(report, "uk-exemptions", "2020")[("section-39",)]
    assert (environmental.state, environmental.value) == (CellState.IMPUTED, Decimal(0))
    assert environmental.text == "-"
    assert value(report, "uk-requests", "received", period="2020-Q1") == 65
    quarters = [value(report, "uk-requests", "received", period=f"2020-Q{n}") for n in range(1, 5)]
    assert quarters == [65, 42, 61, 64]


def test_the_totals_are_the_published_ones() -> None:
    """2020 over all bodies: the sums of the published table."""
    codes = ("received", "resolvable", "granted", "partly-withheld", "withheld", "not-held")
    sums = dict.fromkeys(codes, Decimal(0))
    for key, report in reports().items():
        if key.endswith("/2020"):
            for code in codes:
                cell = cells(report, "uk-requests", "2020").get((code,))
                sums[code] += (cell.value if cell is not None else None) or 0
    assert list(sums.values()) == [44_195, 31_600, 12_994, 5_253, 11_944, 9_514]


def test_the_whole_table_is_read() -> None:
    assert len(reports()) == 476
    assert not any(report.count(CellState.UNREAD) for report in reports().values())
    assert all(
        len(table.cells)
        == {"uk-requests": 25, "uk-exemptions": 44, "uk-reviews": 12}.get(table.cube, 39)
        for report in reports().values()
        for table in report.tables
    )
    keys = {key.partition("/")[0] for key in reports()}
    assert not any(key.startswith("unregistered") for key in keys)


def test_two_columns_of_one_name_are_two_numbers() -> None:
    """In 2012 they differ: the base of timeliness is not that of outcomes."""
    report = reports()["uk-ago/2012"]
    assert value(report, "uk-requests", "received-active", period="2012") == 161
    assert value(report, "uk-requests", "received-active-outcomes", period="2012") == 164


def test_figures_with_commas_are_numbers() -> None:
    with_commas = [
        cell.value
        for report in reports().values()
        for _, cell in report.cells(CellState.READ)
        if cell.text is not None and "," in cell.text
    ]
    assert len(with_commas) == 25
    assert all(number is not None and number >= 1000 for number in with_commas)


def test_the_graph_keeps_year_and_quarters_apart(tmp_path: Path) -> None:
    path = table(tmp_path, of_body("Attorney General's Office", "2020", "Q1 2020"))
    (outcome,) = process(path, BASE)
    assert outcome.findings == () and outcome.publishable
    graph = Graph().parse(data=outcome.graph, format="nt")
    quarter = URIRef(BASE + "id/quarter/2020-Q1")
    assert (quarter, RDF.type, INTERVAL.CalendarQuarter) in graph
    assert str(graph.value(quarter, SKOS.exactMatch)).endswith("/id/quarter/2020-Q1")
    slices = {str(graph.value(node, PERIOD)) for node in graph.subjects(RDF.type, QB.Slice)}
    assert slices == {BASE + "id/year/2020", str(quarter)}
    report = URIRef(BASE + "id/report/uk-ago/2020")
    assert graph.value(report, DCTERMS.temporal) == URIRef(BASE + "id/year/2020")
    begins = graph.value(quarter, URIRef("http://www.w3.org/ns/dcat#startDate"))
    assert begins == Literal("2020-01-01", datatype=XSD.date)
    assert not broken_constraints(graph + load_ontology().as_rdflib())


_OFFICE = "Attorney General's Office"


@pytest.mark.parametrize(
    ("column", "text", "rules"),
    [
        (3, "231", {"uk-received"}),
        (17, "55", {"uk-resolvable"}),
        (23, "2", {"uk-withheld"}),
        (4, "1", {"uk-received", "uk-on-hold"}),
        (10, "7", {"uk-timeliness"}),
        (14, "12", {"uk-outcome-base"}),
        (73, "12", {"uk-reviews"}),
        (27, "3", set()),
    ],
)
def test_both_engines_find_what_does_not_add_up(
    column: int, text: str, rules: set[str], tmp_path: Path
) -> None:
    head, row = of_body(_OFFICE, "2020")
    fields = row.split(",")
    fields[column] = text
    path = table(tmp_path, [head, ",".join(fields)])
    found = []
    for engine in (RuleEngine.SETWISE, RuleEngine.PYSHACL):
        (outcome,) = process(path, BASE, engine)
        found.append({(f.rule, f.cell, f.expected, f.found) for f in outcome.findings})
    assert found[0] == found[1]
    # Exemptions that do not add up leave their blanks not stated, so that no sum can be told.
    assert {rule for rule, *_ in found[0]} == rules


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: [rows[0].replace("Requests Processed", "Requests Lost"), *rows[1:]], "Lost"),
        (lambda rows: [rows[0].rpartition(",")[0], rows[1].rpartition(",")[0]], "lacks the column"),
        (lambda rows: [rows[0], rows[1][:-9]], "line 2"),
        (lambda rows: [rows[0], rows[1].replace("2020", "Q5 2020", 1)], "Q5 2020"),
        (lambda rows: [*rows, rows[1]], "second row"),
        (lambda rows: rows[:1], "no rows"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(spoil, told: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (outcome,) = process(table(tmp_path, spoil(of_body(_OFFICE, "2020"))), BASE)
    assert outcome.error is not None and told in outcome.error
    assert not outcome.trace


def test_a_number_that_is_none_is_unread(tmp_path: Path) -> None:
    head, row = of_body(_OFFICE, "2020")
    (outcome,) = process(table(tmp_path, [head, row.replace(",232,", ",2E2,", 1)]), BASE)
    assert outcome.report is not None
    ((_, cell),) = outcome.report.cells(CellState.UNREAD)
    assert cell.codes == {"uk-stage": "received"} and cell.readings == ("2E2",)
    assert cell.place is not None and (cell.place.line, cell.place.column) == (2, 3)


def test_a_body_that_is_not_registered_has_a_provisional_key(tmp_path: Path) -> None:
    head, row = of_body(_OFFICE, "2020")
    (outcome,) = process(table(tmp_path, [head, row.replace(_OFFICE, "Office of Examples")]), BASE)
    assert outcome.report is not None and outcome.publishable
    assert outcome.report.body.key.startswith("unregistered-")
    graph = Graph().parse(data=outcome.graph, format="nt")
    node = URIRef(f"{BASE}id/body/{outcome.report.body.key}")
    assert Literal("Office of Examples", lang="en") in set(graph.objects(node, SKOS.prefLabel))
