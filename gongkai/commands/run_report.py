"""The report of a run for programs: what became of each file, written while the run goes on."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from gongkai.publishing.ledger import Result
from gongkai.publishing.standing import Refusal, Standing
from gongkai.version import __version__


class RunReport:
    """A JSON document: ``files`` as they are done, then the counts; whole or not there.

    Each file has its ``path``, whether it was ``read`` or is known from an earlier run, and its
    ``results``: ``standing``, ``refusal``, ``report``, ``digest``, ``lines``, ``code``.
    """

    def __init__(self, path: Path, store: str, base: str) -> None:
        """Begin the document; raises OSError."""
        self._path = path
        self._part = path.with_name(path.name + ".new")
        self._file = self._part.open("w", encoding="utf-8", errors="backslashreplace")
        begun = {"version": __version__, "store": store, "base": base, "began": _now()}
        head = json.dumps(begun, ensure_ascii=False)
        self._file.write(head.removesuffix("}") + ', "files": [')
        self._separator = "\n"

    def add(self, path: Path, results: tuple[Result, ...], read: bool) -> None:
        """Add a file; raises OSError."""
        members = [
            {
                "standing": result.standing,
                "refusal": result.refusal,
                "report": result.report,
                "digest": result.digest,
                "lines": result.lines,
                "code": result.code,
            }
            for result in results
        ]
        row = {"path": str(path), "read": read, "results": members}
        self._file.write(self._separator + json.dumps(row, ensure_ascii=False))
        self._separator = ",\n"

    def end(self, counts: Mapping[Standing, int], refusals: Counter[Refusal], code: int) -> None:
        """Write the counts, and put the document in its place; raises OSError."""
        end = {
            "counts": {kind: counts[kind] for kind in Standing},
            "refusals": {kind: refusals[kind] for kind in Refusal},
            "code": code,
            "ended": _now(),
        }
        self._file.write("\n], " + json.dumps(end, ensure_ascii=False).removeprefix("{") + "\n")
        self._file.close()
        self._part.replace(self._path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
