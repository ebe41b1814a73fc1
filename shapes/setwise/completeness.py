"""Constraints on the cells that the form prints: each is there, or is listed as missing."""

from gongkai.ontology.triples.terms import language_of, text_of
from gongkai.shapes.setwise.context import Context, TableOfCells
from gongkai.shapes.setwise.judgement import Broken, Judgement
from gongkai.shapes.shape_graph import Shape


def no_cell_absent(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#no-cell-absent``: every cell of the form is an observation, or listed."""
    reference_data, table, judged = context.reference_data, context.table(focus), Judgement()
    for form in context.facts.values(focus, reference_data.term("form")):
        for cube in table.cubes:
            dimensions = [name for name, _ in reference_data.dimensions(cube)]
            if not dimensions:
                continue
            lines = table.lines(dimensions[0], dimensions[-1])
            listed = _listed(context, table, dimensions[0], dimensions[-1])
            for cell, one, two in reference_data.form_cells(form, cube):
                if two in lines.get(one, ()) or (one, two) in listed:
                    judged.held += 1
                else:
                    judged.broken.append(Broken(cell, _cell_names(context, one, two)))
    return judged


def no_cell_unread(context: Context, shape: Shape, focus: str) -> Judgement:
    """``shapes#no-cell-unread``: no cell of the source is listed as unread."""
    facts, term = context.facts, context.reference_data.term
    unread = f"<{context.reference_data.base}id/code/cell-state/unread>"
    table, judged = context.table(focus), Judgement()
    for cell in table.missing:
        if unread in facts.values(cell, term("cellState")):
            reasons = {
                language_of(text): text_of(text) for text in facts.values(cell, term("reason"))
            }
            if {"zh", "en"} <= reasons.keys():
                names = {"reasonZh": reasons["zh"], "reasonEn": reasons["en"]}
                judged.broken.append(Broken(cell, names))
    judged.held = 0 if judged.broken else 1
    return judged


def _listed(context: Context, table: TableOfCells, first: str, last: str) -> set[tuple[str, str]]:
    """Codes of the cells that are listed as missing, in a state other than absent."""
    facts, reference_data = context.facts, context.reference_data
    absent = f"<{reference_data.base}id/code/cell-state/absent>"
    return {
        (one, two)
        for cell in table.missing
        if any(state != absent for state in facts.values(cell, reference_data.term("cellState")))
        for one in facts.values(cell, first)
        for two in facts.values(cell, last)
    }


def _cell_names(context: Context, one: str, two: str) -> dict[str, str]:
    found = {}
    for language, comma in (("zh", "，"), ("en", ", ")):
        names = [context.names(code).get(language) for code in dict.fromkeys((one, two))]
        if all(names):
            found["cell" + language.capitalize()] = comma.join(map(str, names))
    return found
