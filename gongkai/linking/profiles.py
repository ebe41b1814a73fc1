"""Profiles of endpoints: a small TOML file says where an endpoint keeps which data.

The packaged profile is ``endpoints/wikidata.toml``; docs/linking.md describes the format.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gongkai.linking.texts import is_address, query_text
from gongkai.ontology.texts import listed, message

KINDS = ("bodies", "areas")
"""The kinds of entities that are linked."""

NOWHERE = "<urn:gongkai:nowhere>"
"""The path of data that the endpoint does not have."""

_PATHS = ("label", "alias", "type", "country", "within")
_NUMBERS = {"pause": 1.0, "batch": 40, "most_rows": 10_000}


class BadProfile(ValueError):
    """A profile that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Identifier:
    """An identifier that both sides have: ``path`` is where the endpoint has it.

    ``groups`` are the numbers of digits of its parts as the endpoint writes it, with ``separator``
    between them; parts of zeros at the end are left out (31 01 10 for 310110). Without groups it is
    written as it is.
    """

    of: str
    name: str
    path: str
    groups: tuple[int, ...] = ()
    separator: str = ""

    def spelt(self, value: str) -> tuple[str, ...]:
        """The spellings that the endpoint may have of one of our identifiers."""
        if not self.groups or not value.isdigit():
            return (value,)
        parts, rest = [], value
        for digits in self.groups:
            if rest:
                parts.append(rest[:digits])
                rest = rest[digits:]
        if rest:
            parts.append(rest)
        while len(parts) > 1 and not parts[-1].strip("0"):
            parts.pop()
        return tuple(dict.fromkeys((self.separator.join(parts), value)))

    def same(self, one: str, other: str) -> bool:
        """Whether two spellings are of the same identifier."""
        return self._folded(one) == self._folded(other)

    def _folded(self, value: str) -> str:
        bare = "".join(character for character in value if character.isalnum()).upper()
        return bare.rstrip("0") if self.groups else bare


@dataclass(frozen=True)
class EndpointProfile:
    """An endpoint, and where it has the data that candidates are compared by.

    ``contact`` is true if its operators want to know who sends queries; ``pause`` is the time
    between two requests, in seconds; ``batch`` is the number of entities in one request, and an
    answer of ``most_rows`` rows counts as truncated. ``paths`` are SPARQL property paths by what
    they lead to; ``languages`` are those of the endpoint by ours; ``types`` and ``countries`` are
    by IRI.
    """

    name: str
    endpoint: str
    contact: bool
    pause: float
    batch: int
    most_rows: int
    prefixes: Mapping[str, str]
    paths: Mapping[str, str]
    languages: Mapping[str, tuple[str, ...]]
    identifiers: tuple[Identifier, ...]
    types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    def identifiers_of(self, kind: str) -> tuple[Identifier, ...]:
        """The identifiers that entities of a kind have at the endpoint."""
        return tuple(item for item in self.identifiers if item.of == kind)

    def query(self, name: str, **parts: str) -> str:
        """A query to the endpoint: each ``?NAME`` of ``parts`` is replaced."""
        head = "".join(f"PREFIX {key}: <{value}>\n" for key, value in self.prefixes.items())
        return head + query_text(name, **parts)


def packaged() -> tuple[str, ...]:
    """The names of the packaged profiles."""
    folder = files("gongkai.linking").joinpath("endpoints")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir()))


@cache
def load_profile(named: str) -> EndpointProfile:
    """The packaged profile of a name, or the profile in a file; raises BadProfile."""
    if named in packaged():
        file = files("gongkai.linking").joinpath("endpoints", f"{named}.toml")
        return _profile(named, file.read_text(encoding="utf-8"), named)
    path = Path(named)
    try:
        return _profile(path.stem, path.read_text(encoding="utf-8"), named)
    except FileNotFoundError:
        raise BadProfile(
            message("linking.profile.missing", profile=named, known=listed(packaged()))
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadProfile(message("linking.profile.not_read", profile=named, error=error)) from None


def _profile(name: str, text: str, where: str) -> EndpointProfile:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(message("linking.profile.not_toml", profile=where, error=error)) from None
    known = {
        "endpoint", "contact", "prefixes", "paths", "languages", "identifiers", "types",
        "countries", *_NUMBERS,
    }  # fmt: skip
    for key in said:
        if key not in known:
            raise BadProfile(
                message(
                    "linking.profile.unknown_setting",
                    profile=where,
                    key=key,
                    known=listed(sorted(known)),
                )
            )
    try:
        profile = _read(name, said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, KeyError):
            raise BadProfile(message("linking.profile.lacks", profile=where, key=error)) from None
        raise BadProfile(message("linking.profile.wrong", profile=where, why=error)) from None
    _check_paths(profile, where)
    return profile


def _read(name: str, said: Mapping[str, Any]) -> EndpointProfile:
    if not is_address(said["endpoint"]):
        raise ValueError(message("linking.profile.endpoint", value=repr(said["endpoint"])))
    numbers = {key: said.get(key, default) for key, default in _NUMBERS.items()}
    for key, number in numbers.items():
        if not isinstance(number, int | float) or number < (0 if key == "pause" else 1):
            raise ValueError(message("linking.profile.number", key=key))
    prefixes = dict(said.get("prefixes", {}))

    def iri(text: str) -> str:
        prefix, colon, rest = text.partition(":")
        whole = prefixes[prefix] + rest if colon and prefix in prefixes else text
        if not is_address(whole):
            raise ValueError(message("linking.profile.no_iri", text=text))
        return whole

    unknown = set(said["paths"]) - set(_PATHS)
    if unknown:
        raise ValueError(
            message("linking.profile.unknown_path", path=unknown.pop(), known=listed(_PATHS))
        )
    identifiers = tuple(
        Identifier(
            item["of"],
            item["name"],
            item["path"],
            tuple(item.get("groups", ())),
            item.get("separator", ""),
        )
        for item in said.get("identifiers", ())
    )
    for item in identifiers:
        if item.of not in KINDS:
            raise ValueError(
                message(
                    "linking.profile.identifier_of",
                    kinds={"zh": "、".join(KINDS), "en": " or ".join(KINDS)},
                    value=repr(item.of),
                )
            )
    return EndpointProfile(
        name=name,
        endpoint=said["endpoint"],
        contact=bool(said.get("contact", False)),
        pause=float(numbers["pause"]),
        batch=int(numbers["batch"]),
        most_rows=int(numbers["most_rows"]),
        prefixes=prefixes,
        paths={key: said["paths"].get(key, NOWHERE) for key in _PATHS}
        | {"label": said["paths"]["label"]},
        languages={key: tuple(value) for key, value in said["languages"].items()},
        identifiers=identifiers,
        types={
            kind: {iri(key): str(text) for key, text in table.items()}
            for kind, table in said.get("types", {}).items()
        },
        countries={iri(key): iri(value) for key, value in said.get("countries", {}).items()},
    )


def _check_paths(profile: EndpointProfile, where: str) -> None:
    """Raise BadProfile for an invalid property path."""
    # Importing it takes longer than the whole rest of the command line.
    from rdflib.plugins.sparql import prepareQuery

    paths = [*profile.paths.values(), *(item.path for item in profile.identifiers)]
    for path in paths:
        try:
            prepareQuery(profile.query("by-identifier", these='""', identified=path))
        except Exception as error:
            # The parser raises exceptions of several types, none of them its own.
            reason = str(error).splitlines()[0]
            raise BadProfile(
                message("linking.profile.no_path", profile=where, path=repr(path), reason=reason)
            ) from None
