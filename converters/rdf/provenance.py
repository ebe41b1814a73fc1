"""The provenance of a report: the source document, the conversion, and its notes."""

from datetime import UTC, datetime

from rdflib import RDF, RDFS, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV

from gongkai.converters.documents.model import SourceFile
from gongkai.converters.rdf.namespaces import DCAT, PAV, SCHEMA, SPDX, add_label
from gongkai.converters.report import CellState, Report
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.source_places import state_place
from gongkai.ontology.triples.graph import Graph
from gongkai.version import __version__


def describe_provenance(
    graph: Graph, addresses: Addresses, node: URIRef, report: Report, converted: datetime
) -> None:
    """Add to ``graph`` where the report ``node`` comes from and how it was converted.

    W3C, PROV-O (2013); PAV 2.3 for the retrieval. ``converted`` is when the conversion ended.
    """
    define = addresses.terms
    source = _describe_source(graph, node, report.source_file)
    graph.add((node, PROV.wasDerivedFrom, source))
    graph.add((node, DCTERMS.source, source))
    conversion = URIRef(f"{node}#conversion")
    software = URIRef(f"{node}#software")
    graph.add((node, PROV.wasGeneratedBy, conversion))
    graph.add((conversion, RDF.type, PROV.Activity))
    graph.add((conversion, PROV.used, source))
    graph.add((conversion, PROV.wasAssociatedWith, software))
    graph.add((conversion, PROV.endedAtTime, _moment(converted)))
    graph.add((conversion, define.form, addresses.form(report.form.key)))
    for term, state in (
        (define.cellsRead, CellState.READ),
        (define.cellsImputed, CellState.IMPUTED),
        (define.cellsNotStated, CellState.NOT_STATED),
        (define.cellsUnread, CellState.UNREAD),
        (define.cellsAbsent, CellState.ABSENT),
    ):
        graph.add((conversion, term, Literal(report.count(state))))
    unattributed = report.count(CellState.UNATTRIBUTED)
    if unattributed:
        graph.add((conversion, define.cellsUnattributed, Literal(unattributed)))
    graph.add((software, RDF.type, PROV.SoftwareAgent))
    graph.add((software, SCHEMA.name, Literal("gongkai")))
    graph.add((software, SCHEMA.softwareVersion, Literal(__version__)))
    for number, note in enumerate(report.notes, start=1):
        item = URIRef(f"{node}#note-{number}")
        graph.add((conversion, define.note, item))
        graph.add((item, RDF.type, define.ConversionNote))
        graph.add((item, define.order, Literal(number)))
        add_label(graph, item, RDFS.comment, note.message)
        if note.place is not None:
            state_place(graph, item, note.place, define)
        if note.printed is not None:
            graph.add(
                (item, define.printedLabel, Literal(note.printed, lang=report.wording.language))
            )
        if note.about is not None:
            graph.add((item, DCTERMS.subject, URIRef(addresses.base + note.about)))


def _describe_source(graph: Graph, node: URIRef, source_file: SourceFile) -> URIRef:
    document = URIRef(f"{node}#source")
    checksum = URIRef(f"{node}#source-checksum")
    graph.add((document, RDF.type, PROV.Entity))
    graph.add((document, RDF.type, FOAF.Document))
    graph.add((document, DCTERMS.title, Literal(source_file.name)))
    media_type = URIRef(f"https://www.iana.org/assignments/media-types/{source_file.media_type}")
    graph.add((document, DCAT.mediaType, media_type))
    graph.add((document, DCAT.byteSize, Literal(source_file.size)))
    graph.add((document, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    value = Literal(source_file.sha256, datatype=XSD.hexBinary, normalize=False)
    graph.add((checksum, SPDX.checksumValue, value))
    if source_file.address is not None:
        graph.add((document, PAV.retrievedFrom, URIRef(source_file.address)))
    if source_file.retrieved is not None:
        graph.add((document, PAV.retrievedOn, _moment(source_file.retrieved)))
    return document


def _moment(time: datetime) -> Literal:
    text = time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Literal(text, datatype=XSD.dateTime)
