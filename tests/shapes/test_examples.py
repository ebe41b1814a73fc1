"""Examples of each shape: a graph that satisfies it, one that breaks it, the text that is said."""

from pathlib import Path

import pytest
from rdflib import SH, Graph, URIRef

from gongkai.ontology.triples.terms import text_of
from gongkai.shapes import load_shapes
from gongkai.shapes.checker import RuleEngine
from gongkai.shapes.shape_graph import read_shapes
from helpers.approval import BASE, EXAMPLES, approved_text, verdict_of

FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
CLAIMS = "narrative"
"""A folder with a claim of each kind; three kinds have one of their own as well."""


def shapes_with_constraints() -> set[str]:
    return {
        text_of(shape.node).partition("#")[2]
        for shape in read_shapes(BASE)
        if shape.core or shape.sparql
    }


def broken_shapes(example: Path, engine: RuleEngine) -> set[str]:
    graph = Graph().parse(data=verdict_of(example, engine).validation, format="nt")
    return {str(shape).partition("#")[2] for shape in graph.objects(None, SH.sourceShape)}


def shapes_of(folder: str) -> set[str]:
    """The shapes that an example is of."""
    if folder != CLAIMS:
        return {folder}
    return {name for name in shapes_with_constraints() if name.startswith(CLAIMS)}


def test_every_shape_has_its_examples() -> None:
    assert set().union(*map(shapes_of, FOLDERS)) == shapes_with_constraints()


@pytest.mark.parametrize("engine", RuleEngine)
@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_that_is_right_conforms(folder: str, engine: RuleEngine) -> None:
    assert approved_text(verdict_of(EXAMPLES / folder / "valid.ttl", engine)) == "conforms\n"


@pytest.mark.parametrize("engine", RuleEngine)
@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_that_is_wrong_breaks_its_shape_with_the_approved_text(
    folder: str, engine: RuleEngine
) -> None:
    """A text changed on purpose: run .venv/bin/python tests/helpers/approval.py, and look at it."""
    invalid = EXAMPLES / folder / "invalid.ttl"
    approved = invalid.with_name("approved.txt").read_text(encoding="utf-8")
    assert approved_text(verdict_of(invalid, engine)) == approved
    assert shapes_of(folder) <= broken_shapes(invalid, engine)


@pytest.mark.parametrize("folder", FOLDERS)
def test_it_breaks_no_other_shape(folder: str) -> None:
    others = broken_shapes(EXAMPLES / folder / "invalid.ttl", RuleEngine.SETWISE) - shapes_of(
        folder
    )
    # Two of these go together: what has no cube, year or body cannot have that of its table.
    if folder.startswith("observation-"):
        others -= {"observation-in-table", "observation-table"}
    assert others == set()


def test_all_shapes_are_published_under_their_names() -> None:
    graph = load_shapes(BASE).as_rdflib()
    for name in shapes_with_constraints():
        assert (URIRef(f"{BASE}shapes#{name}"), None, None) in graph
