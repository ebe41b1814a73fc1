"""Compare a report with what a store holds: new, replacing what was published, or the same."""

from dataclasses import dataclass
from enum import StrEnum

from rdflib import DCTERMS, PROV, URIRef

from gongkai.converters.rdf.namespaces import PAV, SPDX
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.graph import Graph
from gongkai.pipeline import Outcome
from gongkai.publishing.histories import content_digest, versions
from gongkai.server.store import Graphs


class Standing(StrEnum):
    """The effect of publishing a report."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class _Source:
    """A document: its SHA-256, and its address, or its name if it has none."""

    sha256: str
    place: str


def standing(store: Graphs, outcome: Outcome, digest: str) -> tuple[Standing, str | None]:
    """How a converted report relates to the store, and why it may be refused.

    ``digest`` is that of its content (``histories.content_digest``).

    What was published of the same body and year is replaced by a correction: the same document, or
    another one from the same address. Another document from elsewhere is REFUSED: only a person can
    decide which of the two is right.
    """
    report = outcome.report
    assert report is not None
    name = str(Addresses(store.base).report(report.body.key, report.year))
    before = store.graph(name)
    if not before:
        return Standing.NEW, None
    known = versions(store, report.body.key, report.year)
    if digest == (known[-1].digest if known else content_digest(before)):
        return Standing.UNCHANGED, None
    source = report.source
    own = _Source(source.sha256, source.address or source.name)
    sources = _sources(before, name)
    if sources and not any(own.sha256 == one.sha256 or own.place == one.place for one in sources):
        places = ", ".join(sorted(one.place for one in sources))
        return Standing.REFUSED, (
            f"{report.key} was published from another document ({places}): compare the two; "
            "if this one is right, publish it with --replace"
        )
    return Standing.REPLACED, None


def _sources(content: bytes, report: str) -> list[_Source]:
    """The documents that a published report (N-Triples) was made from."""
    about = f"<{report}#source".encode(), f"<{report}> <{PROV.wasDerivedFrom}>".encode()
    lines = [line for line in content.splitlines() if line.startswith(about)]
    graph = Graph().read_n_triples(b"\n".join(lines))
    return [
        _Source(
            str(graph.value(graph.value(document, SPDX.checksum), SPDX.checksumValue)),
            str(graph.value(document, PAV.retrievedFrom) or graph.value(document, DCTERMS.title)),
        )
        for document in graph.objects(URIRef(report), PROV.wasDerivedFrom)
    ]
