"""The meaning of the data: Turtle of the vocabulary, structures, code lists, forms, law and bodies.

This package is at the bottom of the imports: it imports nothing else of gongkai but its version.
Its Turtle is written with relative IRIs, so that one set of files serves every base address.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.ontology.triples.graph import Graph

__all__ = ["DEFAULT_BASE", "load_ontology"]

DEFAULT_BASE = "http://localhost:8000/"
"""Base address where none is given; that of a server on the local machine."""


@lru_cache(maxsize=4)
def load_ontology(base: str = DEFAULT_BASE) -> "Graph":
    """The whole ontology under ``base``: the content of its files, the cells of forms, its queries.

    The graph is shared between callers: copy it before adding to it.
    """
    # Processes that need a text alone do not wait for rdflib, which is slow to import.
    from gongkai.ontology.comparison import query_texts
    from gongkai.ontology.form_cells import form_cells
    from gongkai.ontology.triples.graph import Graph
    from gongkai.ontology.turtle import load_turtle

    graph = Graph()
    graph += load_turtle(base)
    graph += form_cells(graph, base)
    graph += query_texts(base)
    return graph
