"""Errors as pages for browsers, as a line of text for programs."""

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, default_exceptions

from gongkai.ontology.texts import area, message, readers_language
from gongkai.ontology.texts.errors import operator_text
from gongkai.server.http.clients import TooManyRequests
from gongkai.server.http.formats import best_message
from gongkai.server.http.policy import current_policy
from gongkai.server.store import (
    AnswerTooLarge,
    NotInFormat,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    QueryTooLong,
    StoreBusy,
    StoreError,
)

STATUS_OF_TROUBLE: dict[type[Exception], int] = {
    AnswerTooLarge: 400,
    NotInFormat: 406,
    QueryCrashed: 400,
    QueryRefused: 400,
    QueryTimedOut: 504,
    QueryTooLong: 413,
    StoreBusy: 503,
    StoreError: 503,
    TooManyRequests: 429,
}
"""The status for each error of a query or of the store."""

_TOO_MUCH = (AnswerTooLarge, QueryCrashed)


def error_page(error: HTTPException) -> Response:
    """An HTTP error as a page for browsers, as a line of text for programs."""
    response = _error_response(error.code or 500, description_of(error))
    # Headers of the error itself, such as Allow for 405.
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def trouble_page(error: Exception) -> Response:
    """An error of a query or of the store: its message, and when to try again."""
    status, said = trouble(error)
    return with_retry(_error_response(status, said), error, status)


def trouble(error: Exception) -> tuple[int, str]:
    """Status and message of an error; details of a store error are only logged."""
    known = next(kind for kind in type(error).__mro__ if kind in STATUS_OF_TROUBLE)
    status = STATUS_OF_TROUBLE[known]
    if isinstance(error, StoreError):
        current_app.logger.error("%s", operator_text(error))
        return status, message("server.store_unreadable")
    if known in _TOO_MUCH and not current_policy().client_query:
        # Other queries are the server's own: their errors are never the client's fault.
        current_app.logger.error("%s: %s", request.path, operator_text(error))
        return 503, message("server.too_much")
    if isinstance(error, QueryTooLong) and request.method == "GET":
        status = 414
    return status, str(error)


def with_retry(response: Response, error: Exception, status: int) -> Response:
    """The response with a Retry-After header, if a retry may help."""
    response.headers["Vary"] = "Accept, Accept-Language"
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    elif status == 503:
        response.headers["Retry-After"] = "5" if isinstance(error, StoreBusy) else "30"
    return response


def description_of(error: HTTPException) -> str:
    """What an HTTP error says: its own description, or that of its status."""
    said = error.description or error.name
    usual = error.code in default_exceptions and default_exceptions[error.code].description
    if said == usual and f"status.{error.code}" in area("status"):
        return message(f"status.{error.code}")
    return said


def _error_response(status: int, said: str) -> Response:
    if best_message(request.headers.get("Accept")) == "html":
        response = Response(render_template("error.html", status=status, message=said), status)
    else:
        text = f"{status}: {said}\n"
        response = Response(text, status, content_type="text/plain; charset=utf-8")
    response.headers["Content-Language"] = readers_language()
    return response
