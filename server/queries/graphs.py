"""The content of documents: one CONSTRUCT query for each kind of entity."""

import re

from rdflib import Literal
from rdflib.namespace import FOAF
from rdflib.term import Node

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import line_of, lines_of, sorted_lines
from gongkai.ontology.triples.terms import TYPE
from gongkai.server.queries.texts import fill, fill_list, query_names
from gongkai.server.store import Store

_LABELS_AT_ONCE = 400
_IN_A_QUERY = re.compile(r"[^<>\"{}|^`\\\s]+")


def kind_of(store: Store, this: str) -> str:
    """The kind of the entity ``this``, by which its queries are named."""
    path = this.removeprefix(store.base)
    segments = path.split("/")
    kind = segments[1] if segments[0] == "id" and len(segments) > 1 else segments[0]
    return "code-list" if kind == "code" and len(segments) == 3 else kind


def describe(store: Store, this: str, document: str = "") -> bytes:
    """The description of the entity ``this`` in the store: N-Triples, sorted; may be empty.

    With ``document``, it also states that this document is about the entity. The members of
    an entity are not in it: see ``members``.
    """
    name = f"describe-{kind_of(store, this)}"
    if name not in query_names():
        name = "describe"
    triples = _triples(store, fill(name, store.base, this))
    if triples and document:
        triples |= {
            line_of(f"<{document}>", TYPE, f"<{FOAF.Document}>"),
            line_of(f"<{document}>", f"<{FOAF.primaryTopic}>", f"<{this}>"),
        }
    return sorted_lines(triples)


def _triples(store: Store, text: str) -> set[bytes]:
    return lines_of(store.query(text, graph="nt").body)


def construct(store: Store, text: str) -> Graph:
    """The graph of a CONSTRUCT query."""
    return read_graph(store.query(text, graph="nt").body)


def read_graph(triples: bytes) -> Graph:
    """Parse triples (N-Triples) into a graph."""
    return Graph().read_n_triples(triples)


def labels(store: Store, nodes: list[str]) -> dict[str, Label]:
    """The labels of entities, by IRI and language."""
    found: dict[str, Label] = {}
    for start in range(0, len(nodes), _LABELS_AT_ONCE):
        text = fill_list("labels", store.base, nodes[start : start + _LABELS_AT_ONCE])
        graph = construct(store, text)
        for node, _, label in graph:
            if isinstance(label, Literal):
                found.setdefault(str(node), {})[label.language or ""] = str(label)
    return found


def label_of(graph: Graph, node: Node, link: Node) -> Label:
    """The labels of a node through the property ``link``, by language."""
    return {
        str(text.language or ""): str(text)
        for text in graph.objects(node, link)
        if isinstance(text, Literal)
    }


def whole_graph(store: Store, name: str) -> bytes:
    """All triples of a graph of the store: N-Triples, sorted."""
    return sorted_lines(_triples(store, fill("whole-graph", store.base, name)))


def report_entities(store: Store, report: str) -> bytes:
    """The shared entities of a report (year, body, series, area): N-Triples, sorted."""
    return sorted_lines(_triples(store, fill("report-entities", store.base, report)))


def whole_report(store: Store, report: str) -> bytes:
    """A report with all that the store says of its shared entities: N-Triples, sorted.

    Of an area that is also what the list of areas says, which no report states.
    """
    own = _triples(store, fill("whole-graph", store.base, report))
    entities = _triples(store, fill("report-entities", store.base, report)) if own else set()
    return sorted_lines(own | entities)


def named_nodes(graph: Graph) -> list[str]:
    """Every IRI in the graph that may have a label, sorted."""
    return sorted(iri for iri in graph.iris() if _IN_A_QUERY.fullmatch(iri))
