"""A SPARQL endpoint on loopback with made-up facts in Wikidata's shape, which can misbehave."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

import pyoxigraph

FACTS = Path(__file__).parent / "made_up_wikidata.ttl"
RESULTS = "application/sparql-results+json"

Misbehaviour = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request instead of the endpoint; it is given what the endpoint would have answered."""


def answering(
    status: int = 200, body: bytes | None = None, kind: str = RESULTS, **headers: str
) -> Misbehaviour:
    """An answer of some status; ``body`` None: that of the endpoint itself."""

    def answer(handler: BaseHTTPRequestHandler, right: bytes) -> None:
        content = right if body is None else body
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def cut_off(handler: BaseHTTPRequestHandler, right: bytes) -> None:
    """Less than was announced."""
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.send_header("Content-Length", str(len(right)))
    handler.end_headers()
    handler.wfile.write(right[: len(right) // 2])


def silent(seconds: float) -> Misbehaviour:
    """The right answer, after a while."""

    def answer(handler: BaseHTTPRequestHandler, right: bytes) -> None:
        time.sleep(seconds)
        answering()(handler, right)

    return answer


@dataclass
class Asked:
    """A request as it was made."""

    method: str
    query: str
    headers: dict[str, str] = field(default_factory=dict)


class Endpoint:
    """The endpoint; ``misbehaviours`` are used up by the next requests, one each.

    ``always`` is for every request that finds none left; None: the right answer.
    """

    def __init__(self, facts: Path | None = FACTS) -> None:
        self._store = pyoxigraph.Store()
        if facts is not None:
            self.add(facts.read_text(encoding="utf-8"))
        self.asked: list[Asked] = []
        self.misbehaviours: list[Misbehaviour | None] = []
        self.always: Misbehaviour | None = None
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                endpoint._answer(self, urlsplit(self.path).query)

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                if self.headers.get_content_type() == "application/sparql-query":
                    sent = f"query={sent}" if "=" not in sent[:6] else sent
                endpoint._answer(self, sent)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/sparql"

    def add(self, turtle: str) -> None:
        """Make up more facts."""
        self._store.load(turtle.encode(), format=pyoxigraph.RdfFormat.TURTLE)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, parameters: str) -> None:
        handler.close_connection = True
        query = parse_qs(parameters).get("query", [""])[0]
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            self.asked.append(Asked(handler.command, query, dict(handler.headers.items())))
            chosen = self.misbehaviours.pop(0) if self.misbehaviours else self.always
        try:
            right, kind = self._right(query)
            answer = chosen or answering(kind=kind)
        except SyntaxError as error:
            right, answer = b"", answering(400, str(error).encode(), "text/plain")
        with self._lock:
            # Before the answer: who has it may ask again before this thread goes on.
            self._at_once -= 1
        with suppress(BrokenPipeError, ConnectionResetError):
            answer(handler, right)

    def _right(self, query: str) -> tuple[bytes, str]:
        results = self._store.query(query)
        if isinstance(results, pyoxigraph.QueryTriples):
            triples = results.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES)
            return triples or b"", "application/n-triples"
        answer = results.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
        return answer or b"", RESULTS
