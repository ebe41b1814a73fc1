"""The catalog for harvesting: page by page, in every format; also as DCAT-US."""

import json
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message, translation
from gongkai.server.catalog.graph import catalog_graph, catalog_page
from gongkai.server.catalog.schema_org import catalog_as_schema_org, in_script
from gongkai.server.downloads.distributions import MEDIA_TYPES
from gongkai.server.http import formats
from gongkai.server.http.current import current_settings, current_store, dumps_folder
from gongkai.server.http.links import asked_page
from gongkai.server.http.negotiated import negotiated
from gongkai.server.http.paging import Page
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.representation import representation
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import rows
from gongkai.server.settings import Settings
from gongkai.server.store.dump_folder import whole_dump

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/catalog", defaults={"suffix": None})
@blueprint.get("/catalog.<suffix>")
@Policy(Caching.KNOWN_PARAMETERS)
def catalog(suffix: str | None) -> Response:
    """A page of the catalog: DCAT-AP 3, or a page for people."""
    if suffix is not None and suffix not in formats.DOCUMENT_TYPES:
        abort(404, message("server.catalog.no_format", suffix=suffix))
    store = current_store()
    settings = current_settings()
    page = catalog_page(store, asked_page(), settings.catalog.page)
    if page is None:
        abort(404, message("server.catalog.no_page"))
    chosen = suffix or formats.best_document(request.headers.get("Accept"))
    # The pages in the chosen format: the same is sent, however it was chosen.
    address = f"{store.base}catalog.{chosen}"
    query = f"?page={page.number}"
    if chosen == "html":
        names = labels(store, list(page.reports))
        body: bytes | str = render_template(
            "catalog.html",
            page=page,
            kept=[("page", str(page.number))],
            names=names,
            address=f"{request.script_root}/catalog",
            files=[_files(store.base, report) for report in page.reports],
            suffixes=[name for name in formats.DOCUMENT_TYPES if name != "html"],
            dump=whole_dump(dumps_folder()),
            schema=in_script(catalog_as_schema_org(store.base, settings.catalog)),
        )
    elif chosen is not None:
        dump = whole_dump(dumps_folder())
        graph = catalog_graph(store, page, address, settings.catalog, dump)
        body = formats.serialize(graph.n_triples(), chosen, store.base)
    else:
        body = b""
    response = negotiated(body, chosen, suffix is None, "catalog", query)
    path = f"{request.script_root}/catalog{'.' + suffix if suffix else ''}"
    for name, target in Page(page.number, page.pages).links(path).items():
        response.headers.add("Link", f'<{target}>; rel="{name}"')
    return response


def _files(base: str, report: str) -> dict[str, str]:
    path = report.removeprefix(base + "id/")
    return {suffix: f"{request.script_root}/dump/{path}.{suffix}" for suffix in MEDIA_TYPES}


@blueprint.get("/data.json")
@Policy(Caching.KNOWN_PARAMETERS)
def data_json() -> Response:
    """All reports in one file: Project Open Data Metadata Schema 1.1 (DCAT-US)."""
    store = current_store()
    settings = current_settings()
    datasets = [_dataset(store.base, row, settings) for row in rows(store, "data-json", store.base)]
    content = {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": store.base + "data.json",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": datasets,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    return representation(body, "application/json", None)


def _dataset(base: str, row: dict[str, str], settings: Settings) -> dict[str, Any]:
    addresses = Addresses(base)
    key = addresses.report_key(row["report"])
    assert key is not None, "reports have names of ours"
    body, year = key
    contact = {"@type": "vcard:Contact", "fn": settings.catalog.publisher}
    if settings.catalog.email:
        contact["hasEmail"] = "mailto:" + settings.catalog.email
    dataset = {
        "@type": "dcat:Dataset",
        "identifier": row["report"],
        "title": row["title"],
        "description": row["description"],
        "keyword": [
            translation("catalog.keyword.law", row["language"]),
            translation("catalog.keyword.kind", row["language"]),
            translation("catalog.keyword.field", "en"),
        ],
        "modified": row.get("modified") or row.get("issued") or f"{year}-12-31",
        "publisher": {"@type": "org:Organization", "name": row["publisher"]},
        "contactPoint": contact,
        "accessLevel": "public",
        "temporal": f"{row.get('begin', f'{year}-01-01')}/{row.get('end', f'{year}-12-31')}",
        "language": [row["language"]],
        "landingPage": f"{base}doc/report/{body}/{year}",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "downloadURL": f"{base}dump/report/{body}/{year}.{suffix}",
                "mediaType": media_type,
            }
            for suffix, media_type in MEDIA_TYPES.items()
        ],
    }
    if "place" in row:
        dataset["spatial"] = row["place"]
    if settings.catalog.license:
        dataset["license"] = settings.catalog.license
    if "issued" in row:
        dataset["issued"] = row["issued"]
    return dataset
