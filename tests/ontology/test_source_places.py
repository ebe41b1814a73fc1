"""Places in a source are one literal, from which they are read again."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, Namespace, URIRef

from gongkai.ontology.source_places import Place, read_place, restated_places, state_place
from gongkai.ontology.triples.graph import Graph
from helpers.profiles import examples

DEF = Namespace("http://example.org/def#")
COUNTED = st.none() | st.integers(1, 999_999_999)
NAMES = st.none() | st.text(st.characters(exclude_categories=["Cs"]))
WRITTEN = re.compile(
    r"(line=\d+)?(;?page=\d+)?(;?sheet=[^;\x00-\x1f]*)?(;?table=\d+)?(;?row=\d+)?(;?column=\d+)?"
)


@settings(max_examples=examples(200))
@given(st.builds(Place, COUNTED, COUNTED, NAMES, COUNTED, COUNTED, COUNTED))
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert WRITTEN.fullmatch(place.written)
    assert read_place(place.written) == (None if place == Place() else place)


@settings(max_examples=examples(100))
@given(st.lists(st.builds(Place, COUNTED, COUNTED, NAMES, COUNTED, COUNTED, COUNTED), max_size=3))
def test_a_place_in_several_triples_is_stated_in_one(places: list[Place]) -> None:
    nodes = [URIRef(f"http://example.org/{number}") for number, _ in enumerate(places)]
    former, present = Graph(), Graph()
    for node, place in zip(nodes, places, strict=True):
        for graph in (former, present):
            graph.add((node, DEF.sourceText, Literal("376")))
        state_place(present, node, place, DEF)
        for part, value in vars(place).items():
            if value is not None:
                former.add((node, DEF[f"source{part.capitalize()}"], Literal(value)))
    assert restated_places(former.n_triples(), DEF) == present.n_triples()


def test_a_place_is_written_for_people_too() -> None:
    assert Place(page=3, table=2, row=15, column=3).written == "page=3;table=2;row=15;column=3"
    named = Place(sheet="收到;处理 100%", table=1, row=2).written
    assert named == "sheet=收到%3B处理 100%25;table=1;row=2"


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("", None),
        ("anywhere", None),
        ("row=x;line=-1;chapter=3;page=1234567890", None),
        ("column=3;row=2;chapter=4", Place(row=2, column=3)),
        ("row=2;row=3", Place(row=3)),
    ],
)
def test_what_others_write_is_taken_as_far_as_it_is_a_place(
    written: str, place: Place | None
) -> None:
    assert read_place(written) == place
