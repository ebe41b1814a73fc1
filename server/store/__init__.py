"""A store of graphs, behind a protocol that suits engines in other processes.

Text goes in, serialised results come out, and every call has a deadline: a query from the public
may hang or crash an engine, so nothing of an engine's own types passes the border.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol


class StoreError(Exception):
    """The store cannot be opened or written; the message says why and what to do."""


class QueryRefused(Exception):
    """The query is not one that is answered: syntax, an update, SERVICE; the message says why."""


class QueryTooLong(QueryRefused):
    """The query has more characters than queries may have."""


class QueryTimedOut(Exception):
    """The query was stopped because it ran longer than its deadline."""


class QueryCrashed(Exception):
    """The engine died over the query, or had not enough memory; nothing else was harmed."""


class AnswerTooLarge(Exception):
    """The answer is larger than answers may be; the engine stopped making it."""


class NotInFormat(Exception):
    """The answer cannot be written in the format asked for, as in others; the message says why."""


class StoreBusy(Exception):
    """As many public queries are running and waiting as may; this one was not begun."""


@dataclass(frozen=True)
class Dataset:
    """What a query ranges over: SPARQL 1.1 Protocol (2013), section 2.1.4.

    ``default`` and ``named`` are graph names; None for both means the whole store, its default
    graph being the union of all graphs.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Store(Protocol):
    """What the server needs of a store."""

    @property
    def base(self) -> str:
        """The base address under which everything in the store has its URI."""

    @property
    def version(self) -> str:
        """What changes whenever the content of the store does; raises StoreError."""

    @property
    def version_now(self) -> str:
        """The version, surely asked for anew; from then on ``version`` is it. Raises StoreError."""

    @property
    def changed(self) -> float:
        """When the content of the store last changed, in seconds since 1970; raises StoreError."""

    def query(
        self,
        text: str,
        results: str = "json",
        graph: str = "nt",
        dataset: Dataset | None = None,
        seconds: float | None = None,
        public: bool = False,
    ) -> "Answer":
        """Answer a SPARQL query.

        ``results`` (json, xml, csv, tsv) is used for SELECT and ASK, ``graph`` (ttl, nt, rdf,
        jsonld, trig) for CONSTRUCT and DESCRIBE; ``seconds`` is the deadline, None the store's own.
        Queries from outside are ``public``: they wait for each other, never the server's own
        for them. Raises QueryRefused, QueryTimedOut, QueryCrashed, AnswerTooLarge, NotInFormat,
        StoreBusy or StoreError.
        """


@dataclass(frozen=True)
class Answer:
    """The serialised answer to a query; ``is_graph`` tells a graph from a table or truth value."""

    is_graph: bool
    body: bytes


class Graphs(Protocol):
    """A store whose graphs can be read one by one, whole."""

    @property
    def base(self) -> str:
        """The base address under which everything in the store has its URI."""

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); nothing where the store has none of that name."""


class WritableStore(Graphs, Protocol):
    """What publishing needs of a store."""

    def graph_names(self) -> Iterator[str]:
        """The names of all graphs, sorted."""

    def holds(self, name: str, triple: str) -> bool:
        """Whether the graph of that name has a triple (N-Triples, without the final dot)."""

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Put each graph (N-Triples, by name) in place of what its name held, all or none."""

    def make_visible(self) -> None:
        """Let readers see what was replaced so far."""

    def forget(self) -> None:
        """Leave nothing of what was replaced, as far as it is in the store's own hands."""
