"""The part of a report that the rules that compare years need."""

import re

from rdflib.namespace import QB

from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.lines import sorted_n_triples, subject_of
from gongkai.shapes.shape_graph import compared_codes

_SLICE, _OBSERVATION = QB.slice.n3(), QB.observation.n3()


def comparable_part(report: bytes, base: str) -> bytes:
    """The part of a report (N-Triples) that rules compare with adjacent years, as N-Triples.

    The cells with the codes that these rules use, their tables, what these are tables of, and the
    report itself.
    """
    facts = read_facts(_without_other_cells(report, base))
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


def _without_other_cells(report: bytes, base: str) -> bytes:
    """The lines of a report but for those on cells without such a code: most of them."""
    cell = f"<{base}id/observation/".encode()
    codes = re.compile(b"|".join(re.escape(code.encode()) for code in compared_codes(base)))
    lines = report.splitlines(keepends=True)
    compared = {subject_of(line) for line in lines if line.startswith(cell) and codes.search(line)}
    return b"".join(
        line for line in lines if not line.startswith(cell) or subject_of(line) in compared
    )
