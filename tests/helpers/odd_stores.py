"""A SPARQL endpoint that behaves as some stores do: it lacks something that is relied on."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pyoxigraph
from werkzeug.wrappers import Request, Response

JENA = "urn:x-arq:UnionGraph"


_ANOTHER_VERSION = """
DELETE { GRAPH ?g { ?all <http://www.w3.org/2002/07/owl#versionInfo> ?version } }
INSERT { GRAPH ?g { ?all <http://www.w3.org/2002/07/owl#versionInfo> "another" } }
WHERE { GRAPH ?g { ?all <http://www.w3.org/2002/07/owl#versionInfo> ?version } }
"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def odd_store(lacks: str, updates: list[str] | None = None) -> Iterator[str]:
    """The address of a store without "union", "graphs" (Jena's way), "literals", "blank nodes".

    One without "snapshots" answers the first query for ``?state`` from two states. The updates that
    it was sent are added to ``updates``.
    """
    server = make_server("127.0.0.1", 0, _application(lacks, updates), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _application(lacks: str, updates: list[str] | None) -> Any:
    store = pyoxigraph.Store()
    published_meanwhile: list[str] = []

    @Request.application
    def application(request: Request) -> Response:
        if request.path == "/update":
            if lacks == "updates":
                return Response("not here", 405)
            text = request.get_data(as_text=True)
            store.update(text)
            if updates is not None:
                updates.append(text)
            return Response(status=204)
        return _answered(request)

    def _answered(request: Request) -> Response:
        jena = request.form.get("default-graph-uri") == JENA
        union = lacks not in ("union", "graphs") or (lacks == "graphs" and jena)
        text = request.form["query"]
        if lacks == "snapshots" and "?state" in text and not published_meanwhile:
            published_meanwhile.append(text)
            store.update(_ANOTHER_VERSION)
            text = text.replace("whole", "half")
        found = store.query(
            text,
            use_default_graph_as_union=union,
            named_graphs=[] if jena else None,
        )
        if isinstance(found, pyoxigraph.QueryTriples):
            triples = pyoxigraph.serialize(found, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
            if lacks == "literals":
                triples = triples.replace(b'"0.5"^^', b'"5E-1"^^')
            if lacks == "blank nodes":
                triples = re.sub(rb"_:(\w+)", rb"<urn:\1>", triples)
            return Response(triples, content_type="application/n-triples")
        body = found.serialize(format=pyoxigraph.QueryResultsFormat.XML)
        return Response(body, content_type="application/sparql-results+xml")

    return application
