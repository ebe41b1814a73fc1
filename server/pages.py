"""Pages that are about no single thing: the home page, and errors."""

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from gongkai.server.clients import TooManyRequests
from gongkai.server.descriptions import labels, rows
from gongkai.server.formats import best_message
from gongkai.server.links import local_path
from gongkai.server.representation import representation
from gongkai.server.store import QueryTooLong, Store, StoreBusy, StoreError

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """What this is, the reports that are here, and where to go from here."""
    store: Store = current_app.extensions["gongkai.store"]
    reports = rows(store, "reports", store.base)
    cubes = [f"{store.base}id/cube/{name}" for name in ("requests", "disputes", "disclosure")]
    names = labels(store, [*{row["body"] for row in reports}, *cubes])
    page = render_template(
        "home.html", rows=reports, cubes=cubes, names=names, link=local_path(store.base)
    )
    return representation(page, "text/html", "Accept-Language")


def error_page(error: HTTPException) -> Response:
    """An HTTP error as a page for browsers, as a line of text for programs."""
    response = _told(error.code or 500, error.description or error.name)
    # What the error itself has to say in headers, such as Allow for 405.
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def trouble_page(error: Exception, status: int) -> Response:
    """Trouble with a query or the store: its message, and when to try again."""
    if isinstance(error, StoreError):
        current_app.logger.error("%s", error)
        error = StoreError("the store cannot be read just now: try again in a while")
    if isinstance(error, QueryTooLong) and request.method == "GET":
        status = 414
    response = _told(status, str(error))
    response.headers["Vary"] = "Accept, Accept-Language"
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    elif status == 503:
        response.headers["Retry-After"] = "5" if isinstance(error, StoreBusy) else "30"
    return response


def _told(status: int, message: str) -> Response:
    if best_message(request.headers.get("Accept")) == "html":
        return Response(render_template("error.html", status=status, message=message), status)
    text = f"{status}: {message}\n"
    return Response(text, status, content_type="text/plain; charset=utf-8")
