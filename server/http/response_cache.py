"""Answers that are remembered for as long as the store holds the same.

Everything that is served of a store depends on its content and the dumps beside it, the address
asked for, and the headers that Vary names: the answer to the same request is the same until the
next publication, to the byte.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from cachetools import LRUCache
from werkzeug.http import parse_etags

from gongkai.server.http.codings import not_modified
from gongkai.server.http.flights import Flights
from gongkai.server.http.wsgi_answers import close, header, joined
from gongkai.server.store import StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OVERHEAD = 5000
"""Bytes that an answer takes beside its body and what was asked, roughly."""

_LONGEST_HEADERS = 2000
"""Signs of the headers that Vary names; requests with more are answered, and not remembered."""

_FILES = {"/dump/all.nq.gz"}
"""Files on the disk, which may go at any time."""

_WITH_ANY = {"/compare", "/compare.csv", "/compare.xlsx", "/quality", "/sparql"}
"""Addresses that have parameters of their own."""

_NEVER = {"/search", "/reconcile", "/reconcile/preview"}
"""What is asked is seldom asked again, and would push out what is."""

_AT_MOST = 5
"""Times that a document is made before it is given up, where the store changes all the while."""

_VARYING = (
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_PROFILE",
    # Already the coding chosen: see ``codings``.
    "HTTP_ACCEPT_ENCODING",
)
PARAMETERS = ("lang", "page", "_profile", "_mediatype")
"""The parameters that every other address has."""

_CONDITIONS = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str | None
    asked: int


def remembering(
    application: "WSGIApplication",
    version: Callable[[], str],
    version_now: Callable[[], str],
    most: int,
    remembered: Callable[[], None],
) -> "WSGIApplication":
    """Remember answers that say ``Cache-Control: public``, ``most`` bytes of them.

    Requests for the same while it is made wait for it. ``version`` tells what changes whenever an
    answer may, ``version_now`` the same, surely asked for anew; they raise StoreError.
    ``remembered`` is called for each answer that was kept.
    Conditions other than If-None-Match, and ranges, are left to the application.
    """
    if not most:
        return application
    flights: Flights[_Answer] = Flights()
    answers: LRUCache[tuple[Any, ...], _Answer] = LRUCache(most, getsizeof=_size)
    lock = threading.Lock()

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        get = environ.get
        path = get("PATH_INFO", "")
        varying = tuple(map(get, _VARYING))
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or any(map(get, _CONDITIONS))
            or path in _FILES
            or path in _NEVER
            or sum(len(value) for value in varying if value) > _LONGEST_HEADERS
        ):
            return application(environ, start)
        try:
            now = version()
        except StoreError:
            return application(environ, start)
        # SCRIPT_NAME is part of links; no header but these changes an answer.
        key = (
            now,
            get("SCRIPT_NAME"),
            path,
            get("QUERY_STRING") if path in _WITH_ANY else _meant(get("QUERY_STRING")),
            *varying,
        )
        with lock:
            answer = answers.get(key)
        if answer is not None:
            remembered()
            return _give(answer, environ, start)
        refused: list[tuple[str, list[tuple[str, str]], Iterable[bytes]]] = []

        def made() -> _Answer | None:
            """The answer, kept if it is not too large; None where it is for this request alone."""
            known = now
            for _ in range(_AT_MOST):
                status, headers, parts = _asked(application, environ)
                if not _may_be_given_again(status, headers):
                    refused.append((status, headers, parts))
                    return None
                found = _answer(status, headers, parts, key)
                try:
                    # A document may be put together of several queries: not of two versions.
                    after = known if path == "/sparql" else version_now()
                except StoreError:
                    return found
                if after == known:
                    if known == now and _size(found) <= most // 4:
                        with lock:
                            answers[key] = found
                    return found
                known = after
            refused.append(_changing())
            return None

        answer = flights.once(key, made)
        if answer is not None:
            return _give(answer, environ, start)
        status, headers, parts = refused.pop()
        if environ["REQUEST_METHOD"] == "GET" and not get("HTTP_IF_NONE_MATCH"):
            start(status, headers)
            return parts
        if status.startswith("503"):
            start(status, headers)
            return parts if environ["REQUEST_METHOD"] == "GET" else []
        # Asked once more, as the client did: with its method, on its condition.
        close(parts)
        return application(environ, start)

    return wrapped


def _changing() -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """The answer where the store changes more quickly than a document can be made."""
    body = b"503: reports are being published all the while: try again in a while\n"
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Retry-After", "5"),
        ("Cache-Control", "no-store"),
    ]
    return "503 SERVICE UNAVAILABLE", headers, [body]


def _answer(
    status: str, headers: list[tuple[str, str]], parts: Iterable[bytes], key: tuple[Any, ...]
) -> _Answer:
    body, etag = joined(parts), header(headers, "etag")
    return _Answer(status, tuple(headers), body, etag, len(str(key)))


def _size(answer: _Answer) -> int:
    return len(answer.body) + answer.asked + _OVERHEAD


def _meant(query: str | None) -> tuple[tuple[str, str], ...] | None:
    """The parameters that documents know; others change nothing, and are not remembered apart."""
    if not query:
        return None
    return tuple(pair for pair in parse_qsl(query, True) if pair[0] in PARAMETERS)


def _asked(
    application: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """The answer to a request, its body whole if it is one to be remembered."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def started(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        told.append((status, headers))
        return lambda _: None

    whole = {**environ, "REQUEST_METHOD": "GET"}
    whole.pop("HTTP_IF_NONE_MATCH", None)
    parts = application(whole, started)
    status, headers = told[-1]
    return status, headers, parts


def _may_be_given_again(status: str, headers: list[tuple[str, str]]) -> bool:
    known = header(headers, "content-length") is not None
    public = (header(headers, "cache-control") or "").startswith("public")
    return status[:3] in ("200", "303") and known and public


def _give(answer: _Answer, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted and answer.etag and parse_etags(wanted).contains_weak(answer.etag.strip('"')):
        start("304 NOT MODIFIED", not_modified(answer.headers))
        return [b""]
    start(answer.status, list(answer.headers))
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]
