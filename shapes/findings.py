"""Turn validation results into findings: rule, table, row, column, place, both sides."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rdflib.namespace import QB, RDFS, SKOS

from gongkai.ontology.forms import Form, cell_codes, forms
from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place, read_place
from gongkai.ontology.structures import code_labels, cubes
from gongkai.ontology.triples.facts import Facts
from gongkai.ontology.triples.terms import text_of
from gongkai.shapes.results import Detail, Evaluation, Result
from gongkai.shapes.setwise.context import PERIOD, ReferenceData, labels_in, reference_data
from gongkai.shapes.shape_graph import blocking_rules, rules_of_shapes

_OBSERVED = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
_SLICE, _OBSERVATION, _DATASET = QB.slice.n3(), QB.observation.n3(), QB.dataSet.n3()

_LABEL, _NAME = RDFS.label.n3(), SKOS.prefLabel.n3()

_CodeSet = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Finding:
    """A broken rule, and where it is broken.

    ``table`` is the cube of the table; ``row`` and ``column`` are printed labels, empty if the
    finding is not about one cell. ``expected`` is what the rule computes, ``found`` what the report
    states. ``cell`` is the node at fault, ``place`` its place in the source; ``cells`` are all
    cells involved, on both sides; ``formula`` is the equation in numbers. ``blocks`` is true if the
    structure is broken and the report must not be published.
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
    cells: tuple[str, ...] = ()
    formula: str | None = None
    blocks: bool = field(default=False, compare=False)


def findings_of(evaluation: Evaluation, report: Facts, base: str) -> list[tuple[Finding, Result]]:
    """The findings for the results of an engine, in a stable order, each with its result."""
    reader = _Reader(report, reference_data(base))
    return sorted(
        (
            (reader.finding(result, evaluation.details.get(result, Detail())), result)
            for result in evaluation.results
        ),
        key=lambda pair: (
            pair[0].rule,
            pair[0].table,
            pair[0].place.order() if pair[0].place else (),
            pair[0].cell,
            pair[1].component,
            sorted(pair[0].message.items()),
            # Unnamed shapes are last: their generated names differ between processes.
            pair[1].shape,
        ),
    )


class _Reader:
    def __init__(self, report: Facts, reference_data: ReferenceData) -> None:
        self.report = report
        self.reference_data = reference_data
        self.rules = rules_of_shapes(reference_data.base)

    def finding(self, result: Result, detail: Detail) -> Finding:
        rule = self.rules[result.shape]
        cell = self.cell(result)
        found = detail.found
        if found is None:
            printed = self.report.value(cell, _OBSERVED)
            found = None if printed is None else text_of(printed)
        spoken_of = self.spoken_of(cell)
        table = self.table(result.focus, spoken_of[0])
        row, column = self.labels(table, result.focus, spoken_of[0])
        if len(spoken_of) > 1:
            row, column = {}, {}
        return Finding(
            rule=rule,
            severity=text_of(result.severity).rpartition("#")[2],
            table=table,
            row=row,
            column=column,
            expected=detail.expected,
            found=found,
            place=self.place(cell),
            cell=text_of(cell),
            message=dict(result.messages),
            cells=tuple(text_of(item) for item in detail.cells),
            formula=detail.formula,
            blocks=rule in blocking_rules(self.reference_data.base),
        )

    def cell(self, result: Result) -> str:
        """The node at fault: the value, if it is a cell of the table; else the focus node."""
        value = result.value
        if value is None or result.path is not None or not value.startswith("<"):
            return result.focus
        return value

    def place(self, cell: str) -> Place | None:
        stated = self.report.value(cell, self.reference_data.term("sourcePlace"))
        return None if stated is None else read_place(text_of(stated))

    def spoken_of(self, cell: str) -> list[str]:
        """The cell itself; for a claim in the text, the cells that it refers to."""
        return sorted(self.report.values(cell, self.reference_data.term("concerns"))) or [cell]

    def table(self, focus: str, cell: str) -> str:
        candidates = (
            *self.report.to(_SLICE).get(focus, ()),
            *self.report.values(focus, _DATASET),
            *self.report.values(cell, _DATASET),
            *(
                cube
                for table in self.report.values(cell, self.reference_data.term("missingFrom"))
                for cube in self.report.to(_SLICE).get(table, ())
            ),
        )
        cube = next(iter(candidates), "")
        return text_of(cube).removeprefix(self.reference_data.base + "id/cube/")

    def labels(self, table: str, focus: str, cell: str) -> tuple[Label, Label]:
        """Row and column as the form prints them, for a cell with codes."""
        if table not in cubes():
            return {}, {}
        codes = {}
        prefix = self.reference_data.base + "id/code/"
        for dimension in cubes()[table].dimensions:
            term = self.reference_data.term(dimension.name)
            code = self.report.value(cell, term) or self.reference_data.facts.value(cell, term)
            if code is not None and dimension.scheme != "body":
                scheme, _, key = text_of(code).removeprefix(prefix).partition("/")
                codes[scheme] = key
        form = next(self.forms(focus, cell), "").rpartition("/")[2]
        if not _labels_by_codes(form, table) and form in _form_keys():
            return self.row_of(focus, cell), joined_labels(table, codes)
        return printed_labels(form, table, codes)

    def row_of(self, focus: str, cell: str) -> Label:
        """If no form prints rows: the component that a cell belongs to, else the table's period."""
        component = self.report.value(cell, self.reference_data.term("component"))
        if component is not None:
            known = self.reference_data.labels(component, _NAME)
            return dict(known) or labels_in(self.report, component, _NAME)
        period = self.report.value(cell, PERIOD) or self.report.value(focus, PERIOD)
        return {} if period is None else labels_in(self.report, period, _LABEL)

    def forms(self, focus: str, cell: str) -> Iterator[str]:
        """The form of the table with a finding."""
        tables = (
            focus,
            *self.report.to(_OBSERVATION).get(cell, ()),
            *self.report.values(cell, self.reference_data.term("missingFrom")),
        )
        for node in tables:
            yield from map(text_of, self.report.values(node, self.reference_data.term("form")))


@lru_cache(maxsize=512)
def _labels_by_codes(form_key: str, table: str) -> dict[_CodeSet, tuple[Label, Label]]:
    form: Form | None = next((form for form in forms() if form.key == form_key), None)
    if form is None:
        return {}
    labels: dict[_CodeSet, tuple[Label, Label]] = {}
    for block in form.table(table).blocks if table in form.cubes else ():
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


@lru_cache(maxsize=1)
def _form_keys() -> frozenset[str]:
    return frozenset(form.key for form in forms())


def joined_labels(table: str, codes: dict[str, str]) -> Label:
    """The labels of codes joined, in the order of the dimensions of a cube."""
    found = [
        code_labels().get((dimension.scheme, codes[dimension.scheme]), {})
        for dimension in cubes()[table].dimensions
        if dimension.scheme in codes
    ]
    return {
        language: comma.join(label[language] for label in found if language in label)
        for language, comma in (("zh", "，"), ("en", ", "))
    }


def printed_labels(form: str, table: str, codes: dict[str, str]) -> tuple[Label, Label]:
    """Row and column that a form prints for codes; the codes' own labels if it prints none."""
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
