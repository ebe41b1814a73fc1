"""``gongkai publish``: publish reports to a store."""

import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

import click

from gongkai.commands.batch import (
    BROKEN,
    GOOD,
    UNREADABLE,
    RunSettings,
    files_of,
    files_to_read,
    report_problems,
)
from gongkai.commands.messages import finding_line, problems, summary
from gongkai.commands.options import engine_option, records_option, store_option
from gongkai.commands.parts import fail, records_in, report_duplicate, store_base, write_record
from gongkai.commands.publishing_run import PublishingRun
from gongkai.commands.records import Records
from gongkai.commands.run_options import run_options
from gongkai.commands.run_report import RunReport
from gongkai.converters.record import figures_digest
from gongkai.ontology.texts import message, readers_language
from gongkai.ontology.texts.system import system_error
from gongkai.pipeline import Outcome
from gongkai.publishing import publication
from gongkai.publishing.content import process_to_publish
from gongkai.publishing.ledger import NAME, BadLedger, Result, contents_of
from gongkai.publishing.publication import Publication
from gongkai.publishing.software import software
from gongkai.publishing.standing import Refusal, Standing
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, shown
from gongkai.shapes.checker import RuleEngine


@click.command(help=message("help.publish.command"))
@store_option
@click.option("--strict", is_flag=True, help=message("help.publish.strict"))
@click.option(
    "--replace",
    "other_documents",
    is_flag=True,
    help=message("help.publish.replace"),
)
@click.option("--again", is_flag=True, help=message("help.publish.again"))
@click.option(
    "--ledger",
    type=click.Path(dir_okay=False, path_type=Path),
    help=message("help.publish.ledger"),
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help=message("help.publish.report"),
)
@click.option("--quiet", is_flag=True, help=message("help.publish.quiet"))
@run_options(engine_option, records_option)
def publish(
    paths: tuple[Path, ...],
    location: StoreLocation,
    base: str | None,
    strict: bool,
    other_documents: bool,
    again: bool,
    ledger: Path | None,
    report: Path | None,
    quiet: bool,
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
        with ExitStack() as ledgers, ExitStack() as opened:
            run = PublishingRun(location, base, opened, ledgers, strict, other_documents, engine)
            run.again, run.quiet, run.codes = again, quiet, codes
            if report is not None:
                run.report = RunReport(report, shown(location), base)
            # Last of all, after the store was closed: also when the run is stopped.
            opened.callback(run.print_stored)
            if ledger is None and isinstance(location, Path):
                ledger = location / NAME
            run.ledger_at, run.ledger_settings = ledger, _settings(run, settings)
            _publish_all(found, run, kept, settings)
        code = max(run.codes)
        if run.report is not None:
            run.report.end(run.counts, run.refusals, code)
    except (StoreError, BadLedger) as error:
        fail(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        where = error.filename or report or shown(location)
        fail(f"{where}: {message('commands.not_written', why=system_error(error))}")
    if run.counts.total() > 1:
        click.echo(publication.closing_table(run.counts, run.refusals), err=True)
    sys.exit(code)


def _settings(run: PublishingRun, settings: RunSettings) -> dict[str, object]:
    """All that the results of a run depend on besides its files and its store."""
    overrides = settings.overrides
    table = (overrides.table,) if overrides.table is not None else ()
    return {
        "software": software(),
        "base": run.base,
        "strict": run.strict,
        "other_documents": run.other_documents,
        "engine": run.engine,
        "limits": asdict(settings.limits),
        "body": overrides.body,
        "year": overrides.year,
        "files": contents_of((*overrides.registers, *table)),
    }


def _publish_all(
    paths: list[Path], run: PublishingRun, records: Records, settings: RunSettings
) -> None:
    """Publish the reports one after the other, and print the results."""
    with files_of(paths, run.base, settings, run.is_known) as files:
        for outcomes in files:
            results = tuple(_published(one, run, records, settings.debug) for one in outcomes)
            run.done(outcomes[0].path, results)


def _published(outcome: Outcome, run: PublishingRun, records: Records, debug: bool) -> Result:
    """Publish a report, print what is wrong, and return what became of it."""
    duplicate, code = report_duplicate(outcome, run.before)
    result = publication.refused(outcome, Refusal.DUPLICATE) if duplicate else run.publish(outcome)
    outcome = result.outcome
    codes = [code, report_problems(outcome, debug)]
    if outcome.report is not None and outcome.report.complete and not outcome.violated:
        # Warnings alone are no failure.
        codes = [code]
    write_record(records, outcome, duplicate)
    lines = [line.removeprefix(f"{outcome.path}: ") for line in problems(outcome)]
    if duplicate is not None:
        lines.append(duplicate[readers_language()])
    report = outcome.report
    if report is None:
        return Result(
            Standing.REFUSED,
            lines=tuple(lines),
            code=max(codes),
            refusal=result.refusal,
            lasting=not outcome.broken_off,
        )
    if not duplicate:
        codes.append(_tell(result, lines))
        if result.standing is not Standing.REFUSED:
            run.before.add(outcome.path, report)
    return Result(
        result.standing,
        summary(report),
        tuple(lines),
        max(codes),
        result.refusal,
        report.key,
        report.source_file.sha256,
        result.digest,
        figures_digest(report),
    )


def _tell(result: Publication, lines: list[str]) -> int:
    """Print what publishing a report brings to light, and add it; returns the exit code."""
    outcome = result.outcome
    assert outcome.report is not None
    if result.standing is Standing.REFUSED:
        refused = message("commands.publish.refused")
        if result.reason is not None:
            refused = message("commands.publish.refused_since", why=result.reason)
        click.echo(f"{outcome.path}: {refused}", err=True)
        lines.append(refused)
        return UNREADABLE if result.reason is not None else GOOD
    for finding in result.next_year:
        next_year = f"{outcome.report.body.key}/{outcome.report.year + 1}"
        where = message("commands.publish.in_store", report=next_year)
        click.echo(f"{where}: {finding_line(finding)}", err=True)
    return BROKEN if result.next_year else GOOD
