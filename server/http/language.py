"""The language of pages."""

from flask import request

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES
from gongkai.server.http.negotiation import best_language


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
