"""The texts and the language of pages."""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from flask import request

from gongkai.ontology.labels import Label
from gongkai.server.http.negotiation import best_language

LANGUAGES = ("zh", "en")


@lru_cache
def words() -> dict[str, Label]:
    """Every page text by name, from all files in ``text/``."""
    found: dict[str, Label] = {}
    for file in files("gongkai.server").joinpath("text").iterdir():
        for name, label in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{file.name}: {name} is a text of another file as well")
            found[name] = label
    return found


def asked_language() -> str | None:
    """The language that the address or a submitted form names; None if neither does."""
    asked = request.values.get("lang")
    return asked if asked in LANGUAGES else None


def page_language() -> str:
    """The language of the requested page: ``lang=`` before Accept-Language."""
    return asked_language() or best_language(request.headers.get("Accept-Language"), LANGUAGES)


def translator(language: str) -> Callable[..., str]:
    """A function that gives a text by its name, with its placeholders filled in."""

    def translate(name: str, /, **values: object) -> str:
        return words()[name][language].format(**values)

    return translate


def pick(label: Label, language: str) -> str:
    """The text of a label in a language, else in any other; empty if there is none."""
    for key in (language, "", "zh", "en"):
        if label.get(key):
            return label[key]
    return next(iter(label.values()), "")
