"""The reconciliation service: the messages of its specification, and never a match in doubt."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.server.reconciliation.index import ENTITIES
from gongkai.server.settings import ClientSettings, Settings
from gongkai.server.store import StoreBusy
from helpers.commands import BASE, gongkai
from helpers.profiles import SHARED_FIXTURES, examples
from helpers.reconciliation_shapes import OFFICIAL, check_shape, official
from helpers.served import sample_of, served

AREA, BODY = BASE + "def#Area", BASE + "def#PublicBody"
CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
JUSTICE = {"query": "淮安市洪泽区司法局"}
BEFORE: list[Any] = []


@pytest.fixture(scope="module")
def client(store_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("reconciled")
    shutil.copytree(store_folder, folder / "store", symlinks=True)
    reports = [sample_of(folder, name, 2020) for name in ("洪泽区司法局", "洪泽区高良涧街道办事处")]
    with served(folder / "store") as client:
        BEFORE.append(ask(client, JUSTICE))
        assert gongkai("publish", *reports, "--store", folder / "store").exit_code == 0
        yield client


def ask(client: FlaskClient, query: dict[str, Any], language: str = "zh") -> list[dict[str, Any]]:
    """The candidates for one query."""
    answer = client.post(
        "/reconcile",
        data={"queries": json.dumps({"q": query})},
        headers={"Accept-Language": language},
    )
    assert answer.status_code == 200, answer.text
    check_shape("reconciliation-result-batch", answer.json)
    assert answer.json is not None
    found: list[dict[str, Any]] = answer.json["q"]["result"]
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert sum(one["match"] for one in found) <= 1
    return found


def matched(found: list[dict[str, Any]]) -> str | None:
    return next((one["id"] for one in found if one["match"]), None)


def within(*values: object) -> list[dict[str, Any]]:
    return [{"pid": "within", "v": list(values)}]


def test_the_manifest(client: FlaskClient) -> None:
    answer = client.get("/reconcile")
    check_shape("manifest", answer.json)
    assert answer.json is not None
    assert answer.json["identifierSpace"] == BASE + "id/"
    assert [one["id"] for one in answer.json["defaultTypes"]] == [BODY, AREA, CONCEPT]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    # JSONP is not offered: a callback changes nothing.
    assert client.get("/reconcile?callback=run").json == answer.json
    english = client.get("/reconcile?lang=en").json
    assert english is not None and "public bodies" in english["name"]
    asked = client.options("/reconcile", headers={"Origin": "https://a.example"})
    assert asked.status_code == 204 and "POST" in asked.headers["Access-Control-Allow-Methods"]
    # A remembered manifest is not what a query gets.
    assert ask(client, {"query": "110000"}) and "q" in (
        client.get("/reconcile", query_string={"queries": '{"q": {"query": "x"}}'}).json or {}
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"query": "人力资源和社会保障部"}, "body/mohrss"),
        ({"query": "人社部"}, "body/mohrss"),
        ({"query": " 人社部 ", "type": BODY}, "body/mohrss"),
        ({"query": "ministry of human resources and social security"}, "body/mohrss"),
        ({"query": "mohrss"}, "body/mohrss"),
        ({"query": "body/mohrss"}, "body/mohrss"),
        ({"query": BASE + "id/body/mohrss"}, "body/mohrss"),
        ({"query": "110105"}, "area/110105"),
        ({"query": "１１０１０５"}, "area/110105"),
        ({"query": "北京市朝阳区"}, "area/110105"),
        ({"query": "吉林省长春市朝阳区", "type": [AREA]}, "area/220104"),
        ({"query": "Hebei Province"}, "area/130000"),
        ({"query": "予以公开", "type": BASE + "id/code/stage"}, "code/stage/granted"),
        ({"query": "朝阳区", "properties": within("北京")}, "area/110105"),
        ({"query": "朝阳区", "properties": within("吉林")}, "area/220104"),
        ({"query": "朝阳区", "properties": within({"id": "area/220100"})}, "area/220104"),
        ({"query": "朝阳区", "properties": within(BASE + "id/area/220000")}, "area/220104"),
        ({"query": "洪泽区高良涧街道"}, "area/320813001"),
        ({"query": "高良涧街道", "properties": within("洪泽区")}, "area/320813001"),
        ({"properties": [{"pid": "code", "v": 320813}]}, "area/320813"),
        (
            {"query": "人社部", "properties": [{"pid": "kind", "v": "国务院组成部门"}]},
            "body/mohrss",
        ),
    ],
)
def test_what_is_the_same_beyond_doubt_is_a_match(
    client: FlaskClient, query: dict[str, Any], expected: str
) -> None:
    found = ask(client, query)
    assert matched(found) == expected
    assert found[0]["id"] == expected and found[0]["score"] == 100


@pytest.mark.parametrize(
    ("query", "among"),
    [
        # Two districts of that name.
        ({"query": "朝阳区"}, {"area/110105", "area/220104"}),
        ({"query": "朝阳区", "properties": within("北京", "吉林")}, {"area/110105", "area/220104"}),
        # A place that is not known decides nothing.
        ({"query": "朝阳区", "properties": within("亚特兰蒂斯")}, {"area/110105", "area/220104"}),
        ({"query": "朝阳区", "properties": within("河北省")}, {"area/110105", "area/220104"}),
        # One town of that name in this list of one day; others were, or may be.
        ({"query": "高良涧街道"}, {"area/320813001"}),
        # Alike, not the same.
        ({"query": "河北"}, {"area/130000", "area/120105"}),
        ({"query": "人力资源社会保障"}, {"body/mohrss"}),
        # A code of two lists.
        ({"query": "total", "type": CONCEPT}, {"code/applicant/total", "code/result/total"}),
        # The name is the same, what is known of it is not.
        ({"query": "人社部", "properties": [{"pid": "code", "v": "moe"}]}, {"body/mohrss"}),
        ({"query": "人社部", "type": AREA, "type_strict": "should"}, {"body/mohrss"}),
    ],
)
def test_what_is_in_doubt_is_no_match(
    client: FlaskClient, query: dict[str, Any], among: set[str]
) -> None:
    found = ask(client, query)
    assert matched(found) is None
    assert among <= {one["id"] for one in found}


def test_types_and_limits_are_kept(client: FlaskClient) -> None:
    assert not ask(client, {"query": "人社部", "type": AREA})
    assert not ask(client, {"query": "北京市", "type": [AREA, BODY], "type_strict": "all"})
    county = ask(client, {"query": "朝阳", "type": BASE + "def#CountyArea"})
    assert county and all(BASE + "def#CountyArea" in _ids(one["type"]) for one in county)
    assert len(ask(client, {"query": "朝阳区", "limit": 1})) == 1
    # What is contradicted has half the score of what is not.
    first, second = ask(client, {"query": "朝阳区", "properties": within("北京"), "limit": 2})
    assert (first["score"], second["score"]) == (100, 50)
    assert ask(client, {"query": "   "}) == []


def _ids(types: list[dict[str, str]]) -> set[str]:
    return {one["id"] for one in types}


def test_languages_and_the_description_tell_namesakes_apart(client: FlaskClient) -> None:
    told = {one["id"]: one["description"] for one in ask(client, {"query": "朝阳区"}, "en")}
    assert "北京市" in told["area/110105"] and "吉林省长春市" in told["area/220104"]
    assert "level of counties" in told["area/110105"]
    assert ask(client, {"query": "人社部"}, "en")[0]["name"].startswith("Ministry of Human")


def test_the_index_follows_the_store(client: FlaskClient) -> None:
    assert matched(BEFORE[0]) is None
    (justice,) = [one for one in ask(client, JUSTICE) if one["match"]]
    assert justice["id"].startswith("body/unregistered-")
    near = ask(client, {"properties": within("淮安市"), "type": BODY})
    assert justice["id"] in {one["id"] for one in near} and matched(near) is None


def test_get_and_post_answer_alike(client: FlaskClient) -> None:
    batch = {"a": {"query": "人社部"}, "b": {"query": "朝阳区", "limit": 3}}
    sent = {"queries": json.dumps(batch)}
    one, other = client.get("/reconcile", query_string=sent), client.post("/reconcile", data=sent)
    assert one.json == other.json and set(one.json or {}) == {"a", "b"}
    for answer in (one, other):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"query": "x"}, 400, "no queries and no extend"),
        ({"queries": "{}", "extend": "{}"}, 400, "one batch"),
        ({"queries": "{"}, 400, "not JSON"),
        ({"queries": "[" * 100_000}, 400, "not JSON"),
        ({"queries": "[]"}, 400, "must be an object"),
        ({"queries": '{"q": "人社部"}'}, 400, "queries[q]"),
        ({"queries": '{"q": {}}'}, 400, "needs query"),
        ({"queries": '{"q": {"properties": []}}'}, 400, "needs query"),
        ({"queries": '{"q": {"query": 1}}'}, 400, "queries[q].query"),
        ({"queries": '{"q": {"query": "\\ud800"}}'}, 400, "surrogate"),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "x", "limit": NaN}}'}, 400, "NaN"),
        ({"queries": '{"q": {"query": "x", "limit": 1e999}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "x", "limit": 1.5}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "x", "type": "Person"}}'}, 400, "no type 'Person'"),
        ({"queries": '{"q": {"query": "x", "type_strict": "no"}}'}, 400, "type_strict"),
        ({"queries": '{"q": {"query": "x", "kind": "y"}}'}, 400, "has kind"),
        ({"queries": '{"q": {"query": "x", "properties": [{"v": 1}]}}'}, 400, "pid"),
        ({"queries": '{"q": {"query": "x", "properties": [{"pid": "area"}]}}'}, 400, "needs v"),
        (
            {"queries": '{"q": {"query": "x", "properties": [{"pid": "years", "v": 1}]}}'},
            400,
            "yea",
        ),
        ({"queries": json.dumps({str(n): {"query": "x"} for n in range(51)})}, 413, "at most 50"),
        ({"queries": " " * 1_000_001}, 413, ""),
        ({"extend": "{}"}, 400, "extend.ids"),
        ({"extend": '{"ids": [1], "properties": []}'}, 400, "extend.ids"),
        ({"extend": '{"ids": [], "properties": [{"id": "wage"}]}'}, 400, "no property 'wage'"),
        ({"extend": json.dumps({"ids": ["x"] * 201, "properties": []})}, 413, "at most 200"),
    ],
)
def test_what_cannot_be_answered_is_told(
    client: FlaskClient, sent: dict[str, str], status: int, told: str
) -> None:
    answer = client.post("/reconcile", data=sent)
    assert answer.status_code == status
    assert answer.json is not None and answer.json["error"]["status"] == status
    assert told in answer.json["error"]["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_other_bodies_than_forms_are_refused(client: FlaskClient) -> None:
    answer = client.post("/reconcile", json={"q": {"query": "x"}})
    assert answer.status_code == 415 and "form" in answer.text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "ids", "q"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=examples(25),
    suppress_health_check=SHARED_FIXTURES,
)
@given(name=st.sampled_from(["queries", "extend"]), content=_JSON, text=st.text(max_size=20))
def test_whatever_is_sent_is_answered_or_refused(
    client: FlaskClient, name: str, content: Any, text: str
) -> None:
    for value in (json.dumps(content), json.dumps({"q": {"query": text}}), text):
        answer = client.post("/reconcile", data={name: value.encode("utf-8", "replace")})
        assert answer.status_code in (200, 400), answer.text
        assert answer.json is not None
    assert client.get("/reconcile/suggest/entity", query_string={"prefix": text}).status_code == 200


def suggested(client: FlaskClient, what: str, **asked: object) -> list[dict[str, Any]]:
    answer = client.get(f"/reconcile/suggest/{what}", query_string=asked)
    name = {"entity": "entities", "type": "types", "property": "properties"}[what]
    check_shape(f"suggest-{name}-response", answer.json)
    assert answer.json is not None
    found: list[dict[str, Any]] = answer.json["result"]
    return found


def test_suggestions(client: FlaskClient) -> None:
    ids = [one["id"] for one in suggested(client, "entity", prefix="朝阳")]
    assert {"area/110105", "area/220104", "area/211300"} <= set(ids)
    assert suggested(client, "entity", prefix="朝阳", cursor=1)[0]["id"] == ids[1]
    assert suggested(client, "entity", prefix="area/110105")[0]["id"] == "area/110105"
    bodies = suggested(client, "entity", prefix="资源社会保障", type=BODY)
    assert [one["id"] for one in bodies] == ["body/mohrss"]
    assert AREA in {one["id"] for one in suggested(client, "type", prefix="区划")}
    assert BASE + "id/code/stage" in {one["id"] for one in suggested(client, "type", prefix="收办")}
    assert "within" in {one["id"] for one in suggested(client, "property", prefix="with")}
    for asked in ("cursor=-1", "cursor=x", "type=nothing"):
        assert client.get(f"/reconcile/suggest/entity?{asked}").status_code == 400


@pytest.mark.parametrize(
    ("kind", "has", "has_not"),
    [(BODY, "years", "broader"), (AREA, "within", "years"), (CONCEPT, "list", "area")],
)
def test_properties_are_proposed(client: FlaskClient, kind: str, has: str, has_not: str) -> None:
    answer = client.get("/reconcile/properties", query_string={"type": kind})
    check_shape("data-extension-property-proposal", answer.json)
    assert answer.json is not None and answer.json["type"] == kind
    ids = {one["id"] for one in answer.json["properties"]}
    assert has in ids and has_not not in ids
    few = client.get("/reconcile/properties", query_string={"type": kind, "limit": 2}).json
    assert few is not None and len(few["properties"]) == few["limit"] == 2
    assert client.get("/reconcile/properties?limit=x").status_code == 400


def test_values_of_things(client: FlaskClient) -> None:
    justice = ask(client, JUSTICE)[0]["id"]
    asked = {
        "ids": ["body/mohrss", justice, "area/110105", "code/stage/granted", "body/none"],
        "properties": [
            {"id": name} for name in ("name-en", "area", "within", "kind", "years", "list")
        ],
    }
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    check_shape("data-extension-response", answer.json)
    assert answer.json is not None
    rows = answer.json["rows"]
    assert rows["body/mohrss"]["years"] == [{"int": 2019}] and rows[justice]["years"] == [
        {"int": 2020}
    ]
    assert rows["body/mohrss"]["kind"][0]["name"] == "国务院组成部门"
    assert rows[justice]["area"] == [{"id": "area/320813", "name": "洪泽区"}]
    assert [one["name"] for one in rows[justice]["within"]] == ["江苏省", "淮安市", "洪泽区"]
    assert rows["area/110105"]["within"] == [{"id": "area/110000", "name": "北京市"}]
    assert rows["code/stage/granted"]["list"] and rows["code/stage/granted"]["years"] == []
    assert all(values == [] for values in rows["body/none"].values())
    assert [one["id"] for one in answer.json["meta"]] == [one["id"] for one in asked["properties"]]


def test_a_preview_stands_in_a_frame_and_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/reconcile/preview?id=area%2F110105&lang=zh")
    assert answer.status_code == 200 and "朝阳区" in answer.text and "北京市" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "script-src" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert client.get("/doc/area/110105").headers["X-Frame-Options"] == "DENY"
    missing = client.get("/reconcile/preview?id=<b>")
    assert missing.status_code == 404 and "<b>" not in missing.text


def test_the_view_of_an_id_leads_to_its_document(client: FlaskClient) -> None:
    # Clients write an id as a component of a URI: with %2F.
    answer = client.get("/id/area%2F110105")
    assert answer.status_code == 303 and answer.location == "/doc/area/110105"


def test_a_client_may_ask_so_much_a_minute(store_folder: Path) -> None:
    few = Settings(clients=ClientSettings(queries_per_minute=1, exempt=()))
    with served(store_folder, few) as client:
        assert client.get("/reconcile?queries=nothing").status_code == 400
        refused = client.get("/reconcile?queries=nothing")
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
        assert refused.json is not None and refused.json["error"]["status"] == 429
        assert client.get("/reconcile").status_code == 200


def test_while_there_is_no_index_clients_are_asked_to_wait(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise StoreBusy("the names are still being indexed: try again in a while")

    monkeypatch.setattr(ENTITIES.of(client.application), "index", busy)
    answer = client.get('/reconcile?queries={"q":{"query":"x"}}')
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert answer.json is not None and "indexed" in answer.json["error"]["message"]


def test_what_the_schemas_of_the_specification_refuse_is_refused(client: FlaskClient) -> None:
    if not OFFICIAL:
        pytest.skip("GONGKAI_RECONCILIATION names no folder: not held to the schemas themselves")
    check = official("reconciliation-query-batch")
    for query in ({}, {"query": 1}, {"query": "x", "limit": "many"}, {"query": "x", "kind": "y"}):
        assert not check.is_valid({"q": query})
        assert (
            client.post("/reconcile", data={"queries": json.dumps({"q": query})}).status_code == 400
        )
