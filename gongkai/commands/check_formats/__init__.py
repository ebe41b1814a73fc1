"""The formats in which ``gongkai check`` tells what it found: a table, JSON, SARIF, Turtle.

Each is told of the files one by one and writes as it goes, so that memory does not depend on their
number. A format has three functions: what to write first, for each file, and last.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from gongkai.checking.years import NextYear
from gongkai.pipeline import Outcome


class CheckFormat(Protocol):
    """Writes what was found in a format; every part of it is text to be written out."""

    def begin(self) -> Iterator[str]:
        """What comes first."""

    def tell(self, outcome: Outcome) -> Iterator[str]:
        """What is to be said of one report, or of a file that could not be read."""

    def tell_later(self, later: NextYear) -> Iterator[str]:
        """What is new of a report told of before, now that last year's came."""

    def end(self, exit_code: int) -> Iterator[str]:
        """What comes last; ``exit_code`` is that of the command."""


def path_text(path: Path) -> str:
    """A path as text: its name may hold bytes that are no character."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def written_path(path: Path) -> str:
    """A path in one line: its name may also hold line ends, and what terminals obey."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in path_text(path))
