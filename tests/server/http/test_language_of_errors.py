"""Errors are in the language of the request, whatever was asked before by whom."""

import html
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gongkai.ontology.texts import translations
from gongkai.server.app import create_app
from gongkai.server.settings import ClientSettings, Settings
from gongkai.server.store import Answer, StoreError
from gongkai.server.store.embedded import EmbeddedReader
from helpers.languages import is_chinese

ABROAD = {"REMOTE_ADDR": "203.0.113.1"}


@dataclass(frozen=True)
class Wrong:
    """A request that has an error as its answer, of ``status``."""

    path: str
    status: int
    more: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Words of the message that are the same in every language."""


ERRORS = (
    Wrong("/nothing", 404),
    Wrong("/search", 405, {"method": "POST"}),
    Wrong("/id/nothing", 404),
    Wrong("/doc/nothing", 404),
    Wrong("/def.x", 404),
    Wrong("/dump/all.nq.gz", 404, names=("gongkai dump",)),
    Wrong("/dump/report/nobody/x", 404),
    Wrong("/dump/report/nobody/1999.csv", 404),
    Wrong("/dump/version/nobody/1999/1.nt", 404),
    Wrong("/catalog.x", 404),
    Wrong("/catalog?page=999", 404),
    Wrong("/feed.atom?page=999", 404),
    Wrong("/ldes/999", 404),
    Wrong("/sitemap-999.xml", 404),
    Wrong("/compare?indicator=nothing", 404),
    Wrong("/compare.csv?body=nobody", 404),
    Wrong("/search?q=公开&page=999", 404),
    Wrong("/search?page=999", 404),
    Wrong("/quality?rule=nothing", 404),
    Wrong("/metrics", 403, {"environ_base": ABROAD}, names=("[clients] exempt",)),
    Wrong("/search?q=%FF", 400),
    Wrong("/", 415, {"headers": {"Content-Encoding": "gzip"}}),
    Wrong("/", 406, {"headers": {"Accept-Encoding": "identity;q=0"}}, names=("br、zstd",)),
    Wrong("/", 412, {"headers": {"If-Match": '"other"'}}),
    Wrong("/sparql?format=csv&query=SELECT", 400),
    Wrong("/sparql?format=csv&query=CLEAR%20ALL", 400),
    Wrong("/sparql?format=csv&query=ASK{}&query=ASK{}", 400),
    Wrong("/sparql?format=nothing&query=ASK{}", 400),
    Wrong("/sparql?format=ttl&query=ASK{}", 400),
    Wrong("/sparql?format=csv&query=ASK{}&default-graph-uri=x", 400),
    Wrong("/sparql?update=CLEAR%20ALL", 403),
    Wrong("/sparql", 415, {"method": "POST", "data": "ASK{}", "content_type": "text/plain"}),
    Wrong("/reconcile?queries=[]", 400),
    Wrong('/reconcile?queries={"a":{}}', 400),
    Wrong('/reconcile?queries={"a":{"query":"b","type":"c"}}', 400),
    Wrong('/reconcile?extend={"ids":[],"properties":[{"id":"nothing"}]}', 400),
    Wrong("/reconcile?queries={}&extend={}", 400),
    Wrong("/reconcile/suggest/entity?cursor=-1", 400),
    Wrong("/reconcile/preview?id=nothing", 404),
)

LANGUAGES = {
    "zh": "zh",
    "zh-CN, en;q=0.5": "zh",
    "en": "en",
    "en-GB, zh;q=0.5": "en",
    "de": "en",
    "": "en",
}
"""Values of Accept-Language, and the language of what programs are told."""


def answer_to(client: FlaskClient, wrong: Wrong, accept: str, language: str) -> TestResponse:
    more = dict(wrong.more)
    headers = {"Accept": accept, **more.pop("headers", {})}
    if language:
        headers["Accept-Language"] = language
    return client.open(wrong.path, headers=headers, **more)


def assert_in(answer: TestResponse, wrong: Wrong, language: str) -> None:
    assert answer.status_code == wrong.status, answer.text
    assert answer.headers["Content-Language"] == language
    vary = answer.headers["Vary"].split(", ")
    assert {"Accept", "Accept-Language"} <= set(vary) and len(vary) == len(set(vary))
    names = (*wrong.names, "http://localhost:8000/", "text/plain", "Host")
    assert is_chinese(answer.text, *names) == (language == "zh"), answer.text


@given(
    requests=st.lists(
        st.tuples(st.sampled_from(ERRORS), st.sampled_from(sorted(LANGUAGES))),
        min_size=1,
        max_size=8,
    )
)
def test_an_error_is_in_the_language_of_its_request(
    client: FlaskClient, requests: list[tuple[Wrong, str]]
) -> None:
    for wrong, accepted in requests:
        assert_in(answer_to(client, wrong, "text/plain", accepted), wrong, LANGUAGES[accepted])


@pytest.mark.parametrize("wrong", ERRORS, ids=lambda wrong: wrong.path)
def test_every_error_is_there_in_each_language(client: FlaskClient, wrong: Wrong) -> None:
    for accepted in ("zh", "en", "zh", ""):
        answer = answer_to(client, wrong, "text/plain", accepted)
        assert_in(answer, wrong, LANGUAGES[accepted])


@pytest.mark.parametrize("wrong", ERRORS[:10], ids=lambda wrong: wrong.path)
@pytest.mark.parametrize(("accepted", "language"), [("zh", "zh"), ("en", "en"), ("", "zh")])
def test_a_page_with_an_error_is_in_one_language(
    client: FlaskClient, wrong: Wrong, accepted: str, language: str
) -> None:
    page = answer_to(client, wrong, "text/html", accepted)
    line = answer_to(client, wrong, "text/plain", language).text.partition(": ")[2].strip()
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.text
    assert f"<p>{html.escape(line, quote=False)}</p>" in html.unescape(page.text)


def test_the_address_or_the_form_name_the_language_before_the_header(client: FlaskClient) -> None:
    for named, other in (("zh", "en"), ("en", "zh")):
        headers = {"Accept": "text/plain", "Accept-Language": other}
        answer = client.get(f"/sparql?format=csv&lang={named}&query=SELECT", headers=headers)
        assert_in(answer, Wrong("", 400), named)
        form = {"format": "csv", "lang": named, "query": "SELECT"}
        answer = client.post("/sparql", data=form, headers=headers)
        assert answer.status_code == 400
        assert is_chinese(answer.text) == (named == "zh")
        assert answer.headers["Content-Language"] == named


def test_the_query_page_says_in_its_own_language_why_a_query_failed(client: FlaskClient) -> None:
    for accepted, language in (("zh", "zh"), ("en", "en"), ("", "zh")):
        headers = {"Accept": "text/html"} | ({"Accept-Language": accepted} if accepted else {})
        page = client.get("/sparql?query=SELECT", headers=headers)
        assert page.headers["Content-Language"] == language
        english = "this is not a SPARQL query: error at 1:7" in page.text
        assert english == (language == "en")


def test_limits_of_a_client_are_said_in_its_language(store: EmbeddedReader) -> None:
    few = Settings(clients=ClientSettings(queries_per_minute=1, exempt=()))
    client = create_app(store, few).test_client()
    query = "/sparql?format=csv&query=ASK{}"
    assert client.get(query).status_code == 200
    for accepted, language in LANGUAGES.items():
        answer = answer_to(client, Wrong(query, 429), "text/plain", accepted)
        assert_in(answer, Wrong(query, 429), language)


def test_clients_read_their_language_and_the_log_is_in_that_of_the_operator(
    store: EmbeddedReader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> Answer:
        raise StoreError(translations("store.closed"))

    client = create_app(store).test_client()
    monkeypatch.setattr(store, "query", fail)
    for locale, logged in (("C.UTF-8", "the store is closed"), ("zh_CN.UTF-8", "存储库已关闭")):
        monkeypatch.setenv("LC_ALL", locale)
        for accepted, language in LANGUAGES.items():
            caplog.clear()
            wrong = Wrong("/sparql?format=csv&query=ASK{}", 503)
            assert_in(answer_to(client, wrong, "text/plain", accepted), wrong, language)
            assert logged in caplog.text
            assert_in(
                answer_to(client, Wrong("/readyz", 503), "text/plain", accepted),
                Wrong("/readyz", 503),
                language,
            )
            assert logged in caplog.text
