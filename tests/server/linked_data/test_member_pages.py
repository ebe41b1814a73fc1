"""Documents that grow with the store are paged: the pages together are the whole."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, QB, RDF, Graph, Literal, Namespace, URIRef
from werkzeug.test import TestResponse

from gongkai.server.app import create_app
from gongkai.server.queries import members
from gongkai.server.store.embedded import EmbeddedReader
from helpers.commands import BASE
from helpers.published_many import publish_many

REPORTS = 60
A_PAGE = 7
BOUND = 1_000_000
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
GROWING = {"cube/requests": REPORTS, "year/2019": REPORTS, "area/320813": REPORTS}
"""Documents by path, with the number of reports that they tell of."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("many") / "store"
    publish_many(store, REPORTS)
    return store


@pytest.fixture(scope="module")
def many(folder: Path) -> Iterator[FlaskClient]:
    reader = EmbeddedReader(folder)
    yield create_app(reader).test_client()
    reader.close()


@pytest.fixture
def small_pages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.setattr(members, "ON_A_PAGE", A_PAGE)
    reader = EmbeddedReader(folder)
    yield create_app(reader).test_client()
    reader.close()


def linked(response: TestResponse) -> dict[str, str]:
    """The links of a response to other pages, by relation."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', ", ".join(response.headers.getlist("Link")))
    return {name: target for target, name in found if name in {"first", "prev", "next", "last"}}


def pages_of(client: FlaskClient, path: str) -> list[TestResponse]:
    """All pages of a document, as the links lead through them."""
    pages = []
    while path:
        pages.append(client.get(path))
        assert pages[-1].status_code == 200, path
        path = linked(pages[-1]).get("next", "")
    return pages


def graph_of(response: TestResponse, suffix: str) -> Graph:
    return Graph().parse(data=response.data, format=FORMATS[suffix])


def without_views(graph: Graph) -> Graph:
    """What the graph says apart from which page it is."""
    views = set(graph.objects(None, HYDRA.view))
    said = (one for one in graph if one[0] not in views and one[1] != HYDRA.view)
    kept = Graph()
    for triple in said:
        kept.add(triple)
    return kept


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("path", GROWING)
def test_the_pages_together_are_the_whole(
    many: FlaskClient, monkeypatch: pytest.MonkeyPatch, folder: Path, path: str, suffix: str
) -> None:
    at_once = many.get(f"/doc/{path}.{suffix}")
    whole = graph_of(at_once, suffix)
    assert not set(whole.objects(None, HYDRA.view)), "one page has it all"
    monkeypatch.setattr(members, "ON_A_PAGE", A_PAGE)
    reader = EmbeddedReader(folder)
    try:
        pages = pages_of(create_app(reader).test_client(), f"/doc/{path}.{suffix}")
    finally:
        reader.close()
    assert len(pages) >= GROWING[path] / A_PAGE
    together = Graph()
    for page in pages:
        assert len(page.data) < len(at_once.data)
        for triple in without_views(graph_of(page, suffix)):
            together.add(triple)
    assert set(together) == set(whole)


@pytest.mark.parametrize("path", GROWING)
def test_a_page_says_which_it_is_and_leads_to_the_others(
    small_pages: FlaskClient, path: str
) -> None:
    pages = pages_of(small_pages, f"/doc/{path}.ttl")
    for number, page in enumerate(pages, start=1):
        graph, links = graph_of(page, "ttl"), linked(page)
        (view,) = graph.objects(URIRef(f"{BASE}doc/{path}"), HYDRA.view)
        assert view == URIRef(f"{BASE}doc/{path}.ttl?page={number}")
        assert (view, RDF.type, HYDRA.PartialCollectionView) in graph
        (total,) = graph.objects(view, HYDRA.totalItems)
        assert int(str(total)) > (len(pages) - 1) * A_PAGE
        for relation, name in (
            ("first", "first"), ("last", "last"), ("prev", "previous"), ("next", "next"),
        ):  # fmt: skip
            targets = [str(one).removeprefix(BASE) for one in graph.objects(view, HYDRA[name])]
            linked_to = [links[relation].removeprefix("/")] if relation in links else []
            assert targets == linked_to
        for target in links.values():
            assert small_pages.get(target).status_code == 200
        assert ("prev" in links, "next" in links) == (number > 1, number < len(pages))


@pytest.mark.parametrize("path", GROWING)
def test_pages_that_people_read_lead_to_each_other(small_pages: FlaskClient, path: str) -> None:
    pages = pages_of(small_pages, f"/doc/{path}.html")
    assert len(pages) == len(pages_of(small_pages, f"/doc/{path}.ttl"))
    named = [set(re.findall(r'href="([^"]*)"', page.text)) for page in pages]
    assert "?page=2" in named[0] and "?page=1" in named[1]
    for link in named[1]:
        if link.startswith("/doc/"):
            assert small_pages.get(link.partition("#")[0]).status_code == 200, link


def test_each_table_is_on_one_page(small_pages: FlaskClient) -> None:
    cube = URIRef(f"{BASE}id/cube/requests")
    pages = [
        [*graph_of(page, "nt").objects(cube, QB.slice)]
        for page in pages_of(small_pages, "/doc/cube/requests.nt")
    ]
    assert {len(page) for page in pages[:-1]} == {A_PAGE}
    tables = [str(table) for page in pages for table in sorted(page, key=str)]
    assert tables == sorted(set(tables)), "in one order, each once"


def test_a_page_is_a_document_like_others(small_pages: FlaskClient) -> None:
    path = "/doc/cube/requests?page=2"
    page = small_pages.get(path, headers={"Accept": "text/turtle"})
    assert page.headers["Content-Location"] == "/doc/cube/requests.ttl?page=2"
    again = small_pages.get(
        path, headers={"Accept": "text/turtle", "If-None-Match": page.headers["ETag"]}
    )
    assert again.status_code == 304
    assert page.headers["ETag"] != small_pages.get("/doc/cube/requests.ttl").headers["ETag"]
    moved = small_pages.get("/id/cube/requests?page=2")
    assert (moved.status_code, moved.location) == (303, path)


@pytest.mark.parametrize("number", ["0", "10000", "x", "-1"])
def test_there_is_no_other_page(small_pages: FlaskClient, number: str) -> None:
    answer = small_pages.get(f"/doc/cube/requests.ttl?page={number}")
    assert answer.status_code == 404
    assert "pages" in answer.text


def test_full_pages_are_below_the_bound(many: FlaskClient) -> None:
    """What a member takes on a page, times the members of a full page."""
    for path in GROWING:
        for suffix in (*FORMATS, "html"):
            one = many.get(f"/doc/{path}.{suffix}")
            assert len(one.data) / REPORTS * members.ON_A_PAGE < BOUND, (path, suffix)


def test_titles_of_reports_are_on_the_page_of_a_year(small_pages: FlaskClient) -> None:
    for page in pages_of(small_pages, "/doc/year/2019.nt"):
        graph = graph_of(page, "nt")
        reports = set(graph.subjects(DCTERMS.temporal))
        assert reports
        assert all(isinstance(graph.value(one, DCTERMS.title), Literal) for one in reports)
