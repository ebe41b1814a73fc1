"""Links to other data sets that a person decided on: a graph for each site.

``id/linkset/SITE`` is a void:Linkset and the name of its graph, which holds the links themselves,
what is known of each (``id/linkset/SITE/KEY``: who decided it, when, on what evidence), and the
endpoints that the candidates came from. Publishing reports does not change such a graph, so links
persist. W3C, Describing Linked Datasets with the VoID Vocabulary (2011), section 5; PROV-O (2013).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlsplit

from rdflib import RDF, RDFS, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, SKOS, VOID
from rdflib.term import Node

from gongkai.converters.rdf.namespaces import SCHEMA
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import lines_of, object_of, property_of
from gongkai.ontology.triples.terms import text_of
from gongkai.server.store import Graphs, WritableStore

RELATIONS: Mapping[str, URIRef] = {
    "sameAs": OWL.sameAs,
    "exactMatch": SKOS.exactMatch,
    "closeMatch": SKOS.closeMatch,
    "broadMatch": SKOS.broadMatch,
    "narrowMatch": SKOS.narrowMatch,
    "relatedMatch": SKOS.relatedMatch,
}
"""How one of our entities may be related to one of another data set, by name."""

SAME = ("sameAs", "exactMatch")
"""Relations that an entity has to at most one entity of a site."""

_WORDS = {link: word for word, link in RELATIONS.items()}
_DIGITS = 16


@dataclass(frozen=True)
class Asked:
    """Where candidates came from: the endpoint, its profile, the version of gongkai, the day."""

    endpoint: str
    profile: str
    version: str
    day: str


@dataclass(frozen=True)
class Link:
    """A link that a person decided on, and what is known of it.

    ``decided`` is when (xsd:dateTime); ``names`` are those of the target with their languages.
    ``score`` and ``evidence`` are those of a candidate, empty if the person found the target.
    """

    subject: str
    relation: str
    target: str
    reviewer: str
    decided: str
    note: str = ""
    score: str = ""
    evidence: str = ""
    asked: Asked | None = None
    names: tuple[tuple[str, str], ...] = ()

    @property
    def site(self) -> str:
        """The site of the target."""
        return site_of(self.target)

    @property
    def key(self) -> str:
        """The name of the link's record in its linkset."""
        content = f"{self.subject}\n{self.target}".encode()
        return hashlib.sha256(content).hexdigest()[:_DIGITS]


def site_of(address: str) -> str:
    """The host of an address as a path segment; a port is appended if there is one.

    Raises ValueError for a host that cannot be written as such a segment.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").encode("idna").decode("ascii")
    site = host if parts.port is None else f"{host}-{parts.port}"
    if re.fullmatch(r"[A-Za-z0-9._~-]+", site) is None:
        raise ValueError(message("publishing.no_linkset", address=address))
    return site


def read_links(store: Graphs, site: str) -> list[Link]:
    """The links to a site, in the order of their subjects and targets."""
    addresses = Addresses(store.base)
    graph = Graph().read_n_triples(store.graph(str(addresses.linkset(site))))
    define = addresses.terms
    links = []
    for node in graph.subjects(RDF.type, define.Link):
        relation = graph.value(node, RDF.predicate)
        target = graph.value(node, RDF.object)
        if not isinstance(relation, URIRef) or relation not in _WORDS or target is None:
            continue
        # Stores rewrite numbers, 1.00 as 1.0.
        score = _text(graph, node, define.score)
        names = sorted(
            (str(name), name.language or "")
            for name in graph.objects(target, RDFS.label)
            if isinstance(name, Literal)
        )
        links.append(
            Link(
                subject=str(graph.value(node, RDF.subject)),
                relation=_WORDS[relation],
                target=str(target),
                reviewer=_text(graph, node, define.decidedBy),
                decided=_text(graph, node, DCTERMS.dateAccepted),
                note=_text(graph, node, SKOS.note),
                score=f"{Decimal(score):.2f}" if score else "",
                evidence=_text(graph, node, define.evidence),
                asked=_asked(graph, node, addresses),
                names=tuple(names),
            )
        )
    return sorted(links, key=lambda link: (link.subject, link.target))


def linkset_graph(base: str, site: str, links: Collection[Link]) -> dict[str, bytes]:
    """The graph of a linkset (N-Triples) by its name; empty if there are no links."""
    addresses = Addresses(base)
    node = addresses.linkset(site)
    graph = Graph()
    if links:
        _describe_linkset(graph, addresses, node, site, links)
    for link in links:
        _describe_link(graph, addresses, node, link)
    return {str(node): graph.n_triples()}


def stated_by_linksets(
    store: Graphs, lines: Iterable[bytes], changing: Mapping[str, bytes]
) -> set[bytes]:
    """Those of the triples (lines of N-Triples) that a linkset of the store already states.

    ``changing`` are graphs, by name, that are about to replace those of the store.
    """
    linked: dict[str, set[bytes]] = {}
    found = set()
    for line in lines:
        relation, target = property_of(line).decode(), object_of(line).decode()
        if not target.startswith("<") or URIRef(text_of(relation)) not in _WORDS:
            continue
        try:
            name = str(Addresses(store.base).linkset(site_of(text_of(target))))
        except ValueError:
            continue
        if name not in linked:
            content = changing[name] if name in changing else store.graph(name)
            linked[name] = lines_of(content)
        if line in linked[name]:
            found.add(line)
    return found


def links_moved(store: WritableStore, formers: Collection[str], entity: str) -> dict[str, bytes]:
    """The linksets, by name, with the links of an entity moved from its former names."""
    prefix = str(Addresses(store.base).linkset(""))
    moved: dict[str, bytes] = {}
    for name in store.graph_names() if formers else ():
        if not name.startswith(prefix):
            continue
        site = name.removeprefix(prefix)
        links = read_links(store, site)
        if not any(link.subject in formers for link in links):
            continue
        kept = {(link.subject, link.target): link for link in links if link.subject not in formers}
        for link in links:
            if link.subject in formers:
                kept.setdefault((entity, link.target), replace(link, subject=entity))
        moved |= linkset_graph(store.base, site, list(kept.values()))
    return moved


def _describe_linkset(
    graph: Graph, addresses: Addresses, node: URIRef, site: str, links: Iterable[Link]
) -> None:
    whole = URIRef(addresses.base + ".well-known/void#data")
    counts = Counter(link.relation for link in links)
    sites = sorted({_root_of(link.target) for link in links})
    parts = {RELATIONS[word]: (URIRef(f"{node}#{word}"), count) for word, count in counts.items()}
    for part, count in [(node, counts.total()), *parts.values()]:
        graph.add((part, RDF.type, VOID.Linkset))
        graph.add((part, VOID.subjectsTarget, whole))
        for root in sites:
            graph.add((part, VOID.objectsTarget, URIRef(root)))
        graph.add((part, VOID.triples, Literal(count)))
    for relation, (part, _) in parts.items():
        # A linkset has links of one kind; with several kinds it has one subset for each.
        graph.add((node, VOID.subset, part))
        graph.add((part, VOID.linkPredicate, relation))
    for language, title in translations("titles.links", site=site).items():
        graph.add((node, DCTERMS.title, Literal(title, lang=language)))
    newest = max(link.decided for link in links)
    graph.add((node, DCTERMS.modified, _moment(newest)))
    for asked in sorted({link.asked for link in links if link.asked}, key=str):
        activity = _activity(node, asked)
        software = URIRef(f"{node}#gongkai-{asked.version}")
        graph.add((node, PROV.wasGeneratedBy, activity))
        graph.add((activity, RDF.type, PROV.Activity))
        graph.add((activity, PROV.used, URIRef(asked.endpoint)))
        graph.add((activity, addresses.terms.linkProfile, Literal(asked.profile)))
        graph.add((activity, DCTERMS.date, Literal(asked.day, datatype=XSD.date)))
        graph.add((activity, PROV.wasAssociatedWith, software))
        graph.add((software, RDF.type, PROV.SoftwareAgent))
        graph.add((software, SCHEMA.name, Literal("gongkai")))
        graph.add((software, SCHEMA.softwareVersion, Literal(asked.version)))


def _describe_link(graph: Graph, addresses: Addresses, linkset: URIRef, link: Link) -> None:
    define = addresses.terms
    subject, target = URIRef(link.subject), URIRef(link.target)
    node = addresses.link(link.site, link.key)
    graph.add((subject, RELATIONS[link.relation], target))
    graph.add((node, RDF.type, define.Link))
    graph.add((node, RDF.subject, subject))
    graph.add((node, RDF.predicate, RELATIONS[link.relation]))
    graph.add((node, RDF.object, target))
    graph.add((node, VOID.inDataset, linkset))
    graph.add((node, define.decidedBy, Literal(link.reviewer)))
    graph.add((node, DCTERMS.dateAccepted, _moment(link.decided)))
    if link.score:
        graph.add((node, define.score, Literal(link.score, datatype=XSD.decimal, normalize=False)))
    if link.evidence:
        graph.add((node, define.evidence, Literal(link.evidence)))
    if link.note:
        graph.add((node, SKOS.note, Literal(link.note)))
    if link.asked:
        graph.add((node, PROV.wasGeneratedBy, _activity(linkset, link.asked)))
    for text, language in link.names:
        graph.add((target, RDFS.label, Literal(text, lang=language)))


def _activity(linkset: URIRef, asked: Asked) -> URIRef:
    content = "\n".join((asked.endpoint, asked.profile, asked.version, asked.day))
    return URIRef(f"{linkset}#asked-{hashlib.sha256(content.encode()).hexdigest()[:_DIGITS]}")


def _asked(graph: Graph, link: Node, addresses: Addresses) -> Asked | None:
    activity = graph.value(link, PROV.wasGeneratedBy)
    if activity is None:
        return None
    software = graph.value(activity, PROV.wasAssociatedWith)
    return Asked(
        endpoint=_text(graph, activity, PROV.used),
        profile=_text(graph, activity, addresses.terms.linkProfile),
        version="" if software is None else _text(graph, software, SCHEMA.softwareVersion),
        day=_text(graph, activity, DCTERMS.date),
    )


def _text(graph: Graph, node: Node, link: URIRef) -> str:
    value = graph.value(node, link)
    return "" if value is None else str(value)


def _moment(text: str) -> Literal:
    return Literal(text, datatype=XSD.dateTime, normalize=False)


def _root_of(address: str) -> str:
    return re.sub(r"^(https?://[^/?#]+).*$", r"\1/", address, flags=re.DOTALL)
