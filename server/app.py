"""The Flask application."""

import time
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from gongkai.server.catalog import changes, discovery
from gongkai.server.catalog import pages as catalog
from gongkai.server.derived.roots import roots_of
from gongkai.server.downloads import dumps
from gongkai.server.downloads.file_facts import KNOWN_FILES, KnownFiles
from gongkai.server.http import current, errors, operation
from gongkai.server.http.clients import Clients
from gongkai.server.http.codings import choosing, coded, condition_failed
from gongkai.server.http.language import (
    end_reading,
    read_in_language_of_form,
    reading_messages,
)
from gongkai.server.http.links import under_base_path
from gongkai.server.http.metrics import Metrics
from gongkai.server.http.middleware import request_middleware
from gongkai.server.http.policy import Caching, Policy, finding_policies
from gongkai.server.http.representation import last_modified
from gongkai.server.http.response_cache import caching_responses
from gongkai.server.http.rsgi import LARGEST_BODY
from gongkai.server.http.well_formed import refuse_form, refusing
from gongkai.server.linked_data import resources
from gongkai.server.pages import compare, help, home, quality, query_terms, rendering, search
from gongkai.server.reconciliation import service as reconciliation
from gongkai.server.reconciliation.index import ENTITIES, Entities
from gongkai.server.search.index import SEARCH_INDEX, SearchIndex
from gongkai.server.settings import Settings
from gongkai.server.sparql import endpoint as sparql
from gongkai.server.store import Store
from gongkai.server.store.dump_folder import dump_time

_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_ASKED_BEFORE = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Accept-Profile, Authorization, Content-Type, "
        "If-Modified-Since, If-None-Match, Range"
    ),
    "Access-Control-Max-Age": "86400",
}
"""Headers of the answer to a CORS preflight request."""


class _PlainNumber(IntegerConverter):
    """An integer in a URL: only ASCII digits, no leading zeros."""

    regex = "0|[1-9][0-9]*"


def create_app(
    store: Store,
    settings: Settings | None = None,
    dumps_folder: Path | None = None,
    since: float | None = None,
) -> Flask:
    """The application that serves ``store``, under the path of the store's base address.

    ``dumps_folder`` has the dumps of the whole store (``gongkai dump``). ``since`` is the time, in
    seconds since 1970, from which this program serves with these settings; by default now.
    """
    settings = settings or Settings()
    app = Flask("gongkai.server")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    clients, metrics = Clients(settings.clients), Metrics()
    current.STORE.put(app, store)
    current.SETTINGS.put(app, settings)
    current.CLIENTS.put(app, clients)
    current.METRICS.put(app, metrics)
    current.DUMPS_FOLDER.put(app, dumps_folder)
    current.SERVED_SINCE.put(app, time.time() if since is None else since)
    roots = roots_of(store, settings.store.cache)
    ENTITIES.put(app, Entities(store, roots))
    KNOWN_FILES.put(app, KnownFiles(store, roots))
    SEARCH_INDEX.put(app, SearchIndex(store, roots))
    app.url_map.converters["int"] = _PlainNumber
    # Merging double slashes would redirect to the host that the client named.
    app.url_map.merge_slashes = False
    for blueprint in (
        operation.blueprint,
        catalog.blueprint,
        changes.blueprint,
        discovery.blueprint,
        dumps.blueprint,
        resources.blueprint,
        sparql.blueprint,
        home.blueprint,
        compare.blueprint,
        quality.blueprint,
        search.blueprint,
        reconciliation.blueprint,
        help.blueprint,
        query_terms.blueprint,
    ):
        app.register_blueprint(blueprint)
    # Flask's own view; its answers are not public to caches.
    Policy(Caching.NEVER, reads_store=False)(app.view_functions["static"])
    app.register_error_handler(HTTPException, errors.error_page)
    for kind in errors.STATUS_OF_TROUBLE:
        app.register_error_handler(kind, errors.trouble_page)
    app.before_request(refuse_form)
    app.before_request(read_in_language_of_form)
    app.teardown_request(end_reading)
    app.after_request(_complete)
    app.context_processor(rendering.context)
    app.jinja_env.finalize = rendering.visible

    settled: list[tuple[str, float]] = []

    def version() -> str:
        now = store.version, dump_time(dumps_folder)
        if now in settled:
            return str(now)
        # Until then answers have no Last-Modified, and are cached under another key.
        with app.app_context():
            if last_modified() is None:
                return f"{now} just now"
        settled[:] = [now]
        return str(now)

    def version_now() -> str:
        _ = store.version_now  # From now on ``version`` is the same.
        return version()

    most, policy = settings.cache.memory, finding_policies(app)
    inner = caching_responses(
        coded(app.wsgi_app, policy), policy, version, version_now, most, metrics.answered_from_cache
    )
    inner = refusing(under_base_path(choosing(inner, policy), store.base))
    inner = reading_messages(inner)
    outermost = request_middleware(inner, policy, clients, metrics, settings.log)
    app.wsgi_app = outermost  # type: ignore[method-assign, assignment]
    return app


def _complete(response: Response) -> Response:
    """Answer CORS preflights; 304 if the client's copy is current, 412 if a condition fails."""
    if request.method == "OPTIONS":
        response.headers.update(_ASKED_BEFORE)
    if response.status_code == 200 and not _holds(response):
        return Response(condition_failed(), 412, content_type="text/plain; charset=utf-8")
    conditional = any(name in request.environ for name in _CONDITIONS)
    if conditional and response.status_code == 200 and request.method in ("GET", "HEAD"):
        response.make_conditional(request.environ)
    return response


def _holds(response: Response) -> bool:
    """Whether If-Match and If-Unmodified-Since hold (RFC 9110, sections 13.1.1 and 13.1.4)."""
    if request.if_match:
        tag, weak = response.get_etag()
        return tag is not None and not weak and request.if_match.contains(tag)
    since = request.if_unmodified_since
    return since is None or response.last_modified is None or response.last_modified <= since
