"""The catalogue of texts: what people read, in each language, by key.

A file ``AREA.toml`` of this folder holds the texts of an area. A text is a table with its name and
a line for each language; ``[pdf.cut]`` in ``documents.toml`` has the key ``documents.pdf.cut``.
Placeholders are those of ``str.format``, by name, the same in every language.

Not in the catalogue: what Turtle states (rules and their messages, codes, forms). See
``docs/decisions/24-one-catalogue-of-texts.md``.
"""

import locale
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.ontology.labels import Label

LANGUAGES = ("zh", "en")
"""The languages of every text."""

_of_reader: ContextVar[str | None] = ContextVar("language of the reader", default=None)


@lru_cache
def area(name: str) -> Mapping[str, Label]:
    """The texts of an area by key, in the order of its file."""
    content = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return dict(_texts(tomllib.loads(content), name))


def _texts(tables: Mapping[str, Any], key: str) -> Iterable[tuple[str, Label]]:
    for name, table in tables.items():
        if any(isinstance(value, str) for value in table.values()):
            yield f"{key}.{name}", table
        else:
            yield from _texts(table, f"{key}.{name}")


def listed(items: Iterable[str]) -> Label:
    """Items one after another, with the comma of lists of each language."""
    known = tuple(items)
    return {"zh": "、".join(known), "en": ", ".join(known)}


def translations(key: str, /, **values: object) -> Label:
    """The text of a key in each language, with its placeholders filled in.

    A value that is a label itself is filled in by language. Raises KeyError if there is no such
    text, or if a placeholder has no value.
    """
    return {language: translation(key, language, **values) for language in LANGUAGES}


def translation(key: str, language: str, /, **values: object) -> str:
    """The text of a key in one language; as ``translations``."""
    return area(key.partition(".")[0])[key][language].format(
        **{
            name: value[language] if isinstance(value, dict) else value
            for name, value in values.items()
        }
    )


def message(key: str, /, **values: object) -> str:
    """The text of a key in the language of whoever reads it now; as ``translations``.

    For errors, and whatever else is said to one person and not kept.
    """
    return translation(key, readers_language(), **values)


def readers_language() -> str:
    """The language of whoever reads messages now.

    In a server that of the request (``read_in``); else Chinese in a Chinese locale, and English in
    any other (POSIX, Base Definitions, section 8.2: LC_ALL, LC_MESSAGES, LANG).
    """
    if (language := _of_reader.get()) is not None:
        return language
    wanted = next(
        (set_ for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (set_ := os.environ.get(name))), ""
    )
    return "zh" if locale.normalize(wanted).startswith("zh") else "en"


@contextmanager
def read_in(language: str) -> Iterator[None]:
    """Give messages in this language until the end, in this thread or task alone."""
    token = _of_reader.set(language)
    try:
        yield
    finally:
        _of_reader.reset(token)
