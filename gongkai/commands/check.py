"""``gongkai check``: what the rules find in reports."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from gongkai.checking.checks import Checking, check_file
from gongkai.checking.years import seen_years
from gongkai.commands.batch import (
    BROKEN,
    GOOD,
    RunSettings,
    files_to_read,
    outcomes_of,
    report_problems,
)
from gongkai.commands.check_formats import CheckFormat
from gongkai.commands.check_formats.json_document import JsonFormat
from gongkai.commands.check_formats.sarif import SarifFormat
from gongkai.commands.check_formats.table import TableFormat
from gongkai.commands.check_formats.turtle import TurtleFormat
from gongkai.commands.check_formats.well_formed import WellFormedJson, WellFormedLines
from gongkai.commands.messages import missing_cells, notes_to_user
from gongkai.commands.options import engine_option, records_option
from gongkai.commands.parts import records_in, write_record
from gongkai.commands.run_options import run_options
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome
from gongkai.shapes.checker import RuleEngine

_FORMATS = ("table", "json", "sarif", "turtle")


@click.command(help=message("help.check.command"))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    default="table",
    show_default=True,
    help=message("help.check.format"),
)
@click.option(
    "--well-formed",
    is_flag=True,
    help=message("help.check.well_formed"),
)
@run_options(engine_option, records_option)
def check(
    paths: tuple[Path, ...],
    output_format: str,
    well_formed: bool,
    base: str | None,
    engine: RuleEngine,
    records: Path | None,
    settings: RunSettings,
) -> None:
    """Check reports against all rules; nothing is written but, if asked, records."""
    if well_formed and output_format not in ("table", "json"):
        raise click.UsageError(message("commands.check.formats"))
    kept = records_in(None if well_formed else records, settings.limits)
    found, codes = files_to_read(paths, settings.overrides, without=[records])
    checking = Checking(well_formed, base_given=base is not None)
    settings = replace(settings, engine=engine, work=partial(check_file, checking=checking))
    base = base or DEFAULT_BASE
    output = _format(output_format, well_formed, base)
    whole = output_format == "turtle"
    with seen_years(engine, whole) as seen, outcomes_of(found, base, settings) as outcomes:
        _write(output.begin())
        for outcome in outcomes:
            later = None
            if outcome.body_and_year is not None and not well_formed:
                outcome, later = seen.compare(outcome)
            codes.append(_print_failure(outcome, well_formed, settings.debug))
            if outcome.report is not None or outcome.error is not None:
                write_record(kept, outcome)
            _write(output.entry(outcome))
            if later is not None:
                codes.append(BROKEN if later.findings else GOOD)
                _write(output.later_entry(later))
        _write(output.end(max(codes)))
    sys.exit(max(codes))


def _format(name: str, well_formed: bool, base: str) -> CheckFormat:
    if well_formed:
        return WellFormedJson() if name == "json" else WellFormedLines()
    if name == "json":
        return JsonFormat()
    if name == "sarif":
        return SarifFormat(base)
    return TurtleFormat(base) if name == "turtle" else TableFormat()


def _print_failure(outcome: Outcome, well_formed: bool, debug: bool) -> int:
    """Print on standard error why a report could not be checked; returns the file's exit code."""
    if outcome.error is not None:
        return report_problems(outcome, debug)
    if outcome.report is not None and not well_formed:
        for line in (*missing_cells(outcome.report), *notes_to_user(outcome.report)):
            click.echo(f"{outcome.path}: {line}", err=True)
        if not outcome.report.complete:
            return BROKEN
    return outcome.exit_code


def _write(parts: Iterable[str]) -> None:
    for part in parts:
        click.echo(part, nl=False)
