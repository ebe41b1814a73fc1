"""A cache of answers on disk: a command that is run again requests only the rest."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gongkai.whole_file import write_whole

Row = dict[str, dict[str, str]]
"""A row of an answer: cells by variable (SPARQL 1.1 Query Results JSON Format)."""


@dataclass(frozen=True)
class CachedAnswer:
    """The rows of an answer, and when it was received."""

    rows: tuple[Row, ...]
    asked: datetime


class Cache:
    """A folder of answers, by endpoint and query; those older than ``days`` are ignored."""

    def __init__(self, folder: Path, days: float) -> None:
        """Keep answers in ``folder``, which is created if missing. Raises OSError."""
        self._folder = folder
        self._oldest = timedelta(days=days)
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, endpoint: str, query: str) -> CachedAnswer | None:
        """The endpoint's answer to the query; None if it is not in the cache, or too old."""
        try:
            said: Any = json.loads(self._file(endpoint, query).read_bytes())
            asked = datetime.fromisoformat(said["asked"])
            if (said["endpoint"], said["query"]) != (endpoint, query):
                return None
            if not timedelta() <= datetime.now(UTC) - asked <= self._oldest:
                return None
            return CachedAnswer(tuple(said["rows"]), asked)
        except (OSError, ValueError, KeyError, TypeError):
            # Missing or incomplete: it is requested again.
            return None

    def keep(self, endpoint: str, query: str, answer: CachedAnswer) -> None:
        """Keep an answer; raises OSError."""
        said = {
            "endpoint": endpoint,
            "query": query,
            "asked": answer.asked.isoformat(),
            "rows": answer.rows,
        }
        content = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        write_whole(self._file(endpoint, query), content.encode("utf-8", "surrogatepass"))

    def _file(self, endpoint: str, query: str) -> Path:
        digest = hashlib.sha256(f"{endpoint}\n{query}".encode()).hexdigest()[:32]
        return self._folder / f"{digest}.json"
