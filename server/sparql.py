"""The query endpoint: SPARQL 1.1 Protocol (2013), query operation; updates are refused."""

import re

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.datastructures import MultiDict

from gongkai.server import formats
from gongkai.server.negotiation import best_format
from gongkai.server.store import Dataset, Store

blueprint = Blueprint("sparql", __name__)

EXAMPLE = """PREFIX qb: <http://purl.org/linked-data/cube#>
PREFIX sdmx-measure: <http://purl.org/linked-data/sdmx/2009/measure#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX def: <{base}def#>

SELECT ?outcome ?requests WHERE {{
  ?observation qb:dataSet <{base}id/cube/requests> ;
    def:applicant <{base}id/code/applicant/total> ;
    def:stage ?stage ;
    sdmx-measure:obsValue ?requests .
  ?stage skos:broader+ <{base}id/code/stage/handled> ;
    skos:prefLabel ?outcome .
  FILTER (LANG(?outcome) = "{language}" && ?requests > 0)
}}
ORDER BY DESC(?requests)
"""

_ALLOWED = "GET, HEAD, POST, OPTIONS"


@blueprint.route("/sparql", methods=["GET", "POST", "OPTIONS"])
def endpoint() -> Response:
    """Answer a query sent by GET, as a form, or as the body of a POST."""
    if request.method == "OPTIONS":
        response = Response(status=204, headers={"Allow": _ALLOWED})
        response.headers["Access-Control-Allow-Methods"] = _ALLOWED
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        return response
    if request.method == "GET" and not request.args.keys() & {"query", "update"}:
        return _form()
    parameters: MultiDict[str, str] = request.args
    if request.method == "POST":
        kind = request.mimetype
        if kind == "application/sparql-update":
            return _plain(403, "updates are refused: this endpoint only answers queries")
        if kind == "application/sparql-query":
            try:
                text = request.get_data().decode("utf-8")
            except UnicodeDecodeError:
                return _plain(400, "the query is not UTF-8")
            return _answer([text], request.args)
        if kind != "application/x-www-form-urlencoded":
            return _plain(
                415,
                "send the query as application/x-www-form-urlencoded (query=...) or as "
                "application/sparql-query",
            )
        parameters = request.form
    if "update" in parameters:
        return _plain(403, "updates are refused: this endpoint only answers queries")
    return _answer(parameters.getlist("query"), parameters)


def _answer(queries: list[str], parameters: MultiDict[str, str]) -> Response:
    if len(queries) != 1:
        return _plain(400, "send one query, in the parameter query")
    accept = request.headers.get("Accept")
    result_format = best_format(accept, formats.RESULT_TYPES)
    graph_format = best_format(accept, formats.GRAPH_TYPES)
    chosen = parameters.get("format", "")
    if chosen in formats.RESULT_TYPES:
        result_format = chosen
    if chosen in formats.GRAPH_TYPES:
        graph_format = chosen
    if result_format is None and graph_format is None:
        return _not_acceptable()
    dataset = Dataset(
        tuple(parameters.getlist("default-graph-uri")) or None,
        tuple(parameters.getlist("named-graph-uri")) or None,
    )
    for name in (*(dataset.default or ()), *(dataset.named or ())):
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*", name):
            return _plain(400, f"{name!r} is not the absolute IRI of a graph")
    store: Store = current_app.extensions["gongkai.store"]
    answer = store.query(
        queries[0], result_format or "json", graph_format or "nt", dataset, public=True
    )
    if answer.is_graph:
        if graph_format is None:
            return _not_acceptable()
        media_type = formats.GRAPH_TYPES[graph_format][0]
    else:
        if result_format is None:
            return _not_acceptable()
        media_type = formats.RESULT_TYPES[result_format][0]
    response = Response(answer.body, content_type=formats.content_type(media_type))
    response.headers["Vary"] = "Accept"
    return response


def _form() -> Response:
    offered = {"text": ("text/plain",), "html": ("text/html", "application/xhtml+xml")}
    if best_format(request.headers.get("Accept"), offered) != "html":
        return _plain(400, "send a query, in the parameter query")
    store: Store = current_app.extensions["gongkai.store"]
    return Response(
        render_template("sparql.html", base=store.base, example=EXAMPLE),
        headers={"Vary": "Accept, Accept-Language"},
    )


def _plain(status: int, message: str) -> Response:
    return Response(f"{status}: {message}\n", status, content_type="text/plain; charset=utf-8")


def _not_acceptable() -> Response:
    types = [names[0] for names in (*formats.RESULT_TYPES.values(), *formats.GRAPH_TYPES.values())]
    response = _plain(406, "none of the types asked for fits. There are: " + ", ".join(types))
    response.headers["Vary"] = "Accept"
    return response
