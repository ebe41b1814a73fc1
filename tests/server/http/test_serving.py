"""The server as it runs: processes, signals, log, counts, publishing while it serves."""

import concurrent.futures
import contextlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from helpers.commands import BASE, SAMPLE, gongkai
from helpers.languages import is_chinese
from helpers.remote_servers import free_port
from helpers.served import sample_of, served
from helpers.slow_queries import SLOW

COUNTS = """
SELECT (COUNT(DISTINCT ?report) AS ?reports) (COUNT(DISTINCT ?validation) AS ?validations)
  (COUNT(DISTINCT ?history) AS ?histories)
WHERE {
  { ?report a <def#Report> }
  UNION { ?validation a <http://www.w3.org/ns/shacl#ValidationReport> }
  UNION { ?history a <def#ReportHistory> }
}
"""


class Running:
    """A server process, its address, its settings and what it says."""

    def __init__(self, folder: Path, store: Path, settings: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.settings = folder / "gongkai.toml"
        self.store = store
        self.configure(settings)
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gongkai", "serve", "--config", self.settings],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("stop with"):
                break
        else:
            raise AssertionError(self.log.read_text())

    def configure(self, settings: str) -> None:
        server = f"[server]\nport = {self.port}\n"
        if "[server]" in settings:
            settings, server = settings.replace("[server]\n", server), ""
        location = f'[store]\nlocation = "{self.store}"\n'
        self.settings.write_text(server + location + settings, encoding="utf-8")

    def get(self, path: str, **arguments: object) -> httpx.Response:
        return httpx.get(self.address + path, timeout=30, **arguments)  # type: ignore[arg-type]

    def wait_for(self, text: str) -> None:
        for _ in range(2400):  # Two minutes, for machines that are slow or busy.
            if text in self.log.read_text():
                return
            time.sleep(0.05)
        raise AssertionError(f"{text!r} is not in the log:\n{self.log.read_text()}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def running(folder: Path, store: Path, settings: str = "") -> Iterator[Running]:
    server = Running(folder, store, settings)
    try:
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def asked_as_proxies_ask(server: Running, path: str) -> httpx.Response:
    """Once more where the connection was closed before anything came of it (docs/operation.md).

    A process on its way out closes connections that it accepted and that have sent nothing yet.
    """
    try:
        return server.get(path)
    except httpx.RemoteProtocolError:
        return server.get(path)


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def engines_below(pid: int) -> list[int]:
    found = []
    for child in children(pid):
        try:
            if b"store.engine" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
        except OSError:
            continue
        found += engines_below(child)
    return found


def wait_until_gone(engines: list[int]) -> None:
    """Engines whose server is gone end by themselves: at once if idle, else past the deadline."""
    for _ in range(100):
        if not [pid for pid in engines if Path(f"/proc/{pid}").exists()]:
            return
        time.sleep(0.1)
    raise AssertionError("engines live on")


def test_health_counts_and_log(tmp_path: Path, store_folder: Path) -> None:
    settings = '[log]\nformat = "json"\n'
    with running(tmp_path, store_folder, settings) as server:
        assert server.get("healthz").text == "alive\n"
        assert server.get("readyz").text == "ready\n"
        for number in range(10):
            answer = server.get("sparql", params={"query": f"ASK {{}} # {number}"})
            assert answer.status_code == 200
        assert server.get("nothing%0Ahere").status_code == 404
        identity = answer.headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f]{16}", identity)
        assert re.search(r"query;dur=[0-9.]+.*total;dur=[0-9.]+", answer.headers["Server-Timing"])
        counts = server.get("metrics").text
        assert 'gongkai_queries_total{outcome="answered"} 10.0' in counts, "of both processes"
        assert 'gongkai_requests_total{method="GET",status="404"} 1.0' in counts
        server.wait_for(identity)
        server.wait_for("nothing")
        lines = [
            json.loads(line) for line in server.log.read_text().splitlines() if line[:1] == "{"
        ]
        (told,) = [line for line in lines if line["request"] == identity]
        assert told["status"] == 200 and told["path"] == "/sparql" and told["method"] == "GET"
        assert told["client"] == "127.0.0.1"
        assert "nothing\nhere" in {line["path"].removeprefix("/") for line in lines}
        assert server.stop() == 0


def test_the_log_has_a_line_for_each_request_whatever_is_asked(
    tmp_path: Path, store_folder: Path
) -> None:
    with running(tmp_path, store_folder) as server:
        server.get("a%0D%0A127.0.0.1%20GET%20/forged%20200%1B[31m")
        server.get("end-of-the-test")
        server.wait_for("end-of-the-test")
        text = server.log.read_text()
        assert "\x1b" not in text and "\r" not in text
        (line,) = [line for line in text.splitlines() if "forged" in line]
        assert line.count(" ") == 5, "the forged blanks and lines are escaped"


def test_counts_and_queries_are_for_whom_they_are_for(tmp_path: Path, store_folder: Path) -> None:
    settings = (
        "[server]\nworkers = 1\n[clients]\nqueries_per_minute = 3\nproxies = 1\n"
        "[log]\nrequests = false\n"
    )
    with running(tmp_path, store_folder, settings) as server:
        outside = {"X-Forwarded-For": "203.0.113.7"}
        assert server.get("metrics", headers=outside).status_code == 403
        assert server.get("metrics").status_code == 200
        codes = [
            server.get("sparql", params={"query": f"ASK {{}} # {n}"}, headers=outside).status_code
            for n in range(5)
        ]
        assert codes == [200, 200, 200, 429, 429]
        assert server.get("sparql", params={"query": "ASK {} # 9"}).status_code == 200


@pytest.mark.slow
def test_new_settings_without_a_pause(tmp_path: Path, store_folder: Path) -> None:
    with running(tmp_path, store_folder, "[cache]\nseconds = 111\n") as server:
        assert "max-age=111" in server.get("doc/body/mohrss").headers["Cache-Control"]
        wrong: list[object] = []
        stopping = threading.Event()

        def keep_asking() -> None:
            while not stopping.wait(0.01):
                try:
                    answer = asked_as_proxies_ask(server, "doc/body/mohrss")
                except httpx.HTTPError as error:
                    wrong.append(error)
                else:
                    if answer.status_code != 200:
                        wrong.append(answer.status_code)

        asking = threading.Thread(target=keep_asking)
        asking.start()
        try:
            server.configure("[cache]\nseconds = 222\n")
            server.process.send_signal(signal.SIGHUP)
            for _ in range(1200):
                answer = asked_as_proxies_ask(server, "doc/body/mohrss")
                if "max-age=222" in answer.headers["Cache-Control"]:
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("the new settings never came")
            server.configure("[cache]\nseconds = -1\n")
            server.process.send_signal(signal.SIGHUP)
            server.wait_for("the settings stay as they were")
            server.wait_for("[cache] seconds must be a whole number, at least 0")
            time.sleep(1)
        finally:
            stopping.set()
            asking.join()
        assert not wrong
        for _ in range(10):
            assert "max-age=222" in server.get("doc/body/mohrss").headers["Cache-Control"]
        server.configure("[server]\nworkers = 3\n[cache]\nseconds = 222\n")
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("[server] workers is as it was until a restart")


def test_it_ends_when_what_is_under_way_is_done(tmp_path: Path, store_folder: Path) -> None:
    with running(tmp_path, store_folder, "[queries]\nseconds = 2\n") as server:
        below = engines_below(server.process.pid)
        assert below
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            slow = pool.submit(server.get, "sparql", params={"query": SLOW})
            time.sleep(0.7)
            began = time.monotonic()
            assert server.stop() == 0
            assert slow.result().status_code == 504, "answered, not cut off"
            assert time.monotonic() - began < 20
        wait_until_gone(below)


def serving_processes(parent: int) -> list[int]:
    """The two processes below ``parent`` that have engines, once both have come."""
    for _ in range(600):
        found = [pid for pid in children(parent) if engines_below(pid)]
        if len(found) == 2:
            return found
        time.sleep(0.1)
    raise AssertionError("there are no two processes that serve")


def test_a_process_that_dies_is_replaced(tmp_path: Path, store_folder: Path) -> None:
    with running(tmp_path, store_folder) as server:
        workers = serving_processes(server.process.pid)
        orphans = engines_below(workers[0])
        os.kill(workers[0], signal.SIGKILL)
        time.sleep(1)
        answered = 0
        for _ in range(40):
            try:
                answered += server.get("doc/body/mohrss").status_code == 200
            except httpx.TransportError:
                time.sleep(0.1)
        assert answered >= 30
        assert workers[0] not in serving_processes(server.process.pid)
        wait_until_gone(orphans)


@pytest.mark.slow
def test_publishing_while_many_read(tmp_path: Path, store_folder: Path) -> None:
    """Readers see what was before or what is after: never a report without its verdict."""
    store = tmp_path / "store"
    shutil.copytree(store_folder, store, symlinks=True)
    with running(tmp_path, store, "[log]\nrequests = false\n") as server:
        seen: set[tuple[str, ...]] = set()
        wrong: list[object] = []
        stopping = threading.Event()

        def keep_counting(number: int) -> None:
            with httpx.Client(timeout=30) as client:
                asked = 0
                while not stopping.is_set():
                    asked += 1
                    query = f"BASE <{BASE}>\n{COUNTS} # {number} {asked}"
                    answer = client.get(
                        server.address + "sparql",
                        params={"query": query},
                        headers={"Accept": "text/csv"},
                    )
                    if answer.status_code != 200:
                        wrong.append(answer.text)
                        continue
                    seen.add(tuple(answer.text.split()[1].split(",")))
                    time.sleep(0.02)

        readers = [threading.Thread(target=keep_counting, args=(n,)) for n in range(2)]
        for reader in readers:
            reader.start()
        try:
            for year in (2020, 2021):
                path = sample_of(tmp_path, "教育部", year)
                done = subprocess.run(
                    [sys.executable, "-m", "gongkai", "publish", path, "--store", store],
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
                assert "published" in done.stdout, done.stderr
        finally:
            stopping.set()
            for reader in readers:
                reader.join()
        assert not wrong
        assert len(seen) >= 2
        for reports, validations, histories in seen:
            assert reports == validations == histories


@pytest.mark.parametrize("most", [200_000, 3_000_000])
def test_a_disk_that_is_full_harms_nothing(tmp_path: Path, store_folder: Path, most: int) -> None:
    """No file can grow beyond ``most`` bytes: what was published stays, and the error is told."""
    store = tmp_path / "store"
    shutil.copytree(store_folder, store, symlinks=True)
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
        "from gongkai.commands.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    others = [sample_of(tmp_path, "教育部", year) for year in (2020, 2021)]
    done = subprocess.run(
        [sys.executable, "-c", program, "publish", *others, "--store", store],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    if done.returncode == 2:
        assert "gongkai: " in done.stderr
    with served(store) as client:
        assert client.get("/doc/report/mohrss/2019.ttl").status_code == 200
        query = {"query": f"BASE <{BASE}>\n{COUNTS}"}
        told = client.get("/sparql", query_string=query, headers={"Accept": "text/csv"})
        reports, validations, histories = told.text.split()[1].split(",")
        assert reports == validations == histories
    again = gongkai("publish", SAMPLE, "--store", store)
    assert again.exit_code == 0, again.output


def raw(port: int, request: bytes) -> socket.socket:
    """A connection over which something was sent as it is."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(request)
    return connection


def status_of(connection: socket.socket) -> int:
    with connection, connection.makefile("rb") as answer:
        return int(answer.readline().split()[1])


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
        (b"GET /doc/%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /search?q=%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        # Many programs send an address as it was typed (curl), in the bytes of UTF-8.
        ("GET /search?q=部 HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 200),
        ("GET /catalog.ttl?page=² HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 404),
        ("GET /doc/部 HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 404),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"HEAD /catalog.ttl HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        (
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/sparql-query\r\n\r\n6\r\nASK {}\r\n0\r\n\r\n",
            200,
        ),
    ],
)
def test_requests_as_they_come(server_of_all: "Running", request_: bytes, status: int) -> None:
    assert status_of(raw(server_of_all.port, request_)) == status


@pytest.mark.parametrize(
    ("request_", "english"),
    [
        (b"GET /healthz HTTP/1.1\r\n", "the request names no host"),
        (b"GET /doc/%ff%fe HTTP/1.1\r\nHost: a\r\n", "the address is not UTF-8"),
        (b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n", "the body has more"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_refused_unread_is_refused_in_the_language_of_the_client(
    server_of_all: "Running", request_: bytes, english: str, language: str
) -> None:
    asked = request_ + f"Accept-Language: {language}\r\n\r\n".encode()
    with raw(server_of_all.port, asked) as connection, connection.makefile("rb") as answer:
        read = answer.read().decode("utf-8")
    head, _, body = read.partition("\r\n\r\n")
    assert f"content-language: {language}\r\nvary: Accept, Accept-Language" in head
    assert is_chinese(body, "Host") == (language == "zh")
    assert (english in body) == (language == "en")


@pytest.fixture(scope="module")
def server_of_all(
    tmp_path_factory: pytest.TempPathFactory, store_folder: Path
) -> Iterator["Running"]:
    """A server with one process and few threads, and a large file to take."""
    folder = tmp_path_factory.mktemp("serving")
    dumps = folder / "dumps"
    assert gongkai("dump", "--store", store_folder, "--output", dumps).exit_code == 0
    settings = f"dumps = {str(dumps)!r}\n[server]\nworkers = 1\nthreads = 2\n"
    with running(folder, store_folder, settings) as server:
        yield server


UNFINISHED = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nque"
)


def test_clients_that_do_not_send_hold_nobody_up(server_of_all: "Running") -> None:
    """More of them than there are threads; each is told when its body does not come."""
    slow = [raw(server_of_all.port, UNFINISHED) for _ in range(40)]
    for path in ("healthz", "readyz", "doc/report/mohrss/2019.ttl", "sparql?query=ASK%20%7B%7D"):
        assert server_of_all.get(path).status_code == 200
    assert {status_of(connection) for connection in slow} == {408}


def test_clients_that_do_not_read_hold_nobody_up(server_of_all: "Running") -> None:
    request_ = b"GET /doc/report/mohrss/2019.html HTTP/1.1\r\nHost: a\r\n\r\n"
    slow = [raw(server_of_all.port, request_ * 40) for _ in range(20)]
    try:
        for path in ("healthz", "readyz", "doc/report/mohrss/2019.nt"):
            assert server_of_all.get(path).status_code == 200
    finally:
        for connection in slow:
            connection.close()


def test_health_is_told_while_all_threads_work(tmp_path: Path, store_folder: Path) -> None:
    settings = "[server]\nworkers = 1\nthreads = 1\n[queries]\nseconds = 300\n"
    with (
        running(tmp_path, store_folder, settings) as server,
        concurrent.futures.ThreadPoolExecutor(3) as pool,
    ):
        slow = [
            pool.submit(server.get, "sparql", params={"query": f"{SLOW} # {number}"})
            for number in range(2)
        ]
        while not busy_engines(server.process.pid):
            time.sleep(0.01)
        named_alike = pool.submit(server.get, "doc/report/healthz")
        assert server.get("healthz").status_code == 200
        assert not any(query.done() for query in slow), "it was answered before them"
        assert not named_alike.done(), "its thread does nothing else"
        while not all(query.done() for query in slow):
            for engine in busy_engines(server.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(engine, signal.SIGABRT)  # As queries do that are too large for it.
            time.sleep(0.01)
        assert [query.result().status_code for query in slow] == [400, 400]


def busy_engines(pid: int) -> list[int]:
    """The engines of the server that have been given a slow query: they have a lower priority."""
    busy = []
    for engine in engines_below(pid):
        with contextlib.suppress(OSError):
            if os.getpriority(os.PRIO_PROCESS, engine) > 0:
                busy.append(engine)
    return busy


def test_what_many_want_at_once_is_made_once(tmp_path: Path, store_folder: Path) -> None:
    """Simultaneous readers of pages that nobody asked for yet: no refusal."""
    paths = ["doc/report/mohrss/2019.html"] * 24 + ["catalog.ttl"] * 8 + ["quality"] * 8
    counts = [f"sparql?query=SELECT(COUNT(*)AS%20%3Fn){{%3Fs%20%3Fp{n}%20%3Fo}}" for n in range(12)]
    with (
        running(tmp_path, store_folder, "[server]\nworkers = 1\n") as server,
        concurrent.futures.ThreadPoolExecutor(52) as pool,
    ):
        answers = list(pool.map(server.get, paths + counts))
    assert {answer.status_code for answer in answers} == {200}
    for path in set(paths):
        assert len({a.content for a, p in zip(answers, paths, strict=False) if p == path}) == 1


ARENAS = """
import ctypes, re, sys, threading
from gongkai.server.serving import share_memory
share_memory()
held = []
def hold(barrier):
    held.append([bytes(5000) for _ in range(100)])
    barrier.wait()
barrier = threading.Barrier(8)
threads = [threading.Thread(target=hold, args=(barrier,)) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(len(re.findall("<heap ", open(sys.argv[1]).read())))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have no arenas")
def test_threads_share_memory(tmp_path: Path) -> None:
    """Each arena keeps what the largest answer in it took: with one a thread, processes grow."""
    environment = {name: value for name, value in os.environ.items() if "MALLOC" not in name}
    told = subprocess.run(
        [sys.executable, "-c", ARENAS, tmp_path / "arenas"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert int(told.stdout) <= 2
