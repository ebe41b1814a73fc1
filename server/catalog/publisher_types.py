"""Types of publishers and licences: the small vocabularies of ADMS (SEMIC, 2012)."""

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.graph import Graph
from gongkai.server.settings import CatalogSettings

_CHINA = "http://publications.europa.eu/resource/authority/country/CHN"
_ADMS = "http://purl.org/adms/"
_LICENSE_TYPES = {
    "licenses/by": "Attribution",
    "licenses/by-sa": "Attribution",
    "publicdomain/zero": "PublicDomain",
    "publicdomain/mark": "PublicDomain",
}
"""Types of licences (ADMS) by Creative Commons address."""


def state_license(graph: Graph, node: URIRef, settings: CatalogSettings) -> None:
    """State the licence of a resource, if the settings have one, and its type."""
    if not settings.license:
        return
    license_ = URIRef(settings.license)
    graph.add((node, DCTERMS.license, license_))
    graph.add((license_, RDF.type, DCTERMS.LicenseDocument))
    parts = settings.license.partition("creativecommons.org/")[2].split("/")
    kind = _LICENSE_TYPES.get("/".join(parts[:2]), "UnknownIPR")
    graph.add((license_, DCTERMS.type, _concept(graph, "licencetype", kind)))


def _concept(graph: Graph, scheme: str, name: str) -> URIRef:
    """A concept of one of the small ADMS vocabularies, with its description."""
    concept, whole = URIRef(f"{_ADMS}{scheme}/{name}"), URIRef(f"{_ADMS}{scheme}/1.0")
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.prefLabel, Literal(name, lang="en")))
    graph.add((concept, SKOS.inScheme, whole))
    graph.add((whole, RDF.type, SKOS.ConceptScheme))
    graph.add((whole, DCTERMS.title, Literal(f"ADMS {scheme}", lang="en")))
    return concept


def state_publisher_type(graph: Graph, agent: URIRef, name: str) -> None:
    """State the type of a publisher, by its name in the vocabulary."""
    graph.add((agent, DCTERMS.type, _concept(graph, "publishertype", name)))


def state_kind_of_authority(graph: Graph, addresses: Addresses, agent: Node) -> None:
    """State the type of a public body, if the area that it reports for determines it."""
    prefix = f"{addresses.base}id/area/"
    bodies = f"{addresses.base}id/body/"
    if not isinstance(agent, URIRef) or not agent.startswith(bodies):
        return
    reports = graph.subjects(DCTERMS.publisher, agent)
    places = {str(place) for report in reports for place in graph.objects(report, DCTERMS.spatial)}
    for place in sorted(places):
        code = place.removeprefix(prefix)
        if place == _CHINA:
            state_publisher_type(graph, agent, "NationalAuthority")
        elif place.startswith(prefix):
            province = code[2:].strip("0") == ""
            kind = "RegionalAuthority" if province else "LocalAuthority"
            state_publisher_type(graph, agent, kind)
