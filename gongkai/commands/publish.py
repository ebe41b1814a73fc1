"""``gongkai publish``: publish reports to a store."""

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from gongkai.commands.batch import (
    BROKEN,
    GOOD,
    UNREADABLE,
    RunSettings,
    files_to_read,
    outcomes_of,
    report_problems,
)
from gongkai.commands.duplicates import FirstReports
from gongkai.commands.messages import finding_line, summary
from gongkai.commands.options import engine_option, records_option, store_option
from gongkai.commands.parts import fail, records_in, report_duplicate, store_base, write_record
from gongkai.commands.records import Records
from gongkai.commands.run_options import run_options
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome
from gongkai.publishing import publication
from gongkai.publishing.content import process_to_publish
from gongkai.publishing.publication import Publication
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.publishing.standing import Standing
from gongkai.server.store import StoreError, WritableStore
from gongkai.server.store_location import StoreLocation, writing
from gongkai.shapes.checker import RuleEngine

VISIBLE_EVERY = 500
"""In bulk publishing, changes become visible to readers after so many reports each time."""


@click.command(help=message("help.publish.command"))
@store_option
@click.option("--strict", is_flag=True, help=message("help.publish.strict"))
@click.option(
    "--replace",
    "other_documents",
    is_flag=True,
    help=message("help.publish.replace"),
)
@run_options(engine_option, records_option)
def publish(
    paths: tuple[Path, ...],
    location: StoreLocation,
    base: str | None,
    strict: bool,
    other_documents: bool,
    engine: RuleEngine,
    records: Path | None,
    settings: RunSettings,
) -> None:
    """Convert and check reports, and put them into a store."""
    kept = records_in(records, settings.limits)
    folders = [location if isinstance(location, Path) else None, records]
    found, codes = files_to_read(paths, settings.overrides, without=folders)
    settings = replace(settings, engine=engine, work=process_to_publish)
    try:
        base = store_base(location, base)
        with ExitStack() as opened:
            target = _Target(location, base, opened, strict, other_documents, engine)
            # Last of all, after the store was closed: also when the run is stopped.
            opened.callback(target.print_stored)
            with outcomes_of(found, base, settings) as outcomes:
                codes += _publish_all(outcomes, target, kept, settings.debug)
        if target.counts.total() > 1:
            click.echo(publication.closing_table(target.counts), err=True)
    except StoreError as error:
        fail(str(error))
    sys.exit(max(codes))


@dataclass
class _Target:
    """The store of a run: opened, with the reference data, for the first report that it may take.

    ``strict`` refuses reports that violate a rule, ``other_documents`` allows them to replace those
    that were published from another document; ``engine`` runs the rules. ``counts`` are the
    results, ``lines`` what is to be printed once it is stored.
    """

    location: StoreLocation
    base: str
    opened: ExitStack
    strict: bool
    other_documents: bool
    engine: RuleEngine
    writer: WritableStore | None = None
    counts: Counter[Standing] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    def publish(self, outcome: Outcome) -> Publication:
        """Publish a report, unless it is refused; raises StoreError."""
        if self.writer is None:
            if not outcome.publishable or (self.strict and publication.violated(outcome)):
                return Publication(outcome, Standing.REFUSED)
            self.writer = self.opened.enter_context(writing(self.location, self.base))
            publish_reference_data(self.writer)
        return publication.publish(
            self.writer,
            outcome,
            strict=self.strict,
            replace=self.other_documents,
            engine=self.engine,
        )

    def make_visible(self) -> None:
        """In bulk publishing, make what was published visible to readers from time to time."""
        published = self.counts.total() - self.counts[Standing.REFUSED]
        if self.writer is not None and published % VISIBLE_EVERY == 0:
            self.writer.make_visible()

    def print_stored(self) -> None:
        """Print the lines on what was published, unless it is not yet stored."""
        if self.writer is None or self.writer.settled:
            for line in self.lines:
                click.echo(line)
            self.lines.clear()


def _publish_all(
    outcomes: Iterable[Outcome], target: _Target, records: Records, debug: bool
) -> list[int]:
    """Publish the reports one after the other and print the results; returns the exit codes."""
    before = FirstReports()
    codes: list[int] = []
    for outcome in outcomes:
        duplicate, code = report_duplicate(outcome, before)
        result = Publication(outcome, Standing.REFUSED) if duplicate else target.publish(outcome)
        codes += [report_problems(result.outcome, debug), code]
        write_record(records, result.outcome, duplicate)
        target.counts[result.standing] += 1
        if outcome.report is not None and not duplicate:
            codes.append(_tell(result, target.lines))
            if result.standing is not Standing.REFUSED:
                before.add(outcome.path, outcome.report)
                target.make_visible()
            target.print_stored()
    return codes


def _tell(result: Publication, lines: list[str]) -> int:
    """Print what a report brings to light, add the line that it was published to ``lines``.

    Returns the exit code.
    """
    outcome = result.outcome
    assert outcome.report is not None
    if result.standing is Standing.REFUSED:
        refused = message("commands.publish.refused")
        if result.reason is not None:
            refused = message("commands.publish.refused_since", why=result.reason)
        click.echo(f"{outcome.path}: {refused}", err=True)
        return UNREADABLE if result.reason is not None else GOOD
    for finding in result.next_year:
        next_year = f"{outcome.report.body.key}/{outcome.report.year + 1}"
        where = message("commands.publish.in_store", report=next_year)
        click.echo(f"{where}: {finding_line(finding)}", err=True)
    said = message(
        "commands.publish.published",
        summary=summary(outcome.report),
        standing=message(f"publishing.standing.{result.standing}"),
    )
    lines.append(f"{outcome.path}: {said}")
    return BROKEN if result.next_year else GOOD
