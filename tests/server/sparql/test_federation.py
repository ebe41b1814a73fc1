"""Queries over our endpoint and another, joined by our links: rdflib, our own SERVICE, Comunica."""

import csv
import os
import re
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph
from werkzeug.serving import make_server

from gongkai.server.app import create_app
from gongkai.server.settings import QuerySettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from helpers.commands import BASE, ROOT, gongkai
from helpers.linked import MOHRSS, WD, accept, write_table
from helpers.made_up_wikidata import Endpoint
from helpers.served import sample_of

EXAMPLE = ROOT / "docs" / "examples" / "linked-bodies.rq"


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    with Endpoint() as running:
        yield running.url


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, other: str) -> Iterator[str]:
    """The address of a server over a store with a link, that may ask the other endpoint."""
    folder = tmp_path_factory.mktemp("federation")
    for name, year, more in (("人力资源社会保障部", 2019, 0), ("人力资源社会保障部", 2020, 37)):
        gongkai("publish", sample_of(folder, name, year, more), "--store", folder / "store")
    row = {"subject": MOHRSS, "candidate": WD + "Q900001", "decision": "exactMatch"}
    accept(folder / "store", write_table(folder / "r.csv", [{**row, "reviewer": "Li"}]))
    reader = EmbeddedReader(folder / "store", services=[other])
    settings = Settings(queries=QuerySettings(services=(other,)))
    listening = make_server("127.0.0.1", 0, create_app(reader, settings), threaded=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/"
    listening.shutdown()
    reader.close()


def example() -> str:
    return EXAMPLE.read_text(encoding="utf-8").replace("https://data.example.org/", BASE)


FOUND = [["2019", "376", "http://www.mohrss.gov.cn/"], ["2020", "413", "http://www.mohrss.gov.cn/"]]


def test_our_endpoint_asks_another_where_it_may(ours: str, other: str) -> None:
    """SPARQL 1.1 Federated Query (2013): SERVICE, to an endpoint that the settings allow."""
    where = "?item wdt:P856 ?site ."
    query = example()
    assert where in query
    federated = query.replace(where, f"SERVICE <{other}> {{ {where} }}")
    data = urllib.parse.urlencode({"query": federated}).encode()
    request = urllib.request.Request(ours + "sparql", data, {"Accept": "text/csv"})
    with urllib.request.urlopen(request) as answer:
        rows = list(csv.reader(answer.read().decode().splitlines()))
    assert rows[1:] == FOUND


def test_rdflib_follows_the_links_of_our_linkset(ours: str, other: str) -> None:
    graph = Graph().parse(f"{ours}doc/linkset/www.wikidata.org.ttl")
    query = f"""
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    PREFIX wdt: <http://www.wikidata.org/prop/direct/>
    SELECT ?site WHERE {{
      <{MOHRSS}> skos:exactMatch ?item
      SERVICE <{other}> {{ ?item wdt:P856 ?site }}
    }}"""
    found = [[str(value) for value in row] for row in graph.query(query)]  # type: ignore[union-attr]
    assert found == [["http://www.mohrss.gov.cn/"]]


def test_comunica_joins_two_endpoints(ours: str, other: str) -> None:
    """With GONGKAI_COMUNICA, the path of comunica-sparql (npm: @comunica/query-sparql)."""
    comunica = os.environ.get("GONGKAI_COMUNICA")
    if not comunica:
        pytest.skip("GONGKAI_COMUNICA names no comunica-sparql: not queried with it")
    done = subprocess.run(
        [comunica, f"sparql@{ours}sparql", f"sparql@{other}", example(), "-t", "text/csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    # Comunica writes IRIs in CSV with brackets around them.
    rows = [[cell.strip("<>") for cell in row] for row in csv.reader(done.stdout.splitlines())]
    assert rows[1:] == FOUND


def test_the_documentation_shows_this_query() -> None:
    text = (Path(ROOT) / "docs" / "linking.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    assert shown == EXAMPLE.read_text(encoding="utf-8")
