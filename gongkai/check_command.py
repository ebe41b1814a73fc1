"""gongkai check: what the rules find in reports."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from gongkai.batch import BROKEN, Settings, files_to_read, outcomes_of, tell
from gongkai.check_formats import Checked, CheckFormat
from gongkai.check_formats.json_document import JsonFormat
from gongkai.check_formats.sarif import SarifFormat
from gongkai.check_formats.table import TableFormat
from gongkai.check_formats.turtle import TurtleFormat
from gongkai.command_parts import records_in, write_record
from gongkai.converters.documents.limits import Limits
from gongkai.messages import missing_cells
from gongkai.ontology import DEFAULT_BASE
from gongkai.options import (
    base_option,
    debug_option,
    engine_option,
    jobs_option,
    limits_options,
    paths_argument,
    records_option,
)
from gongkai.pipeline import Outcome
from gongkai.shapes.checker import Engine
from gongkai.shapes.findings import Finding
from gongkai.telling import Telling, telling_options
from gongkai.years import SeenYears, seen_years

_FORMATS = ("table", "json", "sarif", "turtle")


@click.command()
@paths_argument
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    default="table",
    show_default=True,
    help="A table to read, JSON, SARIF 2.1.0, or SHACL validation reports in Turtle.",
)
@click.option(
    "--well-formed",
    is_flag=True,
    help="Check the integrity constraints IC-0 to IC-21 of the RDF Data Cube recommendation "
    "instead of the rules.",
)
@base_option
@engine_option
@jobs_option
@limits_options
@records_option
@debug_option
@telling_options
def check(
    paths: tuple[Path, ...],
    output_format: str,
    well_formed: bool,
    base: str | None,
    engine: Engine,
    jobs: int,
    limits: Limits,
    records: Path | None,
    debug: bool,
    telling: Telling,
) -> None:
    """Check reports against all rules; nothing is written but, if asked, records.

    Reports of one body on years that follow each other are compared. A FILE may also be RDF
    (.ttl, .nt, .nq, .trig, .jsonld, .rdf), as convert writes it.
    """
    base = base or DEFAULT_BASE
    found, codes = files_to_read(paths, telling, without=[records])
    if well_formed:
        settings = Settings(jobs, limits, telling, debug, None, graphs=True, well_formed=True)
        sys.exit(max([*codes, *_well_formed(found, base, settings, output_format)]))
    kept = records_in(records, limits)
    settings = Settings(jobs, limits, telling, debug, engine, graphs=True)
    output = _format(output_format, base)
    with seen_years(base, engine) as seen, outcomes_of(found, base, settings) as outcomes:
        _write(output.begin())
        for outcome in outcomes:
            outcome, later = _compared(outcome, seen)
            codes.append(_tell_trouble(outcome, debug))
            if outcome.report is not None or outcome.error is not None:
                write_record(kept, outcome)
            _write(output.tell(Checked(outcome.path, outcome, _shown(outcome, output_format))))
            if later is not None and later.findings:
                codes.append(BROKEN)
                _write(output.tell(later))
        _write(output.end(max(codes)))
    sys.exit(max(codes))


def _format(name: str, base: str) -> CheckFormat:
    if name == "json":
        return JsonFormat()
    if name == "sarif":
        return SarifFormat(base)
    return TurtleFormat(base) if name == "turtle" else TableFormat()


def _compared(outcome: Outcome, seen: SeenYears) -> tuple[Outcome, Checked | None]:
    """The outcome compared with last year's report; what is new of next year's, if it was seen."""
    if outcome.report is None:
        return outcome, None
    outcome, after = seen.compare(outcome)
    return outcome, Checked(after.path, None, after.findings, later=True) if after else None


def _tell_trouble(outcome: Outcome, debug: bool) -> int:
    """Tell on the error output what stands in the way of a report; the exit code of the file."""
    if outcome.error is not None:
        return tell(outcome, debug)
    if outcome.report is not None:
        for line in missing_cells(outcome.report):
            click.echo(f"{outcome.path}: {line}", err=True)
        if not outcome.report.complete:
            return BROKEN
    return outcome.exit_code


def _shown(outcome: Outcome, output_format: str) -> tuple[Finding, ...]:
    """The findings to tell; in a table without those that are told row by row."""
    if output_format != "table" or outcome.report is None:
        return outcome.findings
    return tuple(finding for finding in outcome.findings if finding.rule != "complete")


def _well_formed(paths: list[Path], base: str, settings: Settings, output_format: str) -> list[int]:
    """Tell which integrity constraints each graph breaks; the exit codes."""
    if output_format not in ("table", "json"):
        raise click.UsageError("--well-formed knows the formats table and json")
    codes, entries = [], []
    with outcomes_of(paths, base, settings) as outcomes:
        for outcome in outcomes:
            if outcome.error is not None:
                codes.append(tell(outcome, settings.debug))
            else:
                codes.append(outcome.exit_code)
            broken = [
                {"id": item.id, "name": item.name, "text": item.text}
                for item in outcome.constraints
            ]
            entry = {"file": str(outcome.path), "error": outcome.error, "broken": broken}
            if output_format == "json":
                entries.append(entry)
            elif outcome.error is None and not broken:
                click.echo(f"{outcome.path}: well-formed, IC-0 to IC-21 hold")
            for item in broken if output_format == "table" else ():
                click.echo(f"{outcome.path}: {item['id']} {item['name']}: {item['text']}")
    if output_format == "json":
        document = {"document": "gongkai check --well-formed", "version": 1, "graphs": entries}
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    return codes


def _write(parts: Iterable[str]) -> None:
    for part in parts:
        click.echo(part, nl=False)
