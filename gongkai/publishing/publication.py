"""Publish a report: the one entry point, for the command line and for programs."""

from collections import Counter
from dataclasses import dataclass

from rich.cells import set_cell_size

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.pipeline import Outcome
from gongkai.publishing.content import prepared_content
from gongkai.publishing.histories import published
from gongkai.publishing.rechecking import Rechecked, rechecked, with_last_year
from gongkai.publishing.report_graphs import graphs_of_report
from gongkai.publishing.standing import Refusal, Standing, standing
from gongkai.server.store import WritableStore
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.findings import Finding
from gongkai.shapes.shape_graph import comparing_rules

_WIDTH = 28
"""Of the first column of the closing table."""


@dataclass(frozen=True)
class Publication:
    """The result of publishing a report.

    ``outcome`` is the report with the findings of the rules, given the report on the year before in
    the store. ``refusal`` is why it was refused, if it was, and ``reason`` says so of a report from
    another document. ``digest`` is that of the published content. ``next_year`` is what the rules
    that compare years find in the report on the year after, if the store has it.
    """

    outcome: Outcome
    standing: Standing
    refusal: Refusal | None = None
    reason: str | None = None
    digest: str | None = None
    next_year: tuple[Finding, ...] = ()


def publish(
    store: WritableStore,
    outcome: Outcome,
    *,
    strict: bool = False,
    replace: bool = False,
    engine: RuleEngine = RuleEngine.SETWISE,
) -> Publication:
    """Publish a report to a store, in one transaction: readers see all of it or nothing.

    Reports on the years before and after that are in the store are compared with it. A report is
    refused if it may not be published (``Outcome.publishable``); with ``strict``, if it violates a
    rule; without ``replace``, if it is from another document than the one published before
    (``standing``). The store must have the reference data (``publish_reference_data``). Raises
    StoreError; then nothing of the report is in the store.
    """
    if (refusal := refusal_of(outcome)) is not None:
        return refused(outcome, refusal)
    outcome = with_last_year(store, outcome, engine)
    if (refusal := refusal_of(outcome, strict)) is not None:
        return refused(outcome, refusal)
    content = prepared_content(outcome, store.base)
    assert outcome.report is not None, "only reports are publishable"
    before = published(store, outcome.report.body.key, outcome.report.year)
    stands, reason = standing(before, outcome.report, content.version.digest)
    if stands is Standing.REFUSED and not replace:
        return refused(outcome, Refusal.OTHER_DOCUMENT, reason)
    graphs = graphs_of_report(store, outcome, content, before)
    after = _year_after(store, outcome, engine)
    store.replace(graphs | _validations(store, outcome, after, engine))
    return Publication(
        outcome,
        Standing.REPLACED if stands is Standing.REFUSED else stands,
        digest=content.version.digest,
        next_year=_compared(store.base, after),
    )


def refusal_of(outcome: Outcome, strict: bool = False) -> Refusal | None:
    """Why a report may not be published, whatever the store holds; None if it may.

    With ``strict`` a broken mandatory rule is a reason as well; warnings are none.
    """
    if outcome.report is None:
        return Refusal.UNREADABLE
    if not outcome.publishable:
        return Refusal.INCOMPLETE
    return Refusal.VIOLATION if strict and outcome.violated else None


def refused(outcome: Outcome, refusal: Refusal, reason: str | None = None) -> Publication:
    """The result for a report that is not published."""
    return Publication(outcome, Standing.REFUSED, refusal, reason)


def closing_table(counts: Counter[Standing], refusals: Counter[Refusal]) -> str:
    """How many reports had each result, and why some were refused; one line each."""
    lines = [_counted(message(f"publishing.standing.{kind}"), counts[kind]) for kind in Standing]
    lines += [
        _counted("  " + message(f"publishing.refusal.{kind}"), refusals[kind])
        for kind in Refusal
        if refusals[kind]
    ]
    return "\n".join(lines)


def _counted(name: str, count: int) -> str:
    # Chinese characters are two columns wide.
    return set_cell_size(name, _WIDTH) + f"{count:>8}"


def _year_after(store: WritableStore, outcome: Outcome, engine: RuleEngine) -> Rechecked | None:
    """The stored report on the year after, checked again with this report as last year's."""
    assert outcome.report is not None
    body, year = outcome.report.body.key, outcome.report.year
    return rechecked(store, body, year + 1, engine, last_year=outcome.graph)


def _validations(
    store: WritableStore, outcome: Outcome, after: Rechecked | None, engine: RuleEngine
) -> dict[str, bytes]:
    """The new validations of reports on the year after, by graph name."""
    assert outcome.report is not None
    year = outcome.report.year + 1
    # Reports under a former key of the body were compared with a report that is moved.
    alone = (
        rechecked(store, former, year, engine, last_year=None)
        for former in outcome.report.body.former_keys
        if store.graph(str(Addresses(store.base).report(former, year - 1)))
    )
    return {found.name: found.verdict.validation for found in (after, *alone) if found is not None}


def _compared(base: str, after: Rechecked | None) -> tuple[Finding, ...]:
    """The findings of the rules that compare years."""
    found = after.verdict.findings if after is not None else ()
    return tuple(finding for finding in found if finding.rule in comparing_rules(base))
