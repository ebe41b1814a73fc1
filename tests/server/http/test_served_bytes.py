"""What is sent is well-formed and says what is stored, in every format; or it is refused."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from rdflib import Graph, Literal

from helpers.commands import SAMPLE, gongkai
from helpers.profiles import examples
from helpers.served import served

FORBIDDEN = {*map(chr, range(32)), "\ufffe", "\uffff"} - set("\t\n\r")
"""Characters that XML 1.0 has no way to write (section 2.2)."""

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    st.sampled_from("a \r\n\t\x01\x0b\x1f\x7f\x85\ufffe\u2028<>&\"'\\]"), max_size=12
)
GRAPHS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "trig": "trig"}


@pytest.fixture(scope="module")
def client(store_folder: Path) -> Iterator[FlaskClient]:
    with served(store_folder) as client:
        yield client


def quoted(text: str) -> str:
    """The text as a literal of SPARQL."""
    return '"' + "".join(f"\\U{ord(sign):08X}" for sign in text) + '"'


@settings(max_examples=examples(60))
@given(text=TEXTS)
def test_texts_come_as_they_are_or_not_at_all(client: FlaskClient, text: str) -> None:
    """In results and graphs; XML refuses what it cannot hold, and says which character."""
    select = {"query": f"SELECT ?x {{ VALUES ?x {{ {quoted(text)} }} }}"}
    construct = {"query": f"CONSTRUCT {{ <urn:a> <urn:b:c> {quoted(text)} }} {{ }}"}
    for name in ("json", "xml", "csv", "tsv"):
        answer = client.get("/sparql", query_string={**select, "format": name})
        if name == "xml" and FORBIDDEN & set(text):
            assert answer.status_code == 406
            assert any(f"U+{ord(sign):04X}" in answer.text for sign in FORBIDDEN & set(text))
            continue
        assert answer.status_code == 200, answer.text
        if name != "tsv":
            assert read(name, answer.data) == text
    for name, syntax in GRAPHS.items():
        answer = client.get("/sparql", query_string={**construct, "format": name})
        if name == "rdf" and FORBIDDEN & set(text):
            assert answer.status_code == 406
            continue
        assert answer.status_code == 200, answer.text
        graph = Graph()
        graph.parse(data=answer.data, format=syntax)
        assert [str(value) for value in graph.objects()] == [text], (name, answer.data)


def read(name: str, body: bytes) -> str:
    """The only value of an answer."""
    if name == "json":
        return str(json.loads(body)["results"]["bindings"][0]["x"]["value"])
    if name == "xml":
        found = etree.fromstring(body).find(".//{*}literal")
        assert found is not None
        return found.text or ""
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    return rows[1][0] if len(rows[1]) else ""


@pytest.mark.parametrize("name", ["http://example.org/1", "urn:1", "http://example.org/"])
def test_properties_without_a_name_are_no_xml(client: FlaskClient, name: str) -> None:
    query = {"query": f"CONSTRUCT {{ <urn:a> <{name}> 1 }} {{ }}", "format": "rdf"}
    answer = client.get("/sparql", query_string=query)
    assert answer.status_code == 406 and f"<{name}>" in answer.text
    assert client.get("/sparql", query_string={**query, "format": "ttl"}).status_code == 200


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((RDF + name, "1") for name in ("li", "about", "Description", "aboutEach", "bagID")),
        ("http://www.w3.org/2000/xmlns/a", "1"),
        ("http://例子.example/属性#名", "1"),
        ("http://example.org/a×b", "1"),
        ("urn:p", "<<( <urn:a> <urn:p> 1 )>>"),
    ],
)
def test_what_a_format_cannot_hold_is_said(client: FlaskClient, name: str, value: str) -> None:
    """Not 400, as the query is right; and never a document that readers refuse."""
    kind = "jsonld" if value.startswith("<<(") else "rdf"
    query = {"query": f"CONSTRUCT {{ <urn:a> <{name}> {value} }} {{ }}", "format": kind}
    answer = client.get("/sparql", query_string=query)
    assert answer.status_code == 406 and "ask for another format" in answer.text, answer.text
    assert client.get("/sparql", query_string={**query, "format": "ttl"}).status_code == 200


def test_texts_that_look_like_what_xml_cannot_hold(client: FlaskClient) -> None:
    text = '<xmlns:a> <rdf:bagID> <a xmlns="例">'
    query = f"CONSTRUCT {{ <urn:a> <http://example.org/名> '{text}' }} {{ }}"
    answer = client.get("/sparql", query_string={"query": query, "format": "rdf"})
    (value,) = Graph().parse(data=answer.data, format="xml").objects()
    assert str(value) == text


def test_a_report_with_control_characters(tmp_path: Path) -> None:
    """They show nothing: left out and noted; between digits nobody can tell what is meant."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines[0] = lines[0].replace("工作", "工&#1;作")
    lines.insert(9, "依申请公开&#2;情况良好，回复3&#5;4人。")
    page = tmp_path / "report.html"
    body = f"<h1>{lines[0]}</h1>" + "".join(f"<p>{line}</p>" for line in lines[1:])
    page.write_text(f"<meta charset=utf-8><body>{body}", encoding="utf-8")
    result = gongkai("publish", page, "--store", tmp_path / "store")
    assert result.exit_code == 0, result.output
    with served(tmp_path / "store") as client:
        for suffix in ("rdf", "ttl", "nt", "jsonld"):
            graph = Graph().parse(
                data=client.get(f"/doc/report/mohrss/2019.{suffix}").data,
                format={"jsonld": "json-ld", "rdf": "xml"}.get(suffix, suffix),
            )
            texts = [str(text) for text in graph.objects() if isinstance(text, Literal)]
            assert any("依申请公开情况良好，回复3\ufffd4人。" in text for text in texts)
            assert any("U+0001, U+0002, U+0005" in text for text in texts), "it is noted"
        for path in ("/catalog.rdf", "/doc/body/mohrss.rdf", "/feed.atom", "/sitemap.xml"):
            etree.fromstring(client.get(path).data)
        for suffix in ("csv", "xlsx", "ttl"):
            assert client.get(f"/dump/report/mohrss/2019.{suffix}").status_code == 200
        assert not FORBIDDEN & set(client.get("/doc/report/mohrss/2019.html").text)
