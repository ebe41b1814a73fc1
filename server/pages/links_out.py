"""Links to other data sets: those of one entity, and the page of all links to one site."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rdflib import RDF, Namespace, URIRef
from rdflib.namespace import OWL, SKOS, VOID

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.server.pages.resource import subjects_of
from gongkai.server.store import Store

RELATIONS = (
    OWL.sameAs,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)
"""The properties that link to other data sets, the strongest first."""

_MOST_LINKS = 500
"""Links that a page lists; the other formats have them all."""


@dataclass(frozen=True)
class LinkOut:
    """A link to an entity of another data set; ``record`` describes a person's decision, if any."""

    subject: str
    relation: str
    target: str
    record: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class LinksetPage:
    """All data of the page of the links to a site; ``more`` are not listed."""

    links: tuple[LinkOut, ...]
    more: int
    subjects: list[dict[str, Any]]


def links_out(graph: Graph, this: str, base: str) -> tuple[LinkOut, ...]:
    """The links from ``this`` to URIs that are not under the base, the strongest first."""
    define = Namespace(base + "def#")
    node = URIRef(this)
    records = {
        (graph.value(record, RDF.predicate), graph.value(record, RDF.object)): record
        for record in graph.subjects(RDF.subject, node)
    }
    found = []
    for relation in RELATIONS:
        for target in sorted(graph.objects(node, relation), key=str):
            if not isinstance(target, URIRef) or str(target).startswith(base):
                continue
            record = records.get((relation, target))
            decided_by = graph.value(record, define.decidedBy) if record is not None else None
            found.append(
                LinkOut(this, str(relation), str(target), str(record or ""), str(decided_by or ""))
            )
    return tuple(found)


def read_linkset_page(
    store: Store, graph: Graph, this: str, names: Mapping[str, Label]
) -> LinksetPage | None:
    """Read the data of the page of the links to a site; None for the record of a link."""
    if (URIRef(this), RDF.type, VOID.Linkset) not in graph:
        return None
    subjects = sorted({str(one) for one in graph.subjects() if str(one).startswith(store.base)})
    links = [link for subject in subjects for link in links_out(graph, subject, store.base)]
    described = [
        one
        for one in subjects_of(graph, this, dict(names), store.base)
        if one["uri"] == this or one["anchor"]
    ]
    return LinksetPage(tuple(links[:_MOST_LINKS]), max(len(links) - _MOST_LINKS, 0), described)
