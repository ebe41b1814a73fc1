"""Run the shapes over the graph of one report, and tell what was found.

The verdict is pyshacl's. It runs on an in-memory Oxigraph store, which evaluates the rules' SPARQL
much faster than an rdflib graph does (bench/README.md).
"""

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph
import pyshacl
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import Label
from gongkai.shapes import load_shapes
from gongkai.shapes.findings import Finding, ResultReader


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a report: findings in a stable order, and the SHACL report as RDF."""

    findings: tuple[Finding, ...]
    graph: Graph

    @property
    def conforms(self) -> bool:
        """Whether every rule holds."""
        return not self.findings


def check(report: Graph, base: str = DEFAULT_BASE) -> Verdict:
    """Check the graph of one report (or several) against all rules.

    ``report`` holds what ``converters.cube.describe`` makes: slices, observations, missing cells.
    The validation report is W3C SHACL (2017), section 3.6, with ``def:expected`` and
    ``def:found`` added to results of arithmetic; its nodes have names under ``id/validation/``.
    """
    store = pyoxigraph.Store()
    store.bulk_load(_n_triples(report), format=pyoxigraph.RdfFormat.N_TRIPLES)
    store.bulk_load(_ground(base), format=pyoxigraph.RdfFormat.N_TRIPLES)
    _, results, _ = pyshacl.validate(
        _KnownToHold(store),
        shacl_graph=load_shapes(base),
        inference="none",
        do_owl_imports=False,
    )
    assert isinstance(results, Graph), results
    reader = ResultReader(report, results, store, base)
    findings = sorted(
        (
            reader.finding(result)
            for result in list(results.subjects(RDF.type, SH.ValidationResult))
        ),
        key=lambda pair: (
            pair[0].rule,
            pair[0].table,
            pair[0].place.order() if pair[0].place else (),
            pair[0].cell,
        ),
    )
    graph = _named(results, [node for _, node in findings], report, base)
    _add_numbers(graph, findings, report, base)
    return Verdict(tuple(finding for finding, _ in findings), graph)


class _KnownToHold(OxigraphDataGraph):
    """An Oxigraph store for pyshacl that does not count itself to tell whether it is empty.

    pyshacl asks that for every result; counting some ten thousand triples each time makes up
    nearly all of the time that a report with many findings takes.
    """

    def __bool__(self) -> bool:
        """True: there is always the ontology in it."""
        return True


def rule_labels() -> dict[str, Label]:
    """The name of every rule, in each language."""
    shapes = load_shapes()
    prefix = DEFAULT_BASE + "shapes#"
    return {
        str(rule).removeprefix(prefix): {
            str(label.language): str(label)
            for label in shapes.objects(rule, RDFS.label)
            if isinstance(label, Literal)
        }
        for rule in shapes.subjects(RDF.type, SH.NodeShape)
    }


def _n_triples(graph: Graph) -> bytes:
    return graph.serialize(format="nt", encoding="utf-8")


@lru_cache(maxsize=4)
def _ground(base: str) -> bytes:
    """Ontology and shapes: the rules read the code lists, and their own parameters."""
    return _n_triples(load_ontology(base)) + _n_triples(load_shapes(base))


def _named(results: Graph, order: list[Node], report: Graph, base: str) -> Graph:
    """The results with names in place of blank nodes, so that clients can speak of them."""
    addresses = Addresses(base)
    node = next(iter(report.subjects(RDF.type, addresses.terms.Report)), URIRef(base))
    key = str(node).removeprefix(base + "id/report/")
    validation = URIRef(f"{base}id/validation/{key}")
    names: dict[Node, URIRef] = {
        result: URIRef(f"{validation}#result-{number}")
        for number, result in enumerate(order, start=1)
    }
    for root in results.subjects(RDF.type, SH.ValidationReport):
        names[root] = validation
    graph = Graph(bind_namespaces="none")
    graph.bind("sh", SH)
    graph.bind("def", addresses.terms)
    for subject, link, value in sorted(results):
        for blank in (subject, value):
            if isinstance(blank, BNode) and blank not in names:
                names[blank] = URIRef(f"{validation}#node-{len(names)}")
        graph.add((names.get(subject, subject), link, names.get(value, value)))
    graph.add((node, addresses.terms.validation, validation))
    return graph


def _add_numbers(
    graph: Graph, findings: list[tuple[Finding, Node]], report: Graph, base: str
) -> None:
    terms = Addresses(base).terms
    root = next(iter(graph.subjects(RDF.type, SH.ValidationReport)))
    for number, (finding, _) in enumerate(findings, start=1):
        result = URIRef(f"{root}#result-{number}")
        if finding.expected is not None and finding.found is not None:
            graph.add((result, terms.expected, _number(finding.expected)))
            graph.add((result, terms.found, _number(finding.found)))


def _number(text: str) -> Literal:
    return Literal(int(text)) if text.lstrip("-").isdigit() else Literal(text)
