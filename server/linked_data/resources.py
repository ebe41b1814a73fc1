"""Dereference every URI of ours: 303 from an entity to its document, 200 for documents."""

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request
from rdflib import URIRef
from rdflib.namespace import DCTERMS
from werkzeug.wrappers import Response as BaseResponse

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.ontology.triples.graph import Graph
from gongkai.server.catalog.schema_org import PROFILE as SCHEMA_ORG
from gongkai.server.catalog.schema_org import in_script, report_as_schema_org
from gongkai.server.http import formats
from gongkai.server.http.current import current_settings, current_store
from gongkai.server.http.negotiated import VARY, negotiated
from gongkai.server.http.negotiation import best_format
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.profiles import (
    Profile,
    chosen_profile,
    profile_list,
    state_profile,
    wants_list,
)
from gongkai.server.http.representation import keeping, representation
from gongkai.server.http.response_cache import PARAMETERS
from gongkai.server.http.withdrawals import abort_if_withdrawn
from gongkai.server.linked_data.member_pages import with_members
from gongkai.server.linked_data.signposts import LINKSET, document_links, linkset
from gongkai.server.pages.documents import page_about
from gongkai.server.pages.plain_tables import shown_part
from gongkai.server.queries.graphs import describe, labels, read_graph
from gongkai.server.queries.rows import is_described, rows
from gongkai.server.queries.texts import minted
from gongkai.server.settings import Settings
from gongkai.server.store import Store

blueprint = Blueprint("resources", __name__)

_SUFFIX = re.compile(r"(?P<path>.+)\.(?P<suffix>html|ttl|jsonld|rdf|nt|linkset)")


@blueprint.get("/id/<path:path>")
@Policy(Caching.KNOWN_PARAMETERS)
def entity(path: str) -> BaseResponse:
    """Redirect from an entity to its document (W3C, Cool URIs for the Semantic Web, 4.2)."""
    store = current_store()
    this = minted(store.base, f"id/{path}")
    if this is None or not is_described(store, this):
        abort_if_withdrawn(store, path)
        abort(404, message("server.nothing_known", uri=f"{store.base}id/{path}"))
    response = redirect(f"{request.script_root}/doc/{path}{_query()}", 303)
    response.headers["Vary"] = VARY
    settings = current_settings()
    response.headers["Cache-Control"] = keeping(settings)
    return response


@blueprint.get("/doc/<path:path>")
@Policy(Caching.KNOWN_PARAMETERS)
def document(path: str) -> Response:
    """The document about an entity; its format by suffix or by negotiation."""
    store = current_store()
    match = _SUFFIX.fullmatch(path)
    sent = None
    if match:
        sent = _send(store, f"id/{match['path']}", f"doc/{match['path']}", match["suffix"])
    if sent is None:
        sent = _send(store, f"id/{path}", f"doc/{path}", None)
    if sent is None:
        abort_if_withdrawn(store, match["path"] if match else path)
        abort(404, message("server.no_document", uri=f"{store.base}id/{path}"))
    return sent


@blueprint.get("/def", defaults={"name": "def", "suffix": None})
@blueprint.get("/def.<suffix>", defaults={"name": "def"})
@blueprint.get("/shapes", defaults={"name": "shapes", "suffix": None})
@blueprint.get("/shapes.<suffix>", defaults={"name": "shapes"})
@Policy(Caching.KNOWN_PARAMETERS)
def terms(name: str, suffix: str | None) -> Response:
    """The vocabulary, or the rules: one document each, in which fragments name the terms."""
    if suffix is not None and suffix not in formats.DOCUMENT_TYPES:
        abort(404, message("server.no_format", name=name, suffix=suffix))
    sent = _send(current_store(), name, name, suffix)
    if sent is None:
        abort(404, message("server.no_terms", name=name))
    return sent


def _send(
    store: Store, entity_path: str, document_path: str, suffix: str | None
) -> Response | None:
    """The document about an entity in a format; None if there is no such entity."""
    this = minted(store.base, entity_path)
    if this is None:
        return None
    about = store.base + document_path if entity_path != document_path else ""
    triples = describe(store, this, about)
    if not triples:
        return None
    settings = current_settings()
    triples, part = with_members(store, this, document_path, triples)
    query = part.page.query if part is not None else ""
    links = document_links(store.base, this, document_path, settings.catalog, query)
    if part is not None:
        links += part.links(suffix)
    if suffix == "linkset":
        anchor = f"{request.script_root}/{document_path}"
        return representation(linkset(anchor, links), LINKSET, None)
    offered = _profiles(store.base, this)
    if wants_list():
        types = {name: kinds[0] for name, kinds in formats.DOCUMENT_TYPES.items()}
        return profile_list(document_path, offered, types)
    profile = chosen_profile(offered)
    chosen = suffix or formats.best_document(
        request.args.get("_mediatype") or request.headers.get("Accept")
    )
    if "_profile" not in request.args and not _admitted(profile):
        profile = offered[0]
    if chosen is not None and chosen not in profile.suffixes:
        # The format in the address takes precedence over the profile, and the profile over the
        # preferences of a header.
        if suffix is None:
            chosen = profile.suffixes[0]
        else:
            profile = offered[0]
    if chosen is None:
        body: bytes | str = b""
    elif profile.uri == SCHEMA_ORG:
        body = in_script(_schema_org(store, read_graph(triples), this, settings))
    elif chosen == "html":
        graph = read_graph(shown_part(triples, store.base, this))
        report = Addresses(store.base).report_key(this) is not None
        schema = in_script(_schema_org(store, graph, this, settings)) if report else ""
        body = page_about(
            store, graph, this, document_path, schema, part.page if part is not None else None
        )
    else:
        if part is not None:
            triples = part.described(triples, store.base, chosen)
        body = formats.serialize(triples, chosen, store.base)
    response = negotiated(body, chosen, suffix is None, document_path, query)
    state_profile(response, profile)
    if profile.uri != offered[0].uri and "Content-Location" in response.headers:
        response.headers["Content-Location"] += f"?_profile={profile.token}"
    for link in links:
        response.headers.add("Link", link.header())
    return response


def _admitted(profile: Profile) -> bool:
    """Whether the Accept header allows a format of the profile."""
    offered = {name: formats.DOCUMENT_TYPES[name] for name in profile.suffixes}
    return best_format(request.headers.get("Accept"), offered) is not None


def _profiles(base: str, this: str) -> tuple[Profile, ...]:
    own = Profile("gongkai", base + "def", tuple(formats.DOCUMENT_TYPES))
    if Addresses(base).report_key(this) is None:
        return (own,)
    return own, Profile("schema", SCHEMA_ORG, ("jsonld",))


def _schema_org(store: Store, graph: Graph, this: str, settings: Settings) -> dict[str, Any]:
    publisher = str(graph.value(URIRef(this), DCTERMS.publisher))
    names = labels(store, [publisher]).get(publisher, {})
    same = [row["target"] for row in rows(store, "links-out", publisher)]
    return report_as_schema_org(store.base, this, graph, names, settings.catalog, same)


def _query() -> str:
    """The parameters of the address that documents know."""
    known = [(key, request.args[key]) for key in PARAMETERS if key in request.args]
    return f"?{urlencode(known)}" if known else ""
