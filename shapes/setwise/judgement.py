"""The result of a constraint for one focus node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gongkai.shapes.results import Detail
from gongkai.shapes.setwise.context import Context
from gongkai.shapes.shape_graph import Shape


@dataclass(frozen=True)
class Broken:
    """A solution of the constraint's SELECT: its ?value, and the variables of its messages."""

    value: str | None
    bindings: Mapping[str, str] = field(default_factory=dict)
    detail: Detail = field(default_factory=Detail)


@dataclass
class Judgement:
    """How often a constraint holds for a focus node, is not assessable, or where it is broken."""

    held: int = 0
    not_assessable: int = 0
    broken: list[Broken] = field(default_factory=list)


Evaluator = Callable[[Context, Shape, str], Judgement]
"""Judges a focus node of a shape, as the constraint's own SPARQL does, for a whole table."""


def in_languages(**names: Mapping[str, str]) -> dict[str, str]:
    """Bindings such as ?keyZh and ?keyEn from labels; without a label the variable is unbound."""
    return {
        name + language.capitalize(): labels[language]
        for name, labels in names.items()
        for language in ("zh", "en")
        if language in labels
    }
