"""The reconciliation service: Reconciliation Service API v0.2 (2023), at ``/reconcile``.

Answers are JSON, including errors. JSONP, which the specification makes optional, is not offered:
answers may be read from any site (CORS), and scripts for other sites are not ours to write.
"""

import json
from collections.abc import Collection
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from gongkai.ontology.texts import listed, message
from gongkai.server.http.current import current_clients, current_store
from gongkai.server.http.errors import STATUS_OF_TROUBLE, description_of, trouble, with_retry
from gongkai.server.http.language import page_language, pick
from gongkai.server.http.policy import Caching, Policy, Security
from gongkai.server.http.representation import representation
from gongkai.server.reconciliation.answers import (
    all_types,
    candidate,
    extension,
    shown,
    types_of,
)
from gongkai.server.reconciliation.asked import (
    NotUnderstood,
    TooMuch,
    read_extension,
    read_limit,
    read_queries,
)
from gongkai.server.reconciliation.entities import fold
from gongkai.server.reconciliation.index import Index, current_entities
from gongkai.server.reconciliation.manifest import manifest, proposed
from gongkai.server.reconciliation.matching import candidates
from gongkai.server.reconciliation.schema import properties

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconcile")

_ALLOWED = "GET, HEAD, POST, OPTIONS"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SUGGESTED = 20
_CURSOR = 10_000

# Requests are seldom repeated: their answers would displace others from the response cache.
_NEITHER_KEPT_NOR_CRAWLED = Policy(Caching.NEVER, crawled=False)


@blueprint.route("", methods=["GET", "POST", "OPTIONS"])
@_NEITHER_KEPT_NOR_CRAWLED
def service() -> Response:
    """The manifest; or the answers to a batch of queries, or property values of entities."""
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": _ALLOWED})
    if request.method == "POST" and request.mimetype not in _FORMS:
        abort(415, message("reconciliation.send_form"))
    sent: MultiDict[str, str] = request.form if request.method == "POST" else request.args
    asked = [name for name in ("queries", "extend") if name in sent]
    if len(asked) == 1 and len(sent.getlist(asked[0])) == 1:
        answer = _reconciled if asked == ["queries"] else _extended
        clients = current_clients()
        with clients.querying(clients.address(request.environ)):
            return _json(answer(sent[asked[0]]))
    if asked:
        raise NotUnderstood(message("reconciliation.send_one"))
    if request.method == "POST":
        raise NotUnderstood(message("reconciliation.send_something"))
    body = json.dumps(manifest(current_store().base, page_language()), ensure_ascii=False, indent=1)
    return representation(body, "application/json", "Accept-Language")


def _extended(text: str) -> dict[str, Any]:
    return extension(current_store(), _index(), read_extension(text))


def _reconciled(text: str) -> dict[str, Any]:
    queries = read_queries(text)
    index, base = _index(), current_store().base
    known = all_types(base, index)
    for key, query in queries.items():
        _check_types(query.types, known, f"queries[{key[:60]}].type")
        for pid, _ in query.properties:
            if pid not in properties() or not properties()[pid].matching:
                able = listed(one.id for one in properties().values() if one.matching)
                raise NotUnderstood(
                    message(
                        "reconciliation.no_matching_property", property=pid[:60], properties=able
                    )
                )
    space = base + "id/"
    return {
        key: {"result": [candidate(base, index, one) for one in candidates(index, query, space)]}
        for key, query in queries.items()
    }


@blueprint.get("/suggest/entity")
@_NEITHER_KEPT_NOR_CRAWLED
def suggest_entity() -> Response:
    """Entities whose names begin with a text, or have its words."""
    index, base = _index(), current_store().base
    kinds = [kind for kind in request.args.getlist("type") if kind]
    _check_types(kinds, all_types(base, index), "type")
    ids = index.beginning(_prefix().removeprefix(base + "id/"), kinds, _SUGGESTED, _cursor())
    known = index.entities(ids)
    result = [
        {**shown(base, index, known[id]), "notable": types_of(base, index, known[id])}
        for id in ids
        if id in known
    ]
    return _json({"result": result})


@blueprint.get("/suggest/type")
@_NEITHER_KEPT_NOR_CRAWLED
def suggest_type() -> Response:
    """Types, including code lists, whose names or ids contain a text."""
    index, language = _index(), page_language()
    found = [
        {"id": uri, "name": pick(name, language)}
        for uri, name in sorted(all_types(current_store().base, index).items())
        if _is_sought(uri, *name.values())
    ]
    return _json({"result": found[_cursor() : _cursor() + _SUGGESTED]})


@blueprint.get("/suggest/property")
@_NEITHER_KEPT_NOR_CRAWLED
def suggest_property() -> Response:
    """Properties whose names or ids contain a text."""
    language = page_language()
    found = [
        {"id": one.id, "name": pick(one.name, language)}
        for one in properties().values()
        if _is_sought(one.id, *one.name.values())
    ]
    return _json({"result": found[_cursor() : _cursor() + _SUGGESTED]})


@blueprint.get("/properties")
@_NEITHER_KEPT_NOR_CRAWLED
def propose_properties() -> Response:
    """The properties that entities of a type have."""
    kind = request.args.get("type", "")
    index = _index()
    if kind:
        _check_types([kind], all_types(current_store().base, index), "type")
    answer: dict[str, Any] = {"properties": proposed(current_store().base, kind, page_language())}
    if kind:
        answer["type"] = kind
    if "limit" in request.args:
        answer["limit"] = read_limit(request.args["limit"], "limit")
        answer["properties"] = answer["properties"][: answer["limit"]]
    return _json(answer)


@blueprint.get("/preview")
# Clients show it in a frame: Reconciliation Service API v0.2, section 5.
@Policy(Caching.NEVER, Security.FRAMES, crawled=False)
def preview() -> Response:
    """A short description of an entity, for a small frame in a client."""
    store, index = current_store(), _index()
    id = request.args.get("id", "").removeprefix(store.base + "id/")
    entity = index.entities([id]).get(id)
    if entity is None:
        abort(404, message("reconciliation.no_entity"))
    body = render_template(
        "preview.html",
        entity=entity,
        uri=f"{store.base}id/{id}",
        shown=shown(store.base, index, entity),
    )
    response = representation(body, "text/html", "Accept-Language")
    response.headers["Content-Language"] = page_language()
    return response


def _check_types(asked: Collection[str], known: Collection[str], where: str) -> None:
    for one in asked:
        if one not in known:
            raise NotUnderstood(
                message("reconciliation.no_type", where=where, type=one[:100], types=listed(known))
            )


def _prefix() -> str:
    return request.args.get("prefix", "")[:200].strip()


def _cursor() -> int:
    asked = request.args.get("cursor", "") or "0"
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10 and int(asked) <= _CURSOR):
        raise NotUnderstood(message("reconciliation.cursor", most=_CURSOR))
    return int(asked)


def _is_sought(*texts: str) -> bool:
    return any(fold(_prefix()) in fold(text) for text in texts)


def _index() -> Index:
    entities = current_entities()
    return entities.index()


def _json(content: Any, status: int = 200) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    response = Response(text, status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response


def _error(status: int, said: str) -> Response:
    return _json({"error": {"status": status, "message": said}}, status)


@blueprint.errorhandler(NotUnderstood)
def _not_understood(error: NotUnderstood) -> Response:
    return _error(400, str(error))


@blueprint.errorhandler(TooMuch)
def _too_much(error: TooMuch) -> Response:
    return _error(413, str(error))


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Response:
    response = _error(error.code or 500, description_of(error))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _trouble(error: Exception) -> Response:
    status, said = trouble(error)
    return with_retry(_error(status, said), error, status)


for _kind in STATUS_OF_TROUBLE:
    blueprint.register_error_handler(_kind, _trouble)
