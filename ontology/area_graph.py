"""The administrative divisions of China as linked data: the triples of one, and of all.

Provinces, prefectures and counties are in one graph, named by their list (``id/area``), whether or
not a report names them. Towns are too many for that, and are described by the reports that do. GB/T
2260; the content of the list: ``areas/README.md``.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from rdflib.namespace import DCTERMS, SKOS

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.places import Area, areas
from gongkai.ontology.triples.graph import Graph
from gongkai.ontology.triples.lines import line_of, lines_of, sorted_lines
from gongkai.ontology.triples.terms import TYPE, literal

_LEVELS = {"0000": "ProvincialArea", "00": "PrefecturalArea", "": "CountyArea"}
"""The class of a division of the list, by the end of its code."""


def said_of(base: str, area: Area) -> tuple[bytes, ...]:
    """The triples on a division that reports state and stores keep (N-Triples), a line each."""
    addresses = Addresses(base)
    node = f"<{addresses.area(area.code)}>"
    says = [
        (TYPE, f"<{addresses.terms.Area}>"),
        (TYPE, f"<{DCTERMS.Location}>"),
        (f"<{SKOS.prefLabel}>", literal(area.name, "zh")),
        (f"<{SKOS.notation}>", literal(area.code)),
    ]
    if area.parent is not None:
        says.append((f"<{DCTERMS.isPartOf}>", f"<{addresses.area(area.parent)}>"))
    return tuple(line_of(node, link, value) for link, value in says)


def listed_area(base: str, node: str) -> Area | None:
    """The division, county or above, of that URI; None where it is not in the list."""
    code = node.removeprefix(f"{base}id/area/")
    found = areas().get(code) if len(code) == 6 else None
    return found if node.startswith(f"{base}id/area/") else None


@lru_cache(maxsize=2)
def area_list(base: str) -> bytes:
    """The graph of all divisions from the counties up, and of their list: N-Triples, sorted."""
    said = files("gongkai.ontology").joinpath("areas", "areas.ttl").read_bytes()
    of_the_list = Graph().read_turtle(said, base).n_triples()
    return sorted_lines(lines_of(of_the_list).union(_lines(base)))


def _lines(base: str) -> Iterator[bytes]:
    define = Addresses(base).terms
    for area in areas().values():
        if not area.is_town:
            level = next(kind for end, kind in _LEVELS.items() if area.code.endswith(end))
            yield from said_of(base, area)
            yield line_of(f"<{base}id/area/{area.code}>", TYPE, f"<{define[level]}>")
