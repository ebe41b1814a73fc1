"""The marker of a remote store: its base address, and the version of its content.

It is data in the graph of the document that describes the data set (W3C, Describing Linked Datasets
with the VoID Vocabulary, 2011, section 1.2), and changes in the same update as the rest.
"""

import csv
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.texts import listed, translations
from gongkai.ontology.texts.errors import label_of
from gongkai.ontology.triples.lines import line_of
from gongkai.ontology.triples.terms import TYPE, XSD
from gongkai.server.store import QueryCrashed, QueryRefused, QueryTimedOut, StoreError
from gongkai.server.store.answers import RESULTS, write_results
from gongkai.server.store.endpoint import Endpoint

_FORMER = "urn:gongkai:store"
"""The graph of the marker in stores of earlier versions."""


@dataclass(frozen=True)
class StoreMark:
    """The base address of a store, its version, and since when it has this version (Unix time).

    ``pattern`` is a triple that is in the graph ``graph`` as long as the store has this base.
    """

    base: str
    version: str
    changed: float
    graph: str
    pattern: str


def graph_of_marker(base: str) -> str:
    """The graph with the marker of a store with this base."""
    return base + ".well-known/void"


def marker(base: str) -> bytes:
    """The triples of a marker (N-Triples) with a new version, now."""
    node = f"<{graph_of_marker(base)}#data>"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return b"".join(
        line_of(node, *statement)
        for statement in (
            (TYPE, "<http://rdfs.org/ns/void#Dataset>"),
            ("<http://rdfs.org/ns/void#uriSpace>", f'"{base}id/"'),
            ("<http://www.w3.org/2002/07/owl#versionInfo>", f'"{uuid.uuid4().hex}"'),
            ("<http://purl.org/dc/terms/modified>", f'"{now}"^^<{XSD}dateTime>'),
        )
    )


def marking(base: str) -> tuple[str, ...]:
    """The update statements that give the store a new version, now."""
    name = graph_of_marker(base)
    return (
        f"DROP SILENT GRAPH <{_FORMER}>",
        f"DROP SILENT GRAPH <{name}>",
        f"INSERT DATA {{ GRAPH <{name}> {{\n{marker(base).decode()}}} }}",
    )


def read_mark(endpoint: Endpoint, where: str) -> StoreMark | None:
    """The marker of the store; None if nothing was published to it.

    Raises StoreError if it cannot be reached, or the marker is invalid.
    """
    try:
        text = files(__package__).joinpath("marker.rq").read_text(encoding="utf-8")
        answer = endpoint.ask(text, RESULTS, [], 30.0, 1_000_000)
        rows = list(csv.reader(write_results(answer, "csv").decode().splitlines()))[1:]
    except (QueryRefused, QueryCrashed, QueryTimedOut, SyntaxError, ValueError) as error:
        raise StoreError(
            translations("store.remote.no_endpoint", where=where, reason=label_of(error))
        ) from None
    marks = [mark for row in rows if (mark := _mark(where, *row)) is not None]
    if len({mark.base for mark in marks}) > 1:
        bases = listed(sorted({mark.base for mark in marks}))
        raise StoreError(translations("store.remote.several", where=where, bases=bases))
    return marks[0] if marks else None


def _mark(where: str, graph: str, space: str, version: str, changed: str) -> StoreMark | None:
    """A row as a mark; None if it is a description of another data set."""
    base = space.removesuffix("id/") if graph else space
    if graph and graph != graph_of_marker(base):
        return None
    pattern = f'<{graph}#data> <http://rdfs.org/ns/void#uriSpace> "{space}"'
    if not graph:
        graph, pattern = _FORMER, f'<{_FORMER}> <{_FORMER}#base> "{space}"'
    try:
        moment = datetime.fromisoformat(changed)
        # Virtuoso writes UTC times without a time zone.
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return StoreMark(Addresses(base).base, version, moment.timestamp(), graph, pattern)
    except (BadBase, ValueError) as error:
        raise StoreError(
            translations("store.remote.damaged", where=where, reason=label_of(error))
        ) from None
