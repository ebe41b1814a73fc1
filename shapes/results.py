"""The results of an engine: the same for every engine, so that they can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Result:
    """A validation result: W3C, SHACL (2017), section 3.6.2.

    All terms are written as in N-Triples; ``messages`` are the filled texts with their languages,
    in the order of the languages. ``value`` is None if the result is not about one value.
    """

    focus: str
    shape: str
    constraint: str | None
    component: str
    path: str | None
    value: str | None
    severity: str
    messages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Detail:
    """Data that a result has no property for: both sides of an equation and all cells in it.

    ``formula`` is the equation in numbers, such as ``366 + 2 + 8 = 376``.
    """

    expected: str | None = None
    found: str | None = None
    cells: tuple[str, ...] = ()
    formula: str | None = None


@dataclass
class Count:
    """How often a rule held, was broken, and could not be assessed, in one report."""

    held: int = 0
    broken: int = 0
    not_assessable: int = 0

    @property
    def outcome(self) -> str:
        """``passed``, ``failed``, ``cantTell`` (cells are missing) or ``inapplicable``.

        The words are those of W3C, EARL 1.0 Schema (2017), section 2.7.
        """
        if self.broken:
            return "failed"
        if self.held:
            return "passed"
        return "cantTell" if self.not_assessable else "inapplicable"


@dataclass(frozen=True)
class Evaluation:
    """The results of an engine for one report, and details on each rule and result."""

    results: tuple[Result, ...]
    counts: Mapping[str, Count] = field(default_factory=dict)
    details: Mapping[Result, Detail] = field(default_factory=dict)
