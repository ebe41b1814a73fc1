"""What changed in a remote store, from the histories of its reports and the names of its bodies."""

import hashlib
import json
from collections import defaultdict
from pathlib import Path

from gongkai.server.derived.folders import MADE_OF
from gongkai.server.queries.rows import rows
from gongkai.server.store import Store


def graphs_now(store: Store) -> dict[str, str]:
    """What changes with each report and the names of each body, by the names of their graphs."""
    found = {
        row["report"]: f"{row['version']} {row['issued']} {row['digest']}"
        for row in rows(store, "derived-reports", store.base)
    }
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "derived-names", store.base):
        names[row["body"]].add(row["name"])
    for body, called in names.items():
        found[body] = hashlib.sha256("\n".join(sorted(called)).encode()).hexdigest()
    return found


def keep_graphs(folder: Path, graphs: dict[str, str]) -> None:
    """Keep with an index what it was made of; raises OSError."""
    (folder / MADE_OF).write_text(json.dumps(graphs, ensure_ascii=False), encoding="utf-8")


def changed_since(folder: Path, graphs: dict[str, str]) -> frozenset[str] | None:
    """The graphs that changed since an index was made; None if it does not say of what."""
    try:
        before = json.loads((folder / MADE_OF).read_text(encoding="utf-8"))
        names = before.keys() | graphs.keys()
        return frozenset(name for name in names if before.get(name) != graphs.get(name))
    except (OSError, ValueError, AttributeError):
        return None
