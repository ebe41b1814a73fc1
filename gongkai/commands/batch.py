"""Run many files through the pipeline, each in a child process, and report on them in order."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)

from gongkai.commands.finding_files import report_files
from gongkai.commands.messages import problems
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.overrides import BadTable, Overrides
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome, process, process_all
from gongkai.processes.workers import IsolatedProcesses
from gongkai.shapes.checker import RuleEngine

GOOD, BROKEN, UNREADABLE = 0, 1, 2
INTERRUPTED, TERMINATED = 130, 143

_MANY = 8
"""A progress bar is shown for so many files or more."""

_FEW = 2
"""Up to this number of files, preparing the fork server costs as much time as the work itself."""


class _Terminated(BaseException):
    """Asked to terminate (SIGTERM)."""


@dataclass(frozen=True)
class RunSettings:
    """How a run processes its files.

    ``debug`` lets the output of libraries through; ``engine`` runs the rules (None: they are not
    run); ``work`` is what is done with each file, in a child process.
    """

    jobs: int = 1
    limits: Limits = DEFAULT_LIMITS
    overrides: Overrides = field(default_factory=Overrides)
    debug: bool = False
    engine: RuleEngine | None = RuleEngine.SETWISE
    work: Callable[..., tuple[Outcome, ...]] = process


def files_to_read(
    paths: Sequence[Path], overrides: Overrides, without: Sequence[Path | None] = ()
) -> tuple[list[Path], list[int]]:
    """The named files and those in named folders; prints errors and returns the exit codes.

    Raises click.UsageError for overrides of one file where there are several, and for a table of
    overrides that cannot be used.
    """
    found, wrong = report_files(paths, [path for path in without if path is not None])
    for path, why in wrong:
        click.echo(f"{path}: {why}", err=True)
    if max(len(paths), len(found)) > 1 and (
        overrides.body is not None or overrides.year is not None
    ):
        raise click.UsageError(message("commands.one_file"))
    if overrides.table is not None:
        table = overrides.table.resolve()
        found = [path for path in found if path.resolve() != table]
        try:
            for unused in overrides.without_file(found):
                click.echo(unused, err=True)
        except BadTable as error:
            raise click.UsageError(str(error)) from None
    return found, [UNREADABLE if wrong else GOOD]


@contextmanager
def outcomes_of(
    paths: Sequence[Path], base: str, settings: RunSettings
) -> Iterator[Iterator[Outcome]]:
    """The outcomes of all files, one after the other; as ``files_of``."""
    with files_of(paths, base, settings) as files:
        yield chain.from_iterable(files)


@contextmanager
def files_of(
    paths: Sequence[Path],
    base: str,
    settings: RunSettings,
    skip: Callable[[Path], bool] = lambda path: False,
) -> Iterator[Iterator[tuple[Outcome, ...]]]:
    """The outcomes of each file, in order; ends everything that still runs on exit.

    Files are left out that ``skip`` says so of; it is asked shortly before a file would be read.

    If interrupted (Ctrl-C) or terminated, the program cleans up what is under way and ends with the
    exit code that shells use for that.
    """
    work = partial(
        settings.work, engine=settings.engine, limits=settings.limits, overrides=settings.overrides
    )
    executor = IsolatedProcesses(
        min(settings.jobs, len(paths) or 1),
        settings.limits,
        warm_up=partial(work, base=base) if len(paths) > _FEW else None,
        quiet=not settings.debug,
    )
    try:
        with _heeding_sigterm(), executor:
            console = Console(stderr=True)
            shown = len(paths) >= _MANY and console.is_terminal
            with Progress(*_columns(), console=console, disable=not shown) as progress:
                task = progress.add_task("", total=len(paths))

                def wanted() -> Iterator[Path]:
                    for path in paths:
                        if skip(path):
                            progress.advance(task)
                        else:
                            yield path

                def done() -> Iterator[tuple[Outcome, ...]]:
                    for outcomes in process_all(wanted(), base, executor, work):
                        yield outcomes
                        progress.advance(task)

                yield done()
    except (KeyboardInterrupt, _Terminated) as reason:
        click.echo(f"gongkai: {message('commands.stopped')}", err=True)
        sys.exit(TERMINATED if isinstance(reason, _Terminated) else INTERRUPTED)


def _columns() -> tuple[ProgressColumn, ...]:
    """How far a run is, how many files it does in a second, and how long it still takes."""
    return (
        TextColumn(message("commands.files")),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )


class _Rate(ProgressColumn):
    """Files done in a second."""

    def render(self, task: Task) -> str:
        """The rate, once it is known."""
        return "" if task.speed is None else message("commands.rate", rate=f"{task.speed:.1f}")


@contextmanager
def _heeding_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, instead of ending the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated


def report_problems(outcome: Outcome, debug: bool = False) -> int:
    """Print everything that is wrong with a file, one line each; returns the file's exit code."""
    for line in problems(outcome):
        click.echo(line, err=True)
    if debug and outcome.trace:
        click.echo(outcome.trace, err=True, nl=False)
    if outcome.report is not None and not outcome.report.complete:
        return BROKEN
    return outcome.exit_code
