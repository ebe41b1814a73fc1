"""The W3C's tests of SPARQL 1.0 and 1.1, query evaluation and syntax, through the endpoint.

They are read where they lie, beside the project (W3C test suite licence). The bare engine fails
some: nothing else may fail here. Examples of our own in the same form are run everywhere.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node
from werkzeug.test import TestResponse

from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from gongkai.server.store.query_text import names_dataset
from helpers.commands import BASE, ROOT

SUITE = ROOT.parent / "shared" / "standards" / "w3c-sparql-tests"
OWN = ROOT / "tests" / "w3c_examples" / "manifest.ttl"
KNOWN = SUITE / "fails-in-pyoxigraph-0.5.13.txt"

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
NOTHING = "urn:test:nothing"

KINDS = {
    "QueryEvaluationTest": None, "CSVResultFormatTest": None,
    "PositiveSyntaxTest": True, "PositiveSyntaxTest11": True,
    "NegativeSyntaxTest": False, "NegativeSyntaxTest11": False,
}  # fmt: skip
"""Whether the query is right, where nothing else is tested."""

# Entailment regimes and other endpoints are none of what this one offers.
NOT_OFFERED = {"entailment", "service", "syntax-fed", "http-rdf-update", "graph-store-protocol"}
SYNTAXES = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".n3": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".trig": pyoxigraph.RdfFormat.TRIG,
}
RESULTS = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}


class Case(NamedTuple):
    """One test: the query, what it is asked of, and the file of its result, if it has one."""

    name: str
    right: bool | None
    query: Path
    default: tuple[Path, ...] = ()
    named: tuple[Path, ...] = ()
    result: Path | None = None
    lax: bool = False


def file_of(node: Node | None) -> Path | None:
    return None if node is None else Path(str(node).removeprefix("file://"))


def files_of(nodes: Any) -> tuple[Path, ...]:
    return tuple(Path(str(node).removeprefix("file://")) for node in nodes)


def cases_of(manifest: Path, version: str) -> Iterator[Case]:
    graph = Graph().parse(manifest, format="turtle", publicID=manifest.as_uri())
    for head in graph.objects(None, MF.entries):
        for node in Collection(graph, head):
            kind = str(graph.value(node, RDF.type)).rpartition("#")[2]
            action = graph.value(node, MF.action)
            query = file_of(graph.value(action, QT.query) or action)
            if kind not in KINDS or query is None:
                continue
            yield Case(
                f"{version}/{manifest.parent.name}/{str(node).rpartition('#')[2]}",
                KINDS[kind],
                query,
                files_of(graph.objects(action, QT.data)),
                files_of(graph.objects(action, QT.graphData)),
                file_of(graph.value(node, MF.result)),
                (node, MF.resultCardinality, MF.LaxCardinality) in graph,
            )


@cache
def all_cases() -> tuple[Case, ...]:
    found: list[Case] = [*cases_of(OWN, "own")]
    for version in ("1.0", "1.1"):
        for manifest in sorted(SUITE.glob(f"sparql{version.replace('.', '')}/*/manifest.ttl")):
            if manifest.parent.name not in NOT_OFFERED:
                found += cases_of(manifest, version)
    return tuple(found)


FAILS = frozenset(KNOWN.read_text(encoding="utf-8").split() if KNOWN.exists() else ())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """An endpoint over the data of all tests, each file a graph."""
    used = {path for case in all_cases() for path in (*case.default, *case.named)}
    for folder in {case.query.parent for case in all_cases()}:  # FROM names others.
        used |= {path for path in folder.iterdir() if path.stem.startswith("data")}
    folder = tmp_path_factory.mktemp("suite") / "store"
    with writing(folder, BASE) as writer:
        writer.replace({path.as_uri(): n_triples(path) for path in sorted(used) if is_data(path)})
    reader = EmbeddedReader(folder)
    yield create_app(reader).test_client()
    reader.close()


def is_data(path: Path) -> bool:
    return path.suffix in SYNTAXES and path.suffix != ".trig" and path.exists()


def n_triples(path: Path) -> bytes:
    found = pyoxigraph.parse(
        path=str(path),
        format=SYNTAXES[path.suffix],
        base_iri=path.as_uri(),
        rename_blank_nodes=True,
    )
    triples = (quad.triple for quad in found)
    return pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""


def params() -> list[Any]:
    return [
        pytest.param(
            case, id=case.name,
            marks=pytest.mark.xfail(reason="as the bare engine") if case.name in FAILS else (),
        )
        for case in all_cases()
    ]  # fmt: skip


@pytest.mark.skipif(not SUITE.exists(), reason=f"the W3C's tests are not run: no {SUITE}")
def test_all_of_the_suite_is_run() -> None:
    names = {case.name for case in all_cases()}
    assert len(names) >= 793 and names >= FAILS


@pytest.mark.parametrize("case", params())
def test_query(client: FlaskClient, case: Case) -> None:
    text = f"BASE <{case.query.as_uri()}>\n{case.query.read_text(encoding='utf-8')}"
    parameters: dict[str, Any] = {"query": text}
    if not names_dataset(text):
        parameters["default-graph-uri"] = [path.as_uri() for path in case.default] or [NOTHING]
        parameters["named-graph-uri"] = [path.as_uri() for path in case.named] or [NOTHING]
    response = client.post("/sparql", data=parameters, headers={"Accept": accepted(case)})
    if case.right is not None:
        assert (response.status_code == 200) == case.right, response.text
        return
    assert response.status_code == 200, response.text
    assert case.result is not None
    compare(response, case.result, case.lax)


def accepted(case: Case) -> str:
    suffix = case.result.suffix if case.result else ""
    wanted = {
        ".srj": "application/sparql-results+json", ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
    }.get(suffix, "application/sparql-results+xml")  # fmt: skip
    return f"{wanted}, application/n-triples"


def compare(response: TestResponse, expected: Path, lax: bool) -> None:
    if response.mimetype == "application/n-triples":
        assert isomorphic(graph_of(response.data), graph_of(n_triples(expected)))
        return
    wanted = expected_result(expected)
    found = result_of(response)
    if "boolean" in wanted:
        assert found["boolean"] == wanted["boolean"]
        return
    plain = expected.suffix == ".csv"  # It tells neither kind nor type of a value.
    assert set(found["variables"]) == set(wanted["variables"])
    one, other = (as_graph(side["rows"], plain, lax) for side in (found, wanted))
    assert isomorphic(one, other)


def graph_of(triples: bytes) -> Graph:
    return Graph().parse(data=triples, format="nt")


def result_of(response: TestResponse) -> dict[str, Any]:
    kinds = {
        "application/sparql-results+json": "json", "application/sparql-results+xml": "xml",
        "text/csv": "csv", "text/tab-separated-values": "tsv",
    }  # fmt: skip
    return parsed(response.data, kinds[response.mimetype or ""])


def expected_result(path: Path) -> dict[str, Any]:
    if path.suffix in RESULTS:
        return parsed(path.read_bytes(), RESULTS[path.suffix])
    graph = graph_of(n_triples(path))
    (head,) = graph.subjects(RDF.type, RS.ResultSet)
    answer = graph.value(head, RS.boolean)
    if answer is not None:
        return {"boolean": str(answer) == "true"}
    rows = [
        {
            str(graph.value(binding, RS.variable)): graph.value(binding, RS.value)
            for binding in graph.objects(solution, RS.binding)
        }
        for solution in graph.objects(head, RS.solution)
    ]
    return {
        "variables": [str(name) for name in graph.objects(head, RS.resultVariable)],
        "rows": rows,
    }


def parsed(body: bytes, kind: str) -> dict[str, Any]:
    if kind == "json" and "boolean" in json.loads(body):
        return {"boolean": json.loads(body)["boolean"]}
    result = Result.parse(io.BytesIO(body), format=kind)
    if result.type == "ASK":
        return {"boolean": result.askAnswer}
    rows = [
        {str(name): value for name, value in binding.items()} for binding in result.bindings or []
    ]
    return {"variables": [str(name) for name in result.vars or []], "rows": rows}


def as_graph(rows: list[dict[str, Any]], plain: bool, lax: bool) -> Graph:
    """A graph of the rows, so that blank nodes are compared as those of graphs are.

    Equal rows are one node with their count: nodes that nothing tells apart would have to be tried
    in every order.
    """
    graph = Graph()
    space = Namespace("urn:test:")
    counts = Counter(
        tuple((name, canonical(value, plain)) for name, value in sorted(row.items()))
        for row in rows
    )
    for row, count in counts.items():
        node = BNode()
        graph.add((node, RDF.type, space.Row))
        graph.add((node, RDF.value, Literal(1 if lax else count)))
        for variable, value in row:
            graph.add((node, space[variable], value))
    return graph


def canonical(value: Any, plain: bool) -> Any:
    """One spelling of each number, and of tags of languages: their spelling is not tested.

    ``plain``: nothing tells what is a number.
    """
    if isinstance(value, BNode) or not (plain or isinstance(value, Literal)):
        return value
    if plain:
        return Literal(spelled(str(value)))
    if value.language:
        return Literal(str(value), lang=value.language.lower())
    if value.datatype == XSD.string:  # The same as none since RDF 1.1.
        return Literal(str(value))
    if value.datatype in (XSD.decimal, XSD.float, XSD.double):
        return Literal(spelled(str(value)), datatype=value.datatype)
    return value


def spelled(number: str) -> str:
    with suppress(ArithmeticError):
        return f"{Decimal(number).normalize():f}"
    return number
