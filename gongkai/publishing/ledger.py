"""The ledger of a store: what became of each file, so that the next run skips what is unchanged.

A file is known by its name and content, and by what its sidecar says of its origin; a run by its
software and all settings that its results depend on. What a run refused is kept too, with what was
said of it, unless it was for what else was published, or the reading was broken off. SQLite keeps
it in one file; an entry is written once its results are stored.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import msgspec

from gongkai.converters.documents.sidecar import sidecar_of
from gongkai.ontology.texts import message
from gongkai.publishing.histories import versions
from gongkai.publishing.standing import Refusal, Standing
from gongkai.server.store import Graphs

NAME = "ledger.sqlite"
"""The file of the ledger in the folder of an embedded store."""

_LAYOUT = 1


@dataclass(frozen=True)
class Result:
    """What became of one report of a file, or of the file if no report was read.

    ``report`` is its key, ``file`` the SHA-256 of its document, ``digest`` that of its content,
    ``figures`` that of its numbers; None where there is no report. ``summary`` names it,
    ``lines`` is what was wrong, ``code`` the exit code; ``refusal`` is why it was refused.
    ``lasting``: it would be the same in another run, as far as it depends on the file.
    """

    standing: Standing
    summary: str = ""
    lines: tuple[str, ...] = ()
    code: int = 0
    refusal: Refusal | None = None
    report: str | None = None
    file: str | None = None
    digest: str | None = None
    figures: str | None = None
    lasting: bool = True


class BadLedger(Exception):
    """The ledger cannot be used; the message says why."""


class Ledger(AbstractContextManager["Ledger"]):
    """The results of earlier runs, by file."""

    def __init__(self, path: Path, settings: Mapping[str, object]) -> None:
        """Open the ledger at ``path``, made if it is not there, for runs with these settings.

        Raises BadLedger.
        """
        self._path = path
        text = json.dumps(settings, sort_keys=True, default=str)
        self._run = hashlib.sha256(text.encode()).hexdigest()
        try:
            self._database = sqlite3.connect(path)
            (layout,) = self._database.execute("PRAGMA user_version").fetchone()
            if layout not in (0, _LAYOUT):
                raise BadLedger(message("publishing.ledger.other_version", file=path))
            # An entry that is lost is a file that is read once more: no need to wait for the disk.
            self._database.execute("PRAGMA synchronous = OFF")
            if layout == 0:
                self._database.execute(
                    "CREATE TABLE IF NOT EXISTS file "
                    "(key TEXT PRIMARY KEY, run TEXT NOT NULL, results BLOB NOT NULL) WITHOUT ROWID"
                )
                self._database.execute(f"PRAGMA user_version = {_LAYOUT}")
        except sqlite3.Error as error:
            raise BadLedger(message("publishing.ledger.unusable", file=path, why=error)) from None

    def results(self, key: str) -> tuple[Result, ...]:
        """What became of a file in the last run with these settings; empty if it was in none.

        Raises BadLedger.
        """
        try:
            found = self._database.execute(
                "SELECT results FROM file WHERE key = ? AND run = ?", (key, self._run)
            ).fetchone()
            return () if found is None else _RESULTS.decode(found[0])
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise self._unusable(error) from None

    def add(self, results: Iterable[tuple[str, tuple[Result, ...]]]) -> None:
        """Keep what became of files, by their keys. Raises BadLedger."""
        rows = [(key, self._run, _encoded(each)) for key, each in results if _is_kept(each)]
        try:
            with self._database:
                self._database.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> BadLedger:
        return BadLedger(message("publishing.ledger.unusable", file=self._path, why=error))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the ledger."""
        with closing(self._database):
            pass


_RESULTS = msgspec.json.Decoder(tuple[Result, ...])

_OF_THE_FILE = frozenset({None, Refusal.UNREADABLE, Refusal.INCOMPLETE})
"""Why a report is refused whatever else is published: the other reasons may be gone next time."""


def _is_kept(results: Iterable[Result]) -> bool:
    return all(result.lasting and result.refusal in _OF_THE_FILE for result in results)


def _encoded(results: tuple[Result, ...]) -> bytes:
    """The results as JSON; a line may name a file whose name is no valid Unicode."""
    shown = (
        replace(
            one,
            lines=tuple(line.encode("utf-8", "backslashreplace").decode() for line in one.lines),
        )
        for one in results
    )
    return msgspec.json.encode(tuple(shown))


def key_of(path: Path) -> str | None:
    """The key of a file: its name, its content and its sidecar; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        sidecar = sidecar_of(path)
        origin = sidecar.read_bytes() if sidecar.is_file() else b""
    except OSError:
        return None
    name = path.name.encode(errors="surrogateescape")
    return hashlib.sha256(b"\0".join((content, name, origin))).hexdigest()


def contents_of(paths: Iterable[Path]) -> list[str]:
    """The SHA-256 of files, and of those in folders, sorted; of none where there is no file."""
    files = [file for path in paths for file in (path, *sorted(path.rglob("*"))) if file.is_file()]
    return sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)


def still_there(store: Graphs, results: Iterable[Result]) -> bool:
    """Whether the store has the reports of earlier results as these left them."""
    for result in results:
        if result.standing is Standing.REFUSED or result.report is None:
            continue
        body, _, year = result.report.rpartition("/")
        known = versions(store, body, int(year))
        if not known or known[-1].ended is not None or known[-1].digest != result.digest:
            return False
    return True
