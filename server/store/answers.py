"""Answers written in the formats of the protocol, whatever store they come from."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph

from gongkai.server.store import AnswerTooLarge

RESULT_FORMATS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG,
}

_VIRTUOSO_ASK = "__ASK_RETVAL"
"""The variable in which Virtuoso 7 answers ASK, as if it were SELECT."""


class Bounded(io.BytesIO):
    """What an answer is written to: it ends one that grows too large (AnswerTooLarge)."""

    def __init__(self, most: int) -> None:
        """With room for ``most`` bytes."""
        super().__init__()
        self._left = most

    def write(self, data: Any) -> int:
        """Write, as long as there is room."""
        self._left -= len(data)
        if self._left < 0:
            raise AnswerTooLarge
        return super().write(data)


def write_graph(found: Iterable[Any], graph: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one of the formats of graphs."""
    triples = (getattr(item, "triple", item) for item in found)
    written = pyoxigraph.serialize(triples, format=GRAPH_FORMATS[graph], prefixes=dict(prefixes))
    return written or b""


def write_results(body: bytes, results: str) -> bytes:
    """Results (SPARQL Query Results XML) in one of the formats of results."""
    found = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.XML)
    if isinstance(found, pyoxigraph.QuerySolutions) and [
        variable.value for variable in found.variables
    ] == [_VIRTUOSO_ASK]:
        true = any(str(row[0].value) == "1" for row in found)
        text = (
            '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            f"<boolean>{str(true).lower()}</boolean></sparql>"
        )
        found = pyoxigraph.parse_query_results(
            text.encode(), format=pyoxigraph.QueryResultsFormat.XML
        )
    return found.serialize(format=RESULT_FORMATS[results]) or b""


def prefixes(base: str) -> dict[str, str]:
    """The prefixes that answers are written with."""
    return {
        "def": base + "def#",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
        "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
        "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
