"""A web site on loopback for tests: answers by path, and a record of who asked for what."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

Answerer = Callable[[BaseHTTPRequestHandler], None]


def page(body: bytes, status: int = 200, **headers: str) -> Answerer:
    """An answer with a body and headers (an underscore stands for a hyphen in their names)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def moved(target: str, status: int = 302) -> Answerer:
    """A redirect."""
    return page(b"moved", status, Location=target)


class Site:
    """A server; ``answers`` by path: one that is used up each time, the last one ever after.

    ``asked`` has the paths asked for in order, without robots.txt; ``headers`` those of the last
    request for a path; ``most_at_once`` how many requests were under way together.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: dict[str, list[Answerer]] = defaultdict(list)
        self.asked: list[str] = []
        self.headers: dict[str, Mapping[str, str]] = {}
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                site._answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base = f"http://{host}:{self._server.server_port}"

    def add(self, path: str, *answers: Answerer) -> str:
        """Answer requests for a path; returns its address."""
        self.answers[path] = list(answers)
        return self.base + path

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            if handler.path != "/robots.txt":
                self.asked.append(handler.path)
            self.headers[handler.path] = dict(handler.headers.items())
            answers = self.answers[handler.path]
            answer = answers.pop(0) if len(answers) > 1 else (answers or [page(b"", 404)])[0]
        try:
            answer(handler)
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            with self._lock:
                self._at_once -= 1
