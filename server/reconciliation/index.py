"""Find entities of a store by name, code and property, in the index of names (``making``)."""

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from gongkai.ontology.texts import translations
from gongkai.server.derived import DamagedIndex
from gongkai.server.derived.current import CurrentIndex
from gongkai.server.http.current import Extension
from gongkai.server.reconciliation.entities import Entity, fold
from gongkai.server.reconciliation.making import FILE, NAMES
from gongkai.server.search.words import any_expression, match_expression
from gongkai.server.store import Store, StoreBusy

_PATIENCE = 20.0
"""Seconds that a request waits for the index, if there is none yet or the store has changed."""


@dataclass(frozen=True)
class Exact:
    """An entity whose name or code equals the search text; ``code`` is true if it is the code."""

    id: str
    code: bool


class Index:
    """The entities of one version of a store, by name, code and property value."""

    def __init__(self, folder: Path, damaged: Callable[[str], None]) -> None:
        """Open the index in a folder; ``damaged`` is told where its file cannot be read.

        Raises DamagedIndex.
        """
        self._lock = threading.Lock()
        self._damaged = damaged
        try:
            # Its file never changes: it need not be locked, nor a journal be looked for.
            address = f"{(folder / FILE).absolute().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
            (self.lists,) = map(json.loads, *self._database.execute("SELECT content FROM lists"))
        except (sqlite3.DatabaseError, ValueError) as error:
            raise DamagedIndex(str(error)) from None

    def _rows(self, text: str, values: Sequence[object]) -> list[tuple[str, ...]]:
        try:
            with self._lock:
                return self._database.execute(text, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._damaged(str(error))
            raise StoreBusy(translations("reconciliation.indexing")) from None

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
    """The index of a store, which follows the store."""

    def __init__(self, store: Store, roots: Sequence[Path]) -> None:
        """``roots`` are where the index is looked for; nothing is opened before ``index``."""
        self._current = CurrentIndex(NAMES, store, roots, self._open)

    def index(self) -> Index:
        """The index of the store; of a remote store the last one, if making it takes too long.

        Raises StoreBusy if there is none yet, StoreError if the store cannot be read.
        """
        self._current.renew(_PATIENCE)
        index, _ = self._current.opened()
        if index is None:
            raise StoreBusy(translations("reconciliation.indexing"))
        return index

    def _open(self, folder: Path) -> Index:
        return Index(folder, self._current.damaged)


ENTITIES: Extension[Entities] = Extension("gongkai.entities")


def current_entities() -> Entities:
    """The entities of the application that answers this request."""
    return ENTITIES.of(current_app)
