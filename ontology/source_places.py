"""Where something stands in a source document, and how a graph says so."""

from dataclasses import astuple, dataclass

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.term import Node

_WORDS = {
    "en": ("line {}", "page {}", "sheet “{}”", "table {}", "row {}", "column {}"),
    "zh": ("第 {} 行", "第 {} 页", "工作表“{}”", "表 {}", "表内第 {} 行", "第 {} 列"),
}
_TERMS = ("sourceLine", "sourcePage", "sourceSheet", "sourceTable", "sourceRow", "sourceColumn")


@dataclass(frozen=True)
class Place:
    """Where something stands in the source, as far as its format can tell; all counted from 1.

    ``line`` of a text file; ``page`` of a paged document; ``sheet`` (by name) of a workbook;
    ``table``, the how-manieth table of the document (of the sheet: always 1), with ``row`` and
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
            word.format(value)
            for word, value in zip(_WORDS[language], astuple(self), strict=True)
            if value is not None
        ]
        return ("，" if language == "zh" else ", ").join(said)

    def order(self) -> tuple[int, ...]:
        """A key that sorts places of one source as they stand in it."""
        return tuple(
            number or 0 for number in (self.page, self.table, self.row, self.column, self.line)
        )


def state_place(graph: Graph, node: URIRef, place: Place, define: Namespace) -> None:
    """Add to ``graph`` that ``node`` stands at ``place``."""
    for term, value in zip(_TERMS, astuple(place), strict=True):
        if value is not None:
            graph.add((node, define[term], Literal(value)))


def place_of(graph: Graph, node: Node, define: Namespace) -> Place | None:
    """The place that ``graph`` states of ``node``; None if it states none."""
    stated = [graph.value(node, define[term]) for term in _TERMS]
    if all(value is None for value in stated):
        return None
    line, page, sheet, table, row, column = stated
    return Place(
        line=_number(line),
        page=_number(page),
        sheet=None if sheet is None else str(sheet),
        table=_number(table),
        row=_number(row),
        column=_number(column),
    )


def _number(value: Node | None) -> int | None:
    return None if value is None else int(str(value))
