"""The result rows of the queries in this folder."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cachetools import LRUCache

from gongkai.server.queries.texts import fill, fill_list
from gongkai.server.store import Store

_ENTITIES_AT_ONCE = 500
T = TypeVar("T")
Key = tuple[str, str, str]
"""Base and version of a store, and the name of what is known of it."""

_known: LRUCache[Key, Any] = LRUCache(20)
_lock = threading.Lock()


def is_described(store: Store, this: str) -> bool:
    """Whether the store describes ``this``; it no longer does for a withdrawn report."""
    return store.query(fill("exists", store.base, this), results="csv").body.strip() == b"true"


def rows(store: Store, name: str, this: str) -> list[dict[str, str]]:
    """The rows of the query ``name`` about ``this``: values by variable."""
    return rows_of(store, fill(name, store.base, this))


def rows_of(store: Store, text: str) -> list[dict[str, str]]:
    """The rows of a query: values by variable, their languages by ``variable@language``."""
    answer = json.loads(store.query(text, results="json").body)
    found = []
    for row in answer["results"]["bindings"]:
        values = {variable: cell["value"] for variable, cell in row.items()}
        for variable, cell in row.items():
            if "xml:lang" in cell:
                values[f"{variable}@language"] = cell["xml:lang"]
        found.append(values)
    return found


def listed(store: Store, name: str) -> Sequence[dict[str, str]]:
    """The rows of a query on the whole store, cached until its content changes.

    Pages are taken from them: stores sort again for each OFFSET, or refuse to (Virtuoso, beyond
    10,000 rows).
    """
    return once(store, name, lambda: tuple(rows(store, name, store.base)))


def once(store: Store, name: str, make: Callable[[], T], cache: LRUCache[Key, Any] = _known) -> T:
    """The result of ``make`` on the whole store, cached by name until the content changes."""
    key = (store.base, store.version, name)
    with _lock:
        known: T | None = cache.get(key)
    if known is None:
        known = make()
        with _lock:
            cache[key] = known
    return known


def rows_about(
    store: Store, query: str, entities: Sequence[str], codes: str = ""
) -> list[dict[str, str]]:
    """The rows of a query about several entities (``?these``), requested in batches.

    ``codes`` replaces ``?codes`` in the query: dimensions and codes of a cell.
    """
    found = []
    for start in range(0, len(entities), _ENTITIES_AT_ONCE):
        text = fill_list(query, store.base, entities[start : start + _ENTITIES_AT_ONCE])
        found += rows_of(store, text.replace("?codes", codes))
    return found
