"""A table for the person who must act: rule, place, expected, found, difference, equation."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from gongkai.checking.certainty import certainty_of_report
from gongkai.checking.rules import rules
from gongkai.checking.years import NextYear
from gongkai.commands.check_formats import written_path
from gongkai.commands.check_formats.findings_table import FindingsTable
from gongkai.commands.messages import colon, comma, summary, table_name
from gongkai.ontology.structures import cubes
from gongkai.ontology.texts import message, readers_language
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding
from gongkai.shapes.quality import NARRATIVE

_MOST_OF_A_RULE = 20
"""Findings shown for one rule in one table; a graph may break a rule everywhere."""


class TableFormat:
    """One line for each report, and under it a table of the broken rules."""

    def __init__(self) -> None:
        """Start the counts for the summary."""
        self._files = self._failed = self._good = self._bad = 0
        self._last: Path | None = None
        self._broken: Counter[tuple[str, str]] = Counter()

    def begin(self) -> Iterator[str]:
        """Nothing comes before the first table."""
        return iter(())

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """A line on the report, and a table of its broken rules, if any."""
        self._files += outcome.path != self._last
        self._last = outcome.path
        if outcome.error is not None:
            # The error itself is reported as all errors are.
            self._failed += 1
            return
        self._good += outcome.in_order
        self._bad += not outcome.in_order
        self._broken.update(_broken(outcome.findings))
        shown = outcome.findings
        about = f"<{outcome.uri}>" if outcome.uri else message("check.tables")
        if outcome.report is not None:
            about = summary(outcome.report)
            # Missing cells are reported row by row, like errors, with what to do.
            shown = tuple(finding for finding in shown if finding.rule != "complete")
        said = self._verdict(outcome, shown)
        yield f"{written_path(outcome.path)}: {comma().join((about, *said))}\n"
        if shown:
            yield from self._table(
                shown, f"({certainty_of_report(outcome.report).label[readers_language()]})"
            )

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """New findings of a report written earlier."""
        if not later.findings:
            return
        self._good -= later.was_in_order
        self._bad += later.was_in_order
        self._broken.update(_broken(later.findings))
        said = (message("check.later"), *self._numbers(later.findings))
        yield f"{written_path(later.path)}: {comma().join(said)}\n"
        yield from self._table(later.findings)

    def end(self, exit_code: int) -> Iterator[str]:
        """For several reports or files: how many there are, and how many break each rule."""
        if self._good + self._bad + self._failed < 2:
            return
        yield "\n" + message(
            "check.total",
            files=self._files,
            failed=self._failed,
            reports=self._good + self._bad,
            good=self._good,
            bad=self._bad,
        )
        yield "\n"
        if self._broken:
            yield message("check.broken") + "\n"
        for (rule, severity), count in sorted(self._broken.items()):
            line = message("check.rule", rule=rule, severity=_severity(severity), count=count)
            yield f"  {line}\n"

    def _verdict(self, outcome: Outcome, shown: tuple[Finding, ...]) -> list[str]:
        """How many findings there are; or that there are none, as far as that could be assessed."""
        if shown:
            said = self._numbers(shown)
        elif not outcome.in_order:
            said = [message("check.incomplete")]
        else:
            said = []
        lacking = [rule for rule, count in outcome.counts.items() if count.outcome == "cantTell"]
        # Claims on something other than the tables do not mean that cells are missing.
        lacking = [rule for rule in lacking if not rule.startswith(NARRATIVE)]
        if not said:
            said = [message("check.assessed" if lacking else "check.holds")]
        if lacking:
            said.append(message("check.not_assessed", rules=", ".join(lacking)))
        return said

    def _numbers(self, findings: Iterable[Finding]) -> list[str]:
        counted = Counter(finding.severity for finding in findings)
        return [
            message(f"check.found.{severity}", count=counted[severity])
            for severity in ("Violation", "Warning")
            if counted[severity]
        ]

    def _table(self, findings: Iterable[Finding], certainty: str = "") -> Iterator[str]:
        """The findings by rule, violations first."""
        ordered = sorted(findings, key=_group)
        table = FindingsTable(ordered)
        if certainty:
            yield table.note(certainty)
        yield table.head()
        for (severity, rule, cube), group in groupby(ordered, key=_group):
            of_rule = list(group)
            said = f"{rule}{colon()}{rules()[rule].label[readers_language()]}"
            yield table.rule(_severity(severity), severity, said)
            if cube in cubes():
                yield table.note(table_name(cubes()[cube].title, cube))
            for finding in of_rule[:_MOST_OF_A_RULE]:
                yield table.row(finding)
            if len(of_rule) > _MOST_OF_A_RULE:
                more = len(of_rule) - _MOST_OF_A_RULE
                yield table.note(message("check.more", count=more))
        yield "\n"


def _severity(name: str) -> str:
    """A severity in words; others than those of our rules by their name."""
    if name in ("Violation", "Warning"):
        return message(f"check.severity.{name}")
    return name


def _broken(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """The rules that one report breaks, with their severities."""
    return {(finding.rule, finding.severity) for finding in findings}


def _group(finding: Finding) -> tuple[str, str, str]:
    """Sort key: violations before warnings; each rule by table, in printed order."""
    return finding.severity, finding.rule, finding.table
