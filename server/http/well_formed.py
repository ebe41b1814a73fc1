"""Refuse requests that cannot be decoded, before they are processed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from flask import Response, request

from gongkai.ontology.texts import message

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def refusing(application: "WSGIApplication") -> "WSGIApplication":
    """415 for a body in a coding (RFC 9110, section 8.4), 400 for an address that is not UTF-8."""

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        refusal = _coded(environ.get("HTTP_CONTENT_ENCODING", "")) or _not_utf_8(
            ("address", environ.get("PATH_INFO", "").encode("latin-1")),
            ("query_string", unquote_to_bytes(environ.get("QUERY_STRING", ""))),
        )
        return application(environ, start) if refusal is None else refusal(environ, start)

    return wrapped


def refuse_form() -> Response | None:
    """400 for a form that is not UTF-8: its bytes are not replaced by other characters."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    return _not_utf_8(("form", unquote_to_bytes(request.get_data())))


def _coded(coding: str) -> Response | None:
    if coding.strip().lower() in ("", "identity"):
        return None
    refusal = _refusal(415, message("server.body.coded"))
    refusal.headers["Accept-Encoding"] = "identity"
    return refusal


def _not_utf_8(*values: tuple[str, bytes]) -> Response | None:
    for what, sent in values:
        try:
            sent.decode("utf-8")
        except UnicodeDecodeError as error:
            byte, value = error.start + 1, sent[error.start]
            return _refusal(400, message(f"server.not_utf_8.{what}", byte=byte, value=value))
    return None


def _refusal(status: int, why: str) -> Response:
    return Response(f"{status}: {why}\n", status, content_type="text/plain; charset=utf-8")
