"""Compare reports with those of the same body on the year before, in a store or among files.

Reports come in any order. Each is compared when it arrives; if the report on the next year came
before it, that one is compared again.
"""

import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gongkai.pipeline import Outcome, checked_outcome
from gongkai.shapes.checker import RuleEngine, Verdict, check
from gongkai.shapes.comparable import comparable_part
from gongkai.shapes.findings import Finding
from gongkai.shapes.results import Count
from gongkai.shapes.shape_graph import comparing_rules


@dataclass(frozen=True)
class NextYear:
    """A report seen earlier, checked again now that the report on the year before is available.

    ``findings`` and ``counts`` are those of the rules that compare years: they are new.
    ``validation`` (N-Triples) is that of the whole report if whole reports are kept; else None.
    ``was_in_order`` is true if nothing was found the first time.
    """

    path: Path
    report: str
    findings: tuple[Finding, ...]
    counts: Mapping[str, Count]
    was_in_order: bool
    validation: bytes | None = None


@dataclass(frozen=True)
class _Seen:
    path: Path
    in_order: bool
    graph: bytes


class SeenYears:
    """The needed parts of the reports seen so far, on disk: a folder may hold any number."""

    def __init__(self, database: sqlite3.Connection, engine: RuleEngine, whole: bool) -> None:
        """Use ``seen_years``, which creates the database and deletes it."""
        self._database = database
        self._engine = engine
        self._whole = whole

    def compare(self, outcome: Outcome) -> tuple[Outcome, NextYear | None]:
        """The outcome compared with last year's report; new findings of next year's, if seen.

        Of two files of the same body and year, only the first is compared with later ones.
        """
        assert outcome.body_and_year is not None, "only reports are compared"
        base, (body, year) = outcome.base, outcome.body_and_year
        before = self._get(base, body, year - 1)
        if before is not None:
            outcome = checked_outcome(outcome, base, self._engine, before.graph)
        if self._get(base, body, year) is not None:
            return outcome, None
        after = self._get(base, body, year + 1)
        found: NextYear | None = None
        if after is not None:
            verdict = check(after.graph, base, outcome.graph, self._engine)
            found = self._next_year(after, base, verdict)
        self._database.execute(
            "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?)",
            (
                base,
                body,
                year,
                os.fsencode(outcome.path),
                outcome.in_order,
                zlib.compress(self._kept(outcome), 1),
            ),
        )
        return outcome, found

    def _next_year(self, seen: _Seen, base: str, verdict: Verdict) -> NextYear:
        comparing = comparing_rules(base)
        return NextYear(
            seen.path,
            verdict.report,
            tuple(finding for finding in verdict.findings if finding.rule in comparing),
            {rule: count for rule, count in verdict.counts.items() if rule in comparing},
            seen.in_order,
            verdict.validation if self._whole else None,
        )

    def _kept(self, outcome: Outcome) -> bytes:
        return outcome.graph if self._whole else comparable_part(outcome.graph, outcome.base)

    def _get(self, base: str, body: str, year: int) -> _Seen | None:
        row = self._database.execute(
            "SELECT path, in_order, graph FROM seen WHERE base = ? AND body = ? AND year = ?",
            (base, body, year),
        ).fetchone()
        if row is None:
            return None
        return _Seen(Path(os.fsdecode(row[0])), bool(row[1]), zlib.decompress(row[2]))


@contextmanager
def seen_years(engine: RuleEngine, whole: bool = False) -> Iterator[SeenYears]:
    """Keep the reports seen in a temporary file that is deleted afterwards.

    With ``whole``, whole reports are kept, not only what the rules on years need of them.
    """
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        database = sqlite3.connect(Path(folder) / "seen.sqlite", isolation_level=None)
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute(
            "CREATE TABLE seen (base TEXT, body TEXT, year INTEGER, path BLOB, "
            "in_order INTEGER, graph BLOB, PRIMARY KEY (base, body, year))"
        )
        try:
            yield SeenYears(database, engine, whole)
        finally:
            database.close()
