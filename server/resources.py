"""Every URI that was minted, dereferenced: 303 from a thing to its document, 200 for documents."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, QB
from werkzeug.wrappers import Response as BaseResponse

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import Label
from gongkai.ontology.structures import cubes
from gongkai.server import formats
from gongkai.server.descriptions import (
    describe,
    is_thing,
    labels,
    minted,
    named_nodes,
    read_graph,
)
from gongkai.server.links import local_path
from gongkai.server.memory import PARAMETERS
from gongkai.server.negotiated import VARY, negotiated
from gongkai.server.negotiation import best_format
from gongkai.server.page_text import page_language, pick
from gongkai.server.profiles import (
    Profile,
    chosen_profile,
    profile_list,
    state_profile,
    wants_list,
)
from gongkai.server.report_page import read_report_page
from gongkai.server.representation import keeping, representation
from gongkai.server.schema_org import PROFILE as SCHEMA_ORG
from gongkai.server.schema_org import in_script, report_as_schema_org
from gongkai.server.settings import Settings
from gongkai.server.signposts import LINKSET, document_links, linkset
from gongkai.server.store import Store
from gongkai.server.withdrawals import abort_if_withdrawn

blueprint = Blueprint("resources", __name__)

_SUFFIX = re.compile(r"(?P<path>.+)\.(?P<suffix>html|ttl|jsonld|rdf|nt|linkset)")
_OBSERVED = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
_PERIOD = URIRef("http://purl.org/linked-data/sdmx/2009/dimension#refPeriod")
_MOST_VALUES = 200
"""Values of one property that a page lists; the other formats have them all."""


@blueprint.get("/id/<path:path>")
def thing(path: str) -> BaseResponse:
    """A thing is no document: see its document (W3C, Cool URIs for the Semantic Web, 4.2)."""
    store = _store()
    this = minted(store.base, f"id/{path}")
    if this is None or not is_thing(store, this):
        abort_if_withdrawn(store, path)
        abort(404, f"there is nothing known as {store.base}id/{path}")
    response = redirect(f"{request.script_root}/doc/{path}{_query()}", 303)
    response.headers["Vary"] = VARY
    settings: Settings = current_app.extensions["gongkai.settings"]
    response.headers["Cache-Control"] = keeping(settings)
    return response


@blueprint.get("/doc/<path:path>")
def document(path: str) -> Response:
    """The document about a thing, its format by suffix or by negotiation."""
    store = _store()
    match = _SUFFIX.fullmatch(path)
    sent = None
    if match:
        sent = _send(store, f"id/{match['path']}", f"doc/{match['path']}", match["suffix"])
    if sent is None:
        sent = _send(store, f"id/{path}", f"doc/{path}", None)
    if sent is None:
        abort_if_withdrawn(store, match["path"] if match else path)
        abort(404, f"there is no document about {store.base}id/{path}")
    return sent


@blueprint.get("/def", defaults={"name": "def", "suffix": None})
@blueprint.get("/def.<suffix>", defaults={"name": "def"})
@blueprint.get("/shapes", defaults={"name": "shapes", "suffix": None})
@blueprint.get("/shapes.<suffix>", defaults={"name": "shapes"})
def terms(name: str, suffix: str | None) -> Response:
    """The vocabulary, or the rules: one document each, its terms named by fragments."""
    if suffix is not None and suffix not in formats.DOCUMENT_TYPES:
        abort(404, f"{name} has no format .{suffix}")
    sent = _send(_store(), name, name, suffix)
    if sent is None:
        abort(404, f"the store has no {name}: publish to it once more")
    return sent


def _store() -> Store:
    store: Store = current_app.extensions["gongkai.store"]
    return store


def _send(store: Store, thing_path: str, document_path: str, suffix: str | None) -> Response | None:
    """The document about a thing in a format; None where there is no such thing."""
    this = minted(store.base, thing_path)
    if this is None:
        return None
    about = store.base + document_path if thing_path != document_path else ""
    triples = describe(store, this, about)
    if not triples:
        return None
    settings: Settings = current_app.extensions["gongkai.settings"]
    links = document_links(store.base, this, document_path, settings.catalog)
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
        # The format named in the address goes before the profile, and the profile before the
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
        body = _html(store, read_graph(triples), this, document_path)
    else:
        body = formats.serialize(triples, chosen, store.base)
    response = negotiated(body, chosen, suffix is None, document_path)
    state_profile(response, profile)
    if profile.uri != offered[0].uri and "Content-Location" in response.headers:
        response.headers["Content-Location"] += f"?_profile={profile.token}"
    for link in links:
        response.headers.add("Link", link.header())
    return response


def _admitted(profile: Profile) -> bool:
    """Whether the header Accept admits a format of the profile."""
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
    return report_as_schema_org(store.base, this, graph, names, settings.catalog)


def _query() -> str:
    """What of the address's query the document knows."""
    known = [(key, request.args[key]) for key in PARAMETERS if key in request.args]
    return f"?{urlencode(known)}" if known else ""


def _html(store: Store, graph: Graph, this: str, document_path: str) -> str:
    names = labels(store, named_nodes(graph))
    common = {
        "this": this,
        "base": store.base,
        "document_path": document_path,
        "link": local_path(store.base),
        "names": names,
        "suffixes": [suffix for suffix in formats.DOCUMENT_TYPES if suffix != "html"],
    }
    report = URIRef(store.base + "def#Report")
    if (URIRef(this), RDF.type, report) in graph:
        page = read_report_page(store, graph, this)
        settings: Settings = current_app.extensions["gongkai.settings"]
        schema = in_script(_schema_org(store, graph, this, settings))
        return render_template("report.html", page=page, schema=schema, **common)
    heading = pick(names.get(this, {}), page_language()) or _observation_heading(
        graph, this, names, store.base
    )
    return render_template(
        "resource.html",
        heading=heading or this,
        things=_things(graph, this, names, store.base),
        **common,
    )


@dataclass(frozen=True)
class _ShownValue:
    """A value on the page of a resource: a link, or a text in a language."""

    uri: str | None
    text: str
    language: str


def _observation_heading(graph: Graph, this: str, names: dict[str, Label], base: str) -> str | None:
    """A heading for an observation, which has no label: who, when, which cell."""
    node = URIRef(this)
    define = Namespace(base + "def#")
    cube = graph.value(node, QB.dataSet)
    key = str(cube).removeprefix(base + "id/cube/")
    if key not in cubes():
        return None
    terms = [define.body, _PERIOD, *(define[item.name] for item in cubes()[key].dimensions)]
    values = [str(graph.value(node, term)) for term in terms]
    language = page_language()
    return " · ".join(pick(names.get(value, {}), language) or value for value in values)


def _things(graph: Graph, this: str, names: dict[str, Label], base: str) -> list[dict[str, Any]]:
    """Each subject of the graph, the thing itself first, with its properties and values."""
    language = page_language()

    def order(subject: str) -> tuple[bool, bool, int, str]:
        position = graph.value(URIRef(subject), URIRef(base + "def#order"))
        number = int(str(position)) if position is not None else 0
        return subject != this, not subject.startswith(this + "#"), number, subject

    things: list[dict[str, Any]] = []
    for subject in sorted({str(s) for s in graph.subjects() if isinstance(s, URIRef)}, key=order):
        properties: list[dict[str, Any]] = []
        for link in sorted(
            set(graph.predicates(URIRef(subject))), key=lambda item: (item != _OBSERVED, str(item))
        ):
            values = sorted(
                graph.objects(URIRef(subject), link),
                key=lambda value: _value_order(value, names, language),
            )
            properties.append(
                {
                    "link": str(link),
                    "values": [_shown(value, names, language) for value in values[:_MOST_VALUES]],
                    "more": max(len(values) - _MOST_VALUES, 0),
                }
            )
        things.append(
            {"uri": subject, "anchor": subject.partition("#")[2], "properties": properties}
        )
    return things


def _shown(value: object, names: dict[str, Label], language: str) -> _ShownValue:
    if isinstance(value, Literal):
        return _ShownValue(None, str(value).strip(), value.language or "")
    if isinstance(value, BNode):
        return _ShownValue(None, "[ ]", "")
    uri = str(value)
    return _ShownValue(uri, pick(names.get(uri, {}), language) or uri, "")


def _value_order(value: object, names: dict[str, Label], language: str) -> tuple[int, str]:
    if isinstance(value, Literal):
        return (0 if value.language == language else 1), str(value)
    return 2, pick(names.get(str(value), {}), language) or str(value)
