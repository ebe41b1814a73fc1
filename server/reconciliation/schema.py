"""The types and properties that the service offers: ``schema.toml``."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from gongkai.ontology.labels import Label

KINDS = {"body": "def#PublicBody", "area": "def#Area"}
"""The type of each kind of entity; those of codes are ``CONCEPT`` and their list."""

CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"


@dataclass(frozen=True)
class Type:
    """A type: its URI under a base, its names, and the broader type."""

    id: str
    name: Label
    broader: str | None = None


@dataclass(frozen=True)
class Property:
    """A property: the kinds of entities with it, the kind of its values (text, number, area, code).

    ``matching`` is true if queries may name it.
    """

    id: str
    name: Label
    of: frozenset[str]
    values: str
    matching: bool


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    text = files("gongkai.server").joinpath("reconciliation", "schema.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=4)
def types(base: str) -> dict[str, Type]:
    """The types by URI, except those of code lists, which come from the store."""
    found = {}
    for row in _content()["types"]:
        uri = full(base, row["id"])
        above = full(base, row["broader"]) if "broader" in row else None
        found[uri] = Type(uri, {"zh": row["zh"], "en": row["en"]}, above)
    return found


def full(base: str, term: str) -> str:
    """The URI of a type from its form in the table."""
    return term if term.startswith("http") else base + term


@lru_cache(maxsize=1)
def properties() -> dict[str, Property]:
    """The properties by their ids."""
    return {
        row["id"]: Property(
            row["id"],
            {"zh": row["zh"], "en": row["en"]},
            frozenset(row["of"]),
            row["values"],
            row["matching"],
        )
        for row in _content()["properties"]
    }
