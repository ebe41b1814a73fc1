"""Years, places, bodies and series that several reports speak of are in a store once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gongkai.pipeline import process
from gongkai.publishing.shared_entities import stored_report, without_shared_entities
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, gongkai
from helpers.served import publish_several, sample_of, served
from helpers.shared_statements import DUPLICATES, asked


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("several")
    publish_several(folder, folder / "store")
    return folder / "store"


@pytest.fixture(scope="module")
def client(several: Path) -> Iterator[FlaskClient]:
    with served(several) as client:
        yield client


def test_no_triple_is_in_two_graphs(client: FlaskClient) -> None:
    assert asked(client, DUPLICATES) == []


def test_sums_over_years_and_bodies_count_every_report_once(client: FlaskClient) -> None:
    # Three reports on 2019 and two on 2020, each with 376 requests received.
    query = f"""
    SELECT ?year (SUM(?value) AS ?sum) {{
      ?observation def:stage <{BASE}id/code/stage/received> ;
        def:applicant <{BASE}id/code/applicant/total> ;
        sdmx-dimension:refPeriod/skos:notation ?year ;
        def:body/skos:prefLabel ?name ;
        sdmx-measure:obsValue ?value .
      FILTER (LANG(?name) = "zh")
    }} GROUP BY ?year ORDER BY ?year"""
    assert asked(client, query) == [
        {"year": "2019", "sum": str(3 * 376)},
        {"year": "2020", "sum": str(2 * 376)},
    ]


def test_what_is_kept_apart_is_put_together_again(several: Path, tmp_path: Path) -> None:
    (outcome,) = process(sample_of(tmp_path, "洪泽区司法局", 2020), BASE)
    assert outcome.report is not None
    key = outcome.report.body.key
    reader = EmbeddedReader(several)
    try:
        whole = stored_report(reader, key, 2020)
        own = reader.graph(f"{BASE}id/report/{key}/2020")
        assert stored_report(reader, key, 1999) == b""
    finally:
        reader.close()

    def settled(triples: bytes) -> set[bytes]:
        return {line for line in triples.splitlines() if b"endedAtTime" not in line}

    assert settled(whole) == settled(outcome.graph)
    assert len(own) < len(whole)
    _, entities = without_shared_entities(BASE, outcome.graph)
    kinds = sorted(name.removeprefix(BASE + "id/").partition("/")[0] for name in entities)
    assert kinds == ["area", "area", "area", "body", "series", "year"]


def test_the_distribution_is_whole(client: FlaskClient) -> None:
    body = asked(client, "SELECT DISTINCT ?b { ?b a def:UnregisteredBody }")[0]["b"]
    key = body.rpartition("/")[2]
    for address in (f"/dump/report/{key}/2020.nt", f"/doc/report/{key}/2020.nt"):
        text = client.get(address).text
        assert f"<{body}> <http://www.w3.org/2004/02/skos/core#prefLabel>" in text
        assert f"<{BASE}id/year/2020> <http://www.w3.org/2004/02/skos/core#notation>" in text
        assert f"{BASE}id/area/" in text


def test_a_store_published_to_before_is_mended_by_recheck(several: Path, tmp_path: Path) -> None:
    old = tmp_path / "store"
    shutil.copytree(several, old, symlinks=True)
    with writing(old, BASE) as writer:
        names = list(writer.graph_names())
        for name in names:
            key = name.removeprefix(f"{BASE}id/report/")
            if key != name:
                body, _, year = key.partition("/")
                writer.replace({name: stored_report(writer, body, int(year))})
        kinds = ("year", "area", "body", "series")
        shared = [name for name in names if name.startswith(tuple(f"{BASE}id/{k}/" for k in kinds))]
        writer.replace(dict.fromkeys(shared, b""))
    with served(old) as before:
        assert asked(before, DUPLICATES)
    assert gongkai("recheck", "--store", old).exit_code in (0, 1)
    with served(old) as after:
        assert asked(after, DUPLICATES) == []
        assert after.get("/doc/year/2020.ttl").status_code == 200


def test_what_only_a_withdrawn_report_spoke_of_goes_with_it(several: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(several, store, symlinks=True)
    with served(store) as before:
        body = asked(before, "SELECT DISTINCT ?b { ?b a def:UnregisteredBody }")[0]["b"]
    key = body.rpartition("/")[2]
    gongkai("withdraw", f"{key}/2019", "--why", "test", "--store", store)
    with served(store) as one_left:
        assert one_left.get(f"/doc/body/{key}.ttl").status_code == 200
    gongkai("withdraw", f"{key}/2020", "--why", "test", "--store", store)
    with served(store) as none_left:
        query = "SELECT ?name { ?b a def:UnregisteredBody ; skos:prefLabel ?name }"
        assert asked(none_left, query) == []
        assert none_left.get(f"/doc/series/{key}.ttl").status_code == 404
