"""Well-formed cubes: the integrity constraints of the RDF Data Cube recommendation.

Each constraint IC-1 to IC-21 is a query beside this module, true for a graph that breaks it; IC-0
is checked here. The queries expect normalised cubes, so a graph is normalised first. It must
contain everything that its cubes use: structure definitions, component properties and code lists,
and ``qb:measureType`` with its range where a cube uses it as a dimension.

Source: https://www.w3.org/TR/vocab-data-cube/, sections 10 (normalisation) and 11 (constraints).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile

import pyoxigraph
import rdflib
from rdflib import XSD

from gongkai.ontology.triples.graph import Graph, Triple

__all__ = ["BrokenConstraint", "broken_constraints", "integrity_constraints"]


@dataclass(frozen=True)
class BrokenConstraint:
    """An integrity constraint that a graph breaks.

    Source: section 11 of the recommendation.

    Args:
        id: Its number with two digits, such as ``IC-01`` for the recommendation's IC-1.
        name: Its name in the recommendation, such as ``Unique DataSet``.
        text: What it demands, in the words of the recommendation.
    """

    id: str
    name: str
    text: str


_DATATYPE_CONSISTENCY = BrokenConstraint(
    id="IC-00",
    name="Datatype consistency",
    text=(
        "The RDF graph must be consistent under RDF D-entailment using a datatype map containing "
        "all the datatypes used within the graph."
    ),
)

_TEMPLATES = ("IC-20", "IC-21")
"""Constraints with a property $p, whose values another query finds."""

_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = "(0[1-9]|1[0-2])"
_DAY = "(0[1-9]|[12][0-9]|3[01])"
_TIME_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"

# rdflib does not support these datatypes, and observations are often dated by year
_PARTIAL_DATES = {
    XSD.gYear: re.compile(_YEAR + _TIME_ZONE),
    XSD.gYearMonth: re.compile(f"{_YEAR}-{_MONTH}{_TIME_ZONE}"),
    XSD.gMonth: re.compile(f"--{_MONTH}{_TIME_ZONE}"),
    XSD.gMonthDay: re.compile(f"--{_MONTH}-{_DAY}{_TIME_ZONE}"),
    XSD.gDay: re.compile(f"---{_DAY}{_TIME_ZONE}"),
}


def broken_constraints(graph: Iterable[Triple]) -> list[BrokenConstraint]:
    """Name the integrity constraints that the cubes in a graph break.

    IC-0 is broken by a literal whose lexical form is invalid for its datatype, as far as rdflib
    detects it: it accepts what Python's own conversions accept, and parsing a graph may already
    have rewritten such a literal. Unknown datatypes are skipped.

    Source: section 11 of the recommendation; the normalisation is that of section 10.

    Args:
        graph: The cubes, abbreviated or not, with all that they rest on; it is not changed.

    Returns:
        The broken constraints in the order of the recommendation, each once; none if the graph is
        well-formed.
    """
    stated = Graph(graph)
    store = _normalised(stated)
    broken = [
        constraint
        for constraint, template in _constraints()
        for query in _instances(constraint, template, store)
        if store.query(query)
    ]
    if any(_ill_typed(term) for term in stated.objects()):
        broken.insert(0, _DATATYPE_CONSISTENCY)
    # A constraint may have several queries
    return list(dict.fromkeys(broken))


def integrity_constraints() -> tuple[BrokenConstraint, ...]:
    """All constraints of the recommendation, IC-0 to IC-21, each once."""
    stated = (_DATATYPE_CONSISTENCY, *(constraint for constraint, _ in _constraints()))
    return tuple(dict.fromkeys(stated))


def _normalised(graph: Graph) -> pyoxigraph.Store:
    """Copy a graph into a store of its own and normalise the cubes in it."""
    store = pyoxigraph.Store()
    # Lenient, because no constraint is about the spelling of IRIs and language tags
    store.load(graph.n_triples(), format=pyoxigraph.RdfFormat.N_TRIPLES, lenient=True)
    for phase in ("normalise-types.ru", "normalise-attachments.ru"):
        store.update(files(__package__).joinpath(phase).read_text(encoding="utf-8"))
    return store


@cache
def _constraints() -> tuple[tuple[BrokenConstraint, str], ...]:
    """Read the constraints beside this module, each with its query or template, in order."""
    paths = [path for path in files(__package__).iterdir() if path.name.startswith("ic-")]
    queries = [
        path.read_text(encoding="utf-8") for path in sorted(paths, key=lambda path: path.name)
    ]
    return tuple((_heading(query), query) for query in queries)


def _heading(query: str) -> BrokenConstraint:
    """Read a constraint's number, name and text from the comment at the top of its query."""
    first, *rest = [
        line.removeprefix("# ") for line in takewhile(lambda line: line != "#", query.splitlines())
    ]
    number, name = first.split(". ", 1)
    return BrokenConstraint(id=number, name=name, text=" ".join(rest))


@cache
def _properties_of(template: str) -> str:
    """The query for the properties that a template follows."""
    name = f"properties-{template.lower()}.rq"
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _instances(
    constraint: BrokenConstraint, template: str, store: pyoxigraph.Store
) -> Iterator[str]:
    """The queries to run: the template itself, or one for each property that it follows."""
    if constraint.id not in _TEMPLATES:
        yield template
        return
    properties = store.query(_properties_of(constraint.id))
    assert isinstance(properties, pyoxigraph.QuerySolutions)
    for solution in properties:
        yield template.replace("<$p>", str(solution["p"]))


def _ill_typed(term: rdflib.term.Node) -> bool:
    """Whether a term is a literal whose lexical form is invalid for its datatype."""
    if not isinstance(term, rdflib.Literal):
        return False
    partial_date = _PARTIAL_DATES.get(term.datatype) if term.datatype else None
    if partial_date is not None:
        return partial_date.fullmatch(term) is None
    return term.ill_typed is True
