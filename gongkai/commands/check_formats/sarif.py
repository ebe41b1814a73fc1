"""SARIF 2.1.0 (OASIS Standard, 2020), for code scanning viewers and continuous integration."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongkai.checking.certainty import certainty_of_report
from gongkai.checking.rules import Rule, rules
from gongkai.checking.years import NextYear
from gongkai.commands.messages import colon, comma, equation, finding_text, said_of_place
from gongkai.converters.record import place_record
from gongkai.ontology.texts import message, readers_language
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding
from gongkai.version import __version__

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"Violation": "error", "Warning": "warning"}


class SarifFormat:
    """Writes one run: results as the files come, unreadable files at the end."""

    def __init__(self, base: str) -> None:
        """Take the base address, under which the rules are published."""
        self._base = base
        self._before = ""
        self._failed: list[dict[str, Any]] = []

    def begin(self) -> Iterator[str]:
        """The tool and its rules, and the beginning of the results."""
        driver = {
            "name": "gongkai",
            "version": __version__,
            "informationUri": self._base,
            "rules": [_rule(rule, self._base) for rule in rules().values()],
        }
        yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{"tool": '
        yield json.dumps({"driver": driver}, ensure_ascii=False)
        yield ', "columnKind": "unicodeCodePoints", "results": ['

    def entry(self, outcome: Outcome) -> Iterator[str]:
        """A result for each finding."""
        if outcome.error is not None:
            self._failed.append(_notification(outcome.path, outcome.error))
            return iter(())
        return self._results(
            outcome.path, outcome.findings, certainty_of_report(outcome.report).key
        )

    def later_entry(self, later: NextYear) -> Iterator[str]:
        """Results for the new findings."""
        return self._results(later.path, later.findings, None)

    def _results(
        self, path: Path, findings: Iterable[Finding], certainty: str | None
    ) -> Iterator[str]:
        for finding in findings:
            result = _result(path, finding, certainty)
            yield self._before + "\n" + json.dumps(result, ensure_ascii=False)
            self._before = ","

    def end(self, exit_code: int) -> Iterator[str]:
        """How the run went, with the files that could not be read."""
        invocation = {
            "executionSuccessful": not self._failed,
            "exitCode": exit_code,
            "toolExecutionNotifications": self._failed,
        }
        yield '\n], "invocations": ' + json.dumps([invocation], ensure_ascii=False) + "}]}\n"


def _rule(rule: Rule, base: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.label[readers_language()]},
        "fullDescription": {"text": rule.comment[readers_language()]},
        "helpUri": f"{base}shapes#{rule.id}",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(path: Path, finding: Finding, certainty: str | None) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "expected": finding.expected,
        "found": finding.found,
        "formula": finding.formula,
        "table": finding.table or None,
        "row": finding.row.get("zh"),
        "column": finding.column.get("zh"),
        "place": place_record(finding.place),
        "cells": list(finding.cells) or None,
        "certainty": certainty,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": _indices()[finding.rule],
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": _message(finding)},
        "locations": [_location(path, finding)],
        "partialFingerprints": {"ruleAndCell/v1": _fingerprint(finding)},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _message(finding: Finding) -> str:
    """Place, row and column as printed, the message of the rule, and the equation."""
    where = [said_of_place(finding.place)]
    for name, label in (("row", finding.row), ("column", finding.column)):
        if label.get("zh"):
            where.append(message(f"messages.header.{name}", name=label["zh"]))
    parts = [comma().join(part for part in where if part), finding_text(finding)]
    text = colon().join(part for part in parts if part)
    return f"{text} {equation(finding)}".strip()


def _location(path: Path, finding: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _address(path)}}
    line = finding.place.line if finding.place else None
    if line is not None:
        physical["region"] = {"startLine": line}
    return {
        "physicalLocation": physical,
        "logicalLocations": [{"fullyQualifiedName": finding.cell, "kind": "resource"}],
    }


def _address(path: Path) -> str:
    """A relative reference for a relative path (SARIF, section 3.4.4), else a file URI."""
    text = path.as_posix().encode("utf-8", "surrogateescape")
    quoted = quote(text)
    return f"file://{quoted}" if path.is_absolute() else quoted


def _notification(path: Path, error: str) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": error},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _address(path)}}}],
    }


def _fingerprint(finding: Finding) -> str:
    """The same value for the same rule at the same cell, whatever the numbers are."""
    return hashlib.sha256(f"{finding.rule} {finding.cell}".encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _indices() -> Mapping[str, int]:
    return {rule: number for number, rule in enumerate(rules())}
