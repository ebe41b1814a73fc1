"""Choose the content coding of an answer, and apply it: RFC 9110, sections 8.4 and 12.5.3.

A coded answer is a third or a tenth of the size. For caches, each coding is a representation of its
own, with its own strong ETag. ``choosing`` wraps the response cache and ``coded`` is inside it, so
that each answer is coded once.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import brotli
import zstandard
from werkzeug.http import parse_date, parse_etags

from gongkai.ontology.texts import listed, message
from gongkai.server.http.policy import FindPolicy
from gongkai.server.http.wsgi_answers import close, joined

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

_ACCEPTED = "HTTP_ACCEPT_ENCODING"

_GZIP_FORMAT = 31
"""zlib's code for the gzip format, here without a time stamp: the same bytes each time."""


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP_FORMAT)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=5)
    return packed


def _zstd(body: bytes) -> bytes:
    # At this level frames have windows of 4 MB; browsers accept up to 8 (RFC 9659, section 3).
    return zstandard.ZstdCompressor(level=9).compress(body)


_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "zstd": _zstd, "gzip": _gzip}
"""The codings, the most effective ones first; the first wins among equal weights."""

_WHATEVER = "gzip"
"""The coding for clients that accept any (``*``): the one that all support."""

_ALIASES = {"x-gzip": "gzip"}

_ALONE = "only-"
"""Marks a coding to which ``identity`` is not an acceptable alternative."""

_LEAST = 1000
"""The smallest body, in bytes, that is worth a coding."""

_TEXTS = re.compile(
    r"text/|image/svg\+xml"
    r"|application/(?:[\w.-]+\+)?(?:json|xml|javascript|n-triples|n-quads|trig|linkset|x-ndjson)\b"
)
"""Media types that a coding makes smaller; others are already compressed."""

_ELEMENT = re.compile(
    r"([\w!#$%&'*+.^`|~-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?"
)

_NOT_WITH_304 = {"content-type", "content-length", "content-language", "content-encoding"}


def choosing(application: "WSGIApplication", policy: FindPolicy) -> "WSGIApplication":
    """Middleware that replaces the Accept-Encoding header with the chosen coding.

    The header is then the name of a coding, or empty for none; it is part of the key of the
    response cache. Answers 406 if no coding of this server is acceptable.
    """

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        chosen = chosen_coding(environ.get(_ACCEPTED))
        if chosen is None:
            return _refused(start)
        listed = policy(environ).sent_as_listed
        if (listed or environ.get("HTTP_RANGE")) and not chosen.startswith(_ALONE):
            chosen = ""
        return application({**environ, _ACCEPTED: chosen}, start)

    return wrapped


def chosen_coding(accepted: str | None) -> str | None:
    """The coding for an Accept-Encoding header; empty for none, None if nothing is acceptable.

    It begins with ``only-`` if an answer without a coding is not acceptable.
    """
    if accepted is None:
        return ""
    wishes: dict[str, float] = {}
    for element in accepted.lower().split(","):
        match = _ELEMENT.fullmatch(element.strip(" \t"))
        if match is not None:
            wishes[_ALIASES.get(match[1], match[1])] = float(match[2] or 1)
    anything = wishes.get("*", 0.0)
    weights = {name: wishes.get(name, anything if name == _WHATEVER else 0.0) for name in _CODINGS}
    best = max(weights, key=lambda name: weights[name])
    plain = wishes.get("identity", wishes.get("*"))
    if plain == 0:
        return _ALONE + best if weights[best] else None
    return best if weights[best] and weights[best] >= wishes.get("identity", 0.0) else ""


def coded(application: "WSGIApplication", policy: FindPolicy) -> "WSGIApplication":
    """Middleware that applies the coding chosen by ``choosing`` if it makes the answer smaller.

    Conditions on the ETag are evaluated here: the ETag depends on the coding.
    """

    def varying(environ: "WSGIEnvironment", status: str, headers: Headers) -> Headers:
        return headers if policy(environ).sent_as_listed else _varying(status, headers)

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        asked = environ.get(_ACCEPTED, "")
        name = asked.removeprefix(_ALONE)
        if name not in _CODINGS:

            def started(status: str, headers: Headers, exc_info: Any = None) -> Any:
                return start(status, varying(environ, status, headers))

            return application(environ, started)
        status, headers, parts = _whole(application, environ)
        headers = varying(environ, status, headers)
        may, must = _may_be_coded(status, headers), asked.startswith(_ALONE)
        if must and not may and status.startswith("2"):
            close(parts)
            return _refused(start)
        if may and (must or _worth_it(headers)):
            body, headers = _in_coding(name, joined(parts), headers, must)
            parts = [body]
        return _on_condition(environ, start, status, headers, parts)

    return wrapped


def not_modified(headers: Iterable[tuple[str, str]]) -> Headers:
    """The headers of a 304, from those of the 200."""
    return [pair for pair in headers if pair[0].lower() not in _NOT_WITH_304]


def _whole(
    application: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, Headers, Iterable[bytes]]:
    """The answer with its body, whatever conditions the request has."""
    begun: list[tuple[str, Headers]] = []

    def started(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        begun.append((status, headers))
        return lambda _: None

    asked = dict(environ)
    if asked["REQUEST_METHOD"] == "HEAD":
        asked["REQUEST_METHOD"] = "GET"
    if asked.pop("HTTP_IF_MATCH", None):
        asked.pop("HTTP_IF_UNMODIFIED_SINCE", None)
    asked.pop("HTTP_IF_NONE_MATCH", None)
    asked.pop("HTTP_IF_MODIFIED_SINCE", None)
    parts = application(asked, started)
    status, headers = begun[-1]
    return status, headers, parts


def _may_be_coded(status: str, headers: Headers) -> bool:
    fields = {name.lower(): value for name, value in headers}
    return (
        status[:3] not in ("204", "206", "304")
        and "content-encoding" not in fields
        and "content-length" in fields
        and not fields.get("content-type", "").startswith("application/gzip")
    )


def _worth_it(headers: Headers) -> bool:
    fields = {name.lower(): value for name, value in headers}
    large = int(fields["content-length"]) >= _LEAST
    return large and _TEXTS.match(fields.get("content-type", "")) is not None


def _in_coding(name: str, body: bytes, headers: Headers, must: bool) -> tuple[bytes, Headers]:
    """The body in a coding with its headers; unchanged if the coding does not make it smaller."""
    packed = _CODINGS[name](body)
    if len(packed) >= len(body) and not must:
        return body, headers
    changed = []
    for title, value in headers:
        if title.lower() == "etag":
            changed.append((title, f'{value[:-1]}-{name}"'))
        elif title.lower() == "content-length":
            changed.append((title, str(len(packed))))
        else:
            changed.append((title, value))
    return packed, [*changed, ("Content-Encoding", name)]


def _on_condition(
    environ: "WSGIEnvironment",
    start: "StartResponse",
    status: str,
    headers: Headers,
    parts: Iterable[bytes],
) -> Iterable[bytes]:
    """The answer, or 304 or 412 by the conditions of the request (RFC 9110, section 13.2.2).

    If-Unmodified-Since is left to the application: it does not depend on the coding.
    """
    tag = next((value for name, value in headers if name.lower() == "etag"), "")
    opaque, get = tag.removeprefix("W/").strip('"'), environ.get
    if status.startswith("200"):
        if get("HTTP_IF_MATCH") and (
            tag[:1] != '"' or not parse_etags(get("HTTP_IF_MATCH")).contains(opaque)
        ):
            close(parts)
            return _plain_answer(start, "412 PRECONDITION FAILED", condition_failed())
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and _known(environ, opaque, headers):
            close(parts)
            start("304 NOT MODIFIED", not_modified(headers))
            return [b""]
    start(status, headers)
    if environ["REQUEST_METHOD"] == "HEAD":
        close(parts)
        return [b""]
    return parts


def _known(environ: "WSGIEnvironment", opaque: str, headers: Headers) -> bool:
    """Whether the client already has what would be sent."""
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted:
        return bool(opaque) and parse_etags(wanted).contains_weak(opaque)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    fields = (value for name, value in headers if name.lower() == "last-modified")
    changed = parse_date(next(fields, None))
    return since is not None and changed is not None and changed <= since


def condition_failed() -> str:
    """The message if a condition of the request fails."""
    return f"412: {message('server.condition')}\n"


def _varying(status: str, headers: Headers) -> Headers:
    """The headers, with Accept-Encoding added to Vary if the answer is of a kind that is coded."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if not (status.startswith("304") or _TEXTS.match(kind)):
        return headers
    others = [value for name, value in headers if name.lower() == "vary"]
    kept = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*kept, ("Vary", ", ".join([*others, "Accept-Encoding"]))]


def _refused(start: "StartResponse") -> Iterable[bytes]:
    said = message("server.no_coding", codings=listed([*_CODINGS, "identity"]))
    return _plain_answer(start, "406 NOT ACCEPTABLE", f"406: {said}\n")


def _plain_answer(start: "StartResponse", status: str, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding"),
    ]
    start(status, headers)
    return [body]
