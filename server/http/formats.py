"""The formats of the server: suffixes, media types, serialisation."""

from collections.abc import Mapping, Sequence

from pyoxigraph import RdfFormat

from gongkai.ontology.triples.lines import in_syntax
from gongkai.server.http.negotiation import negotiator
from gongkai.server.store.answers import finished

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

DATA_TYPES: Mapping[str, tuple[str, ...]] = {
    name: types for name, types in DOCUMENT_TYPES.items() if name != "html"
}
"""Formats of resources that are for programs only."""

GRAPH_TYPES: Mapping[str, tuple[str, ...]] = {
    **DATA_TYPES,
    "trig": ("application/trig",),
}
"""Formats of the answer to CONSTRUCT and DESCRIBE."""

MESSAGE_TYPES: Mapping[str, tuple[str, ...]] = {
    "text": ("text/plain",),
    "html": ("text/html", "application/xhtml+xml"),
}
"""Formats of error messages."""


_OTHER_NAMES = {"json-ld": "jsonld", "n3": "ttl", "ntriples": "nt", "rdf/xml": "rdf"}
"""Other names that clients use for formats, besides suffixes and media types."""


def named(name: str, types: Mapping[str, Sequence[str]]) -> str | None:
    """The format that a parameter names; None if there is no such format.

    By suffix, by media type, or by the subtype of one.
    """
    short = _OTHER_NAMES.get(name.lower(), name.lower())
    if short in types:
        return short
    for suffix, kinds in types.items():
        if any(short in (kind, kind.partition("/")[2]) for kind in kinds):
            return suffix
    return None


best_document = negotiator(DOCUMENT_TYPES)
best_data = negotiator(DATA_TYPES)
best_result = negotiator(RESULT_TYPES)
best_graph = negotiator(GRAPH_TYPES)
best_shown = negotiator({**RESULT_TYPES, **GRAPH_TYPES, "html": DOCUMENT_TYPES["html"]})
best_message = negotiator(MESSAGE_TYPES)

_SYNTAXES = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "nt": RdfFormat.N_TRIPLES,
}

PREFIXES: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "earl": "http://www.w3.org/ns/earl#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
    "sdmx-code": "http://purl.org/linked-data/sdmx/2009/code#",
    "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
    "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes used in documents, and known to the query page."""


def content_type(media_type: str) -> str:
    """A media type for the Content-Type header; text is UTF-8 and says so."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def compact(uri: str, base: str) -> str:
    """A URI as ``prefix:name`` if one of the prefixes fits; else unchanged."""
    for prefix, space in (("def", base + "def#"), ("", base), *PREFIXES.items()):
        name = uri.removeprefix(space)
        if name and name != uri:
            return f"{prefix}:{name}" if prefix else name
    return uri


def serialize(triples: bytes, suffix: str, base: str) -> bytes:
    """Triples (N-Triples, sorted) in one of the document formats, with the prefixes that are used.

    Raises NotInFormat if RDF/XML cannot express them.
    """
    if suffix == "nt":
        return triples
    prefixes = {"def": base + "def#", **PREFIXES}
    used = {name: space for name, space in prefixes.items() if f"<{space}".encode() in triples}
    return finished(in_syntax(triples, _SYNTAXES[suffix], used), suffix)
