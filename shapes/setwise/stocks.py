"""Constraints on stocks: against changes of the year, and against last year's report."""

import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from rdflib.namespace import SKOS

from gongkai.ontology.triples.numbers_by_value import number_text
from gongkai.ontology.triples.terms import text_of
from gongkai.shapes.results import Detail
from gongkai.shapes.setwise.context import (
    OBSERVED,
    PERIOD,
    Context,
    TableOfCells,
    formula,
    number,
)
from gongkai.shapes.setwise.judgement import Broken, Judgement, in_languages
from gongkai.shapes.setwise.sums import numbers_in, sides
from gongkai.shapes.shape_graph import Shape

_NOTATION = SKOS.notation.n3()
_YEAR = re.compile(r"[+-]?[0-9]{1,18}")
"""Years that the SPARQL engines can cast to an integer; longer ones they cannot."""


def not_less_than(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#not-less-than``: a number is not less than the sum of its terms."""
    return _judge(context, shape, focus, None, operator.ge)


def equals_its_terms(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#equals-its-terms``: a number is the sum of its terms, all of this year."""
    return _judge(context, shape, focus, None, operator.eq)


def follows_from_last_year(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#follows-from-last-year``: a number is the sum of its terms, also of last year."""
    earlier = _last_years(context, focus)
    return Judgement() if earlier is None else _judge(context, shape, focus, earlier, operator.eq)


def _judge(
    context: Context,
    shape: Shape,
    focus: str,
    earlier: TableOfCells | None,
    holds: Callable[[Decimal, Decimal], bool],
) -> Judgement:
    (along,), (across,) = shape.parameters["sumsAlong"], shape.parameters["sumsAcross"]
    (left,) = shape.parameters["leftCode"]
    terms = [_Term(context, node) for node in shape.parameters["term"]]
    table, judged = context.table(focus), Judgement()
    for key, line in table.lines(across, along).items():
        if left not in line:
            continue
        cells = [
            (cell, of_year, term)
            for term in terms
            for of_year in (earlier if term.years_back else table,)
            if of_year is not None
            for cell in of_year.lines(across, along).get(key, {}).get(term.code, ())
        ]
        numbers = _signed(cells)
        stated = [
            term.code + str(term.years_back)
            for cell, of_year, term in cells
            for _ in of_year.facts.values(cell, OBSERVED)
        ]
        if numbers is None or len(stated) != len(terms) or len(set(stated)) != len(terms):
            if _printed(context, table, terms, across, along, key):
                judged.not_assessable += 1
            continue
        expected = sum(numbers, Decimal(0))
        for cell in line[left]:
            for text in table.facts.values(cell, OBSERVED):
                found = number(text)
                if found is None:
                    continue
                if holds(found, expected):
                    judged.held += 1
                    continue
                names = in_languages(table=context.titles(table), key=context.names(key))
                involved = (cell, *(item for item, _, _ in cells))
                detail = Detail(
                    number_text(expected), number_text(found), involved, formula(numbers)
                )
                judged.broken.append(Broken(cell, sides(expected, found) | names, detail))
    return judged


class _Term:
    """A term of an equation: a code, its sign, and whether it means last year's number."""

    def __init__(self, context: Context, node: str) -> None:
        facts, define = context.reference_data.facts, context.reference_data.term
        (self.code,) = facts.values(node, define("code"))
        (sign,) = facts.values(node, define("sign"))
        (back,) = facts.values(node, define("yearsBack"))
        self.sign = int(text_of(sign))
        self.years_back = int(text_of(back))


def _printed(
    context: Context, table: TableOfCells, terms: Iterable[_Term], across: str, along: str, key: str
) -> bool:
    """Whether all of this year's terms are in the form; else the rule does not apply."""
    line = table.lines(across, along).get(key, {})
    listed = {
        code
        for cell in table.missing
        if key in table.facts.values(cell, across)
        for code in table.facts.values(cell, along)
    }
    now = [term.code for term in terms if not term.years_back]
    return all(code in line or code in listed for code in now)


def _last_years(context: Context, focus: str) -> TableOfCells | None:
    """The same table of the same body in the report on the year before."""
    term = context.reference_data.term("body")
    table = context.table(focus)
    years_before = {year - 1 for year in _years(table)}
    for other in context.earlier_tables(table):
        same_body = set(other.facts.values(other.node, term)) & set(table.facts.values(focus, term))
        if same_body and years_before & _years(other):
            return other
    return None


def _years(table: TableOfCells) -> set[int]:
    """The notations of the table's years, if they are integers."""
    return {
        int(text_of(notation))
        for period in table.facts.values(table.node, PERIOD)
        for notation in table.facts.values(period, _NOTATION)
        if _YEAR.fullmatch(text_of(notation))
    }


def _signed(cells: Iterable[tuple[str, TableOfCells, _Term]]) -> list[Decimal] | None:
    """The numbers of the terms with their signs; None if one of them is not a number."""
    found = []
    for cell, table, term in cells:
        numbers = numbers_in(table, [cell])
        if numbers is None:
            return None
        found += [term.sign * value for value in numbers]
    return found
