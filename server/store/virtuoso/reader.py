"""Answers queries from the Virtuoso that runs beside an embedded store.

Queries with paths of any length go to the embedded engine, over a snapshot of the version that
Virtuoso holds: Virtuoso may lose solutions of them (``transitive_paths``).
"""

import threading
import time
from pathlib import Path

from gongkai.ontology.texts import translations
from gongkai.server.store import Answer, Dataset, StoreBusy, StoreError
from gongkai.server.store.bounds import OWN_ANSWER, Bounds
from gongkai.server.store.embedded import DEADLINE, DEFAULT_BOUNDS, EmbeddedReader
from gongkai.server.store.embedded_folder import stored_base
from gongkai.server.store.endpoint import Endpoint, Remote
from gongkai.server.store.remote_answers import Asked, answered, asking
from gongkai.server.store.transitive_paths import has_transitive_path
from gongkai.server.store.virtuoso import held_snapshot, serving

OWN_AT_ONCE = 8
"""Queries of the server's own that a process asks at once; those from outside do not count."""

_AT_MOST = 5
"""How often a query is asked again because a new version was committed meanwhile."""

_COMMITTING = 30.0
"""Seconds that a commit may take for readers to wait for it."""


class VirtuosoReader:
    """Answers queries from Virtuoso, each from one version of the store."""

    def __init__(
        self,
        store: Path,
        folder: Path,
        bounds: Bounds = DEFAULT_BOUNDS,
        deadline: float = DEADLINE,
    ) -> None:
        """Read the store in ``store`` from the Virtuoso in ``folder``, which runs already.

        SERVICE is refused. Raises StoreError if Virtuoso does not run, or nothing was published to
        the store.
        """
        base = stored_base(store)
        if base is None:
            raise StoreError(translations("store.nothing_published", folder=store))
        self._base = base
        self._store = store
        self._link = serving.link_of(folder)
        self._snapshot = held_snapshot.store_of(folder)
        self._embedded: EmbeddedReader | None = None
        self._lock = threading.Lock()
        self._bounds = bounds
        self._deadline = deadline
        self._public = threading.BoundedSemaphore(bounds.engines + bounds.slow)
        self._own = threading.BoundedSemaphore(OWN_AT_ONCE)
        self._served()

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    @property
    def folder(self) -> Path:
        """The folder of the snapshot that Virtuoso holds, and of what is derived from it."""
        return self._snapshot

    @property
    def version(self) -> str:
        """The version that Virtuoso holds; raises StoreError if it does not run."""
        return self._served().version

    @property
    def version_now(self) -> str:
        """The version, which is always read anew."""
        return self.version

    @property
    def changed(self) -> float:
        """Since when readers see this version; raises StoreError."""
        try:
            return Path(self._link).lstat().st_mtime
        except OSError:
            raise self._not_running() from None

    def query(
        self,
        text: str,
        results: str = "json",
        graph: str = "nt",
        dataset: Dataset | None = None,
        seconds: float | None = None,
        public: bool = False,
    ) -> Answer:
        """Answer a SPARQL query; see ``Store.query``."""
        if has_transitive_path(text):
            return self._by_embedded(text, results, graph, dataset, seconds, public)
        asked = asking(text, self._base, dataset, (), public)
        most = self._bounds.answer if public else OWN_ANSWER
        # Page requests wait as long as a query may take: the client is not at fault.
        slots, patience = (
            (self._public, self._bounds.patience) if public else (self._own, self._deadline)
        )
        if not slots.acquire(timeout=patience):
            raise StoreBusy(translations("store.busy.quick"))
        try:
            body = self._of_one_version(asked, seconds or self._deadline, most)
        finally:
            slots.release()
        return answered(asked, body, results, graph, self._base, f"Virtuoso in {self._link}")

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); empty if the store has no graph of that name."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        return self.query(text).body

    def close(self) -> None:
        """End the embedded engines, if a query needed them."""
        with self._lock:
            if self._embedded is not None:
                self._embedded.close()
                self._embedded = None

    def _by_embedded(
        self,
        text: str,
        results: str,
        graph: str,
        dataset: Dataset | None,
        seconds: float | None,
        public: bool,
    ) -> Answer:
        """The answer of the embedded engine, of the version that Virtuoso holds."""
        with self._lock:
            if self._embedded is None:
                self._embedded = EmbeddedReader(self._snapshot, self._bounds, self._deadline)
            embedded = self._embedded
        for _ in range(_AT_MOST):
            before = self._served()
            answer = embedded.query(text, results, graph, dataset, seconds, public)
            if self._read() == before and embedded.version == before.version:
                return answer
        raise StoreBusy(translations("virtuoso.updating"))

    def _of_one_version(self, asked: Asked, seconds: float, most: int) -> bytes:
        """The answer from a single version: asked again if a version was committed meanwhile."""
        for _ in range(_AT_MOST):
            before = self._served()
            address = f"http://127.0.0.1:{before.port}/sparql"
            try:
                body = Endpoint(Remote(address)).ask(
                    asked.text, asked.accept, asked.parameters, seconds, most
                )
            except StoreError:
                if self._read() == before:
                    raise
                continue  # It was replaced by another database, and ended.
            after = self._read()
            # A database that was replaced by another is not written to any more.
            if after is not None and (after == before or after.port != before.port):
                return body
        raise StoreBusy(translations("virtuoso.updating"))

    def _served(self) -> serving.Served:
        """What is served; while a version is committed, when that is done."""
        until = time.monotonic() + _COMMITTING
        while (served := self._read()) is None:
            if time.monotonic() > until:
                raise StoreError(translations("virtuoso.updating"))
            time.sleep(0.005)
        return served

    def _read(self) -> serving.Served | None:
        try:
            return serving.read(self._link)
        except (OSError, ValueError):
            raise self._not_running() from None

    def _not_running(self) -> StoreError:
        return StoreError(translations("virtuoso.not_running", folder=self._store))
