"""``gongkai publish``: publish reports to a store."""

import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import click

from gongkai.commands.batch import (
    BROKEN,
    UNREADABLE,
    RunSettings,
    files_to_read,
    outcomes_of,
    report_problems,
)
from gongkai.commands.duplicates import Seen
from gongkai.commands.messages import finding_line, summary
from gongkai.commands.options import (
    base_option,
    debug_option,
    engine_option,
    jobs_option,
    limits_options,
    paths_argument,
    records_option,
    store_option,
)
from gongkai.commands.override_options import override_options
from gongkai.commands.parts import fail, records_in, report_duplicate, store_base, write_record
from gongkai.converters.documents.limits import Limits
from gongkai.overrides import Overrides
from gongkai.publishing.publication import closing_table, violated
from gongkai.publishing.publication import publish as into_store
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.publishing.standing import Standing
from gongkai.server.store import StoreError, WritableStore
from gongkai.server.store_location import StoreLocation, writing
from gongkai.shapes.checker import RuleEngine

VISIBLE_EVERY = 500
"""In bulk publishing, changes become visible to readers after so many reports each time."""


@click.command()
@paths_argument
@store_option
@base_option
@click.option("--strict", is_flag=True, help="Refuse reports with a violation of any rule.")
@click.option(
    "--replace",
    is_flag=True,
    help="Replace reports that were published from another document.",
)
@engine_option
@jobs_option
@limits_options
@records_option
@debug_option
@override_options
def publish(
    paths: tuple[Path, ...],
    place: StoreLocation,
    base: str | None,
    strict: bool,
    replace: bool,
    engine: RuleEngine,
    jobs: int,
    limits: Limits,
    records: Path | None,
    debug: bool,
    overrides: Overrides,
) -> None:
    """Convert and check reports, and put them into a store.

    A report published before is replaced by a correction: the same document, or another one from
    the same address (for files without an address: of the same name). Another document needs
    --replace. A report with missing or unread cells is refused. One that breaks only arithmetic is
    published with what the rules find: it really says so. Of two files of the same body and year
    only the first is published. Reports on the years before and after that are in the store are
    compared with it. Where there are several, a table tells in the end how many were new,
    replaced, unchanged and refused.
    """
    kept = records_in(records, limits)
    found, codes = files_to_read(
        paths, overrides, without=[place if isinstance(place, Path) else None, records]
    )
    settings, seen = RunSettings(jobs, limits, overrides, debug, engine), Seen()
    counts: Counter[Standing] = Counter()
    try:
        base = store_base(place, base)
        with ExitStack() as stack, outcomes_of(found, base, settings) as outcomes:
            writer: WritableStore | None = None
            for outcome in outcomes:
                refused = report_duplicate(outcome, seen)
                publication = None
                if outcome.publishable and not refused[0]:
                    if writer is None and not (strict and violated(outcome)):
                        writer = stack.enter_context(writing(place, base))
                        publish_reference_data(writer)
                    if writer is not None:
                        publication = into_store(
                            writer, outcome, strict=strict, replace=replace, engine=engine
                        )
                        outcome = publication.outcome
                codes += [report_problems(outcome, debug), refused[1]]
                write_record(kept, outcome, refused[0])
                stands = publication.standing if publication else Standing.REFUSED
                counts[stands] += 1
                if outcome.report is None or refused[0]:
                    continue
                if publication is None or stands is Standing.REFUSED:
                    why = ""
                    if publication is not None and publication.reason is not None:
                        codes.append(UNREADABLE)
                        why = f": {publication.reason}"
                    click.echo(f"{outcome.path}: not published: refused{why}", err=True)
                    continue
                for finding in publication.next_year:
                    codes.append(BROKEN)
                    key = f"{outcome.report.body.key}/{outcome.report.year + 1}"
                    click.echo(f"{key} (in the store): {finding_line(finding)}", err=True)
                seen.add(outcome.path, outcome.report)
                published = counts.total() - counts[Standing.REFUSED]
                if writer is not None and published % VISIBLE_EVERY == 0:
                    writer.make_visible()
                click.echo(f"{outcome.path}: {summary(outcome.report)}, published: {stands}")
        if counts.total() > 1:
            click.echo(closing_table(counts), err=True)
    except StoreError as error:
        fail(str(error))
    sys.exit(max(codes))
