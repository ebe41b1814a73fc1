"""[engine] kind = "virtuoso": the server runs Virtuoso over a store in a folder."""

import concurrent.futures
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient

from gongkai.server.app import create_app
from gongkai.server.engine import engine_running, reading_with
from gongkai.server.pages.examples import examples
from gongkai.server.settings import BadSettings, EngineSettings, QuerySettings, Settings
from gongkai.server.store import QueryRefused, QueryTimedOut, StoreError
from gongkai.server.store.virtuoso import serving
from gongkai.server.store_location import location_of
from helpers.commands import BASE, gongkai
from helpers.engines import SETTINGS, Engines, both_engines, kill, processes_in, until
from helpers.remote_servers import VIRTUOSO, free_port
from helpers.served import publish_countries, sample_of
from helpers.stores import copied

pytestmark = pytest.mark.virtuoso
needed = pytest.mark.skipif(
    VIRTUOSO is None,
    reason="virtuoso-t is not installed (Debian: virtuoso-opensource): not tested with it",
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Both engines over the reports of all countries."""
    if VIRTUOSO is None:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource): not tested with it")
    store = tmp_path_factory.mktemp("engines") / "store"
    copied("countries", publish_countries, store)
    with both_engines(store) as engines:
        yield engines


@pytest.fixture(scope="module")
def virtuoso(engines: Engines) -> FlaskClient:
    return create_app(engines.virtuoso).test_client()


@pytest.fixture(scope="module")
def embedded(engines: Engines) -> FlaskClient:
    return create_app(engines.embedded).test_client()


DOCUMENTS = (
    "def",
    "shapes",
    "doc/report/mohrss/2019",
    "doc/validation/mohrss/2019",
    "doc/history/mohrss/2019",
    "doc/body/mohrss",
    "doc/series/mohrss",
    "doc/cube/requests",
    "doc/slice/requests/mohrss/2019",
    "doc/slice/comparison/mohrss/2019",
    "doc/observation/requests/mohrss/2019/natural-person/received",
    "doc/code/stage",
    "doc/code/stage/granted",
    "doc/form/2019",
    "doc/year/2019",
    "doc/area/110000",
)
OTHERS = (
    "/",
    "/search?q=复议",
    "/search?q=公开&lang=en",
    "/compare",
    "/compare?body=mohrss&find=人力",
    "/compare.csv?body=mohrss&indicator=requests/total/granted",
    "/quality",
    "/query-terms.json",
    "/sparql",
    "/help",
    "/data.json",
    "/feed.atom",
    "/ldes",
    "/ldes/1",
    "/.well-known/void",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/dump/report/mohrss/2019.ttl",
    "/dump/report/mohrss/2019.nt",
    "/dump/report/mohrss/2019.jsonld",
    "/dump/report/mohrss/2019.csv",
    "/dump/version/mohrss/2019/1.nt",
    "/reconcile?queries=%7B%22q%22%3A%7B%22query%22%3A%22%E4%BA%BA%E5%8A%9B%22%7D%7D",
    "/id/nothing",
    "/doc/report/nobody/2019",
)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_those_of_the_embedded_engine(
    virtuoso: FlaskClient, embedded: FlaskClient, path: str
) -> None:
    for suffix in (".nt", ".ttl", ".jsonld", ".html", ".html?lang=zh"):
        answers = [client.get(f"/{path}{suffix}") for client in (virtuoso, embedded)]
        assert [answer.status_code for answer in answers] == [200, 200], suffix
        if suffix == ".nt":
            # Stores name blank nodes as they like.
            lines = [sorted(re.sub(r"_:\w+", "_:b", one.text).splitlines()) for one in answers]
            assert lines[0] == lines[1] and lines[0]
        elif suffix.startswith(".html"):
            assert answers[0].text == answers[1].text


@pytest.mark.parametrize("path", OTHERS)
def test_pages_and_files_are_those_of_the_embedded_engine(
    virtuoso: FlaskClient, embedded: FlaskClient, path: str
) -> None:
    answers = [client.get(path) for client in (virtuoso, embedded)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].data == answers[1].data
    assert answers[0].data


def test_the_catalog_differs_in_when_readers_saw_it_change(
    virtuoso: FlaskClient, embedded: FlaskClient
) -> None:
    moment = re.compile(r'"[^"]*"\^\^<http://www.w3.org/2001/XMLSchema#dateTime>')
    texts = [client.get("/catalog.nt").text for client in (virtuoso, embedded)]
    lines = [sorted(moment.sub("", text).splitlines()) for text in texts]
    assert lines[0] == lines[1] and len(lines[0]) > 50


@pytest.mark.parametrize("number", range(len(examples(BASE, "en"))))
def test_examples_find_the_same(engines: Engines, number: int) -> None:
    example = examples(BASE, "en")[number]
    first, second = (
        store.query(example.text, "csv", public=True).body
        for store in (engines.virtuoso, engines.embedded)
    )
    assert first == second, (first.decode(), second.decode())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"SELECT (COUNT(*) AS ?n) FROM <{BASE}id/report/mohrss/2019> WHERE {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{BASE}id/area> {{ ?s ?p ?o }} }}",
        "ASK { <id/report/mohrss/2019> a <def#Report> }",
        "SELECT ?x WHERE { BIND (<../a> AS ?x) }",
    ],
)
def test_the_store_is_what_was_published_and_nothing_else(engines: Engines, query: str) -> None:
    text = query if "FROM" in query or "GRAPH <" in query else f"BASE <{BASE}> {query}"
    first, second = (
        store.query(text, "csv", public=True).body for store in (engines.virtuoso, engines.embedded)
    )
    assert first == second


@pytest.mark.parametrize("path", ["+", "*"])
def test_paths_of_any_length_lose_no_solutions(engines: Engines, path: str) -> None:
    """Virtuoso alone finds none here, where both ends are known before the path."""
    query = f"""
        PREFIX def: <{BASE}def#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?o ?stage WHERE {{
          ?o def:body <{BASE}id/body/mohrss> ; def:applicant <{BASE}id/code/applicant/total> ;
            def:stage ?stage .
          ?stage skos:broader{path} <{BASE}id/code/stage/handled>
        }} ORDER BY ?o"""
    first, second = (
        store.query(query, "csv", public=True).body
        for store in (engines.virtuoso, engines.embedded)
    )
    assert first == second and first.count(b"\n") > 15


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "CLEAR ALL",
        "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "DEFINE input:storage <http://a> SELECT * WHERE { ?s ?p ?o }",
        "SELECT (bif:file_to_string('/etc/passwd') AS ?x) WHERE { }",
        "SELECT ?s WHERE { ?s ?p ",
    ],
)
def test_what_is_refused(engines: Engines, text: str) -> None:
    with pytest.raises(QueryRefused):
        engines.virtuoso.query(text, public=True)


def test_a_query_ends_at_its_deadline(engines: Engines) -> None:
    query = (
        "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
        "FILTER (STRLEN(STR(?c)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) = 3) }"
    )
    with pytest.raises(QueryTimedOut):
        engines.virtuoso.query(query, seconds=1.0, public=True)


def test_virtuoso_itself_is_closed(engines: Engines) -> None:
    """Even who reaches its port, on this machine, reads and does nothing else."""
    served = serving.read(serving.link_of(engines.folder))
    assert served is not None
    address = f"http://127.0.0.1:{served.port}"
    for path in ("/", "/sparql-auth", "/sparql-graph-crud", "/DAV/", "/conductor/", "/SOAP"):
        assert httpx.get(address + path).status_code == 404, path
    update = {"query": f"INSERT DATA {{ GRAPH <{BASE}x> {{ <http://a> <http://b> 1 }} }}"}
    assert httpx.post(f"{address}/sparql", data=update).status_code >= 400
    asked = {"query": f"ASK {{ GRAPH <{BASE}x> {{ ?s ?p ?o }} }}", "format": "text/csv"}
    told = httpx.get(f"{address}/sparql", params=asked).text.split()
    assert told in (['"__ASK_RETVAL"', "0"], ['"__ASK_RETVAL"']), told
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.2:{served.port}/sparql")
    (password,) = (engines.folder / "generation" / "password").read_text().split()
    assert (engines.folder / "generation" / "password").stat().st_mode & 0o077 == 0
    commands = [read_bytes(path) for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert any(b"virtuoso-t" in command for command in commands)
    assert not any(password.encode() in command for command in commands)


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


NUMBER = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX measure: <http://purl.org/linked-data/sdmx/2009/measure#>
SELECT ?value (COUNT(?version) AS ?versions) WHERE {
  GRAPH <id/report/mof/2019> {
    <id/observation/requests/mof/2019/natural-person/received> measure:obsValue ?value
  }
  GRAPH <id/history/mof/2019> { ?version dcat:version ?number }
} GROUP BY ?value
"""


def test_it_follows_what_is_published(engines: Engines, tmp_path: Path) -> None:
    """No reader sees half of a publication: number and history say the same."""
    publish(sample_of(tmp_path, "财政部", 2019), engines)
    first = counted(engines)
    seen, wrong, end = set(), list[str](), threading.Event()

    def read() -> None:
        while not end.is_set():
            value, versions = counted(engines)
            seen.add(versions)
            wrong.extend(
                [f"{value} with {versions}"] if value - versions != first[0] - first[1] else []
            )

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for more in range(1, 4):
                publish(sample_of(tmp_path, "财政部", 2019, more=more), engines)
        finally:
            end.set()
        for reader in readers:
            reader.result()
    assert not wrong and len(seen) > 1
    clients = [create_app(store).test_client() for store in (engines.virtuoso, engines.embedded)]
    pages = [client.get("/doc/report/mof/2019.html").text for client in clients]
    assert pages[0] == pages[1]
    gone = gongkai("withdraw", "mof/2019", "--why", "a test", "--store", engines.store)
    assert gone.exit_code == 0, gone.output
    engines.caught_up()
    client = create_app(engines.virtuoso).test_client()
    assert client.get("/doc/report/mof/2019").status_code == 410
    assert "graphs renewed" in engines.said[-1]
    graphs = [int(re.findall(r"(\d+) graphs renewed", line)[0]) for line in engines.said[-4:]]
    assert max(graphs) < 12, "only what changed"


def publish(report: Path, engines: Engines) -> None:
    result = gongkai("publish", report, "--store", engines.store)
    assert result.exit_code == 0, result.output
    engines.caught_up()


def counted(engines: Engines) -> tuple[int, int]:
    body = engines.virtuoso.query(f"BASE <{BASE}> {NUMBER}", "csv", public=True).body
    value, versions = body.decode().split()[1].split(",")
    return int(value), int(versions)


@pytest.mark.slow
def test_virtuoso_or_its_keeper_killed(engines: Engines, tmp_path: Path) -> None:
    """Readers have the same answers again, and no process is left over."""
    client = create_app(engines.virtuoso).test_client()
    for program in ("virtuoso-t", "virtuoso.keeper"):
        before = processes_in(engines.folder, program)
        assert len(before) == 1
        kill(before)
        until(partial(not_any, before))
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/doc/report/mohrss/2019.ttl").status_code == 200
        assert len(processes_in(engines.folder, "virtuoso-t")) == 1
    assert any("started again" in line for line in engines.said)
    publish(sample_of(tmp_path, "教育部", 2020), engines)
    assert client.get("/doc/report/moe/2020").status_code == 200


def not_any(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.mark.slow
@needed
def test_much_at_once_is_loaded_into_a_new_database(store_folder: Path, tmp_path: Path) -> None:
    store = copy_of(store_folder, tmp_path)
    with both_engines(store, most=100) as engines:
        port = serving.read(serving.link_of(engines.folder))
        publish(sample_of(tmp_path, "教育部", 2019), engines)
        assert serving.read(serving.link_of(engines.folder)) != port
        assert sum("quads loaded" in line for line in engines.said) == 2
        client = create_app(engines.virtuoso).test_client()
        assert client.get("/doc/report/moe/2019").status_code == 200
        until(lambda: len(processes_in(engines.folder, "virtuoso-t")) == 1)
    assert not processes_in(store, "virtuoso-t")


@pytest.mark.slow
@needed
def test_a_server_that_is_killed_leaves_nothing_running(store_folder: Path, tmp_path: Path) -> None:
    """With the next one Virtuoso is loaded already; what was published meanwhile it gets then."""
    store = copy_of(store_folder, tmp_path)
    config, port = tmp_path / "gongkai.toml", free_port()
    config.write_text(
        f"[server]\nport = {port}\nworkers = 1\n[engine]\nkind = 'virtuoso'\nmemory = {2**28}\n"
    )
    command = [sys.executable, "-m", "gongkai", "serve", "--store", str(store)]
    command += ["--config", str(config)]
    address = f"http://127.0.0.1:{port}"
    for ending, told in ((signal.SIGKILL, "quads loaded"), (signal.SIGTERM, "graphs renewed")):
        with (tmp_path / "said").open("w+") as said:
            server = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
            try:
                until(lambda: httpx.get(f"{address}/readyz").status_code == 200)
                until(partial(said_so, tmp_path / "said", told))
                assert httpx.get(f"{address}/doc/report/mohrss/2019.ttl").status_code == 200
                server.send_signal(ending)
                server.wait()
                until(lambda: not processes_in(store, "virtuoso"))
            finally:
                kill(processes_in(store, "gongkai"))
        result = gongkai("publish", sample_of(tmp_path, "教育部", 2019), "--store", store)
        assert result.exit_code == 0, result.output


def said_so(file: Path, text: str) -> bool:
    return text in file.read_text(encoding="utf-8")


def copy_of(store: Path, folder: Path) -> Path:
    copied("sample", lambda new: subprocess.run(["cp", "-a", store, new], check=True), folder / "s")
    return folder / "s"


def test_without_virtuoso_one_line_says_what_is_missing(
    store_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "gongkai.toml"
    config.write_text('[engine]\nkind = "virtuoso"\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    result = gongkai("serve", "--store", store_folder, "--config", config)
    assert result.exit_code == 2
    (line,) = result.output.splitlines()
    assert "virtuoso-t isql-vt, which are not installed" in line
    assert "virtuoso-opensource" in line


@pytest.mark.parametrize(
    ("location", "settings", "told"),
    [
        ("http://127.0.0.1:9/query", SETTINGS, "is for a store in a folder"),
        (
            "store",
            Settings(
                engine=EngineSettings(kind="virtuoso"),
                queries=QuerySettings(services=("http://example.org/",)),
            ),
            "cannot ask the endpoints",
        ),
    ],
)
def test_settings_that_cannot_be(location: str, settings: Settings, told: str) -> None:
    with pytest.raises(BadSettings, match=told), engine_running(location_of(location), settings):
        pass


def test_nothing_is_answered_where_virtuoso_does_not_run(store_folder: Path) -> None:
    with pytest.raises(StoreError, match="does not run"):
        reading_with(store_folder, SETTINGS)
