"""Places in a source document, and their statements in a graph."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from gongkai.ontology.texts import translation
from gongkai.ontology.triples.graph import Graph

_COUNTED = re.compile(r"[0-9]{1,9}")
_FIELDS = {
    "sourceLine": "line",
    "sourcePage": "page",
    "sourceSheet": "sheet",
    "sourceTable": "table",
    "sourceRow": "row",
    "sourceColumn": "column",
}
_TERMS = tuple(_FIELDS)


@dataclass(frozen=True)
class Place:
    """A place in the source, as far as its format has places; all counted from 1.

    ``line`` of a text file; ``page`` of a paged document; ``sheet`` (by name) of a workbook;
    ``table``, the number of the table in the document (of the sheet: always 1), with ``row`` and
    ``column`` in it.
    """

    line: int | None = None
    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def describe(self, language: str = "en") -> str:
        """The place in words, as in “page 3, table 2, row 5, column 4”; empty if none is known."""
        said = [
            translation(f"places.part.{name}", language, value=value)
            for name in _FIELDS.values()
            if (value := getattr(self, name)) is not None
        ]
        return translation("places.comma", language).join(said)

    def order(self) -> tuple[int, ...]:
        """A key that sorts places of one source in their order."""
        return tuple(
            number or 0 for number in (self.page, self.table, self.row, self.column, self.line)
        )


def state_place(graph: Graph, node: URIRef, place: Place, define: Namespace) -> None:
    """Add to ``graph`` that ``node`` stands at ``place``."""
    for term in _TERMS:
        value = getattr(place, _FIELDS[term])
        if value is not None:
            graph.add((node, define[term], Literal(value)))


def place_of(graph: Graph, node: Node, define: Namespace) -> Place | None:
    """The place that ``graph`` states for ``node``; None if it states none."""
    return place_stated(lambda term: _text(graph.value(node, define[term])))


def place_stated(stated: Callable[[str], str | None]) -> Place | None:
    """The place from the values by term (its last name under ``def#``); None if there are none."""
    values = [stated(term) for term in _TERMS]
    if all(value is None for value in values):
        return None
    line, page, sheet, table, row, column = values
    return Place(
        line=_number(line),
        page=_number(page),
        sheet=sheet,
        table=_number(table),
        row=_number(row),
        column=_number(column),
    )


def _text(value: Node | None) -> str | None:
    return None if value is None else str(value)


def _number(value: str | None) -> int | None:
    """A number that counts places; None for an invalid one, in a graph made by others."""
    return int(value) if value is not None and _COUNTED.fullmatch(value) else None
