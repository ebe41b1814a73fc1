"""What a document says: one CONSTRUCT query for each kind of thing, in ``queries/``."""

import re
from functools import lru_cache
from importlib.resources import files

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, QB, RDFS, SH, SKOS, TIME, VOID, XSD

from gongkai.ontology.forms import Label
from gongkai.server.store import Store

_PATH = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")
_LABELS_AT_ONCE = 400

_PREFIXES = {
    "dcat": Namespace("http://www.w3.org/ns/dcat#"),
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "dqv": Namespace("http://www.w3.org/ns/dqv#"),
    "earl": Namespace("http://www.w3.org/ns/earl#"),
    "org": Namespace("http://www.w3.org/ns/org#"),
    "owl": OWL,
    "prov": PROV,
    "qb": QB,
    "rdfs": RDFS,
    "sd": Namespace("http://www.w3.org/ns/sparql-service-description#"),
    "schema": Namespace("http://schema.org/"),
    "sdmx-attribute": Namespace("http://purl.org/linked-data/sdmx/2009/attribute#"),
    "sdmx-code": Namespace("http://purl.org/linked-data/sdmx/2009/code#"),
    "sdmx-dimension": Namespace("http://purl.org/linked-data/sdmx/2009/dimension#"),
    "sdmx-measure": Namespace("http://purl.org/linked-data/sdmx/2009/measure#"),
    "sh": SH,
    "skos": SKOS,
    "spdx": Namespace("http://spdx.org/rdf/terms#"),
    "time": TIME,
    "void": VOID,
    "vcard": Namespace("http://www.w3.org/2006/vcard/ns#"),
    "xsd": XSD,
}


@lru_cache
def query_text(name: str) -> str:
    """The text of ``queries/NAME.rq``; raises FileNotFoundError where there is none."""
    return files("gongkai.server").joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


def fill(name: str, base: str, this: str) -> str:
    """The query ``name`` about the thing ``this``: its BASE set, ``?this`` replaced by the IRI.

    ``this`` must come from ``minted``, or from the store itself: it is put into the text.
    """
    text = re.sub(r"[?$]this\b", lambda _: f"<{this}>", query_text(name))
    return f"BASE <{base}>\n{text}"


def minted(base: str, path: str) -> str | None:
    """The URI at ``path`` under the base; None where the path has signs that we never mint."""
    return base + path if _PATH.fullmatch(path) else None


def describe(store: Store, this: str) -> Graph:
    """What the store says of the thing ``this``; an empty graph where it says nothing."""
    path = this.removeprefix(store.base)
    segments = path.split("/")
    kind = segments[1] if segments[0] == "id" and len(segments) > 1 else segments[0]
    if kind == "code" and len(segments) == 3:
        kind = "code-list"
    name = f"describe-{kind}"
    if not _has_query(name):
        name = "describe"
    graph = construct(store, fill(name, store.base, this))
    return graph


def bind_prefixes(base: str) -> Graph:
    """An empty graph with the prefixes that documents use."""
    graph = Graph(bind_namespaces="none")
    graph.bind("def", base + "def#")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def construct(store: Store, text: str) -> Graph:
    """The graph that a CONSTRUCT query makes, with prefixes for people to read."""
    graph = bind_prefixes(store.base)
    graph.parse(data=store.query(text, graph="nt").body, format="nt")
    return graph


def labels(store: Store, nodes: list[str]) -> dict[str, Label]:
    """The labels of things, by IRI and language."""
    found: dict[str, Label] = {}
    for start in range(0, len(nodes), _LABELS_AT_ONCE):
        values = " ".join(f"<{node}>" for node in nodes[start : start + _LABELS_AT_ONCE])
        graph = construct(store, query_text("labels").replace("?these", values))
        for node, _, label in graph:
            if isinstance(label, Literal):
                found.setdefault(str(node), {})[label.language or ""] = str(label)
    return found


@lru_cache
def _has_query(name: str) -> bool:
    return files("gongkai.server").joinpath("queries", f"{name}.rq").is_file()


def is_thing(store: Store, this: str) -> bool:
    """Whether the store says anything of ``this``."""
    return store.query(f"ASK {{ <{this}> ?link ?value }}", results="csv").body.strip() == b"true"


def named_nodes(graph: Graph) -> list[str]:
    """Every IRI in the graph that a label could be asked for, sorted."""
    return sorted(
        {
            str(term)
            for triple in graph
            for term in triple
            if isinstance(term, URIRef) and re.fullmatch(r"[^<>\"{}|^`\\\s]+", str(term))
        }
    )
