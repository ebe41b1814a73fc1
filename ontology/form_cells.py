"""The cells of the forms, derived from their rows and columns."""

from rdflib import RDF, URIRef
from rdflib.namespace import DCTERMS

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import cell_codes, read_forms
from gongkai.ontology.structures import cubes
from gongkai.ontology.triples.graph import Graph


def form_cells(graph: Graph, base: str) -> Graph:
    """A ``def:FormCell`` for every number that a form described in ``graph`` asks for.

    Rows, columns and the heads above them give a cell its codes; stating them once per cell lets a
    rule find absent cells by a plain join.
    """
    addresses = Addresses(base)
    define = addresses.terms
    cells = Graph()
    for form in read_forms(graph, base):
        for table in form.tables:
            dimensions = cubes()[table.cube].dimensions
            for block in table.blocks:
                for row, column in block.cells():
                    codes = cell_codes(row, column)
                    keys = [codes[dimension.scheme] for dimension in dimensions]
                    cell = URIRef(f"{base}id/form/{form.key}#cell-{table.cube}-{'-'.join(keys)}")
                    cells.add((cell, RDF.type, define.FormCell))
                    cells.add((cell, DCTERMS.isPartOf, URIRef(base + table.iri)))
                    for dimension, key in zip(dimensions, keys, strict=True):
                        code = addresses.code(dimension.scheme, key)
                        cells.add((cell, define[dimension.name], code))
    return cells
