"""Duplicate reports in one run: none silently replaces another."""

from dataclasses import dataclass
from pathlib import Path

from gongkai.converters.record import figures_digest
from gongkai.converters.report import Report


@dataclass(frozen=True)
class Duplicate:
    """The message on a report that an earlier file contained; whether the two are the same."""

    message: str
    same: bool


class FirstReports:
    """The reports that a run has read so far, by body and year."""

    def __init__(self) -> None:
        """No report was seen yet."""
        # Checksums, not reports: a run may be over a hundred thousand files.
        self._first: dict[str, tuple[Path, str, str]] = {}

    def duplicate(self, report: Report) -> Duplicate | None:
        """The message if another file contained this report before; None for the first."""
        if report.key not in self._first:
            return None
        first, sha256, figures = self._first[report.key]
        if sha256 == report.source.sha256:
            return Duplicate(f"the same content as {first}: left out", same=True)
        if figures == figures_digest(report):
            return Duplicate(
                f"the same body and year as {first}, and the same figures: left out", same=True
            )
        return Duplicate(
            f"the same body and year as {first}, but other figures: left out; "
            "compare the two and give the right one alone",
            same=False,
        )

    def add(self, path: Path, report: Report) -> None:
        """Record a report that was accepted."""
        self._first[report.key] = (path, report.source.sha256, figures_digest(report))
