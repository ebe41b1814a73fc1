"""The cells that each kind of claim concerns, in the tables of a report."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

from rdflib import Namespace, URIRef
from rdflib.namespace import SKOS

from gongkai.converters.report import ReportTable
from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.structures import cubes
from gongkai.ontology.sums import nearest_printed
from gongkai.ontology.turtle import load_turtle

Cell = tuple[str, tuple[str, ...]]
"""A cube, and codes in the order of its dimensions."""


Numbers = Mapping[str, Mapping[tuple[str, ...], bool]]
"""By cube and codes, whether a cell of a report's tables has a number."""


def numbers_in(tables: Sequence[ReportTable]) -> Numbers:
    """Which cells of a report's tables have a number."""
    found: dict[str, dict[tuple[str, ...], bool]] = {}
    for table in tables:
        schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
        found[table.cube] = {
            tuple(cell.codes[scheme] for scheme in schemes): cell.value is not None
            for cell in table.cells
            if cell.codes.keys() >= set(schemes)
        }
    return found


def cells_spoken_of(kind: str, numbers: Numbers) -> tuple[Cell, ...]:
    """The cells of a report's tables that a claim concerns; none where it has no such table.

    A code without a printed number stands for the nearest codes below it. So does a total that the
    report leaves blank, where all of its parts are there: the claim can still be compared.
    """
    found: list[Cell] = []
    for cube, codes in _spoken_of()[kind]:
        if cube not in numbers:
            continue
        schemes = [dimension.scheme for dimension in cubes()[cube].dimensions]
        for key in _printed(codes, schemes, numbers[cube]):
            found += [(cube, part) for part in _with_numbers(key, schemes, numbers[cube])]
    return tuple(dict.fromkeys(found))


def _printed(
    codes: tuple[str, ...], schemes: Sequence[str], cells: Mapping[tuple[str, ...], bool]
) -> list[tuple[str, ...]]:
    """The cells that stand for ``codes``, among those in the table."""
    near = [
        nearest_printed(scheme, code, {key[position] for key in cells})
        for position, (scheme, code) in enumerate(zip(schemes, codes, strict=True))
    ]
    return [key for key in product(*near) if key in cells]


def _with_numbers(
    key: tuple[str, ...], schemes: Sequence[str], cells: Mapping[tuple[str, ...], bool]
) -> list[tuple[str, ...]]:
    """The cell itself; its parts along one dimension, if it is blank and none of them is."""
    if cells[key]:
        return [key]
    for position, scheme in enumerate(schemes):
        others = {
            other[position]
            for other in cells
            if other != key
            and other[:position] == key[:position]
            and other[position + 1 :] == key[position + 1 :]
        }
        parts = [
            (*key[:position], code, *key[position + 1 :])
            for code in nearest_printed(scheme, key[position], others)
        ]
        if parts and all(cells[part] for part in parts):
            return parts
    return [key]


@lru_cache(maxsize=1)
def _spoken_of() -> dict[str, tuple[Cell, ...]]:
    """By kind, the cells that it concerns according to ``ontology/codes/claim.ttl``."""
    graph, define = load_turtle(), Namespace(DEFAULT_BASE + "def#")
    prefix = DEFAULT_BASE + "id/code/"
    found: dict[str, list[Cell]] = {}
    for kind in graph.subjects(SKOS.inScheme, URIRef(f"{prefix}claim")):
        cells = []
        for node in sorted(graph.objects(kind, define.speaksOf), key=str):
            cube = str(graph.value(node, define.cube)).rpartition("/")[2]
            codes = tuple(
                str(graph.value(node, define[dimension.name])).rpartition("/")[2]
                for dimension in cubes()[cube].dimensions
            )
            cells.append((cube, codes))
        found[str(kind).removeprefix(f"{prefix}claim/")] = cells
    return {kind: tuple(cells) for kind, cells in found.items()}
