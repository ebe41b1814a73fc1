"""Data sets for search engines: schema.org Dataset and DataCatalog, JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import translation, translations
from gongkai.ontology.triples.graph import Graph
from gongkai.server.downloads.distributions import MEDIA_TYPES
from gongkai.server.settings import CatalogSettings

PROFILE = "https://schema.org/"


def report_as_schema_org(
    base: str,
    report: str,
    graph: Graph,
    names: dict[str, str],
    settings: CatalogSettings,
    same: Sequence[str] = (),
) -> dict[str, Any]:
    """A report as a schema.org Dataset.

    ``names`` are those of its publisher by language; ``same`` are the same publisher in other data
    sets.
    """
    addresses = Addresses(base)
    key = addresses.report_key(report)
    assert key is not None, "reports have names of ours"
    body, year = key
    node = URIRef(report)
    described = {
        text.language or "zh": str(text)
        for text in graph.objects(node, DCTERMS.description)
        if isinstance(text, Literal)
    }
    said: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": report,
        "identifier": report,
        "url": f"{base}doc/report/{body}/{year}",
        "name": str(graph.value(node, DCTERMS.title)),
        "description": described.get("zh", "") or described.get("en", ""),
        "inLanguage": getattr(graph.value(node, DCTERMS.title), "language", None) or "zh",
        "temporalCoverage": _coverage(graph, node, year),
        "isAccessibleForFree": True,
        "creator": {
            "@type": "GovernmentOrganization",
            "@id": str(addresses.body(body)),
            "name": names.get("zh") or names.get("en") or body,
        },
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": base + "catalog"},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": f"{base}dump/report/{body}/{year}.{suffix}",
                "encodingFormat": media_type,
            }
            for suffix, media_type in MEDIA_TYPES.items()
        ],
    }
    if names.get("en"):
        said["creator"]["alternateName"] = names["en"]
    if same:
        said["creator"]["sameAs"] = list(same)
    issued = graph.value(node, DCTERMS.issued)
    if issued is not None:
        said["datePublished"] = str(issued)
    modified = graph.value(node, DCTERMS.modified)
    if modified is not None:
        said["dateModified"] = str(modified)
    if settings.license:
        said["license"] = settings.license
    return said


def catalog_as_schema_org(base: str, settings: CatalogSettings) -> dict[str, Any]:
    """The catalog as a schema.org DataCatalog."""
    described = translations("catalog.linked_data")
    said: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": base + "catalog",
        "url": base + "catalog",
        "name": translation("pages.site", "zh"),
        "description": f"{described['en']} · {described['zh']}",
        "inLanguage": ["zh", "en"],
        "publisher": {"@type": "Organization", "name": settings.publisher},
    }
    if settings.license:
        said["license"] = settings.license
    return said


def in_script(said: dict[str, Any]) -> str:
    """JSON that is safe in a script element: no character in it can end the element."""
    return json.dumps(said, ensure_ascii=False).translate(
        {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
    )


def _coverage(graph: Graph, report: URIRef, year: int) -> str:
    """The first and last day of the period of a report: fiscal years differ from calendar years."""
    period = graph.value(report, DCTERMS.temporal)
    days = [graph.value(period, URIRef(_DCAT + name)) for name in ("startDate", "endDate")]
    if period is None or None in days:
        return f"{year}-01-01/{year}-12-31"
    return "/".join(map(str, days))


_DCAT = "http://www.w3.org/ns/dcat#"
