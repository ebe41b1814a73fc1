"""Many files through the pipeline: each in a process of its own, told of in order."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.messages import problems
from gongkai.pipeline import Outcome, process, process_all
from gongkai.workers import IsolatedProcesses

GOOD, BROKEN, UNREADABLE = 0, 1, 2
INTERRUPTED = 130

_MANY = 8
"""From this many files on a progress bar is shown."""


@contextmanager
def outcomes_of(
    paths: Sequence[Path],
    base: str,
    jobs: int = 1,
    checked: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    debug: bool = False,
) -> Iterator[Iterator[Outcome]]:
    """The outcomes of all files, in order; ends everything that still runs when it is left.

    Interrupted (Ctrl-C), the program ends with the code that shells give to that.
    """
    work = partial(process, checked=checked, limits=limits)
    # For a file or two it takes as long to prepare as to do the work.
    warm_up = f"{'check' if checked else 'convert'} {base}" if len(paths) > 2 else ""
    executor = IsolatedProcesses(min(jobs, len(paths) or 1), limits, warm_up, quiet=not debug)
    try:
        with executor:
            results = process_all(paths, base, executor, work)
            console = Console(stderr=True)
            if len(paths) >= _MANY and console.is_terminal:
                columns = (TextColumn("files"), BarColumn(), MofNCompleteColumn())
                with Progress(*columns, console=console) as progress:
                    yield chain.from_iterable(progress.track(results, total=len(paths)))
            else:
                yield chain.from_iterable(results)
    except KeyboardInterrupt:
        click.echo("gongkai: stopped", err=True)
        sys.exit(INTERRUPTED)


def tell(outcome: Outcome, debug: bool = False) -> int:
    """Print everything that is wrong with a file, a line each; the file's exit code."""
    for line in problems(outcome):
        click.echo(line, err=True)
    if debug and outcome.trace:
        click.echo(outcome.trace, err=True, nl=False)
    if outcome.report is not None and not outcome.report.complete:
        return BROKEN
    return outcome.exit_code


def tell_wrong(wrong: Sequence[tuple[Path, str]]) -> int:
    """Print what is wrong with folders, a line each; the exit code."""
    for path, message in wrong:
        click.echo(f"{path}: {message}", err=True)
    return UNREADABLE if wrong else GOOD
