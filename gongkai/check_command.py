"""gongkai check: what the rules find in reports."""

import sys
from pathlib import Path

import click

from gongkai.batch import BROKEN, Settings, files_to_read, outcomes_of, tell
from gongkai.command_parts import records_in, write_record
from gongkai.converters.documents.limits import Limits
from gongkai.messages import finding_line, summary
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
from gongkai.shapes.checker import Engine
from gongkai.telling import Telling, telling_options
from gongkai.years import seen_years


@click.command()
@paths_argument
@base_option
@engine_option
@jobs_option
@limits_options
@records_option
@debug_option
@telling_options
def check(
    paths: tuple[Path, ...],
    base: str | None,
    engine: Engine,
    jobs: int,
    limits: Limits,
    records: Path | None,
    debug: bool,
    telling: Telling,
) -> None:
    """Check reports against all rules; nothing is written but, if asked, records.

    Reports of one body on years that follow each other are compared.
    """
    base = base or DEFAULT_BASE
    kept = records_in(records, limits)
    found, codes = files_to_read(paths, telling, without=[records])
    settings = Settings(jobs, limits, telling, debug, engine)
    with seen_years(base, engine) as seen, outcomes_of(found, base, settings) as outcomes:
        for outcome in outcomes:
            after = None
            if outcome.report is not None:
                outcome, after = seen.compare(outcome)
            codes.append(tell(outcome, debug))
            write_record(kept, outcome)
            if outcome.report is not None and not outcome.findings:
                click.echo(f"{outcome.path}: {summary(outcome.report)}, all rules hold")
            if after is not None:
                codes += [BROKEN for _ in after.findings]
                for finding in after.findings:
                    click.echo(f"{after.path}: {finding_line(finding)}", err=True)
    sys.exit(max(codes))
