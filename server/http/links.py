"""Links that work wherever the server stands: paths, not the base's host."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import request

from gongkai.server.http.language import asked_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def under_base_path(application: "WSGIApplication", base: str) -> "WSGIApplication":
    """Serve under the path of the base address, whether or not a proxy strips that path."""
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
    """A function from a URI to the link for it: a path on this server if it is one of ours.

    A thing leads to its document directly, keeping a fragment: browsers follow either way, and a
    reader is spared the redirect.
    """

    def link(uri: str) -> str:
        if not uri.startswith(base):
            # A register or a store may name what a browser would run.
            return uri if uri.partition(":")[0].lower() in _FOLLOWED else ""
        path = uri.removeprefix(base)
        if path.startswith("id/"):
            path = "doc/" + path.removeprefix("id/")
        if path.startswith("/"):
            # Behind our own host a browser would take the next part for another one.
            return uri
        language = asked_language()
        if language is not None:
            head, sign, fragment = path.partition("#")
            path = f"{head}?lang={language}{sign}{fragment}"
        return f"{request.script_root}/{path}"

    return link


def asked_page() -> int:
    """The page asked for (``?page=``), from 1; 0 where that is no number of a page."""
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
