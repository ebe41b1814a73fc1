"""What is published is a well-formed data cube with its provenance, under any base."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, QB, SKOS, XSD

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.converters.rdf.cube import describe
from gongkai.ontology import load_ontology
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples.graph import n_triples
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import check
from gongkai.shapes.well_formed import broken_constraints
from helpers import expected_mohrss_2019 as expected
from helpers.commands import BASE, SAMPLE

VALUE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
UNIT = URIRef("http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure")
PERIOD = URIRef("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")
DEF = BASE + "def#"
WHEN = datetime(2020, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def graph(report_path: Path) -> Graph:
    return describe(recognise(read_document(report_path)), BASE, WHEN)


def test_every_figure_is_an_observation_with_all_its_parts(graph: Graph) -> None:
    for (cube, first, second), value in expected.VALUES.items():
        node = URIRef(f"{BASE}id/observation/{cube}/mohrss/2019/{first}/{second}")
        table = URIRef(f"{BASE}id/slice/{cube}/mohrss/2019")
        one, two = cubes()[cube].dimensions
        number = graph.value(node, VALUE)
        assert isinstance(number, Literal) and int(number) == value
        decimal = second == "purchase-amount"
        assert number.datatype == (XSD.decimal if decimal else XSD.integer)
        for link, target in (
            (RDF.type, QB.Observation),
            (QB.dataSet, URIRef(f"{BASE}id/cube/{cube}")),
            (URIRef(DEF + "body"), URIRef(BASE + "id/body/mohrss")),
            (PERIOD, URIRef(BASE + "id/year/2019")),
            (URIRef(DEF + one.name), URIRef(f"{BASE}id/code/{one.scheme}/{first}")),
            (URIRef(DEF + two.name), URIRef(f"{BASE}id/code/{two.scheme}/{second}")),
        ):
            assert (node, link, target) in graph
        assert (table, QB.observation, node) in graph
        assert (node, UNIT, None) in graph
    assert len(set(graph.subjects(RDF.type, QB.Observation))) == len(expected.VALUES) == 198


def test_the_source_is_traced(graph: Graph, report_path: Path) -> None:
    report = URIRef(BASE + "id/report/mohrss/2019")
    source = graph.value(report, PROV.wasDerivedFrom)
    checksum = graph.value(source, URIRef("http://spdx.org/rdf/terms#checksum"))
    value = graph.value(checksum, URIRef("http://spdx.org/rdf/terms#checksumValue"))
    data = report_path.read_bytes()
    assert str(value).lower() == hashlib.sha256(data).hexdigest()
    assert str(graph.value(source, DCTERMS.title)) == report_path.name
    size = graph.value(source, URIRef("http://www.w3.org/ns/dcat#byteSize"))
    assert isinstance(size, Literal) and int(size) == len(data)
    conversion = graph.value(report, PROV.wasGeneratedBy)
    assert (conversion, URIRef(DEF + "cellsRead"), Literal(198)) in graph
    assert (conversion, URIRef(DEF + "cellsUnread"), Literal(0)) in graph
    software = graph.value(conversion, PROV.wasAssociatedWith)
    assert graph.value(software, URIRef("http://schema.org/softwareVersion")) is not None
    ended = graph.value(conversion, PROV.endedAtTime)
    assert isinstance(ended, Literal) and ended.toPython() == WHEN


def test_the_year_is_an_interval_of_our_own(graph: Graph) -> None:
    year = URIRef(BASE + "id/year/2019")
    assert (year, SKOS.notation, Literal("2019", datatype=XSD.gYear)) in graph
    assert (year, SKOS.exactMatch, URIRef("http://reference.data.gov.uk/id/year/2019")) in graph


def test_the_corrupt_label_is_published_with_its_line(graph: Graph, report_path: Path) -> None:
    corrupt = Literal("4.无正当理由大量反复申引导网民按需进行互动留言请", lang="zh")
    note = graph.value(None, URIRef(DEF + "printedLabel"), corrupt)
    assert note is not None
    row = graph.value(note, DCTERMS.subject)
    assert str(row) == BASE + "id/form/2019#row-not-processed-excessive"
    place = re.fullmatch(r"line=(\d+)", str(graph.value(note, URIRef(DEF + "sourcePlace"))))
    assert place is not None
    lines = report_path.read_text(encoding="utf-8").splitlines()
    assert lines[int(place[1]) - 1] == str(corrupt)


def test_every_property_that_pages_show_has_a_name_in_both_languages(graph: Graph) -> None:
    verdict = check(n_triples(graph), BASE)
    shown = graph + load_ontology(BASE).as_rdflib() + load_shapes(BASE).as_rdflib()
    shown.parse(data=verdict.validation, format="nt")
    for term in set(shown.predicates()) - {RDF.type}:
        languages = {
            label.language
            for link in (RDFS.label, SKOS.prefLabel)
            for label in shown.objects(term, link)
            if isinstance(label, Literal)
        }
        assert languages >= {"zh", "en"}, term


def test_no_blank_nodes_and_the_same_triples_each_time(graph: Graph, report_path: Path) -> None:
    again = describe(recognise(read_document(report_path)), BASE, WHEN)
    assert set(again) == set(graph)
    assert all(isinstance(node, URIRef) for node in graph.subjects())


def test_another_base_changes_nothing_but_the_base(report_path: Path, graph: Graph) -> None:
    other = "https://data.example.org/open/"
    moved = describe(recognise(read_document(report_path)), other, WHEN)
    rebased = {tuple(str(term).replace(other, BASE) for term in triple) for triple in moved}
    assert rebased == {tuple(str(term) for term in triple) for triple in graph}


def test_the_integrity_constraints_of_the_recommendation_hold(
    graph: Graph, store: EmbeddedReader
) -> None:
    """W3C, The RDF Data Cube Vocabulary, section 11.1: IC-0 to IC-21, on file and in the store."""
    assert broken_constraints(graph + load_ontology(BASE).as_rdflib()) == []
    everything = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", graph="nt").body
    assert broken_constraints(Graph().parse(data=everything, format="nt")) == []


def test_the_integrity_constraints_notice_a_spoiled_cube() -> None:
    graph = describe(recognise(read_document(SAMPLE)), BASE, WHEN)
    node = URIRef(f"{BASE}id/observation/disputes/mohrss/2019/reconsideration/total")
    for link, broken in (
        (QB.dataSet, "IC-01"),
        (URIRef(DEF + "result"), "IC-11"),
        (VALUE, "IC-14"),
        (UNIT, "IC-13"),
    ):
        spoiled = graph + load_ontology(BASE).as_rdflib()
        spoiled.remove((node, link, None))
        assert broken in {constraint.id for constraint in broken_constraints(spoiled)}
