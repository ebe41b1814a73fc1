"""Requests per second and 99th percentile of the server, beside others, on the same data.

    python bench/serving.py --rdflib-endpoint /path/to/bin/rdflib-endpoint [--seconds 5]

needs wrk (Debian: wrk). One after the other, each alone on the machine: gongkai with two processes
on the embedded store; the Oxigraph server, which is the bare engine; rdflib-endpoint. All hold the
sample report. Each is asked the same small queries, one for each of its 198 numbers, over 16
connections, again and again; documents are of the same numbers. gongkai remembers answers: "made
anew" is the same with its memory off ([cache] memory = 0): what an answer costs the first time.
"""

import argparse
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph

ROOT = Path(__file__).parent.parent
BASE = "http://localhost:8000/"
BIN = Path(sys.executable).parent
QUERY = (
    "SELECT ?value ?applicant ?stage WHERE { <%s> "
    "<http://purl.org/linked-data/sdmx/2009/measure#obsValue> ?value ; "
    f"<{BASE}def#applicant> ?applicant ; <{BASE}def#stage> ?stage }}"
)

ONE_AFTER_THE_OTHER = """
local paths = {%s}
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", paths[n %% #paths + 1])
end
"""


@dataclass(frozen=True)
class Measured:
    """What wrk tells of a run: requests per second, 99th percentile in ms, answers not 2xx/3xx."""

    rate: float
    p99: float
    wrong: int


def measure(address: str, paths: Sequence[str], headers: dict[str, str], seconds: int) -> Measured:
    """Ask for the paths in turn, over 16 connections."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = ", ".join(f'"{path}"' for path in paths)
        script.write(ONE_AFTER_THE_OTHER % listed)
        script.flush()
        command = ["wrk", "-t2", "-c16", f"-d{seconds}s", "--latency", "--timeout", "30s"]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        output = subprocess.run(
            [*command, "-s", script.name, address], capture_output=True, text=True, check=True
        ).stdout
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", output)[0])
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", output)[0]
    wrong = re.findall(r"Non-2xx or 3xx responses: (\d+)", output)
    p99 = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    return Measured(rate, p99, int(wrong[0]) if wrong else 0)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def running(command: Sequence[str], address: str) -> Iterator[None]:
    """A server, from when it answers."""
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(address, timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main() -> None:
    """Measure, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rdflib-endpoint", help="program of rdflib-endpoint")
    arguments.add_argument("--seconds", type=int, default=5)
    chosen = arguments.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("this needs wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "store"
        sample = ROOT / "samples" / "mohrss-2019.txt"
        subprocess.run([BIN / "gongkai", "publish", sample, "--store", store], check=True)
        data = pyoxigraph.Store.read_only(str(store / "current"))
        everything = {quad.triple for quad in data}
        triples = folder / "data.nt"
        pyoxigraph.serialize(everything, str(triples), format=pyoxigraph.RdfFormat.N_TRIPLES)
        numbers = sorted(
            triple.subject.value
            for triple in everything
            if triple.object.value == "http://purl.org/linked-data/cube#Observation"
        )
        del data
        _measure_all(folder, store, triples, numbers, chosen.rdflib_endpoint, chosen.seconds)


def _measure_all(
    folder: Path,
    store: Path,
    triples: Path,
    numbers: Sequence[str],
    rdflib_endpoint: str | None,
    seconds: int,
) -> None:
    rows: list[tuple[str, str, Measured]] = []
    queries = [f"?query={quote(QUERY % number, safe='')}" for number in numbers]
    documents = [number.replace(BASE + "id/", "/doc/") for number in numbers]
    results = {"Accept": "application/sparql-results+json"}

    port = free_port()
    settings = folder / "gongkai.toml"
    address = f"http://127.0.0.1:{port}"
    for who, memory in (("gongkai", 64 * 1024**2), ("gongkai, made anew", 0)):
        settings.write_text(
            f'[server]\nport = {port}\n[store]\nlocation = "{store}"\n[log]\nrequests = false\n'
            f"[cache]\nmemory = {memory}\n"
        )
        with running([BIN / "gongkai", "serve", "--config", settings], address + "/healthz"):
            time.sleep(1)
            paths = ["/sparql" + query for query in queries]
            rows.append((who, "query", measure(address, paths, results, seconds)))
            for kind in ("application/n-triples", "text/turtle", "application/ld+json"):
                found = measure(address, documents, {"Accept": kind}, seconds)
                rows.append((who, f"document, {kind}", found))
            asked = urllib.request.Request(
                address + documents[0], headers={"Accept": "text/turtle"}
            )
            with urllib.request.urlopen(asked) as answer:
                tag = answer.headers["ETag"]
            headers = {"Accept": "text/turtle", "If-None-Match": tag}
            rows.append((who, "304", measure(address, documents[:1], headers, seconds)))

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    data = folder / "oxigraph"
    subprocess.run(
        [BIN / "oxigraph", "load", "--location", data, "--file", triples],
        check=True,
        capture_output=True,
    )
    command = [BIN / "oxigraph", "serve-read-only", "-l", data, "-b", f"127.0.0.1:{port}"]
    with running(command, address + "/query?query=ASK%7B%7D"):
        paths = ["/query" + query for query in queries]
        rows.append(("oxigraph server", "query", measure(address, paths, results, seconds)))

    if rdflib_endpoint:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [rdflib_endpoint, "serve", triples, "--host", "127.0.0.1", "--port", str(port)]
        with running(command, address + "/?query=ASK%7B%7D"):
            paths = ["/" + query for query in queries]
            found = measure(address, paths, results, seconds)
            rows.append(("rdflib-endpoint", "query", found))

    peer = {what: found.rate for who, what, found in rows if who == "rdflib-endpoint"}
    print("| server | what | requests/s | p99 | against rdflib-endpoint |\n|---|---|---|---|---|")
    for who, what, found in rows:
        ratio = f"{found.rate / peer[what]:.0f} ×" if peer.get(what) else ""
        wrong = f" ({found.wrong} not 2xx or 3xx)" if found.wrong else ""
        print(f"| {who} | {what} | {found.rate:,.0f}{wrong} | {found.p99:.1f} ms | {ratio} |")


if __name__ == "__main__":
    main()
