"""A snapshot as a store: what the publisher derives indexes from, in its own process."""

from pathlib import Path

import pyoxigraph

from gongkai.ontology.texts import translations
from gongkai.server.store import Answer, Dataset, StoreError
from gongkai.server.store.answers import RESULT_FORMATS, prefixes, write_graph
from gongkai.server.store.query_text import names_dataset


class SnapshotStore:
    """The store of one snapshot, for queries of our own: without engines, bounds and deadlines."""

    def __init__(self, snapshot: Path, base: str) -> None:
        """Open a snapshot; raises StoreError if it cannot be read."""
        try:
            self._store = pyoxigraph.Store.read_only(str(snapshot))
        except (OSError, RuntimeError) as error:
            raise StoreError(
                translations("store.not_readable", folder=snapshot, reason=error)
            ) from None
        self._base = base
        self._snapshot = snapshot
        self._prefixes = prefixes(base)

    @property
    def base(self) -> str:
        """The base address."""
        return self._base

    @property
    def version(self) -> str:
        """The name of the snapshot."""
        return self._snapshot.name

    @property
    def version_now(self) -> str:
        """The same: a snapshot does not change."""
        return self._snapshot.name

    @property
    def changed(self) -> float:
        """When the snapshot was made; raises OSError."""
        return self._snapshot.stat().st_mtime

    def query(
        self,
        text: str,
        results: str = "json",
        graph: str = "nt",
        dataset: Dataset | None = None,
        seconds: float | None = None,
        public: bool = False,
    ) -> Answer:
        """Answer a query of our own; see ``Store.query``. Raises StoreError."""
        try:
            found = self._store.query(
                text,
                base_iri=self._base + "sparql",
                use_default_graph_as_union=not names_dataset(text),
            )
            if isinstance(found, pyoxigraph.QueryTriples):
                return Answer(True, write_graph(found, graph, self._prefixes))
            return Answer(False, found.serialize(format=RESULT_FORMATS[results]) or b"")
        except (SyntaxError, ValueError, RuntimeError, OSError) as error:
            raise StoreError(
                translations("store.not_readable", folder=self._snapshot, reason=error)
            ) from None
