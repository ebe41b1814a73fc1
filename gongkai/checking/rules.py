"""The rules in words: each with the texts that its shapes carry."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rdflib import SH, Literal
from rdflib.namespace import RDFS, SKOS
from rdflib.term import Node

from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.shapes import load_shapes
from gongkai.shapes.shape_graph import blocking_rules, comparing_rules, rule_of


@dataclass(frozen=True)
class Rule:
    """A rule: its id under ``shapes#``, its name, what it requires, and its source.

    ``severity`` is ``Violation`` or ``Warning``. A report that breaks a rule that ``blocks`` is not
    published. ``basis`` has the labels of the law with the IRI of each, ``see_also`` addresses of
    standards. ``examples`` show in numbers where the rule holds and where it does not.
    """

    id: str
    label: Label
    comment: Label
    severity: str
    blocks: bool
    compares_years: bool
    basis: tuple[tuple[str, Label], ...]
    see_also: tuple[str, ...]
    examples: Label


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """All rules by id, sorted."""
    graph = load_shapes(DEFAULT_BASE)
    return {rule.id: rule for rule in sorted(_rules(graph), key=lambda rule: rule.id)}


def _rules(graph: Graph) -> Iterator[Rule]:
    terms = Addresses(DEFAULT_BASE).terms
    for node in set(graph.subjects(SH.targetClass, None)):
        key = rule_of(graph, node, DEFAULT_BASE)
        if str(node).partition("#")[2] != key:
            continue  # A part of another rule.
        yield Rule(
            id=key,
            label=_texts(graph, node, RDFS.label),
            comment=_texts(graph, node, RDFS.comment),
            severity=str(graph.value(node, SH.severity)).rpartition("#")[2],
            # A report that is not complete is refused too (Outcome.publishable).
            blocks=key in blocking_rules() or key == "complete",
            compares_years=key in comparing_rules(),
            basis=tuple(
                (str(law), _texts(load_ontology(), law, RDFS.label))
                for law in sorted(graph.objects(node, terms.legalBasis), key=str)
            ),
            see_also=tuple(sorted(map(str, graph.objects(node, RDFS.seeAlso)))),
            examples=_texts(graph, node, SKOS.example),
        )


def _texts(graph: Graph, node: Node, link: Node) -> Label:
    return {
        str(text.language): str(text)
        for text in graph.objects(node, link)
        if isinstance(text, Literal)
    }
