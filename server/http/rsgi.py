"""Run the application on Granian's RSGI interface, so that slow clients block no thread.

The body of a request is read completely, within a deadline, before a thread is used for it. A
thread is free again when the answer is made: the event loop sends it, and drops clients that do not
read. Liveness checks are answered by a thread of their own.
"""

import asyncio
import io
import sys
from collections.abc import Container, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from granian.rsgi import (  # type: ignore[attr-defined] # Exported, but not declared.
    HTTPProtocol,
    ProtocolClosed,
    ProtocolError,
    Scope,
)

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError
from gongkai.server.http.language import MESSAGES_VARY, message_language
from gongkai.server.http.wsgi_answers import close

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LARGEST_BODY = 1_000_000
"""The largest request body, in bytes; a larger one is refused unread."""

_BODY_SECONDS = 10.0
"""Seconds within which the body of a request must arrive."""

_PIECE = 64 * 1024
_PIECE_SECONDS = 30.0
"""Bytes of an answer that are sent at once, and seconds that a client may take to read them."""

Answer = tuple[int, list[tuple[str, str]], bytes, Generator[bytes, None, None] | None]
"""Status, headers, the beginning of the body, and the rest of it, if it is long."""


class Bridge:
    """Passes requests to a WSGI application in a pool of threads."""

    def __init__(
        self, application: "WSGIApplication", threads: int, health: Container[str]
    ) -> None:
        """``threads`` requests are processed at once; others wait.

        ``health`` are the paths of liveness checks, which send no query to a store.
        """
        self._application = application
        self._health_paths = health
        self._threads = ThreadPoolExecutor(threads, "request")
        self._health = ThreadPoolExecutor(1, "health")

    async def answer(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        headers = scope.headers.items()
        try:
            _check(scope, headers)
            body = await _body(protocol, headers)
        except _Refused as refused:
            _refuse(scope, protocol, refused)
            return
        threads = self._health if scope.path in self._health_paths else self._threads
        loop = asyncio.get_running_loop()
        environ = _environ(scope, headers, body)
        try:
            answer = await loop.run_in_executor(threads, _answered, self._application, environ)
        except Exception:
            _refuse(scope, protocol, _Refused(500, translations("server.failed")))
            raise
        await _send(protocol, answer, threads)


class _Refused(TranslatedError):
    """A request that the application never sees; with status and reason."""

    def __init__(self, status: int, why: Label) -> None:
        super().__init__(why)
        self.status = status


def _check(scope: Scope, headers: list[tuple[str, str]]) -> None:
    """Refuse requests with a missing or repeated Host (RFC 9112, section 3.2), or not in UTF-8."""
    hosts = sum(name == "host" for name, _ in headers)
    if hosts > 1 or (scope.http_version == "1.1" and hosts != 1):
        raise _Refused(400, translations("server.no_host"))
    if "\ufffd" in scope.path:
        raise _Refused(400, translations("server.path_not_utf_8"))


async def _body(protocol: HTTPProtocol, headers: list[tuple[str, str]]) -> bytes:
    """The complete body of a request; refused if it is too large or does not arrive in time."""
    fields = dict(headers)
    length = fields.get("content-length", "0")
    if length == "0" and "transfer-encoding" not in fields:
        return b""
    if length.isdecimal() and int(length) > LARGEST_BODY:
        raise _Refused(413, translations("server.body.too_large", most=LARGEST_BODY))
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await _read(protocol)
    except TimeoutError:
        raise _Refused(408, translations("server.body.too_slow", seconds=_BODY_SECONDS)) from None
    except (ProtocolClosed, ProtocolError):
        raise _Refused(400, translations("server.body.cut")) from None


async def _read(protocol: HTTPProtocol) -> bytes:
    pieces, size = [], 0
    async for piece in protocol:
        size += len(piece)
        if size > LARGEST_BODY:
            raise _Refused(413, translations("server.body.too_large", most=LARGEST_BODY))
        pieces.append(bytes(piece))
    return b"".join(pieces)


def _refuse(scope: Scope, protocol: HTTPProtocol, refused: _Refused) -> None:
    fields = dict(scope.headers.items())
    language = message_language(
        scope.query_string, fields.get("accept"), fields.get("accept-language")
    )
    headers = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-language", language),
        ("vary", ", ".join(MESSAGES_VARY)),
        ("cache-control", "no-store"),
        ("connection", "close"),
    ]
    with suppress(ProtocolClosed, ProtocolError):
        protocol.response_str(
            refused.status, headers, f"{refused.status}: {refused.label[language]}\n"
        )


def _environ(scope: Scope, headers: list[tuple[str, str]], body: bytes) -> "WSGIEnvironment":
    """The WSGI environment (PEP 3333): its strings hold bytes, one in each character."""
    client, _, port = scope.client.rpartition(":")
    server, _, server_port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode("utf-8").decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server,
        "SERVER_PORT": server_port,
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority and "host" not in dict(headers):
        environ["HTTP_HOST"] = scope.authority
    for name, value in headers:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    # The body is complete: how it was transferred no longer matters.
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _answered(application: "WSGIApplication", environ: "WSGIEnvironment") -> Answer:
    """The application's answer: a short body completely, the beginning of a long one."""
    begun: list[tuple[int, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        lower = [(name.lower(), value) for name, value in headers]
        begun[:] = [(int(status[:3]), lower)]
        return lambda _: None

    parts = application(environ, start)
    pieces = _pieces(parts)
    first = next(pieces, b"")
    second = next(pieces, None)
    status, headers = begun[-1]
    return status, headers, first, None if second is None else _after(second, pieces)


def _after(second: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, None]:
    yield second
    yield from pieces


def _pieces(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The body in pieces of limited size, however the application splits it; closes the body."""
    held = bytearray()
    try:
        for part in parts:
            for begin in range(0, len(part), _PIECE):
                held += part[begin : begin + _PIECE]
                if len(held) >= _PIECE:
                    yield bytes(held)
                    held.clear()
        if held:
            yield bytes(held)
    finally:
        close(parts)


async def _send(protocol: HTTPProtocol, answer: Answer, threads: ThreadPoolExecutor) -> None:
    """Send an answer; give up if the client is gone, or does not read."""
    status, headers, first, rest = answer
    with suppress(ProtocolClosed, ProtocolError, TimeoutError):
        if rest is None:
            if first or status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
                protocol.response_bytes(status, headers, first)
            else:
                protocol.response_empty(status, headers)
            return
        loop = asyncio.get_running_loop()
        transport = protocol.response_stream(status, headers)
        piece: bytes | None = first
        try:
            while piece is not None:
                async with asyncio.timeout(_PIECE_SECONDS):
                    await transport.send_bytes(piece)
                piece = await loop.run_in_executor(threads, next, rest, None)
        finally:
            rest.close()
