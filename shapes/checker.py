"""Run the shapes over the graph of one report, and tell what was found.

The verdict is pyshacl's. It runs on an in-memory Oxigraph store, which evaluates the rules' SPARQL
some ten times faster than an rdflib graph does.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph
import pyshacl
from pyshacl.graph_abstraction import OxigraphDataGraph
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import QB
from rdflib.term import Node

from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import Form, Label, cell_codes, forms
from gongkai.ontology.structures import code_labels, cubes
from gongkai.shapes import load_shapes

_VALUE = URIRef("http://purl.org/linked-data/sdmx/2009/measure#obsValue")

_Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
_CodeSet = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold, and where.

    ``table`` is the cube of the table; ``row`` and ``column`` are printed labels, empty where the
    finding is not about one cell. ``expected`` is what the rule computes, ``found`` what the
    report prints. ``cell`` is the node at fault, ``line`` its place in the source.
    """

    rule: str
    severity: str
    table: str
    row: Label
    column: Label
    expected: str | None
    found: str | None
    line: int | None
    cell: str
    message: Label

    @property
    def blocks(self) -> bool:
        """Whether a report with this finding must not be published: its structure is broken."""
        return self.rule == "observation"


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
    reader = _ResultReader(report, results, store, base)
    findings = sorted(
        (
            reader.finding(result)
            for result in list(results.subjects(RDF.type, SH.ValidationResult))
        ),
        key=lambda pair: (pair[0].rule, pair[0].table, pair[0].line or 0, pair[0].cell),
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


class _ResultReader:
    """Turns SHACL results into findings; holds the graphs that this takes."""

    def __init__(self, report: Graph, results: Graph, store: pyoxigraph.Store, base: str) -> None:
        self.report = report
        self.results = results
        self.store = store
        self.addresses = Addresses(base)
        self.terms: Namespace = self.addresses.terms
        self.shapes = load_shapes(base)
        self.ontology = load_ontology(base)
        self.numbers: dict[tuple[Node, Node, Node], dict[Node, tuple[str, str]]] = {}

    def finding(self, result: Node) -> tuple[Finding, Node]:
        """The finding that one sh:ValidationResult states."""
        shape = self.results.value(result, SH.sourceShape)
        focus = self.results.value(result, SH.focusNode)
        assert shape is not None and focus is not None, "a result names shape and focus node"
        value = self.results.value(result, SH.value)
        cell = value if isinstance(value, URIRef) else focus
        if shape == URIRef(f"{self.addresses.base}shapes#observation-table"):
            cell = focus
        expected, found = self._numbers(result, shape, focus, cell)
        if found is None:
            printed = self.report.value(cell, _VALUE)
            found = None if printed is None else str(printed)
        table = self._table(focus)
        row, column = self._labels(table, focus, cell)
        line = self.report.value(cell, self.terms.sourceLine)
        severity = self.results.value(result, SH.resultSeverity)
        return (
            Finding(
                rule=self._rule(shape),
                severity=str(severity).rpartition("#")[2],
                table=table,
                row=row,
                column=column,
                expected=expected,
                found=found,
                line=None if line is None else int(str(line)),
                cell=str(cell),
                message={
                    str(message.language): str(message) for message in self._messages(result, shape)
                },
            ),
            result,
        )

    def _messages(self, result: Node, shape: Node) -> list[Literal]:
        """The result's messages with their languages, which pyshacl loses when it fills them in.

        The results are mended too, so that the published validation report has the languages.
        """
        constraint = self.results.value(result, SH.sourceConstraint)
        templates = [
            template
            for node in (constraint, shape)
            for template in self.shapes.objects(node, SH.message)
            if isinstance(template, Literal)
        ]
        messages = []
        for message in list(self.results.objects(result, SH.resultMessage)):
            language = next(
                (item.language for item in templates if _fills(str(item), str(message))), None
            )
            tagged = Literal(str(message), lang=language)
            self.results.remove((result, SH.resultMessage, message))
            self.results.add((result, SH.resultMessage, tagged))
            messages.append(tagged)
        return messages

    def _rule(self, shape: Node) -> str:
        """The rule's id: a property shape, or a shape that is part of a rule, counts as it."""
        rule = self.shapes.value(None, SH.property, shape) or shape
        rule = self.shapes.value(rule, self.terms.partOfRule) or rule
        return str(rule).rpartition("#")[2]

    def _table(self, focus: Node) -> str:
        cube = self.report.value(None, QB.slice, focus) or self.report.value(focus, QB.dataSet)
        return str(cube or "").removeprefix(self.addresses.base + "id/cube/")

    def _labels(self, table: str, focus: Node, cell: Node) -> tuple[Label, Label]:
        """Row and column as the form prints them, for a cell that carries codes."""
        if table not in cubes():
            return {}, {}
        codes = {}
        prefix = self.addresses.base + "id/code/"
        for dimension in cubes()[table].dimensions:
            code = self.report.value(cell, self.terms[dimension.name]) or self.ontology.value(
                cell, self.terms[dimension.name]
            )
            if code is not None:
                scheme, _, key = str(code).removeprefix(prefix).partition("/")
                codes[scheme] = key
        slice_of = (
            focus
            if self.report.value(focus, self.terms.form)
            else self.report.value(None, QB.observation, cell)
        )
        form = str(self.report.value(slice_of, self.terms.form)).rpartition("/")[2]
        return printed_labels(form, table, codes)

    def _numbers(
        self, result: Node, shape: Node, focus: Node, cell: Node
    ) -> tuple[str | None, str | None]:
        """Expected and found, from the rule's own SELECT: SHACL results have no place for them."""
        constraint = self.results.value(result, SH.sourceConstraint)
        select = self.shapes.value(constraint, SH.select)
        if constraint is None or select is None or "?expected" not in str(select):
            return None, None
        key = (shape, focus, constraint)
        if key not in self.numbers:
            self.numbers[key] = self._select_numbers(shape, focus, constraint, str(select))
        return self.numbers[key].get(cell, (None, None))

    def _select_numbers(
        self, shape: Node, focus: Node, constraint: Node, select: str
    ) -> dict[Node, tuple[str, str]]:
        prefixes = {
            str(self.shapes.value(item, SH.prefix)): str(self.shapes.value(item, SH.namespace))
            for node in self.shapes.objects(constraint, SH.prefixes)
            for item in self.shapes.objects(node, SH.declare)
        }
        bound: dict[pyoxigraph.Variable, _Term] = {
            pyoxigraph.Variable("this"): pyoxigraph.NamedNode(str(focus))
        }
        if "$currentShape" in select:
            bound[pyoxigraph.Variable("currentShape")] = pyoxigraph.NamedNode(str(shape))
        solutions = self.store.query(select, prefixes=prefixes, substitutions=bound)
        assert isinstance(solutions, pyoxigraph.QuerySolutions), "sh:select is a SELECT"
        numbers: dict[Node, tuple[str, str]] = {}
        for solution in solutions:
            value, expected, found = solution["value"], solution["expected"], solution["found"]
            numbers[URIRef(str(value.value))] = (str(expected.value), str(found.value))
        return numbers


def _fills(template: str, message: str) -> bool:
    """Whether ``message`` is ``template`` with something in place of its variables."""
    pattern = ".*".join(re.escape(piece) for piece in re.split(r"\{[?$]\w+\}", template))
    return re.fullmatch(pattern, message, re.DOTALL) is not None


@lru_cache(maxsize=512)
def _labels_by_codes(form_key: str, table: str) -> dict[_CodeSet, tuple[Label, Label]]:
    form: Form | None = next((form for form in forms() if form.key == form_key), None)
    if form is None:
        return {}
    labels: dict[_CodeSet, tuple[Label, Label]] = {}
    for block in form.table(table).blocks:
        for row, column in block.cells():
            codes = cell_codes(row, column)
            chain = [column]
            while chain[0].under is not None:
                chain.insert(0, block.columns[chain[0].under])
            column_label = {
                language: " › ".join(header.label[language] for header in chain)
                for language in ("zh", "en")
            }
            labels[frozenset(codes.items())] = (row.label, column_label)
    return labels


def printed_labels(form: str, table: str, codes: dict[str, str]) -> tuple[Label, Label]:
    """Row and column that a form prints for codes; the codes' own labels where it prints none."""
    found = _labels_by_codes(form, table).get(frozenset(codes.items()))
    if found is not None:
        return found
    labels = [
        code_labels().get((dimension.scheme, codes[dimension.scheme]), {})
        for dimension in cubes()[table].dimensions
        if dimension.scheme in codes
    ]
    return (labels[1] if len(labels) > 1 else {}, labels[0] if labels else {})


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
