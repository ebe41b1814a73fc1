"""One report from two files in one run: none silently takes another's place."""

from dataclasses import dataclass
from pathlib import Path

from gongkai.converters.record import figures_digest
from gongkai.converters.report import Report


@dataclass(frozen=True)
class Repeated:
    """What to tell of a report that an earlier file of the run gave; whether it says the same."""

    message: str
    same: bool


class Seen:
    """The reports that a run has given so far, by body and year."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        # Checksums, not reports: a run may be over a hundred thousand files.
        self._first: dict[str, tuple[Path, str, str]] = {}

    def repeated(self, report: Report) -> Repeated | None:
        """What to tell if another file gave this report before; None for the first."""
        if report.key not in self._first:
            return None
        first, sha256, figures = self._first[report.key]
        if sha256 == report.source.sha256:
            return Repeated(f"the same content as {first}: left out", same=True)
        if figures == figures_digest(report):
            return Repeated(
                f"the same body and year as {first}, and the same figures: left out", same=True
            )
        return Repeated(
            f"the same body and year as {first}, but other figures: left out; "
            "compare the two and give the right one alone",
            same=False,
        )

    def add(self, path: Path, report: Report) -> None:
        """Remember a report that was taken."""
        self._first[report.key] = (path, report.source.sha256, figures_digest(report))
