"""Data of the page of the rules: the meaning of each, its legal basis, its query."""

from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import RDF, RDFS, SH, Namespace, URIRef
from rdflib.namespace import SKOS

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.server.queries.graphs import label_of
from gongkai.server.store import Store


@dataclass(frozen=True)
class Constraint:
    """A SPARQL constraint of a rule: its name as a fragment, and the query."""

    name: str
    text: str


@dataclass(frozen=True)
class ShownRule:
    """A rule in words; ``warning`` is true if there may be good reasons to break it."""

    uri: str
    name: str
    label: Label
    meaning: Label
    example: Label
    warning: bool
    laws: tuple[str, ...]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class ShownRules:
    """All rules: those on numbers, and those that compare the text with the numbers."""

    on_numbers: tuple[ShownRule, ...]
    on_texts: tuple[ShownRule, ...]


def read_rules(store: Store, graph: Graph, this: str, names: Mapping[str, Label]) -> ShownRules:
    """Read the data of the page of the rules from their document."""
    define = Namespace(store.base + "def#")
    found = []
    for node in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str):
        if not isinstance(node, URIRef) or not list(graph.objects(node, RDFS.comment)):
            continue
        constraints = tuple(
            Constraint(str(part).partition("#")[2], str(graph.value(part, SH.select) or "").strip())
            for part in sorted(graph.objects(node, SH.sparql), key=str)
            if isinstance(part, URIRef)
        )
        found.append(
            ShownRule(
                uri=str(node),
                name=str(node).partition("#")[2],
                label=label_of(graph, node, RDFS.label),
                meaning=label_of(graph, node, RDFS.comment),
                example=label_of(graph, node, SKOS.example),
                warning=graph.value(node, SH.severity) == SH.Warning,
                laws=tuple(sorted(str(law) for law in graph.objects(node, define.legalBasis))),
                constraints=constraints,
            )
        )
    texts = tuple(rule for rule in found if rule.name.startswith("narrative-"))
    return ShownRules(tuple(rule for rule in found if rule not in texts), texts)
