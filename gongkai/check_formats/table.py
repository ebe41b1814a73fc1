"""A table for the person who must act: rule, where, expected, found, difference."""

import io
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.certainty import certainty_of
from gongkai.check_formats import Checked
from gongkai.messages import language, said_of_place, summary
from gongkai.ontology.structures import cubes
from gongkai.shapes.findings import Finding

_WORDS = {
    "en": {
        "rule": "rule",
        "where": "where",
        "expected": "expected",
        "found": "found",
        "difference": "difference",
        "Violation": "violation",
        "Warning": "warning",
        "holds": "all rules hold",
        "later": "compared with the report on the year before",
        "row": "row",
        "column": "column",
        "files": "{reports} reports: {good} in order, {bad} with findings; "
        "{failed} files unreadable",
        "broken": "{rule}: {count}",
    },
    "zh": {
        "rule": "规则",
        "where": "位置",
        "expected": "应为",
        "found": "印出",
        "difference": "相差",
        "Violation": "违反",
        "Warning": "警告",
        "holds": "所有规则均成立",
        "later": "与上年报告比较",
        "row": "行",
        "column": "列",
        "files": "报告 {reports} 份：合规 {good} 份，有问题 {bad} 份；无法读取的文件 {failed} 个",
        "broken": "{rule}：{count} 份",
    },
}
_NARROWEST, _WIDE = 60, 100
_COLOURS = {"Violation": "red", "Warning": "yellow"}


class TableFormat:
    """Tables by rich; plain text, of a fixed width, where the output is no terminal."""

    def __init__(self) -> None:
        """Count what is told, for the summary."""
        self._words = _WORDS[language()]
        self._good = self._bad = self._failed = 0
        self._broken: Counter[str] = Counter()

    def begin(self) -> Iterator[str]:
        """Nothing comes before the first table."""
        return iter(())

    def tell(self, checked: Checked) -> Iterator[str]:
        """A line on the report, and its table where a rule does not hold."""
        outcome = checked.outcome
        if outcome is not None and outcome.error is not None:
            # The error itself is told like all errors.
            self._failed += 1
            return
        if not checked.later:
            self._good += not checked.findings
            self._bad += bool(checked.findings)
        self._broken.update({finding.rule for finding in checked.findings})
        about = ""
        if outcome is not None:
            about = summary(outcome.report) if outcome.report else f"<{outcome.uri}>"
        if checked.later:
            about = self._words["later"]
        if not checked.findings:
            yield f"{checked.path}: {about}, {self._words['holds']}\n"
            return
        yield f"{checked.path}: {about}\n"
        if outcome is not None and outcome.report is not None:
            label = certainty_of(outcome.report.source.media_type).label
            yield f"({label[language()]})\n"
        yield _rendered(self._table(checked.findings))

    def end(self, exit_code: int) -> Iterator[str]:
        """Of several reports, how many break which rule."""
        if self._good + self._bad + self._failed < 2:
            return
        yield "\n" + self._words["files"].format(
            reports=self._good + self._bad, good=self._good, bad=self._bad, failed=self._failed
        )
        yield "\n"
        for rule, count in sorted(self._broken.items()):
            yield "  " + self._words["broken"].format(rule=rule, count=count) + "\n"

    def _table(self, findings: tuple[Finding, ...]) -> Table:
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        table.add_column(self._words["rule"], overflow="fold")
        table.add_column(self._words["where"], ratio=1, overflow="fold")
        for name in ("expected", "found", "difference"):
            table.add_column(self._words[name], justify="right", overflow="fold")
        for finding in findings:
            severity = self._words.get(finding.severity, finding.severity)
            rule = Text(finding.rule)
            rule.append(f"\n{severity}", style=_COLOURS.get(finding.severity, ""))
            table.add_row(rule, Text(self._where(finding)), *_numbers(finding))
        return table

    def _where(self, finding: Finding) -> str:
        """Place, table, row and column as printed; then the equation, or what is said."""
        parts = [said_of_place(finding.place)]
        if finding.table in cubes():
            title = cubes()[finding.table].title
            parts.append(title.get("zh", finding.table))
        for name, label in (("row", finding.row), ("column", finding.column)):
            if label.get("zh"):
                parts.append(f"{self._words[name]} “{label['zh']}”")
        lines = [", ".join(part for part in parts if part)]
        if finding.formula and not finding.rule.startswith("narrative-"):
            lines.append(finding.formula)
        else:
            lines.append(finding.message.get(language()) or next(iter(finding.message.values())))
        return "\n".join(line for line in lines if line)


def _numbers(finding: Finding) -> tuple[str, str, str]:
    expected, found = finding.expected, finding.found
    if expected is None or found is None:
        return "", found or "", ""
    return expected, found, f"{Decimal(found) - Decimal(expected):+f}"


def _rendered(table: Table) -> str:
    """The table as text; in colours only where the output is a terminal."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size((_WIDE, 24)).columns
    if "COLUMNS" in os.environ and os.environ["COLUMNS"].isdecimal():
        width = int(os.environ["COLUMNS"])
    console = Console(
        file=io.StringIO(),
        width=max(width, _NARROWEST),
        force_terminal=terminal,
        no_color=not terminal or None,
        highlight=False,
    )
    with console.capture() as capture:
        console.print(table)
    lines = capture.get().splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"
