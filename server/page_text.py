"""The words and the language of pages."""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from flask import request

from gongkai.ontology.forms import Label
from gongkai.server.negotiation import best_language

LANGUAGES = ("zh", "en")


@lru_cache
def words() -> dict[str, Label]:
    """Every text of the pages by its name."""
    content = files("gongkai.server").joinpath("text.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def page_language() -> str:
    """The language of the page asked for: ``?lang=`` before Accept-Language."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return best_language(request.headers.get("Accept-Language"), LANGUAGES)


def translator(language: str) -> Callable[..., str]:
    """A function that gives a text by its name, with its placeholders filled in."""

    def translate(name: str, **values: object) -> str:
        return words()[name][language].format(**values)

    return translate


def pick(label: Label, language: str) -> str:
    """The text of a label in a language, or in whichever there is; empty if there is none."""
    for key in (language, "", "zh", "en"):
        if label.get(key):
            return label[key]
    return next(iter(label.values()), "")
