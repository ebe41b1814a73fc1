"""The entities of a store to be linked, with what an endpoint may know them by."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gongkai.linking.texts import query_text
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.credit_code import is_credit_code
from gongkai.server.store import Store

Name = tuple[str, str]
"""A name and its language."""


@dataclass
class StoredEntity:
    """A body or an area, with the properties that an endpoint may have as well.

    ``labels`` and ``aliases`` are its names; ``identifiers`` are its unified social credit codes,
    or its division code; ``place`` is the code of the division that it lies in; ``countries`` are
    IRIs.
    """

    uri: str
    kind: str
    labels: list[Name] = field(default_factory=list)
    aliases: list[Name] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    place: str | None = None
    countries: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[Name]:
        """All its names, the preferred ones first."""
        return list(dict.fromkeys([*self.labels, *self.aliases]))


def read_entities(store: Store, kinds: Iterable[str]) -> list[StoredEntity]:
    """The bodies and areas of a store, sorted by URI; raises what queries raise."""
    return [entity for kind in kinds for entity in _of_kind(store, kind)]


def _of_kind(store: Store, kind: str) -> list[StoredEntity]:
    entities: dict[str, StoredEntity] = {}
    for uri, what, value, language in _rows(store, kind):
        entity = entities.setdefault(uri, StoredEntity(uri, kind))
        match what:
            case "label":
                entity.labels.append((value, language))
            case "alias":
                entity.aliases.append((value, language))
            case "identifier":
                # A body's key may be one of our own, which no other data set uses.
                if kind == "areas" or is_credit_code(value):
                    entity.identifiers.append(value)
            case "country":
                entity.countries.append(value)
            case "place":
                area = str(Addresses(store.base).area(""))
                if value.startswith(area):
                    entity.place = value.removeprefix(area)
                else:
                    entity.countries.append(value)
    return [entities[uri] for uri in sorted(entities)]


def _rows(store: Store, kind: str) -> Iterator[tuple[str, str, str, str]]:
    text = f"BASE <{store.base}>\n{query_text(f'entities-{kind}')}"
    for row in json.loads(store.query(text, results="json").body)["results"]["bindings"]:
        value = row["value"]
        yield (
            row["entity"]["value"],
            row["what"]["value"],
            value["value"],
            value.get("xml:lang", ""),
        )
