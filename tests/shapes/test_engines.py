"""The set-wise engine comes to pyshacl's verdict: on generated reports, right and wrong."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongkai.shapes.shape_graph import read_shapes
from helpers.engine_parity import Compared, compare, setwise
from helpers.generated_reports import BASE, report_and_last_year
from helpers.profiles import NIGHTLY, examples

SEEDS = 14 if NIGHTLY else 1
"""Graphs of some thirty reports for each example: sixty in a run, thousands each night.

Pyshacl takes seconds for each; the first seed is always 0. bench/parity.py compares as many
thousands as one likes.
"""


@pytest.fixture(scope="module")
def mapping() -> Iterator[Callable[..., Iterable[Compared]]]:
    """``map``; each night on every core: pyshacl takes nearly all of the time."""
    if not NIGHTLY:
        yield map
        return
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map


NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A smaller seed is no simpler report, and the search for one takes minutes."""


@pytest.mark.slow
@settings(
    max_examples=examples(2),
    phases=NO_SHRINKING,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_both_engines_come_to_the_same_verdict(
    mapping: Callable[..., Iterable[Compared]], seed: int
) -> None:
    compared = list(mapping(compare, range(seed, seed + SEEDS)))
    assert [text for found in compared for text in found.differences] == []
    reports, broken = sum(c.reports for c in compared), sum(c.broken for c in compared)
    assert reports > 20 * SEEDS and 0 < broken < reports


def test_the_generated_reports_break_every_constraint_of_every_shape() -> None:
    """What they never break, they would not compare."""
    missing = {
        (shape.node, part)
        for shape in read_shapes(BASE)
        # Those of other countries are compared on their own reports and examples.
        if not shape.target.endswith(("#UnitedStatesTable>", "#UnitedKingdomTable>"))
        for part in (
            *(constraint.component for constraint in shape.core),
            *(constraint.node for constraint in shape.sparql),
        )
    }
    for seed in range(2000):
        draft, last = report_and_last_year(Random(seed), "body")
        for result in setwise(draft, last):
            missing.discard((result.shape, result.constraint or result.component))
        if not missing:
            break
    assert missing == set()
