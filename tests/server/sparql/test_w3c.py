"""The W3C's tests of the SPARQL 1.1 Protocol (sparql11/protocol, 2013), under their own names."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib.query import Result
from werkzeug.test import TestResponse

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE

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
    response = client.post("/sparql", data={"query": query})
    assert response.status_code == 200 and response.mimetype in types
    for kind in types:
        response = client.post("/sparql", data={"query": query}, headers={"Accept": kind})
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
