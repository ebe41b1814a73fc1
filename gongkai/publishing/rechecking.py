"""Check stored reports again, each with the report of its body on the year before."""

from dataclasses import dataclass

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.source_places import restated_places
from gongkai.ontology.triples.lines import object_of, property_of
from gongkai.ontology.triples.terms import text_of
from gongkai.pipeline import Outcome, checked_outcome
from gongkai.publishing.shared_entities import (
    entities_to_publish,
    stored_report,
    without_shared_entities,
)
from gongkai.server.store import Graphs, WritableStore
from gongkai.shapes.checker import RuleEngine, Verdict, check
from gongkai.shapes.comparable import comparable_part

_PERIOD = b"<http://purl.org/linked-data/sdmx/2009/dimension#refPeriod>"


@dataclass(frozen=True)
class Rechecked:
    """The findings of the rules on a stored report, and the name of its graph."""

    name: str
    verdict: Verdict


def with_last_year(store: Graphs, outcome: Outcome, engine: RuleEngine) -> Outcome:
    """The outcome, checked again if the store holds the report on the year before."""
    assert outcome.report is not None, "only reports are compared"
    report = outcome.report
    last_year = _compared_part(store, report.body.key, report.year - 1)
    return checked_outcome(outcome, store.base, engine, last_year) if last_year else outcome


def _compared_part(store: Graphs, body: str, year: int) -> bytes:
    """What the rules that compare years need of a stored report; empty if it is not there."""
    own = store.graph(str(Addresses(store.base).report(body, year)))
    if not own:
        return b""
    part = comparable_part(own, store.base)
    # The years that periods mean are kept once, for all reports.
    periods = {
        text_of(object_of(line).decode())
        for line in part.splitlines()
        if property_of(line) == _PERIOD
    }
    return part + b"".join(store.graph(period) for period in sorted(periods))


def rechecked(
    store: Graphs, body: str, year: int, engine: RuleEngine, last_year: bytes | None
) -> Rechecked | None:
    """The findings of the rules on a stored report, given the year before (N-Triples).

    None if the store does not have the report.
    """
    addresses = Addresses(store.base)
    graph = restated_places(stored_report(store, body, year), addresses.terms)
    if not graph:
        return None
    name = str(addresses.validation(body, year))
    return Rechecked(name, check(graph, store.base, last_year, engine))


def check_stored(store: WritableStore, body: str, year: int, engine: RuleEngine) -> Verdict | None:
    """Check a stored report again and replace its validation; None if it is not there."""
    last_year = stored_report(store, body, year - 1) or None
    found = rechecked(store, body, year, engine, last_year)
    if found is None:
        return None
    graphs = {found.name: found.verdict.validation}
    addresses = Addresses(store.base)
    report = str(addresses.report(body, year))
    stored = store.graph(report)
    own, entities = without_shared_entities(store.base, restated_places(stored, addresses.terms))
    if own != stored:
        # Published before shared entities had graphs of their own, or a place was one literal.
        graphs |= {report: own, **entities_to_publish(store, entities, year, {})}
    store.replace(graphs)
    return found.verdict
