"""Which graphs of an embedded store were written from one version to the next.

``STORE/journal`` has a line of JSON for each version, entered before readers see it. Who follows
the store reads from it what may have changed between two versions, or that this is not known: if
they are older than the journal, or something between them was written without it.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from gongkai.server.store.embedded_writer import NewSnapshot

_NAME = "journal"
_MOST = 64 * 1024**2
"""Bytes; a longer journal is begun anew."""


def enter(snapshot: NewSnapshot) -> None:
    """Enter a snapshot; where that fails, what changed with it is not known."""
    path = snapshot.store / _NAME
    entry = {
        "from": snapshot.previous,
        "to": snapshot.name,
        "graphs": None if snapshot.changed is None else sorted(snapshot.changed),
    }
    with suppress(OSError):
        long = path.exists() and path.stat().st_size > _MOST
        with path.open("w" if long else "a", encoding="utf-8") as file:
            # A line that was cut must not swallow the next one.
            file.write("\n" + json.dumps(entry) + "\n")


def changed_graphs(folder: Path, before: str, after: str) -> frozenset[str] | None:
    """The graphs that may differ between two versions of a store; None if any may."""
    steps = _steps(folder)
    found: set[str] = set()
    at = after
    while at != before:
        # Each step is taken once: a journal that was copied or edited may have circles.
        step = steps.pop(at, None)
        if step is None or step["from"] is None or step["graphs"] is None:
            return None
        found.update(step["graphs"])
        at = step["from"]
    return frozenset(found)


def _steps(folder: Path) -> dict[str, dict[str, Any]]:
    """The entries by the version that they lead to."""
    steps = {}
    with suppress(OSError):
        for line in (folder / _NAME).read_bytes().splitlines():
            with suppress(ValueError):
                if line:
                    entry = json.loads(line)
                    steps[entry["to"]] = entry
    return steps
