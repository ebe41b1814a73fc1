"""A graph in memory: N-Triples terms in an index, read and filled with rdflib's terms.

rdflib parses with regular expressions and keeps each triple in three indexes of its own terms,
which takes most of the time where a graph is read once and a few of its triples are asked for. Here
Oxigraph parses, terms stay text until they are asked for, and the index by property is made where
it is used. The methods are those of ``rdflib.Graph``; where its breadth is needed (SPARQL,
prefixes, pyshacl), ``as_rdflib`` makes one.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Self

import pyoxigraph
import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from gongkai.ontology.triples.lines import as_n_triples
from gongkai.ontology.triples.terms import literal, parts_of

Triple = tuple[Node, Node, Node]
Pattern = tuple[Node | None, Node | None, Node | None]
Statements = tuple[tuple[str, str], ...]
"""Properties and objects of a subject, as N-Triples writes them."""

_Index = dict[str, dict[str, dict[str, None]]]
_NONE: dict[str, Any] = {}
_LONG = 256
"""Characters from which on a term is made anew each time."""


class Graph:
    """Triples, each once, in the order in which they were added."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        """With these triples."""
        self._objects: _Index = {}
        """By subject and property."""
        self._subjects: _Index | None = None
        """By property and object; None as long as it is not needed."""
        self += triples

    def add(self, triple: Triple, /) -> None:
        """Add a triple, unless it is there."""
        subject, link, value = triple
        self._add(_term(subject), _term(link), _term(value))

    def state(self, subject: str, said: Iterable[tuple[str, str]]) -> None:
        """Add triples of a subject; all terms as N-Triples writes them."""
        links = self._objects.setdefault(subject, {})
        for link, value in said:
            values = links.get(link)
            if values is None:
                links[link] = {value: None}
            else:
                values[value] = None
        self._subjects = None

    def _add(self, subject: str, link: str, value: str) -> None:
        self._objects.setdefault(subject, {}).setdefault(link, {})[value] = None
        if self._subjects is not None:
            self._subjects.setdefault(link, {}).setdefault(value, {})[subject] = None

    def set(self, triple: Triple, /) -> None:
        """Add a triple in place of all others with its subject and property."""
        subject, link, value = map(_term, triple)
        self._objects.setdefault(subject, {})[link] = {value: None}
        self._subjects = None

    def __iadd__(self, triples: Iterable[Triple]) -> Self:
        """Add triples, or those of another graph."""
        if isinstance(triples, Graph):
            for subject, link, value in list(triples._terms(None, None, None)):
                self._add(subject, link, value)
        else:
            for triple in triples:
                self.add(triple)
        return self

    def read_n_triples(self, content: bytes) -> Self:
        """Add the triples of an N-Triples document; raises SyntaxError, which has the line."""
        return self._read(as_n_triples(content, pyoxigraph.RdfFormat.N_TRIPLES))

    def read_turtle(self, content: bytes, base: str) -> Self:
        """Add the triples of a Turtle document, its relative IRIs resolved against ``base``.

        Raises SyntaxError, which has the line.
        """
        return self._read(as_n_triples(content, pyoxigraph.RdfFormat.TURTLE, base))

    def _read(self, n_triples: bytes) -> Self:
        for line in n_triples.decode().split(" .\n")[:-1]:
            subject, link, value = line.split(" ", 2)
            self._add(subject, link, _usual(value) if "\\" in value else value)
        return self

    def __iter__(self) -> Iterator[Triple]:
        """All triples, subject by subject."""
        return self.triples((None, None, None))

    def __len__(self) -> int:
        """The number of triples."""
        return sum(len(values) for links in self._objects.values() for values in links.values())

    def __contains__(self, pattern: Pattern) -> bool:
        """Whether there is a triple of the pattern, in which None is any term."""
        return next(self._matching(pattern), None) is not None

    def triples(self, pattern: Pattern) -> Iterator[Triple]:
        """The triples of a pattern, in which None is any term."""
        for subject, link, value in self._matching(pattern):
            yield _node(subject), _node(link), _node(value)

    def value(
        self, subject: Node | None = None, link: Node | None = None, value: Node | None = None
    ) -> Node | None:
        """The first object of a subject for a property; its first subject, given the object."""
        if link is None or (subject is None) == (value is None):
            return None
        found = next(self._matching((subject, link, value)), None)
        return None if found is None else _node(found[2] if value is None else found[0])

    def objects(self, subject: Node | None = None, link: Node | None = None) -> Iterator[Node]:
        """The objects of a subject for a property, each of which may be any."""
        return (_node(value) for _, _, value in self._matching((subject, link, None)))

    def subjects(self, link: Node | None = None, value: Node | None = None) -> Iterator[Node]:
        """The subjects with an object for a property, each of which may be any."""
        return (_node(subject) for subject, _, _ in self._matching((None, link, value)))

    def predicates(self, subject: Node | None = None) -> Iterator[Node]:
        """The properties of a subject, once for each object."""
        return (_node(link) for _, link, _ in self._matching((subject, None, None)))

    def subject_objects(self, link: Node) -> Iterator[tuple[Node, Node]]:
        """Subjects and objects of a property."""
        return ((subject, value) for subject, _, value in self.triples((None, link, None)))

    def predicate_objects(self, subject: Node) -> Iterator[tuple[Node, Node]]:
        """Properties and objects of a subject."""
        return ((link, value) for _, link, value in self.triples((subject, None, None)))

    def iris(self) -> frozenset[str]:
        """Every IRI in the graph."""
        terms = {term for triple in self._terms(None, None, None) for term in triple}
        return frozenset(term[1:-1] for term in terms if term.startswith("<"))

    def n_triples(self) -> bytes:
        """Sorted N-Triples: the same triples give the same bytes."""
        terms = self._terms(None, None, None)
        lines = [f"{subject} {link} {value} .\n" for subject, link, value in terms]
        return "".join(sorted(lines)).encode()

    def as_rdflib(self) -> rdflib.Graph:
        """The same triples as a graph of rdflib, without prefixes."""
        graph = rdflib.Graph(bind_namespaces="none")
        for triple in self:
            graph.add(triple)
        return graph

    def _matching(self, pattern: Pattern) -> Iterator[tuple[str, str, str]]:
        subject, link, value = (None if node is None else _term(node) for node in pattern)
        return self._terms(subject, link, value)

    def _terms(
        self, subject: str | None, link: str | None, value: str | None
    ) -> Iterator[tuple[str, str, str]]:
        if subject is None and (link is not None or value is not None):
            index = self._by_property()
            for found in index if link is None else (link,):
                by_value = index.get(found, _NONE)
                for one in by_value if value is None else (value,):
                    for node in by_value.get(one, _NONE):
                        yield node, found, one
            return
        for node in self._objects if subject is None else (subject,):
            links = self._objects.get(node, _NONE)
            for found in links if link is None else (link,):
                values = links.get(found, _NONE)
                for one in values if value is None else (value,) if value in values else ():
                    yield node, found, one

    def _by_property(self) -> _Index:
        index = self._subjects
        if index is None:
            index = {}
            for subject, links in self._objects.items():
                for link, values in links.items():
                    by_value = index.setdefault(link, {})
                    for value in values:
                        by_value.setdefault(value, {})[subject] = None
            # Only when it is whole: threads share the graphs of the ontology.
            self._subjects = index
        return index


def n_triples(triples: Iterable[Triple]) -> bytes:
    """Triples of rdflib as sorted N-Triples: the same triples give the same bytes."""
    return Graph(triples).n_triples()


def _term(node: Node) -> str:
    """A node as N-Triples writes it; a name that is no IRI is refused by rdflib."""
    # Not isinstance, which asks the abstract class of nodes where the answer is no.
    if type(node) is Literal:
        return literal(str(node), node.language, node.datatype)
    return node.n3()


def _node(term: str) -> Node:
    # Names and codes come again and again; the content of a version is half a megabyte.
    return _known_node(term) if len(term) < _LONG else _made_node(term)


@lru_cache(maxsize=8192)
def _known_node(term: str) -> Node:
    return _made_node(term)


def _made_node(term: str) -> Node:
    if term.startswith("<"):
        return URIRef(term[1:-1])
    if term.startswith("_:"):
        return BNode(term[2:])
    text, language, datatype = parts_of(term)
    return Literal(text, language, datatype, normalize=False)


def _usual(term: str) -> str:
    """A term with the escapes of rdflib: Oxigraph escapes more control characters."""
    return literal(*parts_of(term)) if term.startswith('"') else term
