"""Linked data to the letter: conditions, validators, links, profiles, languages, methods."""

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

from gongkai.server.app import create_app
from gongkai.server.settings import CacheSettings, CatalogSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.served import sample_of, served
from helpers.stores import published

REPORT = "/doc/report/mohrss/2019"
OBSERVATION = "/doc/observation/requests/mohrss/2019/natural-person/received"
LICENSE = "http://creativecommons.org/licenses/by/4.0/"


def links_of(header: list[str]) -> list[tuple[str, str, str]]:
    """Target, relation and type of each link (RFC 8288)."""
    found = []
    for value in header:
        match = re.fullmatch(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?(; formats=.*)?', value)
        assert match is not None, value
        found.append((match[1], match[2], match[3] or ""))
    return found


@pytest.fixture(scope="module")
def settled(store_folder: Path) -> Iterator[FlaskClient]:
    """A client that remembers nothing, of a store with a licence."""
    settings = Settings(
        cache=CacheSettings(memory=0, seconds=60), catalog=CatalogSettings(license=LICENSE)
    )
    with served(store_folder, settings) as client:
        yield client


@pytest.mark.parametrize("remembering", [True, False])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/n-triples"])
def test_who_has_it_is_sent_nothing(
    client: FlaskClient, settled: FlaskClient, accept: str, remembering: bool
) -> None:
    asked = client if remembering else settled
    first = asked.get(REPORT, headers={"Accept": accept})
    tag = first.headers["ETag"]
    assert re.fullmatch(r'"[0-9a-f]{32}"', tag), "strong"
    for condition in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = asked.get(REPORT, headers={"Accept": accept, "If-None-Match": condition})
        assert again.status_code == 304, condition
        assert not again.data
        assert again.headers["ETag"] == tag
        for name in ("Vary", "Cache-Control", "Content-Location"):
            assert again.headers[name] == first.headers[name]
    other = asked.get(REPORT, headers={"Accept": accept, "If-None-Match": '"x"'})
    assert other.status_code == 200 and other.data == first.data


def test_each_representation_has_an_etag_of_its_own(client: FlaskClient) -> None:
    tags = set()
    for accept in ("text/html", "text/turtle", "application/n-triples", "application/ld+json",
                   "application/rdf+xml"):  # fmt: skip
        for language in ("zh", "en"):
            headers = {"Accept": accept, "Accept-Language": language}
            tags.add((accept, client.get(REPORT, headers=headers).headers["ETag"]))
    assert len({tag for _, tag in tags}) == 6, "the page has two languages"
    assert client.get(REPORT + ".ttl").headers["ETag"] in {tag for _, tag in tags}


def test_the_time_of_the_last_change(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    published(folder, SAMPLE)
    reader = EmbeddedReader(folder)
    try:
        client = create_app(reader, since=time.time() - 86400).test_client()
        soon = time.time() + 3600  # Still fresh, however slow the machine.
        os.utime(folder / "current", (soon, soon), follow_symlinks=False)
        fresh = client.get(REPORT + ".ttl")
        assert "Last-Modified" not in fresh.headers, "it may change once more in this second"
        os.utime(folder / "current", (1_700_000_000, 1_700_000_000), follow_symlinks=False)
        client = create_app(reader, since=1_600_000_000).test_client()
        answer = client.get(REPORT + ".ttl")
        assert answer.headers["Last-Modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        for since, status in (
            ("Tue, 14 Nov 2023 22:13:20 GMT", 304),
            ("Sat, 01 Jan 2000 00:00:00 GMT", 200),
            ("no date", 200),
        ):
            headers = {"If-Modified-Since": since}
            assert client.get(REPORT + ".ttl", headers=headers).status_code == status, since
        both = {"If-Modified-Since": "Tue, 14 Nov 2023 22:13:20 GMT", "If-None-Match": '"x"'}
        assert client.get(REPORT + ".ttl", headers=both).status_code == 200, "the ETag decides"
        newer = create_app(reader, since=1_750_000_000).test_client()
        told = newer.get(REPORT + ".html").headers["Last-Modified"]
        assert told == "Sun, 15 Jun 2025 15:06:40 GMT", "another program may write other pages"
    finally:
        reader.close()


def test_after_a_publication_everything_is_new(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    published(folder, SAMPLE)
    with served(folder) as client:
        before = client.get("/catalog.ttl")
        query = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"}
        count = client.get("/sparql", query_string=query).data
        other = sample_of(tmp_path, "教育部", 2019)
        assert gongkai("publish", other, "--store", folder).exit_code == 0
        after = client.get("/catalog.ttl", headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert "moe/2019" in after.text and "moe/2019" not in before.text
        assert client.get("/sparql", query_string=query).data != count


@pytest.mark.parametrize("path", [REPORT, OBSERVATION, "/catalog", "/", "/def", "/sparql"])
def test_head_says_what_get_would(client: FlaskClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code == 200
    assert not head.data
    changing = {"X-Request-Id", "Server-Timing"}
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }


@pytest.mark.parametrize("path", [REPORT, "/id/report/mohrss/2019", "/catalog", "/sparql"])
def test_what_a_browser_asks_before(client: FlaskClient, path: str) -> None:
    answer = client.options(path)
    assert answer.status_code in (200, 204)
    assert {"GET", "HEAD", "OPTIONS"} <= set(re.split(r",\s*", answer.headers["Allow"]))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_there_are(client: FlaskClient, method: str) -> None:
    answer = client.open(REPORT, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_signposts_of_a_report(settled: FlaskClient) -> None:
    answer = settled.get(REPORT, headers={"Accept": "text/html"})
    links = links_of(answer.headers.getlist("Link"))
    by_relation: dict[str, list[str]] = {}
    for target, relation, _ in links:
        by_relation.setdefault(relation, []).append(target)
    assert by_relation["cite-as"] == [BASE + "id/report/mohrss/2019"]
    assert by_relation["license"] == [LICENSE]
    assert by_relation["author"] == [BASE + "id/body/mohrss"]
    assert by_relation["canonical"] == [REPORT]
    assert by_relation["type"] == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    assert len(by_relation["item"]) == 5 and len(by_relation["alternate"]) == 4
    for target, relation, kind in links:
        if target.startswith("/"):
            found = settled.get(target, headers={"Accept": kind or "*/*"})
            assert found.status_code == 200, (relation, target)
            if kind:
                assert found.mimetype == kind, (relation, target)
    for item in by_relation["item"]:
        back = links_of(settled.get(item).headers.getlist("Link"))
        assert (REPORT, "collection", "") in back
    (path,) = by_relation["linkset"]
    (told,) = settled.get(path).get_json(force=True)["linkset"]
    assert told.pop("anchor") == REPORT
    assert {(link["href"], relation) for relation, several in told.items() for link in several} == {
        (target, relation)
        for target, relation, _ in links
        if relation not in ("alternate", "profile")
    }


def test_signposts_of_other_things(client: FlaskClient) -> None:
    links = links_of(client.get(OBSERVATION + ".ttl").headers.getlist("Link"))
    assert (BASE + OBSERVATION[1:].replace("doc/", "id/"), "cite-as", "") in links
    assert not [link for link in links if link[1] in ("license", "item")], "what is not stated"


def test_profiles(client: FlaskClient) -> None:
    plain = client.get(REPORT, headers={"Accept": "text/turtle"})
    assert plain.headers["Content-Profile"] == f"<{BASE}def>"
    assert "Accept-Profile" in plain.headers["Vary"]
    wanted = {"Accept-Profile": "<https://schema.org/>"}
    schema = client.get(REPORT, headers=wanted)
    assert schema.headers["Content-Profile"] == "<https://schema.org/>"
    assert schema.mimetype == "application/ld+json"
    assert json.loads(schema.data)["@type"] == "Dataset"
    for value in (
        f"<{BASE}def>, <https://schema.org/>;q=0.5",
        "<http://example.org/unknown>",
        "<https://schema.org/>;q=0",
        "nonsense <<",
    ):
        answer = client.get(REPORT, headers={"Accept": "text/turtle", "Accept-Profile": value})
        assert answer.status_code == 200
        assert answer.headers["Content-Profile"] == f"<{BASE}def>", value
    by_parameter = client.get(REPORT + "?_profile=gongkai&_mediatype=application/n-triples")
    assert by_parameter.mimetype == "application/n-triples"
    listed = client.get(REPORT + "?_profile=alt")
    addresses = [line.split()[0] for line in listed.text.splitlines()]
    assert len(addresses) == 6
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_languages_of_pages(client: FlaskClient) -> None:
    for accept, language in (
        ("en", "en"), ("zh-CN, en;q=0.5", "zh"), ("fr, en;q=0.1", "en"), ("fr", "zh"),
        ("en;q=0, zh", "zh"), ("EN-gb", "en"),
    ):  # fmt: skip
        answer = client.get(REPORT + ".html", headers={"Accept-Language": accept})
        assert answer.headers["Content-Language"] == language, accept
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"",
         "application/ld+json"),
        ("text/html;level=1, text/turtle;q=0.9", "text/html"),
        ("application/rdf+xml, text/turtle", "application/rdf+xml"),
        ("text/turtle, application/rdf+xml", "text/turtle"),
        ("*/*;q=0.1, application/n-triples", "application/n-triples"),
        ("application/*", "application/ld+json"),
        ("text/*;q=0.5, text/turtle", "text/turtle"),
    ],
)  # fmt: skip
def test_media_types(client: FlaskClient, accept: str, kind: str) -> None:
    assert client.get(REPORT, headers={"Accept": accept}).mimetype == kind


def test_nothing_acceptable_is_told_with_what_there_is(client: FlaskClient) -> None:
    answer = client.get(REPORT, headers={"Accept": "image/png, text/turtle;q=0"})
    assert answer.status_code == 406
    for suffix in ("html", "ttl", "jsonld", "rdf", "nt"):
        assert f"{REPORT}.{suffix}" in answer.text


def test_behind_a_proxy_with_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    base = "https://data.example.org/gongkai/"
    published(folder, SAMPLE, options=("--base", base))
    with served(folder) as client:
        for prefix in ("", "/gongkai"):
            see = client.get(f"{prefix}/id/report/mohrss/2019", headers={"Host": "evil.example"})
            assert see.status_code == 303
            assert see.headers["Location"] == "/gongkai" + REPORT
            answer = client.get(prefix + REPORT, headers={"Host": "evil.example"})
            assert answer.headers["Content-Location"] == f"/gongkai{REPORT}.html"
            assert "evil.example" not in answer.text + str(answer.headers)
            for target, _, _ in links_of(answer.headers.getlist("Link")):
                if target.startswith("/"):
                    assert target.startswith("/gongkai/")
            graph = Graph().parse(data=client.get(prefix + "/catalog.ttl").data, format="turtle")
            ours = {str(node) for node in graph.all_nodes() if "example.org/" in str(node)}
            assert ours and all(uri.startswith(base) for uri in ours)


@pytest.mark.parametrize(
    "query", ["", "?lang=en", "?lang=zh", "?_profile=schema", "?_profile=gongkai&lang=en", "?x=1"]
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json"])
def test_the_other_address_gives_the_same(client: FlaskClient, query: str, accept: str) -> None:
    """RFC 9110, section 8.7: Content-Location leads to what was sent."""
    for path in (REPORT, "/catalog"):
        for language in ("zh", "en"):
            headers = {"Accept": accept, "Accept-Language": language}
            answer = client.get(path + query, headers=headers)
            there = client.get(
                answer.headers["Content-Location"], headers={"Accept-Language": language}
            )
            assert there.data == answer.data, (path, query, accept)


def test_conditions_that_do_not_hold(client: FlaskClient) -> None:
    tag = client.get(REPORT + ".ttl").headers["ETag"]
    for condition, status in ((tag, 200), ("*", 200), ('"zz"', 412), (f'"zz", {tag}', 200)):
        answer = client.get(REPORT + ".ttl", headers={"If-Match": condition})
        assert answer.status_code == status, condition


def test_a_profile_that_the_header_accept_rules_out_is_passed_over(client: FlaskClient) -> None:
    headers = {"Accept": "text/turtle", "Accept-Profile": "<https://schema.org/>"}
    answer = client.get(REPORT, headers=headers)
    assert answer.mimetype == "text/turtle"
    assert answer.headers["Content-Profile"] == f"<{BASE}def>"
