"""``gongkai convert``: convert reports to RDF files."""

import sys
from pathlib import Path

import click

from gongkai.commands.batch import RunSettings, files_to_read, outcomes_of, report_problems
from gongkai.commands.duplicates import FirstReports
from gongkai.commands.messages import summary
from gongkai.commands.parts import fail, records_in, report_duplicate, write_record
from gongkai.commands.run_options import run_options
from gongkai.converters.rdf.cube import bind_prefixes
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.ontology.texts.system import system_error
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import in_graph
from gongkai.pipeline import Outcome
from gongkai.whole_file import write_whole


@click.command(help=message("help.convert.command"))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=message("help.convert.output"),
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["turtle", "nquads"]),
    default="turtle",
    show_default=True,
    help=message("help.convert.format"),
)
@run_options()
def convert(
    paths: tuple[Path, ...],
    output: Path,
    output_format: str,
    base: str | None,
    settings: RunSettings,
) -> None:
    """Convert reports to RDF, one file per report, named BODY-YEAR, with its record beside it."""
    base = base or DEFAULT_BASE
    records = records_in(output, settings.limits)
    found, codes = files_to_read(paths, settings.overrides, without=[output])
    before = FirstReports()
    with outcomes_of(found, base, settings) as outcomes:
        for outcome in outcomes:
            codes.append(report_problems(outcome, settings.debug))
            duplicate, code = report_duplicate(outcome, before)
            codes.append(code)
            write_record(records, outcome, duplicate, checked=False)
            if outcome.report is None or duplicate:
                continue
            before.add(outcome.path, outcome.report)
            suffix = "ttl" if output_format == "turtle" else "nq"
            target = output / f"{outcome.report.key.replace('/', '-')}.{suffix}"
            try:
                write_whole(target, _serialized(outcome, base, output_format))
            except OSError as error:
                fail(f"{target}: {message('commands.not_written', why=system_error(error))}")
            click.echo(f"{outcome.path}: {summary(outcome.report)} -> {target}")
    sys.exit(max(codes))


def _serialized(outcome: Outcome, base: str, output_format: str) -> bytes:
    assert outcome.report is not None
    if output_format == "nquads":
        name = Addresses(base).report(outcome.report.body.key, outcome.report.year)
        return in_graph(outcome.graph, str(name))
    graph = bind_prefixes(Graph().read_n_triples(outcome.graph).as_rdflib(), base)
    return graph.serialize(format="turtle", encoding="utf-8")
