"""Clients as people use them, against a real server: rdflib's SPARQLStore, Comunica; CBD."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import QB, RDF, SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, DERIVED

COUNT = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?o a <{QB.Observation}> }}"


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_over_the_endpoint(server: str, method: str) -> None:
    store = SPARQLStore(server + "sparql", method=method)
    graph = Graph(store)
    (row,) = graph.query(COUNT)
    assert row[0] == Literal(198 + DERIVED)  # type: ignore[index]
    body = URIRef(BASE + "id/body/mohrss")
    assert (body, RDF.type, URIRef(BASE + "def#PublicBody")) in graph
    names = set(graph.objects(body, SKOS.prefLabel))
    assert Literal("人力资源和社会保障部", lang="zh") in names
    told = graph.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{body}> }} ?s ?p ?o }}")
    assert told.graph is not None and len(told.graph) >= 9


def test_comunica_over_endpoint_and_documents(server: str) -> None:
    """With GONGKAI_COMUNICA, the path of comunica-sparql (npm: @comunica/query-sparql)."""
    comunica = os.environ.get("GONGKAI_COMUNICA")
    if not comunica:
        pytest.skip("GONGKAI_COMUNICA names no comunica-sparql: not queried with it")
    for source in (f"sparql@{server}sparql", f"{server}sparql", f"{server}doc/report/mohrss/2019"):
        done = subprocess.run(
            [comunica, source, COUNT, "-t", "text/csv"], capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["n", str(198 + DERIVED)], source


@pytest.fixture
def described(tmp_path: Path) -> Iterator[EmbeddedReader]:
    triples = b"""<http://a/x> <http://a/p> _:one .
_:one <http://a/q> _:two .
_:two <http://a/r> "deep" .
<http://a/x> <http://a/p> <http://a/y> .
<http://a/y> <http://a/p> "not of x" .
<http://a/z> <http://a/p> <http://a/x> .
"""
    with writing(tmp_path / "store", BASE) as writer:
        writer.replace({"http://a/graph": triples})
    reader = EmbeddedReader(tmp_path / "store")
    yield reader
    reader.close()


def test_describe_is_the_concise_bounded_description(described: EmbeddedReader) -> None:
    """W3C member submission CBD (2005): what is said of a thing, through blank nodes."""
    client = create_app(described).test_client()
    answer = client.get(
        "/sparql",
        query_string={"query": "DESCRIBE <http://a/x>"},
        headers={"Accept": "application/n-triples"},
    )
    graph = Graph().parse(data=answer.data, format="nt")
    assert len(graph) == 4
    assert Literal("deep") in set(graph.objects())
    assert Literal("not of x") not in set(graph.objects())
