"""The equations that the cells of a form's table must satisfy, from the hierarchy of the codes.

A total is the sum of its narrower codes (``skos:broader``); requests received equal requests
settled or carried over (``def:balanceSide``). The rules in ``shapes`` state the same for the
published observations.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rdflib import Namespace
from rdflib.namespace import SKOS

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.forms import Table, cell_codes
from gongkai.ontology.structures import cubes
from gongkai.ontology.turtle import load_turtle

Key = tuple[str, ...]
"""The codes of a cell, in the order of the dimensions of its cube."""


@dataclass(frozen=True)
class Equation:
    """The sum of the cells ``left`` equals the sum of the cells ``right``."""

    left: tuple[Key, ...]
    right: tuple[Key, ...]


_known: dict[str, tuple[Equation, ...]] = {}


def equations(table: Table) -> tuple[Equation, ...]:
    """Every equation between cells of ``table``: totals (left) and their parts, and balances."""
    if table.iri not in _known:
        _known[table.iri] = tuple(_equations(table))
    return _known[table.iri]


def _equations(table: Table) -> Iterator[Equation]:
    schemes = [dimension.scheme for dimension in cubes()[table.cube].dimensions]
    keys = [
        tuple(cell_codes(row, column)[scheme] for scheme in schemes)
        for block in table.blocks
        for row, column in block.cells()
    ]
    for position, scheme in enumerate(schemes):
        broader, sides = _hierarchy(scheme)
        lines: dict[Key, dict[str, Key]] = {}
        for key in keys:
            rest = key[:position] + key[position + 1 :]
            lines.setdefault(rest, {})[key[position]] = key
        for line in lines.values():
            for total, cell in line.items():
                below = [code for code in line if total in _ancestors(code, broader)]
                # Its parts are the nearest ones printed: one that is a total itself counts, not
                # what is printed under it.
                nearest = [
                    code for code in below if not any(c in below for c in _ancestors(code, broader))
                ]
                if nearest:
                    yield Equation((cell,), tuple(line[code] for code in nearest))
            into = tuple(line[code] for code, side in sides.items() if side > 0 and code in line)
            out = tuple(line[code] for code, side in sides.items() if side < 0 and code in line)
            if into and out:
                yield Equation(into, out)


@lru_cache(maxsize=32)
def _hierarchy(scheme: str) -> tuple[dict[str, str], dict[str, int]]:
    """The broader code of each code of ``scheme``, and the side of the balance of some."""
    graph = load_turtle()
    prefix = f"{DEFAULT_BASE}id/code/{scheme}/"
    define = Namespace(DEFAULT_BASE + "def#")
    broader = {
        str(code).removeprefix(prefix): str(head).removeprefix(prefix)
        for code, head in graph.subject_objects(SKOS.broader)
        if str(code).startswith(prefix)
    }
    sides = {
        str(code).removeprefix(prefix): int(str(side))
        for code, side in graph.subject_objects(define.balanceSide)
        if str(code).startswith(prefix)
    }
    return broader, sides


def parts_of(scheme: str, total: str) -> frozenset[str]:
    """The codes of ``scheme`` directly below ``total``."""
    broader, _ = _hierarchy(scheme)
    return frozenset(code for code, head in broader.items() if head == total)


def nearest_printed(scheme: str, code: str, printed: Iterable[str]) -> tuple[str, ...]:
    """The codes of ``printed`` that stand for ``code``: itself, or the nearest ones below it."""
    printed = set(printed)
    if code in printed:
        return (code,)
    broader, _ = _hierarchy(scheme)
    below = [part for part in printed if code in _ancestors(part, broader)]
    return tuple(sorted(part for part in below if not set(_ancestors(part, broader)) & set(below)))


def _ancestors(code: str, broader: dict[str, str]) -> list[str]:
    found: list[str] = []
    while code in broader and broader[code] not in found:
        code = broader[code]
        found.append(code)
    return found


def broader_code(scheme: str, code: str) -> str | None:
    """The code of ``scheme`` directly above ``code``; None where there is none."""
    broader, _ = _hierarchy(scheme)
    return broader.get(code)
