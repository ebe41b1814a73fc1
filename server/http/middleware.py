"""Middleware for every request: an id, response headers, timing, log, metrics."""

import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from gongkai.server.http.clients import Clients
from gongkai.server.http.metrics import Metrics
from gongkai.server.http.policy import FindPolicy, Security
from gongkai.server.settings import LogSettings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IDENTITY = "gongkai.request"
"""Key of the request id in the WSGI environment."""

_CONTENT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_PLAIN = {
    "Content-Security-Policy": _CONTENT,
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Pages load nothing but our style sheet and images, run no script, and are not framed."""

_WITH_SCRIPTS = {
    **_PLAIN,
    "Content-Security-Policy": f"{_CONTENT}; script-src 'self'; connect-src 'self'",
}
_IN_FRAMES = {
    **{name: value for name, value in _PLAIN.items() if name != "X-Frame-Options"},
    "Content-Security-Policy": _CONTENT.replace("frame-ancestors 'none'", "frame-ancestors *"),
}

_OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Disposition, Content-Location, Content-Profile, Content-Range, "
        "ETag, Last-Modified, Link, Retry-After, "
        "Server-Timing, X-Request-Id"
    ),
}
"""Scripts of any site may read what is public (Fetch standard, CORS protocol)."""

_HEADERS = {
    security: [*headers.items(), *_OPEN_TO_ALL.items()]
    for security, headers in (
        (Security.PLAIN, _PLAIN),
        (Security.SCRIPTS, _WITH_SCRIPTS),
        (Security.FRAMES, _IN_FRAMES),
    )
}
"""The headers of every answer, by the policy of its view."""

_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(?:\d+-\d*|-\d+)\s*", re.IGNORECASE)
"""Other units and several ranges are ignored, as a server may: RFC 9110, section 14.2."""

LOG = logging.getLogger("gongkai.requests")


def request_middleware(
    application: "WSGIApplication",
    policy: FindPolicy,
    clients: Clients,
    metrics: Metrics,
    log: LogSettings,
) -> "WSGIApplication":
    """Give each request an id (X-Request-Id), time it (Server-Timing), log and count it."""
    written = _as_json if log.format == "json" else _as_text

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        identity = environ[IDENTITY] = secrets.token_hex(8)
        if not _ONE_RANGE.fullmatch(environ.get("HTTP_RANGE", "")):
            environ.pop("HTTP_RANGE", None)

        def started(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            seconds = time.perf_counter() - began
            headers += _HEADERS[policy(environ).security]
            headers.append(("X-Request-Id", identity))
            headers.append(("Server-Timing", f"total;dur={seconds * 1000:.1f}"))
            metrics.answered(environ["REQUEST_METHOD"], int(status[:3]), seconds)
            if log.requests:
                LOG.info("%s", written(environ, clients.address(environ), status[:3], seconds))
            return start(status, headers, exc_info) if exc_info else start(status, headers)

        return application(environ, started)

    return wrapped


def _as_text(environ: "WSGIEnvironment", client: str, status: str, seconds: float) -> str:
    path, query = _address(environ)
    asked = f"{path}?{query}" if query else path
    return (
        f"{environ[IDENTITY]} {_plain(client)} {_plain(environ['REQUEST_METHOD'])} "
        f"{_plain(asked)} {status} {seconds * 1000:.1f}ms"
    )


def _as_json(environ: "WSGIEnvironment", client: str, status: str, seconds: float) -> str:
    path, query = _address(environ)
    return json.dumps(
        {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": environ[IDENTITY],
            "client": client,
            "method": environ["REQUEST_METHOD"],
            "path": path,
            "query": query,
            "status": int(status),
            "milliseconds": round(seconds * 1000, 1),
        }
    )


def _address(environ: "WSGIEnvironment") -> tuple[str, str]:
    return environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), environ.get(
        "QUERY_STRING", ""
    )


def _plain(text: str) -> str:
    """The text on one line without characters that would control a terminal or a log viewer."""
    return "".join(
        character if character.isprintable() and character != " " else f"%{ord(character):02X}"
        for character in text
    )
