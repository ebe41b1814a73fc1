"""Triples: what is read, asked for and written is what rdflib reads, finds and writes."""

from collections.abc import Iterable
from itertools import product

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from gongkai.ontology.triples import lines
from gongkai.ontology.triples.facts import read_facts
from gongkai.ontology.triples.graph import Graph, n_triples
from gongkai.ontology.triples.terms import literal, parts_of
from helpers.profiles import examples

A, B, LINK = (URIRef(f"http://example.org/{name}") for name in ("a", "b", "link"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.one_of(
    st.sampled_from((A, B, BNode("x"))),
    st.builds(lambda text: Literal(text, normalize=False), TEXTS),
    st.builds(lambda text: Literal(text, lang="zh"), TEXTS),
    st.builds(lambda text: Literal(text, datatype=XSD.token + "x"), TEXTS),
)
TRIPLES = st.lists(st.tuples(st.sampled_from((A, B, BNode("x"))), st.just(LINK), VALUES))


def in_rdflib(triples: Iterable[tuple[Node, Node, Node]]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


@settings(max_examples=examples(200))
@given(TRIPLES)
def test_n_triples_are_those_of_rdflib(triples: list[tuple[Node, Node, Node]]) -> None:
    written = in_rdflib(triples).serialize(format="nt", encoding="utf-8")
    own = n_triples(triples)
    assert own == b"".join(sorted(line + b"\n" for line in written.split(b"\n") if line))
    again = Graph().read_n_triples(own)
    assert again.n_triples() == own, "also what Oxigraph escapes otherwise"
    assert set(again) == set(triples)


def test_every_pattern_finds_what_rdflib_finds() -> None:
    triples = [
        (A, LINK, B),
        (A, LINK, Literal("b")),
        (A, RDF.type, B),
        (B, LINK, B),
        (B, LINK, Literal("b", lang="en")),
        (B, RDF.type, A),
        (A, LINK, B),
    ]
    graph, expected = Graph(triples), in_rdflib(triples)
    assert len(graph) == len(expected) == 6
    nodes = (None, A, B, LINK, RDF.type, Literal("b"), Literal("b", lang="en"), Literal("c"))
    for pattern in product(nodes, (None, LINK, RDF.type, A), nodes):
        found = list(graph.triples(pattern))
        assert len(found) == len(set(found)), pattern
        assert set(found) == set(expected.triples(pattern)), pattern
        assert (pattern in graph) == (pattern in expected), pattern
    for subject, link, value in product(nodes, (LINK, RDF.type), nodes):
        if subject is None or value is None:
            assert graph.value(subject, link, value) == expected.value(subject, link, value)
        assert list(graph.objects(subject, link)) == list(expected.objects(subject, link))
        assert list(graph.subjects(link, value)) == list(expected.subjects(link, value))


def test_what_is_added_is_found_by_both_ways() -> None:
    graph = Graph([(A, LINK, B)])
    assert list(graph.subjects(LINK, B)) == [A]
    graph.add((B, LINK, B))
    assert list(graph.subjects(LINK, B)) == [A, B]
    graph.set((B, LINK, A))
    assert list(graph.subjects(LINK, B)) == [A]
    graph += Graph([(B, LINK, B)])
    assert list(graph.subjects(LINK, B)) == [A, B]


def test_relative_names_and_errors_of_turtle() -> None:
    graph = Graph().read_turtle(b"<x> <def#y> <#z> .", "http://example.org/")
    (triple,) = graph
    assert [str(node).removeprefix("http://example.org/") for node in triple] == [
        "x",
        "def#y",
        "#z",
    ]
    with pytest.raises(SyntaxError) as error:
        Graph().read_turtle(b"<x> <y> <z> .\n<x> y", "http://example.org/")
    assert error.value.lineno == 2


@settings(max_examples=examples(200))
@given(TEXTS, TEXTS)
def test_lines_are_taken_apart_as_they_were_made(text: str, other: str) -> None:
    value = literal(text, datatype="http://example.org/t")
    line = lines.line_of("<urn:a>", "<urn:b>", value)
    assert line.count(b"\n") == 1
    parts = lines.subject_of(line), lines.property_of(line), lines.object_of(line)
    assert parts == (b"<urn:a>", b"<urn:b>", value.encode())
    assert parts_of(parts[2].decode()) == (text, None, "http://example.org/t")
    second = lines.line_of("<urn:a>", "<urn:b>", literal(other))
    content = lines.sorted_lines((line, second, line))
    assert lines.lines_of(content) == {line, second}
    assert lines.digest(content) == lines.digest(second + line)
    assert lines.digest(content, without=(b"<urn:b>",)) == lines.digest(b"")


def test_a_digest_of_names_that_change() -> None:
    one = b"<urn:a> <urn:b> _:x .\n_:x <urn:b> <urn:c> .\n"
    assert lines.canonical_digest(one) == lines.canonical_digest(one.replace(b"_:x", b"_:y"))
    assert lines.canonical_digest(one) != lines.canonical_digest(one.replace(b"urn:c", b"urn:d"))
    assert lines.canonical_digest(one + b"<urn:a> <urn:b> _:z .\n") == ""
    labels = (b"_:x-1", b"_:x.y", "_:甲".encode())
    assert {lines.canonical_digest(one.replace(b"_:x", label)) for label in labels} == {
        lines.canonical_digest(one)
    }
    within = b'<urn:_:a> <urn:b> "_:c .\\n" .\n'
    assert lines.canonical_digest(one + within) not in ("", lines.canonical_digest(one))
    other = within.replace(b'"_:c', b'"_:d')
    assert lines.canonical_digest(one + within) != lines.canonical_digest(one + other)


def facts_of(triples: Iterable[pyoxigraph.Triple]) -> dict[str, dict[str, list[str]]]:
    """By property and subject, as Oxigraph reads them."""
    found: dict[str, dict[str, list[str]]] = {}
    for triple in triples:
        values = found.setdefault(str(triple.predicate), {}).setdefault(str(triple.subject), [])
        if str(triple.object) not in values:
            values.append(str(triple.object))
    return found


SPACES = st.sampled_from(["", " ", "  ", "\t"])


@settings(max_examples=examples(200))
@given(
    lines_=st.lists(
        st.tuples(
            st.sampled_from(["<urn:a>", "<urn:b>", "_:x"]),
            st.sampled_from(["<urn:p>", "<urn:q>"]),
            st.sampled_from(["<urn:a>", '"a  b"', '" . "', '"a"@zh', '"<urn:b> <urn:c> "', "_:x"]),
            st.lists(SPACES, min_size=4, max_size=4),
        ),
        max_size=4,
    )
)
def test_facts_are_those_of_the_triples_however_they_are_spaced(
    lines_: list[tuple[str, str, str, list[str]]],
) -> None:
    """Spaces between terms are none of the terms; those in a literal are its own."""
    content = "".join(
        f"{spaces[0]}{subject} {spaces[1]}{link} {spaces[2]}{value}{spaces[3]} .\n"
        for subject, link, value, spaces in lines_
    ).encode()
    wanted = facts_of(pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.N_TRIPLES))
    facts = read_facts(content)
    assert {link: dict(facts.of(link)) for link in facts.properties()} == wanted


def test_two_triples_in_a_line_are_no_n_triples() -> None:
    with pytest.raises(SyntaxError):
        read_facts(b'<urn:a> <urn:b> "c" . <urn:d> <urn:e> "f" .\n')
