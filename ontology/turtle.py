"""The Turtle files of the ontology, as one graph under any base address."""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.triples.graph import Graph


def turtle_files() -> Iterator[Traversable]:
    """Every Turtle file of the ontology, in the order of their names."""
    yield from _turtle_below(files("gongkai.ontology"))


def _turtle_below(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        # The list of divisions has a graph of its own: gongkai.ontology.area_graph.
        if entry.is_dir() and entry.name != "areas":
            yield from _turtle_below(entry)
        elif entry.name.endswith(".ttl"):
            yield entry


@lru_cache(maxsize=4)
def load_turtle(base: str = DEFAULT_BASE) -> Graph:
    """All files as one graph, their relative IRIs resolved against ``base``.

    The graph is shared between callers: copy it before adding to it.
    """
    graph = Graph()
    for file in turtle_files():
        graph.read_turtle(file.read_bytes(), base)
    return graph
