"""Both engines on generated reports: what one of them says and the other does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from gongkai.ontology.triples.facts import read_facts
from gongkai.shapes.reference import validate_together
from gongkai.shapes.results import Result
from gongkai.shapes.setwise.engine import evaluate
from helpers.generated_reports import BASE, Draft, report_and_last_year

TOGETHER = 20
"""Reports that pyshacl sees in one graph: most of its time is the same for one and for twenty."""


def setwise(draft: Draft, last: Draft | None) -> set[Result]:
    earlier = None if last is None else read_facts(last.n_triples())
    return set(evaluate(read_facts(draft.n_triples()), BASE, earlier).results)


def differences(pairs: Iterable[tuple[Draft, Draft | None]]) -> list[str]:
    """What one engine says of the reports and the other does not."""
    drafts: list[Draft] = []
    found: set[Result] = set()
    for draft, last in pairs:
        found |= setwise(draft, last)
        drafts.append(draft)
        if last is not None:
            found |= setwise(last, None)
            drafts.append(last)
    reference = set(validate_together([draft.n_triples() for draft in drafts], BASE))
    return [
        f"{'pyshacl' if result in reference else 'set-wise'} alone: {result}"
        for result in sorted(reference ^ found, key=str)
    ]


@dataclass(frozen=True)
class Compared:
    """How many reports were compared, how many of them break a rule, and every difference."""

    reports: int
    broken: int
    differences: tuple[str, ...]


def compare(seed: int) -> Compared:
    """Make reports from a seed and compare what both engines say of them."""
    random = Random(seed)
    pairs = [report_and_last_year(random, f"body-{number}") for number in range(TOGETHER)]
    drafts = [draft for pair in pairs for draft in pair if draft is not None]
    broken = sum(bool(setwise(draft, None)) for draft in drafts)
    return Compared(
        len(drafts), broken, tuple(f"seed {seed}: {text}" for text in differences(pairs))
    )
