"""The query endpoint: SPARQL 1.1 Protocol (2013), query operation; updates are refused."""

import re
import time
from functools import lru_cache
from importlib.resources import files

from flask import Blueprint, Response, abort, request
from rdflib import Namespace, URIRef
from werkzeug.datastructures import MultiDict

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import listed, message, read_in
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http import formats
from gongkai.server.http.current import (
    current_clients,
    current_metrics,
    current_settings,
    current_store,
)
from gongkai.server.http.errors import STATUS_OF_TROUBLE, trouble, with_retry
from gongkai.server.http.language import page_language
from gongkai.server.http.policy import Caching, Policy, Security
from gongkai.server.http.representation import cacheable, representation
from gongkai.server.pages.query import query_page
from gongkai.server.store import Answer, Dataset
from gongkai.server.store.query_text import is_volatile

blueprint = Blueprint("sparql", __name__)

_SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_ALLOWED = "GET, HEAD, POST, OPTIONS"


@blueprint.route("/sparql/", methods=["GET", "POST", "OPTIONS"])
@blueprint.route("/sparql", methods=["GET", "POST", "OPTIONS"])  # The first one: links lead to it.
# The query page runs the scripts of its editor.
@Policy(Caching.ALL_PARAMETERS, Security.SCRIPTS, crawled=False, client_query=True)
def endpoint() -> Response:
    """Answer a query sent by GET, as a form, or as the body of a POST."""
    if request.method == "OPTIONS":
        return Response(status=204, headers={"Allow": _ALLOWED})
    if request.method != "POST" and not request.args.keys() & {"query", "update"}:
        return _about()
    parameters: MultiDict[str, str] = request.args
    if request.method == "POST":
        kind = request.mimetype
        if kind == "application/sparql-update":
            return _plain(403, message("server.sparql.update"))
        if kind == "application/sparql-query":
            try:
                text = request.get_data().decode("utf-8")
            except UnicodeDecodeError:
                return _plain(400, message("server.sparql.not_utf_8"))
            return _answer([text], request.args)
        if kind != "application/x-www-form-urlencoded":
            return _plain(415, message("server.sparql.media_type"))
        parameters = request.form
    if "update" in parameters:
        return _plain(403, message("server.sparql.update"))
    return _answer(parameters.getlist("query"), parameters)


def _answer(queries: list[str], parameters: MultiDict[str, str]) -> Response:
    if len(queries) != 1:
        return _plain(400, message("server.sparql.one_query"))
    accept = request.headers.get("Accept")
    if "format" not in parameters and _is_browser(accept):
        return _shown(queries[0], _dataset(parameters))
    chosen = parameters.get("format")
    if chosen is None:
        result_format = formats.best_result(accept)
        graph_format = formats.best_graph(accept)
    else:
        result_format = formats.named(chosen, formats.RESULT_TYPES)
        graph_format = formats.named(chosen, formats.GRAPH_TYPES)
        if result_format is None and graph_format is None:
            return _plain(400, message("server.sparql.no_format", name=chosen, names=_names()))
    if result_format is None and graph_format is None:
        return _not_acceptable()
    dataset = _dataset(parameters)
    began = time.perf_counter()
    answer = _ask(queries[0], result_format or "json", graph_format or "nt", dataset)
    fitting = graph_format if answer.is_graph else result_format
    if fitting is None:
        return _not_acceptable() if chosen is None else _wrong_kind(chosen, answer.is_graph)
    types = formats.GRAPH_TYPES if answer.is_graph else formats.RESULT_TYPES
    media_type = types[fitting][0]
    response = Response(answer.body, content_type=formats.content_type(media_type))
    response.headers["Vary"] = "Accept"
    if request.method != "POST" and not is_volatile(queries[0]):
        cacheable(response)
    else:
        response.headers["Cache-Control"] = "no-cache"
    milliseconds = (time.perf_counter() - began) * 1000
    response.headers["Server-Timing"] = f"query;dur={milliseconds:.1f}"
    return response


def _is_browser(accept: str | None) -> bool:
    """Whether a page is requested: as browsers do it, or explicitly.

    Libraries accept HTML too, among other types, but want results.
    """
    named = "application/xhtml+xml" in (accept or "") or accept == "text/html"
    return named and formats.best_shown(accept) == "html"


def _dataset(parameters: MultiDict[str, str]) -> Dataset:
    """The graphs that a query ranges over; 400 if a graph name is invalid."""
    dataset = Dataset(
        tuple(parameters.getlist("default-graph-uri")) or None,
        tuple(parameters.getlist("named-graph-uri")) or None,
    )
    for name in (*(dataset.default or ()), *(dataset.named or ())):
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]*", name):
            abort(400, message("server.sparql.no_graph_name", name=name))
    return dataset


def _shown(text: str, dataset: Dataset) -> Response:
    """The page with a query and its answer, or its error message."""
    began = time.perf_counter()
    try:
        answer = _ask(text, "json", "ttl", dataset)
    except tuple(STATUS_OF_TROUBLE) as error:
        with read_in(page_language()):
            status, said = trouble(error)
        response = query_page(text, message=said, status=status)
        response.status_code = status
        response.headers["Cache-Control"] = "no-cache"
        return with_retry(response, error, status)
    response = query_page(text, answer, time.perf_counter() - began)
    if request.method == "POST" or is_volatile(text):
        response.headers["Cache-Control"] = "no-cache"
    return response


def _ask(text: str, results: str, graph: str, dataset: Dataset) -> Answer:
    store = current_store()
    clients = current_clients()
    metrics = current_metrics()
    outcome = "answered"
    try:
        with clients.querying(clients.address(request.environ)):
            return store.query(text, results, graph, dataset, public=True)
    except Exception as error:
        outcome = type(error).__name__
        raise
    finally:
        metrics.queried(outcome)


def _about() -> Response:
    """A form for people; the service description for programs."""
    store = current_store()
    chosen = formats.best_document(request.headers.get("Accept"))
    if chosen is None:
        return _not_acceptable()
    if chosen == "html":
        return query_page(request.args.get("edit", ""))
    settings = current_settings()
    description = service_description(store.base, bool(settings.queries.services))
    body = formats.serialize(description, chosen, store.base)
    return representation(body, formats.DOCUMENT_TYPES[chosen][0], "Accept, Accept-Language")


@lru_cache
def service_description(base: str, federates: bool) -> bytes:
    """SPARQL 1.1 Service Description of the endpoint at ``base``: N-Triples, sorted."""
    graph = Graph().read_turtle(files(__package__).joinpath("service.ttl").read_bytes(), base)
    if federates:
        graph.add((URIRef(base + "sparql"), _SD["feature"], _SD["BasicFederatedQuery"]))
    return graph.n_triples()


def _plain(status: int, said: str) -> Response:
    return Response(f"{status}: {said}\n", status, content_type="text/plain; charset=utf-8")


def _names() -> Label:
    """The names of all formats, each once."""
    return listed(dict.fromkeys((*formats.RESULT_TYPES, *formats.GRAPH_TYPES)))


def _wrong_kind(chosen: str, is_graph: bool) -> Response:
    """Error: the requested format does not fit the kind of the query's answer."""
    kind, types = ("graph", formats.GRAPH_TYPES) if is_graph else ("table", formats.RESULT_TYPES)
    said = message(f"server.sparql.no_format_of_{kind}", name=chosen, names=listed(types))
    return _plain(400, said)


def _not_acceptable() -> Response:
    types = [names[0] for names in (*formats.RESULT_TYPES.values(), *formats.GRAPH_TYPES.values())]
    response = _plain(406, message("server.sparql.no_type", types=listed(types)))
    response.headers["Vary"] = "Accept"
    return response
