"""Documents of entities with members, which become more with each report: read page by page.

Such a kind has three queries: ``describe-KIND`` is what each page says of the entity itself,
``members-KIND`` finds its members, and ``page-of-KIND`` says what a page says of some of them.
"""

import csv
from collections.abc import Sequence
from typing import Any

from cachetools import LRUCache

from gongkai.ontology.triples.lines import lines_of
from gongkai.server.queries.rows import Key, once
from gongkai.server.queries.texts import fill, fill_list, query_names
from gongkai.server.store import Store

ON_A_PAGE = 200
"""Members on a page: with their titles some 300 kB in the longest format."""

_known: LRUCache[Key, Any] = LRUCache(4)
"""Apart from the lists of the whole store, which a crawler of areas would drive out."""


def members(store: Store, kind: str, this: str) -> Sequence[str] | None:
    """The members of an entity by URI, sorted; None if its kind has no members."""
    name = f"members-{kind}"
    if name not in query_names():
        return None

    def find() -> tuple[str, ...]:
        # As CSV: for 20,000 members a fifth less time than as JSON.
        answer = store.query(fill(name, store.base, this), results="csv").body.decode()
        return tuple(sorted({row[0] for row in csv.reader(answer.splitlines()[1:])}))

    return once(store, f"{name} {this}", find, _known)


def said_of_members(store: Store, kind: str, this: str, some: Sequence[str]) -> set[bytes]:
    """What the document of an entity says of some of its members: lines of N-Triples."""
    if not some:
        return set()
    text = fill_list(f"page-of-{kind}", store.base, some).replace("?this", f"<{this}>")
    return lines_of(store.query(text, graph="nt").body)
