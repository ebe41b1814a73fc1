"""The command line."""

import sys
import tempfile
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import NoReturn

import click

from gongkai import __version__
from gongkai.batch import GOOD, UNREADABLE, Settings, files_to_read, outcomes_of, tell
from gongkai.bodies_command import bodies
from gongkai.converters.documents.limits import Limits
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
    records_option,
    store_option,
)
from gongkai.pipeline import Outcome, process, publish_ground, publish_report
from gongkai.records import Records, write_whole
from gongkai.server.store import StoreError
from gongkai.server.store.embedded import EmbeddedWriter, stored_base, writing
from gongkai.telling import Telling, telling_options
from gongkai.twice import Seen

_VISIBLE_EVERY = 500
"""In bulk, readers get to see what was published so far after this many reports."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    """Turn annual reports on open government information into linked open data.

    FILE may be a folder: all files below it are taken.

    Exit codes: 0 good; 1 rules broken or cells missing; 2 input unreadable, or wrong usage.
    """


main.add_command(fetch)


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
    records = _records(output, limits)
    found, codes = files_to_read(paths, telling, without=[output])
    seen = Seen()
    settings = Settings(jobs, limits, telling, debug)
    with outcomes_of(found, base, settings, checked=False) as outcomes:
        for outcome in outcomes:
            code, refused = tell(outcome, debug), _repeated(outcome, seen)
            codes += [code, refused[1]]
            _record(records, outcome, refused[0], checked=False)
            if outcome.report is None or refused[0]:
                continue
            seen.add(outcome.path, outcome.report)
            suffix = "ttl" if output_format == "turtle" else "nq"
            target = output / f"{outcome.report.key.replace('/', '-')}.{suffix}"
            try:
                write_whole(target, _serialized(outcome, base, output_format))
            except OSError as error:
                _fail(f"{target}: cannot be written: {error.strerror}")
            click.echo(f"{outcome.path}: {summary(outcome.report)} -> {target}")
    sys.exit(max(codes))


@main.command()
@paths_argument
@base_option
@jobs_option
@limits_options
@records_option
@debug_option
@telling_options
def check(
    paths: tuple[Path, ...],
    base: str | None,
    jobs: int,
    limits: Limits,
    records: Path | None,
    debug: bool,
    telling: Telling,
) -> None:
    """Check reports against all rules; nothing is written but, if asked, records."""
    kept = _records(records, limits)
    found, codes = files_to_read(paths, telling, without=[records])
    settings = Settings(jobs, limits, telling, debug)
    with outcomes_of(found, base or DEFAULT_BASE, settings, checked=True) as outcomes:
        for outcome in outcomes:
            codes.append(tell(outcome, debug))
            _record(kept, outcome)
            if outcome.report is not None and not outcome.findings:
                click.echo(f"{outcome.path}: {summary(outcome.report)}, all rules hold")
    sys.exit(max(codes))


@main.command()
@paths_argument
@store_option
@base_option
@click.option("--strict", is_flag=True, help="Refuse reports that break any rule.")
@jobs_option
@limits_options
@records_option
@debug_option
@telling_options
def publish(
    paths: tuple[Path, ...],
    folder: Path,
    base: str | None,
    strict: bool,
    jobs: int,
    limits: Limits,
    records: Path | None,
    debug: bool,
    telling: Telling,
) -> None:
    """Convert and check reports, and put them into a store.

    A report published before is replaced. One with missing or unread cells is refused. One that
    breaks only arithmetic is published with what the rules find: it really says so. Of two files
    of the same body and year only the first is published.
    """
    kept = _records(records, limits)
    found, codes = files_to_read(paths, telling, without=[folder, records])
    settings, seen = Settings(jobs, limits, telling, debug), Seen()
    try:
        base = _store_base(folder, base)
        with ExitStack() as stack, outcomes_of(found, base, settings, checked=True) as outcomes:
            writer: EmbeddedWriter | None = None
            published = 0
            for outcome in outcomes:
                code, refused = tell(outcome, debug), _repeated(outcome, seen)
                codes += [code, refused[1]]
                _record(kept, outcome, refused[0])
                if outcome.report is None or refused[0]:
                    continue
                if not outcome.publishable or (strict and outcome.findings):
                    click.echo(f"{outcome.path}: not published", err=True)
                    continue
                if writer is None:
                    writer = stack.enter_context(writing(folder, base))
                    publish_ground(writer)
                publish_report(writer, outcome)
                seen.add(outcome.path, outcome.report)
                published += 1
                if published % _VISIBLE_EVERY == 0:
                    writer.make_visible()
                click.echo(f"{outcome.path}: {summary(outcome.report)}, published")
    except StoreError as error:
        _fail(str(error))
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
        _fail(str(error))


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
            base = _store_base(folder, None, base)
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
            _fail(str(error))


main.add_command(bodies)


def _serve(folder: Path, host: str, port: int, opening: str = "") -> None:
    from gongkai.server.app import create_app
    from gongkai.server.serving import AddressInUse, serve_until_interrupted
    from gongkai.server.store.embedded import EmbeddedReader

    reader = EmbeddedReader(folder)
    try:
        serve_until_interrupted(create_app(reader), reader.base, host, port, opening)
    except AddressInUse as error:
        _fail(str(error))
    finally:
        reader.close()


def _store_base(folder: Path, asked: str | None, default: str = DEFAULT_BASE) -> str:
    """The base to publish under: the store's own, which no other may replace."""
    known = stored_base(folder)
    if known is not None and asked is not None and asked != known:
        raise StoreError(
            f"the store in {folder} has the base address {known}: publish without --base, or "
            "make a store elsewhere for another address"
        )
    return known or asked or default


def _repeated(outcome: Outcome, seen: Seen) -> tuple[str | None, int]:
    """Tell of a report that another file of this run gave: the message, and the exit code."""
    repeated = seen.repeated(outcome.report) if outcome.report else None
    if repeated is None:
        return None, GOOD
    click.echo(f"{outcome.path}: {repeated.message}", err=True)
    return repeated.message, GOOD if repeated.same else UNREADABLE


def _records(folder: Path | None, limits: Limits) -> Records:
    try:
        return Records(folder, limits)
    except OSError as error:
        _fail(f"{folder}: the folder cannot be made: {error.strerror}")


def _record(
    records: Records, outcome: Outcome, refused: str | None = None, checked: bool = True
) -> None:
    try:
        records.write(outcome, refused, checked)
    except OSError as error:
        _fail(f"{error.filename}: cannot be written: {error.strerror}")


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


def _fail(message: str) -> NoReturn:
    click.echo(f"gongkai: {message}", err=True)
    sys.exit(UNREADABLE)
