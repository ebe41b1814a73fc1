"""What a query may take: time, memory, answers, other endpoints; and that others never notice."""

import concurrent.futures
import contextlib
import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gongkai.server.app import create_app
from gongkai.server.http.current import METRICS
from gongkai.server.settings import ClientSettings, QuerySettings, Settings
from gongkai.server.store import AnswerTooLarge, QueryCrashed, QueryRefused
from gongkai.server.store.bounds import Bounds
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.query_text import is_volatile, refuse_if_special
from helpers.commands import BASE
from helpers.loopback import Site, page
from helpers.slow_queries import SLOW

QUICK = f"ASK {{ <{BASE}id/report/mohrss/2019> a <{BASE}def#Report> }}"
EVERYTHING = "SELECT ?s ?p ?o ?a WHERE { ?s ?p ?o . ?a ?b ?c } LIMIT 3000000"


@pytest.fixture
def bounded(store_folder: Path) -> Iterator[FlaskClient]:
    """An application with a second for each query and room for answers of a megabyte."""
    reader = EmbeddedReader(store_folder, Bounds(patience=0.5, answer=1_000_000), deadline=1.0)
    settings = Settings(clients=ClientSettings(exempt=(), queries_per_minute=0, queries_at_once=0))
    try:
        yield create_app(reader, settings).test_client()
    finally:
        reader.close()


def engines() -> set[int]:
    """The processes that answer queries, of all servers of this one."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if b"gongkai.server.store.engine" in command and parent == os.getpid():
                found.add(int(entry.name))
    return found


def ask(client: FlaskClient, query: str, **headers: str) -> tuple[int, str]:
    response = client.get("/sparql", query_string={"query": query}, headers=headers)
    return response.status_code, response.text


def test_a_query_is_ended_at_its_deadline_and_its_work_with_it(bounded: FlaskClient) -> None:
    before = engines()
    began = time.monotonic()
    status, text = ask(bounded, SLOW)
    assert status == 504
    assert "stopped after 1 second:" in text
    assert time.monotonic() - began < 10
    gone = before - engines()
    assert len(gone) == 1, "the engine that worked on it is no more"
    assert ask(bounded, QUICK)[0] == 200


@contextlib.contextmanager
def endless(
    store_folder: Path, bounds: Bounds, slow: int
) -> Iterator[tuple[Flask, list[concurrent.futures.Future[tuple[int, str]]]]]:
    """An application and ``slow`` queries in it that run until it is closed, however fast it is."""
    reader = EmbeddedReader(store_folder, bounds, deadline=3600.0)
    settings = Settings(clients=ClientSettings(exempt=(), queries_per_minute=0, queries_at_once=0))
    app = create_app(reader, settings)
    with concurrent.futures.ThreadPoolExecutor(slow) as pool:
        try:
            yield app, [pool.submit(ask, app.test_client(), f"{SLOW} # {n}") for n in range(slow)]
        finally:
            reader.close()


def test_small_queries_are_answered_while_slow_ones_run(store_folder: Path) -> None:
    with endless(store_folder, Bounds(patience=300.0), 3) as (app, slow):
        # Each another query, so that none is remembered.
        quick = [ask(app.test_client(), f"{QUICK} # {n}")[0] for n in range(5)]
        assert quick == [200] * 5
        assert not any(item.done() for item in slow)


def test_as_many_slow_queries_as_may_and_no_more(store_folder: Path) -> None:
    others = engines()
    with endless(store_folder, Bounds(patience=0.5), 8) as (_, slow):
        refused = list(itertools.islice(concurrent.futures.as_completed(slow, timeout=300), 4))
        assert [item.result()[0] for item in refused] == [503] * 4
        told = "four for slow queries, two for others, two for pages"
        assert len(engines() - others) <= 4 + 2 + 2, told


def test_an_answer_that_is_too_large_is_refused(bounded: FlaskClient) -> None:
    status, text = ask(bounded, EVERYTHING)
    assert (status, "more than 1000000 bytes" in text) == (400, True), text
    assert ask(bounded, QUICK)[0] == 200


def test_a_query_that_crashes_the_engine_costs_itself(bounded: FlaskClient) -> None:
    crash = "SELECT * WHERE { ?s " + "/".join(["<http://a/p>"] * 12_000) + " ?o }"
    status, _ = ask(bounded, crash[:99_000] + " ?o }" if len(crash) > 100_000 else crash)
    assert status in (400, 413, 414, 504)
    assert ask(bounded, QUICK)[0] == 200


def test_a_query_that_is_too_long(bounded: FlaskClient) -> None:
    long = "SELECT ?s WHERE { ?s ?p ?o } #" + "x" * 100_001
    assert ask(bounded, long)[0] == 414
    posted = bounded.post("/sparql", data={"query": long})
    assert posted.status_code == 413
    assert bounded.post("/sparql", data={"query": "x" * 2_000_000}).status_code == 413


def test_a_client_that_asks_too_much_waits(store: EmbeddedReader) -> None:
    settings = Settings(clients=ClientSettings(queries_per_minute=3, exempt=(), proxies=1))
    client = create_app(store, settings).test_client()

    def at(address: str, number: int) -> tuple[int, str | None]:
        response = client.get(
            "/sparql",
            query_string={"query": f"ASK {{}} # {number}"},
            headers={"X-Forwarded-For": f"6.6.6.6, {address}"},
        )
        return response.status_code, response.headers.get("Retry-After")

    assert [at("1.2.3.4", number)[0] for number in range(3)] == [200] * 3
    status, after = at("1.2.3.4", 4)
    assert status == 429
    assert after is not None and 1 <= int(after) <= 60
    assert at("1.2.3.5", 5)[0] == 200, "another client"
    assert at("1.2.3.4", 0)[0] == 200, "what is remembered costs nothing"
    assert client.get("/doc/report/mohrss/2019").status_code == 200, "documents are free"


def test_queries_at_once(store_folder: Path) -> None:
    reader = EmbeddedReader(store_folder, deadline=1.5)
    settings = Settings(clients=ClientSettings(queries_at_once=1, exempt=()))
    app = create_app(reader, settings)
    try:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            slow = pool.submit(ask, app.test_client(), SLOW)
            time.sleep(0.5)
            status, text = ask(app.test_client(), QUICK)
            assert status == 429 and "wait for it" in text
            assert slow.result()[0] == 504
        assert ask(app.test_client(), QUICK)[0] == 200
    finally:
        reader.close()


def test_service_asks_only_who_is_allowed(store_folder: Path) -> None:
    results = json.dumps(
        {
            "head": {"vars": ["x"]},
            "results": {"bindings": [{"x": {"type": "literal", "value": "from elsewhere"}}]},
        }
    ).encode()
    with Site() as other:
        kind = "application/sparql-results+json"
        allowed = other.add("/sparql", page(results, Content_Type=kind))
        reader = EmbeddedReader(store_folder, services=[allowed])
        settings = Settings(queries=QuerySettings(services=(allowed,)))
        client = create_app(reader, settings).test_client()
        try:
            query = f"SELECT ?x WHERE {{ SERVICE <{allowed}> {{ ?x ?y ?z }} }}"
            status, text = ask(client, query, Accept="text/csv")
            assert (status, text.split("\r\n")[1]) == (200, "from elsewhere"), text
            for address in (f"{other.base}/other", "http://127.0.0.1:9/", "file:///etc/passwd"):
                status, text = ask(client, query.replace(allowed, address))
                assert status == 400 and "SERVICE may only ask" in text
            assert ask(client, "SELECT * { VALUES ?u { <http://a/> } SERVICE ?u { } }")[0] == 400
            described = client.get("/sparql", headers={"Accept": "text/turtle"}).text
            assert "BasicFederatedQuery" in described
        finally:
            reader.close()


HIDDEN = (
    "SELECT * {{ FILTER(1<2)SERVICE#>\n<{0}> {{?s ?p ?o}} }}",
    "SELECT * {{ FILTER(1<2#>'''\n) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "SELECT * {{ FILTER(1<true#>'''\n) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "SELECT * {{ FILTER(1<true/5#>'''\n) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "PREFIX a: <http://a/> SELECT * {{ FILTER(1<a:b#>'''\n) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "SELECT * {{ FILTER(1<ABS#>'''\n(1)) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "SELECT * {{ FILTER(1<EXISTS#>'''\n{{}}) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
    "SELECT * {{ ?x ?y ?z FILTER(?z<#>'''\n5) SERVICE <{0}> {{?s ?p ?o}} }}#'''",
)
"""Queries in which < is no beginning of an IRI for the engine, but may be taken for one."""


@pytest.mark.parametrize("services", [(), ("http://127.0.0.1:9/allowed",)])
def test_service_cannot_be_hidden(store_folder: Path, services: tuple[str, ...]) -> None:
    with Site() as other:
        reader = EmbeddedReader(store_folder, services=services)
        try:
            for query in HIDDEN:
                with pytest.raises(QueryRefused):
                    reader.query(query.format(f"{other.base}/sparql"), public=True)
        finally:
            reader.close()
        assert not other.asked


def test_an_engine_has_no_network(store_folder: Path) -> None:
    """Should the text be misread after all: past it, straight at the engine."""
    with Site() as other:
        reader = EmbeddedReader(store_folder)
        try:
            for query in HIDDEN:
                text = query.format(f"{other.base}/sparql")
                request: tuple[Any, ...] = (text, BASE, "json", "nt", True, None, None, {})
                with pytest.raises(QueryRefused):
                    reader._public.ask(request, 5.0)
        finally:
            reader.close()
        assert not other.asked


MIXED = (
    'false true 2010.5 "z"@en "a"@en "d8dc"^^x:hexBinary "2026-11-30T19:05:15Z"^^x:dateTime '
    + " ".join(f'{n} "{n}" "20{n}-05"^^x:gYearMonth "20{n}-01-01"^^x:date' for n in range(10, 99))
)  # fmt: skip


def test_what_the_engine_cannot_sort_is_said(bounded: FlaskClient) -> None:
    """Its order of values of many types is none that a sort can rely on: it ends itself."""
    values = MIXED.split()
    prefix = "PREFIX x: <http://www.w3.org/2001/XMLSchema#>"
    for number in range(40):
        random.Random(number).shuffle(values)
        query = f"{prefix} SELECT ?o {{ VALUES ?o {{ {' '.join(values)} }} }} ORDER BY ?o LIMIT 1"
        status, text = ask(bounded, query)
        if status == 400:
            assert "cannot sort these values" in text and "STR()" in text
        else:
            assert status == 200, text
    by_text = query.replace("ORDER BY ?o", "ORDER BY STR(?o)")
    assert ask(bounded, by_text)[0] == 200


def test_a_page_that_needs_too_much_is_no_fault_of_the_client(store_folder: Path) -> None:
    """An engine that ends while it makes a page: 503, and when to try again."""
    reader = EmbeddedReader(store_folder)
    asked = reader.query
    try:
        for trouble in (QueryCrashed("killed"), AnswerTooLarge("too large")):

            def failing(*args: Any, trouble: Exception = trouble, **named: Any) -> Any:
                if not named.get("public"):
                    raise trouble
                return asked(*args, **named)

            reader.query = failing  # type: ignore[method-assign]
            client = create_app(reader).test_client()
            for path in ("/doc/report/mohrss/2019.html", "/catalog.ttl", "/"):
                response = client.get(path)
                assert (response.status_code, response.headers["Retry-After"]) == (503, "30"), path
                assert "query" not in response.text
            assert ask(client, QUICK)[0] == 200
    finally:
        reader.close()


@pytest.mark.parametrize(
    "query",
    [
        "BASE <http://a/> SELECT * { ?s a <def#Report> ; <id/x-y#z> ?o FILTER(?o<5&&?o>3) }",
        "SELECT * { ?s <http://www.w3.org/ns/sparql-service-description#endpoint> ?o }",
        "SELECT * { <urn:a:b> ?p ?o FILTER(?p<?o && ?o>2) }",
        "BASE <http://a/> ASK { <> ?p ?o }",
        "PREFIX : <#> ASK { ?s :a ?o }",
        "ASK { <urn:a:b#c> ?p ?o }",
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> ASK { ?s dcat:service ?o ; a dcat:DataService }",
        "PREFIX service: <http://a/> ASK { ?s service:x ?o }",
        "CONSTRUCT { <s> <p> 1 } WHERE {}",
    ],
)
def test_what_only_looks_like_it_is_answered(store: EmbeddedReader, query: str) -> None:
    assert store.query(query).body


def test_relative_names_are_those_of_the_endpoint(store: EmbeddedReader) -> None:
    """SPARQL 1.1, section 4.1.1.2; RFC 3986, section 5.1: the base is where the query is sent."""
    client = create_app(store).test_client()
    query = "CONSTRUCT { <s> <#p> <../id/x> } WHERE {}"
    answer = client.post("/sparql", data={"query": query, "format": "nt"}).text
    assert answer == f"<{BASE}s> <{BASE}sparql#p> <{BASE}id/x> .\n"


def test_a_service_in_vain_is_told_whatever_it_asks(store: EmbeddedReader) -> None:
    """Engines without a network tell by themselves, where the text could mean two things."""
    for silent in ("", "SILENT"):
        for where in ("<http://127.0.0.1:8/>", "<http://localhost:8/>", "?unbound"):
            with pytest.raises(QueryRefused, match="SERVICE"):
                store.query(f"SELECT * {{ SERVICE {silent} {where} {{ ?s ?p ?o }} }}")
        hidden = (
            f"SELECT * {{ FILTER(1<2)SERVICE#>\n{silent}<http://127.0.0.1:8/> {{ ?s ?p ?o }} }}"
        )
        with pytest.raises(QueryRefused, match="SERVICE is not answered"):
            store.query(hidden)


def test_what_may_vary_is_seen_behind_a_comparison() -> None:
    assert is_volatile("SELECT (0.5<RAND()&&1>0 AS ?x) {}")
    assert not is_volatile("SELECT (0.5<?y&&1>0 AS ?x) { ?s <http://a/RAND> ?y }")


@pytest.mark.parametrize(
    "query",
    [
        'SELECT (bif:http_get("http://127.0.0.1/") AS ?x) {}',
        'PREFIX b: <bif:> SELECT (b:http_get("x") AS ?x) {}',
        "SELECT (<bif:server_root>() AS ?x) {}",
        'PREFIX b: <bi> SELECT (b:f:http_get ("x") AS ?x) {}',
        "define sql:log-enable 2 SELECT * { ?s ?p ?o }",
        "DEFINE get:soft \"replace\" SELECT * FROM <http://a/> { ?s ?p ?o }",
    ],
)  # fmt: skip
def test_what_a_store_elsewhere_may_take_for_more_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused):
        refuse_if_special(query)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT (x:integer(?v) AS ?n) { ?s ?p ?v }",
        "PREFIX d: <http://a/> SELECT ?define { ?define d:define 'define bif:x(' . ?s d:a|d:b ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s <http://a/define> ?o FILTER (?o IN (1, 2)) }",
    ],
)  # fmt: skip
def test_plain_sparql_is_not_taken_for_more(query: str) -> None:
    refuse_if_special(query)


def test_long_headers_are_not_remembered(store: EmbeddedReader) -> None:
    """Memory is bounded in bytes, whatever a client sends to make answers differ."""
    app = create_app(store)
    client = app.test_client()
    counted = METRICS.of(app)

    def answered_from_cache() -> float:
        lines = counted.text().decode().splitlines()
        (line,) = [line for line in lines if line.startswith("gongkai_remembered_total ")]
        return float(line.split()[1])

    for _ in range(3):
        client.get("/robots.txt", headers={"Accept": "text/plain, " + "a/b, " * 1000})
    assert answered_from_cache() == 0
    for _ in range(3):
        client.get("/robots.txt")
    assert answered_from_cache() == 2


def test_the_bound_of_answers_is_for_those_who_ask_from_outside(store_folder: Path) -> None:
    """Lists of all reports, which pages are cut from, are longer than what a client may have."""
    reader = EmbeddedReader(store_folder, Bounds(answer=2000))
    try:
        query = "SELECT * WHERE { ?s ?p ?o } LIMIT 500"
        with pytest.raises(AnswerTooLarge):
            reader.query(query, public=True)
        assert len(reader.query(query).body) > 2000
        assert create_app(reader).test_client().get("/catalog.ttl").status_code == 200
    finally:
        reader.close()
