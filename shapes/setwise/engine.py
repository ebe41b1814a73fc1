"""The set-wise engine: the same shapes as for pyshacl, evaluated per table on plain dictionaries.

A core component is evaluated for all focus nodes at once. Each SPARQL constraint has an evaluator
that does the same as its SELECT, with the parameters of the shape and the hierarchy of the code
lists; shapes with constraints that have none are refused, not skipped. The tests compare it with
pyshacl on generated reports, right and wrong (docs/decisions/15-two-engines.md).
"""

import re
from collections.abc import Mapping
from decimal import localcontext
from functools import lru_cache

from gongkai.ontology import DEFAULT_BASE
from gongkai.ontology.triples.facts import Facts
from gongkai.ontology.triples.numbers_by_value import EXACT
from gongkai.shapes.results import Count, Detail, Evaluation, Result
from gongkai.shapes.setwise import agencies, claims, completeness, core, stocks, structure, sums
from gongkai.shapes.setwise.context import Context, reference_data
from gongkai.shapes.setwise.judgement import Evaluator
from gongkai.shapes.shape_graph import (
    SPARQL_COMPONENT,
    Shape,
    UnknownConstraint,
    read_shapes,
)

EVALUATORS: Mapping[str, Evaluator] = {
    "codes-from-their-lists": structure.codes_from_their_lists,
    "same-body-and-year": structure.same_body_and_year,
    "value-fits-unit": structure.value_fits_unit,
    "no-duplicates": structure.no_duplicates,
    "no-cell-absent": completeness.no_cell_absent,
    "no-cell-unread": completeness.no_cell_unread,
    "total-is-sum-of-parts": sums.total_is_sum_of_parts,
    "received-is-handled": sums.received_is_handled,
    "not-less-than": stocks.not_less_than,
    "equals-its-terms": stocks.equals_its_terms,
    "agency-is-sum-of-components": agencies.agency_is_sum_of_components,
    "entries-add-up": agencies.entries_add_up,
    "follows-from-last-year": stocks.follows_from_last_year,
    "claim-equals-cells": claims.claim_equals_cells,
}
"""The evaluator of each SPARQL constraint, by the local name of its node under ``shapes#``."""

_VARIABLE = re.compile(r"\{[?$](\w+)\}")


def evaluate(report: Facts, base: str = DEFAULT_BASE, last_year: Facts | None = None) -> Evaluation:
    """The findings of the rules on a report, with that on the year before, if available.

    Raises UnknownConstraint if the shapes use something that this engine does not support.
    """
    context = Context(report, reference_data(base), last_year)
    counts: dict[str, Count] = {}
    found: dict[Result, Detail] = {}
    focus_nodes: dict[str, list[str]] = {}
    for shape in usable_shapes(base):
        if shape.target not in focus_nodes:
            focus_nodes[shape.target] = core.instances(context, shape.target)
        focused = focus_nodes[shape.target]
        count = counts.setdefault(shape.rule, Count())
        if shape.core:
            results = _core_results(context, shape, focused)
            count.broken += len(results)
            count.held += len(focused) - len({result.focus for result in results})
            found.update((result, Detail()) for result in results)
        for constraint in shape.sparql:
            for focus in focused:
                with localcontext(EXACT):
                    judged = EVALUATORS[constraint.name](context, shape, focus)
                count.held += judged.held
                count.not_assessable += judged.not_assessable
                for broken in judged.broken:
                    result = Result(
                        focus=focus,
                        shape=shape.node,
                        constraint=constraint.node,
                        component=SPARQL_COMPONENT,
                        path=None,
                        value=broken.value,
                        severity=shape.severity,
                        messages=_filled((*shape.messages, *constraint.messages), broken.bindings),
                    )
                    count.broken += result not in found
                    found[result] = broken.detail
    return Evaluation(tuple(found), counts, found)


@lru_cache(maxsize=4)
def usable_shapes(base: str) -> tuple[Shape, ...]:
    """All shapes, checked to be supported by this engine; raises UnknownConstraint."""
    for shape in read_shapes(base):
        core.refuse_unknown(shape)
        for constraint in shape.sparql:
            if constraint.name not in EVALUATORS:
                raise UnknownConstraint(f"{constraint.node} has no evaluator in EVALUATORS")
    return read_shapes(base)


def _core_results(context: Context, shape: Shape, focused: list[str]) -> list[Result]:
    assert shape.path is not None, "core constraints are on property shapes"
    return [
        Result(
            focus=focus,
            shape=shape.node,
            constraint=None,
            component=constraint.component,
            path=("^" if shape.path.inverse else "") + shape.path.link,
            value=value,
            severity=shape.severity,
            messages=shape.messages,
        )
        for constraint in shape.core
        for focus, value in core.violations(context, shape, constraint, focused)
    ]


def _filled(
    templates: tuple[tuple[str, str], ...], bindings: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Message templates with the values of their variables; unbound variables stay as they are."""
    return tuple(
        sorted(
            (
                language,
                _VARIABLE.sub(lambda match: bindings.get(match[1], match[0]), template),
            )
            for language, template in templates
        )
    )
