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
from gongkai.commands.messages import as_printed, language, summary, words
from gongkai.ontology.structures import cubes
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding
from gongkai.shapes.quality import NARRATIVE

_WORDS = {
    "en": {
        "Violation": "violation",
        "Warning": "warning",
        "Violation many": "{} violations",
        "Warning many": "{} warnings",
        "Violation one": "1 violation",
        "Warning one": "1 warning",
        "holds": "all rules hold",
        "assessed": "all rules that could be assessed hold",
        "incomplete": "no rule is broken, but cells are missing or unread",
        "not assessed": "not assessed for want of cells: {}",
        "tables": "tables without a report",
        "later": "compared with the report on the year before",
        "more": "… and {} more of this rule; --format json tells all",
        "total": "files: {files}, unreadable: {failed}; "
        "reports: {reports}, in order: {good}, not in order: {bad}",
        "rule": "{rule} ({severity}): {count}",
        "broken": "reports by the rules that they break:",
        "comma": ", ",
        "colon": ": ",
    },
    "zh": {
        "Violation": "违反",
        "Warning": "警告",
        "Violation many": "违反 {} 处",
        "Warning many": "警告 {} 处",
        "Violation one": "违反 1 处",
        "Warning one": "警告 1 处",
        "holds": "所有规则均成立",
        "assessed": "凡能核对的规则均成立",
        "incomplete": "未见不成立的规则，但有单元格缺失或无法读取",
        "not assessed": "因缺单元格未能核对：{}",
        "tables": "没有报告的表格",
        "later": "与上年报告比较",
        "more": "……此规则另有 {} 处；--format json 列出全部",
        "total": "文件 {files} 个，无法读取 {failed} 个；"
        "报告 {reports} 份，合规 {good} 份，有问题 {bad} 份",
        "rule": "{rule}（{severity}）：{count} 份",
        "broken": "不合各规则的报告数：",
        "comma": "，",
        "colon": "：",
    },
}
_MOST_OF_A_RULE = 20
"""Findings shown for one rule in one table; a graph may break a rule everywhere."""


class TableFormat:
    """One line for each report, and under it a table of the broken rules."""

    def __init__(self) -> None:
        """Start the counts for the summary."""
        self._words = _WORDS[language()]
        self._files = self._failed = self._good = self._bad = 0
        self._last: Path | None = None
        self._broken: Counter[tuple[str, str]] = Counter()

    def begin(self) -> Iterator[str]:
        """Nothing comes before the first table."""
        return iter(())

    def tell(self, outcome: Outcome) -> Iterator[str]:
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
        about = f"<{outcome.uri}>" if outcome.uri else self._words["tables"]
        if outcome.report is not None:
            about = summary(outcome.report)
            # Missing cells are reported row by row, like errors, with what to do.
            shown = tuple(finding for finding in shown if finding.rule != "complete")
        said = self._verdict(outcome, shown)
        yield f"{written_path(outcome.path)}: {self._words['comma'].join((about, *said))}\n"
        if shown:
            yield from self._table(
                shown, f"({certainty_of_report(outcome.report).label[language()]})"
            )

    def tell_later(self, later: NextYear) -> Iterator[str]:
        """New findings of a report written earlier."""
        if not later.findings:
            return
        self._good -= later.was_in_order
        self._bad += later.was_in_order
        self._broken.update(_broken(later.findings))
        said = (self._words["later"], *self._numbers(later.findings))
        yield f"{written_path(later.path)}: {self._words['comma'].join(said)}\n"
        yield from self._table(later.findings)

    def end(self, exit_code: int) -> Iterator[str]:
        """For several reports or files: how many there are, and how many break each rule."""
        if self._good + self._bad + self._failed < 2:
            return
        yield "\n" + self._words["total"].format(
            files=self._files,
            failed=self._failed,
            reports=self._good + self._bad,
            good=self._good,
            bad=self._bad,
        )
        yield "\n"
        if self._broken:
            yield self._words["broken"] + "\n"
        for (rule, severity), count in sorted(self._broken.items()):
            said = self._words.get(severity, severity)
            yield "  " + self._words["rule"].format(rule=rule, severity=said, count=count) + "\n"

    def _verdict(self, outcome: Outcome, shown: tuple[Finding, ...]) -> list[str]:
        """How many findings there are; or that there are none, as far as that could be assessed."""
        if shown:
            said = self._numbers(shown)
        elif not outcome.in_order:
            said = [self._words["incomplete"]]
        else:
            said = []
        lacking = [rule for rule, count in outcome.counts.items() if count.outcome == "cantTell"]
        # Claims on something other than the tables do not mean that cells are missing.
        lacking = [rule for rule in lacking if not rule.startswith(NARRATIVE)]
        if not said:
            said = [self._words["assessed" if lacking else "holds"]]
        if lacking:
            said.append(self._words["not assessed"].format(", ".join(lacking)))
        return said

    def _numbers(self, findings: Iterable[Finding]) -> list[str]:
        counted = Counter(finding.severity for finding in findings)
        return [
            self._words[f"{severity} {'one' if counted[severity] == 1 else 'many'}"].format(
                counted[severity]
            )
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
            said = f"{rule}{self._words['colon']}{rules()[rule].label[language()]}"
            yield table.rule(self._words.get(severity, severity), severity, said)
            if cube in cubes():
                yield table.note(words()["table"].format(as_printed(cubes()[cube].title, cube)))
            for finding in of_rule[:_MOST_OF_A_RULE]:
                yield table.row(finding)
            if len(of_rule) > _MOST_OF_A_RULE:
                yield table.note(self._words["more"].format(len(of_rule) - _MOST_OF_A_RULE))
        yield "\n"


def _broken(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """The rules that one report breaks, with their severities."""
    return {(finding.rule, finding.severity) for finding in findings}


def _group(finding: Finding) -> tuple[str, str, str]:
    """Sort key: violations before warnings; each rule by table, in printed order."""
    return finding.severity, finding.rule, finding.table
