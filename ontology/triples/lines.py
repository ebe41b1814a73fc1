"""N-Triples as lines, one triple each, as stores give them and publishing takes them.

The form is that of rdflib and Oxigraph: single spaces, the full stop at the end, a line feed; a
graph is its lines, sorted. W3C, RDF 1.1 N-Triples (2014); RDF 1.1 N-Quads (2014).
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import pyoxigraph

from gongkai.ontology.triples.terms import TYPE, XSD

Triples = Iterator[tuple[str, str, str]]
"""Triples of terms as N-Triples writes them."""

_END = b" .\n"
_STRING = f'"^^<{XSD}string> .\n'.encode()
_IRI = re.compile(rb"<([^<>\s]*)>")


def node_triples(node: str, kind: str | None, *statements: tuple[str, str | None]) -> Triples:
    """Triples on a node: its class, if it has one, and its properties; None is skipped."""
    if kind is not None:
        yield node, TYPE, kind
    for link, value in statements:
        if value is not None:
            yield node, link, value


def sorted_n_triples(triples: Iterable[tuple[str, str, str]]) -> bytes:
    """The triples as sorted N-Triples: the same triples give the same bytes."""
    lines = sorted({f"{subject} {link} {value} .\n" for subject, link, value in triples})
    return "".join(lines).encode()


def lines_of(content: bytes) -> set[bytes]:
    """The lines of N-Triples, each a triple with its line feed."""
    return {line for line in content.splitlines(keepends=True) if line.strip()}


def sorted_lines(lines: Iterable[bytes]) -> bytes:
    """Lines as one document: each once, sorted."""
    return b"".join(sorted(set(lines)))


def line_of(subject: str, link: str, value: str) -> bytes:
    """The line of a triple of terms."""
    return f"{subject} {link} {value} .\n".encode()


def subject_of(line: bytes) -> bytes:
    """The subject of a line, as a term."""
    return line[: line.index(b" ")]


def property_of(line: bytes) -> bytes:
    """The property of a line, as a term."""
    begin = line.index(b" ") + 1
    return line[begin : line.index(b" ", begin)]


def object_of(line: bytes) -> bytes:
    """The object of a line, as a term."""
    return line.split(b" ", 2)[2].removesuffix(b"\n").removesuffix(b" .")


def iris_of(content: bytes) -> Iterator[str]:
    """The IRIs in a document, each once, in order; also what looks like one in a text."""
    yield from (found.decode() for found in dict.fromkeys(_IRI.findall(content)))


def blank_nodes_of(line: bytes) -> list[str]:
    """The names of the blank nodes of a line."""
    (triple,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    ends = triple.subject, triple.object
    return [term.value for term in ends if isinstance(term, pyoxigraph.BlankNode)]


def in_graph(content: bytes, name: str) -> bytes:
    """The triples as N-Quads in the graph ``name``, in the same order."""
    return content.replace(_END, f" <{name}> .\n".encode())


def as_n_triples(content: bytes, syntax: pyoxigraph.RdfFormat, base: str | None = None) -> bytes:
    """A document of one graph as N-Triples, in its order; raises SyntaxError, which has the line.

    Relative IRIs are resolved against ``base``; blank nodes in brackets get new names.
    """
    return serialized(pyoxigraph.parse(content, format=syntax, base_iri=base))


def serialized(triples: Iterable[pyoxigraph.Triple] | Iterable[pyoxigraph.Quad]) -> bytes:
    """Triples of Oxigraph as N-Triples, in their order."""
    found = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert found is not None, "without an output the text is returned"
    # A plain literal has this datatype, stated or not: RDF 1.1 Concepts (2014), section 3.3.
    return found.replace(_STRING, b'"' + _END)


def in_syntax(
    content: bytes, syntax: pyoxigraph.RdfFormat, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """N-Triples in another syntax, every literal as it is written, which a store would not keep."""
    found = pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return pyoxigraph.serialize(found, format=syntax, prefixes=dict(prefixes or {})) or b""


def digest(content: bytes, without: Collection[bytes] = ()) -> str:
    """The SHA-256 of a document, whatever the order of its lines.

    ``without`` are properties, as terms, whose triples do not count.
    """
    # Each once in their order: what is sorted already is sorted again in no time.
    whole = (line for line in content.splitlines(keepends=True) if line.strip())
    lines = dict.fromkeys(line.removesuffix(b"\n") for line in whole)
    for link in without:
        for line in _lines_with(content, b" %b " % link):
            if property_of(line) == link:
                lines.pop(line, None)
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()


def _lines_with(content: bytes, part: bytes) -> Iterator[bytes]:
    """The lines, without their line feeds, in which ``part`` stands: few, in a large document."""
    found = content.find(part)
    while found >= 0:
        begin, end = content.rfind(b"\n", 0, found) + 1, content.find(b"\n", found)
        yield content[begin : end if end >= 0 else None]
        found = content.find(part, end) if end >= 0 else -1


def canonical_digest(content: bytes) -> str:
    """The SHA-256 of a document whose only blank node, if there is one, may have any name.

    Empty if there are several: each process names them anew, and their lines cannot be ordered.
    """
    triples = [tuple(line.split(b" ", 2)) for line in content.splitlines(keepends=True)]
    ends = (end for subject, _, value in triples for end in (subject, value.removesuffix(_END)))
    blank = {end for end in ends if end.startswith(b"_:")}
    if len(blank) > 1:
        return ""
    names = {name + end: b"_:one" + end for name in blank for end in (b"", _END)}
    lines = sorted(b" ".join(names.get(part, part) for part in triple) for triple in triples)
    return hashlib.sha256(b"".join(lines)).hexdigest()
