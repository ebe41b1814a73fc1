"""Which content coding an answer is sent in, and the coding: RFC 9110, sections 8.4 and 12.5.3.

What is sent may be a third or a tenth of what is stored. Each coding of a representation is another
one for caches: it has its own strong ETag. ``choosing`` and ``coded`` stand around what remembers
answers, so that each is coded once.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import brotli
import zstandard
from werkzeug.http import parse_date, parse_etags

from gongkai.server.http.wsgi_answers import close, joined

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

_ACCEPTED = "HTTP_ACCEPT_ENCODING"

_GZIP_FORMAT = 31
"""zlib's sign for the format of gzip, which then has no time in it: the same bytes each time."""


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP_FORMAT)
    return packer.compress(body) + packer.flush()


def _brotli(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=5)
    return packed


def _zstd(body: bytes) -> bytes:
    # Frames of this level have windows of 4 MB; browsers read up to 8 (RFC 9659, section 3).
    return zstandard.ZstdCompressor(level=9).compress(body)


_CODINGS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "zstd": _zstd, "gzip": _gzip}
"""The codings, those first that make less of a page; equal wishes are met in this order."""

_WHATEVER = "gzip"
"""The coding for who takes any (``*``): the one that all know."""

_ALIASES = {"x-gzip": "gzip"}

_ALONE = "only-"
"""Marks a wish for a coding of which ``identity`` is no alternative."""

_LEAST = 1000
"""Bytes of the least body that is worth a coding."""

_TEXTS = re.compile(
    r"text/|image/svg\+xml"
    r"|application/(?:[\w.-]+\+)?(?:json|xml|javascript|n-triples|n-quads|trig|linkset|x-ndjson)\b"
)
"""Media types that a coding makes smaller; others are packed already."""

_AS_LISTED = "/dump/"
"""Addresses of files of which the catalog lists size and checksum: sent as they are."""

_ELEMENT = re.compile(
    r"([\w!#$%&'*+.^`|~-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?"
)

_NOT_WITH_304 = {"content-type", "content-length", "content-language", "content-encoding"}


def choosing(application: "WSGIApplication") -> "WSGIApplication":
    """Put the coding that was chosen in place of the header that asks for some.

    The header is then empty for none, or the name of a coding; what is remembered is told apart by
    it. Answers 406 where nothing that this server makes is acceptable.
    """

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        chosen = chosen_coding(environ.get(_ACCEPTED))
        if chosen is None:
            return _refused(start)
        listed = environ.get("PATH_INFO", "").startswith(_AS_LISTED)
        if (listed or environ.get("HTTP_RANGE")) and not chosen.startswith(_ALONE):
            chosen = ""
        return application({**environ, _ACCEPTED: chosen}, start)

    return wrapped


def chosen_coding(accepted: str | None) -> str | None:
    """The coding for an Accept-Encoding header; empty for none, None where there is no way.

    It begins with ``only-`` where an answer in no coding is not acceptable.
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


def coded(application: "WSGIApplication") -> "WSGIApplication":
    """Send answers in the coding that ``choosing`` chose, where that makes them smaller.

    Conditions on the ETag are looked at here: the ETag is that of the coding.
    """

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        asked = environ.get(_ACCEPTED, "")
        name = asked.removeprefix(_ALONE)
        if name not in _CODINGS:

            def started(status: str, headers: Headers, exc_info: Any = None) -> Any:
                return start(status, _varying(environ, status, headers))

            return application(environ, started)
        status, headers, parts = _whole(application, environ)
        headers = _varying(environ, status, headers)
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
    """The headers of a 304, of those of a 200."""
    return [pair for pair in headers if pair[0].lower() not in _NOT_WITH_304]


def _whole(
    application: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, Headers, Iterable[bytes]]:
    """The answer with its body, whatever the condition."""
    told: list[tuple[str, Headers]] = []

    def started(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        told.append((status, headers))
        return lambda _: None

    asked = dict(environ)
    if asked["REQUEST_METHOD"] == "HEAD":
        asked["REQUEST_METHOD"] = "GET"
    if asked.pop("HTTP_IF_MATCH", None):
        asked.pop("HTTP_IF_UNMODIFIED_SINCE", None)
    asked.pop("HTTP_IF_NONE_MATCH", None)
    asked.pop("HTTP_IF_MODIFIED_SINCE", None)
    parts = application(asked, started)
    status, headers = told[-1]
    return status, headers, parts


def _may_be_coded(status: str, headers: Headers) -> bool:
    told = {name.lower(): value for name, value in headers}
    return (
        status[:3] not in ("204", "206", "304")
        and "content-encoding" not in told
        and "content-length" in told
        and not told.get("content-type", "").startswith("application/gzip")
    )


def _worth_it(headers: Headers) -> bool:
    told = {name.lower(): value for name, value in headers}
    large = int(told["content-length"]) >= _LEAST
    return large and _TEXTS.match(told.get("content-type", "")) is not None


def _in_coding(name: str, body: bytes, headers: Headers, must: bool) -> tuple[bytes, Headers]:
    """The body in a coding with its headers; as it was where that is no smaller."""
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

    If-Unmodified-Since is left to the application: it does not speak of the coding.
    """
    tag = next((value for name, value in headers if name.lower() == "etag"), "")
    opaque, get = tag.removeprefix("W/").strip('"'), environ.get
    if status.startswith("200"):
        if get("HTTP_IF_MATCH") and (
            tag[:1] != '"' or not parse_etags(get("HTTP_IF_MATCH")).contains(opaque)
        ):
            close(parts)
            return _told(start, "412 PRECONDITION FAILED", OTHER)
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
    """Whether the client has what would be sent."""
    wanted = environ.get("HTTP_IF_NONE_MATCH")
    if wanted:
        return bool(opaque) and parse_etags(wanted).contains_weak(opaque)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    told = (value for name, value in headers if name.lower() == "last-modified")
    changed = parse_date(next(told, None))
    return since is not None and changed is not None and changed <= since


OTHER = "412: what is here is another one than the condition of the request names\n"
"""What is told where a condition does not hold."""


def _varying(environ: "WSGIEnvironment", status: str, headers: Headers) -> Headers:
    """The headers, saying that the coding was chosen, where the answer is of those that are."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if environ.get("PATH_INFO", "").startswith(_AS_LISTED) or not (
        status.startswith("304") or _TEXTS.match(kind)
    ):
        return headers
    others = [value for name, value in headers if name.lower() == "vary"]
    kept = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*kept, ("Vary", ", ".join([*others, "Accept-Encoding"]))]


def _refused(start: "StartResponse") -> Iterable[bytes]:
    named = ", ".join([*_CODINGS, "identity"])
    return _told(start, "406 NOT ACCEPTABLE", f"406: this is sent in these codings: {named}\n")


def _told(start: "StartResponse", status: str, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding"),
    ]
    start(status, headers)
    return [body]
