"""The Flask application."""

from functools import partial

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from gongkai.server import pages, resources, sparql
from gongkai.server.links import under_base_path
from gongkai.server.page_text import LANGUAGES, page_language, pick, translator
from gongkai.server.store import (
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    Store,
    StoreBusy,
    StoreError,
)

LARGEST_REQUEST = 1_000_000
"""Bytes of a request's body; a larger one is refused unread."""


_STATUS_OF_TROUBLE: dict[type[Exception], int] = {
    QueryRefused: 400,
    QueryCrashed: 400,
    QueryTimedOut: 503,
    StoreBusy: 503,
    StoreError: 503,
}


def create_app(store: Store) -> Flask:
    """The application that serves ``store``, under the path of the store's base address."""
    app = Flask("gongkai.server")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_REQUEST
    app.extensions["gongkai.store"] = store
    # Joining double slashes would redirect to the host that the client named.
    app.url_map.merge_slashes = False
    app.wsgi_app = under_base_path(app.wsgi_app, store.base)  # type: ignore[method-assign, assignment]
    app.register_blueprint(resources.blueprint)
    app.register_blueprint(sparql.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_error_handler(HTTPException, pages.error_page)
    for kind, status in _STATUS_OF_TROUBLE.items():
        app.register_error_handler(kind, partial(pages.trouble_page, status=status))
    app.after_request(_open_to_all)
    app.context_processor(_page_context)
    return app


def _open_to_all(response: Response) -> Response:
    """Let scripts of any site read what is public anyway (Fetch standard, CORS protocol)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Content-Location, Link, Retry-After"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _page_context() -> dict[str, object]:
    language = page_language()
    other = next(item for item in LANGUAGES if item != language)
    kept = {key: value for key, value in request.args.items() if key != "lang"}
    chosen = {"lang": language} if "lang" in request.args else {}
    return {
        "lang": language,
        "other": other,
        "t": translator(language),
        "pick": lambda label: pick(label, language),
        "kept": kept,
        "chosen": chosen,
    }
