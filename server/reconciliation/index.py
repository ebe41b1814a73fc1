"""An index of names and codes in a store: a temporary database of this process (SQLite).

Created on the first request, and again when the store changes; deleted when the process ends.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import current_app

from gongkai.ontology.labels import Label
from gongkai.ontology.places import areas, short_name
from gongkai.ontology.texts import translations
from gongkai.server.http.current import Extension
from gongkai.server.reconciliation.entities import Entity, fold, full_names, read_entities
from gongkai.server.search.words import any_expression, match_expression, words
from gongkai.server.store import Store, StoreBusy, StoreError

LOG = logging.getLogger("gongkai.reconciliation")

_PATIENCE = 20.0
"""Seconds that a request waits for the index, if there is none yet or the store has changed."""

_TABLES = """
CREATE TABLE entity (number INTEGER PRIMARY KEY, id TEXT UNIQUE, content TEXT);
CREATE TABLE typed (number INTEGER, type TEXT, PRIMARY KEY (number, type)) WITHOUT ROWID;
CREATE TABLE name (text TEXT, number INTEGER, code INTEGER, short INTEGER);
CREATE TABLE fact (property TEXT, value TEXT, number INTEGER);
CREATE VIRTUAL TABLE sought USING fts5(words, content='');
"""
_ENDS = """
CREATE INDEX name_text ON name (text);
CREATE INDEX name_number ON name (number);
CREATE INDEX fact_value ON fact (property, value);
"""


@dataclass(frozen=True)
class Exact:
    """An entity whose name or code equals the search text; ``code`` is true if it is the code."""

    id: str
    code: bool


class Index:
    """The entities of one version of a store, by name, code and property value."""

    def __init__(self, known: dict[str, Entity], lists: dict[str, Label]) -> None:
        """Insert all of ``known``; ``lists`` are the names of the code lists."""
        self.lists = lists
        self._lock = threading.Lock()
        self._database = sqlite3.connect("", check_same_thread=False)
        with self._database:
            self._database.executescript(_TABLES)
            for number, entity in enumerate(known.values()):
                self._enter(number, entity, known)
            self._database.executescript(_ENDS)

    def _enter(self, number: int, entity: Entity, known: dict[str, Entity]) -> None:
        insert = self._database.executemany
        insert(
            "INSERT INTO entity VALUES (?, ?, ?)",
            [(number, entity.id, json.dumps(vars(entity), ensure_ascii=False))],
        )
        insert("INSERT INTO typed VALUES (?, ?)", {(number, kind) for kind in entity.types})
        names = {fold(name) for name in (*entity.names, *full_names(entity, known))} - {""}
        insert("INSERT INTO name VALUES (?, ?, 0, 0)", [(name, number) for name in names])
        codes = {fold(code) for code in (entity.code, *entity.facts.get("credit-code", ()))}
        insert("INSERT INTO name VALUES (?, ?, 1, 0)", [(code, number) for code in codes])
        listed = areas().get(entity.code) if entity.kind == "area" else None
        short = short_name(listed) if listed else None
        if short:
            insert("INSERT INTO name VALUES (?, ?, 0, 1)", [(fold(short), number)])
        facts = {(name, value) for name, values in entity.facts.items() for value in values}
        facts |= {("within", area) for area in entity.lies_in}
        insert("INSERT INTO fact VALUES (?, ?, ?)", [(*fact, number) for fact in facts])
        text = " ".join(words("\n".join(entity.names)))
        insert("INSERT INTO sought (rowid, words) VALUES (?, ?)", [(number, text)])

    def _rows(self, text: str, values: Sequence[object]) -> list[tuple[str, ...]]:
        with self._lock:
            return self._database.execute(text, values).fetchall()

    def entities(self, ids: Collection[str]) -> dict[str, Entity]:
        """The entities with these ids, as far as they exist."""
        marks = ",".join("?" * len(ids))
        found = self._rows(f"SELECT content FROM entity WHERE id IN ({marks})", list(ids))
        return {entity.id: entity for entity in (Entity(**json.loads(row[0])) for row in found)}

    def exact(self, text: str, short: bool = False) -> list[Exact]:
        """Entities with that name, code or id; with ``short`` also areas without 省, 市, …."""
        found = self._rows(
            "SELECT entity.id, MAX(code) FROM name JOIN entity USING (number) "
            "WHERE text = ? AND short <= ? GROUP BY number ORDER BY number",
            (fold(text), int(short)),
        )
        named = [Exact(id, bool(code)) for id, code in found]
        by_id = [Exact(id, True) for id in self.entities([text]) if Exact(id, True) not in named]
        return [*by_id, *(one for one in named if one.id not in {other.id for other in by_id})]

    def names(self, ids: Collection[str]) -> dict[str, list[str]]:
        """Normalised names of entities; for areas also with the areas that they lie in."""
        marks = ",".join("?" * len(ids))
        found: dict[str, list[str]] = {id: [] for id in ids}
        for id, name in self._rows(
            "SELECT id, text FROM name JOIN entity USING (number) "
            f"WHERE code = 0 AND short = 0 AND id IN ({marks})",
            list(ids),
        ):
            found[id].append(name)
        return found

    def alike(self, text: str, types: Collection[str], most: int) -> list[str]:
        """Ids of entities with some words of ``text`` in their names, best first."""
        expression = any_expression(text)
        return self._matching(expression, types, most, 0) if expression else []

    def beginning(self, text: str, types: Collection[str], most: int, start: int) -> list[str]:
        """Ids of entities with a name or code that begins with ``text``, or has all its words."""
        begun, condition = fold(text), _of_type(types)
        found = self._rows(
            "SELECT id FROM name JOIN entity USING (number) "
            f"WHERE text >= ? AND text < ? {condition} "
            "GROUP BY number ORDER BY MIN(LENGTH(text)), id LIMIT ?",
            (begun, begun + "\U0010ffff", *types, start + most),
        )
        ids = [*self.entities([text]), *(row[0] for row in found)] if text else []
        expression = match_expression(text)
        if expression and len(ids) < start + most:
            ids += self._matching(expression, types, start + most, 0)
        return list(dict.fromkeys(ids))[start : start + most]

    def _matching(
        self, expression: str, types: Collection[str], most: int, start: int
    ) -> list[str]:
        found = self._rows(
            "SELECT id FROM sought JOIN entity ON entity.number = sought.rowid "
            f"WHERE sought MATCH ? {_of_type(types)} ORDER BY bm25(sought), id LIMIT ? OFFSET ?",
            (expression, *types, most, start),
        )
        return [row[0] for row in found]

    def with_value(self, property: str, values: Collection[str], most: int) -> list[str]:
        """Ids of entities that have one of these values of a property."""
        marks = ",".join("?" * len(values))
        found = self._rows(
            "SELECT DISTINCT id FROM fact JOIN entity USING (number) "
            f"WHERE property = ? AND value IN ({marks}) ORDER BY id LIMIT ?",
            (property, *values, most),
        )
        return [row[0] for row in found]


def _of_type(types: Collection[str]) -> str:
    """The SQL condition that an entity has one of the types; empty if there are none."""
    marks = ",".join("?" * len(types))
    inner = f"SELECT 1 FROM typed WHERE typed.number = entity.number AND type IN ({marks})"
    return f"AND EXISTS ({inner})" if types else ""


class Entities:
    """The index of a store, renewed when the store changes."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before ``index``."""
        self._store = store
        self._lock = threading.Lock()
        self._made: tuple[str, Index] | None = None
        self._making: threading.Thread | None = None

    def index(self) -> Index:
        """The index of the store; the previous one if making a new one takes too long.

        Raises StoreBusy if there is none yet, StoreError if the store cannot be read.
        """
        version = self._store.version
        with self._lock:
            if self._made is not None and self._made[0] == version:
                return self._made[1]
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._make, args=(version,), daemon=True)
                self._making.start()
            making = self._making
        making.join(_PATIENCE)
        with self._lock:
            if self._made is None:
                raise StoreBusy(translations("reconciliation.indexing"))
            return self._made[1]

    def _make(self, version: str) -> None:
        try:
            made = version, Index(*read_entities(self._store))
        except StoreError as error:
            LOG.error("the index of names could not be made: %s", error)
        except Exception:
            LOG.exception("the index of names could not be made")
        else:
            with self._lock:
                self._made = made


ENTITIES: Extension[Entities] = Extension("gongkai.entities")


def current_entities() -> Entities:
    """The entities of the application that answers this request."""
    return ENTITIES.of(current_app)
