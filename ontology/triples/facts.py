"""The triples of a graph as terms, indexed by property: for rules, which join whole properties."""

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph

from gongkai.ontology.triples.lines import as_n_triples
from gongkai.ontology.triples.terms import XSD

_PROPERTY = re.compile(r"<[^<>\s]+>")
_OBJECT = re.compile(
    rb'<[^<>\s]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^<>\s]*>)?', re.DOTALL
)
"""One term, with no spaces around it."""

_STRING = f'"^^<{XSD}string>'.encode()
_TYPED_STRING = re.compile(rb"(?<!\\)(?:\\\\)*" + re.escape(_STRING))
"""A text whose datatype is written; quotation marks within the text are escaped."""

_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_NONE: dict[str, list[str]] = {}


class Facts:
    """The triples of one graph: the objects by property, then by subject."""

    def __init__(self, by_property: Mapping[str, Mapping[str, list[str]]]) -> None:
        """Take the objects by property and subject, without duplicates."""
        self._by_property = by_property
        self._inverse: dict[str, dict[str, list[str]]] = {}

    def properties(self) -> Iterable[str]:
        """All properties that some subject has."""
        return self._by_property.keys()

    def of(self, link: str) -> Mapping[str, list[str]]:
        """The objects of a property by subject."""
        return self._by_property.get(link, _NONE)

    def to(self, link: str) -> Mapping[str, list[str]]:
        """The subjects of a property by object."""
        if link not in self._inverse:
            inverse: dict[str, list[str]] = {}
            for subject, values in self.of(link).items():
                for value in values:
                    inverse.setdefault(value, []).append(subject)
            self._inverse[link] = inverse
        return self._inverse[link]

    def values(self, subject: str, link: str) -> Sequence[str]:
        """The objects of a subject for a property."""
        return self.of(link).get(subject, ())

    def value(self, subject: str, link: str) -> str | None:
        """The first object, in order, of a subject for a property; None if it has none."""
        values = self.of(link).get(subject)
        return min(values) if values else None

    def classes_below(self, kind: str) -> set[str]:
        """A class and all its subclasses."""
        below, to_do = {kind}, [kind]
        narrower = self.to(_SUBCLASS)
        while to_do:
            for found in narrower.get(to_do.pop(), ()):
                if found not in below:
                    below.add(found)
                    to_do.append(found)
        return below


def read_facts(n_triples: bytes) -> Facts:
    """The facts in an N-Triples document.

    Text as rdflib and Oxigraph write it (single spaces, the full stop at the end) is used directly;
    otherwise Oxigraph rewrites it first. Raises SyntaxError if it is not N-Triples.
    """
    by_property = _split(n_triples)
    if by_property is None:
        by_property = _split(as_n_triples(n_triples, pyoxigraph.RdfFormat.N_TRIPLES))
        assert by_property is not None, "Oxigraph writes single spaces"
    return Facts(by_property)


def _split(n_triples: bytes) -> Mapping[str, Mapping[str, list[str]]] | None:
    """Objects by property and subject; None if a line is not in the simple form."""
    lines = n_triples.split(b" .\n")
    if lines.pop() or n_triples.count(b"\n") != len(lines):
        return None
    # Looking for the bytes first is many times faster.
    if _STRING in n_triples and _TYPED_STRING.search(n_triples):
        return None
    # A subject begins with < or _; comments, tabs and spaces come before these.
    if (lines and min(lines) < b"<") or b"\t" in n_triples:
        return None
    by_link: dict[bytes, dict[str, list[str]]] = {}
    known: dict[bytes, str] = {}
    previous, subject = b"", ""
    try:
        for line in lines:
            begin, link, end = line.split(b" ", 2)
            # Lines on one subject are adjacent, and many have the same ending: each is decoded
            # once.
            if begin != previous:
                previous, subject = begin, str(begin, "utf-8")
            value = known.get(end)
            if value is None:
                if _OBJECT.fullmatch(end) is None:
                    return None
                value = known[end] = str(end, "utf-8")
            by_subject = by_link.get(link)
            if by_subject is None:
                by_link[link] = {subject: [value]}
            elif subject in by_subject:
                by_subject[subject].append(value)
            else:
                by_subject[subject] = [value]
        by_property = {str(link, "utf-8"): found for link, found in by_link.items()}
    except ValueError:
        return None
    if not all(map(_PROPERTY.fullmatch, by_property)):
        return None
    for by_subject in by_property.values():
        if len(by_subject) != sum(map(len, by_subject.values())):
            for subject, values in by_subject.items():
                if len(values) > 1:
                    by_subject[subject] = list(dict.fromkeys(values))
    return by_property
