"""What a SHACL result says, told as a finding: rule, table, row, column, expected and found."""

import re
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph
from rdflib import SH, Graph, Literal, Namespace, URIRef
from rdflib.namespace import QB
from rdflib.term import Node

from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.forms import Form, Label, cell_codes, forms
from gongkai.ontology.source_places import Place, place_of
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
    report prints. ``cell`` is the node at fault, ``place`` where it stands in the source.
    """

    rule: str
    severity: str
    table: str
    row: Label
    column: Label
    expected: str | None
    found: str | None
    place: Place | None
    cell: str
    message: Label

    @property
    def blocks(self) -> bool:
        """Whether a report with this finding must not be published: its structure is broken."""
        return self.rule == "observation"


class ResultReader:
    """Turns SHACL results into findings; holds the graphs that this takes."""

    def __init__(self, report: Graph, results: Graph, store: pyoxigraph.Store, base: str) -> None:
        """Take the graph of the report, the SHACL results, and the store they were found in."""
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
                place=place_of(self.report, cell, self.terms),
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
    if len(labels) == 1 and len(cubes()[table].dimensions) == 1:
        return labels[0], {}
    return (labels[1] if len(labels) > 1 else {}, labels[0] if labels else {})
