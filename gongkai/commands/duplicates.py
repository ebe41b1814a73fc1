"""Duplicate reports in one run: none silently replaces another."""

from dataclasses import dataclass
from pathlib import Path

from gongkai.converters.record import figures_digest
from gongkai.converters.report import Report
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations


@dataclass(frozen=True)
class Duplicate:
    """What is said of a report that an earlier file contained; whether the two are the same."""

    label: Label
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
        if sha256 == report.source_file.sha256:
            return Duplicate(translations("messages.duplicate.content", first=first), same=True)
        if figures == figures_digest(report):
            return Duplicate(translations("messages.duplicate.figures", first=first), same=True)
        return Duplicate(translations("messages.duplicate.differs", first=first), same=False)

    def add(self, path: Path, report: Report) -> None:
        """Record a report that was accepted."""
        self._first[report.key] = (path, report.source_file.sha256, figures_digest(report))

    def add_known(self, report: str, path: Path, sha256: str, figures: str) -> None:
        """Record a report, by its key, that an earlier run accepted from the same file."""
        self._first[report] = (path, sha256, figures)
