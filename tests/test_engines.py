"""The set-wise engine comes to pyshacl's verdict: on generated reports, right and wrong."""

from collections.abc import Iterable
from random import Random

from generated_reports import BASE, Draft, report_and_last_year
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.shapes.facts import read_facts
from gongkai.shapes.reference import validate_together
from gongkai.shapes.results import Result
from gongkai.shapes.setwise.engine import evaluate
from gongkai.shapes.shape_graph import read_shapes

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


@settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(seed=st.integers(0, 2**32))
def test_both_engines_come_to_the_same_verdict(seed: int) -> None:
    random = Random(seed)
    pairs = [report_and_last_year(random, f"body-{number}") for number in range(TOGETHER)]
    assert differences(pairs) == []


def test_the_generated_reports_break_every_constraint_of_every_shape() -> None:
    """What they never break, they would not compare."""
    broken = set()
    for seed in range(2000):
        draft, last = report_and_last_year(Random(seed), "body")
        found = setwise(draft, last)
        broken |= {(result.shape, result.constraint or result.component) for result in found}
    wanted = {
        (shape.node, part)
        for shape in read_shapes(BASE)
        for part in (
            *(constraint.component for constraint in shape.core),
            *(constraint.node for constraint in shape.sparql),
        )
    }
    assert wanted - broken == set()
