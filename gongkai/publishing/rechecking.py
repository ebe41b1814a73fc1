"""Reports of a store checked again, each given that of its body on the year before."""

from gongkai.ontology.addresses import Addresses
from gongkai.pipeline import Outcome, checked_outcome
from gongkai.publishing.shared_entities import (
    entities_to_publish,
    stored_report,
    without_shared_entities,
)
from gongkai.server.store import WritableStore
from gongkai.shapes.checker import RuleEngine, Verdict, check
from gongkai.shapes.findings import Finding
from gongkai.shapes.shape_graph import comparing_rules


def with_last_year(store: WritableStore, outcome: Outcome, engine: RuleEngine) -> Outcome:
    """The outcome checked again if the store holds the report on the year before; else as it is."""
    assert outcome.report is not None, "only reports are compared"
    report = outcome.report
    last_year = stored_report(store, report.body.key, report.year - 1)
    return checked_outcome(outcome, store.base, engine, last_year) if last_year else outcome


def check_next_year(
    store: WritableStore, outcome: Outcome, engine: RuleEngine
) -> tuple[Finding, ...]:
    """Check the stored report on the year after again, if there is one; what compares years in it.

    Its validation is replaced: what it says of last year's report was of another one, or nothing.
    """
    assert outcome.report is not None, "only reports are compared"
    body, year = outcome.report.body.key, outcome.report.year
    verdict = check_stored(store, body, year + 1, engine)
    if verdict is None:
        return ()
    return tuple(f for f in verdict.findings if f.rule in comparing_rules(store.base))


def check_stored(store: WritableStore, body: str, year: int, engine: RuleEngine) -> Verdict | None:
    """Check a report of the store again and replace its validation; None if it is not there."""
    addresses = Addresses(store.base)
    graph = stored_report(store, body, year)
    if not graph:
        return None
    last_year = stored_report(store, body, year - 1) or None
    verdict = check(graph, store.base, last_year, engine)
    graphs = {str(addresses.validation(body, year)): verdict.validation}
    report = str(addresses.report(body, year))
    own, things = without_shared_entities(store.base, store.graph(report))
    if things:
        # Published before things that several reports speak of had graphs of their own.
        graphs |= {report: own, **entities_to_publish(store, things, year, {})}
    store.replace(graphs)
    return verdict
