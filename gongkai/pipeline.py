"""The whole way of a report: read, describe, check, store. Each is independent of every other."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rdflib import Graph

from gongkai.converters.cube import describe
from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.converters.forms.recognise import recognise_all
from gongkai.converters.report import Report
from gongkai.ontology import load_ontology
from gongkai.ontology.addresses import Addresses
from gongkai.server.store import WritableStore
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import check
from gongkai.shapes.findings import Finding
from gongkai.telling import Telling


@dataclass(frozen=True)
class Outcome:
    """What became of one report of a file: it and its findings, or the error that stood in its way.

    ``graph`` and ``validation`` are N-Triples: small, and the same in every process.
    """

    path: Path
    report: Report | None = None
    graph: bytes = b""
    validation: bytes = b""
    findings: tuple[Finding, ...] = ()
    error: str | None = None

    @property
    def publishable(self) -> bool:
        """Whether the report may enter a store: complete, and its structure whole.

        Broken arithmetic does not keep it out: the report really says so, and the findings are
        published with it.
        """
        return (
            self.report is not None
            and self.report.complete
            and not any(finding.blocks or finding.rule == "complete" for finding in self.findings)
        )

    @property
    def exit_code(self) -> int:
        """0 good, 1 rules broken or cells missing, 2 unreadable."""
        if self.report is None:
            return 2
        return 1 if self.findings else 0


def process(
    path: Path, base: str, checked: bool = True, telling: Telling | None = None
) -> tuple[Outcome, ...]:
    """Read, describe and (if asked) check the reports in one file. Never raises for bad input.

    ``telling`` is what the user tells of it: the register of bodies, who reports, on which year.
    """
    telling = telling or Telling()
    try:
        document = read_document(path)
        document = replace(document, declared={**document.declared, **telling.of(path)})
        reports = recognise_all(document, telling.register())
    except UnreadableSource as error:
        return (Outcome(path, error=str(error)),)
    return tuple(_describe_and_check(path, report, base, checked) for report in reports)


def _describe_and_check(path: Path, report: Report, base: str, checked: bool) -> Outcome:
    graph = describe(report, base, conversion_time())
    validation: bytes = b""
    findings: tuple[Finding, ...] = ()
    if checked:
        verdict = check(graph, base)
        validation, findings = n_triples(verdict.graph), verdict.findings
    return Outcome(path, report, n_triples(graph), validation, findings)


def process_all(
    paths: Sequence[Path],
    base: str,
    executor: Executor | None = None,
    work: Callable[[Path, str], tuple[Outcome, ...]] = process,
) -> Iterator[tuple[Outcome, ...]]:
    """The outcomes of every file, in order; on ``executor`` if there is one."""
    if executor is None:
        yield from (work(path, base) for path in paths)
    else:
        yield from executor.map(work, paths, [base] * len(paths))


def publish_ground(store: WritableStore) -> None:
    """Put vocabulary, code lists, forms, bodies and rules into the store."""
    addresses = Addresses(store.base)
    store.replace(
        {
            str(addresses.vocabulary): n_triples(load_ontology(store.base)),
            str(addresses.shapes): n_triples(load_shapes(store.base)),
        }
    )


def publish_report(store: WritableStore, outcome: Outcome) -> None:
    """Put a report and what the rules say of it in place of what the store held of it.

    What was published of the same report before its body was registered, under another key, goes.
    """
    assert outcome.report is not None and outcome.publishable, "only whole reports are published"
    addresses = Addresses(store.base)
    year = outcome.report.year
    graphs = {}
    for former in outcome.report.body.former_keys:
        graphs[str(addresses.report(former, year))] = b""
        graphs[str(addresses.validation(former, year))] = b""
    graphs[str(addresses.report(outcome.report.body.key, year))] = outcome.graph
    graphs[str(addresses.validation(outcome.report.body.key, year))] = outcome.validation
    store.replace(graphs)


def n_triples(graph: Graph) -> bytes:
    """The graph as sorted N-Triples: the same triples give the same bytes."""
    lines = graph.serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    return b"".join(sorted(line for line in lines if line.strip()))


def conversion_time() -> datetime:
    """Now, or the time in SOURCE_DATE_EPOCH, so that conversions can be reproduced exactly."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdigit():
        return datetime.fromtimestamp(int(fixed), UTC)
    return datetime.now(UTC).replace(microsecond=0)
