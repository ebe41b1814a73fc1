"""The response cache: answers are valid as long as the store has the same content.

Everything that is served depends on the content of the store and the dumps beside it, the requested
address, and the headers that Vary names: the answer to the same request is the same, to the byte,
until the next publication.
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
from gongkai.server.http.policy import Caching, FindPolicy
from gongkai.server.http.wsgi_answers import close, header, joined
from gongkai.server.store import StoreError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OVERHEAD = 5000
"""Approximate bytes that an answer takes besides its body and its key."""

_LONGEST_HEADERS = 2000
"""Characters of the headers that Vary names; requests with more are not cached."""

_AT_MOST = 5
"""Attempts to make a document before it is given up, if the store keeps changing."""

_VARYING = (
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_PROFILE",
    # This is already the chosen coding: see ``codings``.
    "HTTP_ACCEPT_ENCODING",
)
PARAMETERS = ("lang", "page", "_profile", "_mediatype")
"""The parameters that documents know."""

_CONDITIONS = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    etag: str | None
    asked: int


def caching_responses(
    application: "WSGIApplication",
    policy: FindPolicy,
    version: Callable[[], str],
    version_now: Callable[[], str],
    most: int,
    answered_from_cache: Callable[[], None],
) -> "WSGIApplication":
    """Middleware that caches answers with ``Cache-Control: public``, up to ``most`` bytes in all.

    Concurrent requests for the same answer wait for one computation of it. ``version`` changes
    whenever an answer may change; ``version_now`` is the same, but always read anew. Both raise
    StoreError. ``answered_from_cache`` is called for each answer from the cache. Conditional
    requests other than If-None-Match, and ranges, are passed to the application.
    """
    if not most:
        return application
    flights: Flights[_Answer] = Flights()
    answers: LRUCache[tuple[Any, ...], _Answer] = LRUCache(most, getsizeof=_size)
    lock = threading.Lock()

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        get = environ.get
        stated = policy(environ)
        varying = tuple(map(get, _VARYING))
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or any(map(get, _CONDITIONS))
            or stated.caching is Caching.NEVER
            or sum(len(value) for value in varying if value) > _LONGEST_HEADERS
        ):
            return application(environ, start)
        try:
            now = version()
        except StoreError:
            return application(environ, start)
        # SCRIPT_NAME is part of links; no headers other than these change an answer.
        key = (
            now,
            get("SCRIPT_NAME"),
            get("PATH_INFO", ""),
            _meant(get("QUERY_STRING"), stated.caching),
            *varying,
        )
        with lock:
            answer = answers.get(key)
        if answer is not None:
            answered_from_cache()
            return _give(answer, environ, start)
        refused: list[tuple[str, list[tuple[str, str]], Iterable[bytes]]] = []

        def made() -> _Answer | None:
            """The answer, cached if not too large; None if it is for this request alone."""
            known = now
            for _ in range(_AT_MOST):
                status, headers, parts = _asked(application, environ)
                if not _may_be_given_again(status, headers):
                    refused.append((status, headers, parts))
                    return None
                found = _answer(status, headers, parts, key)
                try:
                    # A document may combine several queries, but not two versions of the store.
                    after = known if stated.client_query else version_now()
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
        # Repeated with the client's own method and conditions.
        close(parts)
        return application(environ, start)

    return wrapped


def _changing() -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """The answer if the store changes faster than a document can be made."""
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


def _meant(query: str | None, caching: Caching) -> str | tuple[tuple[str, str], ...] | None:
    """The parameters that have an effect; others are not part of the key."""
    if not query or caching is Caching.ALL_PARAMETERS:
        return query
    return tuple(pair for pair in parse_qsl(query, True) if pair[0] in PARAMETERS)


def _asked(
    application: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, list[tuple[str, str]], Iterable[bytes]]:
    """The answer to the request as an unconditional GET: the complete representation."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def started(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return lambda _: None

    whole = {**environ, "REQUEST_METHOD": "GET"}
    whole.pop("HTTP_IF_NONE_MATCH", None)
    parts = application(whole, started)
    status, headers = begun[-1]
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
