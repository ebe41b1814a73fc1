"""Sizes and SHA-256 of the files of reports: learned when a file is sent, and kept on disk.

Making all files of a report costs a tenth of a second. So a catalog states what is known, and waits
for nothing. What is known holds for one version of a report, for what the store says of its body,
years and places, and for this program; all processes of the server share it.
"""

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from flask import current_app

from gongkai.ontology.texts import message
from gongkai.server.derived.roots import writable
from gongkai.server.http.current import Extension
from gongkai.server.queries.graphs import report_entities
from gongkai.server.queries.rows import rows
from gongkai.server.store import Store

LOG = logging.getLogger("gongkai.derived")
T = TypeVar("T")

_NAME = "files.1.sqlite"
_TABLE = """
CREATE TABLE IF NOT EXISTS fact (
    report TEXT, suffix TEXT, state TEXT, size INTEGER, sha256 TEXT, PRIMARY KEY (report, suffix)
) WITHOUT ROWID
"""
_PATIENCE = 2.0
"""Seconds that a process waits for another one that writes."""

_LIBRARIES = ("pyoxigraph", "rdflib", "xlsxwriter")
_CODE = (
    ("gongkai.ontology", ""),
    ("gongkai.server.downloads", ""),
    ("gongkai.server.queries", ""),
    ("gongkai.server.store", "answers.py"),
    ("gongkai.server.http", "formats.py"),
)
"""What the bytes of files depend on: packages, and the one file of them that matters."""


@dataclass(frozen=True)
class FileFacts:
    """The facts about a file in a catalog: its size in bytes, and its SHA-256."""

    size: int
    sha256: str


class KnownFiles:
    """What is known of the files of the reports of a store."""

    def __init__(self, store: Store, roots: Sequence[Path]) -> None:
        """It is kept in the first of the ``roots`` that may be written to."""
        self._store = store
        self._roots = roots
        self._lock = threading.Lock()

    def of(self, reports: Sequence[str]) -> Mapping[str, Mapping[str, FileFacts]]:
        """What is known of the files of some reports, by report and suffix. Raises StoreError."""
        states = {report: self._state(report) for report in reports}
        marks = ",".join("?" * len(reports))
        kept = self._asked(
            lambda database: database.execute(
                "SELECT report, state, suffix, size, sha256 FROM fact "
                f"WHERE report IN ({marks}) ORDER BY report, suffix",
                list(reports),
            ).fetchall()
        )
        found: dict[str, dict[str, FileFacts]] = {report: {} for report in reports}
        for report, state, suffix, size, sha256 in kept or ():
            if states[report] == state:
                found[report][suffix] = FileFacts(size, sha256)
        return found

    def learn(self, report: str, suffix: str, content: bytes, made_of: str) -> None:
        """Keep what a file is that was made of the store's version ``made_of``.

        Raises StoreError.
        """
        state = self._state(report)
        if self._store.version_now != made_of:
            return  # It may be the file of another version.
        row = (report, suffix, state, len(content), hashlib.sha256(content).hexdigest())

        def keep(database: sqlite3.Connection) -> None:
            known = database.execute(
                "SELECT * FROM fact WHERE report = ? AND suffix = ?", row[:2]
            ).fetchone()
            if known != row:
                with database:
                    database.execute("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?)", row)

        self._asked(keep)

    def _state(self, report: str) -> str:
        """Changes with all that the files of a report are made of."""
        versions = rows(self._store, "current-version", report)
        # Reports published before there were versions change with the store.
        said = list(versions[0].values()) if versions else [self._store.version]
        # Names of its body may be added by another report.
        entities = hashlib.sha256(report_entities(self._store, report)).hexdigest()
        return hashlib.sha256("\n".join([*said, entities, _program()]).encode()).hexdigest()

    def _asked(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Use the database; None, and a line in the log, where it cannot be used."""
        root = next((root for root in self._roots if writable(root)), None)
        if root is None:
            LOG.error(message("store.derived.no_folder"))
            return None
        try:
            with (
                self._lock,
                closing(sqlite3.connect(root / _NAME, timeout=_PATIENCE)) as database,
            ):
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.execute(_TABLE)
                return work(database)
        except sqlite3.OperationalError as error:
            # Another process writes, or the disk is full.
            LOG.error(message("store.derived.failed", name="files", reason=error))
        except sqlite3.DatabaseError as error:
            LOG.error(message("store.derived.was_damaged", name="files", reason=error))
            for name in (_NAME, f"{_NAME}-wal", f"{_NAME}-shm"):
                (root / name).unlink(missing_ok=True)
        return None


@lru_cache(maxsize=1)
def _program() -> str:
    """Changes with what makes files: libraries, our code, names of codes."""
    digest = hashlib.sha256(" ".join(map(version, _LIBRARIES)).encode())
    for package, name in _CODE:
        for file in _files(files(package)):
            if file.name == name or not name:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    """The files of a package, in the order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry)
        else:
            yield entry


KNOWN_FILES: Extension[KnownFiles] = Extension("gongkai.files")


def known_files() -> KnownFiles:
    """What is known of files, for the application that answers this request."""
    return KNOWN_FILES.of(current_app)
