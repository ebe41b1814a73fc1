"""The triples of a graph, indexed by property, for the set-wise engine.

Terms are kept as N-Triples (``<http://…>``, ``"376"^^<…#integer>``): compared as text, and written
out unchanged.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph

_PROPERTY = re.compile(r"<[^<>\s]+>")

_LITERAL = re.compile(
    r'"(?P<text>(?:[^"\\]|\\.)*)"(?:\^\^<(?P<datatype>[^>]*)>|@(?P<language>[A-Za-z0-9-]+))?'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_TO_ESCAPE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})

XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"^^<{XSD}string>"
_TYPED_STRING = re.compile(rf'(?<!\\)(?:\\\\)*"{re.escape(_STRING)}'.encode())
"""A text whose datatype is written; quotation marks within the text are escaped."""

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
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
        again = pyoxigraph.serialize(
            pyoxigraph.parse(n_triples, format=pyoxigraph.RdfFormat.N_TRIPLES),
            format=pyoxigraph.RdfFormat.N_TRIPLES,
        )
        assert again is not None, "without an output the text is returned"
        # A plain literal has this datatype, stated or not: RDF 1.1 Concepts (2014), section 3.3.
        by_property = _split(again.replace(f'"{_STRING} .\n'.encode(), b'" .\n'))
        assert by_property is not None, "Oxigraph writes single spaces"
    return Facts(by_property)


def _split(n_triples: bytes) -> Mapping[str, Mapping[str, list[str]]] | None:
    """Objects by property and subject; None if a line is not in the simple form."""
    lines = n_triples.split(b" .\n")
    if lines.pop() or n_triples.count(b"\n") != len(lines) or _TYPED_STRING.search(n_triples):
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


def text_of(term: str) -> str:
    """A literal's text, or an IRI without its brackets."""
    if term.startswith("<"):
        return term[1:-1]
    match = _LITERAL.fullmatch(term)
    if match is None:
        return term
    text = match["text"]
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def datatype_of(term: str) -> str | None:
    """The IRI of a literal's datatype; None if the term is not a literal."""
    match = _LITERAL.fullmatch(term)
    if match is None:
        return None
    if match["language"]:
        return "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    return match["datatype"] or XSD + "string"


def language_of(term: str) -> str | None:
    """The language of a literal; None for all other terms."""
    match = _LITERAL.fullmatch(term)
    return match["language"].lower() if match and match["language"] else None


def literal(text: str, language: str | None = None, datatype: str | None = None) -> str:
    """The term for a text, with a language or a datatype (IRI)."""
    term = f'"{text.translate(_TO_ESCAPE)}"'
    if language is not None:
        return f"{term}@{language}"
    return term if datatype is None else f"{term}^^<{datatype}>"


def _unescaped(match: re.Match[str]) -> str:
    four, eight, character = match.groups()
    if character is not None:
        return _ESCAPED.get(character, character)
    return chr(int(four or eight, 16))
