"""Check one file for ``gongkai check``: a document, or RDF that is checked as it stands."""

from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.checking.rdf_files import bases_in, is_rdf_file, read_rdf
from gongkai.checking.rdf_reports import reports_of_graphs
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.overrides import Overrides, refuse_overrides
from gongkai.ontology import load_ontology
from gongkai.ontology.triples.graph import Graph
from gongkai.pipeline import Outcome, checked_outcome, process
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.well_formed import BrokenConstraint, broken_constraints


@dataclass(frozen=True)
class Checking:
    """What to check. With ``well_formed``: the integrity constraints instead of the rules.

    With ``base_given``, reports in RDF must be under the base that the user gave, not their own.
    """

    well_formed: bool = False
    base_given: bool = False


def check_file(
    path: Path,
    base: str,
    checking: Checking,
    engine: RuleEngine | None = RuleEngine.SETWISE,
    limits: Limits = DEFAULT_LIMITS,
    overrides: Overrides | None = None,
) -> tuple[Outcome, ...]:
    """Check the reports, or graphs, of one file. Never raises for bad input."""
    if not is_rdf_file(path):
        outcomes = process(path, base, None if checking.well_formed else engine, limits, overrides)
    else:
        try:
            if overrides is not None:
                refuse_overrides(overrides, path, "rdf")
            outcomes = _outcomes_of_rdf(path, base, checking, engine, limits)
        except UnreadableSource as error:
            return (Outcome(path, failure=error.label),)
    if checking.well_formed:
        outcomes = tuple(_with_constraints(outcome, base, checking) for outcome in outcomes)
    return outcomes


def _outcomes_of_rdf(
    path: Path, base: str, checking: Checking, engine: RuleEngine | None, limits: Limits
) -> tuple[Outcome, ...]:
    graphs = read_rdf(path, base, limits)
    if checking.well_formed:
        return tuple(Outcome(path, graph=graph.triples, uri=graph.name) for graph in graphs)
    return tuple(
        checked_outcome(
            Outcome(path, graph=report.triples, tables_of=report.tables_of),
            report.base,
            engine or RuleEngine.SETWISE,
        )
        for report in reports_of_graphs(graphs, base if checking.base_given else None)
    )


def _with_constraints(outcome: Outcome, base: str, checking: Checking) -> Outcome:
    if outcome.error is not None:
        return outcome
    bases = [base] if checking.base_given or outcome.report else list(bases_in(outcome.graph))
    return replace(outcome, constraints=tuple(_broken(outcome.graph, bases)))


def _broken(triples: bytes, bases: list[str]) -> list[BrokenConstraint]:
    """The constraints that a graph breaks; the ontology is added if it uses our structures."""
    graph = Graph().read_n_triples(triples)
    for base in bases:
        if f"<{base}def#".encode() in triples or f"<{base}id/cube/".encode() in triples:
            graph += load_ontology(base)
    return broken_constraints(graph)
