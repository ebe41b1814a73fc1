"""A run of publishing: its store, its ledger, what it printed and what it is still to print."""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from gongkai.commands.duplicates import FirstReports
from gongkai.commands.run_report import RunReport
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome
from gongkai.publishing import publication
from gongkai.publishing.ledger import Ledger, Result, key_of, still_there
from gongkai.publishing.publication import Publication
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.publishing.standing import Refusal, Standing
from gongkai.server.store import WritableStore
from gongkai.server.store_location import StoreLocation, stored_base, writing
from gongkai.shapes.checker import RuleEngine

VISIBLE_EVERY = 500
"""In bulk publishing, changes become visible to readers after so many reports each time."""


@dataclass(frozen=True)
class _Done:
    """A file that is done, but perhaps not yet stored; ``key`` is None if it is known already."""

    path: Path
    key: str | None
    results: tuple[Result, ...]
    read: bool


@dataclass
class PublishingRun:
    """A run: the store is opened, with the reference data, for the first report that it may take.

    ``strict`` refuses reports that violate a rule, ``other_documents`` allows them to replace those
    that were published from another document; ``engine`` runs the rules. The ledger at
    ``ledger_at`` knows the files of earlier runs, ``again`` reads them all the same. ``quiet``:
    only problems are printed. ``counts``, ``refusals`` and ``codes`` are the results so far. The
    ledger is closed with ``ledgers``, after the store, which is closed with ``opened``.
    """

    location: StoreLocation
    base: str
    opened: ExitStack
    ledgers: ExitStack
    strict: bool
    other_documents: bool
    engine: RuleEngine
    ledger_at: Path | None = None
    ledger_settings: Mapping[str, object] = field(default_factory=dict)
    report: RunReport | None = None
    again: bool = False
    quiet: bool = False
    before: FirstReports = field(default_factory=FirstReports)
    counts: Counter[Standing] = field(default_factory=Counter)
    refusals: Counter[Refusal] = field(default_factory=Counter)
    codes: list[int] = field(default_factory=list)
    _published: int = 0
    _writer: WritableStore | None = None
    _ledger: Ledger | None = None
    _keys: dict[Path, str] = field(default_factory=dict)
    _waiting: list[_Done] = field(default_factory=list)
    _entries: list[tuple[str, tuple[Result, ...]]] = field(default_factory=list)

    def store(self) -> WritableStore:
        """The store, opened and with the reference data; raises StoreError."""
        if self._writer is None:
            self._writer = self.opened.enter_context(writing(self.location, self.base))
            publish_reference_data(self._writer)
        return self._writer

    def ledger(self) -> Ledger | None:
        """The ledger; None if there is none, or the store is not made yet. Raises BadLedger."""
        if self._ledger is None and self.ledger_at is not None:
            # The folder of a store that is not made may hold nothing.
            if stored_base(self.location) is None:
                return None
            made = Ledger(self.ledger_at, self.ledger_settings)
            self._ledger = self.ledgers.enter_context(made)
        return self._ledger

    def is_known(self, path: Path) -> bool:
        """Whether an earlier run dealt with a file, and nothing has changed since.

        Prints again why it was refused.
        """
        if self.ledger_at is None or (key := key_of(path)) is None:
            return False
        self._keys[path] = key
        ledger = None if self.again else self.ledger()
        results = () if ledger is None else ledger.results(key)
        if not results or not still_there(self.store(), results):
            return False
        del self._keys[path]
        for result in results:
            for line in result.lines if result.standing is Standing.REFUSED else ():
                click.echo(f"{path}: {line}", err=True)
            if result.report and result.file and result.figures:
                self.before.add_known(result.report, path, result.file, result.figures)
        same = (
            result
            if result.standing is Standing.REFUSED
            else replace(result, standing=Standing.UNCHANGED)
            for result in results
        )
        self._waiting.append(_Done(path, None, tuple(same), read=False))
        self.print_stored()
        return True

    def publish(self, outcome: Outcome) -> Publication:
        """Publish a report, unless it is refused; raises StoreError."""
        if self._writer is None:
            refusal = publication.refusal_of(outcome, self.strict)
            if refusal is not None:
                return publication.refused(outcome, refusal)
        return publication.publish(
            self.store(),
            outcome,
            strict=self.strict,
            replace=self.other_documents,
            engine=self.engine,
        )

    def done(self, path: Path, results: tuple[Result, ...]) -> None:
        """Note the results of a file; they are printed and kept once they are stored."""
        # What was read may be other than what was there when the file was looked at.
        key = self._keys.pop(path, None)
        if key is not None and key != key_of(path):
            key = None
        self._waiting.append(_Done(path, key, results, read=True))
        before = self._published // VISIBLE_EVERY
        self._published += sum(result.standing is not Standing.REFUSED for result in results)
        if self._writer is not None and self._published // VISIBLE_EVERY > before:
            self._writer.make_visible()
        self.print_stored()

    def print_stored(self) -> None:
        """Print and keep what was published, unless it is not yet stored."""
        if self._writer is not None and not self._writer.settled:
            return
        for file in self._waiting:
            for result in file.results:
                self._print(file, result)
            if self.report is not None:
                self.report.add(file.path, file.results, file.read)
        self._entries += [(file.key, file.results) for file in self._waiting if file.key]
        self._waiting.clear()
        if self._entries and (ledger := self.ledger()) is not None:
            ledger.add(self._entries)
            self._entries.clear()

    def _print(self, file: _Done, result: Result) -> None:
        self.counts[result.standing] += 1
        self.codes.append(result.code)
        if result.refusal is not None:
            self.refusals[result.refusal] += 1
        if self.quiet or result.standing is Standing.REFUSED:
            return
        said = (
            message(
                "commands.publish.published",
                summary=result.summary,
                standing=message(f"publishing.standing.{result.standing}"),
            )
            if file.read
            else message("commands.publish.not_read_again", summary=result.summary)
        )
        click.echo(f"{file.path}: {said}")
