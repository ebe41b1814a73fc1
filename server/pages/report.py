"""Data of the page of a report: the official tables, findings at their cells, the text."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import RDF, RDFS, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, QB
from rdflib.term import Node

from gongkai.ontology.forms import Form, read_forms
from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place, place_of
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples.graph import Graph
from gongkai.server.pages.plain_tables import plain_table
from gongkai.server.pages.report_quality import (
    RuleOutcome,
    ShownFinding,
    read_findings,
    read_outcomes,
)
from gongkai.server.pages.shown_tables import ShownTable, cells_of
from gongkai.server.pages.table_layout import lay_out
from gongkai.server.queries.graphs import construct, label_of
from gongkai.server.queries.rows import once, rows_about
from gongkai.server.queries.texts import fill
from gongkai.server.store import Store

_DCAT = Namespace("http://www.w3.org/ns/dcat#")
_PAV = Namespace("http://purl.org/pav/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")


@dataclass(frozen=True)
class ShownSection:
    """A section of the report's text."""

    anchor: str
    level: int
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class ReportPage:
    """All data of the page of a report, in the order of the form."""

    uri: str
    title: str
    language: str
    body: str
    year: str
    issued: str | None
    form: Form
    tables: tuple[ShownTable, ...]
    findings: tuple[ShownFinding, ...]
    outcomes: dict[str, tuple[RuleOutcome, ...]]
    validation: str
    other_years: tuple[tuple[str, str], ...]
    sections: tuple[ShownSection, ...]
    contact: tuple[str, ...]
    signature: tuple[str, ...]
    notes: tuple[tuple[Label, Place | None], ...]
    source: dict[str, str]

    @property
    def also_named(self) -> tuple[str, ...]:
        """Entities that the page names but the document of the report does not."""
        rules = [one.rule for group in self.outcomes.values() for one in group]
        # A part of a rule has its own findings; its outcome is included in that of the rule.
        return (*rules, *(finding.rule for finding in self.findings))


def read_report_page(
    store: Store, report: Graph, this: str, names: Mapping[str, Label]
) -> ReportPage:
    """Read the data of the page of the report ``this``, whose graph is ``report``."""
    define = Namespace(store.base + "def#")
    node = URIRef(this)
    validation = report.value(node, define.validation)
    verdict = (
        construct(store, fill("describe-validation", store.base, str(validation)))
        if validation is not None
        else Graph()
    )
    findings = read_findings(verdict)
    broken: dict[str, list[int]] = {}
    for finding in findings:
        broken.setdefault(finding.cell, []).append(finding.number)
    forms = {form.key: form for form in _forms(store)}
    tables = []
    plain: dict[str, list[Node]] = {}
    for table_slice in report.subjects(RDF.type, QB.Slice):
        form = forms[_last(report.value(table_slice, define.form))]
        cube = _last(report.value(None, QB.slice, table_slice))
        if cube not in form.cubes:
            plain.setdefault(cube, []).append(table_slice)
            continue
        table = form.table(cube)
        cells = cells_of(report, table_slice, table, broken, store.base)
        tables.append(
            ShownTable(
                uri=str(table_slice),
                cube=cube,
                label=table.label,
                check_printed=table.check_printed,
                blocks=tuple(lay_out(block) for block in table.blocks),
                cells=cells,
            )
        )
    publisher = str(report.value(node, DCTERMS.publisher))
    tables += [
        plain_table(report, cube, slices, broken, store.base, publisher, names)
        for cube, slices in plain.items()
    ]
    form = forms[_last(report.value(node, define.form))]
    # A report may have tables of several forms: those of its own form come first.
    order = [*form.cubes, *(cube for cube in cubes() if cube not in form.cubes)]
    issued = report.value(node, DCTERMS.issued)
    title = report.value(node, DCTERMS.title)
    return ReportPage(
        uri=this,
        title=str(title),
        language=str(getattr(title, "language", "") or "zh"),
        body=publisher,
        year=str(report.value(node, DCTERMS.temporal)),
        issued=None if issued is None else str(issued),
        form=form,
        tables=tuple(sorted(tables, key=lambda table: order.index(table.cube))),
        findings=findings,
        outcomes=read_outcomes(verdict, define),
        validation=str(validation or ""),
        other_years=tuple(
            (row["year"], row["report"])
            for row in rows_about(store, "reports-of-bodies", [publisher])
            if row["report"] != this
        ),
        sections=_sections(report, node, define),
        contact=_contact(report, node),
        signature=tuple(str(report.value(node, define.signature) or "").splitlines()),
        notes=_notes(report, define),
        source=_source(report, node, define),
    )


def _forms(store: Store) -> tuple[Form, ...]:
    """The forms in the store; read once for each version of the store."""

    def make() -> tuple[Form, ...]:
        graph = construct(store, fill("forms", store.base, store.base + "def"))
        return read_forms(graph, store.base)

    return once(store, "forms", make)


def _sections(report: Graph, node: Node, define: Namespace) -> tuple[ShownSection, ...]:
    parts = sorted(
        report.objects(node, define.section),
        key=lambda part: int(str(report.value(part, define.order))),
    )
    return tuple(
        ShownSection(
            anchor=str(part).rpartition("#")[2],
            level=int(str(report.value(part, define.level))),
            heading=str(report.value(part, DCTERMS.title) or ""),
            paragraphs=tuple(str(report.value(part, define.text) or "").splitlines()),
        )
        for part in parts
    )


def _contact(report: Graph, node: Node) -> tuple[str, ...]:
    vcard = Namespace("http://www.w3.org/2006/vcard/ns#")
    contact = report.value(node, _DCAT.contactPoint)
    if contact is None:
        return ()
    address = report.value(contact, vcard.hasAddress)
    lines = [
        report.value(contact, vcard.fn),
        report.value(address, vcard["street-address"]) if address else None,
        report.value(address, vcard["postal-code"]) if address else None,
        *sorted(
            str(report.value(line, RDFS.label) or "")
            for line in report.objects(contact, vcard.hasTelephone)
        ),
        report.value(contact, vcard.hasEmail),
    ]
    return tuple(str(line).removeprefix("mailto:") for line in lines if line)


def _notes(report: Graph, define: Namespace) -> tuple[tuple[Label, Place | None], ...]:
    nodes = sorted(
        report.subjects(RDF.type, define.ConversionNote),
        key=lambda note: int(str(report.value(note, define.order))),
    )
    notes = []
    for note in nodes:
        label = label_of(report, note, RDFS.comment)
        notes.append((label, place_of(report, note, define)))
    return tuple(notes)


def _source(report: Graph, node: Node, define: Namespace) -> dict[str, str]:
    source = report.value(node, PROV.wasDerivedFrom)
    conversion = report.value(node, PROV.wasGeneratedBy)
    checksum = report.value(source, _SPDX.checksum)
    software = report.value(conversion, PROV.wasAssociatedWith)
    version = URIRef("http://schema.org/softwareVersion")
    states = ("Read", "Imputed", "NotStated", "Unread", "Unattributed")
    counts = {
        f"cells{state}": str(report.value(conversion, define[f"cells{state}"]) or 0)
        for state in states
    }
    return counts | {
        "address": str(report.value(source, _PAV.retrievedFrom) or ""),
        "type": str(report.value(source, _DCAT.mediaType) or "").partition("media-types/")[2],
        "retrieved": str(report.value(source, _PAV.retrievedOn) or ""),
        "name": str(report.value(source, DCTERMS.title)),
        "size": str(report.value(source, _DCAT.byteSize)),
        "sha256": str(report.value(checksum, _SPDX.checksumValue)).lower(),
        "converted": str(report.value(conversion, PROV.endedAtTime)),
        "version": str(report.value(software, version)),
    }


def _last(node: Node | None) -> str:
    return str(node or "").rpartition("/")[2]
