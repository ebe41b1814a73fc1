"""The tables of a report as its page shows them: cells by their codes, laid out."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import Namespace, URIRef
from rdflib.namespace import QB
from rdflib.term import Node

from gongkai.ontology.forms import Table, printed_cubes
from gongkai.ontology.labels import Label
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples.graph import Graph
from gongkai.server.pages.table_layout import BlockLayout
from gongkai.server.queries.graphs import label_of

_MEASURE = Namespace("http://purl.org/linked-data/sdmx/2009/measure#")
_STATUS = URIRef("http://purl.org/linked-data/sdmx/2009/attribute#obsStatus")
_IMPUTED = URIRef("http://purl.org/linked-data/sdmx/2009/code#obsStatus-I")

CodeSet = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ShownCell:
    """A cell of a table on the page: its number and observation, or why there is none.

    ``imputed`` is true if the source leaves it blank and its sums prove it to be 0, or if it was
    computed, as ``reason`` says. ``findings`` are the numbers of the findings at the cell;
    ``statement`` is the text of an entry in the source.
    """

    text: str
    uri: str | None
    source_text: str | None
    imputed: bool
    reason: Label
    findings: tuple[int, ...]
    statement: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table on the page: its form, its layout, its cells by code, its URI.

    ``left_out`` is the number of columns omitted because there are too many.
    """

    uri: str
    cube: str
    label: Label
    check_printed: Label
    blocks: tuple[BlockLayout, ...]
    cells: dict[CodeSet, ShownCell]
    left_out: int = 0

    @property
    def imputed(self) -> bool:
        """Whether any of its numbers is an imputed zero."""
        return any(cell.imputed and not cell.reason for cell in self.cells.values())

    @property
    def reasons(self) -> tuple[Label, ...]:
        """Why numbers shown were computed, if any was."""
        return tuple(cell.reason for cell in self.cells.values() if cell.imputed and cell.reason)

    @property
    def plain(self) -> bool:
        """Whether no form prescribes its cells: then a cell that is not there is not missing."""
        return self.cube not in printed_cubes()

    def cell(self, codes: dict[str, str]) -> ShownCell | None:
        """The cell with these codes."""
        return self.cells.get(frozenset(codes.items()))


def cells_of(
    report: Graph, table_slice: Node, table: Table, broken: Mapping[str, list[int]], base: str
) -> dict[CodeSet, ShownCell]:
    """The cells of a table that follows a form, by their codes."""
    define = Namespace(base + "def#")
    dimensions = cubes()[table.cube].dimensions
    cells: dict[CodeSet, ShownCell] = {}
    nodes = [*report.objects(table_slice, QB.observation)]
    nodes += report.subjects(define.missingFrom, table_slice)
    for node in nodes:
        codes = frozenset(
            (dimension.scheme, _last(report.value(node, define[dimension.name])))
            for dimension in dimensions
        )
        cells[codes] = shown_cell(report, node, broken, define)
    return cells


def shown_cell(
    report: Graph, node: Node, broken: Mapping[str, list[int]], define: Namespace
) -> ShownCell:
    """The cell on the page for a cell (an observation, or a missing cell) of a report."""
    value = report.value(node, _MEASURE.obsValue)
    source_text = report.value(node, define.sourceText)
    return ShownCell(
        text="" if value is None else str(value),
        uri=None if value is None else str(node),
        source_text=None if source_text is None else str(source_text),
        imputed=report.value(node, _STATUS) == _IMPUTED,
        reason=label_of(report, node, define.reason),
        findings=tuple(broken.get(str(node), ())),
        statement=str(report.value(node, define.statement) or ""),
    )


def _last(node: Node | None) -> str:
    return str(node or "").rpartition("/")[2]
