"""Files to download: what a version of a report said."""

import gzip
from base64 import b64decode

from flask import Blueprint, Response, abort, current_app

from gongkai.server.descriptions import minted, rows, whole_graph
from gongkai.server.formats import DOCUMENT_TYPES
from gongkai.server.representation import representation
from gongkai.server.store import Store

blueprint = Blueprint("dumps", __name__, url_prefix="/dump")


@blueprint.get("/version/<body>/<int:year>/<int:number>.nt")
def version(body: str, year: int, number: int) -> Response:
    """What a version of a report said: N-Triples, sorted."""
    store: Store = current_app.extensions["gongkai.store"]
    path = f"id/version/{body}/{year}/{number}"
    this = minted(store.base, path)
    found = rows(store, "version-content", this) if this else []
    if not found:
        abort(404, f"there is no version {store.base}{path}")
    told = found[0]
    if "content" in told:
        triples = gzip.decompress(b64decode(told["content"]))
    elif "ended" in told:
        abort(410, f"what {store.base}{path} said is not kept")
    else:
        triples = whole_graph(store, told["report"])
    return representation(triples, DOCUMENT_TYPES["nt"][0], None)
