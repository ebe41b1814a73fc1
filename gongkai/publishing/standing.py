"""Compare a report with what a store holds: new, replacing what was published, or the same."""

from dataclasses import dataclass
from enum import StrEnum

from rdflib import DCTERMS, PROV, URIRef

from gongkai.converters.rdf.namespaces import PAV, SPDX
from gongkai.converters.report import Report
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.ontology.triples.graph import Graph
from gongkai.publishing.histories import Published


class Standing(StrEnum):
    """The effect of publishing a report."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a report, or a file, was refused."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    VIOLATION = "violation"
    OTHER_DOCUMENT = "other-document"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class _Document:
    """A document that a report was made from: its SHA-256, and its address, else its name."""

    sha256: str
    found_at: str


def standing(before: Published, report: Report, digest: str) -> tuple[Standing, str | None]:
    """How a converted report relates to what was published before, and why it may be refused.

    ``digest`` is that of its content (``histories.content_digest``).

    What was published of the same body and year is replaced by a correction: the same document, or
    another one from the same address. Another document from elsewhere is REFUSED: only a person can
    decide which of the two is right.
    """
    if not before.graph:
        return Standing.NEW, None
    if digest == before.versions[-1].digest:
        return Standing.UNCHANGED, None
    file = report.source_file
    own = _Document(file.sha256, file.address or file.name)
    known = _documents(before)
    if known and not any(own.sha256 == one.sha256 or own.found_at == one.found_at for one in known):
        places = ", ".join(sorted(one.found_at for one in known))
        return Standing.REFUSED, message(
            "publishing.other_document", report=report.key, places=places
        )
    return Standing.REPLACED, None


def _documents(before: Published) -> list[_Document]:
    """The documents that a published report was made from."""
    report = str(Addresses(before.base).report(before.body, before.year))
    about = f"<{report}#source".encode(), f"<{report}> <{PROV.wasDerivedFrom}>".encode()
    lines = [line for line in before.graph.splitlines() if line.startswith(about)]
    graph = Graph().read_n_triples(b"\n".join(lines))
    return [
        _Document(
            str(graph.value(graph.value(document, SPDX.checksum), SPDX.checksumValue)),
            str(graph.value(document, PAV.retrievedFrom) or graph.value(document, DCTERMS.title)),
        )
        for document in graph.objects(URIRef(report), PROV.wasDerivedFrom)
    ]
