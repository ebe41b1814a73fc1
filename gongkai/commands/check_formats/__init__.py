"""The output formats of ``gongkai check``: a table, JSON, SARIF, Turtle.

Files are passed to a format one by one and written at once, so that memory does not depend on their
number. A format writes a beginning, a part for each file, and an end.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from gongkai.checking.years import NextYear
from gongkai.pipeline import Outcome


class CheckFormat(Protocol):
    """Writes findings in a format; each method returns text to be written out."""

    def begin(self) -> Iterator[str]:
        """The beginning of the output."""

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """The output on one report, or on a file that could not be read."""

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """New findings of a report written earlier, now that last year's report has come."""

    def end(self, exit_code: int) -> Iterator[str]:
        """The end of the output; ``exit_code`` is that of the command."""


def path_text(path: Path) -> str:
    """A path as text: its name may hold bytes that are not valid characters."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def written_path(path: Path) -> str:
    """A path on one line: its name may also hold line breaks and terminal control codes."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1]
        for character in path_text(path)
    )
