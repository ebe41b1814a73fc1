"""A remote store: SPARQL 1.1 Query and Update over HTTP.

Answers are requested from the store in one format each (XML for results, N-Triples) and rewritten
in the requested format, so that all stores give the same. The store itself must stop queries that
were given up: set a time limit there.
"""

import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import (
    Answer,
    AnswerTooLarge,
    Dataset,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreBusy,
    StoreError,
)
from gongkai.server.store.bounds import OWN_ANSWER, Bounds
from gongkai.server.store.endpoint import OWN_SECONDS, Endpoint, Remote
from gongkai.server.store.marker import StoreMark, graph_of_marker, marking, read_mark
from gongkai.server.store.probe import refuse_if_unfit, union_of
from gongkai.server.store.remote_answers import answered, asking
from gongkai.server.store.transitive_paths import has_transitive_path
from gongkai.server.store.updates import replacement

_KNOWN_FOR = 1.0
"""Seconds for which the version of the store is cached."""

_SNAPSHOTS = ("oxigraph", "fuseki")
"""Names of stores in which a query sees one state from its beginning to its end."""

_AT_MOST = 5
"""How often a query is sent that the store may have answered from two states."""


class RemoteStore:
    """A remote store, for readers and for the publisher."""

    def __init__(
        self,
        remote: Remote,
        bounds: Bounds | None = None,
        deadline: float = 30.0,
        services: Collection[str] = (),
        base: str | None = None,
    ) -> None:
        """Open the store at ``remote``; with ``base`` it is created there if there is none.

        Raises StoreError if it cannot be reached, or nothing was published to it.
        """
        self._endpoint = Endpoint(remote)
        self._where = remote.query
        self._bounds = bounds or Bounds()
        self._deadline = deadline
        self._services = frozenset(services)
        self._slots = threading.BoundedSemaphore(self._bounds.engines + self._bounds.slow)
        self._lock = threading.Lock()
        self._known: tuple[float, StoreMark] | None = None
        self._union: dict[str, str] = {}
        mark = read_mark(self._endpoint, self._where)
        if mark is None:
            if base is None:
                raise StoreError(translations("store.remote.nothing_published", where=self._where))
            refuse_if_unfit(self._endpoint, self._where, graph_of_marker(base))
            self._endpoint.update(" ;\n".join(marking(base)))
            mark = self._read_mark()
        self._base = mark.base
        self._union = union_of(self._endpoint, self._where, mark.graph, mark.pattern)

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    @property
    def version(self) -> str:
        """Changes at every publication; cached for a second. Raises StoreError."""
        return self._mark().version

    @property
    def version_now(self) -> str:
        """The version, read anew; raises StoreError."""
        return self._mark(known_for=0.0).version

    @property
    def changed(self) -> float:
        """When something was last published, in seconds since 1970; raises StoreError."""
        return self._mark().changed

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
        asked = asking(text, self._base, dataset, self._services, public)
        if self._endpoint.software.startswith("virtuoso") and has_transitive_path(text):
            raise QueryRefused(translations("virtuoso.paths"))
        parameters = list(self._union.items()) if asked.whole else asked.parameters
        most = self._bounds.answer if public else OWN_ANSWER
        if not self._slots.acquire(timeout=self._bounds.patience):
            raise StoreBusy(translations("store.busy.quick"))
        try:
            body = self._of_one_state(
                asked.text, asked.accept, parameters, seconds or self._deadline, most
            )
        finally:
            self._slots.release()
        return answered(asked, body, results, graph, self._base, self._where)

    def _of_one_state(
        self, text: str, accept: str, parameters: list[tuple[str, str]], seconds: float, most: int
    ) -> bytes:
        """The answer to a query, from a single version of the store.

        Virtuoso reads the currently committed data (its isolation is "read committed"), so a query
        during a publication may see both states; then it is sent again.
        """
        before = self._mark().version
        for _ in range(_AT_MOST):
            body = self._endpoint.ask(text, accept, parameters, seconds, most)
            if self._endpoint.software.startswith(_SNAPSHOTS):
                return body
            now = self.version_now
            if now == before:
                return body
            before = now
        raise StoreBusy(translations("store.remote.changing"))

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); empty if the store has no graph of that name."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        return self._own(text)

    def holds(self, name: str, triple: str) -> bool:
        """Whether the graph of that name has a triple."""
        return self._own(f"ASK {{ GRAPH <{name}> {{ {triple} }} }}").strip() == b"true"

    def graph_names(self) -> Iterator[str]:
        """The names of all graphs under the base address, sorted."""
        text = (
            "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } "
            f'FILTER (STRSTARTS(STR(?g), "{self._base}")) }} ORDER BY STR(?g)'
        )
        lines = self._own(text).decode().splitlines()[1:]
        names = (line.strip().strip('"') for line in lines)
        yield from (name for name in names if name and name != graph_of_marker(self._base))

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Replace the content of each graph (N-Triples, by name), in one request.

        The store applies it completely or not at all; StoreError if it does not.
        """
        self._endpoint.update(" ;\n".join([*replacement(graphs), *marking(self._base)]))
        with self._lock:
            self._known = None

    @property
    def settled(self) -> bool:
        """Whether all that was replaced is stored: each replacement is, at once."""
        return True

    def make_visible(self) -> None:
        """Nothing to do: readers see replaced graphs at once."""

    def forget(self) -> None:
        """Nothing to do: what a remote store keeps of replaced graphs is up to it."""

    def close(self) -> None:
        """Nothing to do: no connection is kept between requests."""

    def _own(self, text: str) -> bytes:
        """The answer to one of our own queries: its errors are not reported to a client."""
        try:
            return self.query(text, "csv", seconds=OWN_SECONDS).body
        except (QueryRefused, QueryCrashed, QueryTimedOut, StoreBusy, AnswerTooLarge) as error:
            raise StoreError(
                translations("store.remote.failed", where=self._where, reason=label_of(error))
            ) from None

    def _mark(self, known_for: float = _KNOWN_FOR) -> StoreMark:
        with self._lock:
            if self._known is not None and time.monotonic() - self._known[0] < known_for:
                return self._known[1]
        asked = time.monotonic()
        mark = self._read_mark()
        with self._lock:
            self._known = asked, mark
        return mark

    def _read_mark(self) -> StoreMark:
        mark = read_mark(self._endpoint, self._where)
        if mark is None:
            raise StoreError(translations("store.remote.gone", where=self._where))
        return mark


def stored_base(remote: Remote) -> str | None:
    """The base address of a remote store; None if nothing was published to it.

    Raises StoreError if it cannot be reached.
    """
    mark = read_mark(Endpoint(remote), remote.query)
    return None if mark is None else mark.base


@contextmanager
def writing(remote: Remote, base: str) -> Iterator[RemoteStore]:
    """Open a remote store for publishing; created under ``base`` if there is none.

    Raises StoreError if it cannot be reached, or has another base.
    """
    known = stored_base(remote)
    if known is not None and known != base:
        raise StoreError(translations("store.other_base", where=remote.query, base=known))
    yield RemoteStore(remote, base=base)
