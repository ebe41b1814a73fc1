"""Core constraint components, evaluated for all focus nodes of a property shape at once.

W3C, SHACL (2017), section 4. A component that is not here makes the shapes unusable for the engine:
an error is raised before anything is checked.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from rdflib import SH

from gongkai.ontology.triples.facts import Facts
from gongkai.ontology.triples.terms import TYPE, XSD, datatype_of, text_of
from gongkai.shapes.setwise.context import Context, number
from gongkai.shapes.shape_graph import CoreConstraint, Shape, UnknownConstraint

Values = Mapping[str, Sequence[str]]
"""The values of a path by focus node."""

Violation = tuple[str, str | None]
"""A focus node and the value at fault; None if the number of values is wrong."""


def violations(
    context: Context, shape: Shape, constraint: CoreConstraint, focus_nodes: Sequence[str]
) -> Iterator[Violation]:
    """The focus nodes, and their values, that break one core constraint."""
    assert shape.path is not None, "core constraints are on property shapes"
    facts, path = context.facts, shape.path
    values = facts.to(path.link) if path.inverse else facts.of(path.link)
    return _COMPONENTS[constraint.component](context, constraint.parameter, focus_nodes, values)


def refuse_unknown(shape: Shape) -> None:
    """Raise UnknownConstraint if a shape has a core constraint that is not here."""
    for constraint in shape.core:
        if constraint.component not in _COMPONENTS:
            raise UnknownConstraint(
                f"{shape.node} has a constraint that the engine lacks: {constraint.component}"
            )
        if shape.path is None:
            raise UnknownConstraint(f"{shape.node} has a core constraint but no sh:path")


def _min_count(
    context: Context, parameter: str, focus_nodes: Sequence[str], values: Values
) -> Iterator[Violation]:
    least = int(text_of(parameter))
    if least == 1 and values.keys() >= set(focus_nodes):
        return
    for focus in focus_nodes:
        if len(values.get(focus, ())) < least:
            yield focus, None


def _max_count(
    context: Context, parameter: str, focus_nodes: Sequence[str], values: Values
) -> Iterator[Violation]:
    most = int(text_of(parameter))
    if most > 0 and len(values) == sum(map(len, values.values())):
        # One value each.
        return
    for focus in focus_nodes:
        if len(values.get(focus, ())) > most:
            yield focus, None


def _each(
    focus_nodes: Sequence[str], values: Values, fits: Callable[[str], bool]
) -> Iterator[Violation]:
    """The values that do not fit; each distinct value is tested once."""
    unfit = {value for value in set(chain.from_iterable(values.values())) if not fits(value)}
    for focus in focus_nodes if unfit else ():
        for value in values.get(focus, ()):
            if value in unfit:
                yield focus, value


def _class(
    context: Context, parameter: str, focus_nodes: Sequence[str], values: Values
) -> Iterator[Violation]:
    classes = _classes(context, parameter)

    def fits(value: str) -> bool:
        return any(
            kind in classes
            for facts in (context.facts, context.reference_data.facts)
            for kind in facts.values(value, TYPE)
        )

    return _each(focus_nodes, values, fits)


def _node_kind(
    context: Context, parameter: str, focus_nodes: Sequence[str], values: Values
) -> Iterator[Violation]:
    begins = {SH.IRI.n3(): "<", SH.Literal.n3(): '"', SH.BlankNode.n3(): "_"}
    if parameter not in begins:
        raise UnknownConstraint(f"sh:nodeKind {parameter} is not known to the set-wise engine")
    return _each(focus_nodes, values, lambda value: value[0] == begins[parameter])


def _datatype(
    context: Context, parameter: str, focus_nodes: Sequence[str], values: Values
) -> Iterator[Violation]:
    wanted = text_of(parameter)
    return _each(focus_nodes, values, lambda value: _is_of_type(value, wanted))


_DATE = re.compile(
    r"-?[0-9]{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DATE_TIME = re.compile(
    _DATE.pattern[: -len("(Z|[+-][0-9]{2}:[0-9]{2})?")] + r"T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def _is_of_type(value: str, wanted: str) -> bool:
    if datatype_of(value) != wanted:
        return False
    if wanted in (XSD + "integer", XSD + "decimal"):
        return number(value) is not None
    pattern = {XSD + "date": _DATE, XSD + "dateTime": _DATE_TIME}.get(wanted)
    return pattern is None or pattern.fullmatch(text_of(value)) is not None


_COMPONENTS: Mapping[str, Callable[[Context, str, Sequence[str], Values], Iterator[Violation]]] = {
    str(SH.MinCountConstraintComponent): _min_count,
    str(SH.MaxCountConstraintComponent): _max_count,
    str(SH.ClassConstraintComponent): _class,
    str(SH.NodeKindConstraintComponent): _node_kind,
    str(SH.DatatypeConstraintComponent): _datatype,
}


def instances(context: Context, kind: str) -> list[str]:
    """The nodes of the report that are of a class, or of a subclass of it."""
    found = context.facts.to(TYPE)
    return list(
        dict.fromkeys(node for below in _classes(context, kind) for node in found.get(below, ()))
    )


def _classes(context: Context, kind: str) -> set[str]:
    return _subclasses(context.reference_data.facts, kind) | (
        context.facts.classes_below(kind) - {kind}
    )


@lru_cache(maxsize=128)
def _subclasses(facts: Facts, kind: str) -> set[str]:
    return facts.classes_below(kind)
