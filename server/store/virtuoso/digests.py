"""Digests of the graphs that a Virtuoso database holds, and which graphs of a snapshot differ.

They are in a SQLite file beside the database. A graph that is about to change is entered without a
digest first: however an update ends, none is listed with content that it may not have.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import StoreError

_TABLES = """
CREATE TABLE IF NOT EXISTS graph (name TEXT PRIMARY KEY, digest BLOB);
CREATE TABLE IF NOT EXISTS held (version TEXT NOT NULL, changed REAL NOT NULL);
"""


@dataclass(frozen=True)
class Held:
    """The version of the store that a database holds, and since when readers see it (Unix time)."""

    version: str
    changed: float


class Digests:
    """The digests of the graphs of a database."""

    def __init__(self, folder: Path) -> None:
        """Open those in the folder of a database; made if there are none."""
        self._connection = sqlite3.connect(folder / "graphs.sqlite", isolation_level=None)
        self._connection.executescript(_TABLES)

    def held(self) -> Held | None:
        """What the database holds; None before it was loaded."""
        row = self._connection.execute("SELECT version, changed FROM held").fetchone()
        return None if row is None else Held(*row)

    def all(self) -> Mapping[str, bytes | None]:
        """The digests by graph; None where the content is not known."""
        return dict(self._connection.execute("SELECT name, digest FROM graph"))

    def forget(self, names: Collection[str]) -> None:
        """Enter graphs as of unknown content, before they are changed."""
        self._in_one(
            "INSERT OR REPLACE INTO graph VALUES (?, NULL)", [(name,) for name in sorted(names)]
        )

    def record(self, digests: Mapping[str, bytes | None], held: Held) -> None:
        """Enter what was written: the digests by graph (None: there is no such graph any more)."""
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "DELETE FROM graph WHERE name = ?",
            [(name,) for name, digest in digests.items() if digest is None],
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO graph VALUES (?, ?)",
            [row for row in digests.items() if row[1] is not None],
        )
        self._connection.execute("DELETE FROM held")
        self._connection.execute("INSERT INTO held VALUES (?, ?)", (held.version, held.changed))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _in_one(self, statement: str, rows: list[tuple[str]]) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")


class Snapshot:
    """A snapshot of the embedded store, which stays readable after it was replaced."""

    def __init__(self, store: Path) -> None:
        """Open the current one of the store in a folder; raises StoreError."""
        try:
            target = (store / "current").readlink()
            self._store = pyoxigraph.Store.read_only(str(store / target))
        except (OSError, RuntimeError) as error:
            reason = label_of(error)
            raise StoreError(
                translations("store.not_readable", folder=store, reason=reason)
            ) from None
        self.version = target.name

    def names(self) -> list[str]:
        """The names of the graphs, sorted."""
        return sorted(str(graph.value) for graph in self._store.named_graphs())

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples)."""
        named = pyoxigraph.NamedNode(name)
        return self._store.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=named) or b""


def digest(triples: bytes) -> bytes:
    """The digest of a graph as the engine writes it, which is the same way for the same graph."""
    return hashlib.blake2b(triples, digest_size=16).digest()


@dataclass(frozen=True)
class Change:
    """A graph that is to be replaced; without ``triples`` (N-Triples) it is to be deleted."""

    name: str
    triples: bytes | None

    @property
    def quads(self) -> int:
        """The number of triples."""
        return (self.triples or b"").count(b"\n")

    @property
    def digest(self) -> bytes | None:
        """The digest of its content, None if it is to be deleted."""
        return None if self.triples is None else digest(self.triples)


def changes(
    snapshot: Snapshot, known: Mapping[str, bytes | None], among: Collection[str] | None = None
) -> Iterator[Change]:
    """The graphs in which a snapshot differs from what is known of a database.

    With ``among`` only these are looked at.
    """
    names = sorted(snapshot.names() if among is None else among)
    for name in names:
        triples = snapshot.graph(name)
        if triples and known.get(name) != digest(triples):
            yield Change(name, triples)
        elif not triples and name in known:
            yield Change(name, None)
    if among is None:
        for name in sorted(known.keys() - set(names)):
            yield Change(name, None)
