"""The register of public bodies, by every name they are known under."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDF, Literal, Namespace
from rdflib.namespace import DCTERMS, SKOS
from rdflib.term import Node

from gongkai.ontology.turtle import DEFAULT_BASE, load_turtle


@dataclass(frozen=True)
class Body:
    """A public body: its stable key, its names, and all Chinese names it goes by.

    ``spatial`` is the IRI of the area it governs, where the register gives one.
    """

    key: str
    name: str
    english_name: str
    names: tuple[str, ...]
    spatial: str | None


@lru_cache(maxsize=1)
def bodies() -> dict[str, Body]:
    """Every registered body by each of its Chinese names."""
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    register: dict[str, Body] = {}
    for node in graph.subjects(RDF.type, define.PublicBody):
        preferred = _in("zh", graph.objects(node, SKOS.prefLabel))
        names = (*preferred, *sorted(_in("zh", graph.objects(node, SKOS.altLabel))))
        spatial = graph.value(node, DCTERMS.spatial)
        body = Body(
            key=str(node).removeprefix(DEFAULT_BASE + "id/body/"),
            name=preferred[0],
            english_name=_in("en", graph.objects(node, SKOS.prefLabel))[0],
            names=names,
            spatial=None if spatial is None else str(spatial),
        )
        for name in names:
            register[name] = body
    return register


def _in(language: str, labels: Iterable[Node]) -> list[str]:
    return [
        str(label) for label in labels if isinstance(label, Literal) and label.language == language
    ]
