"""Publish a report: the one way into a store, for the command line and for programs."""

from collections import Counter
from dataclasses import dataclass

from gongkai.ontology.addresses import Addresses
from gongkai.pipeline import Outcome
from gongkai.publishing.rechecking import Rechecked, rechecked, with_last_year
from gongkai.publishing.report_graphs import graphs_of_report
from gongkai.publishing.standing import Standing, standing
from gongkai.server.store import WritableStore
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.findings import Finding
from gongkai.shapes.shape_graph import comparing_rules


@dataclass(frozen=True)
class Publication:
    """What became of a report that was to be published.

    ``outcome`` is the report with what the rules say of it, given that on the year before in the
    store. ``reason`` says why another document was refused; a report that is refused for its own
    findings has none. ``next_year`` is what rules that compare years find in the report on the year
    after, where the store has it.
    """

    outcome: Outcome
    standing: Standing
    reason: str | None = None
    next_year: tuple[Finding, ...] = ()


def publish(
    store: WritableStore,
    outcome: Outcome,
    *,
    strict: bool = False,
    replace: bool = False,
    engine: RuleEngine = RuleEngine.SETWISE,
) -> Publication:
    """Put a report into a store, in one transaction: readers see all of it or nothing.

    Reports on the years before and after that are in the store are compared with it. Refused are
    reports that may not be published (``Outcome.publishable``), with ``strict`` those that violate
    a rule, and without ``replace`` those from another document than the one published before
    (``standing``). The store has the reference data (``publish_reference_data``). Raises
    StoreError; then nothing of the report is in the store.
    """
    if not outcome.publishable:
        return Publication(outcome, Standing.REFUSED)
    outcome = with_last_year(store, outcome, engine)
    if strict and violated(outcome):
        return Publication(outcome, Standing.REFUSED)
    stands, reason = standing(store, outcome)
    if stands is Standing.REFUSED and not replace:
        return Publication(outcome, stands, reason)
    graphs = graphs_of_report(store, outcome)
    after = _year_after(store, outcome, engine)
    store.replace(graphs | _validations(store, outcome, after, engine))
    return Publication(
        outcome,
        Standing.REPLACED if stands is Standing.REFUSED else stands,
        next_year=_compared(store.base, after),
    )


def violated(outcome: Outcome) -> bool:
    """Whether a rule that must hold does not; a warning is none."""
    return any(finding.severity == "Violation" for finding in outcome.findings)


def closing_table(counts: Counter[Standing]) -> str:
    """How many reports there were of each kind, a line each."""
    return "\n".join(f"{kind:<10}{counts[kind]:>8}" for kind in Standing)


def _year_after(store: WritableStore, outcome: Outcome, engine: RuleEngine) -> Rechecked | None:
    """The stored report on the year after, checked again: it was compared with another, or none."""
    assert outcome.report is not None
    body, year = outcome.report.body.key, outcome.report.year
    return rechecked(store, body, year + 1, engine, last_year=outcome.graph)


def _validations(
    store: WritableStore, outcome: Outcome, after: Rechecked | None, engine: RuleEngine
) -> dict[str, bytes]:
    """What is said anew of reports on the year after, by the names of the graphs."""
    assert outcome.report is not None
    year = outcome.report.year + 1
    # Those under a former key of the body were compared with a report that moves.
    alone = (
        rechecked(store, former, year, engine, last_year=None)
        for former in outcome.report.body.former_keys
        if store.graph(str(Addresses(store.base).report(former, year - 1)))
    )
    return {found.name: found.verdict.validation for found in (after, *alone) if found is not None}


def _compared(base: str, after: Rechecked | None) -> tuple[Finding, ...]:
    """What the rules that compare years find in it."""
    found = after.verdict.findings if after is not None else ()
    return tuple(finding for finding in found if finding.rule in comparing_rules(base))
