"""Targets for statements: a graph, or lines of N-Triples where there are too many for a graph.

A report of another country has up to six thousand numbers, and a table of statistics many reports:
building a graph in memory would take most of the time of a conversion, and nothing queries it.
"""

from typing import Any, Protocol

from rdflib.plugins.serializers.nt import _nt_row
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


class Statements(Protocol):
    """An object that takes triples, as a graph does."""

    def add(self, triple: Triple, /) -> Any:
        """Take one triple."""


class Lines:
    """Triples as lines of N-Triples (W3C, RDF 1.1 N-Triples, 2014), as a graph writes them."""

    def __init__(self) -> None:
        """Begin without lines."""
        self.lines: list[bytes] = []

    def add(self, triple: Triple, /) -> None:
        """Take one triple."""
        self.lines.append(_nt_row(triple).encode("utf-8"))
