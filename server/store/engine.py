"""The query engine in a worker process: opens the current snapshot and answers from it.

Run by the pool of ``embedded``; imports no more than it needs, because each worker starts anew
after a query that had to be killed.
"""

import resource
from pathlib import Path

import pyoxigraph

from gongkai.server.store import QueryRefused, StoreError

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
    try:
        target = pointer.resolve(strict=True)
        if _open is None or _open[0] != target:
            _open = (target, pyoxigraph.Store.read_only(str(target)))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the store at {pointer.parent} cannot be read: {error}") from None
    return _open[1]


def limit_memory(size: int) -> None:
    """Let this process have ``size`` bytes of memory at most: a greedy query ends it, alone."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


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

    Raises QueryRefused for what the engine cannot make sense of, StoreError where there is no
    store to read.
    """
    store = _current(pointer)
    try:
        return _run(store, text, results, graph, union, default, named, prefixes)
    except SyntaxError as error:
        # The engine's list of all that it could have read is no help; the place is.
        short = str(error).partition(": expected one of")[0]
        raise QueryRefused(f"this is not a SPARQL query: {short}") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryRefused(f"the query cannot be answered: {error}") from None


def _run(
    store: pyoxigraph.Store,
    text: str,
    results: str,
    graph: str,
    union: bool,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    prefixes: dict[str, str],
) -> tuple[bool, bytes]:
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
