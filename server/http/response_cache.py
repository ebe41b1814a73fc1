"""The response cache: answers are of one version of the store, and valid until it changes.

Everything that is served depends on the content of the store and the dumps beside it, the requested
address, and the headers that Vary names: the answer to the same request is the same, to the byte,
until the next publication. Most answers combine several queries: one during which something is
published is made again, whether it is cached or not.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from cachetools import LRUCache
from werkzeug.http import parse_etags

from gongkai.ontology.texts import message
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


_Begun = tuple[str, list[tuple[str, str]], Iterable[bytes]]
"""An answer whose body is not yet read: its status, headers, and the parts of its body."""


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
    requests other than If-None-Match, and ranges, are passed to the application. Answers to GET and
    HEAD are of one version of the store, whether they are cached or not.
    """
    flights: Flights[_Answer] = Flights()
    answers: LRUCache[tuple[Any, ...], _Answer] = LRUCache(most, getsizeof=_size)
    lock = threading.Lock()

    def of_one_version(environ: "WSGIEnvironment", known: str) -> tuple[_Begun, str]:
        """The answer, begun, and the version that it is of: ``known`` or a later one."""
        several = policy(environ).several_queries
        for _ in range(_AT_MOST):
            begun = _begun(application, environ)
            try:
                after = version_now() if several else known
            except StoreError:
                return begun, ""
            if after == known or begun[0].startswith("5"):
                return begun, known
            close(begun[2])
            known = after
        return _changing(), ""

    def uncached(environ: "WSGIEnvironment", start: "StartResponse", now: str) -> Iterable[bytes]:
        (status, headers, parts), _ = of_one_version(environ, now)
        start(status, headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            close(parts)
            return []
        return parts

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        get = environ.get
        stated = policy(environ)
        # What is posted can be read only once.
        once = environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        if once or (stated.caching is Caching.NEVER and not stated.several_queries):
            return application(environ, start)
        try:
            now = version()
        except StoreError:
            return application(environ, start)
        varying = tuple(map(get, _VARYING))
        if (
            not most
            or any(map(get, _CONDITIONS))
            or stated.caching is Caching.NEVER
            or sum(len(value) for value in varying if value) > _LONGEST_HEADERS
        ):
            return uncached(environ, start, now)
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
        refused: list[_Begun] = []

        def made() -> _Answer | None:
            """The answer, cached if not too large; None if it is for this request alone."""
            begun, known = of_one_version(_unconditional(environ), now)
            if not _may_be_given_again(*begun[:2]):
                refused.append(begun)
                return None
            found = _answer(*begun, key)
            if known == now and _size(found) <= most // 4:
                with lock:
                    answers[key] = found
            return found

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
        return uncached(environ, start, now)

    return wrapped


def _changing() -> _Begun:
    """The answer if the store changes faster than a document can be made."""
    body = f"503: {message('server.changing')}\n".encode()
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


def _unconditional(environ: "WSGIEnvironment") -> "WSGIEnvironment":
    """The request as a GET of the complete representation."""
    whole = {**environ, "REQUEST_METHOD": "GET"}
    whole.pop("HTTP_IF_NONE_MATCH", None)
    return whole


def _begun(application: "WSGIApplication", environ: "WSGIEnvironment") -> _Begun:
    """The application's answer to the request."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def started(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return lambda _: None

    # A copy: the application may leave its marks in it, and be asked again.
    parts = application({**environ}, started)
    return *begun[-1], parts


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
