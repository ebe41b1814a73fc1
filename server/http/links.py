"""Links that work wherever the server runs: paths, without the host of the base address."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from gongkai.server.http.language import asked_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def under_base_path(application: "WSGIApplication", base: str) -> "WSGIApplication":
    """Middleware that serves under the path of the base, whether a proxy strips it or not."""
    prefix = urlsplit(base).path.rstrip("/")
    if not prefix:
        return application

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path.removeprefix(prefix) or "/"
        environ["SCRIPT_NAME"] = prefix
        return application(environ, start)

    return wrapped


_FOLLOWED = {"http", "https", "mailto", "tel", "urn"}
"""Schemes of the addresses that pages link to."""


def local_path(base: str) -> Callable[[str], str]:
    """A function that turns a URI into a link: a path on this server if the URI is ours.

    The URI of an entity is turned into that of its document, keeping a fragment: this saves
    browsers the redirect.
    """

    def link(uri: str) -> str:
        if not uri.startswith(base):
            # A register or a store may contain URIs that a browser would execute.
            return uri if uri.partition(":")[0].lower() in _FOLLOWED else ""
        path = uri.removeprefix(base)
        if path.startswith("id/"):
            path = "doc/" + path.removeprefix("id/")
        if path.startswith("/"):
            # As a path, a browser would take the part after the slashes for another host.
            return uri
        language = asked_language()
        if language is not None:
            head, hash_mark, fragment = path.partition("#")
            path = f"{head}?lang={language}{hash_mark}{fragment}"
        return f"{request.script_root}/{path}"

    return link


def asked_page() -> int:
    """The requested page number (``?page=``), from 1; 0 if it is invalid."""
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
