"""The comparison cube: what is derived of a report, what is not, and how it is told."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import PROV, QB

from gongkai.ontology import load_ontology
from gongkai.pipeline import Outcome, process
from gongkai.publishing.comparison import comparison_of
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from gongkai.shapes.well_formed import broken_constraints
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.foreign import corpus
from helpers.served import outcomes_of_samples, sample_of, served

DEF = Namespace(BASE + "def#")
MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
ATTRIBUTE = Namespace("http://purl.org/linked-data/sdmx/2009/attribute#")
US = SAMPLE.with_name("us-acus-2024.xml")
UK = SAMPLE.with_name("uk-2020.csv")
MOHRSS = {
    "received": 376,
    "opening-stock": 0,
    "handled": 376,
    "closing-stock": 0,
    "outcome-base": 376,
    "granted": 137,
    "partly-granted": 1,
    "withheld": 17,
    "unavailable": 127,
    "not-processed": 94,
    "other": 0,
}
DUPLICATES = "SELECT ?s { GRAPH ?g { ?s ?p ?o } } GROUP BY ?s ?p ?o HAVING (COUNT(?g) > 1)"


def derived(report: bytes) -> dict[str, int]:
    """The numbers derived of a report by their common codes."""
    graph = Graph().parse(data=comparison_of(report, BASE), format="nt")
    return {
        str(node).rpartition("/")[2]: int(str(value))
        for node, value in graph.subject_objects(MEASURE.obsValue)
    }


def of_sample(key: str) -> Outcome:
    return next(one for one in outcomes_of_samples() if one.report and one.report.key == key)


def derived_of(path: Path) -> dict[str, int]:
    (outcome,) = process(path, BASE, engine=None)
    assert outcome.error is None
    return derived(outcome.graph)


def changed(folder: Path, path: Path, *changes: tuple[str, str]) -> Path:
    """A sample with texts replaced, each of which it has once."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    target = folder / path.name
    target.write_text(text, encoding="utf-8")
    return target


# --- values, by hand from the reports -----------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("mohrss/2019", MOHRSS),
        (
            "us-acus/2024",
            {
                **dict.fromkeys(MOHRSS, 0),
                "received": 145,
                "handled": 145,
                "outcome-base": 145,
                "granted": 11,
                "partly-granted": 6,
                "unavailable": 128,
            },
        ),
        (
            # Published as fully withheld: 36, of which 1 vexatious, 9 repeated, 3 over the limit.
            "uk-ago/2020",
            {
                "received": 232,
                "outcome-base": 104,
                "granted": 54,
                "partly-granted": 14,
                "withheld": 36 - 13,
                "unavailable": 117,
                "not-processed": 1 + 9 + 3,
            },
        ),
    ],
)
def test_values_of_the_samples(key: str, expected: dict[str, int]) -> None:
    assert derived(of_sample(key).graph) == expected


def test_an_agency_is_compared_as_a_whole_not_by_components() -> None:
    found = derived(of_sample("us-flra/2024").graph)
    # 123 requests came to the Authority, 35 to its Inspector General.
    assert (found["opening-stock"], found["received"], found["handled"]) == (46, 158, 204)
    outcomes = ("granted", "partly-granted", "withheld", "unavailable", "not-processed", "other")
    assert sum(found[code] for code in outcomes) == found["outcome-base"]


def test_every_number_is_the_sum_of_those_that_it_names_and_has_its_basis() -> None:
    met = set()
    for outcome in outcomes_of_samples():
        report = Graph().parse(data=outcome.graph, format="nt")
        made = Graph().parse(data=comparison_of(outcome.graph, BASE), format="nt")
        nodes = list(made.subjects(RDF.type, QB.Observation))
        assert len(nodes) >= 7
        for node in nodes:
            parts = list(made.objects(node, PROV.wasDerivedFrom))
            values = [report.value(part, MEASURE.obsValue) for part in parts]
            for part, value in zip(parts, values, strict=True):
                # Or the table, which leaves out codes that count nothing then.
                assert value is not None or (part, RDF.type, QB.Slice) in report
            total = sum(int(str(value)) for value in values if value is not None)
            assert int(str(made.value(node, MEASURE.obsValue))) == total
            (basis,) = made.objects(node, DEF.countingBasis)
            (country,) = {str(part).removeprefix(f"{BASE}id/").split("/")[1] for part in parts}
            met.add((country, str(basis).rpartition("/")[2]))
    assert met == {("requests", "flow"), ("us-requests", "flow"), ("uk-requests", "cohort")}


def test_a_number_with_an_imputed_part_is_imputed(tmp_path: Path) -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    for number in range(89, 96):
        # The row “carried over from last year”: all blank, and proved to be 0 by the balance.
        assert lines[number + 8] == "0"
        lines[number + 8] = "/"
    path = tmp_path / "blank.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (outcome,) = process(path, BASE, engine=None)
    graph = Graph().parse(data=comparison_of(outcome.graph, BASE), format="nt")
    statuses = {
        str(node).rpartition("/")[2]: str(status).rpartition("-")[2]
        for node, status in graph.subject_objects(ATTRIBUTE.obsStatus)
    }
    assert {code for code, status in statuses.items() if status == "I"} == {"opening-stock"}


# --- what is missing ----------------------------------------------------------------------------


def test_of_what_is_not_stated_nothing_is_derived(tmp_path: Path) -> None:
    path = sample_of(tmp_path, "教育部", 2019, miscounted=1, left_out=True)
    assert derived_of(path) == {code: n for code, n in MOHRSS.items() if code != "received"}


def test_a_sum_with_a_part_missing_is_not_made(tmp_path: Path) -> None:
    text = UK.read_text(encoding="utf-8").splitlines()
    head = next(csv.reader(text[:1]))
    rows = list(csv.reader(text[1:]))
    (row,) = (row for row in rows if row[:2] == ["2020", "Attorney General's Office"])
    row[head.index("Fully refused - cost limit")] = "-"
    row[head.index("Initial Outcome Granted in full")] = "NA"
    path = tmp_path / "uk.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, row])
    assert derived_of(path) == {
        "received": 232,
        "outcome-base": 104,
        "partly-granted": 14,
        "withheld": 23,
        "unavailable": 117,
    }


def test_quarters_are_not_made_a_year(tmp_path: Path) -> None:
    lines = UK.read_text(encoding="utf-8").splitlines(keepends=True)
    quarters = [line for line in lines[1:] if line.startswith("Q") and "Attorney" in line]
    assert len(quarters) == 4
    path = tmp_path / "uk.csv"
    path.write_text("".join([lines[0], *quarters]), encoding="utf-8")
    assert derived_of(path) == {}


_GRANTS = "<foia:RequestDispositionFullGrantQuantity>11</foia:RequestDispositionFullGrantQuantity>"


def test_a_code_that_is_left_out_counts_nothing_only_where_its_block_is_there(
    tmp_path: Path,
) -> None:
    flow = {"received", "opening-stock", "handled", "closing-stock", "outcome-base"}
    blank = changed(tmp_path, US, (_GRANTS, "<foia:RequestDispositionFullGrantQuantity/>"))
    assert set(derived_of(blank)) == flow | {"partly-granted", "withheld"}
    # A block of which the source does not say whose it is.
    block = (
        '<foia:ComponentDataReference s:ref="RD1"/>\n      <nc:OrganizationReference s:ref="{}"/>'
    )
    lost = changed(tmp_path, US, (block.format("ORG0"), block.format("")))
    assert set(derived_of(lost)) == flow


def test_a_report_without_a_table_of_requests_has_no_comparison() -> None:
    graph = Graph().parse(data=of_sample("mohrss/2019").graph, format="nt")
    for node in list(graph.subjects(QB.dataSet, URIRef(f"{BASE}id/cube/requests"))):
        graph.remove((node, None, None))
    graph.remove((URIRef(f"{BASE}id/cube/requests"), None, None))
    assert comparison_of(graph.serialize(format="nt", encoding="utf-8"), BASE) == b""


# --- the cube -----------------------------------------------------------------------------------


def test_the_integrity_constraints_hold() -> None:
    graph = Graph() + load_ontology(BASE).as_rdflib()
    for outcome in outcomes_of_samples():
        graph.parse(data=comparison_of(outcome.graph, BASE), format="nt")
    observations = list(graph.subjects(QB.dataSet, URIRef(f"{BASE}id/cube/comparison")))
    assert len(observations) > 60
    assert broken_constraints(graph) == []
    # They would see it, were the basis of a number left out.
    graph.remove((observations[0], DEF.countingBasis, None))
    assert [one.id for one in broken_constraints(graph)] == ["IC-13"]


def test_the_same_report_gives_the_same_bytes_under_any_base() -> None:
    other = "https://data.example.org/open/"
    (outcome,) = process(US, other, engine=None)
    made = comparison_of(outcome.graph, other)
    assert made == comparison_of(outcome.graph, other)
    assert BASE.encode() not in made and b"urn:" not in made
    here = comparison_of(of_sample("us-acus/2024").graph, BASE)
    assert sorted(made.replace(other.encode(), BASE.encode()).splitlines()) == here.splitlines()


# --- in a store ---------------------------------------------------------------------------------


def rows_of(client: FlaskClient, query: str) -> list[dict[str, str]]:
    answer = client.post("/sparql", data={"query": query, "format": "json"})
    assert answer.status_code == 200, answer.text
    found = json.loads(answer.data)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in found]


def graph_of(folder: Path, name: str) -> bytes:
    reader = EmbeddedReader(folder)
    try:
        return reader.graph(name)
    finally:
        reader.close()


def test_it_is_published_beside_the_report_and_no_triple_is_in_two_graphs(
    countries: FlaskClient, countries_folder: Path
) -> None:
    name = f"{BASE}id/slice/comparison/us-acus/2024"
    made = comparison_of(of_sample("us-acus/2024").graph, BASE)
    assert set(graph_of(countries_folder, name).splitlines()) == set(made.splitlines())
    assert rows_of(countries, DUPLICATES) == []
    report = f"{BASE}id/report/us-acus/2024"
    assert b"comparison" not in graph_of(countries_folder, report)
    said = Graph().parse(data=made, format="nt")
    derivation = said.value(URIRef(name), PROV.wasGeneratedBy)
    used = {str(node) for node in said.objects(derivation, PROV.used)}
    assert {report, f"{BASE}id/mapping/common"} < used
    for thing in used:
        document = thing.partition("#")[0].replace(f"{BASE}id/", "/doc/")
        assert f"<{thing}>" in countries.get(f"{document}.nt").text
    texts = countries.get("/doc/mapping/common.nt").text
    assert texts.count("http://www.w3.org/ns/shacl#construct") == 4


def test_numbers_that_were_read_are_counted_without_those_derived(countries: FlaskClient) -> None:
    read = sum(
        int(str(value))
        for outcome in outcomes_of_samples()
        for value in Graph().parse(data=outcome.graph, format="nt").objects(None, DEF.cellsRead)
    )
    page = countries.get("/?lang=en").text
    assert f"{read:,}" in page


def test_withdrawn_with_its_report_and_back_with_it(countries_folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(countries_folder, store, symlinks=True)
    name = f"{BASE}id/slice/comparison/us-acus/2024"
    before = graph_of(store, name)
    with writing(store, BASE) as writer:
        writer.replace({name: b""})
    assert gongkai("recheck", "--store", store).exit_code in (0, 1)
    assert graph_of(store, name) == before, "derived anew"
    assert gongkai("withdraw", "us-acus/2024", "--why", "test", "--store", store).exit_code == 0
    assert graph_of(store, name) == b""
    with served(store) as client:
        address = "/doc/observation/comparison/us-acus/2024/granted"
        assert client.get(address).status_code == 410
    path = changed(tmp_path, US, (_GRANTS, _GRANTS.replace("11", "12")))
    assert gongkai("publish", path, "--store", store).exit_code in (0, 1)
    assert b'"12"' in graph_of(store, name) and b'"11"' not in graph_of(store, name)


@pytest.mark.parametrize(
    ("language", "derived_text", "part", "none"),
    [
        ("en", "Derived; no source prints it. Counting basis: flow", "no records", "as nothing"),
        ("zh", "推算的数，来源没有印出。计数基础：流量", "没有相关记录", "计为 0"),
    ],
)
def test_a_page_tells_that_a_number_is_derived_and_of_what(
    countries: FlaskClient, language: str, derived_text: str, part: str, none: str
) -> None:
    address = "/observation/comparison/us-acus/2024"
    assert countries.get(f"/id{address}/unavailable").status_code == 303
    page = countries.get(f"/doc{address}/unavailable.html?lang={language}").text
    assert derived_text in page and part in page
    assert "/doc/observation/us-requests/us-acus/2024/us-acus/no-records" in page
    assert 'href="/doc/report/us-acus/2024' in page
    assert none in countries.get(f"/doc{address}/not-processed.html?lang={language}").text
    read = countries.get("/doc/observation/us-requests/us-acus/2024/us-acus/received.html").text
    assert derived_text not in read


def test_countries_are_compared_with_their_bases_told(countries: FlaskClient) -> None:
    query = "body=mohrss&body=us-acus&body=uk-ago&indicator=comparison/granted&lang=en"
    rows = list(csv.DictReader(countries.get(f"/compare.csv?{query}").text.splitlines()))
    told = {(row["body"].rpartition("/")[2], row["year"]): row for row in rows}
    assert told["mohrss", "2019"]["value"] == "137" and told["us-acus", "2024"]["value"] == "11"
    assert told["uk-ago", "2020"]["value"] == "54"
    assert "flow" in told["mohrss", "2019"]["note"] and "cohort" in told["uk-ago", "2020"]["note"]
    assert "Counting basis: cohort" in countries.get(f"/compare?{query}").text


def test_codes_tell_what_they_correspond_to_and_why(countries: FlaskClient) -> None:
    page = countries.get("/doc/code/stage/withheld.html?lang=en").text
    for text in ("fully withheld", "broad match", "vexatious, repeated and cost-limit refusals"):
        assert text in page, text
    assert "无理取闹、重复与超出费用限额" in countries.get("/doc/code/uk-stage/withheld.nt").text
    void = Graph().parse(data=countries.get("/.well-known/void").data)
    terms = Namespace("http://rdfs.org/ns/void#")
    counts = {
        str(void.value(links, terms.subjectsTarget)).rpartition("-")[2]: int(
            str(void.value(links, terms.triples))
        )
        for links in void.subjects(terms.linkPredicate, None)
        if "#mappings-" in str(links)
    }
    assert counts and all(counts.values())


# --- worked examples, by hand from the samples --------------------------------------------------


def answers(client: FlaskClient, key: str) -> list[dict[str, str]]:
    from gongkai.server.pages.examples import examples

    (example,) = (one for one in examples(BASE, "en") if one.key == key)
    text = client.get("/sparql", query_string={"query": example.text, "format": "csv"}).text
    return list(csv.DictReader(text.splitlines()))


def test_shares_are_told_with_base_and_basis(countries: FlaskClient) -> None:
    found = {(row["country"], row["year"]): row for row in answers(countries, "share-by-country")}
    china, britain = found["China", "2019"], found["United Kingdom", "2020"]
    assert (china["granted_in_full"], china["base"], china["percent"]) == ("137", "376", "36.4")
    assert (china["base_is"], china["counting"]) == ("outcomes, total", "flow")
    # The Attorney General's Office 54 of 104, the Wales Office 64 of 75.
    assert (britain["granted_in_full"], britain["base"], britain["bodies"]) == ("118", "179", "2")
    assert (britain["base_is"], britain["counting"]) == ("resolvable requests", "cohort")


def test_grounds_stand_side_by_side_each_in_its_unit(countries: FlaskClient) -> None:
    rows = answers(countries, "grounds-side-by-side")
    units = {(row["country"], row["unit"]) for row in rows}
    assert units == {
        ("China", "requests"),
        ("United States", "times applied"),
        ("United Kingdom", "times applied"),
    }
    secrets = [row for row in rows if row["ground"] == "state secret"]
    assert (secrets[0]["country"], secrets[0]["number"]) == ("China", "8")
    # Section 23 in 2020 and 2019, of both bodies; quarters are not counted again.
    (section,) = (row for row in secrets if row["reason"].startswith("S(23)"))
    assert section["number"] == "3" and section["correspondence"] == "related match"


def test_a_stock_that_was_restated_is_found(countries: FlaskClient) -> None:
    (row,) = answers(countries, "stocks-that-differ")
    assert row["name"] == "Federal Labor Relations Authority" and row["year"] == "2024"
    assert (row["closing"], row["opening"], row["difference"]) == ("95", "46", "-49")


# --- published totals ---------------------------------------------------------------------------


def test_all_bodies_of_the_united_kingdom_in_2020(tmp_path: Path) -> None:
    source = corpus("uk/foi-statistics-2020-published-data.csv")
    lines = source.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    path = tmp_path / "uk.csv"
    path.write_text("".join(line for line in lines if line[:5] in ("Quart", "2020,")), "utf-8")
    totals: dict[str, int] = {}
    for outcome in process(path, BASE, engine=None):
        for code, value in derived(outcome.graph).items():
            totals[code] = totals.get(code, 0) + value
    fully_withheld = totals.pop("withheld") + totals.pop("not-processed")
    assert fully_withheld == 11_944
    assert totals == {
        "received": 44_195,
        "outcome-base": 31_600,
        "granted": 12_994,
        "partly-granted": 5_253,
        "unavailable": 9_514,
    }


FLOW = ("opening-stock", "received", "handled", "closing-stock")


def official_flow() -> dict[str, tuple[int, ...]]:
    """Section V.A of every agency in fiscal year 2024, by the names in the official table."""
    name = "foia-received-processed-and-pending-foia-requests.csv"
    with corpus(f"us/csv/2024/{name}").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert {row[1] for row in rows} == {"Agency Overall"}
    return {row[0]: tuple(int(cell.replace(",", "")) for cell in row[3:7]) for row in rows}


def test_the_official_table_adds_up_to_the_published_totals() -> None:
    """The sum over all XML of 2024, of which Export-Import Bank has none."""
    flows = official_flow()
    everything = flows.pop("All agencies")
    assert tuple(map(sum, zip(*flows.values(), strict=True))) == everything
    bank = flows["Export-Import Bank of the U.S."]
    start, received, processed, end = (
        whole - own for whole, own in zip(everything, bank, strict=True)
    )
    assert (start, received, processed, end) == (388_343, 1_501_267, 1_499_106, 390_504)
    assert start + received - processed == end


@pytest.mark.parametrize(
    ("file", "agency"),
    [
        ("acus", "Administrative Conference of the United States"),
        ("flra", "Federal Labor Relations Authority"),
        ("sec", "Securities and Exchange Commission"),
    ],
)
def test_agencies_are_compared_by_the_figures_of_the_official_table(file: str, agency: str) -> None:
    found = derived_of(corpus(f"us/xml/{file}-2024.xml"))
    assert tuple(found[code] for code in FLOW) == official_flow()[agency]
