"""The home page: an introduction, the content of the store, and where to go from here."""

from flask import Blueprint, Response

from gongkai.server.http.current import current_store
from gongkai.server.http.language import page_language
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.pages.examples import examples
from gongkai.server.pages.rendering import page
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import listed

blueprint = Blueprint("home", __name__)

_EXAMPLES = 5


@blueprint.get("/")
@Policy(Caching.KNOWN_PARAMETERS)
def home() -> Response:
    """An introduction, the newest reports, totals, search, example questions."""
    store = current_store()
    reports = listed(store, "reports")
    (totals,) = listed(store, "totals")
    names = labels(store, sorted({row["body"] for row in reports}))
    return page(
        "home.html",
        reports=reports,
        totals=totals,
        names=names,
        examples=examples(store.base, page_language())[:_EXAMPLES],
    )
