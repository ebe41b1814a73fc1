"""``gongkai convert``: convert reports to RDF files."""

import sys
from pathlib import Path

import click

from gongkai.commands.batch import RunSettings, files_to_read, outcomes_of, report_problems
from gongkai.commands.duplicates import Seen
from gongkai.commands.messages import summary
from gongkai.commands.options import (
    base_option,
    debug_option,
    jobs_option,
    limits_options,
    paths_argument,
)
from gongkai.commands.override_options import override_options
from gongkai.commands.parts import fail, records_in, report_duplicate, write_record
from gongkai.converters.documents.limits import Limits
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.overrides import Overrides
from gongkai.pipeline import Outcome
from gongkai.whole_file import write_whole


@click.command()
@paths_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the results: one file per report, and its record.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["turtle", "nquads"]),
    default="turtle",
    show_default=True,
    help="Turtle, or N-Quads with the report's URI as the graph.",
)
@base_option
@jobs_option
@limits_options
@debug_option
@override_options
def convert(
    paths: tuple[Path, ...],
    output: Path,
    output_format: str,
    base: str | None,
    jobs: int,
    limits: Limits,
    debug: bool,
    overrides: Overrides,
) -> None:
    """Convert reports to RDF, one file per report, named BODY-YEAR, with its record beside it."""
    base = base or DEFAULT_BASE
    records = records_in(output, limits)
    found, codes = files_to_read(paths, overrides, without=[output])
    seen = Seen()
    settings = RunSettings(jobs, limits, overrides, debug, engine=None)
    with outcomes_of(found, base, settings) as outcomes:
        for outcome in outcomes:
            code, refused = report_problems(outcome, debug), report_duplicate(outcome, seen)
            codes += [code, refused[1]]
            write_record(records, outcome, refused[0], checked=False)
            if outcome.report is None or refused[0]:
                continue
            seen.add(outcome.path, outcome.report)
            suffix = "ttl" if output_format == "turtle" else "nq"
            target = output / f"{outcome.report.key.replace('/', '-')}.{suffix}"
            try:
                write_whole(target, _serialized(outcome, base, output_format))
            except OSError as error:
                fail(f"{target}: cannot be written: {error.strerror}")
            click.echo(f"{outcome.path}: {summary(outcome.report)} -> {target}")
    sys.exit(max(codes))


def _serialized(outcome: Outcome, base: str, output_format: str) -> bytes:
    from rdflib import Graph

    from gongkai.converters.rdf.cube import bind_prefixes

    assert outcome.report is not None
    if output_format == "nquads":
        name = Addresses(base).report(outcome.report.body.key, outcome.report.year)
        return outcome.graph.replace(b" .\n", f" <{name}> .\n".encode())
    graph = bind_prefixes(Graph(bind_namespaces="none"), base)
    graph.parse(data=outcome.graph, format="nt")
    return graph.serialize(format="turtle", encoding="utf-8")
