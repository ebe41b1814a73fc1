"""Constraints on the figures that a report's text states, against those of its tables."""

from decimal import Decimal

from gongkai.shapes.facts import text_of
from gongkai.shapes.results import Detail
from gongkai.shapes.setwise.context import OBSERVED, Context, number, written
from gongkai.shapes.setwise.judgement import Broken, Judgement
from gongkai.shapes.setwise.sums import sides
from gongkai.shapes.shape_graph import Shape


def claim_equals_cells(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#claim-equals-cells``: a figure of the text is the sum of the cells it speaks of."""
    facts, term = context.facts, context.ground.term
    judged = Judgement()
    kinds = facts.values(focus, term("claimKind"))
    if not set(kinds) & set(shape.parameters["claimKind"]):
        return judged
    cells = facts.values(focus, term("concerns"))
    numbers = [number(text) for cell in cells for text in facts.values(cell, OBSERVED)]
    known = [value for value in numbers if value is not None]
    if not cells or len(numbers) != len(cells) or len(known) != len(cells):
        judged.not_assessable += 1
        return judged
    expected = sum(known, Decimal(0))
    for text in facts.values(focus, term("statedValue")):
        found = number(text)
        if found == expected:
            judged.held += 1
        elif found is not None:
            quotation = facts.value(focus, term("quotation"))
            names = {"quotation": text_of(quotation)} if quotation else {}
            detail = Detail(written(expected), written(found), tuple(cells))
            judged.broken.append(Broken(focus, sides(expected, found) | names, detail))
    return judged
