"""The divisions of China as linked data: in every store, with wholes and parts."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS

from gongkai.ontology.area_graph import area_list, said_of
from gongkai.ontology.places import areas, chain
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, gongkai
from helpers.served import sample_of, served
from helpers.stores import published

DEF = Namespace(BASE + "def#")
LIST = f"{BASE}id/area"


def area(code: str) -> URIRef:
    return URIRef(f"{LIST}/{code}")


def document(client: FlaskClient, path: str) -> Graph:
    answer = client.get(f"/doc/{path}.ttl")
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.data, format="turtle")


@pytest.mark.parametrize(
    ("code", "kind", "name", "whole", "part"),
    [
        ("320000", "ProvincialArea", "江苏省", None, "320800"),
        ("320800", "PrefecturalArea", "淮安市", "320000", "320813"),
        ("320813", "CountyArea", "洪泽区", "320800", None),
        # Counties that lie in no prefecture; a prefecture that has no counties.
        ("419001", "CountyArea", "济源市", "410000", None),
        ("441900", "PrefecturalArea", "东莞市", "440000", None),
    ],
)
def test_an_area_that_no_report_names(
    client: FlaskClient, code: str, kind: str, name: str, whole: str | None, part: str | None
) -> None:
    assert client.get(f"/id/area/{code}").location == f"/doc/area/{code}"
    graph, node = document(client, f"area/{code}"), area(code)
    assert set(graph.objects(node, RDF.type)) == {DEF.Area, DEF[kind], DCTERMS.Location}
    assert Literal(name, lang="zh") in set(graph.objects(node, SKOS.prefLabel))
    assert graph.value(node, SKOS.notation) == Literal(code)
    assert set(graph.objects(node, DCTERMS.isPartOf)) == ({area(whole)} if whole else set())
    parts = set(graph.objects(node, DCTERMS.hasPart))
    assert area(part) in parts if part else not parts


def test_the_page_of_an_area_leads_up_and_down(client: FlaskClient) -> None:
    page = client.get("/doc/area/320800.html?lang=zh").text
    for code, name in (("320000", "江苏省"), ("320813", "洪泽区")):
        assert f'<a href="/doc/area/{code}">{name}</a>' in page.replace('?lang=zh"', '"')
    assert "Hebei Province" in client.get("/doc/area/130000.html?lang=en").text


def test_the_list_of_areas(client: FlaskClient) -> None:
    graph = document(client, "area")
    tops = set(graph.objects(URIRef(LIST), SKOS.hasTopConcept))
    provinces = {area(one.code) for one in areas().values() if one.parent is None}
    assert tops == provinces and len(tops) == 31
    for link in (DCTERMS.source, DCTERMS.license, DCTERMS.valid):
        assert graph.value(URIRef(LIST), link) is not None


def test_every_division_from_the_counties_up_is_in_the_list_and_hangs_together() -> None:
    graph = Graph().parse(data=area_list(BASE), format="nt")
    listed = set(graph.subjects(RDF.type, DEF.Area))
    assert listed == {area(code) for code in areas() if len(code) == 6}
    assert len(listed) == 3339
    for node in listed:
        levels = set(graph.objects(node, RDF.type)) - {DEF.Area, DCTERMS.Location}
        assert len(levels) == 1
        top = list(graph.transitive_objects(node, DCTERMS.isPartOf))[-1]
        assert (top, RDF.type, DEF.ProvincialArea) in graph


def test_what_the_store_has_already_is_not_written_again(store_folder: Path) -> None:
    from gongkai.publishing.reference_data import publish_reference_data

    class Written(dict[str, bytes]):
        base = BASE

        def holds(self, name: str, triple: str) -> bool:
            return reader.query(f"ASK {{ GRAPH <{name}> {{ {triple} }} }}", "csv").body == b"true"

        def graph_names(self) -> list[str]:
            raise AssertionError("the list of areas has not changed")

        def replace(self, graphs: dict[str, bytes]) -> None:
            self.update(graphs)

    reader = EmbeddedReader(store_folder)
    try:
        written = Written()
        publish_reference_data(written)  # type: ignore[arg-type]
    finally:
        reader.close()
    assert not written


def test_a_store_from_before_the_list_gets_it_and_no_triple_twice(tmp_path: Path) -> None:
    """Areas had graphs of their own, made by the reports that name them."""
    store, old = tmp_path / "store", tmp_path / "old"
    report = sample_of(tmp_path, "洪泽区司法局", 2020)
    published(store, report)
    shutil.copytree(store, old, symlinks=True)
    justice = f'<{area("320813")}> <{SKOS.altLabel}> "Hongze"@en .\n'.encode()
    with writing(old, BASE) as writer:
        graphs = {LIST: b""}
        for one in chain(areas()["320813"]):
            graphs[str(area(one.code))] = b"".join(said_of(BASE, one))
        # What an operator's register says besides stays.
        graphs[str(area("320813"))] += justice
        writer.replace(graphs)
    with served(old) as before:
        (key,) = _keys(before)
        # A server that is newer than its store: the report is whole all the same.
        whole = set(before.get(f"/dump/report/{key}.nt").text.splitlines())
        assert f'<{area("320000")}> <{SKOS.notation}> "320000" .' in whole
    assert gongkai("recheck", "--store", old).exit_code == 0
    with writing(old, BASE) as writer:
        names = [name for name in writer.graph_names() if name.startswith(LIST)]
        assert names == [LIST, str(area("320813"))]
        assert writer.graph(str(area("320813"))) == justice
    with served(old) as after:
        now = set(after.get(f"/dump/report/{key}.nt").text.splitlines())
        # The list knows more: levels, English names of provinces.
        assert whole <= now
    assert gongkai("publish", report, "--store", old, "--again").exit_code == 0
    with writing(old, BASE) as writer:
        assert str(area("320813")) not in set(writer.graph_names())


def _keys(client: FlaskClient) -> list[str]:
    query = f"SELECT ?r {{ ?r a <{BASE}def#Report> }}"
    answer = client.get("/sparql", query_string={"query": query, "format": "csv"})
    return [line.partition("/report/")[2] for line in answer.text.split()[1:]]
