"""How the index of names is made and renewed (SQLite), by the publisher or by the server."""

import json
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from gongkai.ontology.labels import Label
from gongkai.ontology.places import areas, short_name
from gongkai.ontology.texts import message
from gongkai.server.derived import DamagedIndex, DerivedIndex
from gongkai.server.derived.folders import share
from gongkai.server.reconciliation.entities import (
    Entity,
    fold,
    full_names,
    read_entities,
    read_some,
)
from gongkai.server.search.words import words
from gongkai.server.store import Store

FILE = "names.sqlite"

_TABLES = """
CREATE TABLE entity (number INTEGER PRIMARY KEY, id TEXT UNIQUE, content TEXT);
CREATE TABLE typed (number INTEGER, type TEXT, PRIMARY KEY (number, type)) WITHOUT ROWID;
CREATE TABLE name (text TEXT, number INTEGER, code INTEGER, short INTEGER);
CREATE TABLE fact (property TEXT, value TEXT, number INTEGER);
CREATE TABLE lists (content TEXT);
CREATE VIRTUAL TABLE sought USING fts5(words, content='');
"""
_ENDS = """
CREATE INDEX name_text ON name (text);
CREATE INDEX name_number ON name (number);
CREATE INDEX fact_value ON fact (property, value);
CREATE INDEX fact_number ON fact (number);
"""
_OF_ENTITIES = re.compile(r"id/((?:body|area)/[^/#?]+)")
_OF_NO_ENTITIES = re.compile(r"id/(?:report|validation|history|slice|year|quarter|series)/.+")
"""Names of graphs, under the base, that say nothing of bodies, areas and codes."""


def _make(folder: Path, store: Store) -> None:
    known, lists = read_entities(store)
    with _database(folder / FILE) as database:
        database.executescript(_TABLES)
        _state_lists(database, lists)
        for number, entity in enumerate(known.values()):
            _enter(database, number, entity, known)
        database.executescript(_ENDS)


def _renew(folder: Path, store: Store, old: Path, changed: frozenset[str]) -> None:
    names = {name.removeprefix(store.base) for name in changed}
    own = {match[1] for name in names if (match := _OF_ENTITIES.fullmatch(name))}
    others = (name for name in names if not _OF_NO_ENTITIES.fullmatch(name))
    if any(not _OF_ENTITIES.fullmatch(name) for name in others):
        raise DamagedIndex(message("store.derived.register_changed"))
    if not own:
        share(old, folder)
        return
    # It is changed in place: the old file must stay as it is.
    shutil.copyfile(old / FILE, folder / FILE)
    with _database(folder / FILE) as database:
        own |= _lying_in(database, [id for id in own if id.startswith("area/")])
        known = read_some(store, own)
        (free,) = database.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM entity").fetchone()
        for id in sorted(own):
            _remove(database, id)
            if id in known:
                _enter(database, free, known[id], known)
                free += 1


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    """A database whose file is complete when the block is done."""
    with closing(sqlite3.connect(path)) as database, database:
        # The file takes its place only when it is complete: no journal is needed.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        yield database


def _state_lists(database: sqlite3.Connection, lists: Mapping[str, Label]) -> None:
    said = json.dumps(lists, ensure_ascii=False)
    database.execute("INSERT INTO lists VALUES (?)", (said,))


def _lying_in(database: sqlite3.Connection, wholes: Collection[str]) -> set[str]:
    """The entities that lie in some areas, as they were."""
    found: set[str] = set()
    for area in wholes:
        rows = database.execute(
            "SELECT id FROM fact JOIN entity USING (number) "
            "WHERE property = 'within' AND value = ?",
            (area,),
        )
        found |= {id for (id,) in rows}
    return found


def _remove(database: sqlite3.Connection, id: str) -> None:
    row = database.execute("SELECT number, content FROM entity WHERE id = ?", (id,)).fetchone()
    if row is None:
        return
    number, content = row
    for table in ("entity", "typed", "name", "fact"):
        database.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
    # An index without content is told what it had.
    database.execute(
        "INSERT INTO sought (sought, rowid, words) VALUES ('delete', ?, ?)",
        (number, _words(Entity(**json.loads(content)))),
    )


def _words(entity: Entity) -> str:
    return " ".join(words("\n".join(entity.names)))


def _enter(
    database: sqlite3.Connection, number: int, entity: Entity, known: dict[str, Entity]
) -> None:
    insert = database.executemany
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
    insert("INSERT INTO sought (rowid, words) VALUES (?, ?)", [(number, _words(entity))])


NAMES = DerivedIndex("names", 1, _make, _renew)
