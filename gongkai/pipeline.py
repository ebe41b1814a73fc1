"""The pipeline of a report: read, describe, check. Each report is independent of all others."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from gongkai.converters.documents import bytes_of
from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.overrides import Overrides, refuse_overrides
from gongkai.converters.rdf.cube import report_triples
from gongkai.converters.report import Report
from gongkai.converters.sources import source_of_content
from gongkai.ontology.addresses import Addresses
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import readers_language
from gongkai.processes.child_process import CallFailed, fault
from gongkai.shapes.checker import RuleEngine, check
from gongkai.shapes.findings import Finding
from gongkai.shapes.results import Count
from gongkai.shapes.well_formed import BrokenConstraint

_MOST_WAITING = 64
"""Files whose work has begun, or is done, before the first of them is reported."""


@dataclass(frozen=True)
class Outcome:
    """The outcome for one report of a file: the report and its findings, or the error.

    ``graph`` and ``validation`` are N-Triples: small, and the same in every process. ``counts`` say
    for each rule how often it held; ``constraints`` are the broken integrity constraints of the
    Data Cube recommendation, if they were checked. ``report`` is None for a graph that was already
    RDF; ``uri`` is the report's URI under ``base``, empty for tables without a report;
    ``tables_of`` then is their body and year, if they share one. ``failure`` says in each language
    why nothing could be read, ``trace`` is the traceback if that is a bug of our own;
    ``broken_off``: the work did not end, for want of time or memory or by a crash.
    """

    path: Path
    report: Report | None = None
    graph: bytes = b""
    validation: bytes = b""
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, Count] = field(default_factory=dict)
    constraints: tuple[BrokenConstraint, ...] = ()
    failure: Label | None = None
    trace: str = ""
    broken_off: bool = False
    uri: str = ""
    base: str = ""
    tables_of: tuple[str, int] | None = None

    @property
    def error(self) -> str | None:
        """Why nothing could be read, in the language of whoever reads it now; else None."""
        return None if self.failure is None else self.failure[readers_language()]

    @property
    def body_and_year(self) -> tuple[str, int] | None:
        """The body and year of the report, from the names; None if they do not show them."""
        return Addresses(self.base).report_key(self.uri) if self.uri else self.tables_of

    @property
    def complete(self) -> bool:
        """Whether something was read, and no cell is unread or absent."""
        if self.report is not None:
            return self.report.complete
        return self.error is None and all(finding.rule != "complete" for finding in self.findings)

    @property
    def in_order(self) -> bool:
        """Whether it is complete, and no rule was found broken."""
        return self.complete and not self.findings

    @property
    def publishable(self) -> bool:
        """Whether the report may enter a store: complete, with an intact structure.

        Broken arithmetic does not prevent it: the report really states it, and the findings are
        published with it. Nor do unread cells that are listed as such, if each is separate in the
        source: they put no other cell in doubt.
        """
        if self.report is None or any(finding.blocks for finding in self.findings):
            return False
        return self.report.cells_apart or (
            self.report.complete and all(finding.rule != "complete" for finding in self.findings)
        )

    @property
    def violated(self) -> bool:
        """Whether a mandatory rule is broken; warnings do not count."""
        return any(finding.severity == "Violation" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 good, 1 rules broken or cells missing, 2 unreadable."""
        if self.error is not None:
            return 2
        return 1 if self.findings or self.constraints else 0


def process(
    path: Path,
    base: str,
    engine: RuleEngine | None = RuleEngine.SETWISE,
    limits: Limits = DEFAULT_LIMITS,
    overrides: Overrides | None = None,
) -> tuple[Outcome, ...]:
    """Read, describe and check the reports in one document. Never raises for bad input.

    ``engine`` runs the rules; None: they are not checked. ``overrides`` are the values that the
    user gives: the register of bodies, the reporting body, the year.
    """
    overrides = overrides or Overrides()
    try:
        reports = _reports_in(path, limits, overrides)
    except UnreadableSource as error:
        return (Outcome(path, failure=error.label),)
    return tuple(
        _described(path, report, base, engine)
        if isinstance(report, Report)
        else Outcome(path, failure=report.label)
        for report in reports
    )


def _reports_in(
    path: Path, limits: Limits, overrides: Overrides
) -> tuple[Report | UnreadableSource, ...]:
    data = bytes_of(path, limits)
    source = source_of_content(data)
    if not source.takes_overrides:
        refuse_overrides(overrides, path, source.key)
    return source.read(path, data, limits, overrides)


def _described(path: Path, report: Report, base: str, engine: RuleEngine | None) -> Outcome:
    outcome = Outcome(path, report, report_triples(report, base, conversion_time()), base=base)
    return outcome if engine is None else checked_outcome(outcome, base, engine)


def checked_outcome(
    outcome: Outcome,
    base: str,
    engine: RuleEngine = RuleEngine.SETWISE,
    last_year: bytes | None = None,
) -> Outcome:
    """The outcome with the findings of the rules, given the report on the year before."""
    verdict = check(outcome.graph, base, last_year, engine)
    return replace(
        outcome,
        validation=verdict.validation,
        findings=verdict.findings,
        counts=verdict.counts,
        uri=verdict.report,
        base=base,
    )


def process_all(
    paths: Iterable[Path],
    base: str,
    executor: Executor | None = None,
    work: Callable[[Path, str], tuple[Outcome, ...]] = process,
) -> Iterator[tuple[Outcome, ...]]:
    """The outcomes of every file, in order; on ``executor`` if there is one.

    Files are submitted as needed, not all at once. An exception raised by the work on one file
    becomes the outcome of that file alone.
    """
    waiting: deque[tuple[Path, Future[tuple[Outcome, ...]]]] = deque()
    try:
        for path in paths:
            waiting.append((path, _begin(executor, work, path, base)))
            while waiting and (waiting[0][1].done() or len(waiting) >= _MOST_WAITING):
                yield _outcomes(*waiting.popleft())
        while waiting:
            yield _outcomes(*waiting.popleft())
    finally:
        for _, future in waiting:
            future.cancel()


def _begin(
    executor: Executor | None,
    work: Callable[[Path, str], tuple[Outcome, ...]],
    path: Path,
    base: str,
) -> Future[tuple[Outcome, ...]]:
    if executor is not None:
        return executor.submit(work, path, base)
    future: Future[tuple[Outcome, ...]] = Future()
    try:
        future.set_result(work(path, base))
    except Exception as error:
        future.set_exception(error)
    return future


def _outcomes(path: Path, future: Future[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    try:
        return future.result()
    except CallFailed as error:
        failure = error
    except Exception as error:
        failure = fault(error)
    return (Outcome(path, failure=failure.label, trace=failure.trace, broken_off=True),)


def conversion_time() -> datetime:
    """The current time, or SOURCE_DATE_EPOCH, so that conversions can be reproduced exactly."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdigit():
        return datetime.fromtimestamp(int(fixed), UTC)
    return datetime.now(UTC).replace(microsecond=0)
