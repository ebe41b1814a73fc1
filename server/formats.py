"""The formats in which things are served: suffixes, media types, serialisation."""

from collections.abc import Mapping

from rdflib import Graph

DOCUMENT_TYPES: Mapping[str, tuple[str, ...]] = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle", "application/x-turtle"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdf": ("application/rdf+xml", "application/xml"),
    "nt": ("application/n-triples", "text/plain"),
}
"""Formats of a document about something, by suffix; the first type of each is the one sent."""

RESULT_TYPES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
"""Formats of the answer to SELECT and ASK."""

GRAPH_TYPES: Mapping[str, tuple[str, ...]] = {
    **{name: types for name, types in DOCUMENT_TYPES.items() if name != "html"},
    "trig": ("application/trig",),
}
"""Formats of the answer to CONSTRUCT and DESCRIBE."""

_RDFLIB_NAMES = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}


def content_type(media_type: str) -> str:
    """A media type for the Content-Type header; text is UTF-8 and says so."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def serialize(graph: Graph, suffix: str) -> bytes:
    """The graph in one of the formats of a document."""
    if suffix == "jsonld":
        return graph.serialize(format="json-ld", encoding="utf-8", auto_compact=True)
    return graph.serialize(format=_RDFLIB_NAMES[suffix], encoding="utf-8")
