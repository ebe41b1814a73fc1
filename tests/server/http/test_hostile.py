"""Hostile requests and hostile reports: nothing is harmed, nothing is told that should not be."""

import csv
import html
import io
import random
import re
import string
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.server.app import create_app
from gongkai.server.settings import CacheSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.hostile_requests import EVIL, PATHS
from helpers.profiles import examples
from helpers.served import sample_of, served
from helpers.stores import published

SAFE = {200, 301, 303, 304, 308, 400, 404, 405, 406, 410, 414}


@pytest.mark.parametrize("path", PATHS)
def test_odd_addresses_are_answered_calmly(client: FlaskClient, path: str) -> None:
    for evil in EVIL:
        for accept in ("text/html", "text/turtle", "*/*"):
            response = client.get(path.format(evil), headers={"Accept": accept})
            assert response.status_code in SAFE, (path, evil)
            assert "X-Evil" not in response.headers
            assert "root:" not in response.text
            assert "Traceback" not in response.text
            if response.mimetype == "text/html":
                assert "<script>alert" not in response.text
            location = response.headers.get("Location", "/")
            assert location.startswith("/") and not location.startswith("//"), (path, evil)


@pytest.mark.parametrize(
    "name", ["Accept", "Accept-Language", "Accept-Profile", "If-None-Match", "If-Modified-Since",
             "Range", "Host", "X-Forwarded-For", "X-Forwarded-Host", "Content-Type", "Cookie"]
)  # fmt: skip
def test_odd_headers_are_answered_calmly(client: FlaskClient, name: str) -> None:
    values = [
        "", ",", ";", "q=1", "*", "*/*;q=x", "text/*;q=-1", "text/turtle;q=1e9", "a/b;c=\"", "<>",
        '<http://a/>;q="', "bytes=0-", "bytes=-1", "bytes=9-1", "\xff\xfe", "x" * 6000,
        ", ".join(f"a{n}/b;q=0.{n}" for n in range(300)), '"' * 99, "W/", "evil.example",
    ]  # fmt: skip
    for value in values:
        for path in ("/doc/year/2019", "/sparql?query=ASK%20%7B%7D", "/ldes"):
            response = client.get(path, headers={name: value})
            assert response.status_code in SAFE | {206, 416}, (path, value[:50])
            assert "evil.example" not in response.text
            assert "evil.example" not in str(response.headers)


@settings(max_examples=examples(150), suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=80))
def test_any_text_as_a_query_is_answered(client: FlaskClient, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    response = client.post("/sparql", data={"query": text})
    assert response.status_code in (200, 400)


def test_mutilated_queries_are_answered(client: FlaskClient) -> None:
    queries = [
        "PREFIX a: <http://a/> SELECT ?s (COUNT(*) AS ?n) WHERE { ?s a:b+ ?o . FILTER(?o > 1) "
        "OPTIONAL { GRAPH ?g { ?s ?p 'x\\'y'@en } } } GROUP BY ?s HAVING (?n > 1) ORDER BY ?s",
        "CONSTRUCT { [] <http://a/b> ?s } WHERE { VALUES ?s { <http://a/c> UNDEF } MINUS {} }",
    ]
    chance = random.Random(4)
    for _ in range(300):
        text = chance.choice(queries)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(text))
            sign = chance.choice(string.printable + "公“\u202e\u0000")
            text = text[:place] + sign + text[place + chance.randint(0, 3) :]
        response = client.post("/sparql", data={"query": text})
        assert response.status_code in (200, 400), text


def test_no_text_of_a_query_reaches_our_own(client: FlaskClient) -> None:
    """Only URIs that we mint are put into the text of queries of our own."""
    for path in (
        "report/x> } INSERT", "report/a%3E%20%3Fp%20%3Fo%20%7D%20%23", "body/%22%20.%20%3Fs",
        "report/mohrss/2019%3E%20%7C%20%3C", "report/{this}", "report/?this",
    ):  # fmt: skip
        assert client.get(f"/doc/{path}").status_code == 404
        assert client.get(f"/id/{path}").status_code == 404


def test_remembered_answers_are_not_mixed_up(client: FlaskClient) -> None:
    path = "/doc/report/mohrss/2019"
    answers: dict[tuple[str, str, str], bytes] = {}
    evil = {"X-Forwarded-Host": "evil.example", "Host": "evil.example"}
    for _ in range(2):
        for accept in ("text/html", "text/turtle", "application/n-triples"):
            for language in ("zh", "en"):
                for extra in ("", "?lang=en", "?lang=zh", "?_profile=schema"):
                    headers = {"Accept": accept, "Accept-Language": language, **evil}
                    response = client.get(path + extra, headers=headers)
                    key = (accept, language, extra)
                    assert answers.setdefault(key, response.data) == response.data
                    if extra != "?_profile=schema":
                        assert response.mimetype == accept


def test_parameters_that_mean_nothing_change_nothing(client: FlaskClient) -> None:
    """Who appends other words to an address gets what is remembered, and reaches no cache anew."""
    for path in ("/doc/report/mohrss/2019", "/catalog", "/id/report/mohrss/2019", "/"):
        plain = client.get(path, headers={"Accept": "text/html"})
        for extra in ("?x=1", "?x=2&y=<script>", "?utm_source=a", "?_=9"):
            other = client.get(path + extra, headers={"Accept": "text/html"})
            assert other.data == plain.data
            assert other.headers.get("Location") == plain.headers.get("Location")
        chosen = client.get(path + "?lang=en&x=1", headers={"Accept": "text/html"})
        assert chosen.data == client.get(path + "?lang=en", headers={"Accept": "text/html"}).data
        assert chosen.data != plain.data or chosen.headers["Location"].endswith("?lang=en")


HOSTILE_TEXT = (
    "<script>alert('文')</script><img src=x onerror=alert(1)>"
    "</script><script>alert(2)</script>&lt;b&gt; =1+1 {{7*7}} \u202egnp.exe"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a report whose text means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if len(line) > 60)
    lines[place] = HOSTILE_TEXT + lines[place]
    lines.insert(place + 1, '=HYPERLINK("http://evil.example/","x")')
    # As HTML, which says of the text that it is text; as plain text it would be taken for HTML.
    page = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    path = folder / "report '\"<b>.html"
    path.write_text(f"<html><body>\n{page}</body></html>\n", encoding="utf-8")
    result = gongkai("publish", path, "--store", folder / "store")
    assert "published" in result.stdout, result.output
    return folder / "store"


def test_hostile_reports_do_not_run_in_pages(hostile: Path) -> None:
    with served(hostile) as client:
        for page in ("/doc/report/mohrss/2019.html", "/doc/validation/mohrss/2019.html",
                     "/doc/history/mohrss/2019.html", "/doc/body/mohrss.html", "/catalog.html",
                     "/"):  # fmt: skip
            for language in ("zh", "en"):
                response = client.get(f"{page}?lang={language}")
                assert response.status_code == 200
                assert "<script>alert" not in response.text
                assert "<img" not in response.text
                assert "49" not in re.findall(r"\{\{7\*7\}\}", response.text)
                for script in re.findall(r"<script[^>]*>", response.text):
                    assert script == '<script type="application/ld+json">'
                # No attribute of ours runs or styles anything: the policy forbids it.
                assert not re.search(r"<[^>]+\s(?:on\w+|style)=", response.text)
                policy = response.headers["Content-Security-Policy"]
                assert "script-src" not in policy and "default-src 'none'" in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_hostile_texts_come_out_of_every_format_as_they_are(hostile: Path) -> None:
    with served(hostile) as client:
        assert HOSTILE_TEXT.encode() in client.get("/dump/report/mohrss/2019.jsonld").data.replace(
            b"\\u202e", "\u202e".encode()
        )
        query = f'SELECT ?t WHERE {{ ?s <{BASE}def#text> ?t FILTER CONTAINS(?t, "<script>") }}'
        answer = client.get(
            "/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}
        )
        (row,) = list(csv.reader(io.StringIO(answer.text)))[1:]
        assert HOSTILE_TEXT in row[0]
        book = openpyxl.load_workbook(io.BytesIO(client.get("/dump/report/mohrss/2019.xlsx").data))
        for cells in book["cells"].iter_rows():
            assert all(cell.data_type != "f" for cell in cells), "no formulas"


def test_errors_tell_nothing_of_the_inside(client: FlaskClient, store_folder: Path) -> None:
    for path in ("/nothing", "/sparql?query=x", "/doc/nothing", "/metrics/x"):
        text = client.get(path).text
        assert str(store_folder) not in text
        assert "gongkai/server" not in text and "site-packages" not in text


def test_a_document_is_never_of_two_versions(tmp_path: Path) -> None:
    """A publication in the middle of a document's queries: it is put together anew."""
    folder = tmp_path / "store"
    published(folder, SAMPLE)
    reader = EmbeddedReader(folder)
    client = create_app(reader).test_client()
    real = reader.query
    asked: list[bool] = []

    def query(*arguments: object, **named: object) -> object:
        if not asked:
            asked.append(True)
            other = sample_of(tmp_path, "教育部", 2019)
            assert gongkai("publish", other, "--store", folder).exit_code == 0
        return real(*arguments, **named)  # type: ignore[arg-type]

    try:
        reader.query = query  # type: ignore[method-assign, assignment]
        page = client.get("/catalog.ttl").text
        assert "moe/2019" in page
        assert client.get("/catalog.ttl").text == page
    finally:
        reader.close()


def test_long_queries_in_a_small_memory(store: EmbeddedReader) -> None:
    settings = Settings(cache=CacheSettings(memory=100_000))
    client = create_app(store, settings).test_client()
    for length in (10, 10_000, 60_000, 99_000):
        for _ in range(2):
            query = {"query": "ASK {} #" + "x" * length}
            assert client.get("/sparql", query_string=query).status_code == 200


def test_pages_link_to_nothing_that_runs(tmp_path: Path) -> None:
    thing = BASE + "id/body/evil"
    page = "<http://xmlns.com/foaf/0.1/homepage>"
    with writing(tmp_path / "store", BASE) as writer:
        values = ("javascript:alert(1)", "data:text/html,x", "http://good.example/")
        lines = [f"<{thing}> {page} <{value}> .\n" for value in values]
        writer.replace({"http://a/graph": "".join(lines).encode()})
    with served(tmp_path / "store") as client:
        text = client.get("/doc/body/evil.html").text
    assert 'href="http://good.example/"' in text
    assert 'href="javascript:' not in text and 'href="data:' not in text
