"""The default page of a resource: its properties and their values."""

from dataclasses import dataclass
from typing import Any

from rdflib import XSD, BNode, Literal, URIRef

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.server.http.formats import compact
from gongkai.server.http.language import page_language, pick
from gongkai.server.pages.quantities import writers

_OBSERVED = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")
_WRITERS = {str(XSD.date): "day_text", str(XSD.dateTime): "moment_text"}
_MOST_VALUES = 200
"""Values of one property that a page lists; the other formats have them all."""


@dataclass(frozen=True)
class ShownValue:
    """A value on the page of a resource: a link, or a text with a language."""

    uri: str | None
    text: str
    language: str


def subjects_of(
    graph: Graph, this: str, names: dict[str, Label], base: str
) -> list[dict[str, Any]]:
    """Each subject of the graph, ``this`` first, with its properties and values."""
    language = page_language()

    def order(subject: str) -> tuple[bool, bool, int, str]:
        position = graph.value(URIRef(subject), URIRef(base + "def#order"))
        number = int(str(position)) if position is not None else 0
        return subject != this, not subject.startswith(this + "#"), number, subject

    found: list[dict[str, Any]] = []
    for subject in sorted({str(s) for s in graph.subjects() if isinstance(s, URIRef)}, key=order):
        properties: list[dict[str, Any]] = []
        for link in sorted(
            set(graph.predicates(URIRef(subject))), key=lambda item: (item != _OBSERVED, str(item))
        ):
            values = sorted(
                graph.objects(URIRef(subject), link),
                key=lambda value: _value_order(value, names, language),
            )
            properties.append(
                {
                    "link": str(link),
                    "values": [_shown(value, names, base) for value in values[:_MOST_VALUES]],
                    "more": max(len(values) - _MOST_VALUES, 0),
                }
            )
        found.append(
            {"uri": subject, "anchor": subject.partition("#")[2], "properties": properties}
        )
    return found


def _shown(value: object, names: dict[str, Label], base: str) -> ShownValue:
    if isinstance(value, Literal):
        write = writers(page_language()).get(_WRITERS.get(str(value.datatype), ""), str)
        return ShownValue(None, write(str(value).strip()), value.language or "")
    if isinstance(value, BNode):
        return ShownValue(None, "[ ]", "")
    uri = str(value)
    name = pick(names.get(uri, {}), page_language())
    return ShownValue(uri, name or compact(uri, base), "")


def _value_order(value: object, names: dict[str, Label], language: str) -> tuple[int, str]:
    if isinstance(value, Literal):
        return (0 if value.language == language else 1), str(value)
    return 2, pick(names.get(str(value), {}), language) or str(value)
