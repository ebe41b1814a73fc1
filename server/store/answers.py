"""Write answers in the formats of the protocol, the same for every store."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph

from gongkai.ontology.texts import translations
from gongkai.server.store import AnswerTooLarge, NotInFormat
from gongkai.server.store.xml import well_formed

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

_FORMATS_NAMED = ("RDF/XML ", "JSON-LD ")
"""Beginnings of the engine's messages on what a format cannot express: names, triple terms."""

RESULTS, TRIPLES = "application/sparql-results+xml", "application/n-triples"
"""The formats requested from remote stores: one for results and one for graphs."""

_LITERAL = re.compile(rb"<literal\b[^>]*>[^<]*")
_BLANK_NODE = re.compile(rb"(<bnode>)([^<]*)(</bnode>)")
_VIRTUOSO_ASK = "__ASK_RETVAL"
"""The variable in which Virtuoso 7 answers ASK, as if it were SELECT."""


class Bounded(io.BytesIO):
    """An output of limited size; raises AnswerTooLarge if it is exceeded."""

    def __init__(self, most: int) -> None:
        """With space for ``most`` bytes."""
        super().__init__()
        self._left = most

    def write(self, data: Any) -> int:
        """Write, as long as there is space."""
        self._left -= len(data)
        if self._left < 0:
            raise AnswerTooLarge
        return super().write(data)


def write_graph(found: Iterable[Any], graph: str, prefixes: Mapping[str, str]) -> bytes:
    """Triples in one of the graph formats."""
    output = io.BytesIO()
    write_triples((getattr(item, "triple", item) for item in found), output, graph, prefixes)
    return finished(output.getvalue(), graph)


def write_triples(
    triples: Iterable[Any], output: io.BytesIO, graph: str, prefixes: Mapping[str, str]
) -> None:
    """Write triples; raises NotInFormat if the format cannot express them."""
    try:
        chosen = GRAPH_FORMATS[graph]
        pyoxigraph.serialize(triples, output, format=chosen, prefixes=dict(prefixes))
    except (ValueError, RuntimeError, OSError) as error:
        if str(error).startswith(_FORMATS_NAMED):
            raise NotInFormat(translations("store.format.other", reason=error)) from None
        raise


def finished(body: bytes, chosen: str) -> bytes:
    """An answer from the engine, checked if the format is XML; raises NotInFormat."""
    return well_formed(body) if chosen in ("rdf", "xml") else body


def read_triples(body: bytes) -> Iterator[pyoxigraph.Triple]:
    """The triples of an answer in N-Triples; raises SyntaxError or ValueError if invalid."""
    for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES):
        yield quad.triple


def read_results(body: bytes) -> Any:
    """The results in a SPARQL Query Results XML document; raises SyntaxError or ValueError.

    Stores write carriage returns literally, which XML parsers read as line feeds, and Virtuoso
    labels blank nodes with addresses: both are corrected here, so that the answer is what the store
    meant.
    """
    body = _LITERAL.sub(lambda found: found[0].replace(b"\r", b"&#xD;"), body)
    names: dict[bytes, bytes] = {}

    def named(found: re.Match[bytes]) -> bytes:
        return found[1] + names.setdefault(found[2], b"b%d" % len(names)) + found[3]

    body = _BLANK_NODE.sub(named, body)
    return pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.XML)


def write_results(body: bytes, results: str) -> bytes:
    """Results (SPARQL Query Results XML) in one of the result formats."""
    found = read_results(body)
    if isinstance(found, pyoxigraph.QuerySolutions) and [
        variable.value for variable in found.variables
    ] == [_VIRTUOSO_ASK]:
        true = any(str(row[0].value) == "1" for row in found)
        text = (
            '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
            f"<boolean>{str(true).lower()}</boolean></sparql>"
        )
        found = read_results(text.encode())
    return finished(found.serialize(format=RESULT_FORMATS[results]) or b"", results)


def prefixes(base: str) -> dict[str, str]:
    """The prefixes used in answers."""
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
