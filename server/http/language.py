"""The language of pages and of messages."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import g, request

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, read_in
from gongkai.server.http.formats import best_message
from gongkai.server.http.negotiation import best_language

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MESSAGES_VARY = ("Accept", "Accept-Language")
"""The headers that decide the language of messages."""

_FOR_PROGRAMS = ("en", "zh")
"""Programs that name no language read English; people read Chinese."""

_WITH_MESSAGES = ("text/plain", "text/html", "application/json")
"""Media types of errors."""


def asked_language() -> str | None:
    """The language that the address or a submitted form names; None if neither does."""
    asked = request.values.get("lang")
    return asked if asked in LANGUAGES else None


def page_language() -> str:
    """The language of the requested page: ``lang=`` before Accept-Language."""
    return asked_language() or best_language(request.headers.get("Accept-Language"), LANGUAGES)


def pick(label: Label, language: str) -> str:
    """The text of a label in a language, else in any other; empty if there is none."""
    for key in (language, "", "zh", "en"):
        if label.get(key):
            return label[key]
    return next(iter(label.values()), "")


def message_language(query: str, accept: str | None, accepted: str | None) -> str:
    """The language of the messages to a client: that of the page, if it is sent pages.

    ``query`` is that of the address, ``accept`` and ``accepted`` are the headers Accept and
    Accept-Language.
    """
    asked = None
    if "lang=" in query:
        asked = next((value for name, value in parse_qsl(query) if name == "lang"), None)
    return asked if asked in LANGUAGES else _accepted_language(accept, accepted)


@lru_cache(maxsize=512)
def _accepted_language(accept: str | None, accepted: str | None) -> str:
    people = best_message(accept) == "html"
    return best_language(accepted, LANGUAGES if people else _FOR_PROGRAMS)


def read_in_language_of_form() -> None:
    """Give messages in the language that a form names, until the end of the request."""
    asked = asked_language()
    if asked is not None:
        g.reading = ExitStack()
        g.reading.enter_context(read_in(asked))


def end_reading(_: BaseException | None) -> None:
    """End what ``read_in_language_of_form`` began."""
    reading = g.pop("reading", None)
    if reading is not None:
        reading.close()


def reading_messages(application: "WSGIApplication") -> "WSGIApplication":
    """Middleware that gives messages in the language of each request.

    Errors state it (Content-Language), and what it depends on (Vary).
    """

    def wrapped(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        get = environ.get
        language = message_language(
            get("QUERY_STRING", ""), get("HTTP_ACCEPT"), get("HTTP_ACCEPT_LANGUAGE")
        )

        def started(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            if status >= "400":
                headers = _stating(language, headers)
            return start(status, headers, exc_info) if exc_info else start(status, headers)

        with read_in(language):
            return application(environ, started)

    return wrapped


def _stating(language: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    fields = {name.lower(): value for name, value in headers}
    if not fields.get("content-type", "").startswith(_WITH_MESSAGES):
        return headers
    varying = [value for name, value in headers if name.lower() == "vary"]
    names = [name.strip() for value in varying for name in value.split(",")]
    vary = ", ".join(dict.fromkeys((*MESSAGES_VARY, *names)))
    kept = [pair for pair in headers if pair[0].lower() != "vary"]
    stated = [] if "content-language" in fields else [("Content-Language", language)]
    return [*kept, *stated, ("Vary", vary)]
