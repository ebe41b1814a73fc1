"""Each view states its policy, and the server keeps it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from protego import Protego

from gongkai.server.app import create_app
from gongkai.server.http import representation
from gongkai.server.http.policy import (
    UNROUTED,
    Caching,
    NoPolicy,
    Policy,
    Security,
    finding_policies,
    stated_policies,
    stated_policy,
)
from gongkai.server.store.embedded import EmbeddedReader
from helpers.commands import BASE

FILLED = {
    "body": "mohrss",
    "filename": "style.css",
    "name": "2019.ttl",
    "number": "1",
    "page": "1",
    "path": "body/mohrss",
    "year": "2019",
}
"""A value for each variable part of an address; ``suffix`` has its values in the rule, or html."""


def example(rule: str) -> str:
    """An address that a rule matches."""
    rule = re.sub(r"<any\((\w+), \w+\):\w+>", r"\1", rule).replace("<suffix>", "html")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: FILLED[match[1]], rule)


def test_each_view_states_its_policy(client: FlaskClient) -> None:
    app = client.application
    find = finding_policies(app)
    for rule, policy in stated_policies(app):
        assert find({"PATH_INFO": example(rule)}) is policy, rule
    assert find({"PATH_INFO": "/none"}) == find({"PATH_INFO": "/ldes/" + "1" * 5000}) == UNROUTED


def test_an_application_with_a_view_without_a_policy_is_not_made() -> None:
    app = Flask("unstated", static_folder=None)
    app.add_url_rule("/stated", "stated", Policy(Caching.NEVER)(lambda: ""))
    assert finding_policies(app)({"PATH_INFO": "/stated"}) == Policy(Caching.NEVER)
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(NoPolicy, match="the view forgotten has no policy"):
        finding_policies(app)


def test_crawlers_are_told_what_the_views_state(client: FlaskClient) -> None:
    robots = Protego.parse(client.get("/robots.txt").text)
    rules = dict(stated_policies(client.application))
    for rule, policy in rules.items():
        assert robots.can_fetch(BASE + example(rule).lstrip("/"), "any") == policy.crawled, rule
    assert not rules["/sparql"].crawled and rules["/doc/<path:path>"].crawled


def test_browsers_are_told_what_the_views_state(client: FlaskClient) -> None:
    for rule, policy in stated_policies(client.application):
        headers = client.get(example(rule)).headers
        content = headers["Content-Security-Policy"]
        assert ("script-src 'self'" in content) == (policy.security is Security.SCRIPTS), rule
        framed = policy.security is Security.FRAMES
        assert ("frame-ancestors *" in content) == framed, rule
        assert ("X-Frame-Options" not in headers) == framed, rule


def test_answers_are_kept_by_the_parameters_that_the_views_state(
    store: EmbeddedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However short the time since the store was made, its answers are kept under the same key.
    monkeypatch.setattr(representation, "_SETTLED", 0.0)
    client = create_app(store).test_client()

    def remembered() -> int:
        (line,) = re.findall(r"(?m)^gongkai_remembered_total (\d+)", client.get("/metrics").text)
        return int(line)

    for rule, policy in stated_policies(client.application):
        if policy.caching is Caching.KNOWN_PARAMETERS:
            unknown, before = f"{example(rule)}?unknown=", remembered()
            public = client.get(unknown + "1").headers.get("Cache-Control", "").startswith("public")
            client.get(unknown + "2")
            assert remembered() - before == public, rule
    for rule, policy in stated_policies(client.application):
        before = remembered()
        for _ in range(2):
            client.get(example(rule))
        assert policy.caching is not Caching.NEVER or remembered() == before, rule


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_each_query_has_its_own_answer_at_both_addresses(client: FlaskClient, path: str) -> None:
    for number in ("1", "2"):
        query = {"query": f"SELECT ({number} AS ?n) {{}}"}
        answer = client.get(path, query_string=query, headers={"Accept": "text/csv"})
        assert answer.text.split() == ["n", number]


def test_files_are_sent_as_listed_where_the_views_state_it(client: FlaskClient) -> None:
    for rule, policy in stated_policies(client.application):
        answer = client.get(example(rule), headers={"Accept-Encoding": "gzip"})
        if policy.sent_as_listed:
            assert "Content-Encoding" not in answer.headers, rule
    assert stated_policy(client.application, "dumps.report").sent_as_listed
    answer = client.get("/doc/report/mohrss/2019.ttl", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
