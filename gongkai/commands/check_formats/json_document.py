"""One JSON document with all findings; its members are described in docs/check.md."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from gongkai.checking.certainty import certainty_of_report
from gongkai.checking.years import NextYear
from gongkai.commands.check_formats import path_text
from gongkai.converters.record import failure_members, place_record
from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.terms import text_of
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding
from gongkai.shapes.quality import DQV
from gongkai.shapes.results import Count

VERSION = 1
"""Layout version: changes if a member is removed or changes its meaning, not if one is added."""


class JsonFormat:
    """Writes the members of the document as the files come."""

    def __init__(self) -> None:
        """Begin a document without reports."""
        self._before = ""

    def begin(self) -> Iterator[str]:
        """The head of the document, and the beginning of its list of reports."""
        yield f'{{"document": "gongkai check", "version": {VERSION}, "reports": ['

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """One member of the list: a report with all its findings, or a file with its error."""
        return self._member(_entry(outcome))

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """One more member on a report written earlier: what could be assessed only now."""
        return self._member(
            {
                "file": path_text(later.path),
                "report": later.report or None,
                "compared_later": True,
                "rules": _rules(later.counts),
                "findings": _findings(later.findings),
            }
        )

    def end(self, exit_code: int) -> Iterator[str]:
        """The end of the list, and the exit code."""
        yield f'\n], "exit_code": {exit_code}}}\n'

    def _member(self, entry: Mapping[str, Any]) -> Iterator[str]:
        yield self._before + "\n" + json.dumps(entry, ensure_ascii=False)
        self._before = ","


def _entry(outcome: Outcome) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": path_text(outcome.path)}
    if outcome.failure is not None:
        return entry | failure_members(outcome.failure)
    body, year = outcome.body_and_year or (None, None)
    media_type = outcome.report.source_file.media_type if outcome.report is not None else None
    return entry | {
        "report": outcome.uri or None,
        "body": body,
        "year": year,
        "media_type": media_type,
        "certainty": certainty_of_report(outcome.report).key,
        "complete": outcome.complete,
        "conforms": not outcome.findings,
        "rules": _rules(outcome.counts),
        "quality": _quality(outcome),
        "findings": _findings(outcome.findings),
    }


def _rules(counts: Mapping[str, Count]) -> dict[str, dict[str, Any]]:
    return {
        rule: {
            "outcome": count.outcome,
            "held": count.held,
            "broken": count.broken,
            "not_assessable": count.not_assessable,
        }
        for rule, count in counts.items()
    }


def _quality(outcome: Outcome) -> dict[str, float]:
    """The quality measurements of the validation report, by metric (``ontology/quality.ttl``)."""
    facts = read_facts(outcome.validation)
    metrics, values = facts.of(DQV.isMeasurementOf.n3()), facts.of(DQV.value.n3())
    return {
        text_of(metric).rpartition("/")[2]: _number(text_of(values[node][0]))
        for node, (metric,) in metrics.items()
    }


def _number(text: str) -> float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) | {"place": place_record(finding.place)} for finding in findings]
