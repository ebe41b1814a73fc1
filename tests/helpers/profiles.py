"""How many examples properties are tried on: few in every run, many each night (make nightly)."""

import os
from collections.abc import Iterable
from typing import TypeVar

from hypothesis import HealthCheck, settings

T = TypeVar("T")
NIGHTLY = os.environ.get("GONGKAI_NIGHTLY", "") not in ("", "0")
_MORE = 20
_USUAL = 100

SHARED_FIXTURES = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
"""Checks to leave out where all examples may use the fixtures of one test."""

# No test may depend on how fast the machine is.
settings.register_profile(
    "ci", max_examples=_USUAL, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("ci"), max_examples=_USUAL * _MORE)
settings.load_profile("nightly" if NIGHTLY else "ci")


def examples(few: int) -> int:
    """``few`` examples of a property; twenty times as many each night."""
    return few * _MORE if NIGHTLY else few


def some_of(alike: Iterable[T], one_in: int) -> list[T]:
    """Of things that are all made alike every ``one_in``-th; all of them each night."""
    return list(alike)[:: 1 if NIGHTLY else one_in]
