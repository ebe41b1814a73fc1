"""What is written of a report as far as the report alone decides it, whatever is in the store.

``publish`` in the process that writes decides and writes; this is made where the report is read, in
a child process for each file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.converters.overrides import Overrides
from gongkai.ontology.addresses import Addresses
from gongkai.pipeline import Outcome, process
from gongkai.publishing.comparison import comparison_of
from gongkai.publishing.histories import NewVersion, new_version
from gongkai.publishing.shared_entities import without_shared_entities
from gongkai.shapes.checker import RuleEngine


@dataclass(frozen=True)
class ReportContent:
    """The parts of a report that go to different graphs; all are sorted N-Triples.

    ``own`` are the triples of the report itself, ``entities`` those of each shared entity, by name,
    ``comparison`` the derived numbers. ``version`` is the report as its history keeps it.
    """

    own: bytes
    entities: Mapping[str, bytes]
    comparison: bytes
    version: NewVersion


@dataclass(frozen=True)
class PreparedOutcome(Outcome):
    """An outcome with the content to publish, under its ``base``."""

    content: ReportContent | None = None


def content_of(outcome: Outcome, base: str) -> ReportContent:
    """The content to publish of a report that was read, in a store with this base."""
    assert outcome.report is not None, "only reports are published"
    own, entities = without_shared_entities(base, outcome.graph)
    name = str(Addresses(base).report(outcome.report.body.key, outcome.report.year))
    comparison = comparison_of(outcome.graph, base)
    return ReportContent(own, entities, comparison, new_version(name, outcome.graph))


def prepared_content(outcome: Outcome, base: str) -> ReportContent:
    """The content that came with the outcome, or made now if it did not."""
    if isinstance(outcome, PreparedOutcome) and outcome.content and outcome.base == base:
        return outcome.content
    return content_of(outcome, base)


def process_to_publish(
    path: Path,
    base: str,
    engine: RuleEngine | None = RuleEngine.SETWISE,
    limits: Limits = DEFAULT_LIMITS,
    overrides: Overrides | None = None,
) -> tuple[Outcome, ...]:
    """Read, describe and check the reports in one document, and prepare them for a store.

    Never raises for bad input.
    """
    return tuple(
        _prepared(outcome, base) if outcome.publishable else outcome
        for outcome in process(path, base, engine, limits, overrides)
    )


def _prepared(outcome: Outcome, base: str) -> PreparedOutcome:
    known = {field.name: getattr(outcome, field.name) for field in fields(Outcome)}
    return PreparedOutcome(**known, content=content_of(outcome, base))
