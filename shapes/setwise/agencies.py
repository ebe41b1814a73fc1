"""Constraints on the numbers of an agency and of its components."""

from gongkai.ontology.triples.terms import text_of
from gongkai.shapes.setwise.context import OBSERVED, PERIOD, Context
from gongkai.shapes.setwise.judgement import Judgement
from gongkai.shapes.setwise.sums import judge_sum, numbers_in
from gongkai.shapes.shape_graph import Shape


def agency_is_sum_of_components(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#agency-is-sum-of-components``: each number of the agency is the components' sum."""
    reference_data, facts = context.reference_data, context.facts
    (along,), component = shape.parameters["sumsAlong"], reference_data.term("component")
    table, judged = context.table(focus), Judgement()
    lines = table.lines(along, component)
    lost = {code for cell in table.missing for code in facts.values(cell, along)}
    for key in sorted(shape.parameters["total"], key=reference_data.order):
        line = lines.get(key, {})
        for body in facts.values(focus, reference_data.term("body")):
            parts = sorted(
                (cell for other in line if other != body for cell in line[other]), key=text_of
            )
            stated = [cell for cell in line.get(body, ()) if facts.values(cell, OBSERVED)]
            numbers = numbers_in(table, parts)
            if not parts or not stated:
                continue
            if key in lost or numbers is None:
                judged.not_assessable += 1
                continue
            for cell in stated:
                judge_sum(context, table, judged, cell, parts, numbers, key=key)
    return judged


def entries_add_up(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#entries-add-up``: listed entries add up to the total, which is in another table."""
    reference_data, facts = context.reference_data, context.facts
    (listed,), (along,), (total,) = (
        shape.parameters[name] for name in ("listed", "sumsAlong", "total")
    )
    component, body = reference_data.term("component"), reference_data.term("body")
    table, judged = context.table(focus), Judgement()
    entries = table.lines(reference_data.term("usList"), component).get(listed, {})
    lost = [
        cell
        for cell in table.missing
        if listed in facts.values(cell, reference_data.term("usList"))
    ]
    bodies, periods = set(facts.values(focus, body)), set(facts.values(focus, PERIOD))
    totals = [
        cell
        for cell in facts.to(along).get(total, ())
        if bodies & set(facts.values(cell, body)) and periods & set(facts.values(cell, PERIOD))
    ]
    for key, cells in entries.items():
        parts = sorted(cells, key=text_of)
        numbers = numbers_in(table, parts)
        unknown = any(set(facts.values(cell, component)) <= {key} for cell in lost)
        for cell in totals:
            if key not in facts.values(cell, component):
                continue
            if unknown or numbers is None:
                judged.not_assessable += len(facts.values(cell, OBSERVED))
            else:
                judge_sum(context, table, judged, cell, parts, numbers, key=key, total=total)
    return judged
