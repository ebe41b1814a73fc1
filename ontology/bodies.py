"""The register of public bodies, by every name they are known under."""

from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDF, Literal, Namespace
from rdflib.namespace import DCTERMS, SKOS

from gongkai.ontology.turtle import DEFAULT_BASE, load_turtle


@dataclass(frozen=True)
class Body:
    """A public body: its stable key, its Chinese name and all Chinese names it goes by.

    ``spatial`` is the IRI of the area it governs, where the register gives one.
    """

    key: str
    name: str
    names: tuple[str, ...]
    spatial: str | None


@lru_cache(maxsize=1)
def bodies() -> dict[str, Body]:
    """Every registered body by each of its Chinese names."""
    graph = load_turtle()
    define = Namespace(DEFAULT_BASE + "def#")
    register: dict[str, Body] = {}
    for node in graph.subjects(RDF.type, define.PublicBody):
        preferred = _chinese(graph.objects(node, SKOS.prefLabel))
        names = (*preferred, *sorted(_chinese(graph.objects(node, SKOS.altLabel))))
        spatial = graph.value(node, DCTERMS.spatial)
        body = Body(
            key=str(node).removeprefix(DEFAULT_BASE + "id/body/"),
            name=preferred[0],
            names=names,
            spatial=None if spatial is None else str(spatial),
        )
        for name in names:
            register[name] = body
    return register


def _chinese(labels: object) -> list[str]:
    return [
        str(label)
        for label in labels  # type: ignore[attr-defined]
        if isinstance(label, Literal) and label.language == "zh"
    ]
