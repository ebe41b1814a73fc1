"""Load many graphs into the embedded engine at once, by files instead of one by one.

The engine sorts what it loads in bulk and takes it in as finished files, without the write-ahead
log that updates leave. It is no transaction: the caller restores the engine's files if a load does
not end (``embedded_writer``).
"""

from collections.abc import Mapping

import pyoxigraph

from gongkai.ontology.triples.lines import as_n_triples, in_graph, lines_of, sorted_lines

_N_TRIPLES, _N_QUADS = pyoxigraph.RdfFormat.N_TRIPLES, pyoxigraph.RdfFormat.N_QUADS


def load(store: pyoxigraph.Store, graphs: Mapping[str, bytes]) -> None:
    """Replace the content of each graph (N-Triples, by name; empty: there is no such graph).

    Of a graph that is there, only what differs is written. Raises OSError, RuntimeError or, for
    what is no N-Triples, SyntaxError.
    """
    quads: list[bytes] = []
    removed: list[str] = []
    apart: dict[str, bytes] = {}
    for name, content in graphs.items():
        node, triples = pyoxigraph.NamedNode(name), _as_lines(content)
        if not store.contains_named_graph(node):
            added = triples
        elif not triples or b"_:" in triples:
            store.remove_graph(node)
            added = triples
        else:
            before, now = lines_of(graph_of(store, name)), lines_of(triples)
            if any(b"_:" in line for line in before):
                store.remove_graph(node)
                before = set()
            if gone := sorted_lines(before - now):
                removed.append(f"GRAPH <{name}> {{\n{gone.decode('utf-8')}}}")
            added = sorted_lines(now - before)
        if b"_:" in added:
            # The blank nodes of one document are those of one graph.
            apart[name] = added
        elif added:
            quads.append(in_graph(added, name))
    if removed:
        store.update(f"DELETE DATA {{ {' '.join(removed)} }}")
    if quads:
        store.bulk_load(input=b"".join(quads), format=_N_QUADS)
    for name, triples in apart.items():
        node = pyoxigraph.NamedNode(name)
        store.bulk_load(input=triples, format=_N_TRIPLES, to_graph=node)


def graph_of(store: pyoxigraph.Store, name: str) -> bytes:
    """The triples of a graph (N-Triples); empty if there is none."""
    return store.dump(format=_N_TRIPLES, from_graph=pyoxigraph.NamedNode(name)) or b""


def _as_lines(triples: bytes) -> bytes:
    """N-Triples with each triple on a line of its own, in the simple form; see ``lines``."""
    # What stands in texts is escaped: a line feed is the end of a line.
    if triples.count(b" .\n") == triples.count(b"\n") and triples[-1:] in (b"", b"\n"):
        return triples
    return as_n_triples(triples, _N_TRIPLES)
