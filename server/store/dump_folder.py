"""The folder of the dump of the whole store: its description, and when it changed."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

WHOLE_STORE = "all.json"
"""The file in the folder of dumps that names the newest dump of the whole store."""


@dataclass(frozen=True)
class WholeDump:
    """A dump of the whole store: N-Quads, compressed with gzip.

    ``quads`` is their number, ``made`` the time when it was made.
    """

    path: Path
    size: int
    sha256: str
    quads: int
    made: datetime


def whole_dump(folder: Path | None) -> WholeDump | None:
    """The newest dump in a folder; None if there is none."""
    if folder is None:
        return None
    try:
        description = json.loads((folder / WHOLE_STORE).read_text(encoding="utf-8"))
        path = folder / str(description["file"])
        if path.parent != folder or path.stat().st_size != description["size"]:
            return None
        made = datetime.fromisoformat(description["made"]).astimezone(UTC)
        return WholeDump(
            path, description["size"], description["sha256"], description["quads"], made
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def dump_time(folder: Path | None) -> float:
    """When a dump was last made or removed, in seconds since 1970; 0 if there never was one."""
    if folder is None:
        return 0.0
    try:
        # Called on every request: pathlib would take several times as long.
        return os.stat(folder).st_mtime  # noqa: PTH116
    except OSError:
        return 0.0
