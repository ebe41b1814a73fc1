"""Constraints on the observations of a table: codes, body and year, values, one in each cell."""

from itertools import product

from gongkai.ontology.triples.terms import datatype_of, text_of
from gongkai.shapes.setwise.context import (
    DATASET,
    OBSERVED,
    PERIOD,
    SCHEME,
    UNIT,
    Context,
    number,
)
from gongkai.shapes.setwise.judgement import Broken, Judgement, in_languages
from gongkai.shapes.shape_graph import Shape

_TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


def codes_from_their_lists(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#codes-from-their-lists``: one code for each dimension, from its code list."""
    facts, reference_data = context.facts, context.reference_data
    wrong: dict[tuple[str, str], None] = {}
    cubes = facts.of(DATASET)
    by_cube: dict[str, list[str]] = {}
    for cell in context.table(focus).cells:
        for cube in cubes.get(cell, ()):
            by_cube.setdefault(cube, []).append(cell)
    for cube, cells in by_cube.items():
        for dimension, scheme in reference_data.dimensions(cube):
            stated = facts.of(dimension)
            listed = frozenset() if scheme is None else reference_data.codes(scheme)
            for cell in cells:
                codes = stated.get(cell, ())
                if len(codes) != 1 or not (
                    scheme is None or codes[0] in listed or scheme in facts.values(codes[0], SCHEME)
                ):
                    wrong[cell, dimension] = None
    return _judged(
        [
            Broken(cell, in_languages(dimension=context.property_names(dimension)))
            for cell, dimension in wrong
        ]
    )


def same_body_and_year(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#same-body-and-year``: an observation has those of its table."""
    facts, table = context.facts, context.table(focus)
    body = context.reference_data.term("body")
    expected = (
        (facts.of(body), set(facts.values(focus, body))),
        (facts.of(PERIOD), set(facts.values(focus, PERIOD))),
        (facts.of(DATASET), set(table.cubes)),
    )
    wrong: set[str] = set()
    for stated, values in expected:
        wrong |= {cell for cell in table.cells if values.isdisjoint(stated.get(cell, ()))}
    return _judged([Broken(cell) for cell in table.cells if cell in wrong])


def value_fits_unit(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#value-fits-unit``: counts are integers, money decimals, changes may be negative."""
    facts, reference_data = context.facts, context.reference_data
    types = reference_data.facts.of(reference_data.term("valueType"))
    signed = reference_data.facts.of(reference_data.term("signed"))
    indicators = facts.of(reference_data.term("indicator"))
    units, observed = facts.of(UNIT), facts.of(OBSERVED)
    broken = []
    # By unit and number: whether the type fits, and whether the number may be negative.
    known: dict[tuple[str, str], tuple[bool, bool]] = {}
    for cell in context.table(focus).cells:
        for term in observed.get(cell, ()):
            fits, negative = False, False
            for unit in units.get(cell, ()):
                if (unit, term) not in known:
                    value, datatype = number(term), f"<{datatype_of(term)}>"
                    of_type = value is not None and datatype in types.get(unit, ())
                    known[unit, term] = of_type, value is None or value < 0
                this_fits, negative = known[unit, term]
                fits = fits or this_fits
            if not fits or (
                negative
                and not any(_TRUE in signed.get(code, ()) for code in indicators.get(cell, ()))
            ):
                broken.append(Broken(cell, {"number": _stated(term)}))
    return _judged(broken)


def _stated(term: str) -> str:
    """A value as the message shows it: with its type, unless that is integer or decimal."""
    datatype = datatype_of(term)
    if datatype is None or number(term) is not None:
        return text_of(term)
    return f'"{text_of(term)}"^^<{datatype}>'


def no_duplicates(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#no-duplicates``: no two observations are in the same cell."""
    table = context.table(focus)
    broken: dict[str, Broken] = {}
    for cube in table.cubes:
        stated = [context.facts.of(name) for name, _ in context.reference_data.dimensions(cube)]
        by_codes: dict[tuple[str, ...], list[str]] = {}
        for cell in table.cells if stated else ():
            for codes in product(*(values.get(cell, ()) for values in stated)):
                by_codes.setdefault(codes, []).append(cell)
        for cells in by_codes.values():
            if len(cells) > 1:
                last = max(cells, key=text_of)
                broken[last] = Broken(last)
    return _judged(list(broken.values()))


def _judged(broken: list[Broken]) -> Judgement:
    return Judgement(held=0 if broken else 1, broken=broken)
