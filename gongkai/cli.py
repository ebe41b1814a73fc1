"""The command line."""

import sys
import tempfile
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

import click

from gongkai import __version__
from gongkai.batch import Settings, files_to_read, outcomes_of, tell
from gongkai.bodies_command import bodies
from gongkai.check_command import check
from gongkai.command_parts import fail, records_in, store_base, tell_repeated, write_record
from gongkai.converters.documents.limits import Limits
from gongkai.explain_command import explain
from gongkai.fetching.command import fetch
from gongkai.messages import summary
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.options import (
    base_option,
    debug_option,
    jobs_option,
    limits_options,
    paths_argument,
    store_option,
)
from gongkai.pipeline import Outcome, process, publish_ground, publish_report
from gongkai.publish_command import publish, recheck
from gongkai.records import write_whole
from gongkai.server.store import StoreError
from gongkai.server.store.embedded import writing
from gongkai.telling import Telling, telling_options
from gongkai.twice import Seen


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    """Turn annual reports on open government information into linked open data.

    FILE may be a folder: all files below it are taken.

    Exit codes: 0 good; 1 rules broken or cells missing; 2 input unreadable, or wrong usage.
    """


for command in (fetch, check, explain, publish, recheck):
    main.add_command(command)


@main.command()
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
@telling_options
def convert(
    paths: tuple[Path, ...],
    output: Path,
    output_format: str,
    base: str | None,
    jobs: int,
    limits: Limits,
    debug: bool,
    telling: Telling,
) -> None:
    """Convert reports to RDF, one file per report, named BODY-YEAR, with its record beside it."""
    base = base or DEFAULT_BASE
    records = records_in(output, limits)
    found, codes = files_to_read(paths, telling, without=[output])
    seen = Seen()
    settings = Settings(jobs, limits, telling, debug, engine=None)
    with outcomes_of(found, base, settings) as outcomes:
        for outcome in outcomes:
            code, refused = tell(outcome, debug), tell_repeated(outcome, seen)
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


@main.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)
def serve(folder: Path, host: str, port: int) -> None:
    """Serve a store: pages, linked data and a SPARQL endpoint."""
    try:
        _serve(folder, host, port)
    except StoreError as error:
        fail(str(error))


@main.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the store (default: a temporary one, gone when the server ends).",
)
def demo(port: int, folder: Path | None) -> None:
    """Convert, check, store and serve the sample report."""
    base = f"http://localhost:{port}/"
    with ExitStack() as stack:
        if folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(temporary))
        sample = stack.enter_context(as_file(files("gongkai.samples").joinpath("mohrss-2019.txt")))
        try:
            base = store_base(folder, None, base)
            (outcome,) = process(sample, base)
            tell(outcome)
            if outcome.report is None or not outcome.publishable:
                sys.exit(outcome.exit_code)
            with writing(folder, base) as writer:
                publish_ground(writer)
                publish_report(writer, outcome)
            click.echo(f"{sample.name}: {summary(outcome.report)}, published")
            _serve(folder, "127.0.0.1", port, opening=f"doc/report/{outcome.report.key}")
        except StoreError as error:
            fail(str(error))


main.add_command(bodies)


def _serve(folder: Path, host: str, port: int, opening: str = "") -> None:
    from gongkai.server.app import create_app
    from gongkai.server.serving import AddressInUse, serve_until_interrupted
    from gongkai.server.store.embedded import EmbeddedReader

    reader = EmbeddedReader(folder)
    try:
        serve_until_interrupted(create_app(reader), reader.base, host, port, opening)
    except AddressInUse as error:
        fail(str(error))
    finally:
        reader.close()


def _serialized(outcome: Outcome, base: str, output_format: str) -> bytes:
    from rdflib import Graph

    from gongkai.converters.cube import bind_prefixes

    assert outcome.report is not None
    if output_format == "nquads":
        name = Addresses(base).report(outcome.report.body.key, outcome.report.year)
        return outcome.graph.replace(b" .\n", f" <{name}> .\n".encode())
    graph = bind_prefixes(Graph(bind_namespaces="none"), base)
    graph.parse(data=outcome.graph, format="nt")
    return graph.serialize(format="turtle", encoding="utf-8")
