"""The cells of a table as linked data: an observation each, or a statement on why it has none.

W3C, The RDF Data Cube Vocabulary (2014). Most of what is said of a cell is the same in every
report: it is made once for each cell of a form, as text, and filled with body, period, number and
place.
"""

from collections.abc import Iterator
from functools import lru_cache

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import QB, XSD

from gongkai.converters.rdf.namespaces import ATTRIBUTE, CODE, DIMENSION, MEASURE, add_label
from gongkai.converters.report import Cell, CellState, Report, ReportTable
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.periods import Period
from gongkai.ontology.source_places import state_place
from gongkai.ontology.structures import cubes, value_type
from gongkai.ontology.triples.graph import Graph, Statements
from gongkai.ontology.triples.terms import literal

_OBSERVATION, _VALUE = QB.observation.n3(), MEASURE.obsValue.n3()
_STATUS = {
    CellState.READ: CODE["obsStatus-A"],
    CellState.IMPUTED: CODE["obsStatus-I"],
}


def describe_cells(
    graph: Graph,
    addresses: Addresses,
    node: URIRef,
    table_slice: URIRef,
    report: Report,
    table: ReportTable,
) -> None:
    """Add to ``graph`` the cells of a table, the slice ``table_slice`` of the report ``node``."""
    time = table.time or report.reported_on
    begin = str(addresses.observation(table.cube, report.body.key, time.key, ""))
    of_table = _said_of_all(addresses, report, table, time)
    observed: list[str] = []
    missing: list[Cell] = []
    for cell in table.cells:
        if cell.state in _STATUS:
            assert cell.unit is not None, "a cell read has a unit"
            end, said = _said_of_cell(
                addresses.base, table.cube, tuple(cell.codes.items()), cell.unit, cell.state
            )
            name = f"<{begin}{end}>"
            graph.state(name, (*of_table, *said, *_said_here(cell, addresses)))
            observed.append(name)
        else:
            missing.append(cell)
    graph.state(table_slice.n3(), ((_OBSERVATION, name) for name in observed))
    _describe_missing_cells(graph, addresses, node, table_slice, report, table, missing)


def missing_node(report: URIRef, cube: str, codes: tuple[str, ...]) -> URIRef:
    """The name of the statement on a cell without a number."""
    return URIRef(f"{report}#missing-{'-'.join((cube, *codes))}")


def _said_of_all(
    addresses: Addresses, report: Report, table: ReportTable, time: Period
) -> Statements:
    """What is said of each observation of a table."""
    return (
        (RDF.type.n3(), QB.Observation.n3()),
        (QB.dataSet.n3(), addresses.cube(table.cube).n3()),
        (addresses.terms.body.n3(), addresses.body(report.body.key).n3()),
        (DIMENSION.refPeriod.n3(), addresses.period(time.path).n3()),
    )


@lru_cache(maxsize=8192)
def _said_of_cell(
    base: str, cube: str, codes: tuple[tuple[str, str], ...], unit: str, state: CellState
) -> tuple[str, Statements]:
    """The end of the name of an observation, and what is said of it in any report."""
    addresses, by_scheme = Addresses(base), dict(codes)
    keys = [(item, by_scheme[item.scheme]) for item in cubes()[cube].dimensions]
    said = [
        (addresses.terms[item.name].n3(), addresses.value(item.scheme, key).n3())
        for item, key in keys
    ]
    said.append((ATTRIBUTE.unitMeasure.n3(), addresses.code("unit", unit).n3()))
    said.append((ATTRIBUTE.obsStatus.n3(), _STATUS[state].n3()))
    return "/".join(key for _, key in keys), tuple(said)


def _said_here(cell: Cell, addresses: Addresses) -> Iterator[tuple[str, str]]:
    """What is said of an observation in this report alone."""
    assert cell.value is not None and cell.unit is not None, "a cell read has value and unit"
    number = f"{cell.value:f}"
    yield _VALUE, literal(number, datatype=f"{XSD}{value_type(cell.unit)}")
    terms = _terms(addresses.base)
    if cell.place is not None and (place := cell.place.written):
        yield terms["sourcePlace"], literal(place)
    printed = cell.text
    if printed is None and "." in number and number.endswith("0"):
        # Stores write 1.50 as 1.5: the printed form would be lost.
        printed = number
    if printed is not None:
        yield terms["sourceText"], literal(printed)
    for language, text in cell.reason.items():
        yield terms["reason"], literal(text, language)
    if cell.statement is not None:
        yield terms["statement"], literal(cell.statement)
    if cell.received_on is not None:
        day = cell.received_on.isoformat()
        yield terms["receivedOn"], literal(day, datatype=str(XSD.date))


@lru_cache(maxsize=4)
def _terms(base: str) -> dict[str, str]:
    define = Addresses(base).terms
    names = ("sourcePlace", "sourceText", "reason", "statement", "receivedOn")
    return {name: define[name].n3() for name in names}


def _describe_missing_cells(
    graph: Graph,
    addresses: Addresses,
    node: URIRef,
    table_slice: URIRef,
    report: Report,
    table: ReportTable,
    cells: list[Cell],
) -> None:
    stray = 0
    named: set[URIRef] = set()
    for cell in cells:
        if not cell.codes:
            stray += 1
        codes = tuple(cell.codes.values()) or (str(stray),)
        name = missing_node(node, _table_name(report, table), codes)
        number = 1
        while name in named:
            # Several numbers, where the source does not say whose they are.
            number += 1
            name = missing_node(node, _table_name(report, table), (*codes, str(number)))
        named.add(name)
        _describe_missing(graph, addresses, name, table_slice, table, cell)


def _table_name(report: Report, table: ReportTable) -> str:
    """The prefix of the names of missing cells: the cube, and the period if it is not the year."""
    return table.cube if table.time in (None, report.time) else f"{table.cube}-{table.time.key}"


def _describe_missing(
    graph: Graph,
    addresses: Addresses,
    node: URIRef,
    table_slice: URIRef,
    table: ReportTable,
    cell: Cell,
) -> None:
    define = addresses.terms
    graph.add((node, RDF.type, define.MissingCell))
    graph.add((node, define.missingFrom, table_slice))
    graph.add((node, define.cellState, addresses.code("cell-state", cell.state)))
    for dimension in cubes()[table.cube].dimensions:
        if dimension.scheme in cell.codes:
            code = addresses.value(dimension.scheme, cell.codes[dimension.scheme])
            graph.add((node, define[dimension.name], code))
    add_label(graph, node, define.reason, cell.reason)
    for reading in cell.readings:
        graph.add((node, define.reading, Literal(reading)))
    if cell.statement is not None:
        graph.add((node, define.statement, Literal(cell.statement)))
    if cell.place is not None:
        state_place(graph, node, cell.place, define)
