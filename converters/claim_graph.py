"""The figures of a report's text as linked data, each with the cells that it speaks of."""

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from gongkai.converters.namespaces import add_label, missing_cell
from gongkai.converters.report import Cell, CellState, Claim, Report
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.source_places import state_place
from gongkai.ontology.structures import cubes

_CellKey = tuple[str, tuple[str, ...]]


def describe_claims(graph: Graph, addresses: Addresses, report: URIRef, content: Report) -> None:
    """State the claims of ``content``, whose node is ``report``, in the order of the text."""
    cells = _cells(content) if content.claims else {}
    for number, claim in enumerate(content.claims, start=1):
        node = URIRef(f"{report}#claim-{number}")
        _describe_claim(graph, addresses, report, node, claim)
        graph.add((node, addresses.terms.order, Literal(number)))
        for key in claim.cells:
            cell = _node(addresses, report, content, key, cells[key])
            graph.add((node, addresses.terms.concerns, cell))


def _describe_claim(
    graph: Graph, addresses: Addresses, report: URIRef, node: URIRef, claim: Claim
) -> None:
    define = addresses.terms
    whole = claim.value == claim.value.to_integral_value()
    value = Literal(
        f"{claim.value:f}", datatype=XSD.integer if whole else XSD.decimal, normalize=False
    )
    graph.add((report, define.claim, node))
    graph.add((node, RDF.type, define.Claim))
    graph.add((node, DCTERMS.isPartOf, report))
    graph.add((node, define.claimKind, addresses.code("claim", claim.kind)))
    graph.add((node, define.statedValue, value))
    graph.add((node, define.quotation, Literal(claim.quotation, lang="zh")))
    graph.add((node, define.section, URIRef(f"{report}#section-{claim.section}")))
    state_place(graph, node, claim.place, define)
    add_label(graph, node, define.reason, claim.reason)


def _cells(report: Report) -> dict[_CellKey, Cell]:
    found: dict[_CellKey, Cell] = {}
    for table, cell in report.cells():
        if cell.codes:
            dimensions = cubes()[table.cube].dimensions
            codes = tuple(cell.codes[dimension.scheme] for dimension in dimensions)
            found[table.cube, codes] = cell
    return found


def _node(
    addresses: Addresses, report: URIRef, content: Report, key: _CellKey, cell: Cell
) -> URIRef:
    """The observation of a cell, or the cell without one."""
    cube, codes = key
    if cell.state in (CellState.READ, CellState.IMPUTED):
        return addresses.observation(cube, content.body.key, content.year, *codes)
    return missing_cell(report, cube, cell.codes.values())
