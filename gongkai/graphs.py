"""Reports that are RDF already: files that ``convert`` wrote, or that someone changed or made."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph

from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource

_FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
}


def is_graph_file(path: Path) -> bool:
    """Whether a file is RDF, by the end of its name: there is no other way to tell Turtle."""
    return path.suffix.lower() in _FORMATS


def read_graphs(path: Path, base: str, limits: Limits) -> Iterator[bytes]:
    """The graphs of an RDF file as N-Triples, those with a name in the order of their names.

    Relative IRIs are read against ``base``. Raises UnreadableSource where it is no such RDF.
    """
    try:
        size = path.stat().st_size
        if size > limits.most_bytes:
            megabytes = limits.most_bytes // 1024 // 1024
            raise UnreadableSource(f"the file is larger than {megabytes} megabytes")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(f"the file cannot be read: {error.strerror}") from None
    graphs: dict[str, list[pyoxigraph.Triple]] = {}
    try:
        parsed = pyoxigraph.parse(data, format=_FORMATS[path.suffix.lower()], base_iri=base)
        for quad in parsed:
            graphs.setdefault(str(quad.graph_name), []).append(quad.triple)
    except (SyntaxError, ValueError) as error:
        raise UnreadableSource(f"this is no RDF that can be read: {_said(error)}") from None
    for name in sorted(graphs):
        written = pyoxigraph.serialize(graphs[name], format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert written is not None, "without an output the text is returned"
        yield written
    if not graphs:
        raise UnreadableSource("there is nothing in the file")


def base_of(graph: bytes) -> str | None:
    """The base address under which a graph's URIs were minted; None where it uses none of ours."""
    bases = {base.decode() for base in re.findall(rb"<(https?://[^<>\s#]*/)def#[^<>\s]*>", graph)}
    return min(bases) if len(bases) == 1 else None


def _said(error: Exception) -> str:
    """What a parser says, with the line where it says it."""
    line = getattr(error, "lineno", None)
    text = str(error.args[0]) if error.args else str(error)
    return f"line {line}: {text}" if line and "line" not in text else text
