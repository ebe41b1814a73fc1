"""One JSON document of all that was found; its members are told in docs/check.md."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from gongkai.certainty import certainty_of
from gongkai.check_formats import Checked
from gongkai.converters.record import place_record
from gongkai.shapes.findings import Finding

VERSION = 1
"""Of the layout of the document."""


class JsonFormat:
    """Writes the members of the document as the files come."""

    def __init__(self) -> None:
        """Begin a document without reports."""
        self._before = ""

    def begin(self) -> Iterator[str]:
        """What the document is, and the beginning of its list of reports."""
        yield f'{{"document": "gongkai check", "version": {VERSION}, "reports": ['

    def tell(self, checked: Checked) -> Iterator[str]:
        """One member of the list: a report with all its findings, or a file with its error."""
        yield self._before + "\n" + json.dumps(_entry(checked), ensure_ascii=False)
        self._before = ","

    def end(self, exit_code: int) -> Iterator[str]:
        """The end of the list, and the exit code."""
        yield f'\n], "exit_code": {exit_code}}}\n'


def _entry(checked: Checked) -> dict[str, Any]:
    outcome = checked.outcome
    entry: dict[str, Any] = {"file": str(checked.path)}
    if checked.later or outcome is None:
        return entry | {"compared_later": True, "findings": _findings(checked)}
    if outcome.error is not None:
        return entry | {"error": outcome.error}
    entry["report"] = outcome.uri
    if outcome.report is not None:
        media_type = outcome.report.source.media_type
        entry |= {
            "body": outcome.report.body.key,
            "year": outcome.report.year,
            "complete": outcome.report.complete,
            "media_type": media_type,
            "certainty": certainty_of(media_type).key,
        }
    entry["conforms"] = not checked.findings
    entry["rules"] = {
        rule: {
            "outcome": count.outcome,
            "held": count.held,
            "broken": count.broken,
            "not_assessable": count.not_assessable,
        }
        for rule, count in outcome.counts.items()
    }
    return entry | {"findings": _findings(checked)}


def _findings(checked: Checked) -> list[dict[str, Any]]:
    return [finding_members(finding) for finding in checked.findings]


def finding_members(finding: Finding) -> dict[str, Any]:
    """A finding as JSON: as in the records of conversion."""
    return asdict(finding) | {"place": place_record(finding.place)}
