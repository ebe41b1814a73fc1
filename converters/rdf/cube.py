"""A report as linked data: observations in slices, the report, its text and its provenance.

W3C, The RDF Data Cube Vocabulary (2014); DCAT 3 (2024); PROV-O (2013); PAV 2.3 for retrieval
(dcat:downloadURL belongs to distributions, schema.org has no time of retrieval). Everything has a
name of its own: no blank nodes.
"""

import re
from datetime import UTC, datetime

import rdflib
from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, QB, RDFS, SKOS, TIME

from gongkai.converters.rdf.body_graph import describe_body, spatial
from gongkai.converters.rdf.cells_graph import describe_cells
from gongkai.converters.rdf.claims_graph import describe_claims
from gongkai.converters.rdf.namespaces import (
    ATTRIBUTE,
    CODE,
    DCAT,
    DIMENSION,
    INTERVAL,
    MEASURE,
    PAV,
    SCHEMA,
    SPDX,
    VCARD,
    add_label,
)
from gongkai.converters.rdf.provenance import describe_provenance
from gongkai.converters.report import Contact, Report, ReportTable
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.periods import Period
from gongkai.ontology.source_places import state_place
from gongkai.ontology.structures import cubes
from gongkai.ontology.texts import translations
from gongkai.ontology.triples.graph import Graph

_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_PREFIXES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "pav": PAV,
    "prov": PROV,
    "qb": QB,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sdmx-attribute": ATTRIBUTE,
    "sdmx-code": CODE,
    "sdmx-dimension": DIMENSION,
    "sdmx-measure": MEASURE,
    "skos": SKOS,
    "spdx": SPDX,
    "time": TIME,
    "vcard": VCARD,
    "xsd": XSD,
}


def describe(
    report: Report, base: str = DEFAULT_BASE, converted: datetime | None = None
) -> rdflib.Graph:
    """The graph of ``report`` under ``base``, to be kept under the report's own URI as its name.

    ``converted`` is when the conversion ended (now, if not given). The same report, base and
    time give the same triples.
    """
    found = _description(report, base, converted or datetime.now(UTC))
    return bind_prefixes(found.as_rdflib(), base)


def report_triples(report: Report, base: str, converted: datetime) -> bytes:
    """The triples of ``describe`` as sorted N-Triples, in a fraction of the time."""
    return _description(report, base, converted).n_triples()


def _description(report: Report, base: str, converted: datetime) -> Graph:
    graph, addresses = Graph(), Addresses(base)
    node = addresses.report(report.body.key, report.year)
    for period in {report.reported_on.path: report.reported_on, **_table_periods(report)}.values():
        _describe_period(graph, addresses, period)
    _describe_report(graph, addresses, node, report)
    for body in (report.body, *report.components):
        describe_body(graph, addresses, body)
    _describe_text(graph, addresses, node, report)
    describe_provenance(graph, addresses, node, report, converted)
    for table in report.tables:
        _describe_table(graph, addresses, node, report, table)
    describe_claims(graph, addresses, node, report)
    return graph


def bind_prefixes(graph: rdflib.Graph, base: str) -> rdflib.Graph:
    """Give ``graph`` the prefixes that people expect in Turtle; returns it."""
    graph.bind("def", Addresses(base).terms)
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _table_periods(report: Report) -> dict[str, Period]:
    return {table.time.path: table.time for table in report.tables if table.time is not None}


def _describe_period(graph: Graph, addresses: Addresses, period: Period) -> None:
    node = addresses.period(period.path)
    begin, end = (Literal(day.isoformat(), datatype=XSD.date) for day in (period.begin, period.end))
    for kind in (TIME.ProperInterval, DCTERMS.PeriodOfTime):
        graph.add((node, RDF.type, kind))
    if period.kind:
        graph.add((node, RDF.type, INTERVAL[period.kind]))
    add_label(graph, node, RDFS.label, period.labels)
    if period.kind != "CalendarQuarter":
        graph.add((node, SKOS.notation, Literal(str(period.year), datatype=XSD.gYear)))
    graph.add((node, DCAT.startDate, begin))
    graph.add((node, DCAT.endDate, end))
    for link, name, day in (
        (TIME.hasBeginning, "beginning", begin),
        (TIME.hasEnd, "end", end),
    ):
        instant = URIRef(f"{node}#{name}")
        graph.add((node, link, instant))
        graph.add((instant, RDF.type, TIME.Instant))
        graph.add((instant, TIME.inXSDDate, day))
    graph.add((node, SKOS.exactMatch, URIRef(period.same)))


def _describe_report(graph: Graph, addresses: Addresses, node: URIRef, report: Report) -> None:
    define = addresses.terms
    body = addresses.body(report.body.key)
    series = addresses.series(report.body.key)
    year = addresses.period(report.reported_on.path)
    wording = report.wording
    graph.add((node, RDF.type, define.Report))
    graph.add((node, RDF.type, DCAT.Dataset))
    graph.add((node, DCTERMS.title, Literal(report.title, lang=wording.language)))
    graph.add((node, DCTERMS.publisher, body))
    graph.add((node, DCTERMS.temporal, year))
    graph.add((node, DCTERMS.language, URIRef(_LANGUAGES + wording.authority)))
    graph.add((node, DCAT.inSeries, series))
    graph.add((node, define.form, addresses.form(report.form.key)))
    names = {"zh": report.body.name, "en": report.body.english_name}
    source = wording.source
    described = translations(f"titles.{source}.description", body=names, year=report.year)
    for language, text in described.items():
        graph.add((node, DCTERMS.description, Literal(text, lang=language)))
    if report.issued is not None:
        graph.add((node, DCTERMS.issued, Literal(report.issued)))
    area = spatial(addresses, report.body)
    if area is not None:
        graph.add((node, DCTERMS.spatial, area))
    graph.add((series, RDF.type, DCAT.DatasetSeries))
    graph.add((series, DCTERMS.publisher, body))
    for link, texts in (
        (DCTERMS.title, translations(f"titles.{source}.series", body=names)),
        (DCTERMS.description, translations(f"titles.{source}.series_description", body=names)),
    ):
        for language, text in texts.items():
            graph.add((series, link, Literal(text, lang=language)))
    if report.contact is not None:
        _describe_contact(graph, node, report.contact)


def _describe_contact(graph: Graph, report: URIRef, contact: Contact) -> None:
    node = URIRef(f"{report}#contact")
    graph.add((report, DCAT.contactPoint, node))
    graph.add((node, RDF.type, VCARD.Organization))
    if contact.name:
        graph.add((node, VCARD.fn, Literal(contact.name, lang="zh")))
    if contact.email:
        graph.add((node, VCARD.hasEmail, URIRef(f"mailto:{contact.email}")))
    if contact.address or contact.postal_code:
        address = URIRef(f"{report}#address")
        graph.add((node, VCARD.hasAddress, address))
        graph.add((address, RDF.type, VCARD.Address))
        if contact.address:
            graph.add((address, VCARD["street-address"], Literal(contact.address, lang="zh")))
        if contact.postal_code:
            graph.add((address, VCARD["postal-code"], Literal(contact.postal_code)))
    for name, kind, number in (
        ("telephone", VCARD.Voice, contact.telephone),
        ("fax", VCARD.Fax, contact.fax),
    ):
        if number:
            line = URIRef(f"{report}#{name}")
            graph.add((node, VCARD.hasTelephone, line))
            graph.add((line, RDF.type, kind))
            graph.add((line, RDFS.label, Literal(number)))
            # A number as dialled inside China: RFC 3966, section 5.1.4, local numbers.
            digits = re.sub(r"[^0-9-]", "", number)
            graph.add((line, VCARD.hasValue, URIRef(f"tel:{digits};phone-context=+86")))


def _describe_text(graph: Graph, addresses: Addresses, node: URIRef, report: Report) -> None:
    define = addresses.terms
    for number, section in enumerate(report.sections, start=1):
        part = URIRef(f"{node}#section-{number}")
        graph.add((node, define.section, part))
        graph.add((part, RDF.type, define.Section))
        graph.add((part, DCTERMS.isPartOf, node))
        graph.add((part, define.order, Literal(number)))
        graph.add((part, define.level, Literal(section.level)))
        state_place(graph, part, section.place, define)
        if section.heading:
            heading = Literal(section.heading, lang=report.wording.language)
            graph.add((part, DCTERMS.title, heading))
        if section.paragraphs:
            text = "\n".join(section.paragraphs)
            graph.add((part, define.text, Literal(text, lang=report.wording.language)))
    if report.signature:
        signature = Literal("\n".join(report.signature), lang="zh")
        graph.add((node, define.signature, signature))


def _describe_table(
    graph: Graph, addresses: Addresses, node: URIRef, report: Report, table: ReportTable
) -> None:
    define = addresses.terms
    cube = addresses.cube(table.cube)
    time = table.time or report.reported_on
    body, year = addresses.body(report.body.key), addresses.period(time.path)
    table_slice = addresses.slice(table.cube, report.body.key, time.key)
    graph.add((cube, QB.slice, table_slice))
    graph.add((node, DCTERMS.hasPart, table_slice))
    graph.add((table_slice, RDF.type, QB.Slice))
    graph.add((table_slice, QB.sliceStructure, define.ReportSlice))
    graph.add((table_slice, define.body, body))
    graph.add((table_slice, DIMENSION.refPeriod, year))
    graph.add((table_slice, define.form, addresses.form(table.form.key)))
    graph.add((table_slice, DCTERMS.isPartOf, node))
    if cubes()[table.cube].tables_are:
        graph.add((table_slice, RDF.type, define[cubes()[table.cube].tables_are]))
    label = translations(
        "titles.table",
        body={"zh": report.body.name, "en": report.body.english_name},
        period=time.key,
        table=cubes()[table.cube].title,
    )
    for language, text in label.items():
        graph.add((table_slice, RDFS.label, Literal(text, lang=language)))
    describe_cells(graph, addresses, node, table_slice, report, table)
