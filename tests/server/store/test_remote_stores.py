"""Remote stores: everything that the embedded store can do, on two real servers."""

import concurrent.futures
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic

from gongkai.publishing.histories import content_digest
from gongkai.publishing.publication import publish
from gongkai.server.app import create_app
from gongkai.server.pages.examples import examples
from gongkai.server.store import QueryRefused, QueryTimedOut, StoreError
from gongkai.server.store.transitive_paths import has_transitive_path
from gongkai.server.store_location import location_of, reading, writing
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.linked import decided, find
from helpers.made_up_wikidata import Endpoint, cut_off
from helpers.odd_stores import odd_store
from helpers.remote_servers import (
    VIRTUOSO,
    Server,
    environment_of,
    free_port,
    start_oxigraph,
    start_virtuoso,
)
from helpers.served import ACROSS_COUNTRIES, outcomes_of_samples, sample_of, served

TRIPLES = {"Accept": "application/n-triples"}


@pytest.fixture(
    scope="module", params=["oxigraph", pytest.param("virtuoso", marks=pytest.mark.virtuoso)]
)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A real server that holds the sample, published by the command line."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "oxigraph":
        server = start_oxigraph(folder, free_port())
    elif VIRTUOSO is None:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource): not tested with it")
    else:
        server = start_virtuoso(folder, free_port())
    try:
        with environment_of(server):
            result = gongkai("publish", SAMPLE, "--store", server.store)
            assert result.exit_code == 0, result.output
            yield server
    finally:
        server.stop()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment says nothing of any server."""
    for name in [name for name in os.environ if name.startswith("GONGKAI_STORE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def client(server: Server) -> FlaskClient:
    return create_app(reading(location_of(server.store))).test_client()


@pytest.fixture(scope="module")
def embedded(store_folder: Path) -> Iterator[FlaskClient]:
    with served(store_folder) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "def",
        "shapes",
        "doc/report/mohrss/2019",
        "doc/validation/mohrss/2019",
        "doc/body/mohrss",
        "doc/series/mohrss",
        "doc/cube/requests",
        "doc/slice/requests/mohrss/2019",
        "doc/observation/requests/mohrss/2019/natural-person/received",
        "doc/code/stage",
        "doc/code/stage/granted",
        "doc/form/2019",
        "doc/year/2019",
    ],
)
def test_documents_are_those_of_the_embedded_store(
    client: FlaskClient, embedded: FlaskClient, path: str
) -> None:
    passing = ("endedAtTime", "modified", "hasVersion")
    graphs = []
    for item in (client, embedded):
        graph = Graph()
        for triple in Graph().parse(data=item.get(f"/{path}.nt").data, format="nt"):
            if not str(triple[1]).endswith(passing):
                graph.add(triple)
        graphs.append(graph)
    first, second = graphs
    assert len(first) == len(second) > 0
    assert isomorphic(first, second)
    for language in ("zh", "en"):
        assert client.get(f"/{path}.html?lang={language}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=复议",
        "/search?q=人社部",
        "/search?q=公开",
        "/compare?body=mohrss&find=人力",
        "/compare.csv?body=mohrss&indicator=requests/total/granted",
        "/quality",
        "/query-terms.json",
        "/doc/body/mohrss.html",
        "/doc/observation/requests/mohrss/2019/total/received.html",
        "/doc/code/stage/withheld.html",
        "/shapes.html",
    ],
)
def test_pages_are_those_of_the_embedded_store(
    client: FlaskClient, embedded: FlaskClient, path: str
) -> None:
    for language in ("zh", "en"):
        joined = "&" if "?" in path else "?"
        answers = [item.get(f"{path}{joined}lang={language}") for item in (client, embedded)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].text == answers[1].text


@pytest.mark.parametrize("number", range(len(examples(BASE, "en"))))
def test_examples_find_the_same(
    server: Server, client: FlaskClient, embedded: FlaskClient, number: int
) -> None:
    example = examples(BASE, "en")[number]
    if example.key == "sources":
        pytest.skip("the times of conversion differ")
    asking = {"query": example.text, "format": "csv"}
    answers = [item.get("/sparql", query_string=asking) for item in (client, embedded)]
    if server.kind == "virtuoso" and has_transitive_path(example.text):
        assert answers[0].status_code == 400 and "may lose solutions" in answers[0].text
        return
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) WHERE { ?o a <http://purl.org/linked-data/cube#Observation> }",
        "SELECT ?v WHERE { ?o <http://purl.org/linked-data/sdmx/2009/measure#obsValue> ?v } "
        "ORDER BY DESC(?v) ?o LIMIT 9",
        f"ASK {{ <{BASE}id/report/mohrss/2019> a <{BASE}def#Report> }}",
        f"ASK {{ <{BASE}id/report/mohrss/2018> a <{BASE}def#Report> }}",
        f"SELECT ?l WHERE {{ GRAPH <{BASE}def> {{ <{BASE}def#Report> "
        "<http://www.w3.org/2000/01/rdf-schema#label> ?l }} ORDER BY LANG(?l)",
        f"SELECT (COUNT(*) AS ?n) FROM <{BASE}id/report/mohrss/2019> WHERE {{ ?s ?p ?o }}",
    ],
)
@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_queries_have_the_same_answers(
    client: FlaskClient, embedded: FlaskClient, query: str, accept: str
) -> None:
    answers = [
        item.post("/sparql", data={"query": query}, headers={"Accept": accept})
        for item in (client, embedded)
    ]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    first, second = answers
    if accept == "text/csv":
        assert first.data == second.data
    else:
        assert json.loads(first.data) == json.loads(second.data)


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "json-ld"),
        ("application/rdf+xml", "xml"),
        ("application/trig", "trig"),
    ],
)
def test_graphs_in_every_format(client: FlaskClient, accept: str, syntax: str) -> None:
    query = (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}id/report/mohrss/2019> {{ ?s ?p ?o }} }}"
    )
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.mimetype == accept
    assert len(Graph().parse(data=answer.data, format=syntax)) > 2000


def test_datasets_of_the_protocol(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    numbers = {}
    for name in ("id/report/mohrss/2019", "id/validation/mohrss/2019", "id/none"):
        answer = client.get(
            "/sparql",
            query_string={"query": count, "default-graph-uri": BASE + name},
            headers={"Accept": "text/csv"},
        )
        numbers[name] = int(answer.data.split()[1])
    assert numbers["id/report/mohrss/2019"] > 2000
    assert 0 < numbers["id/validation/mohrss/2019"] < 2000
    assert numbers["id/none"] == 0


def test_what_is_refused_and_what_goes_wrong(client: FlaskClient) -> None:
    for query, status in (
        ("SELECT ?s WHERE { ?s ?p ", 400),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", 400),
        ("DROP ALL", 400),
    ):
        answer = client.get("/sparql", query_string={"query": query})
        assert answer.status_code == status, query
        assert answer.text.startswith(f"{status}: ")


def test_the_catalog_and_its_files(client: FlaskClient) -> None:
    assert client.get("/catalog.ttl").status_code == 200
    for path in ("/data.json", "/feed.atom", "/ldes", "/ldes/1", "/.well-known/void",
                 "/sitemap-1.xml", "/dump/report/mohrss/2019.csv",
                 "/dump/report/mohrss/2019.xlsx"):  # fmt: skip
        assert client.get(path).status_code == 200, path
    assert client.get("/dump/report/mohrss/2019.csv").data.count(b"\n") == 199


def test_counts_are_of_what_was_published(client: FlaskClient, embedded: FlaskClient) -> None:
    """Not of the store's own graphs, nor of what it says of itself."""
    answers = [item.get("/.well-known/void", headers=TRIPLES).text for item in (client, embedded)]
    assert answers[0] == answers[1]


def test_publishing_while_it_is_served(server: Server, tmp_path: Path) -> None:
    store = reading(location_of(server.store))
    client = create_app(store).test_client()
    path = sample_of(tmp_path, "教育部", 2019)
    assert client.get("/doc/report/moe/2019").status_code == 404
    version = store.version
    result = gongkai("publish", path, "--store", server.store)
    assert result.exit_code == 0, result.output
    fresh = reading(location_of(server.store))
    assert fresh.version != version
    assert create_app(fresh).test_client().get("/doc/report/moe/2019").status_code == 200
    text = path.read_text(encoding="utf-8").replace("政策", "新策", 1)
    path.write_text(text, encoding="utf-8")
    assert gongkai("publish", path, "--store", server.store).exit_code == 0
    told = json.loads(gongkai("history", "moe/2019", "--json", "--store", server.store).stdout)
    assert [item["number"] for item in told] == [1, 2]
    client = create_app(reading(location_of(server.store))).test_client()
    for item in told:
        content = client.get(f"/dump/version/moe/2019/{item['number']}.nt").data
        assert content_digest(content) == item["sha256"], "cited versions stay what they were"
    checked = gongkai("recheck", "--store", server.store)
    assert checked.exit_code == 0 and "reports checked: 2" in checked.stdout, checked.output
    dumped = gongkai("dump", "--store", server.store, "--output", tmp_path / "dumps")
    assert dumped.exit_code == 0, dumped.output
    listed = gongkai("bodies", "--store", server.store)
    assert listed.exit_code == 0, listed.output
    gone = gongkai("withdraw", "moe/2019", "--why", "a test", "--store", server.store)
    assert gone.exit_code == 0, gone.output
    client = create_app(reading(location_of(server.store))).test_client()
    assert client.get("/doc/report/moe/2019").status_code == 410
    assert client.get("/doc/report/mohrss/2019").status_code == 200


NUMBER = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX measure: <http://purl.org/linked-data/sdmx/2009/measure#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?value (COUNT(?version) AS ?versions) WHERE {
  GRAPH <id/report/mof/2019> {
    <id/observation/requests/mof/2019/natural-person/received> measure:obsValue ?value
  }
  GRAPH <id/history/mof/2019> { ?version dcat:version ?number }
} GROUP BY ?value
"""
DUPLICATES = """
PREFIX measure: <http://purl.org/linked-data/sdmx/2009/measure#>
SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o measure:obsValue ?a, ?b FILTER (?a < ?b) }
"""
OWN = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER (CONTAINS(STR(?g), 'gongkai')) }"


@pytest.mark.slow
def test_no_reader_sees_half_of_a_publication(server: Server, tmp_path: Path) -> None:
    """Each version has one more request than the one before: number and history say the same."""
    store = reading(location_of(server.store))
    seen, wrong = set(), []
    end = threading.Event()

    def read() -> None:
        while not end.is_set():
            for query in (NUMBER, DUPLICATES):
                body = store.query(f"BASE <{BASE}> {query}", "csv", public=True).body.decode()
                (row,) = body.split()[1:]
                if query == DUPLICATES:
                    wrong.extend(["two values"] if row != "0" else [])
                else:
                    value, versions = map(int, row.split(","))
                    seen.add(versions)
                    wrong.extend([row] if value - versions != first - 1 else [])

    def publish(more: int) -> None:
        sample = sample_of(tmp_path, "财政部", 2019, more=more)
        result = gongkai("publish", sample, "--store", server.store)
        assert result.exit_code == 0, result.output

    publish(0)
    first = int(store.query(f"BASE <{BASE}> {NUMBER}", "csv").body.split()[1].split(b",")[0])
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for more in range(1, 6):
                publish(more)
        finally:
            end.set()
        for reader in readers:
            reader.result()
    assert not wrong and len(seen) > 1
    graphs = store.query(OWN, "csv", public=True).body.decode().split()[1:]
    assert not graphs, "no graph but data"
    gone = gongkai("withdraw", "mof/2019", "--why", "a test", "--store", server.store)
    assert gone.exit_code == 0, gone.output


@pytest.mark.parametrize("kind", ["json", "xml", "csv", "tsv"])
def test_literals_and_blank_nodes_of_stores_are_read(client: FlaskClient, kind: str) -> None:
    """Carriage returns in XML; blank nodes as Virtuoso names them (it has some of its own)."""
    for query, told in (
        ('SELECT ("a\\r\\nb" AS ?x) { }', "a\r\nb"),
        ("SELECT ?s { ?s ?p ?o FILTER (isBlank(?s)) } LIMIT 3", ""),
    ):
        answer = client.get("/sparql", query_string={"query": query, "format": kind})
        assert answer.status_code == 200, answer.text
        if kind == "json" and told:
            assert json.loads(answer.text)["results"]["bindings"][0]["x"]["value"] == told
        if kind == "xml" and told:
            assert ElementTree.fromstring(answer.data)[1][0][0][0].text == told


def test_a_query_is_given_up_at_its_deadline(server: Server) -> None:
    store = reading(location_of(server.store))
    query = (
        "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
        "FILTER (STRLEN(STR(?c)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) = 3) }"
    )
    with pytest.raises(QueryTimedOut, match="after 1 second:"):
        store.query(query, seconds=1.0, public=True)


def test_another_base_is_refused(server: Server) -> None:
    with (
        pytest.raises(StoreError, match=f"has the base address {BASE}"),
        writing(location_of(server.store), "http://example.org/"),
    ):
        pass


def test_wrong_credentials_and_addresses_are_said(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server.kind == "virtuoso":
        monkeypatch.setenv("GONGKAI_STORE_CREDENTIALS", "dba:wrong")
        result = gongkai("publish", SAMPLE, "--store", server.store)
        assert result.exit_code == 2
        assert "does not accept the credentials" in result.output
    nowhere = server.store.replace("/query", "/nowhere").replace("/sparql", "/nowhere")
    result = gongkai("recheck", "--store", nowhere)
    assert result.exit_code == 2 and "nowhere" in result.output
    monkeypatch.setenv("GONGKAI_STORE_CREDENTIALS", "no colon")
    result = gongkai("recheck", "--store", server.store)
    assert result.exit_code == 2 and "user:password" in result.output


def test_an_outage_is_503_and_the_server_recovers(alone: None, tmp_path: Path) -> None:
    port = free_port()
    server = start_oxigraph(tmp_path / "data", port)
    try:
        assert gongkai("publish", SAMPLE, "--store", server.store).exit_code == 0
        client = create_app(reading(location_of(server.store))).test_client()
        assert client.get("/readyz").status_code == 200
        assert client.get("/doc/report/mohrss/2019.ttl").status_code == 200
        server.stop()
        for path in ("/doc/report/mohrss/2019.nt", "/catalog.ttl", "/", "/readyz"):
            answer = client.get(path)
            assert answer.status_code == 503, path
        answer = client.get("/sparql", query_string={"query": "ASK {}"})
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "127.0.0.1" not in answer.text, "what is inside is not told to the outside"
        assert client.get("/healthz").status_code == 200
        server = start_oxigraph(tmp_path / "data", port)
        assert client.get("/doc/report/mohrss/2019.nt").status_code == 200
        assert client.get("/readyz").status_code == 200
    finally:
        server.stop()


@pytest.mark.skipif(VIRTUOSO is None, reason="virtuoso-t is not installed: not tested with it")
def test_an_answer_that_the_store_cuts_is_no_answer(alone: None, tmp_path: Path) -> None:
    """Virtuoso leaves rows out beyond its ResultSetMaxRows, and says so in a header alone."""
    server = start_virtuoso(tmp_path / "data", free_port(), rows=50)
    try:
        with environment_of(server):
            result = gongkai("publish", SAMPLE, "--store", server.store)
            store = reading(location_of(server.store))
            with pytest.raises(StoreError, match="raise its ResultSetMaxRows"):
                store.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
            del result
    finally:
        server.stop()


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with Endpoint() as endpoint:
        endpoint.always = cut_off
        with pytest.raises(StoreError, match="cannot be read: not all"):
            reading(location_of(endpoint.url))


def test_nothing_there_and_nothing_to_reach(alone: None, tmp_path: Path) -> None:
    server = start_oxigraph(tmp_path / "data", free_port())
    try:
        with pytest.raises(StoreError, match="there is no published store at"):
            reading(location_of(server.store))
        result = gongkai("history", "mohrss/2019", "--store", server.store)
        assert result.exit_code == 2 and "no published store" in result.output
    finally:
        server.stop()
    result = gongkai("publish", SAMPLE, "--store", server.store)
    assert result.exit_code == 2
    assert "cannot be reached" in result.output


def test_hostile_queries_do_not_reach_the_store(server: Server) -> None:
    store = reading(location_of(server.store))
    for text in ("CLEAR ALL", "SELECT * { SERVICE <http://127.0.0.1/> {} }"):
        with pytest.raises(QueryRefused):
            store.query(text)


def test_links_out(server: Server, tmp_path: Path) -> None:
    """Found, accepted, served and withdrawn, as of a store in a folder."""
    body, target = f"{BASE}id/body/moe", "http://www.wikidata.org/entity/Q900002"
    review = tmp_path / "review.csv"
    with Endpoint() as endpoint:
        found = find(server.store, review, endpoint.url, "--kind", "bodies")
        assert found.exit_code == 0, found.output
    decided(review, tmp_path / "decided.csv", {(body, target): "closeMatch"})
    try:
        result = gongkai("link", "accept", "--store", server.store, tmp_path / "decided.csv")
        assert result.exit_code == 0, result.output
        assert "links published: 1" in result.stdout
        reader = reading(location_of(server.store))
        fresh = create_app(reader).test_client()
        linkset = fresh.get("/doc/linkset/www.wikidata.org.ttl").text
        assert target in linkset and "closeMatch" in linkset
        assert "/id/linkset/www.wikidata.org" in fresh.get("/.well-known/void").text
        assert target in fresh.get("/doc/body/moe.html").text
        again = gongkai("link", "accept", "--store", server.store, tmp_path / "decided.csv")
        assert "links published: 0; there already: 1" in again.stdout
    finally:
        (link,) = json.loads(gongkai("link", "list", "--json", "--store", server.store).stdout)
        gongkai("link", "withdraw", link["uri"], "--store", server.store)
    assert json.loads(gongkai("link", "list", "--json", "--store", server.store).stdout) == []


@pytest.mark.slow
def test_examples_across_countries_find_the_same(
    server: Server, client: FlaskClient, countries: FlaskClient
) -> None:
    """Last in this file: the other tests compare the server with a store of one report."""
    with environment_of(server), writing(location_of(server.store), BASE) as writer:
        for outcome in outcomes_of_samples():
            publish(writer, outcome, replace=True)
    across = [one for one in examples(BASE, "en") if one.key in ACROSS_COUNTRIES]
    assert len(across) == len(ACROSS_COUNTRIES)
    for example in across:
        asking = {"query": example.text, "format": "csv"}
        answers = [item.get("/sparql", query_string=asking) for item in (client, countries)]
        assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
        assert answers[0].text == answers[1].text and answers[0].text.count("\n") > 1


@pytest.mark.parametrize(
    ("lacks", "told"),
    [
        ("union", "its default graph is not the union of all graphs: configure it so"),
        ("graphs", "or is it only where GRAPH finds nothing"),
        ("literals", 'does not keep literals as they are written, such as "0.5"'),
        ("blank nodes", "does not keep blank nodes"),
        ("updates", "update: answers 405"),
    ],
)
def test_a_store_that_lacks_something_is_refused(alone: None, lacks: str, told: str) -> None:
    """Before anything is published to it; nothing stays there."""
    with odd_store(lacks) as address:
        result = gongkai("publish", SAMPLE, "--store", address)
        assert result.exit_code == 2 and told in result.output, result.output
        empty = gongkai("recheck", "--store", address)
        assert empty.exit_code == 2 and "no published store" in empty.output


def test_a_store_that_does_all_is_published_to(alone: None) -> None:
    with odd_store("nothing") as address:
        result = gongkai("publish", SAMPLE, "--store", address)
        assert result.exit_code == 0, result.output


def test_a_publication_is_one_request_whatever_its_size(alone: None, tmp_path: Path) -> None:
    """So a publisher who is killed leaves the old report or the new one, and nothing aside."""
    updates: list[str] = []
    long = sample_of(tmp_path, "教育部", 2019)
    with odd_store("nothing", updates) as address:
        assert gongkai("publish", SAMPLE, "--store", address).exit_code == 0
        result = gongkai("publish", long, "--store", address)
        assert result.exit_code == 0, result.output
    (one,) = (text for text in updates if f"<{BASE}id/report/moe/2019> {{" in text)
    for part in ("validation", "history"):
        assert f"GRAPH <{BASE}id/{part}/moe/2019>" in one
    assert one.count("\n<") > 2500 and "/.well-known/void" in one
    assert all(text.count("\n") < 1100 for text in one.split(" ;\n")), "as Virtuoso can take it"


FORMER = f"""INSERT DATA {{ GRAPH <urn:gongkai:store> {{ <urn:gongkai:store>
  <urn:gongkai:store#base> "{BASE}" ; <urn:gongkai:store#version> "1" ;
  <urn:gongkai:store#changed> "2026-01-02T03:04:05.678Z" }} }}"""


def test_a_store_of_an_earlier_version_goes_on(alone: None) -> None:
    """What it says of itself is read where it was, and moved with the next publication."""
    with odd_store("nothing") as address:
        httpx.post(address.replace("/query", "/update"), content=FORMER).raise_for_status()
        assert reading(location_of(address)).base == BASE
        assert gongkai("publish", SAMPLE, "--store", address).exit_code == 0
        store = reading(location_of(address))
        assert not store.query(OWN, "csv", public=True).body.split()[1:]
        assert store.version != "1"


def test_an_answer_of_two_states_is_none(alone: None) -> None:
    """Some stores read what is committed at the moment: the query is asked again."""
    with odd_store("snapshots") as address:
        assert gongkai("publish", SAMPLE, "--store", address).exit_code == 0
        store = reading(location_of(address))
        found = store.query('SELECT ("whole" AS ?state) { }', "csv", public=True)
        assert found.body.split() == [b"state", b"whole"]
