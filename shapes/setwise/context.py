"""The data that the evaluators of constraints use: a report, last year's, the reference data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

from rdflib.namespace import DCTERMS, QB, RDFS, SKOS

from gongkai.ontology import DEFAULT_BASE, load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.triples.facts import Facts, read_facts
from gongkai.ontology.triples.numbers_by_value import number_stated, number_text
from gongkai.ontology.triples.terms import datatype_of, language_of, text_of
from gongkai.shapes import load_shapes

OBSERVED = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
PERIOD = "<http://purl.org/linked-data/sdmx/2009/dimension#refPeriod>"
UNIT = "<http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure>"
OBSERVATION, SLICE, DATASET = QB.observation.n3(), QB.slice.n3(), QB.dataSet.n3()
PART_OF = DCTERMS.isPartOf.n3()
_TITLE, _LABEL, _NAME = DCTERMS.title.n3(), RDFS.label.n3(), SKOS.prefLabel.n3()
_BROADER, SCHEME = SKOS.broader.n3(), SKOS.inScheme.n3()
_STRUCTURE, _COMPONENT = QB.structure.n3(), QB.component.n3()
_DIMENSION, _ORDER, _LIST = QB.dimension.n3(), QB.order.n3(), QB.codeList.n3()

_FIXED = 2
"""Body and period are the first two components of every structure."""

Line = dict[str, list[str]]
"""The cells of a table that share the codes of one dimension, by their codes in another."""


class ReferenceData:
    """Ontology and rules under a base: what the shapes read besides the report."""

    def __init__(self, base: str) -> None:
        """Load it, which takes a tenth of a second: use ``reference_data``."""
        graph, rules = load_ontology(base).n_triples(), load_shapes(base).n_triples()
        self.base = base
        self.facts = read_facts(graph + rules)
        self._terms = Addresses(base).terms
        self._ancestors: dict[str, frozenset[str]] = {}
        self._cells: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
        self._labels: dict[tuple[str, str], Mapping[str, str]] = {}
        self._dimensions: dict[str, tuple[tuple[str, str | None], ...]] = {}
        self._codes: dict[str, frozenset[str]] = {}
        self._parts: dict[tuple[str, frozenset[str]], tuple[str, ...]] = {}

    def term(self, name: str) -> str:
        """A term of the vocabulary, ``def#name``."""
        return f"<{self._terms}{name}>"

    def ancestors(self, code: str) -> frozenset[str]:
        """All codes above ``code``: skos:broader+."""
        if code not in self._ancestors:
            above: set[str] = set()
            to_do = list(self.facts.values(code, _BROADER))
            while to_do:
                found = to_do.pop()
                if found not in above:
                    above.add(found)
                    to_do += self.facts.values(found, _BROADER)
            self._ancestors[code] = frozenset(above)
        return self._ancestors[code]

    def parts(self, total: str, printed: frozenset[str]) -> tuple[str, ...]:
        """The codes among ``printed`` that add up to ``total``: the nearest below it.

        If one of them is a total itself, it counts, not the codes below it.
        """
        key = (total, printed)
        if key not in self._parts:
            below = {code for code in printed if total in self.ancestors(code)}
            near = (code for code in below if not self.ancestors(code) & below)
            self._parts[key] = tuple(sorted(near, key=self.order))
        return self._parts[key]

    def order(self, code: str) -> tuple[int, str]:
        """Sort key: the position of a code in its list, as forms print it."""
        order = self.facts.value(code, self.term("order"))
        return int(text_of(order)) if order else 0, code

    def codes(self, scheme: str) -> frozenset[str]:
        """The codes of a code list."""
        if scheme not in self._codes:
            self._codes[scheme] = frozenset(self.facts.to(SCHEME).get(scheme, ()))
        return self._codes[scheme]

    def dimensions(self, cube: str) -> tuple[tuple[str, str | None], ...]:
        """The dimensions of a cube except body and period, in order, with their code lists.

        A dimension whose values are bodies has no code list.
        """
        if cube not in self._dimensions:
            found = []
            for structure in self.facts.values(cube, _STRUCTURE):
                for component in self.facts.values(structure, _COMPONENT):
                    for dimension in self.facts.values(component, _DIMENSION):
                        order = int(text_of(self.facts.value(component, _ORDER) or '"0"'))
                        if order > _FIXED:
                            found.append((order, dimension, self.facts.value(dimension, _LIST)))
            found.sort(key=lambda one: one[:2])
            self._dimensions[cube] = tuple((name, codes) for _, name, codes in found)
        return self._dimensions[cube]

    def form_cells(self, form: str, cube: str) -> tuple[tuple[str, str, str], ...]:
        """The cells of a cube that a form prints: each with its first and its last code."""
        key = (form, cube)
        if key not in self._cells:
            dimensions = [name for name, _ in self.dimensions(cube)]
            self._cells[key] = tuple(
                (cell, one, two)
                for table in self.facts.values(form, self.term("table"))
                if cube in self.facts.values(table, self.term("cube"))
                for cell in self.facts.to(PART_OF).get(table, ())
                for one in self.facts.values(cell, dimensions[0])
                for two in self.facts.values(cell, dimensions[-1])
            )
        return self._cells[key]

    def labels(self, node: str, link: str) -> Mapping[str, str]:
        """The texts of a label property by language; from ontology and rules only."""
        key = (node, link)
        if key not in self._labels:
            self._labels[key] = labels_in(self.facts, node, link)
        return self._labels[key]


@lru_cache(maxsize=2)
def reference_data(base: str = DEFAULT_BASE) -> ReferenceData:
    """The reference data under a base, loaded once."""
    return ReferenceData(base)


def labels_in(facts: Facts, node: str, link: str) -> dict[str, str]:
    """The texts of a label property by language."""
    return {language_of(text) or "": text_of(text) for text in facts.values(node, link)}


@dataclass
class TableOfCells:
    """A table of the report (qb:Slice) with its cells."""

    node: str
    facts: Facts
    reference_data: ReferenceData
    _lines: dict[tuple[str, str], dict[str, Line]] = field(default_factory=dict)

    @cached_property
    def cells(self) -> Sequence[str]:
        """Its observations."""
        return self.facts.values(self.node, OBSERVATION)

    @cached_property
    def missing(self) -> Sequence[str]:
        """Its cells without a number: not stated, unread or absent."""
        return self.facts.to(self.reference_data.term("missingFrom")).get(self.node, ())

    @cached_property
    def cubes(self) -> Sequence[str]:
        """The cubes that it is a slice of: exactly one in a valid table."""
        return self.facts.to(SLICE).get(self.node, ())

    def lines(self, across: str, along: str) -> Mapping[str, Line]:
        """The cells by their code ``across``, then by their code ``along``."""
        key = (across, along)
        if key not in self._lines:
            lines: dict[str, Line] = {}
            firsts, seconds = self.facts.of(across), self.facts.of(along)
            # Most tables have no cell with codes of both dimensions.
            apart = any(codes.keys().isdisjoint(self.cells) for codes in (firsts, seconds))
            for cell in () if apart else self.cells:
                for first in firsts.get(cell, ()):
                    line = lines.setdefault(first, {})
                    for second in seconds.get(cell, ()):
                        line.setdefault(second, []).append(cell)
            self._lines[key] = lines
        return self._lines[key]


@dataclass
class Context:
    """A report to check, and the report on the year before, if available."""

    facts: Facts
    reference_data: ReferenceData
    last_year: Facts | None = None
    _tables: dict[str, TableOfCells] = field(default_factory=dict)

    def table(self, node: str) -> TableOfCells:
        """One of the report's tables, created once."""
        if node not in self._tables:
            self._tables[node] = TableOfCells(node, self.facts, self.reference_data)
        return self._tables[node]

    def earlier_tables(self, table: TableOfCells) -> Iterator[TableOfCells]:
        """The tables of the same cube in the report on the year before."""
        if self.last_year is not None:
            for cube in table.cubes:
                for node in self.last_year.values(cube, SLICE):
                    yield TableOfCells(node, self.last_year, self.reference_data)

    def names(self, node: str) -> Mapping[str, str]:
        """The names of a code or body, by language."""
        return self.reference_data.labels(node, _NAME) or labels_in(self.facts, node, _NAME)

    def property_names(self, node: str) -> Mapping[str, str]:
        """The names of a property, by language."""
        return self.reference_data.labels(node, _LABEL)

    def titles(self, table: TableOfCells) -> Mapping[str, str]:
        """The titles of the table, by language: those of its cube."""
        return self.reference_data.labels(table.cubes[0], _TITLE) if table.cubes else {}


@lru_cache(maxsize=65536)
def number(term: str) -> Decimal | None:
    """The number that a literal states; None if it is not an integer or decimal."""
    return number_stated(text_of(term), datatype_of(term) or "")


def formula(signed: Iterable[Decimal]) -> str:
    """Terms and their sum: ``20 + 5 - 1 = 24``."""
    terms = list(signed)
    said = " ".join(f"{'-' if term < 0 else '+'} {number_text(abs(term))}" for term in terms)
    return f"{said.removeprefix('+ ')} = {number_text(sum(terms, Decimal(0)))}"
