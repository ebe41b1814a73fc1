"""Find candidates for entities, in batches: first by identifier, then by name."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from gongkai.linking.asking import AnswerCut, Asker, AskingFailed
from gongkai.linking.cache import Row
from gongkai.linking.entities import Name, StoredEntity
from gongkai.linking.profiles import NOWHERE, EndpointProfile, Identifier
from gongkai.linking.texts import is_address
from gongkai.ontology.keys import fold_name
from gongkai.ontology.labels import Label
from gongkai.ontology.triples.terms import literal

T = TypeVar("T")

_FAILURES = 3
"""Consecutive batches that may fail before the rest is given up."""

_VALUES = 200
"""Names or identifiers in one query."""


@dataclass
class Candidate:
    """An entity at the endpoint, with the properties that are compared with ours.

    ``identifiers`` are by the name of their property; ``types`` are those of the profile that it
    has; ``places`` are codes of the areas that it lies in, as the endpoint writes them.
    """

    uri: str
    labels: list[Name] = field(default_factory=list)
    aliases: list[Name] = field(default_factory=list)
    identifiers: dict[str, list[str]] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FoundCandidates:
    """The candidates of an entity, and when the endpoint returned them.

    ``asked`` is None if there was nothing to search by: no identifier, and no name in a language of
    the endpoint.
    """

    entity: StoredEntity
    candidates: tuple[Candidate, ...]
    asked: datetime | None


@dataclass(frozen=True)
class NotAsked:
    """An entity for which the endpoint gave no answer, and why, in each language."""

    entity: StoredEntity
    reason: Label


def find_candidates(
    entities: Sequence[StoredEntity],
    profile: EndpointProfile,
    asker: Asker,
    enter: Callable[[Sequence[FoundCandidates | NotAsked]], None],
    skipped: Collection[str] = (),
) -> None:
    """Search for every entity, and ``enter`` the results of each batch at once.

    Entities whose URIs are ``skipped`` are left out of their batches; the batches stay otherwise
    the same, so that cached answers for the others remain valid.

    If the endpoint cannot be queried at all, or several batches in a row fail, the rest is not
    requested. Raises OSError if the cache cannot be written.
    """
    failed = 0
    parts = [
        [entity for entity in part if entity.uri not in skipped]
        for kind in dict.fromkeys(entity.kind for entity in entities)
        for part in _parts([entity for entity in entities if entity.kind == kind], profile.batch)
    ]
    waiting = [part for part in parts if part]
    while waiting:
        batch = waiting.pop(0)
        try:
            found = _batch(batch, profile, asker)
        except AnswerCut as error:
            if len(batch) > 1:
                half = len(batch) // 2
                waiting[:0] = [batch[:half], batch[half:]]
                continue
            failed = 0
            enter([NotAsked(entity, error.label) for entity in batch])
        except AskingFailed as error:
            failed += 1
            enter([NotAsked(entity, error.label) for entity in batch])
            if error.ends_run or failed == _FAILURES:
                for rest in waiting:
                    enter([NotAsked(entity, error.label) for entity in rest])
                return
        else:
            failed = 0
            enter(found)


def _batch(
    entities: list[StoredEntity], profile: EndpointProfile, asker: Asker
) -> list[FoundCandidates]:
    """The candidates of a few entities, all of one kind."""
    kind = entities[0].kind
    hits: dict[str, dict[str, None]] = defaultdict(dict)
    moments: list[datetime] = []
    asked_for: set[str] = set()

    def ask(query: str, **parts: str) -> tuple[Row, ...]:
        answer = asker.ask(profile.query(query, **parts))
        moments.append(answer.asked)
        return answer.rows

    for identifier in profile.identifiers_of(kind):
        owners: dict[str, list[str]] = defaultdict(list)
        for entity in entities:
            for value in entity.identifiers:
                for spelt in identifier.spelt(value):
                    owners[spelt].append(entity.uri)
        asked_for |= {uri for uris in owners.values() for uri in uris}
        for part in _parts(list(owners), _VALUES):
            values = " ".join(literal(value) for value in part)
            for row in ask("by-identifier", these=values, identified=identifier.path):
                for uri in owners.get(row["value"]["value"], ()):
                    hits[uri][row["item"]["value"]] = None
    by_name: dict[Name, list[str]] = defaultdict(list)
    for entity in entities:
        if entity.uri not in hits:
            for name in _spellings(entity, profile):
                by_name[name].append(entity.uri)
    asked_for |= {uri for uris in by_name.values() for uri in uris}
    for names in _parts(list(by_name), _VALUES):
        values = " ".join(literal(name, language or None) for name, language in names)
        named = "|".join(
            f"({path})" for key in ("label", "alias") if (path := profile.paths[key]) != NOWHERE
        )
        for row in ask("by-name", these=values, named=named):
            for uri in by_name.get(_name(row), ()):
                hits[uri][row["item"]["value"]] = None
    # What has no web address cannot be linked to, nor put into a query.
    uris = sorted({uri for found in hits.values() for uri in found if is_address(uri)})
    candidates = {uri: Candidate(uri) for uri in uris}
    for items in _parts(uris, profile.batch):
        _detail(candidates, items, kind, profile, ask)
    return [
        FoundCandidates(
            entity,
            tuple(candidates[uri] for uri in sorted(hits.get(entity.uri, ())) if uri in candidates),
            min(moments) if entity.uri in asked_for else None,
        )
        for entity in entities
    ]


def _detail(
    candidates: dict[str, Candidate],
    uris: Sequence[str],
    kind: str,
    profile: EndpointProfile,
    ask: Callable[..., tuple[Row, ...]],
) -> None:
    """Fill in the properties of candidates from the endpoint."""
    languages = dict.fromkeys(code for codes in profile.languages.values() for code in codes)
    types = [*profile.types.get(kind, ()), *profile.types.get("neither", ())]
    parts = {
        "these": " ".join(f"<{uri}>" for uri in uris),
        "languages": ", ".join(literal(code) for code in languages),
        "types": " ".join(f"<{uri}>" for uri in types),
        "typed": profile.paths["type"],
        "label": profile.paths["label"],
        "alias": profile.paths["alias"],
        "country": profile.paths["country"],
        "within": profile.paths["within"],
    }
    for identifier in profile.identifiers_of(kind) or (Identifier(kind, "", NOWHERE),):
        for row in ask("details", **parts, identified=identifier.path):
            candidate = candidates.get(row["item"]["value"])
            if candidate is None:
                continue
            value = row["value"]["value"]
            match row["what"]["value"]:
                case "label":
                    candidate.labels.append(_name(row))
                case "alias":
                    candidate.aliases.append(_name(row))
                case "type":
                    candidate.types.append(value)
                case "country":
                    candidate.countries.append(value)
                case "place":
                    candidate.places.append(value)
                case "identifier":
                    candidate.identifiers.setdefault(identifier.name, []).append(value)
    order = {code: number for number, code in enumerate(languages)}
    for uri in uris:
        for names in (candidates[uri].labels, candidates[uri].aliases):
            # One query for each identifier: the same names are returned each time.
            names[:] = sorted(set(names), key=lambda name: (order.get(name[1], 99), name[0]))


def _spellings(entity: StoredEntity, profile: EndpointProfile) -> list[Name]:
    """The names of an entity as the endpoint may have them, by the endpoint's languages."""
    found: dict[Name, None] = {}
    for text, language in entity.names:
        for code in profile.languages.get(language, ()):
            found[text, code] = None
            if language == "zh":
                # White space is not significant in Chinese, and punctuation may be of full or half
                # width.
                found[fold_name(text), code] = None
    return list(found)


def _name(row: Row) -> Name:
    return row["value"]["value"], row["value"].get("xml:lang", "").lower()


def _parts(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
