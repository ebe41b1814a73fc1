"""Read the shapes from Turtle in the form that the set-wise engine needs.

W3C, Shapes Constraint Language (2017), sections 2 (shapes), 4 (core components), 5 (SPARQL).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rdflib import RDF, SH, Literal, URIRef
from rdflib.namespace import RDFS, SKOS
from rdflib.term import BNode, Node

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.graph import Graph
from gongkai.shapes import load_shapes

SPARQL_COMPONENT = str(SH.SPARQLConstraintComponent)
_SHAPE_LINKS = {
    RDF.type,
    RDFS.label,
    RDFS.comment,
    RDFS.isDefinedBy,
    RDFS.seeAlso,
    SKOS.example,
    SKOS.note,
    SH.targetClass,
    SH.severity,
    SH.message,
    SH.path,
    SH.property,
    SH.sparql,
}
"""Properties of a shape other than core constraints and parameters under ``def#``."""


class UnknownConstraint(ValueError):
    """A shape uses something that the set-wise engine does not support; the message says what."""


@dataclass(frozen=True)
class Path:
    """The property of a property shape, or its inverse."""

    link: str
    inverse: bool = False


@dataclass(frozen=True)
class CoreConstraint:
    """A core component and its parameter, such as sh:minCount and 1."""

    component: str
    parameter: str


@dataclass(frozen=True)
class SparqlConstraint:
    """A SPARQL constraint: its node, its local name, its message templates by language."""

    node: str
    name: str
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shape:
    """A shape with the class of its focus nodes.

    IRIs are N-Triples terms, in their brackets. ``rule`` is the id of the rule that the shape is
    (part of); ``parameters`` are its values for properties under ``def#``, by local name. ``path``
    is set for a property shape; ``core`` are its core constraints.
    """

    node: str
    rule: str
    target: str
    severity: str
    path: Path | None
    messages: tuple[tuple[str, str], ...]
    core: tuple[CoreConstraint, ...]
    sparql: tuple[SparqlConstraint, ...]
    parameters: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def read_shapes(base: str = DEFAULT_BASE) -> tuple[Shape, ...]:
    """All shapes with targets, and their property shapes; raises UnknownConstraint."""
    return _Reader(load_shapes(base), base).shapes()


@lru_cache(maxsize=4)
def blocking_rules(base: str = DEFAULT_BASE) -> frozenset[str]:
    """The rules on structure, which a report must satisfy to be published at all."""
    graph = load_shapes(base)
    terms = Addresses(base).terms
    blocking = graph.subjects(terms.blocksPublication, Literal(True))
    return frozenset(rule_of(graph, shape, base) for shape in blocking)


@lru_cache(maxsize=4)
def rules_of_shapes(base: str = DEFAULT_BASE) -> Mapping[str, str]:
    """The id of the rule that each shape is (part of), by the shape as a term."""
    return {shape.node: shape.rule for shape in read_shapes(base)}


@lru_cache(maxsize=4)
def comparing_rules(base: str = DEFAULT_BASE) -> frozenset[str]:
    """The rules that compare a report with the one on the year before."""
    return frozenset(
        shape.rule for shape in read_shapes(base) if "comparesYears" in shape.parameters
    )


@lru_cache(maxsize=4)
def compared_codes(base: str = DEFAULT_BASE) -> frozenset[str]:
    """The codes whose numbers these rules compare, from either year, as terms."""
    graph, terms = load_shapes(base), Addresses(base).terms
    shapes = list(graph.subjects(terms.comparesYears, Literal(True)))
    parts = [part for shape in shapes for part in graph.objects(shape, terms["term"])]
    codes = [code for shape in shapes for code in graph.objects(shape, terms.leftCode)]
    codes += [code for part in parts for code in graph.objects(part, terms.code)]
    return frozenset(code.n3() for code in codes)


def rule_of(graph: Graph, shape: Node, base: str) -> str:
    """The id of a rule: a property shape, or a shape that is part of a rule, counts as it."""
    rule = graph.value(None, SH.property, shape) or shape
    rule = graph.value(rule, Addresses(base).terms.partOfRule) or rule
    return str(rule).rpartition("#")[2]


class _Reader:
    def __init__(self, graph: Graph, base: str) -> None:
        self.graph = graph
        self.base = base
        self.prefix = str(Addresses(base).terms)

    def shapes(self) -> tuple[Shape, ...]:
        found = []
        for node, target in sorted(self.graph.subject_objects(SH.targetClass), key=str):
            found.append(self.shape(node, target))
            found += [
                self.shape(part, target)
                for part in sorted(self.graph.objects(node, SH.property), key=str)
            ]
        return tuple(found)

    def shape(self, node: Node, target: Node) -> Shape:
        path = self.graph.value(node, SH.path)
        return Shape(
            node=node.n3(),
            rule=rule_of(self.graph, node, self.base),
            target=target.n3(),
            severity=(self.graph.value(node, SH.severity) or SH.Violation).n3(),
            path=None if path is None else self.path(path),
            messages=self.messages(node),
            core=tuple(self.core(node)),
            sparql=tuple(
                self.sparql(item) for item in sorted(self.graph.objects(node, SH.sparql), key=str)
            ),
            parameters=self.parameters(node),
        )

    def path(self, node: Node) -> Path:
        if isinstance(node, URIRef):
            return Path(node.n3())
        inverse = self.graph.value(node, SH.inversePath)
        if isinstance(node, BNode) and isinstance(inverse, URIRef):
            return Path(inverse.n3(), inverse=True)
        raise UnknownConstraint(f"a path that is neither a property nor its inverse: {node}")

    def core(self, node: Node) -> list[CoreConstraint]:
        found = []
        for link, value in sorted(self.graph.predicate_objects(node), key=str):
            if str(link).startswith(str(SH)) and link not in _SHAPE_LINKS:
                name = str(link).removeprefix(str(SH))
                component = f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
                found.append(CoreConstraint(component, value.n3()))
            elif link not in _SHAPE_LINKS and not str(link).startswith(self.prefix):
                raise UnknownConstraint(f"{node} has a property that no engine knows: {link}")
        return found

    def sparql(self, node: Node) -> SparqlConstraint:
        return SparqlConstraint(node.n3(), str(node).rpartition("#")[2], self.messages(node))

    def messages(self, node: Node) -> tuple[tuple[str, str], ...]:
        return tuple(
            sorted(
                (str(text.language or ""), str(text))
                for text in self.graph.objects(node, SH.message)
                if isinstance(text, Literal)
            )
        )

    def parameters(self, node: Node) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for link, value in sorted(self.graph.predicate_objects(node), key=str):
            if str(link).startswith(self.prefix):
                found.setdefault(str(link).removeprefix(self.prefix), []).append(value.n3())
        return {name: tuple(values) for name, values in found.items()}
