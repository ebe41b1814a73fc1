"""Constraints on the figures in the text of a report, compared with those of its tables."""

from decimal import Decimal
from itertools import product

from gongkai.ontology.triples.numbers_by_value import number_text
from gongkai.ontology.triples.terms import text_of
from gongkai.shapes.results import Detail
from gongkai.shapes.setwise.context import OBSERVED, Context, formula, number
from gongkai.shapes.setwise.judgement import Broken, Judgement, in_languages
from gongkai.shapes.setwise.sums import sides
from gongkai.shapes.shape_graph import Shape


def claim_equals_cells(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#claim-equals-cells``: a figure in the text is the sum of the cells it refers to."""
    facts, term = context.facts, context.reference_data.term
    judged = Judgement()
    cells = facts.values(focus, term("concerns"))
    printed = [facts.values(cell, OBSERVED) for cell in cells]
    numbers = [number(values[0]) if len(values) == 1 else None for values in printed]
    known = [value for value in numbers if value is not None]
    if not cells or len(known) != len(cells):
        judged.not_assessable += 1
        return judged
    expected = sum(known, Decimal(0))
    quotations = facts.values(focus, term("quotation"))
    for text in facts.values(focus, term("statedValue")):
        found = number(text)
        if found == expected:
            judged.held += 1
        elif found is not None:
            for kind, quotation in product(shape.parameters["claimKind"], quotations or (None,)):
                names = in_languages(kind=context.names(kind))
                if quotation is not None:
                    names["quotation"] = text_of(quotation)
                detail = Detail(
                    number_text(expected), number_text(found), tuple(cells), formula(known)
                )
                judged.broken.append(Broken(focus, sides(expected, found) | names, detail))
    return judged
