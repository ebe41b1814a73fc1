"""The catalog as a graph: W3C, DCAT 3 (2024); SEMIC, DCAT-AP 3.0.1; Hydra for its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files

from rdflib import RDF, RDFS, XSD, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, QB, SKOS

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import translation, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.server.catalog.publisher_types import (
    state_kind_of_authority,
    state_license,
    state_publisher_type,
)
from gongkai.server.downloads.distributions import FILE_CONTENTS, FILE_TYPES, MEDIA_TYPES
from gongkai.server.downloads.file_facts import FileFacts, known_files
from gongkai.server.http.paging import Page, view
from gongkai.server.queries.graphs import construct
from gongkai.server.queries.rows import listed
from gongkai.server.queries.texts import fill
from gongkai.server.settings import CatalogSettings
from gongkai.server.store import Store
from gongkai.server.store.dump_folder import WholeDump

DCAT = Namespace("http://www.w3.org/ns/dcat#")
_DCATAP = Namespace("http://data.europa.eu/r5r/")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_CSV_ON_THE_WEB = URIRef("http://www.w3.org/ns/csvw")
_DATA_CUBE = URIRef("http://www.w3.org/TR/vocab-data-cube/")


@dataclass(frozen=True)
class CatalogPage:
    """A page of the catalog: its number from 1, and the total number of pages and reports.

    ``reports`` are those on the page, by URI; ``datasets`` is the number of data sets (reports and
    cubes) on all pages.
    """

    number: int
    pages: int
    total: int
    reports: tuple[str, ...]
    datasets: int


def catalog_page(store: Store, number: int, size: int) -> CatalogPage | None:
    """Page ``number`` of the catalog, with ``size`` reports; None if there is no such page."""
    found = listed(store, "catalog-reports")
    pages = max(-(-len(found) // size), 1)
    if not 1 <= number <= pages:
        return None
    after = (number - 1) * size
    reports = tuple(row["report"] for row in found[after : after + size])
    cubes = len(listed(store, "catalog-cube-names"))
    return CatalogPage(number, pages, len(found), reports, len(found) + cubes)


def catalog_graph(
    store: Store, page: CatalogPage, address: str, settings: CatalogSettings, dump: WholeDump | None
) -> Graph:
    """The catalog with the reports of a page; the first page also has the cubes.

    ``address`` is that of the catalog in the requested format: harvesters find its other pages by
    it.
    """
    graph = Graph()
    graph += _fixed(store.base)
    addresses = Addresses(store.base)
    catalog = URIRef(store.base + "catalog")
    publisher = _describe_publisher(graph, store.base, settings)
    graph.add((catalog, DCTERMS.publisher, publisher))
    if settings.publisher_type:
        state_publisher_type(graph, publisher, settings.publisher_type)
    state_license(graph, catalog, settings)
    if page.number == 1:
        _describe_cubes(graph, store, publisher, settings, dump)
    if page.reports:
        these = " ".join(f"<{report}>" for report in page.reports)
        # Triple by triple: rdflib's terms write times as harvesters know them (+00:00, not Z).
        graph += iter(construct(store, _filled("catalog-datasets", store.base, these)))
    known = known_files().of(page.reports)
    for report in page.reports:
        _describe_dataset(graph, store, addresses, URIRef(report), known[report], settings)
    for country in _countries(store):
        graph.add((catalog, DCTERMS.spatial, URIRef(country)))
    for series in set(graph.objects(None, DCAT.inSeries)):
        # General membership (DCAT 3, section 6.3): validators that ignore subclasses reject series
        # as data sets, and harvesters would take them for empty data sets.
        graph.add((catalog, DCAT.resource, series))
        graph.add((series, DCTERMS.accrualPeriodicity, URIRef(_AUTHORITY + "frequency/ANNUAL")))
    for publisher_of_one in set(graph.objects(None, DCTERMS.publisher)):
        for name in graph.objects(publisher_of_one, SKOS.prefLabel):
            graph.add((publisher_of_one, FOAF.name, name))
        graph.add((publisher_of_one, RDF.type, FOAF.Agent))
        state_kind_of_authority(graph, addresses, publisher_of_one)
    for place in set(graph.objects(None, DCTERMS.spatial)):
        graph.add((place, RDF.type, DCTERMS.Location))
    _state_times(graph, store, catalog)
    graph += view(catalog, Page(page.number, page.pages), address, page.datasets)
    return graph


def _describe_cubes(
    graph: Graph,
    store: Store,
    publisher: URIRef,
    settings: CatalogSettings,
    dump: WholeDump | None,
) -> None:
    graph += construct(store, _filled("catalog-cubes", store.base))
    period = _describe_period(graph, store)
    cubes = [node for node in graph.subjects(RDF.type, QB.DataSet) if isinstance(node, URIRef)]
    for cube in cubes:
        graph.add((URIRef(store.base + "catalog"), DCAT.dataset, cube))
        graph.add((cube, DCTERMS.publisher, publisher))
        graph.add((URIRef(store.base + "sparql"), DCAT.servesDataset, cube))
        _describe_common(graph, cube, store.base)
        if period is not None:
            graph.add((cube, DCTERMS.temporal, period))
        if settings.email:
            graph.add((cube, DCAT.contactPoint, URIRef(store.base + "catalog#contact")))
        if dump is not None:
            _describe_dump(graph, cube, store.base, settings, dump)


def _describe_period(graph: Graph, store: Store) -> URIRef | None:
    """The years with reports, from the first to the last."""
    addresses = Addresses(store.base)
    keys = [addresses.report_key(row["report"]) for row in listed(store, "catalog-reports")]
    years = [key[1] for key in keys if key is not None]
    if not years:
        return None
    period = URIRef(store.base + "catalog#period")
    graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
    for link, day in (
        (DCAT.startDate, f"{min(years)}-01-01"),
        (DCAT.endDate, f"{max(years)}-12-31"),
    ):
        graph.add((period, link, Literal(day, datatype=XSD.date)))
    return period


@lru_cache(maxsize=4)
def _fixed(base: str) -> Graph:
    return Graph().read_turtle(files(__package__).joinpath("catalog.ttl").read_bytes(), base)


def _filled(name: str, base: str, these: str = "") -> str:
    return fill(name, base, base).replace("?these", these)


def _describe_publisher(graph: Graph, base: str, settings: CatalogSettings) -> URIRef:
    node = URIRef(settings.homepage or base)
    publisher = URIRef(base + "catalog#publisher")
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(settings.publisher)))
    graph.add((publisher, FOAF.homepage, node))
    graph.add((node, RDF.type, FOAF.Document))
    if settings.email:
        contact = URIRef(base + "catalog#contact")
        graph.add((URIRef(base + "catalog"), DCAT.contactPoint, contact))
        graph.add((contact, RDF.type, _VCARD.Kind))
        graph.add((contact, _VCARD.fn, Literal(settings.publisher)))
        graph.add((contact, _VCARD.hasEmail, URIRef("mailto:" + settings.email)))
    return publisher


def _state_times(graph: Graph, store: Store, catalog: URIRef) -> None:
    """When the first report was published, and when the store last changed."""
    changed = datetime.fromtimestamp(store.changed, UTC)
    moments = {DCTERMS.modified: changed.strftime("%Y-%m-%dT%H:%M:%SZ")}
    events = listed(store, "changes")
    moments[DCTERMS.issued] = events[0]["time"] if events else moments[DCTERMS.modified]
    for link, moment in moments.items():
        graph.add((catalog, link, Literal(moment, datatype=XSD.dateTime, normalize=False)))


def _describe_common(graph: Graph, dataset: URIRef, base: str) -> None:
    path = str(dataset).removeprefix(base + "id/")
    page = URIRef(f"{base}doc/{path}")
    graph.add((dataset, DCTERMS.identifier, Literal(str(dataset))))
    graph.add((dataset, DCAT.landingPage, page))
    graph.add((page, RDF.type, FOAF.Document))
    graph.add((dataset, DCAT.theme, URIRef(_AUTHORITY + "data-theme/GOVE")))
    graph.add((dataset, DCTERMS.accessRights, URIRef(_AUTHORITY + "access-right/PUBLIC")))
    keywords = [
        *translations("catalog.keyword.field").items(),
        *translations("catalog.keyword.law").items(),
        ("zh", translation("catalog.keyword.kind", "zh")),
    ]
    for language, keyword in keywords:
        graph.add((dataset, DCAT.keyword, Literal(keyword, lang=language)))


def _describe_dataset(
    graph: Graph,
    store: Store,
    addresses: Addresses,
    report: URIRef,
    known: Mapping[str, FileFacts],
    settings: CatalogSettings,
) -> None:
    key = addresses.report_key(str(report))
    if key is None:
        return
    body, year = key
    graph.add((URIRef(store.base + "catalog"), DCAT.dataset, report))
    graph.add((URIRef(store.base + "sparql"), DCAT.servesDataset, report))
    _describe_common(graph, report, store.base)
    _add_titles(graph, addresses, report, body, year)
    contact = graph.value(report, DCAT.contactPoint)
    if contact is not None:
        graph.add((contact, RDF.type, _VCARD.Kind))
    elif settings.email:
        graph.add((report, DCAT.contactPoint, URIRef(store.base + "catalog#contact")))
    for suffix, media_type in MEDIA_TYPES.items():
        file = URIRef(f"{store.base}dump/report/{body}/{year}.{suffix}")
        conforms = _CSV_ON_THE_WEB if suffix == "csv" else None
        if suffix in ("ttl", "jsonld", "nt"):
            conforms = _DATA_CUBE
        _describe_file(graph, report, file, suffix, media_type, known.get(suffix), settings)
        graph.add((file, DCAT.accessURL, URIRef(f"{store.base}doc/report/{body}/{year}")))
        if conforms is not None:
            graph.add((file, DCTERMS.conformsTo, conforms))
            graph.add((conforms, RDF.type, DCTERMS.Standard))


def _add_titles(graph: Graph, addresses: Addresses, report: URIRef, body: str, year: int) -> None:
    """Add a title in each language in which the report has no title of its own."""
    own = {getattr(title, "language", None) for title in graph.objects(report, DCTERMS.title)}
    if "en" not in own:
        name = _english_name(graph, addresses.body(body)) or body
        title = translation("catalog.report", "en", name=name, year=year)
        graph.add((report, DCTERMS.title, Literal(title, lang="en")))
    if "zh" not in own:
        for known in graph.objects(graph.value(report, DCAT.inSeries), DCTERMS.title):
            if getattr(known, "language", None) == "zh":
                title = translation("catalog.report", "zh", name=known, year=year)
                graph.add((report, DCTERMS.title, Literal(title, lang="zh")))


def _countries(store: Store) -> set[str]:
    """The countries of the reporting bodies, by the EU's authority table; divisions are China's."""
    country = _AUTHORITY + "country/"
    places = [row["place"] for row in listed(store, "catalog-places")]
    return {place if place.startswith(country) else country + "CHN" for place in places} or {
        country + "CHN"
    }


def _english_name(graph: Graph, body: URIRef) -> str | None:
    names = {
        getattr(name, "language", None): str(name) for name in graph.objects(body, SKOS.prefLabel)
    }
    return names.get("en") or names.get("zh")


def _describe_dump(
    graph: Graph, cube: URIRef, base: str, settings: CatalogSettings, dump: WholeDump
) -> None:
    file = URIRef(base + "dump/all.nq.gz")
    facts = FileFacts(dump.size, dump.sha256)
    _describe_file(graph, cube, file, "nq", "application/n-quads", facts, settings)
    graph.add((file, DCAT.accessURL, file))
    packed = URIRef(_IANA + "application/gzip")
    graph.add((file, DCAT.compressFormat, packed))
    graph.add((packed, RDF.type, DCTERMS.MediaType))
    made = Literal(dump.made.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime, normalize=False)
    graph.add((file, DCTERMS.modified, made))


def _describe_file(
    graph: Graph,
    dataset: URIRef,
    file: URIRef,
    suffix: str,
    media_type: str,
    facts: FileFacts | None,
    settings: CatalogSettings,
) -> None:
    code, label = FILE_TYPES[suffix]
    kind, media = URIRef(_AUTHORITY + "file-type/" + code), URIRef(_IANA + media_type)
    graph.add((dataset, DCAT.distribution, file))
    graph.add((file, RDF.type, DCAT.Distribution))
    for language, title in translations("catalog.file", format=label).items():
        graph.add((file, DCTERMS.title, Literal(title, lang=language)))
    for language, contents in FILE_CONTENTS[suffix].items():
        graph.add((file, DCTERMS.description, Literal(contents, lang=language)))
    graph.add((file, DCAT.downloadURL, file))
    graph.add((file, DCAT.mediaType, media))
    graph.add((media, RDF.type, DCTERMS.MediaType))
    graph.add((file, DCTERMS["format"], kind))
    graph.add((kind, RDF.type, DCTERMS.MediaTypeOrExtent))
    graph.add((kind, RDFS.label, Literal(label)))
    if facts is not None:
        checksum = URIRef(f"{file}#checksum")
        size = Literal(facts.size, datatype=XSD.nonNegativeInteger)
        graph.add((file, DCAT.byteSize, size))
        graph.add((file, _SPDX.checksum, checksum))
        graph.add((checksum, RDF.type, _SPDX.Checksum))
        graph.add((checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256))
        value = Literal(facts.sha256, datatype=XSD.hexBinary, normalize=False)
        graph.add((checksum, _SPDX.checksumValue, value))
    stable = URIRef(_AUTHORITY + "planned-availability/STABLE")
    graph.add((file, _DCATAP.availability, stable))
    state_license(graph, file, settings)
