"""Find bodies, reports and passages by words: the index of texts (``making``), as it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy
from flask import current_app

from gongkai.server.derived import DamagedIndex
from gongkai.server.derived.current import CurrentIndex
from gongkai.server.derived.folders import lockable
from gongkai.server.http.current import Extension
from gongkai.server.search.making import SCHEMA, TEXTS, URI, Kind, damage_told, open_texts
from gongkai.server.search.words import is_chinese, pairs, terms
from gongkai.server.store import Store

MOST_COUNTED = 1000
"""Results beyond this number are not counted."""


@dataclass(frozen=True)
class Found:
    """Results of one kind, best first: their URIs, and their total number.

    ``current`` is true if the index is of the present version of the store.
    """

    places: tuple[str, ...]
    count: int
    current: bool


class SearchIndex:
    """Finds bodies, reports and passages by words of their names and texts."""

    def __init__(self, store: Store, roots: Sequence[Path]) -> None:
        """``roots`` are where the index is looked for; nothing is opened before ``renew``."""
        self._index = CurrentIndex(TEXTS, store, roots, opened_texts)

    def find(self, text: str, kind: Kind, most: int, start: int = 0) -> Found:
        """URIs of one kind whose texts have all words of ``text``, best first, from ``start``.

        The index is used as it is: ``renew`` updates it.
        """
        searcher, current = self._index.opened()
        query = query_of(text, kind)
        if searcher is None or query is None:
            return Found((), 0, current)
        # The library makes room for all results up to the last, and refuses to look for none.
        within = most > 0 and 0 <= start <= MOST_COUNTED
        try:
            with damage_told():
                result = searcher.search(
                    query, most if within else 1, count=True, offset=start if within else 0
                )
                hits = result.hits if within else []
                places = tuple(str(searcher.doc(place)[URI][0]) for _, place in hits)
        except DamagedIndex as error:
            self._index.damaged(str(error))
            return Found((), 0, False)
        # Missing in the types of the library.
        return Found(places, int(getattr(result, "count", 0)), current)

    def renew(self, patience: float = 0.0) -> None:
        """Open the index of the store's version, or wait up to ``patience`` seconds for it."""
        self._index.renew(patience)


def opened_texts(folder: Path) -> tantivy.Searcher:
    """What searches in the index in a folder; raises DamagedIndex or OSError."""
    # The library locks a folder while it opens files there, even for reading.
    with lockable(folder) as view:
        index = open_texts(view)
        with damage_told():
            index.reload()
            return index.searcher()


def query_of(text: str, kind: Kind) -> tantivy.Query | None:
    """The query for texts with every term; None if there are no terms.

    A single Chinese character, and the last word of another script, match as prefixes.
    """
    found = terms(text)
    if not found:
        return None
    parts = [(tantivy.Occur.Must, _of_term(term, kind, term == found[-1])) for term in found]
    return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)


def _of_term(term: str, kind: Kind, last: bool) -> tantivy.Query:
    chinese = is_chinese(term)
    if (chinese and len(term) == 1) or (last and not chinese):
        # Terms are letters and digits only: they cannot contain operators.
        return tantivy.Query.regex_query(SCHEMA, kind, f"{term}.*")
    neighbours = pairs(term) if chinese else [term]
    if len(neighbours) == 1:
        return tantivy.Query.term_query(SCHEMA, kind, neighbours[0], "freq")
    return tantivy.Query.phrase_query(SCHEMA, kind, list(neighbours))


SEARCH_INDEX: Extension[SearchIndex] = Extension("gongkai.search")


def current_index() -> SearchIndex:
    """The search index of the application that answers this request."""
    return SEARCH_INDEX.of(current_app)
