"""The formats in which ``gongkai check`` tells what it found: a table, JSON, SARIF, Turtle.

Each is told of the files one by one and writes as it goes, so that memory does not depend on their
number. A format has three functions: what to write first, for each file, and last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding


@dataclass(frozen=True)
class Checked:
    """A report that was checked, or a file that could not be; ``findings`` are those to tell.

    ``later`` tells that the file was told of before, and that only now, with the report on the year
    before, rules that compare years could be assessed.
    """

    path: Path
    outcome: Outcome | None
    findings: tuple[Finding, ...]
    later: bool = False


class CheckFormat(Protocol):
    """Writes what was found in a format; every part of it is text to be written out."""

    def begin(self) -> Iterator[str]:
        """What comes first."""

    def tell(self, checked: Checked) -> Iterator[str]:
        """What is to be said of one report, or of a file that could not be read."""

    def end(self, exit_code: int) -> Iterator[str]:
        """What comes last; ``exit_code`` is that of the command."""
