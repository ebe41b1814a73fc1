"""The W3C's tests of SPARQL 1.1, through the endpoint.

The tests of the protocol (sparql11/protocol, 2013) are here one by one, under their own names.
Those of query evaluation and syntax are read from manifests: GONGKAI_W3C_TESTS names the folder
sparql/sparql11 of a copy of https://github.com/w3c/rdf-tests; without it, examples of our own in
the same form are run.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE
from flask.testing import FlaskClient
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from werkzeug.test import TestResponse

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader, writing

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")

DATA = {number: f"http://kasei.us/2009/09/sparql/data/data{number}.rdf" for number in range(1, 4)}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """An endpoint over the three graphs that the protocol's tests name."""
    folder = tmp_path_factory.mktemp("protocol") / "store"
    with writing(folder, BASE) as writer:
        writer.replace(
            {
                name: f"<http://example.org/s{n}> <http://example.org/p> <{name}> .\n".encode()
                for n, name in DATA.items()
            }
        )
    reader = EmbeddedReader(folder)
    yield create_app(reader).test_client()
    reader.close()


def true(response: TestResponse) -> bool:
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/sparql-results+json"
    return bool(Result.parse(io.BytesIO(response.data), format="json").askAnswer)


# --- sparql11/protocol: query -----------------------------------------------------------------


def test_query_get(client: FlaskClient) -> None:
    assert true(client.get("/sparql", query_string={"query": "ASK {}"}))


def test_query_post_form(client: FlaskClient) -> None:
    assert true(client.post("/sparql", data={"query": "ASK {}"}, content_type=FORM))


def test_query_post_direct(client: FlaskClient) -> None:
    assert true(client.post("/sparql", data="ASK {}", content_type="application/sparql-query"))


def test_query_dataset_default_graph(client: FlaskClient) -> None:
    assert true(
        client.post(
            "/sparql",
            query_string={"default-graph-uri": DATA[1]},
            data=f"ASK {{ <http://example.org/s1> ?p <{DATA[1]}> }}",
            content_type="application/sparql-query",
        )
    )


BOTH = f"ASK {{ ?x ?p <{DATA[1]}> . ?y ?q <{DATA[2]}> }}"
NAMED = f"ASK {{ GRAPH ?a {{ ?x ?p <{DATA[1]}> }} GRAPH ?b {{ ?y ?q <{DATA[2]}> }} }}"


@pytest.mark.parametrize("method", ["get", "post"])
def test_query_dataset_default_graphs(client: FlaskClient, method: str) -> None:
    parameters = {"query": BOTH, "default-graph-uri": [DATA[1], DATA[2]]}
    assert true(send(client, method, parameters))
    assert not true(send(client, method, {**parameters, "default-graph-uri": [DATA[1]]}))


@pytest.mark.parametrize("method", ["get", "post"])
def test_query_dataset_named_graphs(client: FlaskClient, method: str) -> None:
    parameters = {"query": NAMED, "named-graph-uri": [DATA[1], DATA[2]]}
    assert true(send(client, method, parameters))
    assert not true(send(client, method, {**parameters, "named-graph-uri": [DATA[1]]}))
    anything = {"query": "ASK { ?s ?p ?o }", "named-graph-uri": [DATA[1]]}
    assert not true(send(client, method, anything)), "the default graph is empty then"


def test_query_dataset_full(client: FlaskClient) -> None:
    query = f"ASK {{ ?x ?p <{DATA[1]}> GRAPH ?g {{ ?y ?q <{DATA[2]}> }} }}"
    parameters = {
        "query": query, "default-graph-uri": [DATA[1]], "named-graph-uri": [DATA[2], DATA[3]],
    }  # fmt: skip
    assert true(send(client, "get", parameters))


def test_query_multiple_dataset(client: FlaskClient) -> None:
    """The protocol's dataset goes before the query's own FROM."""
    query = f"ASK FROM <{DATA[3]}> {{ GRAPH ?g {{ ?x ?p <{DATA[2]}> }} ?y ?q <{DATA[1]}> }}"
    parameters = {"query": query, "default-graph-uri": [DATA[1]], "named-graph-uri": [DATA[2]]}
    assert true(send(client, "post", parameters))


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("SELECT (1 AS ?value) {}", ("application/sparql-results+xml",
         "application/sparql-results+json", "text/tab-separated-values", "text/csv")),
        ("ASK {}", ("application/sparql-results+xml", "application/sparql-results+json")),
        ("DESCRIBE <http://example.org/s1>", ("application/rdf+xml", "text/turtle",
         "application/n-triples")),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", ("application/rdf+xml", "text/turtle",
         "application/n-triples")),
    ],
)  # fmt: skip
def test_query_content_type(client: FlaskClient, query: str, types: tuple[str, ...]) -> None:
    response = client.post("/sparql", data={"query": f"BASE <http://a/> {query}"})
    assert response.status_code == 200 and response.mimetype in types
    for kind in types:
        response = client.post(
            "/sparql", data={"query": f"BASE <http://a/> {query}"}, headers={"Accept": kind}
        )
        assert (response.status_code, response.mimetype) == (200, kind)


def test_bad_query_method(client: FlaskClient) -> None:
    response = client.put("/sparql", query_string={"query": "ASK {}"})
    assert 400 <= response.status_code < 500


def test_bad_multiple_queries(client: FlaskClient) -> None:
    for method in ("get", "post"):
        response = send(client, method, {"query": ["ASK {}", "SELECT * {}"]})
        assert response.status_code == 400


def test_bad_query_wrong_media_type(client: FlaskClient) -> None:
    response = client.post("/sparql", data="ASK {}", content_type="text/plain")
    assert 400 <= response.status_code < 500


def test_bad_query_missing_form_type(client: FlaskClient) -> None:
    response = client.post("/sparql", data=b"query=ASK%20%7B%7D")
    assert 400 <= response.status_code < 500


def test_bad_query_missing_direct_type(client: FlaskClient) -> None:
    assert 400 <= client.post("/sparql", data=b"ASK {}").status_code < 500


def test_bad_query_non_utf8(client: FlaskClient) -> None:
    response = client.post(
        "/sparql",
        data="ASK { ?s ?p '漢' }".encode("utf-16"),
        content_type="application/sparql-query; charset=UTF-16",
    )
    assert 400 <= response.status_code < 500


def test_bad_query_syntax(client: FlaskClient) -> None:
    assert send(client, "get", {"query": "ASK"}).status_code == 400


# --- sparql11/protocol: update, none of which is answered here ----------------------------------


@pytest.mark.parametrize("update", ["CLEAR ALL", "DELETE WHERE { ?s ?p ?o }", "not even an update"])
def test_updates_are_refused_and_change_nothing(client: FlaskClient, update: str) -> None:
    for response in (
        client.post("/sparql", data={"update": update}, content_type=FORM),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
        client.get("/sparql", query_string={"update": update}),
        client.post("/sparql", data={"update": update, "using-graph-uri": DATA[1]}),
    ):
        assert response.status_code == 403
    assert true(send(client, "get", {"query": BOTH}))


def send(client: FlaskClient, method: str, parameters: dict[str, Any]) -> TestResponse:
    if method == "get":
        return client.get("/sparql", query_string=parameters)
    return client.post("/sparql", data=parameters, content_type=FORM)


# --- evaluation and syntax ----------------------------------------------------------------------

OWN = Path(__file__).parent / "w3c_examples" / "manifest.ttl"
COPY = os.environ.get("GONGKAI_W3C_TESTS")

# What a read-only endpoint with one store does not take part in, and known faults of the engine.
NOT_APPLICABLE = ("/service/", "/entailment/", "-update", "/update", "/add/", "/clear/", "/copy/",
                  "/move/", "/drop/", "/delete", "/protocol/", "/http-rdf-update/",
                  "/service-description/")  # fmt: skip


def entries_of(manifest: Path) -> Iterator[tuple[str, str, Graph, URIRef]]:
    """Kind, name, manifest and node of each test, of included manifests too."""
    graph = Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    for node in graph.objects(None, MF.include):
        for item in Collection(graph, node):
            path = Path(str(item).removeprefix("file://"))
            if not any(part in path.as_posix() for part in NOT_APPLICABLE):
                yield from entries_of(path)
    for node in graph.objects(None, MF.entries):
        for item in Collection(graph, node):
            assert isinstance(item, URIRef)
            kind = str(graph.value(item, RDF.type)).rpartition("#")[2]
            if kind == "QueryEvaluationTest" or kind.endswith(("SyntaxTest11", "SyntaxTest")):
                yield kind, f"{manifest.parent.name}/{graph.value(item, MF.name)}", graph, item


def all_tests() -> list[Any]:
    manifests = [OWN]
    if COPY:
        manifests += sorted(Path(COPY).glob("manifest-sparql11-query.ttl")) or sorted(
            Path(COPY).glob("*/manifest.ttl")
        )
    found = [entry for manifest in manifests for entry in entries_of(manifest)]
    return [pytest.param(kind, graph, node, id=name) for kind, name, graph, node in found]


def file_of(node: object) -> Path:
    return Path(str(node).removeprefix("file://"))


@pytest.mark.parametrize(("kind", "manifest", "node"), all_tests())
def test_evaluation(tmp_path: Path, kind: str, manifest: Graph, node: URIRef) -> None:
    action = manifest.value(node, MF.action)
    query = file_of(manifest.value(action, QT.query) or action)
    text = f"BASE <{query.as_uri()}>\n{query.read_text(encoding='utf-8')}"
    default = list(manifest.objects(action, QT.data))
    named = list(manifest.objects(action, QT.graphData))
    folder = tmp_path / "store"
    with writing(folder, BASE) as writer:
        graphs = {"urn:test:default": b""}
        for name in default:
            graphs["urn:test:default"] += n_triples(file_of(name), str(name))
        for name in named:
            graphs[str(name)] = n_triples(file_of(name), str(name))
        writer.replace(graphs)
    reader = EmbeddedReader(folder)
    try:
        client = create_app(reader).test_client()
        parameters: dict[str, Any] = {"query": text}
        if "FROM" not in text:
            parameters |= {
                "default-graph-uri": ["urn:test:default"],
                "named-graph-uri": [str(name) for name in named] or ["urn:test:none"],
            }
        response = client.post("/sparql", data=parameters, headers={"Accept": ACCEPT})
        if "Syntax" in kind:
            assert (response.status_code == 400) == kind.startswith("Negative"), response.text
            return
        assert response.status_code == 200, response.text
        compare(response, file_of(manifest.value(node, MF.result)))
    finally:
        reader.close()


ACCEPT = "application/sparql-results+xml, application/n-triples"


def n_triples(path: Path, base: str) -> bytes:
    syntax = "xml" if path.suffix == ".rdf" else "turtle"
    graph = Graph().parse(path, format=syntax, publicID=base)
    return graph.serialize(format="nt", encoding="utf-8")


def compare(response: TestResponse, expected: Path) -> None:
    if response.mimetype == "application/n-triples":
        found = Graph().parse(data=response.data, format="nt")
        assert isomorphic(found, Graph().parse(data=n_triples(expected, ""), format="nt"))
        return
    formats = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
    with expected.open("rb") as file:
        wanted = Result.parse(file, format=formats[expected.suffix])
    found_result = Result.parse(io.BytesIO(response.data), format="xml")
    assert found_result.type == wanted.type
    if wanted.type == "ASK":
        assert found_result.askAnswer == wanted.askAnswer
        return
    plain = expected.suffix == ".csv"
    assert isomorphic(as_graph(found_result, plain), as_graph(wanted, plain))


def as_graph(result: Result, plain: bool) -> Graph:
    """A graph of the rows, so that blank nodes are compared as those of graphs are.

    ``plain``: CSV tells neither kind nor type of a value.
    """
    graph = Graph()
    space = Namespace("urn:test:")
    for binding in result.bindings:
        row = BNode()
        graph.add((row, RDF.type, space.Row))
        for variable, value in binding.items():
            kept = Literal(str(value)) if plain and not isinstance(value, BNode) else value
            graph.add((row, space[str(variable)], kept))
    return graph


def test_the_comparison_notices_what_differs(tmp_path: Path) -> None:
    rows = (OWN.parent / "sums.srx").read_text(encoding="utf-8")
    right = Result.parse(source=(OWN.parent / "sums.srx").open("rb"), format="xml")
    wrong_file = tmp_path / "wrong.srx"
    wrong_file.write_text(rows.replace(">7<", ">8<", 1), encoding="utf-8")
    wrong = Result.parse(source=wrong_file.open("rb"), format="xml")
    assert not isomorphic(as_graph(right, False), as_graph(wrong, False))
