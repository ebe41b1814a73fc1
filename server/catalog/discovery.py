"""Discovery for machines: VoID, site map, robots.txt.

W3C, Describing Linked Datasets with the VoID Vocabulary (2011); sitemaps.org; RFC 9309.
"""

from flask import Blueprint, Response, abort, current_app, request
from lxml import etree
from lxml.builder import ElementMaker
from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, VOID

from gongkai.ontology.texts import message, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.current import current_settings, current_store, dumps_folder
from gongkai.server.http.negotiated import data_document
from gongkai.server.http.paging import page_of
from gongkai.server.http.policy import Caching, Policy, stated_policies
from gongkai.server.http.representation import representation
from gongkai.server.queries.rows import listed, rows
from gongkai.server.settings import Settings
from gongkai.server.store import AnswerTooLarge, QueryCrashed, QueryTimedOut, Store, StoreBusy
from gongkai.server.store.dump_folder import whole_dump

blueprint = Blueprint("discovery", __name__)

_SITE_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ON_A_MAP = 3_000
"""Addresses per site map: with 300 bytes for each it stays below 1 MB; 50,000 are allowed."""

_TOO_MUCH = (AnswerTooLarge, QueryCrashed, QueryTimedOut, StoreBusy)


@blueprint.get("/.well-known/void")
@Policy(Caching.KNOWN_PARAMETERS)
def void() -> Response:
    """A description of the store, with counts and links to other data sets."""
    store = current_store()
    settings = current_settings()
    missing: list[str] = []
    graph = _void(store, settings, missing)
    response = data_document(graph.n_triples(), store.base)
    if missing:
        response.headers["Cache-Control"] = "no-store"
    return response


def _void(store: Store, settings: Settings, missing: list[str]) -> Graph:
    """The description; counts that took too long are omitted, and named in ``missing``."""
    base, graph = store.base, Graph()
    document, whole = URIRef(base + ".well-known/void"), URIRef(base + ".well-known/void#data")
    graph.add((document, RDF.type, VOID.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, whole))
    graph.add((document, FOAF.topic, whole))
    graph.add((whole, RDF.type, VOID.Dataset))
    for language, title in translations("catalog.data").items():
        graph.add((whole, DCTERMS.title, Literal(title, lang=language)))
    graph.add((whole, FOAF.homepage, URIRef(base)))
    graph.add((whole, VOID.uriSpace, Literal(base + "id/")))
    graph.add((whole, VOID.sparqlEndpoint, URIRef(base + "sparql")))
    graph.add((whole, VOID.rootResource, URIRef(base + "catalog")))
    for name in ("Turtle", "JSON-LD", "RDF_XML", "N-Triples"):
        graph.add((whole, VOID.feature, URIRef("http://www.w3.org/ns/formats/" + name)))
    for vocabulary in (
        base + "def#",
        "http://purl.org/linked-data/cube#",
        "http://www.w3.org/ns/dcat#",
        "http://www.w3.org/2004/02/skos/core#",
    ):
        graph.add((whole, VOID.vocabulary, URIRef(vocabulary)))
    if settings.catalog.license:
        graph.add((whole, DCTERMS.license, URIRef(settings.catalog.license)))
    if whole_dump(dumps_folder()) is not None:
        graph.add((whole, VOID.dataDump, URIRef(base + "dump/all.nq.gz")))
    _add_count(graph, whole, VOID.triples, _counted(store, "void-triples", missing))
    for row in _counted(store, "void-counts", missing):
        part = URIRef(f"{document}#{row['cube'].rpartition('/')[2]}")
        graph.add((whole, VOID.subset, part))
        graph.add((part, RDF.type, VOID.Dataset))
        graph.add((part, DCTERMS.source, URIRef(row["cube"])))
        _add_count(graph, part, VOID.entities, [row])
    for number, row in enumerate(_counted(store, "void-linksets", missing), start=1):
        links, target = URIRef(f"{document}#links-{number}"), URIRef(row["site"])
        if row["linkset"]:
            # It has a description of its own, with a subset for each kind of link.
            links = URIRef(f"{row['linkset']}#{row['link'].rpartition('#')[2]}")
            graph.add((whole, VOID.subset, URIRef(row["linkset"])))
            graph.add((URIRef(row["linkset"]), RDF.type, VOID.Linkset))
            graph.add((URIRef(row["linkset"]), VOID.subset, links))
        graph.add((links, RDF.type, VOID.Linkset))
        graph.add((links, VOID.linkPredicate, URIRef(row["link"])))
        graph.add((links, VOID.subjectsTarget, whole))
        graph.add((links, VOID.objectsTarget, target))
        graph.add((target, RDF.type, VOID.Dataset))
        _add_count(graph, links, VOID.triples, [row])
    _add_mappings(graph, whole, _counted(store, "void-mappings", missing))
    return graph


def _add_mappings(graph: Graph, whole: URIRef, found: list[dict[str, str]]) -> None:
    """The linksets between our own code lists; here each list is a data set of its own."""
    document = str(whole).partition("#")[0]
    for number, row in enumerate(found, start=1):
        links = URIRef(f"{document}#mappings-{number}")
        graph.add((whole, VOID.subset, links))
        graph.add((links, RDF.type, VOID.Linkset))
        graph.add((links, VOID.linkPredicate, URIRef(row["link"])))
        graph.add((links, DCTERMS.source, URIRef(row["set"])))
        for link, scheme in ((VOID.subjectsTarget, row["from"]), (VOID.objectsTarget, row["to"])):
            codes = URIRef(f"{document}#codes-{scheme.rpartition('/')[2]}")
            graph.add((links, link, codes))
            graph.add((whole, VOID.subset, codes))
            graph.add((codes, RDF.type, VOID.Dataset))
            graph.add((codes, DCTERMS.source, URIRef(scheme)))
            graph.add((codes, VOID.uriSpace, Literal(f"{scheme}/")))
        _add_count(graph, links, VOID.triples, [row])


def _counted(store: Store, name: str, missing: list[str]) -> list[dict[str, str]]:
    """The rows of a count; none if the store is too large to be counted in time."""
    try:
        return rows(store, name, store.base)
    except _TOO_MUCH:
        missing.append(name)
        return []


def _add_count(graph: Graph, node: URIRef, link: URIRef, found: list[dict[str, str]]) -> None:
    for row in found:
        graph.add((node, link, Literal(row["count"], datatype=XSD.integer)))


@blueprint.get("/sitemap.xml")
@Policy(Caching.KNOWN_PARAMETERS)
def site_map() -> Response:
    """An index of the site maps."""
    store = current_store()
    make = ElementMaker(namespace=_SITE_MAP, nsmap={None: _SITE_MAP})
    parts = max(-(-len(listed(store, "sitemap")) // ON_A_MAP), 1)
    maps = [
        make.sitemap(make.loc(f"{store.base}sitemap-{number}.xml"))
        for number in range(1, parts + 1)
    ]
    return _xml(make.sitemapindex(*maps))


@blueprint.get("/sitemap-<int:number>.xml")
@Policy(Caching.KNOWN_PARAMETERS)
def part_of_site_map(number: int) -> Response:
    """A site map: documents about reports, bodies, cubes and forms."""
    store = current_store()
    asked = page_of(listed(store, "sitemap"), number, ON_A_MAP)
    if asked is None:
        abort(404, message("server.no_site_map", number=number))
    _, found = asked
    make = ElementMaker(namespace=_SITE_MAP, nsmap={None: _SITE_MAP})
    urls = [make.url(make.loc(store.base + path)) for path in ("", "catalog", "def", "shapes")]
    addresses = urls if number == 1 else []
    for row in found:
        page = row["entity"].replace(f"{store.base}id/", f"{store.base}doc/", 1)
        parts = [make.loc(page)]
        if row.get("modified"):
            parts.append(make.lastmod(row["modified"]))
        addresses.append(make.url(*parts))
    return _xml(make.urlset(*addresses))


def _xml(root: etree._Element) -> Response:
    body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return representation(body, "application/xml", None)


@blueprint.get("/robots.txt")
@Policy(Caching.KNOWN_PARAMETERS)
def robots() -> Response:
    """Crawlers may fetch documents and dumps, but not what is computed for each request."""
    store = current_store()
    root = request.script_root
    text = (
        "User-agent: *\n"
        + "".join(f"Disallow: {root}{path}\n" for path in _not_crawled())
        + f"Allow: {root}/\n"
        f"Sitemap: {store.base}sitemap.xml\n"
    )
    return representation(text, "text/plain", None)


def _not_crawled() -> list[str]:
    """The beginnings of the addresses that crawlers may not fetch (RFC 9309, section 2.2.2)."""
    found = dict.fromkeys(
        rule.partition("<")[0]
        for rule, policy in stated_policies(current_app)
        if not policy.crawled
    )
    return [path for path in found if not any(path.startswith(one) for one in found if one != path)]
