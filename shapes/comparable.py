"""The part of a report that the rules that compare years need."""

from rdflib.namespace import QB

from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.lines import sorted_n_triples
from gongkai.shapes.shape_graph import compared_codes

_SLICE, _OBSERVATION = QB.slice.n3(), QB.observation.n3()


def comparable_part(report: bytes, base: str) -> bytes:
    """The part of a report (N-Triples) that rules compare with adjacent years, as N-Triples.

    The cells with the codes that these rules use, their tables, what these are tables of, and the
    report itself.
    """
    facts = read_facts(report)
    codes = compared_codes(base)
    subjects = {
        subject
        for link in facts.properties()
        for code in codes & facts.to(link).keys()
        for subject in facts.to(link)[code]
    }
    tables = {table for cell in subjects for table in facts.to(_OBSERVATION).get(cell, ())}
    above = {
        value
        for table in tables
        for link in facts.properties()
        for value in facts.values(table, link)
    }
    cells = {cell for table in tables for cell in facts.values(table, _OBSERVATION)} - subjects
    kept = (subjects | tables | above) - cells
    return sorted_n_triples(
        (subject, link, value)
        for link in facts.properties()
        for subject, values in facts.of(link).items()
        for value in values
        if (subject in kept and value not in cells) or (link == _SLICE and value in tables)
    )
