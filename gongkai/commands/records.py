"""Write the record of each conversion beside its results, or to a separate folder."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.record import failure_record, place_record, record_of, source_record
from gongkai.ontology.labels import Label
from gongkai.pipeline import Outcome
from gongkai.shapes.findings import Finding
from gongkai.whole_file import write_whole

SUFFIX = ".record.json"


class Records:
    """A folder of records: BODY-YEAR.record.json, and NAME.record.json for files that failed."""

    def __init__(self, folder: Path | None, limits: Limits = DEFAULT_LIMITS) -> None:
        """Write to ``folder``, which is created if missing; to nowhere if it is None."""
        self._folder = folder
        self._limits = limits
        self._names: Counter[str] = Counter()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def write(self, outcome: Outcome, refused: Label | None = None, checked: bool = True) -> None:
        """Write the record of one outcome; ``refused`` says why it has no result of its own.

        Raises OSError if it cannot be written.
        """
        if self._folder is None:
            return
        if outcome.report is None:
            assert outcome.failure is not None, "an outcome has a report or an error"
            content = failure_record(self._unread(outcome.path), outcome.failure)
            name = outcome.path.name
        elif refused is not None:
            content = failure_record(source_record(outcome.report.source_file), refused, "left-out")
            name = outcome.path.name
        else:
            content = record_of(outcome.report)
            if checked:
                content["findings"] = [_finding(finding) for finding in outcome.findings]
            name = outcome.report.key.replace("/", "-")
        self._names[name] += 1
        if self._names[name] > 1:
            # Two files of the same name in two folders.
            name += f"-{self._names[name]}"
        text = json.dumps(content, ensure_ascii=False, indent=2)
        # A file name may hold bytes that are not valid characters.
        data = (text + "\n").encode(errors="backslashreplace")
        write_whole(self._folder / (name + SUFFIX), data)

    def _unread(self, path: Path) -> dict[str, Any]:
        """The source record of a file that was not read."""
        size = checksum = None
        try:
            if path.is_file():
                size = path.stat().st_size
                if size <= self._limits.most_bytes:
                    with path.open("rb") as file:
                        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            pass  # The record itself reports that the file cannot be read.
        return {
            "name": path.name,
            "media_type": None,
            "size": size,
            "sha256": checksum,
            "address": None,
            "retrieved": None,
        }


def _finding(finding: Finding) -> dict[str, Any]:
    members = asdict(finding)
    members["place"] = place_record(finding.place)
    return members
