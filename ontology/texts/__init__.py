"""The catalogue of texts: what people read, in each language, by key.

A file ``AREA.toml`` of this folder holds the texts of an area. A text is a table with its name and
a line for each language; ``[pdf.cut]`` in ``documents.toml`` has the key ``documents.pdf.cut``.
Placeholders are those of ``str.format``, by name, the same in every language. A text with the
placeholder ``count`` has, in a language with plurals, a form for each category of CLDR, as
``en.one`` and ``en.other``; ``other`` alone where its words are the same for any number.
``en.number = "seconds"`` names the placeholder that is the number where it is not ``count``.

Not in the catalogue: what Turtle states (rules and their messages, codes, forms). See
``docs/decisions/24-one-catalogue-of-texts.md``.
"""

import locale
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.ontology.labels import Label

LANGUAGES = ("zh", "en")
"""The languages of every text."""

_Text = Mapping[str, str | Mapping[str, str]]
"""A text by language; where a language has plurals, by category."""

_of_reader: ContextVar[str | None] = ContextVar("readers_language", default=None)


@lru_cache
def area(name: str) -> Mapping[str, Label]:
    """The texts of an area by key, in the order of its file; a plural where there are forms.

    Raises LookupError if there is no such area.
    """
    return {
        key: {language: _form(text, "other") for language, text in forms.items()}
        for key, forms in _area(name).items()
    }


@lru_cache
def _area(name: str) -> Mapping[str, _Text]:
    file = files(__package__).joinpath(f"{name}.toml")
    if not file.is_file():
        raise LookupError(f"the catalogue of texts has no area {name!r}")
    return dict(_texts(tomllib.loads(file.read_text(encoding="utf-8")), name))


def _texts(tables: Mapping[str, Any], key: str) -> Iterable[tuple[str, _Text]]:
    for name, table in tables.items():
        if any(isinstance(value, str) for value in table.values()):
            yield f"{key}.{name}", table
        else:
            yield from _texts(table, f"{key}.{name}")


def _form(text: str | Mapping[str, str], category: str) -> str:
    return text if isinstance(text, str) else text.get(category, text["other"])


def _plural_category(language: str, count: object) -> str:
    # Babel takes as long to import as all else here: many processes say nothing with a number.
    from babel import Locale
    from babel.numbers import parse_decimal

    # Pages write the number out before they ask for the text.
    number = parse_decimal(count, language) if isinstance(count, str) else count
    assert isinstance(number, int | float | Decimal), "a count is a number"
    # CLDR tells 1.0 from 1; it is written 1.
    return Locale.parse(language).plural_form(int(number) if number == int(number) else number)


def listed(items: Iterable[str]) -> Label:
    """Items one after another, with the comma of lists of each language."""
    known = tuple(items)
    return {"zh": "、".join(known), "en": ", ".join(known)}


def joined_labels(labels: Sequence[Label]) -> Label:
    """Several texts joined into one; empty where there are none."""
    if not labels:
        return {}
    return {
        language: ("；" if language == "zh" else "; ").join(label[language] for label in labels)
        for language in LANGUAGES
    }


def translations(key: str, /, **values: object) -> Label:
    """The text of a key in each language, with its placeholders filled in.

    A value that is a label itself is filled in by language. Raises LookupError if there is
    no such text, or if a placeholder has no value.
    """
    return {language: translation(key, language, **values) for language in LANGUAGES}


def translation(key: str, language: str, /, **values: object) -> str:
    """The text of a key in one language; as ``translations``."""
    text = _area(key.partition(".")[0])[key][language]
    if not isinstance(text, str):
        number = values[text.get("number", "count")]
        number = number[language] if isinstance(number, dict) else number
        text = _form(text, _plural_category(language, number))
    return text.format(
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
    return _of_reader.get() or language_of_locale()


def language_of_locale() -> str:
    """The language of the locale: that of whoever runs this process."""
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
