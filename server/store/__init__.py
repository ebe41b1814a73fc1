"""The interface of stores, for engines in other processes.

Queries are text, answers are serialised, and every call has a deadline: a public query may hang or
crash an engine, so no types of an engine pass this interface.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from gongkai.ontology.texts.errors import TranslatedError


class StoreError(TranslatedError):
    """The store cannot be opened or written; the message says why and what to do."""


class QueryRefused(TranslatedError):
    """The query is not allowed: syntax, an update, SERVICE; the message says why."""


class QueryTooLong(QueryRefused):
    """The query has more characters than allowed."""


class QueryTimedOut(TranslatedError):
    """The query was stopped because it ran longer than its deadline."""


class QueryCrashed(TranslatedError):
    """The engine crashed on the query, or ran out of memory; nothing else was affected."""


class AnswerTooLarge(TranslatedError):
    """The answer is larger than allowed; the engine stopped producing it."""


class NotInFormat(TranslatedError):
    """The answer cannot be written in this format, but in others; the message says why."""


class StoreBusy(TranslatedError):
    """The limit of running and waiting public queries is reached; this one was not started."""


@dataclass(frozen=True)
class Dataset:
    """The dataset of a query: SPARQL 1.1 Protocol (2013), section 2.1.4.

    ``default`` and ``named`` are graph names; None for both means the whole store, its default
    graph being the union of all graphs.
    """

    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Store(Protocol):
    """What the server needs from a store."""

    @property
    def base(self) -> str:
        """The base address under which everything in the store has its URI."""

    @property
    def version(self) -> str:
        """A text that changes whenever the content of the store does; raises StoreError."""

    @property
    def version_now(self) -> str:
        """The version, always read anew; ``version`` is then the same. Raises StoreError."""

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
        Queries from outside are ``public``: they queue among themselves, and never delay the
        server's own. Raises QueryRefused, QueryTimedOut, QueryCrashed, AnswerTooLarge, NotInFormat,
        StoreBusy or StoreError.
        """


@dataclass(frozen=True)
class Answer:
    """The serialised answer to a query; ``is_graph`` is false for a table or truth value."""

    is_graph: bool
    body: bytes


class Graphs(Protocol):
    """A store whose graphs can be read one by one, as a whole."""

    @property
    def base(self) -> str:
        """The base address under which everything in the store has its URI."""

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); empty if the store has no graph of that name."""


class WritableStore(Graphs, Protocol):
    """What publishing needs from a store."""

    def graph_names(self) -> Iterator[str]:
        """The names of all graphs, sorted."""

    def holds(self, name: str, triple: str) -> bool:
        """Whether the graph of that name has a triple (N-Triples, without the final dot)."""

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Replace the content of each graph (N-Triples, by name): all of them or none.

        The store may do so later, together with others; see ``settled``.
        """

    @property
    def settled(self) -> bool:
        """Whether all that was replaced is stored, and stays if the process is killed."""

    def make_visible(self) -> None:
        """Store what was replaced so far, and make it visible to readers."""

    def forget(self) -> None:
        """Delete what was replaced, as far as the store itself controls it."""
