"""What things mean: the Turtle of the vocabulary, structures, code lists, forms, law and bodies.

This package is the ground floor: it imports nothing else of gongkai. Its Turtle is written with
relative IRIs, so that one set of files serves every base address.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rdflib import Graph

DEFAULT_BASE = "http://localhost:8000/"
"""Base address where none is given; the address of a server on one's own machine."""


def turtle_files() -> Iterator[Traversable]:
    """Every Turtle file of the ontology, in the order of their names."""
    yield from _turtle_below(files(__package__))


def _turtle_below(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            yield from _turtle_below(entry)
        elif entry.name.endswith(".ttl"):
            yield entry


@lru_cache(maxsize=4)
def load_ontology(base: str = DEFAULT_BASE) -> Graph:
    """The whole ontology as one graph, its relative IRIs resolved against ``base``.

    The graph is shared between callers: copy it before adding to it.
    """
    graph = Graph()
    for file in turtle_files():
        graph.parse(data=file.read_text(encoding="utf-8"), format="turtle", publicID=base)
    return graph
