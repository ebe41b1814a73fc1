"""The quality panel of a report: each rule holds, is broken, or cannot be assessed."""

from dataclasses import dataclass

from rdflib import RDF, SH, Namespace
from rdflib.term import Node

from gongkai.ontology.labels import Label
from gongkai.ontology.triples.graph import Graph
from gongkai.server.queries.graphs import label_of

_EARL = Namespace("http://www.w3.org/ns/earl#")

STATES = ("failed", "passed", "cantTell", "inapplicable")
"""The outcomes of a rule (W3C, EARL 1.0 Schema, section 2.7), in the order of the panel."""


@dataclass(frozen=True)
class ShownFinding:
    """A broken rule, with its message and the cell that it refers to.

    ``number`` is its position among all findings, from 1.
    """

    number: int
    rule: str
    message: Label
    cell: str
    warning: bool


@dataclass(frozen=True)
class RuleOutcome:
    """The outcome of a rule in a report, and in how many places: a table, a row, a claim."""

    rule: str
    state: str
    held: int
    broken: int
    not_assessable: int


def read_findings(verdict: Graph) -> tuple[ShownFinding, ...]:
    """The findings of a validation in order, violations before warnings."""
    results = sorted(
        verdict.subjects(RDF.type, SH.ValidationResult),
        key=lambda result: (
            verdict.value(result, SH.resultSeverity) == SH.Warning,
            len(str(result)),
            str(result),
        ),
    )
    return tuple(
        ShownFinding(
            number=number,
            rule=str(verdict.value(result, SH.sourceShape)),
            message=label_of(verdict, result, SH.resultMessage),
            cell=str(verdict.value(result, SH.value)),
            warning=verdict.value(result, SH.resultSeverity) == SH.Warning,
        )
        for number, result in enumerate(results, start=1)
    )


def read_outcomes(verdict: Graph, define: Namespace) -> dict[str, tuple[RuleOutcome, ...]]:
    """The rules by state, in the order of ``STATES``; states without rules are left out."""
    found: dict[str, list[RuleOutcome]] = {}
    for assertion in verdict.subjects(RDF.type, _EARL.Assertion):
        result = verdict.value(assertion, _EARL.result)
        state = str(verdict.value(result, _EARL.outcome)).rpartition("#")[2]
        found.setdefault(state, []).append(
            RuleOutcome(
                rule=str(verdict.value(assertion, _EARL.test)),
                state=state,
                held=_count(verdict, result, define.held),
                broken=_count(verdict, result, define.broken),
                not_assessable=_count(verdict, result, define.notAssessable),
            )
        )
    return {
        state: tuple(sorted(found[state], key=lambda outcome: outcome.rule))
        for state in STATES
        if state in found
    }


def _count(verdict: Graph, result: Node | None, link: Node) -> int:
    return int(str(verdict.value(result, link) or 0))
