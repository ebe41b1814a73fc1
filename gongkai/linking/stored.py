"""Read links and linked entities from a store."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from gongkai.linking.texts import query_text
from gongkai.ontology.addresses import Addresses
from gongkai.publishing.linksets import RELATIONS, Link, read_links
from gongkai.server.store import (
    AnswerTooLarge,
    Graphs,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    Store,
    StoreBusy,
    StoreError,
)

TROUBLE = (
    StoreError, QueryTimedOut, QueryCrashed, QueryRefused, AnswerTooLarge, StoreBusy,
)  # fmt: skip
"""Exceptions of a store that is queried; the message is for the user."""

_AT_ONCE = 200

T = TypeVar("T")


class ReadableStore(Store, Graphs, Protocol):
    """A store that can be queried, and whose graphs can be read as a whole."""


def stored_links(store: ReadableStore) -> dict[str, list[Link]]:
    """Every link in a store, by site; raises what queries raise."""
    prefix = str(Addresses(store.base).linkset(""))
    names = [row["linkset"] for row in _rows(store, query_text("linksets"))]
    sites = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    return {site: read_links(store, site) for site in sites}


def unknown_entities(store: Store, entities: Iterable[str]) -> set[str]:
    """Those of the entities that are not bodies or areas in the store."""
    wanted = set(entities)
    known: set[str] = set()
    for part in _parts(sorted(wanted)):
        text = query_text("known", these=" ".join(f"<{uri}>" for uri in part))
        known |= {row["entity"] for row in _rows(store, text)}
    return wanted - known


def said_elsewhere(store: Store, links: Sequence[Link]) -> dict[tuple[str, str], str]:
    """Graphs other than the linkset that state a link, by subject and target."""
    addresses = Addresses(store.base)
    found = {}
    for part in _parts(links):
        these = " ".join(
            f"(<{link.subject}> <{RELATIONS[link.relation]}> <{link.target}>)" for link in part
        )
        own = {(link.subject, link.target): str(addresses.linkset(link.site)) for link in part}
        for row in _rows(store, query_text("said-elsewhere", these=these)):
            pair = row["subject"], row["target"]
            if row["graph"] != own[pair]:
                found[pair] = row["graph"]
    return found


def _rows(store: Store, text: str) -> list[dict[str, str]]:
    answer = json.loads(store.query(f"BASE <{store.base}>\n{text}", results="json").body)
    return [
        {name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]
    ]


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
