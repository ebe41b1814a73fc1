"""Reports compared with those of the same body on the year before, in a store or among files.

Reports come in any order: each is compared when it comes, and again the one after it, should that
have come before.
"""

import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongkai.ontology.addresses import Addresses
from gongkai.pipeline import Outcome, checked_outcome
from gongkai.server.store import WritableStore
from gongkai.shapes.checker import Engine, Verdict, check
from gongkai.shapes.comparable import comparable_part
from gongkai.shapes.findings import Finding
from gongkai.shapes.shape_graph import comparing_rules


def with_last_year(store: WritableStore, outcome: Outcome, engine: Engine) -> Outcome:
    """The outcome checked again if the store holds the report on the year before; else as it is."""
    assert outcome.report is not None, "only reports are compared"
    addresses = Addresses(store.base)
    report = outcome.report
    last_year = store.graph(str(addresses.report(report.body.key, report.year - 1)))
    return checked_outcome(outcome, store.base, engine, last_year) if last_year else outcome


def check_next_year(store: WritableStore, outcome: Outcome, engine: Engine) -> tuple[Finding, ...]:
    """Check the stored report on the year after again, if there is one; what compares years in it.

    Its validation is replaced: what it says of last year's report was of another one, or nothing.
    """
    assert outcome.report is not None, "only reports are compared"
    body, year = outcome.report.body.key, outcome.report.year
    verdict = check_stored(store, body, year + 1, engine)
    if verdict is None:
        return ()
    return tuple(f for f in verdict.findings if f.rule in comparing_rules(store.base))


def check_stored(store: WritableStore, body: str, year: int, engine: Engine) -> Verdict | None:
    """Check a report of the store again and replace its validation; None if it is not there."""
    addresses = Addresses(store.base)
    graph = store.graph(str(addresses.report(body, year)))
    if not graph:
        return None
    last_year = store.graph(str(addresses.report(body, year - 1))) or None
    verdict = check(graph, store.base, last_year, engine)
    store.replace({str(addresses.validation(body, year)): verdict.validation})
    return verdict


@dataclass(frozen=True)
class NextYear:
    """What was found when the report of a file seen before could be compared with last year's."""

    path: Path
    findings: tuple[Finding, ...]


class SeenYears:
    """What is needed of the reports seen so far, on disk: a folder may hold any number of them."""

    def __init__(self, database: sqlite3.Connection, base: str, engine: Engine) -> None:
        """Use ``seen_years``, which makes the database and removes it."""
        self._database = database
        self._base = base
        self._engine = engine

    def compare(self, outcome: Outcome) -> tuple[Outcome, "NextYear | None"]:
        """The outcome compared with last year's report; what is new of next year's, if seen."""
        report = outcome.report
        assert report is not None, "only reports are compared"
        before = self._get(report.body.key, report.year - 1)
        if before is not None:
            outcome = checked_outcome(outcome, self._base, self._engine, before[1])
        after = self._get(report.body.key, report.year + 1)
        found: NextYear | None = None
        if after is not None:
            verdict = check(after[1], self._base, outcome.graph, self._engine)
            comparing = comparing_rules(self._base)
            found = NextYear(after[0], tuple(f for f in verdict.findings if f.rule in comparing))
        self._database.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)",
            (
                report.body.key,
                report.year,
                str(outcome.path),
                zlib.compress(comparable_part(outcome.graph, self._base), 1),
            ),
        )
        return outcome, found

    def _get(self, body: str, year: int) -> tuple[Path, bytes] | None:
        row = self._database.execute(
            "SELECT path, graph FROM seen WHERE body = ? AND year = ?", (body, year)
        ).fetchone()
        return None if row is None else (Path(row[0]), zlib.decompress(row[1]))


@contextmanager
def seen_years(base: str, engine: Engine) -> Iterator[SeenYears]:
    """A memory of the reports seen, in a temporary file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        database = sqlite3.connect(Path(folder) / "seen.sqlite", isolation_level=None)
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(
            "CREATE TABLE seen (body TEXT, year INTEGER, path TEXT, graph BLOB, "
            "PRIMARY KEY (body, year))"
        )
        try:
            yield SeenYears(database, base, engine)
        finally:
            database.close()
