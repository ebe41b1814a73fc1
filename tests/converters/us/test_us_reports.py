"""Annual FOIA reports of the United States: hand-checked values, real defects, hostile files."""

import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import QB, SKOS

from gongkai.converters.report import CellState, Report
from gongkai.ontology import load_ontology
from gongkai.pipeline import Outcome, process
from gongkai.server.pages.plain_tables import shown_part
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.well_formed import broken_constraints
from helpers.commands import BASE, ROOT, gongkai
from helpers.foreign import (
    CORPUS,
    association,
    cells,
    corpus,
    disposition_section,
    flow_section,
    observation,
    read_reports,
    us_report,
    value,
)

DEF = Namespace(BASE + "def#")
ORG = Namespace("http://www.w3.org/ns/org#")
MEASURE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")


@cache
def report_of(name: str) -> Report:
    (report,) = read_reports(corpus(f"us/xml/{name}.xml"))
    return report


@cache
def outcome_of(name: str) -> Outcome:
    (outcome,) = process(corpus(f"us/xml/{name}.xml"), BASE)
    return outcome


def written(folder: Path, text: str) -> Path:
    path = folder / "report.xml"
    path.write_text(text, encoding="utf-8")
    return path


def only(path: Path) -> Report:
    (report,) = read_reports(path)
    return report


def test_a_small_agency_is_read_as_it_stands() -> None:
    """ACUS 2024, read by eye in the file."""
    report = report_of("acus-2024")
    assert (report.body.key, report.year, report.body.name) == ("us-acus", 2024, "美国行政会议")
    assert report.reported_on.begin.isoformat() == "2023-10-01"
    assert report.reported_on.end.isoformat() == "2024-09-30"
    stages = {codes[1]: cell.value for codes, cell in cells(report, "us-requests").items()}
    assert stages == {
        "pending-start": 0,
        "received": 145,
        "processed": 145,
        "pending-end": 0,
        "full-grant": 11,
        "partial-grant": 6,
        "full-denial": 0,
        "no-records": 128,
        "disposed": 145,
        "other-explained": 0,
    }
    assert value(report, "us-exemptions", "us-acus", "requests", "exemption-6") == 2


@pytest.mark.skipif(not CORPUS.exists(), reason="the sample has no times and costs")
def test_times_and_costs_of_a_small_agency_are_read_as_they_stand() -> None:
    report = report_of("acus-2024")
    simple = ("us-acus", "processed", "simple")
    assert value(report, "us-times", *simple, "median") == 1
    assert value(report, "us-times", *simple, "average") == Decimal("1.13")
    # Printed LT1: less than one is no number.
    lowest = cells(report, "us-times")[*simple, "lowest"]
    assert lowest.state is CellState.NOT_STATED and lowest.readings == ("LT1",)
    # 0.0000 four times is what the export writes for “N/A”.
    median = cells(report, "us-times")["us-acus", "processed", "complex", "median"]
    assert median.state is CellState.NOT_STATED and median.readings == ("0.0000",)
    assert value(report, "us-time-bands", "us-acus", "simple", "days-1-20") == 145
    assert value(report, "us-indicators", "us-acus", "equivalent-staff") == Decimal("0.15")
    assert value(report, "us-indicators", "us-acus", "total-costs") == Decimal("78200.00")


EACH_SECTION = [
    ("us-requests", ("received",), "1002"),
    ("us-requests", ("disposed",), "1009"),
    ("us-requests", ("other-explained",), "1011"),
    ("us-listed", ("request-reasons", "1"), "1010"),
    ("us-exemptions", ("requests", "exemption-6"), "1012"),
    ("us-appeals", ("processed",), "1015"),
    ("us-appeals", ("partly-reversed",), "1018"),
    ("us-times", ("processed", "simple", "average"), "1025.135"),
    ("us-times", ("granted", "simple", "highest"), "1029"),
    ("us-time-bands", ("simple", "days-21-40"), "1031"),
    ("us-time-bands", ("complex", "total"), "1057"),
    ("us-time-bands", ("expedited", "days-401-or-more"), "1070"),
    ("us-times", ("pending", "complex", "number"), "1073"),
    ("us-indicators", ("expedited-within-ten-days",), "1077"),
    ("us-indicators", ("fee-waiver-denied",), "1079"),
    ("us-indicators", ("total-staff",), "1082.155"),
    ("us-indicators", ("litigation-costs",), "1084.5"),
    ("us-indicators", ("fees-collected",), "1086.5"),
    ("us-indicators", ("subsection-c-used",), "1087"),
    ("us-indicators", ("posted-by-program",), "1089"),
    ("us-indicators", ("backlogged-appeals",), "1091"),
    ("us-consultations", ("received",), "1093"),
    ("us-indicators", ("requests-processed-this-year",), "1099"),
    ("us-indicators", ("appeals-backlog-last-year",), "1106"),
]
"""Of each section of the made-up report one number at least, counted by hand in the file."""


def test_every_number_of_a_whole_report_is_in_a_cell_of_its_own() -> None:
    path = ROOT / "tests" / "converters" / "us" / "all_sections.xml"
    printed = re.findall(r">(1[01]\d\d(?:\.\d+)?)<", path.read_text(encoding="utf-8"))
    report = only(path)
    read = [str(cell.value) for _, cell in report.cells(CellState.READ)]
    assert sorted(number for number in read if len(number) > 3 and number[0] == "1") == printed
    for cube, codes, number in EACH_SECTION:
        assert value(report, cube, "us-acus", *codes) == Decimal(number), codes
    unstated = {cell.readings for _, cell in report.cells(CellState.NOT_STATED)}
    assert unstated == {("LT1",), ("0.0000",)}


@pytest.mark.parametrize(
    ("name", "printed", "total"),
    [("eeoc-2019", "221", 19794), ("doj-2024", "61", 157180), ("opm-2016", "0", 11104)],
)
def test_a_total_that_the_export_spoils_is_computed(name: str, printed: str, total: int) -> None:
    report = report_of(name)
    cell = cells(report, "us-requests")[report.body.key, "disposed"]
    assert (cell.state, cell.value, cell.text) == (CellState.IMPUTED, Decimal(total), printed)
    assert printed in cell.reason["en"] and printed in cell.reason["zh"]
    assert any(str(total) in note.message["en"] for note in report.notes)
    # Nothing else of the report was computed.
    assert report.count(CellState.IMPUTED) == 1
    assert value(report, "us-requests", report.body.key, "processed") == total


_EXEMPTIONS = ("1", "2", "3", "4", "5", "6", *(f"7-{part}" for part in "abcdef"), "8", "9")
_TWINS = {
    "foia-received-processed-and-pending-foia-requests": (
        "us-requests",
        (),
        ("pending-start", "received", "processed", "pending-end"),
    ),
    "foia-disposition-of-foia-requests-all-processed-requests": (
        "us-requests",
        (),
        (
            "full-grant",
            "partial-grant",
            "full-denial",
            "no-records",
            "referred",
            "withdrawn",
            "fee-related",
            "not-described",
            "improper-request",
            "not-agency",
            "duplicate",
            "other",
            "disposed",
        ),
    ),
    "foia-disposition-of-foia-requests-number-of-times-exemptions-applied": (
        "us-exemptions",
        ("requests",),
        tuple(
            f"exemption-{key}"
            for key in [
                "1",
                "2",
                "3",
                "4",
                "5",
                "6",
                "7-a",
                "7-b",
                "7-c",
                "7-d",
                "7-e",
                "7-f",
                "8",
                "9",
            ]
        ),
    ),
    "foia-received-processed-and-pending-administrative-appeals": (
        "us-appeals",
        (),
        ("pending-start", "received", "processed", "pending-end"),
    ),
    "foia-disposition-of-administrative-appeals-all-processed-appeals": (
        "us-appeals",
        (),
        ("affirmed", "partly-reversed", "reversed", "closed-otherwise", "disposed"),
    ),
    "foia-backlogs-of-foia-requests-and-administrative-appeals": (
        "us-indicators",
        (),
        ("backlogged-requests", "backlogged-appeals"),
    ),
}
"""Tables that foia.gov itself publishes beside the reports, and what their columns are."""


def _twin(table: str, year: int) -> dict[str, list[str]]:
    folder = corpus(f"us/csv/{year}")
    (path,) = (file for file in folder.iterdir() if file.name.startswith(table))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file) if row[1] == "Agency Overall"]
    return {row[0]: row[3:] for row in rows}


@pytest.mark.parametrize("table", _TWINS)
def test_the_agencies_numbers_are_those_that_foia_gov_publishes(table: str) -> None:
    """Of the agencies of the corpus on 2019, 2023 and 2024, as a whole."""
    cube, before, codes = _TWINS[table]
    compared = 0
    for year in (2019, 2023, 2024):
        twin = _twin(table, year)
        for name in ("acus", "doj", "eeoc", "epa", "flra", "nasa", "ntsb", "sec"):
            report = report_of(f"{name}-{year}")
            published = twin[report.title.partition(":")[0]]
            found = cells(report, cube)
            for code, text in zip(codes, published, strict=True):
                cell = found.get((report.body.key, *before, code))
                # A code that a report does not print counts nothing there.
                number = Decimal(0) if cell is None else cell.value
                assert number == Decimal(text), (report.key, code)
                compared += 1
    assert compared == 24 * len(codes)


def test_the_sum_over_all_agencies_is_the_published_one() -> None:
    """FY 2024: 388,343 + 1,501,267 − 1,499,106 = 390,504 without the Export-Import Bank."""
    table = "foia-received-processed-and-pending-foia-requests"
    rows = {
        agency: [int(text) for text in texts]
        for agency, texts in _twin(table, 2024).items()
        if not agency.startswith(("All ", "Export-Import"))
    }
    sums = [sum(column) for column in zip(*rows.values(), strict=True)]
    assert sums == [388_343, 1_501_267, 1_499_106, 390_504]


@pytest.mark.slow
def test_every_file_of_the_corpus_converts_or_has_its_defect_named() -> None:
    folder = corpus("us/xml")
    paths = sorted(folder.glob("*.xml"))
    assert len(paths) == 80
    named: dict[str, set[str]] = {}
    for path in paths:
        name = path.stem
        if name in ("exim-bank-2011", "lsc-2011"):
            (outcome,) = process(path, BASE)
            assert outcome.error is not None and "Technical Difficulties" in outcome.error
            named[name] = {"error"}
            continue
        report = report_of(name)
        assert report.body.key == f"us-{name.rpartition('-')[0]}"
        assert report.year == int(name[-4:])
        odd = {
            state.value
            for state in (CellState.UNREAD, CellState.UNATTRIBUTED)
            if report.count(state)
        }
        if odd:
            named[name] = odd
        assert all(cell.reason for _, cell in report.cells() if cell.value is None)
    assert named == {
        "dod-2008": {"unattributed"},
        "doj-2021": {"unread"},
        "epa-2022": {"unread"},
        "epa-2023": {"unattributed"},
        "exim-bank-2011": {"error"},
        "flra-2008": {"unattributed"},
        "flra-2012": {"unattributed"},
        "flra-2016": {"unattributed"},
        "lsc-2011": {"error"},
        "nasa-2021": {"unattributed"},
        "usps-2014": {"unattributed"},
    }


def test_what_cannot_be_read_is_told_with_its_reading() -> None:
    ((_, cell),) = report_of("epa-2022").cells(CellState.UNREAD)
    assert cell.codes == {"body": "us-epa", "us-indicator": "fee-waiver-average-days"}
    assert cell.readings == (",09",)
    ((_, cell),) = report_of("doj-2021").cells(CellState.UNREAD)
    assert cell.codes == {"body": "us-doj--pardon", "us-stage": "other-explained"}
    assert cell.readings == ("1", "0")
    unattributed = [cell for _, cell in report_of("nasa-2021").cells(CellState.UNATTRIBUTED)]
    assert all("“”" in cell.reason["en"] and "body" not in cell.codes for cell in unattributed)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("usps-2014", {("us-flow", "Violation"): 1}),
        ("va-2019", {("us-other-reasons", "Warning"): 3}),
        ("doj-2021", {("complete", "Warning"): 1}),
        ("ntsb-2024", {}),
    ],
)
def test_the_rules_find_what_is_wrong_in_real_reports(
    name: str, found: dict[tuple[str, str], int]
) -> None:
    outcome = outcome_of(name)
    counted: dict[tuple[str, str], int] = {}
    for finding in outcome.findings:
        key = (finding.rule, finding.severity)
        counted[key] = counted.get(key, 0) + 1
    assert counted == found
    assert outcome.publishable
    held = {rule for rule, count in outcome.counts.items() if count.held}
    assert held >= {"us-flow", "us-dispositions", "us-disposed"}


def test_the_graph_says_who_what_and_when() -> None:
    graph = Graph().parse(data=outcome_of("flra-2024").graph, format="nt")
    node = URIRef(observation("us-requests", "us-flra", "2024", "us-flra", "received"))
    assert graph.value(node, MEASURE) == Literal(158)
    assert graph.value(node, DEF.component) == URIRef(BASE + "id/body/us-flra")
    period = URIRef(BASE + "id/year/us-2024")
    assert graph.value(period, SKOS.notation) == Literal("2024", datatype=XSD.gYear)
    assert str(graph.value(period, SKOS.exactMatch)).endswith("2023-10-01T00:00:00/P1Y")
    component = URIRef(BASE + "id/body/us-flra--ig")
    assert (component, RDF.type, ORG.OrganizationalUnit) in graph
    assert graph.value(component, ORG.subOrganizationOf) == URIRef(BASE + "id/body/us-flra")
    # The sample has half of the tables.
    assert len(set(graph.subjects(RDF.type, QB.Slice))) == (8 if CORPUS.exists() else 4)


def test_the_integrity_constraints_hold() -> None:
    for name in ("flra-2024", "acus-2019"):
        graph = (
            Graph().parse(data=outcome_of(name).graph, format="nt") + load_ontology().as_rdflib()
        )
        assert not broken_constraints(graph)


_GOOD_FLOW = flow_section(("ORG0", 5, 30, 31, 4), ("ORG1", 2, 10, 11, 1), ("ORG2", 3, 20, 20, 3))
_GOOD_DISPOSITIONS = disposition_section(
    ("ORG0", 10, 5, 1, {"NoRecords": 15}, 20),
    ("ORG1", 3, 1, 1, {"NoRecords": 6}, 11),
    ("ORG2", 7, 4, 0, {"NoRecords": 9}, 20),
)
_COMPONENTS = (("A", "Office A"), ("B", "Office B"))


_A, _B = ("ORG1", 2, 10, 11, 1), ("ORG2", 3, 20, 20, 3)
_AGENCY = ("ORG0", 5, 30, 31, 4)


@pytest.mark.parametrize(
    ("section", "rules"),
    [
        (_GOOD_FLOW + _GOOD_DISPOSITIONS, set()),
        (flow_section(("ORG0", 5, 30, 31, 5), ("ORG1", 5, 30, 31, 5)), {"us-flow"}),
        (flow_section(("ORG0", 5, 31, 32, 4), _A, _B), {"us-components"}),
        # A number that is nobody's may be what the sum lacks: nothing can be said.
        (flow_section(_AGENCY, _A, ("", 3, 20, 20, 3)), set()),
        (
            _GOOD_FLOW + disposition_section(("ORG1", 3, 1, 1, {"NoRecords": 6}, 12)),
            {"us-dispositions", "us-disposed"},
        ),
        (
            _GOOD_FLOW + disposition_section(("ORG1", 3, 1, 1, {"NoRecords": 5}, 10)),
            {"us-disposed"},
        ),
    ],
)
def test_both_engines_find_the_same(section: str, rules: set[str], tmp_path: Path) -> None:
    path = written(tmp_path, us_report(section, _COMPONENTS))
    (setwise,) = process(path, BASE, RuleEngine.SETWISE)
    (pyshacl,) = process(path, BASE, RuleEngine.PYSHACL)
    assert setwise.error is None
    assert {finding.rule for finding in setwise.findings} == rules
    assert {(f.rule, f.cell, f.expected, f.found) for f in setwise.findings} == {
        (f.rule, f.cell, f.expected, f.found) for f in pyshacl.findings
    }


def test_a_total_is_not_computed_where_the_cause_is_not_known(tmp_path: Path) -> None:
    """Only what the export is known to do is mended: another wrong total stays, and is found."""
    wrong = _GOOD_DISPOSITIONS.replace("TotalQuantity>20<", "TotalQuantity>21<", 1)
    (outcome,) = process(written(tmp_path, us_report(_GOOD_FLOW + wrong, _COMPONENTS)), BASE)
    assert outcome.report is not None
    cell = cells(outcome.report, "us-requests")["us-xyz", "disposed"]
    assert (cell.state, cell.value) == (CellState.READ, Decimal(21))
    assert {finding.rule for finding in outcome.findings} == {"us-dispositions", "us-disposed"}


def test_what_the_exchange_does_not_have_is_not_passed_over(tmp_path: Path) -> None:
    strange = _GOOD_FLOW.replace(
        "</foia:ProcessingStatistics>", "<foia:Lost>7</foia:Lost></foia:ProcessingStatistics>", 1
    )
    unknown = disposition_section(("ORG1", 3, 1, 1, {"Aliens": 6}, 11))
    report = only(written(tmp_path, us_report(strange + unknown, _COMPONENTS)))
    unread = [(cell.readings, cell.reason["en"]) for _, cell in report.cells(CellState.UNREAD)]
    assert [readings for readings, _ in unread] == [("7",), ("6",)]
    assert "Lost" in unread[0][1] and "NonExemptionDenialQuantity" in unread[1][1]


def test_a_new_section_is_not_passed_over(tmp_path: Path) -> None:
    section = (
        '<foia:NewSection><foia:New s:id="N1"><foia:NewQuantity>3</foia:NewQuantity></foia:New>'
    )
    section += association("NewOrganizationAssociation", "N1", "ORG0") + "</foia:NewSection>"
    report = only(written(tmp_path, us_report(_GOOD_FLOW + section, _COMPONENTS)))
    ((_, cell),) = report.cells(CellState.UNREAD)
    assert cell.readings == ("3",) and "NewQuantity" in cell.reason["en"]


_YEAR = "<foia:DocumentFiscalYearDate>{}</foia:DocumentFiscalYearDate>"


def spoilt(old: str, new: str, text: str = us_report(_GOOD_FLOW, _COMPONENTS)) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    "text",
    [
        spoilt('s:id="ORG2"', 's:id="ORG1"'),
        spoilt('s:id="ORG1"', ""),
        spoilt('s:id="PS2"', "").replace('s:ref="PS2"', 's:ref=""'),
    ],
)
def test_an_id_that_is_lacking_or_there_twice_names_nobody(text: str, tmp_path: Path) -> None:
    report = only(written(tmp_path, text))
    lost = [cell for _, cell in report.cells(CellState.UNATTRIBUTED)]
    assert len(lost) >= 4 and all("body" not in cell.codes for cell in lost)
    assert value(report, "us-requests", "us-xyz", "received") == 30
    assert ("us-xyz--a", "received") not in cells(report, "us-requests")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (spoilt(">30<", "><b>30</b><"), "30"),
        (spoilt(">30<", ">3<b/>0<"), "3"),
        (spoilt("<foia:ProcessedRequestSection>", "<foia:ProcessedRequestSection>77"), "77"),
        (spoilt("<foia:ProcessedReq", "<foia:Sum>78</foia:Sum><foia:ProcessedReq"), "78"),
    ],
)
def test_a_number_out_of_place_is_not_passed_over(text: str, reading: str, tmp_path: Path) -> None:
    report = only(written(tmp_path, text))
    assert reading in [cell.readings[0] for _, cell in report.cells(CellState.UNREAD)]


def test_a_comment_parts_no_number(tmp_path: Path) -> None:
    report = only(written(tmp_path, spoilt(">30<", ">3<!-- x -->0<")))
    assert value(report, "us-requests", "us-xyz", "received") == 30


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (us_report(_GOOD_FLOW, _COMPONENTS)[:-60], "damaged or cut off"),
        (us_report(_GOOD_FLOW, _COMPONENTS, year=""), "fiscal year"),
        (us_report(_GOOD_FLOW, _COMPONENTS, agency=""), "no agency"),
        (us_report(_GOOD_FLOW, _COMPONENTS, agency="/../"), "no agency"),
        (us_report(_GOOD_FLOW, _COMPONENTS, year=_YEAR.format("0000")), "fiscal year"),
        (us_report(_GOOD_FLOW, _COMPONENTS, year=_YEAR.format("1800")), "fiscal year"),
        (us_report(_GOOD_FLOW, _COMPONENTS).replace("exchange/1.03", "exchange/3.00"), "version"),
        (
            us_report(_GOOD_FLOW, _COMPONENTS).replace(
                "<iepd:", '<!DOCTYPE a [<!ENTITY b "c">]><iepd:', 1
            ),
            "document type",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    text: str, told: str, tmp_path: Path
) -> None:
    (outcome,) = process(written(tmp_path, text), BASE)
    assert outcome.error is not None and told in outcome.error
    assert not outcome.trace


def test_components_of_one_abbreviation_keep_apart(tmp_path: Path) -> None:
    components = (("IG", "Inspector General"), ("ig", "Information Group"))
    section = flow_section(("ORG1", 1, 2, 3, 0), ("ORG2", 4, 5, 6, 3))
    report = only(written(tmp_path, us_report(section, components)))
    keys = [component.key for component in report.components]
    assert len(set(keys)) == 2 and all(key.startswith("us-xyz--ig-") for key in keys)
    assert {value(report, "us-requests", key, "received") for key in keys} == {2, 5}


def test_a_renamed_component_keeps_its_names(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for year, name in (("2023", "Office of Old"), ("2024", "Office of New")):
        text = us_report(
            flow_section(("ORG0", 0, 2, 2, 0), ("ORG1", 0, 2, 2, 0)),
            (("O", name),),
            year=f"<foia:DocumentFiscalYearDate>{year}</foia:DocumentFiscalYearDate>",
        )
        path = tmp_path / f"{year}.xml"
        path.write_text(text, encoding="utf-8")
        assert gongkai("publish", "--store", str(store), str(path)).exit_code == 0
    reader = EmbeddedReader(store)
    node = URIRef(BASE + "id/body/us-xyz--o")
    said = Graph().parse(data=reader.graph(str(node)), format="nt")
    assert set(map(str, said.objects(node, SKOS.prefLabel))) == {"Office of New"}
    assert "Office of Old" in set(map(str, said.objects(node, SKOS.altLabel)))


def test_the_corpus_is_the_one_that_was_looked_at() -> None:
    if not CORPUS.exists():
        pytest.skip(f"the foreign reports are not at {CORPUS}")
    assert len(list((CORPUS / "us" / "xml").glob("*.xml"))) == 80


def test_the_page_of_a_large_agency_keeps_what_the_agency_does_not_state() -> None:
    """Only the cells of components are left out of it, however their names begin."""
    line = "<{0}id/report/us-xyz/2024#missing-us-times-us-xyz{1}-processed> <p> <o> .\n"
    own, parts = line.format(BASE, ""), [line.format(BASE, f"--{n}") for n in range(9)]
    numbers = [
        f"<{observation('us-requests', 'us-xyz', '2024', f'us-xyz--{n}', 'received')}> <p> <o> .\n"
        for n in range(9)
    ]
    triples = "".join([own, *parts, *numbers]).encode()
    assert shown_part(triples, BASE, BASE + "id/report/us-xyz/2024") == own.encode()
