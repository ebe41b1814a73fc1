"""The command line."""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gongkai import __version__
from gongkai.bodies_command import bodies
from gongkai.fetching.command import fetch
from gongkai.messages import problems, summary
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.pipeline import (
    Outcome,
    process,
    process_all,
    publish_ground,
    publish_report,
)
from gongkai.server.store import StoreError
from gongkai.server.store.embedded import EmbeddedWriter, stored_base, writing
from gongkai.telling import Telling, telling_options

GOOD, BROKEN, UNREADABLE = 0, 1, 2

_MANY = 8
"""From this many files on, work is spread over processes and a progress bar is shown."""

_VISIBLE_EVERY = 500
"""In bulk, readers get to see what was published so far after this many reports."""


class _Base(click.ParamType[str]):
    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check a base address while the command line is read."""
        try:
            return Addresses(value).base
        except BadBase as error:
            self.fail(str(error), param, ctx)


_files = click.argument(
    "paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
_base = click.option(
    "--base", type=_Base(), help=f"Base address of all URIs (default {DEFAULT_BASE})."
)
_store = click.option(
    "--store",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the embedded store.",
)
_jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Processes to spread many files over (default: one per core).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongkai")
def main() -> None:
    """Turn annual reports on open government information into linked open data.

    Exit codes: 0 good; 1 rules broken or cells missing; 2 input unreadable, or wrong usage.
    """


main.add_command(fetch)


@main.command()
@_files
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the results, one file per report.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["turtle", "nquads"]),
    default="turtle",
    show_default=True,
    help="Turtle, or N-Quads with the report's URI as the graph.",
)
@_base
@_jobs
@telling_options
def convert(
    paths: tuple[Path, ...],
    output: Path,
    output_format: str,
    base: str | None,
    jobs: int,
    telling: Telling,
) -> None:
    """Convert reports to RDF, one file per report, named BODY-YEAR."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _fail(f"{output}: the folder cannot be made: {error.strerror}")
    base = base or DEFAULT_BASE
    codes = [GOOD]
    written: dict[Path, Path] = {}
    with _outcomes(paths, base, jobs, telling, checked=False) as outcomes:
        for outcome in outcomes:
            codes.append(_tell(outcome))
            if outcome.report is None:
                continue
            suffix = "ttl" if output_format == "turtle" else "nq"
            target = output / f"{outcome.report.key.replace('/', '-')}.{suffix}"
            if target in written:
                click.echo(
                    f"{outcome.path}: the same body and year as {written[target]}: not written; "
                    "convert one of the two",
                    err=True,
                )
                codes.append(UNREADABLE)
                continue
            written[target] = outcome.path
            try:
                _write(target, _serialized(outcome, base, output_format))
            except OSError as error:
                _fail(f"{target}: cannot be written: {error.strerror}")
            click.echo(f"{outcome.path}: {summary(outcome.report)} -> {target}")
    sys.exit(max(codes))


@main.command()
@_files
@_base
@_jobs
@telling_options
def check(paths: tuple[Path, ...], base: str | None, jobs: int, telling: Telling) -> None:
    """Check reports against all rules; nothing is written."""
    codes = [GOOD]
    with _outcomes(paths, base or DEFAULT_BASE, jobs, telling) as outcomes:
        for outcome in outcomes:
            codes.append(_tell(outcome))
            if outcome.report is not None and not outcome.findings:
                click.echo(f"{outcome.path}: {summary(outcome.report)}, all rules hold")
    sys.exit(max(codes))


@main.command()
@_files
@_store
@_base
@click.option("--strict", is_flag=True, help="Refuse reports that break any rule.")
@_jobs
@telling_options
def publish(
    paths: tuple[Path, ...],
    folder: Path,
    base: str | None,
    strict: bool,
    jobs: int,
    telling: Telling,
) -> None:
    """Convert and check reports, and put them into a store.

    A report published before is replaced. One with missing or unread cells is refused. One that
    breaks only arithmetic is published with what the rules find: it really says so.
    """
    try:
        base = _store_base(folder, base)
        codes = [GOOD]
        with ExitStack() as stack, _outcomes(paths, base, jobs, telling) as outcomes:
            writer: EmbeddedWriter | None = None
            published = 0
            for outcome in outcomes:
                codes.append(_tell(outcome))
                if outcome.report is None:
                    continue
                if not outcome.publishable or (strict and outcome.findings):
                    click.echo(f"{outcome.path}: not published", err=True)
                    continue
                if writer is None:
                    writer = stack.enter_context(writing(folder, base))
                    publish_ground(writer)
                publish_report(writer, outcome)
                published += 1
                if published % _VISIBLE_EVERY == 0:
                    writer.make_visible()
                click.echo(f"{outcome.path}: {summary(outcome.report)}, published")
    except StoreError as error:
        _fail(str(error))
    sys.exit(max(codes))


@main.command()
@_store
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
            _tell(outcome)
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


@contextmanager
def _outcomes(
    paths: Sequence[Path], base: str, jobs: int, telling: Telling, checked: bool = True
) -> Iterator[Iterator[Outcome]]:
    """The outcomes of all files; with a progress bar and in several processes for many."""
    many = len(paths) >= _MANY
    context = multiprocessing.get_context("spawn")
    executor: Executor | None = (
        ProcessPoolExecutor(min(jobs, len(paths)), context) if many and jobs > 1 else None
    )
    with executor or nullcontext():
        work = partial(process, checked=checked, telling=telling)
        results = process_all(paths, base, executor, work)
        console = Console(stderr=True)
        if many and console.is_terminal:
            columns = (TextColumn("reports"), BarColumn(), MofNCompleteColumn())
            with Progress(*columns, console=console) as progress:
                yield chain.from_iterable(progress.track(results, total=len(paths)))
        else:
            yield chain.from_iterable(results)


def _tell(outcome: Outcome) -> int:
    """Print everything that is wrong with a file, a line each; the file's exit code."""
    for line in problems(outcome):
        click.echo(line, err=True)
    if outcome.report is not None and not outcome.report.complete:
        return BROKEN
    return outcome.exit_code


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


def _write(target: Path, content: bytes) -> None:
    """Write a whole file or none."""
    new = target.with_name(target.name + ".new")
    new.write_bytes(content)
    new.replace(target)


def _fail(message: str) -> None:
    click.echo(f"gongkai: {message}", err=True)
    sys.exit(UNREADABLE)
