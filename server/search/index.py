"""A full-text index of the store (SQLite FTS5), created and renewed by the server itself.

It holds no text, only which words are where; the text of results is read from the store. It is a
temporary database of this process, deleted when it ends, so that no withdrawn content is kept.
"""

import logging
import math
import sqlite3
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flask import current_app

from gongkai.server.http.current import Extension
from gongkai.server.queries.rows import rows, rows_of
from gongkai.server.queries.texts import fill_list
from gongkai.server.search.words import match_expression, words
from gongkai.server.store import Store, StoreError

LOG = logging.getLogger("gongkai.search")

Kind = Literal["body", "report", "passage"]

_REPORTS_AT_ONCE = 40
MOST_COUNTED = 1000
"""Results beyond this number are not counted."""


@dataclass(frozen=True)
class _Said:
    """Properties of a report that require the index to be renewed if they change."""

    body: str
    year: str
    checksum: str
    converted: str


@dataclass(frozen=True)
class Found:
    """Results of one kind, best first: their URIs, and their total number.

    Beyond ``MOST_COUNTED`` they are not counted. ``current`` is true if the index is of the present
    version of the store; else ``indexed`` of ``reports`` are in it so far.
    """

    places: tuple[str, ...]
    count: int
    current: bool
    indexed: int
    reports: int


class _Index:
    """The index of one version of the store; ``known`` and ``bodies`` are its sources."""

    def __init__(self) -> None:
        # With an empty name, SQLite uses a private temporary file.
        self.database = sqlite3.connect("", check_same_thread=False)
        self.database.executescript(
            """
            CREATE TABLE place (number INTEGER PRIMARY KEY, kind TEXT, uri TEXT);
            CREATE VIRTUAL TABLE text USING fts5(words, content='');
            """
        )
        self.known: dict[str, _Said] = {}
        self.bodies: dict[str, tuple[str, ...]] = {}

    def add(self, rows: Iterable[tuple[Kind, str, str]]) -> None:
        """Insert kinds, URIs and texts: all of them or none."""
        with self.database:
            for kind, uri, text in rows:
                cursor = self.database.execute(
                    "INSERT INTO place (kind, uri) VALUES (?, ?)", (kind, uri)
                )
                row = (cursor.lastrowid, " ".join(words(text)))
                self.database.execute("INSERT INTO text (rowid, words) VALUES (?, ?)", row)


class SearchIndex:
    """Finds bodies, reports and passages by words of their names and texts."""

    def __init__(self, store: Store) -> None:
        """Nothing is indexed before ``renew``."""
        self._store = store
        self._index = _Index()
        self._version: str | None = None
        self._reports = 0
        self._lock = threading.Lock()
        self._renewal: threading.Thread | None = None
        self._failed_at = -math.inf

    def find(self, text: str, kind: Kind, most: int, start: int = 0) -> Found:
        """URIs of one kind whose texts have all words of ``text``, best first, from ``start``.

        The index is used as it is: ``renew`` updates it.
        """
        expression = match_expression(text)
        with self._lock:
            index, current = self._index, self._version == self._store.version
            state = (current, len(index.known), max(self._reports, len(index.known)))
            if not expression:
                return Found((), 0, *state)
            matching = (
                "FROM text JOIN place ON place.number = text.rowid "
                "WHERE text MATCH ? AND place.kind = ?"
            )
            found = index.database.execute(
                f"SELECT uri {matching} ORDER BY bm25(text), number LIMIT ? OFFSET ?",
                (expression, kind, most, start),
            ).fetchall()
            (count,) = index.database.execute(
                f"SELECT COUNT(*) FROM (SELECT 1 {matching} LIMIT ?)",
                (expression, kind, MOST_COUNTED + 1),
            ).fetchone()
        return Found(tuple(uri for (uri,) in found), count, *state)

    def renew(self, patience: float = 0.0) -> None:
        """Start to update the index to the store's version, and wait up to ``patience`` seconds."""
        with self._lock:
            if self._version == self._store.version:
                return
            if self._renewal is None or not self._renewal.is_alive():
                # After an error of the store, the next attempt waits for a while.
                if time.monotonic() - self._failed_at < 1:
                    return
                self._renewal = threading.Thread(target=self._renew, daemon=True)
                self._renewal.start()
            renewal = self._renewal
        renewal.join(patience)

    def _renew(self) -> None:
        try:
            version = self._store.version
            wanted = {
                row["report"]: _Said(row["body"], row["year"], row["checksum"], row["converted"])
                for row in rows(self._store, "search-reports", self._store.base)
            }
            names: dict[str, list[str]] = {}
            for row in rows(self._store, "search-bodies", self._store.base):
                names.setdefault(row["body"], []).append(row["name"])
            # Stores have different orders; results of equal rank must have the same order for all.
            called = {body: tuple(sorted(names[body])) for body in sorted(names)}
            with self._lock:
                index = self._index
                self._reports = len(wanted)
            # Removed or replaced reports would stay in the index: a new index is made.
            if any(wanted.get(report) != said for report, said in index.known.items()) or any(
                called.get(body) != found for body, found in index.bodies.items()
            ):
                index = _Index()
            self._add_bodies(index, called)
            missing = sorted(wanted.keys() - index.known.keys())
            for start in range(0, len(missing), _REPORTS_AT_ONCE):
                part = missing[start : start + _REPORTS_AT_ONCE]
                self._add_reports(index, {report: wanted[report] for report in part}, called)
            with self._lock:
                self._index, self._version = index, version
        except StoreError as error:
            self._failed_at = time.monotonic()
            LOG.error("the index of texts could not be renewed: %s", error)
        except Exception:
            self._failed_at = time.monotonic()
            LOG.exception("the index of texts could not be renewed")

    def _add_bodies(self, index: _Index, called: dict[str, tuple[str, ...]]) -> None:
        new = {body: names for body, names in called.items() if body not in index.bodies}
        with self._lock:
            index.add(("body", body, "\n".join(names)) for body, names in new.items())
            index.bodies.update(new)

    def _add_reports(
        self, index: _Index, reports: dict[str, _Said], called: dict[str, tuple[str, ...]]
    ) -> None:
        texts = rows_of(self._store, fill_list("search-texts", self._store.base, list(reports)))
        found: list[tuple[Kind, str, str]] = []
        for row in texts:
            kind: Kind = "report" if row["place"] == row["report"] else "passage"
            text = f"{row.get('title', '')}\n{row.get('text', '')}"
            if kind == "report":
                # In every language in which its body has a name.
                said = reports[row["report"]]
                text = "\n".join((text, said.year, *called.get(said.body, ())))
            found.append((kind, row["place"], text))
        found.sort()
        # Searches of the same index wait meanwhile: for one batch, never for all.
        with self._lock:
            index.add(found)
            index.known.update(reports)


SEARCH_INDEX: Extension[SearchIndex] = Extension("gongkai.search")


def current_index() -> SearchIndex:
    """The search index of the application that answers this request."""
    return SEARCH_INDEX.of(current_app)
