"""The query engine in a worker process: opens the current snapshot and answers from it.

Run by the pool of ``embedded``; imports no more than it needs, because each worker starts anew
after a query that had to be killed.
"""

from pathlib import Path

import pyoxigraph

_RESULT_FORMATS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_GRAPH_FORMATS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}

_open: tuple[Path, pyoxigraph.Store] | None = None


def _current(pointer: Path) -> pyoxigraph.Store:
    """The snapshot that ``pointer`` leads to now; opened again when a new one was published."""
    global _open
    target = pointer.resolve(strict=True)
    if _open is None or _open[0] != target:
        _open = (target, pyoxigraph.Store.read_only(str(target)))
    return _open[1]


def answer(
    pointer: Path,
    text: str,
    results: str,
    graph: str,
    union: bool,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    prefixes: dict[str, str],
) -> tuple[bool, bytes]:
    """Run a query on the current snapshot: (whether it is a graph, the serialised answer).

    Raises SyntaxError for text that is no SPARQL query.
    """
    store = _current(pointer)
    nodes = pyoxigraph.NamedNode
    found = store.query(
        text,
        use_default_graph_as_union=union,
        default_graph=None if default is None else [nodes(name) for name in default],
        named_graphs=None if named is None else [nodes(name) for name in named],
    )
    if isinstance(found, pyoxigraph.QueryTriples):
        triples = list(found)
        body = pyoxigraph.serialize(triples, format=_GRAPH_FORMATS[graph], prefixes=prefixes)
        assert body is not None
        return True, body
    body = found.serialize(format=_RESULT_FORMATS[results])
    assert body is not None
    return False, body
