"""What is sent to a store over HTTP for a query, and its answer in the format asked for."""

from collections.abc import Collection
from dataclasses import dataclass

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import Answer, Dataset, StoreError
from gongkai.server.store.answers import (
    RESULTS,
    TRIPLES,
    prefixes,
    read_triples,
    write_graph,
    write_results,
)
from gongkai.server.store.query_text import (
    asks_for_graph,
    names_dataset,
    prologue,
    refuse_if_special,
    refuse_if_too_large,
)
from gongkai.server.store.services import refuse_services


@dataclass(frozen=True)
class Asked:
    """A query as it is sent: its text, its parameters, and the format asked for.

    ``is_graph`` is true for CONSTRUCT and DESCRIBE; ``whole`` if the query names no dataset.
    """

    text: str
    parameters: list[tuple[str, str]]
    is_graph: bool
    whole: bool

    @property
    def accept(self) -> str:
        """The one format in which stores are asked for a graph, or for results."""
        return TRIPLES if self.is_graph else RESULTS


def asking(
    text: str,
    base: str,
    dataset: Dataset | None,
    services: Collection[str],
    public: bool,
) -> Asked:
    """A query as it is sent to a store.

    ``services`` are the endpoints that it may call. Raises QueryRefused.
    """
    refuse_if_too_large(text)
    refuse_services(text, services)
    if public:
        refuse_if_special(text)
    chosen = dataset or Dataset()
    parameters = [("default-graph-uri", name) for name in chosen.default or ()]
    parameters += [("named-graph-uri", name) for name in chosen.named or ()]
    whole = not parameters and not names_dataset(text)
    is_graph = asks_for_graph(text)
    if prologue(text)[0] is None:
        # Relative IRIs are resolved against our endpoint, wherever the store is.
        text = f"BASE <{base}sparql> {text}"
    return Asked(text, parameters, is_graph, whole)


def answered(asked: Asked, body: bytes, results: str, graph: str, base: str, where: str) -> Answer:
    """The answer of the store ``where`` in one of the formats; StoreError if it cannot be read."""
    try:
        if asked.is_graph:
            return Answer(True, write_graph(read_triples(body), graph, prefixes(base)))
        return Answer(False, write_results(body, results))
    except (SyntaxError, ValueError) as error:
        raise StoreError(
            translations("store.remote.unreadable_answer", where=where, reason=label_of(error))
        ) from None
