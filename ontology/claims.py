"""Kinds of figure that a report's text states, and the cells that they speak of (code list claim).

Which cells those are in one report depends on the form that its table follows: see
``CellGroup.printed_in``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rdflib import RDF, Namespace, URIRef
from rdflib.namespace import SKOS

from gongkai.ontology.forms import Table, cell_codes
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import Key, printed_parts
from gongkai.ontology.turtle import DEFAULT_BASE, load_turtle


@dataclass(frozen=True)
class CellGroup:
    """Cells of ``cube`` whose numbers, added up, a figure speaks of (``def:CellGroup``).

    ``codes`` are those of each dimension, in the order of the cube's structure.
    """

    cube: str
    codes: tuple[tuple[str, ...], ...]

    def printed_in(self, table: Table) -> tuple[Key, ...]:
        """The cells of a form's table that carry the number; none if it lacks one of the codes."""
        schemes = [dimension.scheme for dimension in cubes()[self.cube].dimensions]
        keys = {
            tuple(cell_codes(row, column)[scheme] for scheme in schemes)
            for block in table.blocks
            for row, column in block.cells()
        }
        ranges: list[list[str]] = []
        for position, (scheme, codes) in enumerate(zip(schemes, self.codes, strict=True)):
            printed = _in_order(scheme, {key[position] for key in keys})
            parts = [printed_parts(scheme, code, printed) for code in codes]
            if not all(parts):
                return ()
            ranges.append([code for part in parts for code in part])
        wanted = tuple(product(*ranges))
        return wanted if all(key in keys for key in wanted) else ()


@lru_cache(maxsize=1)
def claim_kinds() -> dict[str, tuple[CellGroup, ...]]:
    """The groups of cells that each kind speaks of, by the kind's key under ``id/code/claim/``."""
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    scheme = URIRef(DEFAULT_BASE + "id/code/claim")
    found: dict[str, tuple[CellGroup, ...]] = {}
    for concept in graph.subjects(SKOS.inScheme, scheme):
        groups = []
        for group in sorted(graph.objects(concept, define.speaksOf), key=str):
            assert (group, RDF.type, define.CellGroup) in graph, group
            cube = str(graph.value(group, define.cube)).removeprefix(DEFAULT_BASE + "id/cube/")
            codes = tuple(
                _in_order(
                    dimension.scheme,
                    (
                        str(code).rpartition("/")[2]
                        for code in graph.objects(group, define[dimension.name])
                    ),
                )
                for dimension in cubes()[cube].dimensions
            )
            groups.append(CellGroup(cube, codes))
        found[str(graph.value(concept, SKOS.notation))] = tuple(groups)
    return found


def _in_order(scheme: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in the order of their list."""
    order = _orders(scheme)
    return tuple(sorted(codes, key=lambda code: order[code]))


@lru_cache(maxsize=32)
def _orders(scheme: str) -> dict[str, int]:
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    prefix = f"{DEFAULT_BASE}id/code/{scheme}/"
    return {
        str(code).removeprefix(prefix): int(str(order))
        for code, order in graph.subject_objects(define.order)
        if str(code).startswith(prefix)
    }
