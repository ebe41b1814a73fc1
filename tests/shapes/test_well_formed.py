"""The integrity constraints of the RDF Data Cube recommendation, each proved by an example."""

from pathlib import Path

import pytest
from rdflib import Graph

from gongkai.shapes.well_formed import broken_constraints
from helpers.commands import ROOT

EXAMPLES = ROOT / "tests" / "well_formed"
GOOD = sorted(EXAMPLES.glob("good*.ttl"))
BAD = sorted(EXAMPLES.glob("bad-*.ttl"))


def file_name(path: Path) -> str:
    """Name a test after its example."""
    return path.name


def breaks(path: Path) -> list[str]:
    """Read from an example's first line the constraints that it breaks."""
    with path.open(encoding="utf-8") as lines:
        announcement, identifiers = next(lines).split(":")
    assert announcement == "# breaks"
    return [identifier.strip() for identifier in identifiers.split(",")]


def broken_identifiers(path: Path) -> list[str]:
    """Check an example and give the identifiers of the constraints found broken."""
    return [constraint.id for constraint in broken_constraints(Graph().parse(path))]


@pytest.mark.parametrize("path", GOOD, ids=file_name)
def test_good_cube_breaks_nothing(path: Path) -> None:
    assert broken_identifiers(path) == []


@pytest.mark.parametrize("path", BAD, ids=file_name)
def test_bad_cube_breaks_what_it_announces(path: Path) -> None:
    assert broken_identifiers(path) == breaks(path)


def test_every_constraint_has_an_example_that_breaks_it_alone() -> None:
    alone = {breaks(path)[0] for path in BAD if len(breaks(path)) == 1}
    assert alone == {f"IC-{number:02}" for number in range(22)}


def test_a_broken_constraint_speaks_the_words_of_the_recommendation() -> None:
    (constraint,) = broken_constraints(Graph().parse(EXAMPLES / "bad-ic-08.ttl"))
    assert constraint.name == "Slice Keys consistent with DSD"
    assert constraint.text == (
        "Every qb:componentProperty on a qb:SliceKey must also be declared as a qb:component of "
        "the associated qb:DataStructureDefinition."
    )


def test_checking_leaves_the_graph_as_it_was() -> None:
    graph = Graph().parse(EXAMPLES / "good.ttl")
    before = set(graph)
    broken_constraints(graph)
    assert set(graph) == before


def test_a_graph_without_cubes_breaks_nothing() -> None:
    assert broken_constraints(Graph()) == []
