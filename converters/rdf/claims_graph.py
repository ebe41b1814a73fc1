"""The claims of a report's text as linked data, linked to the cells that they mention."""

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS

from gongkai.converters.rdf.cells_graph import missing_node
from gongkai.converters.rdf.namespaces import add_label
from gongkai.converters.report import CellState, Report
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.source_places import state_place
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples.graph import Graph


def describe_claims(graph: Graph, addresses: Addresses, node: URIRef, report: Report) -> None:
    """Add to ``graph`` the claims of the report ``node``, in the order of its text."""
    define = addresses.terms
    cells = _cell_nodes(addresses, node, report)
    for number, claim in enumerate(report.claims, start=1):
        item = URIRef(f"{node}#claim-{number}")
        graph.add((node, define.claim, item))
        graph.add((item, RDF.type, define.Claim))
        # The kind is a class as well: the rules find claims by it.
        graph.add((item, RDF.type, addresses.code("claim", claim.kind)))
        graph.add((item, DCTERMS.isPartOf, node))
        graph.add((item, define.order, Literal(number)))
        graph.add((item, define.claimKind, addresses.code("claim", claim.kind)))
        whole = claim.value == claim.value.to_integral_value()
        datatype = XSD.integer if whole else XSD.decimal
        value = Literal(f"{claim.value:f}", datatype=datatype, normalize=False)
        graph.add((item, define.statedValue, value))
        graph.add((item, define.quotation, Literal(claim.quotation, lang="zh")))
        graph.add((item, define.section, URIRef(f"{node}#section-{claim.section}")))
        state_place(graph, item, claim.place, define)
        for cell in claim.cells:
            graph.add((item, define.concerns, cells[cell]))
        add_label(graph, item, define.reason, claim.reason)


def _cell_nodes(
    addresses: Addresses, node: URIRef, report: Report
) -> dict[tuple[str, tuple[str, ...]], URIRef]:
    """The node of each cell that is claimed about: its observation, or the statement on it."""
    nodes = {}
    wanted = {cell for claim in report.claims for cell in claim.cells}
    for table, cell in report.cells() if wanted else ():
        dimensions = cubes()[table.cube].dimensions
        codes = tuple([cell.codes.get(dimension.scheme, "") for dimension in dimensions])
        if (table.cube, codes) not in wanted:
            continue
        if cell.state in (CellState.READ, CellState.IMPUTED):
            found = addresses.observation(table.cube, report.body.key, report.year, *codes)
        else:
            found = missing_node(node, table.cube, tuple(cell.codes.values()))
        nodes[table.cube, codes] = found
    return nodes
