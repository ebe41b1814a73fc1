"""The reference engine: pyshacl, on an in-memory Oxigraph store or an rdflib graph.

Oxigraph evaluates the rules' SPARQL much faster than rdflib (bench/README.md); the verdict is
pyshacl's. There are two exceptions: Oxigraph calculates with 64-bit integers, so a report with
longer numbers is evaluated by rdflib; and both read numbers into literals that state none, so these
are hidden from them during evaluation.
"""

import re
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from decimal import localcontext
from functools import lru_cache
from typing import Any

import pyoxigraph
import pyshacl
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import RDF, SH, XSD, Graph, Literal
from rdflib.plugins.sparql.aggregates import Aggregator, Sum
from rdflib.plugins.sparql.sparql import SPARQLError
from rdflib.term import BNode, IdentifiedNode, Node

from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.numbers_by_value import (
    EXACT,
    as_written,
    beyond_a_machine,
    by_value,
    without_numbers_that_are_none,
)
from gongkai.shapes import load_shapes
from gongkai.shapes.results import Result


def validate(
    report: bytes, base: str = DEFAULT_BASE, last_year: bytes | None = None
) -> tuple[Result, ...]:
    """The results of pyshacl for a report (N-Triples), with the report on the year before, if any.

    Shapes that compare years see both reports, all others only the one.
    """
    comparing, others = _shapes(base)
    found = validate_together((report,), base, others)
    if last_year is not None:
        found += validate_together((report, last_year), base, comparing)
    return tuple(dict.fromkeys(found))


def validate_together(
    reports: Iterable[bytes], base: str = DEFAULT_BASE, shapes: Graph | None = None
) -> tuple[Result, ...]:
    """The results of pyshacl for several reports (N-Triples) in one graph: all or some shapes."""
    shapes = load_shapes(base).as_rdflib() if shapes is None else shapes
    stated = b"".join(map(by_value, reports))
    with _exact_numbers():
        _, results, _ = pyshacl.validate(
            _data_graph(stated, base), shacl_graph=shapes, inference="none", do_owl_imports=False
        )
    assert isinstance(results, Graph), results
    found = sorted(results.subjects(RDF.type, SH.ValidationResult), key=str)
    return tuple(dict.fromkeys(read_result(results, node, shapes) for node in found))


def _data_graph(stated: bytes, base: str) -> Graph:
    """The graph to validate, with the reference data; ``stated`` are reports by value."""
    parts = without_numbers_that_are_none(stated), _reference_data(base)
    if beyond_a_machine(stated):
        graph = Graph()
        for triples in parts:
            graph.parse(data=triples, format="nt")
        return graph
    store = pyoxigraph.Store()
    for triples in parts:
        store.bulk_load(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return _ReportGraph(store)


class _Sum(Sum):
    """SUM of SPARQL 1.1: what cannot be added has no sum; rdflib raises an error instead."""

    failed = False

    def update(self, row: Any, aggregator: Any) -> None:
        """Add the value of a solution."""
        try:
            super().update(row, aggregator)
        except (SPARQLError, TypeError, AttributeError):
            self.failed = True

    def set_value(self, bindings: Any) -> None:
        """Bind the variable to the sum, if there is one."""
        if not self.failed:
            super().set_value(bindings)


@contextmanager
def _exact_numbers() -> Iterator[None]:
    """Make rdflib calculate as SPARQL defines, with numbers of any length."""
    digits = sys.get_int_max_str_digits()
    classes = Aggregator.accumulator_classes
    sys.set_int_max_str_digits(0)
    Aggregator.accumulator_classes = {**classes, "Aggregate_Sum": _Sum}
    try:
        with localcontext(EXACT):
            yield
    finally:
        Aggregator.accumulator_classes = classes
        sys.set_int_max_str_digits(digits)


def read_result(results: Graph, node: Node, shapes: Graph) -> Result:
    """The result for one sh:ValidationResult of pyshacl.

    pyshacl loses the language of messages when it fills in variables; it is taken from their
    template.
    """
    shape = results.value(node, SH.sourceShape)
    constraint = results.value(node, SH.sourceConstraint)
    assert shape is not None, "every result names its shape"
    path = results.value(node, SH.resultPath)
    value = results.value(node, SH.value)
    messages = [
        (
            message.language or _language(shapes, (constraint, shape), str(message)),
            as_written(str(message)),
        )
        for message in results.objects(node, SH.resultMessage)
        if isinstance(message, Literal)
    ]
    return Result(
        focus=_term(results.value(node, SH.focusNode)) or "",
        shape=shape.n3(),
        constraint=_term(constraint),
        component=str(results.value(node, SH.sourceConstraintComponent)),
        path=_path(results, path),
        value=_term(value),
        severity=_term(results.value(node, SH.resultSeverity)) or "",
        messages=tuple(sorted(messages)),
    )


class _ReportGraph(OxigraphDataGraph):
    """An Oxigraph store for pyshacl, which differs from an rdflib graph in two ways.

    It does not count its triples to determine whether it is empty: pyshacl asks that for every
    result, and counting some ten thousand triples each time takes nearly all of the time for a
    report with many findings. And a literal has no properties in it, where Oxigraph raises a
    TypeError: an invalid report may have a text in place of a resource, and the shapes ask for its
    class.
    """

    def __bool__(self) -> bool:
        """True: the ontology is always in it."""
        return True

    def objects(  # type: ignore[override]  # pyshacl's own signature, narrower than rdflib's
        self, subject: Any, predicate: Any, unique: bool = False
    ) -> Generator[IdentifiedNode | Literal, None, None]:
        """The objects of a subject; none if it is a literal (``Graph.objects`` of rdflib)."""
        if not isinstance(subject, Literal):
            yield from super().objects(subject, predicate, unique)


def _term(node: Node | None) -> str | None:
    """The term as N-Triples, a plain text without its datatype (RDF 1.1, 3.3)."""
    return None if node is None else as_written(node.n3()).removesuffix(_STRING)


_STRING = f"^^<{XSD.string}>"


def _path(results: Graph, path: Node | None) -> str | None:
    if isinstance(path, BNode):
        inverse = results.value(path, SH.inversePath)
        return None if inverse is None else "^" + inverse.n3()
    return _term(path)


def _language(shapes: Graph, nodes: tuple[Node | None, ...], message: str) -> str:
    for node in nodes:
        for template in shapes.objects(node, SH.message) if node is not None else ():
            if isinstance(template, Literal) and _fills(str(template), message):
                return template.language or ""
    return ""


def _fills(template: str, message: str) -> bool:
    """Whether ``message`` is ``template`` with its variables filled in."""
    pattern = ".*".join(re.escape(piece) for piece in re.split(r"\{[?$]\w+\}", template))
    return re.fullmatch(pattern, message, re.DOTALL) is not None


@lru_cache(maxsize=4)
def _shapes(base: str) -> tuple[Graph, Graph]:
    """The shapes that compare years, and the others; each with the rest of the rules' graph."""
    terms = Addresses(base).terms
    comparing, others = Graph(), Graph()
    for subject, link, value in load_shapes(base):
        compares = (subject, terms.comparesYears, Literal(True)) in load_shapes(base)
        for graph, wanted in ((comparing, compares), (others, not compares)):
            if link != SH.targetClass or wanted:
                graph.add((subject, link, value))
    return comparing, others


@lru_cache(maxsize=4)
def _reference_data(base: str) -> bytes:
    """Ontology and shapes: the rules read the code lists, and their own parameters."""
    return load_ontology(base).n_triples() + load_shapes(base).n_triples()
