"""Read files that are already RDF: written by ``convert``, edited, or made by others."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from lxml import etree

from gongkai.converters.documents import bytes_of
from gongkai.converters.documents.limits import Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translations
from gongkai.ontology.triples.lines import iris_of, lines_of, serialized, sorted_lines

_RDF_XML = pyoxigraph.RdfFormat.RDF_XML
_FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".rdf": _RDF_XML,
}
_OF_A_STRUCTURE = re.compile(r"(https?://.*/)(?:def#(?:Report|body|form)|id/cube/\w+)")
_MOST_SAID = 300
"""Characters of a parser's message that are kept: it may quote a whole file."""


@dataclass(frozen=True)
class NamedGraph:
    """A graph of a file as N-Triples; ``name`` is empty for the default graph."""

    name: str
    triples: bytes


def is_rdf_file(path: Path) -> bool:
    """Whether a file is RDF, by its suffix: Turtle cannot be recognised in any other way."""
    return path.suffix.lower() in _FORMATS


def read_rdf(path: Path, base: str, limits: Limits) -> list[NamedGraph]:
    """The graphs of an RDF file, in the order of their names.

    Relative IRIs are resolved against ``base``. Nothing is fetched. Raises UnreadableSource if the
    file cannot be parsed, is empty or exceeds a limit; the message names the line.
    """
    data = bytes_of(path, limits)
    rdf_format = _FORMATS[path.suffix.lower()]
    graphs: dict[str, list[pyoxigraph.Triple]] = {}
    try:
        for quad in pyoxigraph.parse(data, format=rdf_format, base_iri=base):
            name = quad.graph_name
            named = name.value if isinstance(name, pyoxigraph.NamedNode) else str(name)
            graphs.setdefault("" if named == "DEFAULT" else named, []).append(quad.triple)
    except (SyntaxError, ValueError) as error:
        said = _said(error, data if rdf_format == _RDF_XML else b"")
        raise UnreadableSource(
            translations("checking.not_parsed", format=rdf_format.name, why=said)
        ) from None
    if not graphs:
        raise UnreadableSource(translations("checking.no_triples", format=rdf_format.name))
    # Sorted as in the pipeline: the same triples are reported in the same order.
    return [
        NamedGraph(name, sorted_lines(lines_of(serialized(graphs[name]))))
        for name in sorted(graphs)
    ]


def _said(error: Exception, xml: bytes) -> Label:
    """The message of a parser, with the line number if it can be found."""
    text = "".join(
        character if character.isprintable() else " "
        for character in str(error.args[0] if error.args else error)
    )
    text = text if len(text) <= _MOST_SAID else text[:_MOST_SAID] + "…"
    if "LoadDocumentCallback" in text:
        return translations("checking.context")
    line = getattr(error, "lineno", None) or _xml_line(xml)
    if line and not re.search(r"\bline \d", text):
        return translations("checking.at_line", line=line, why=text)
    return dict.fromkeys(LANGUAGES, text)


def _xml_line(xml: bytes) -> int | None:
    """The line where XML is not well-formed, which the RDF parser does not report."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with suppress(ValueError):
        try:
            etree.fromstring(xml, parser)
        except etree.XMLSyntaxError as error:
            return error.lineno
    return None


def bases_in(triples: bytes) -> Iterator[str]:
    """The base addresses of the report structures that the triples use, each once."""
    found = (_OF_A_STRUCTURE.fullmatch(iri) for iri in iris_of(triples))
    yield from dict.fromkeys(match[1] for match in found if match)
