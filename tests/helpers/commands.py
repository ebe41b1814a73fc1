"""The command line and the applications over its stores, for tests."""

from functools import cache, partial
from pathlib import Path

from click.testing import CliRunner, Result

from gongkai.commands.cli import main
from gongkai.processes.workers import IsolatedProcesses
from gongkai.publishing.content import process_to_publish

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "samples" / "mohrss-2019.txt"
ORIGINAL = ROOT.parent / "shared" / "corpus" / "cn" / "reports" / "mohrss-2019.txt"
BASE = "http://localhost:8000/"
DERIVED = 11
"""Numbers of the comparison cube that follow from the sample, beside the 198 read in it."""


@cache
def warm_up() -> None:
    """Let the server that every file's process is forked from load once what each would load.

    Commands do so themselves for more than a few files; tests give them few, over and over.
    """
    with IsolatedProcesses(warm_up=partial(process_to_publish, base=BASE)) as processes:
        processes.submit(len, "").result()


def gongkai(*arguments: object) -> Result:
    """Run the command line in this process; an exception that escapes it fails the test."""
    warm_up()
    return CliRunner().invoke(main, [str(item) for item in arguments], catch_exceptions=False)
