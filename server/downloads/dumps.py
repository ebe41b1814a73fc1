"""Files to download: reports in several formats, versions of reports, and the whole store."""

import gzip
import re
from base64 import b64decode

from flask import Blueprint, Response, abort, request, send_file

from gongkai.ontology.texts import message
from gongkai.server.downloads.distributions import MEDIA_TYPES, csv_metadata, distribution
from gongkai.server.downloads.file_facts import known_files
from gongkai.server.http.current import current_settings, current_store, dumps_folder
from gongkai.server.http.formats import DOCUMENT_TYPES
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.http.representation import keeping, representation
from gongkai.server.http.withdrawals import abort_if_withdrawn
from gongkai.server.queries.graphs import whole_report
from gongkai.server.queries.rows import is_described, rows
from gongkai.server.queries.texts import minted
from gongkai.server.store.dump_folder import whole_dump

blueprint = Blueprint("dumps", __name__, url_prefix="/dump")

_CSV_METADATA = ".csv-metadata.json"


@blueprint.get("/all.nq.gz")
# The file may be removed at any time.
@Policy(Caching.NEVER, sent_as_listed=True, reads_store=False)
def whole_store() -> Response:
    """The newest dump of the whole store; ranges are supported (Range)."""
    dump = whole_dump(dumps_folder())
    if dump is None:
        abort(404, message("server.dump.none"))
    response = send_file(
        dump.path.absolute(),
        mimetype="application/gzip",
        etag=dump.sha256,
        last_modified=dump.made,
        conditional=True,
    )
    settings = current_settings()
    response.headers["Cache-Control"] = keeping(settings)
    return response


@blueprint.get("/report/<body>/<name>")
@Policy(Caching.KNOWN_PARAMETERS, sent_as_listed=True)
def report(body: str, name: str) -> Response:
    """A report as a file; also the metadata of its CSV (CSV on the Web)."""
    match = re.fullmatch(r"(\d{4})(?:(\.csv-metadata\.json)|\.(\w+))", name)
    path = f"id/report/{body}/{match[1]}" if match else ""
    store = current_store()
    this = minted(store.base, path)
    if match is None or this is None or not (match[2] or match[3] in MEDIA_TYPES):
        abort(404, message("server.dump.no_file", path=f"dump/report/{body}/{name}"))
    year, made_of = int(match[1]), store.version
    if match[2]:
        content = csv_metadata(store, body, year) if is_described(store, this) else b""
    else:
        content = distribution(store, this, match[3])
    if not content:
        abort_if_withdrawn(store, path.removeprefix("id/"))
        abort(404, message("server.dump.no_report", uri=this))
    about = f"{request.script_root}/doc/report/{body}/{year}"
    links = [f'<{about}>; rel="collection"', f'<{this}>; rel="cite-as"']
    if match[2]:
        response = representation(content, "application/csvm+json", None)
        file = f"{request.script_root}/dump/report/{body}/{year}.csv"
        links = [f'<{file}>; rel="describes"; type="text/csv"']
    else:
        known_files().learn(this, match[3], content, made_of)
        response = representation(content, MEDIA_TYPES[match[3]], None)
    if match[3] == "csv":
        described = f"{request.script_root}/dump/report/{body}/{year}{_CSV_METADATA}"
        links.append(f'<{described}>; rel="describedby"; type="application/csvm+json"')
        response.headers["Content-Type"] = "text/csv; charset=utf-8; header=present"
    if match[3] in ("csv", "xlsx"):
        saved = f"{body}-{year}.{match[3]}"
        response.headers["Content-Disposition"] = f'attachment; filename="{saved}"'
    for link in links:
        response.headers.add("Link", link)
    return response


@blueprint.get("/version/<body>/<year>/<number>.nt")
@Policy(Caching.KNOWN_PARAMETERS, sent_as_listed=True)
def version(body: str, year: str, number: str) -> Response:
    """The content of a version of a report: N-Triples, sorted."""
    store = current_store()
    path = f"id/version/{body}/{year}/{number}"
    this = minted(store.base, path)
    found = rows(store, "version-content", this) if this else []
    if not found:
        abort(404, message("server.dump.no_version", uri=f"{store.base}{path}"))
    version = found[0]
    if "content" in version:
        triples = gzip.decompress(b64decode(version["content"]))
    elif "ended" in version:
        abort(410, message("server.dump.version_not_kept", uri=f"{store.base}{path}"))
    else:
        triples = whole_report(store, version["report"])
    response = representation(triples, DOCUMENT_TYPES["nt"][0], None)
    response.headers.add("Link", f'<{this}>; rel="cite-as"')
    return response
