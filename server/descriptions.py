"""What a document says: one CONSTRUCT query for each kind of thing, in ``queries/``."""

import json
import re
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from cachetools import LRUCache
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import FOAF
from rdflib.term import Node

from gongkai.ontology.forms import Label
from gongkai.server.store import Store

_PATH = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*")
_LABELS_AT_ONCE = 400
_THINGS_AT_ONCE = 500

T = TypeVar("T")

_known: LRUCache[tuple[str, str, str], Any] = LRUCache(20)
_lock = threading.Lock()


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


def fill_list(name: str, base: str, these: Sequence[str]) -> str:
    """The query ``name`` about several things, which stand where it says ``?these``.

    As with ``fill``, they must be names that we minted or that the store itself holds.
    """
    values = " ".join(f"<{one}>" for one in these)
    return f"BASE <{base}>\n" + query_text(name).replace("?these", values)


def minted(base: str, path: str) -> str | None:
    """The URI at ``path`` under the base; None where the path has signs that we never mint."""
    return base + path if _PATH.fullmatch(path) else None


def describe(store: Store, this: str, document: str = "") -> bytes:
    """What the store says of the thing ``this``: N-Triples, sorted; none where it says nothing.

    With ``document`` they also say that this document is about the thing.
    """
    path = this.removeprefix(store.base)
    segments = path.split("/")
    kind = segments[1] if segments[0] == "id" and len(segments) > 1 else segments[0]
    if kind == "code" and len(segments) == 3:
        kind = "code-list"
    name = f"describe-{kind}"
    if name not in _queries():
        name = "describe"
    triples = _triples(store, fill(name, store.base, this))
    if triples and document:
        triples |= {
            f"<{document}> <{RDF.type}> <{FOAF.Document}> .\n".encode(),
            f"<{document}> <{FOAF.primaryTopic}> <{this}> .\n".encode(),
        }
    return b"".join(sorted(triples))


def _triples(store: Store, text: str) -> set[bytes]:
    return set(store.query(text, graph="nt").body.splitlines(keepends=True))


def construct(store: Store, text: str) -> Graph:
    """The graph that a CONSTRUCT query makes."""
    return read_graph(store.query(text, graph="nt").body)


def read_graph(triples: bytes) -> Graph:
    """The graph of some triples (N-Triples)."""
    return Graph(bind_namespaces="none").parse(data=triples, format="nt")


def write_triples(graph: Graph) -> bytes:
    """The triples of a graph: N-Triples, sorted."""
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    return b"".join(sorted(lines))


def labels(store: Store, nodes: list[str]) -> dict[str, Label]:
    """The labels of things, by IRI and language."""
    found: dict[str, Label] = {}
    for start in range(0, len(nodes), _LABELS_AT_ONCE):
        text = fill_list("labels", store.base, nodes[start : start + _LABELS_AT_ONCE])
        graph = construct(store, text)
        for node, _, label in graph:
            if isinstance(label, Literal):
                found.setdefault(str(node), {})[label.language or ""] = str(label)
    return found


@lru_cache(maxsize=1)
def _queries() -> frozenset[str]:
    """The names of all queries."""
    folder = files("gongkai.server").joinpath("queries")
    return frozenset(item.name.removesuffix(".rq") for item in folder.iterdir())


def label_of(graph: Graph, node: Node, link: Node) -> Label:
    """The texts that ``link`` gives a node, by language."""
    return {
        str(text.language or ""): str(text)
        for text in graph.objects(node, link)
        if isinstance(text, Literal)
    }


def is_thing(store: Store, this: str) -> bool:
    """Whether the store says anything of ``this``; of a withdrawn report it does no longer."""
    return store.query(fill("exists", store.base, this), results="csv").body.strip() == b"true"


def rows(store: Store, name: str, this: str) -> list[dict[str, str]]:
    """The rows that the query ``name`` finds about ``this``: values by variable."""
    return rows_of(store, fill(name, store.base, this))


def rows_of(store: Store, text: str) -> list[dict[str, str]]:
    """The rows that a query finds: values by variable, their languages by ``variable@language``."""
    answer = json.loads(store.query(text, results="json").body)
    found = []
    for row in answer["results"]["bindings"]:
        values = {variable: cell["value"] for variable, cell in row.items()}
        for variable, cell in row.items():
            if "xml:lang" in cell:
                values[f"{variable}@language"] = cell["xml:lang"]
        found.append(values)
    return found


def listed(store: Store, name: str) -> Sequence[dict[str, str]]:
    """The rows of a query on the whole store, known until its content changes.

    Pages are cut from them: stores sort anew for each OFFSET, or refuse to (Virtuoso, beyond
    10,000 rows).
    """
    return once(store, name, lambda: tuple(rows(store, name, store.base)))


def once(store: Store, name: str, make: Callable[[], T]) -> T:
    """What ``make`` makes of the whole store, known by its name until the content changes."""
    key = (store.base, store.version, name)
    with _lock:
        known: T | None = _known.get(key)
    if known is None:
        known = make()
        with _lock:
            _known[key] = known
    return known


def rows_about(
    store: Store, query: str, things: Sequence[str], codes: str = ""
) -> list[dict[str, str]]:
    """The rows that a query finds about things (``?these``), asked for in parts.

    ``codes`` stands where the query says ``?codes``: dimensions and codes of a cell.
    """
    found = []
    for start in range(0, len(things), _THINGS_AT_ONCE):
        text = fill_list(query, store.base, things[start : start + _THINGS_AT_ONCE])
        found += rows_of(store, text.replace("?codes", codes))
    return found


def whole_graph(store: Store, name: str) -> bytes:
    """A graph of the store: N-Triples, sorted."""
    return b"".join(sorted(_triples(store, fill("whole-graph", store.base, name))))


def report_things(store: Store, report: str) -> bytes:
    """What is kept apart of the year, body, series and place of a report: N-Triples, sorted."""
    return b"".join(sorted(_triples(store, fill("report-things", store.base, report))))


def whole_report(store: Store, report: str) -> bytes:
    """A report as it was converted, with the things that it shares with others; sorted."""
    own = _triples(store, fill("whole-graph", store.base, report))
    things = _triples(store, fill("report-things", store.base, report)) if own else set()
    return b"".join(sorted(own | things))


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
