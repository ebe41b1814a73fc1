"""A store elsewhere: SPARQL 1.1 Query and Update over HTTP, by SPARQLWrapper.

What the store answers is asked for in one format each (XML of results, N-Triples) and written anew
in the format wanted, so that every store gives the same; a graph of its own (``urn:gongkai:store``)
tells the base address and what version of everything is there. What a store does with a query that
was given up is its own affair: give it a time limit of its own.
"""

import csv
import threading
import time
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import pyoxigraph

from gongkai.ontology.addresses import Addresses, BadBase
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
from gongkai.server.store.answers import prefixes, write_graph, write_results
from gongkai.server.store.endpoint import OWN_SECONDS, Endpoint, Remote
from gongkai.server.store.engines import OWN_ANSWER, Bounds
from gongkai.server.store.query_text import (
    asks_for_graph,
    names_dataset,
    refuse_if_special,
    refuse_if_too_large,
)
from gongkai.server.store.services import refuse_services

MARKER = "urn:gongkai:store"
"""The graph in which a store elsewhere says what it is, and the thing that it says it of."""

_UNION: tuple[dict[str, str], ...] = (
    {},
    {"union-default-graph": ""},
    {"default-graph-uri": "urn:x-arq:UnionGraph"},
)
"""What stores want to hear for the union of all graphs: nothing, Oxigraph's way, Jena's way."""

_RESULTS, _TRIPLES = "application/sparql-results+xml", "application/n-triples"
_KNOWN_FOR = 1.0
"""Seconds for which the version of the store is believed before it is asked for again."""

_MOST_AT_ONCE = 4000
"""Triples in one update: Virtuoso's compiler has no memory for 5,000."""


class RemoteStore:
    """A store elsewhere, for readers and for the one who publishes."""

    def __init__(
        self,
        remote: Remote,
        bounds: Bounds | None = None,
        deadline: float = 30.0,
        services: Collection[str] = (),
        base: str | None = None,
    ) -> None:
        """Open the store at ``remote``; with ``base`` it is made there if there is none.

        Raises StoreError where it cannot be reached, or nothing was published to it.
        """
        self._endpoint = Endpoint(remote)
        self._where = remote.query
        self._bounds = bounds or Bounds()
        self._deadline = deadline
        self._services = frozenset(services)
        self._slots = threading.BoundedSemaphore(self._bounds.engines + self._bounds.slow)
        self._lock = threading.Lock()
        self._mark: tuple[float, str, float] | None = None
        self._union: dict[str, str] = {}
        known = stored_base(remote)
        if known is None:
            if base is None:
                raise StoreError(
                    f"there is no published store at {self._where}: make one with "
                    f"gongkai publish FILE... --store {self._where}"
                )
            self._base = base
            self._endpoint.update(self._marked())
        else:
            self._base = known
        self._union = self._find_union()

    @property
    def base(self) -> str:
        """The base address fixed at the first publish."""
        return self._base

    @property
    def version(self) -> str:
        """What changes whenever something is published; known for a second. Raises StoreError."""
        return self._marks()[1]

    @property
    def changed(self) -> float:
        """When something was published last, in seconds since 1970; raises StoreError."""
        return self._marks()[2]

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
        refuse_if_too_large(text)
        refuse_services(text, self._services)
        if public:
            refuse_if_special(text)
        chosen = dataset or Dataset()
        parameters = [("default-graph-uri", name) for name in chosen.default or ()]
        parameters += [("named-graph-uri", name) for name in chosen.named or ()]
        if not parameters and not names_dataset(text):
            parameters = list(self._union.items())
        is_graph = asks_for_graph(text)
        accept = _TRIPLES if is_graph else _RESULTS
        if not self._slots.acquire(timeout=self._bounds.patience):
            raise StoreBusy("too many queries at once: try again in a while")
        try:
            limit = seconds or self._deadline
            most = self._bounds.answer if public else OWN_ANSWER
            # The base of relative IRIs is our endpoint, wherever the store is.
            based = f"BASE <{self._base}sparql> {text}"
            body = self._endpoint.ask(based, accept, parameters, limit, most)
        finally:
            self._slots.release()
        try:
            if is_graph:
                found = pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)
                return Answer(True, write_graph(found, graph, prefixes(self._base)))
            return Answer(False, write_results(body, results))
        except (SyntaxError, ValueError) as error:
            raise StoreError(f"{self._where}: its answer cannot be read: {error}") from None

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); nothing where the store has none of that name."""
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
        yield from (line.strip().strip('"') for line in lines if line.strip())

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Put each graph (N-Triples, by name) in place of what its name held, in one update.

        What is too much for one update goes to graphs aside first, which the last one moves.
        """
        steps = []
        whole = sum(triples.count(b"\n") for triples in graphs.values()) <= _MOST_AT_ONCE
        for number, (name, triples) in enumerate(graphs.items()):
            steps.append(f"DROP SILENT GRAPH <{name}>")
            if not triples.strip():
                continue
            if whole:
                # Virtuoso is slow with templates: only blank nodes go into one, all into the same.
                lines = triples.splitlines()
                for blank in (False, True):
                    part = [line for line in lines if (b"_:" in line) is blank]
                    steps += [_insertion(name, part)] if part else []
            else:
                aside = f"{MARKER}#aside-{number}"
                self._put_aside(aside, triples)
                steps.append(f"MOVE GRAPH <{aside}> TO <{name}>")
        self._endpoint.update(" ;\n".join([*steps, self._marked()]))
        with self._lock:
            self._mark = None

    def _put_aside(self, name: str, triples: bytes) -> None:
        """Fill a graph in several updates; blank nodes all in one, since each names its own."""
        self._endpoint.update(f"DROP SILENT GRAPH <{name}>")
        lines = sorted(triples.splitlines(), key=lambda line: b"_:" not in line)
        blank = sum(b"_:" in line for line in lines)
        pieces = [lines[:blank]] if blank else []
        pieces += [lines[i : i + _MOST_AT_ONCE] for i in range(blank, len(lines), _MOST_AT_ONCE)]
        for piece in pieces:
            self._endpoint.update(_insertion(name, piece))

    def make_visible(self) -> None:
        """Nothing: readers see what was replaced as soon as the store has it."""

    def forget(self) -> None:
        """Nothing: what a store keeps of what was replaced is its own affair."""

    def close(self) -> None:
        """Nothing is held between requests."""

    def _own(self, text: str) -> bytes:
        """The answer to a query of our own: it is not for a client to be told of its trouble."""
        try:
            return self.query(text, "csv", seconds=OWN_SECONDS).body
        except (QueryRefused, QueryCrashed, QueryTimedOut, StoreBusy, AnswerTooLarge) as error:
            raise StoreError(f"{self._where}: {error}") from None

    def _marked(self) -> str:
        """The update that writes the marker: a new version, now."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return (
            f"DROP SILENT GRAPH <{MARKER}> ;\n"
            f"INSERT DATA {{ GRAPH <{MARKER}> {{\n"
            f'<{MARKER}> <{MARKER}#base> "{self._base}" .\n'
            f'<{MARKER}> <{MARKER}#version> "{uuid.uuid4().hex}" .\n'
            f'<{MARKER}> <{MARKER}#changed> "{now}" .\n}} }}'
        )

    def _marks(self) -> tuple[float, str, float]:
        with self._lock:
            mark = self._mark
            if mark is not None and time.monotonic() - mark[0] < _KNOWN_FOR:
                return mark
            told = _read_marker(self._endpoint, self._where)
            if told is None:
                raise StoreError(f"there is no published store at {self._where} any more")
            _, version, changed = told
            moment = datetime.fromisoformat(changed).timestamp()
            self._mark = (time.monotonic(), version, moment)
            return self._mark

    def _find_union(self) -> dict[str, str]:
        """The parameters with which the store takes the union of all graphs for the default."""
        text = f"SELECT ?o WHERE {{ <{MARKER}> <{MARKER}#base> ?o }}"
        for parameters in _UNION:
            body = self._endpoint.ask(text, _RESULTS, list(parameters.items()), 30.0, 100_000)
            if self._base.encode() in write_results(body, "csv"):
                return dict(parameters)
        raise StoreError(
            f"{self._where}: its default graph is not the union of all graphs: configure it so"
        )


def _insertion(name: str, lines: list[bytes]) -> str:
    """The update that adds triples (N-Triples, which SPARQL's data blocks take) to a graph."""
    data = b"\n".join(lines).decode("utf-8")
    # Virtuoso takes no blank nodes in INSERT DATA, but takes them in a template.
    if "_:" in data:
        return f"INSERT {{ GRAPH <{name}> {{\n{data}\n}} }} WHERE {{ }}"
    return f"INSERT DATA {{ GRAPH <{name}> {{\n{data}\n}} }}"


def stored_base(remote: Remote) -> str | None:
    """The base address of a store elsewhere; None where nothing was published to it.

    Raises StoreError where it cannot be reached.
    """
    told = _read_marker(Endpoint(remote), remote.query)
    if told is None:
        return None
    try:
        return Addresses(told[0]).base
    except BadBase as error:
        raise StoreError(f"the store at {remote.query} is damaged: {error}") from None


def _read_marker(endpoint: Endpoint, where: str) -> tuple[str, str, str] | None:
    text = (
        "SELECT ?base ?version ?changed WHERE { "
        f"GRAPH <{MARKER}> {{ <{MARKER}> <{MARKER}#base> ?base ; <{MARKER}#version> ?version ; "
        f"<{MARKER}#changed> ?changed }} }}"
    )
    try:
        body = write_results(endpoint.ask(text, _RESULTS, [], 30.0, 100_000), "csv")
    except (QueryRefused, QueryCrashed, QueryTimedOut, SyntaxError, ValueError) as error:
        raise StoreError(f"{where}: is no SPARQL 1.1 endpoint: {error}") from None
    rows = list(csv.reader(body.decode().splitlines()))[1:]
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


@contextmanager
def writing(remote: Remote, base: str) -> Iterator[RemoteStore]:
    """Open a store elsewhere for publishing; made there, under ``base``, if there is none.

    Raises StoreError where it cannot be reached, or has another base.
    """
    known = stored_base(remote)
    if known is not None and known != base:
        raise StoreError(
            f"the store at {remote.query} has the base address {known}: publish under it, or make "
            "a store elsewhere for another address"
        )
    yield RemoteStore(remote, base=base)
