"""A body as linked data, in the graph of its report, where the packaged register does not know it.

So the report's graph is self-contained: every URI in it is described, whatever register the next
report is published with (docs/decisions/12-bodies-and-keys.md).
"""

from rdflib import RDF, RDFS, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, SKOS

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.area_graph import said_of
from gongkai.ontology.bodies import Body, Origin
from gongkai.ontology.places import areas, chain
from gongkai.ontology.texts import translations
from gongkai.ontology.triples.graph import Graph

ORG = Namespace("http://www.w3.org/ns/org#")


def describe_body(graph: Graph, addresses: Addresses, body: Body) -> None:
    """Describe who and where ``body`` is; adds nothing for a body of the packaged register."""
    if body.origin is Origin.OPERATOR:
        moved = body.description.replace(f"<{DEFAULT_BASE}", f"<{addresses.base}")
        graph.read_n_triples(moved.encode())
        # A catalog's publishers are agents (DCAT-AP 3.0): a register need not state it.
        graph.add((addresses.body(body.key), RDF.type, FOAF.Agent))
    elif body.origin is Origin.REPORT and not body.names:
        _describe_foreign(graph, addresses, body)
    elif body.origin is Origin.REPORT:
        _describe_unregistered(graph, addresses, body)
    for code in sorted(_areas_named(graph, addresses)):
        _describe_area(graph, addresses, code)


def spatial(addresses: Addresses, body: Body) -> URIRef | None:
    """The area of the body, of ours or an external one; None where it is not known."""
    if body.area is not None:
        return addresses.area(body.area)
    return None if body.spatial is None else URIRef(body.spatial)


def _describe_unregistered(graph: Graph, addresses: Addresses, body: Body) -> None:
    node = addresses.body(body.key)
    define = addresses.terms
    for kind in (define.PublicBody, define.UnregisteredBody, ORG.FormalOrganization, FOAF.Agent):
        graph.add((node, RDF.type, kind))
    graph.add((node, DCTERMS.identifier, Literal(body.key)))
    graph.add((node, SKOS.prefLabel, Literal(body.name, lang="zh")))
    graph.add((node, SKOS.prefLabel, Literal(body.english_name, lang="en")))
    for name in body.names:
        if name != body.name:
            graph.add((node, SKOS.altLabel, Literal(name, lang="zh")))
    for language, text in translations("titles.unregistered_body").items():
        graph.add((node, RDFS.comment, Literal(text, lang=language)))
    if body.area is not None:
        graph.add((node, DCTERMS.spatial, addresses.area(body.area)))


def _describe_foreign(graph: Graph, addresses: Addresses, body: Body) -> None:
    """A body of another country, or a part of one: named as its report names it."""
    node = addresses.body(body.key)
    kind = ORG.FormalOrganization if body.part_of is None else ORG.OrganizationalUnit
    for type_ in (addresses.terms.PublicBody, kind, FOAF.Agent):
        graph.add((node, RDF.type, type_))
    graph.add((node, DCTERMS.identifier, Literal(body.key)))
    for language in ("zh", "en"):
        graph.add((node, SKOS.prefLabel, Literal(body.english_name, lang=language)))
    for language, text in translations("titles.foreign_body").items():
        graph.add((node, RDFS.comment, Literal(text, lang=language)))
    if body.abbreviation and body.abbreviation != body.english_name:
        graph.add((node, SKOS.altLabel, Literal(body.abbreviation, lang="en")))
    if body.spatial is not None:
        graph.add((node, DCTERMS.spatial, URIRef(body.spatial)))
    if body.part_of is not None:
        graph.add((node, ORG.subOrganizationOf, addresses.body(body.part_of)))


def _areas_named(graph: Graph, addresses: Addresses) -> set[str]:
    """Codes of the divisions that contain bodies of the graph and that nothing describes yet."""
    prefix = f"{addresses.base}id/area/"
    return {
        code
        for area in graph.objects(None, DCTERMS.spatial)
        if (code := str(area).removeprefix(prefix)) in areas()
        and (area, SKOS.prefLabel, None) not in graph
    }


def _describe_area(graph: Graph, addresses: Addresses, code: str) -> None:
    said = (line for area in chain(areas()[code]) for line in said_of(addresses.base, area))
    graph.read_n_triples(b"".join(said))
