"""Mixed traffic for a while: does anything go wrong, grow, or slow down?

    python bench/soak.py [--minutes 10]

A server with two processes on a store that is published to all the time; readers of documents, the
catalog and its files, small queries never twice the same, queries that would run for ever, nonsense
in paths and queries; a hundred clients that send and a hundred that read a byte a second; an engine
killed every five seconds. Prints, for each minute: requests, answers by status, wrong or half
answers, the 99th percentile of small queries and the slowest answer of /healthz, both as ratios to
those of the idle server, memory of all processes, engines, open files. At the end, for each half
minute, the memory of every process of the server by its role.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from slow_clients import SlowClients, health  # noqa: E402

from helpers.hostile_requests import EVIL, PATHS  # noqa: E402
from helpers.remote_servers import free_port  # noqa: E402
from helpers.served import sample_of  # noqa: E402
from helpers.slow_queries import SLOW  # noqa: E402

BASE = "http://localhost:8000/"
BIN = Path(sys.executable).parent
DOCUMENTS = (
    "doc/report/mohrss/2019", "doc/body/mohrss", "doc/cube/requests", "def.ttl", "shapes.nt",
    "doc/observation/requests/mohrss/2019/total/received", "catalog.ttl", "catalog", "feed.atom",
    "ldes/1", "dump/report/mohrss/2019.csv", "dump/report/mohrss/2019.xlsx", "data.json", "",
)  # fmt: skip
STATE = f"""
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX measure: <http://purl.org/linked-data/sdmx/2009/measure#>
SELECT ?value (COUNT(?version) AS ?versions) {{
  GRAPH <{BASE}id/report/moe/2019> {{
    <{BASE}id/observation/requests/moe/2019/natural-person/received> measure:obsValue ?value
  }}
  GRAPH <{BASE}id/history/moe/2019> {{ ?version dcat:version ?number }}
}} GROUP BY ?value"""
FIRST = 366
"""Requests in the first version; each version after it has one more."""

CSV = {"Accept": "text/csv"}
QUERY = f"SELECT ?v WHERE {{ <{BASE}id/observation/requests/mohrss/2019/total/received> ?p ?v }} #"


class Traffic:
    """What was asked and what came of it."""

    def __init__(self, address: str) -> None:
        """Traffic to a server."""
        self.address = address
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.statuses: Counter[str] = Counter()
        self.small: list[float] = []
        self.health: list[float] = []
        self.wrong: list[str] = []

    def ask(self, client: httpx.Client, path: str, **arguments: object) -> float:
        """One request; its seconds."""
        began = time.perf_counter()
        try:
            status = str(client.get(self.address + path, **arguments).status_code)  # type: ignore[arg-type]
        except httpx.HTTPError as error:
            status = type(error).__name__
        except httpx.InvalidURL:
            return 0.0
        with self.lock:
            self.statuses[status] += 1
        return time.perf_counter() - began

    def read(self, seed: int) -> None:
        """Documents, small queries, nonsense."""
        chance = random.Random(seed)
        with httpx.Client(timeout=60) as client:
            while not self.stopping.is_set():
                kind = chance.random()
                if kind < 0.4:
                    accept = chance.choice(("text/html", "text/turtle", "application/ld+json"))
                    path = chance.choice(DOCUMENTS)
                    self.ask(client, f"{path}?{chance.random()}", headers={"Accept": accept})
                elif kind < 0.9:
                    query = {"query": QUERY + str(chance.random())}
                    seconds = self.ask(client, "sparql", params=query)
                    with self.lock:
                        self.small.append(seconds)
                else:
                    self.ask(client, chance.choice(PATHS).format(chance.choice(EVIL))[1:])

    def look(self) -> None:
        """Whether the server lives, and whether two graphs of a report are of one state."""
        with httpx.Client(timeout=60) as client:
            while not self.stopping.is_set():
                seconds = self.ask(client, "healthz")
                answer = client.get(self.address + "sparql", params={"query": STATE}, headers=CSV)
                rows = answer.text.split()[1:] if answer.status_code == 200 else []
                states = {int(row.split(",")[0]) - int(row.split(",")[1]) for row in rows}
                with self.lock:
                    self.health.append(seconds)
                    self.statuses[f"state {answer.status_code}"] += 1
                    if answer.status_code == 200 and states != {FIRST - 1}:
                        self.wrong.append(answer.text)
                time.sleep(0.1)

    def burden(self, seed: int) -> None:
        """Queries that would run for ever."""
        chance = random.Random(seed)
        with httpx.Client(timeout=60) as client:
            while not self.stopping.is_set():
                self.ask(client, "sparql", params={"query": f"{SLOW} # {chance.random()}"})
                time.sleep(chance.random() * 3)


def publish(folder: Path, store: Path, stopping: threading.Event) -> None:
    """The same report again and again, each time with one request more than the version before."""
    more = 0
    while not stopping.is_set():
        more += 1
        path = sample_of(folder, "教育部", 2019, more=more)
        subprocess.run(
            [BIN / "gongkai", "publish", path, "--store", store], capture_output=True, check=False
        )
        stopping.wait(5)


def kill_engines(pid: int, stopping: threading.Event) -> None:
    """End an engine every five seconds, as the kernel does where memory is short."""
    chance = random.Random(1)
    while not stopping.wait(5):
        engines = [one for one in tree(pid) if b"store.engine" in command(one)]
        if engines:
            with suppress(OSError):
                os.kill(chance.choice(engines), signal.SIGKILL)


def command(pid: int) -> bytes:
    """The command line of a process; nothing where there is none any more."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found += tree(int(entry.name))
    return found


def state(pid: int) -> tuple[int, int, int, int]:
    """Of a process and all below it: proportional memory (MiB), processes, engines, open files."""
    memory = files = engines = 0
    processes = tree(pid)
    for process in processes:
        try:
            folder = Path(f"/proc/{process}")
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    memory += int(line.split()[1])
            engines += b"store.engine" in command(process)
            files += len(list((folder / "fd").iterdir()))
        except OSError:
            continue
    return memory // 1024, len(processes), engines, files


def wait_until_ready(address: str) -> None:
    """Wait until a server that was started answers, a minute at most."""
    for _ in range(600):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start within a minute")


def resident(pid: int) -> dict[str, list[int]]:
    """MiB that are resident in each process of a server alone, by what the process does."""
    found: dict[str, list[int]] = {}
    for process in tree(pid):
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{process}/status").read_text().splitlines()
            own = next(line for line in lines if line.startswith("RssAnon:"))
            engine = b"store.engine" in command(process)
            role = "first" if process == pid else "engine" if engine else "serving"
            found.setdefault(role, []).append(int(own.split()[1]) // 1024)
    return found


def watch(pid: int, stopping: threading.Event, samples: list[dict[str, list[int]]]) -> None:
    """Note the memory of each process every half minute."""
    while not stopping.wait(30):
        samples.append(resident(pid))


def main() -> None:
    """Run the traffic and print what it does."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=int, default=10)
    minutes = arguments.parse_args().minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, port = folder / "store", free_port()
        sample = ROOT / "samples" / "mohrss-2019.txt"
        first = sample_of(folder, "教育部", 2019)
        subprocess.run([BIN / "gongkai", "publish", sample, first, "--store", store], check=True)
        settings = folder / "gongkai.toml"
        settings.write_text(
            f'[server]\nport = {port}\n[store]\nlocation = "{store}"\n[log]\nrequests = false\n'
            "[queries]\nseconds = 5\n"
        )
        log = (folder / "log").open("wb")
        server = subprocess.Popen(
            [BIN / "gongkai", "serve", "--config", settings], stdout=subprocess.DEVNULL, stderr=log
        )
        traffic = Traffic(f"http://127.0.0.1:{port}/")
        wait_until_ready(traffic.address)
        idle_health, _ = health(traffic.address)
        with httpx.Client() as client:
            idle = sorted(
                traffic.ask(client, "sparql", params={"query": f"{QUERY}{number}"})
                for number in range(100)
            )
        traffic.statuses.clear()
        print(
            f"idle: /healthz {idle_health * 1000:.1f} ms (median), small queries "
            f"{idle[98] * 1000:.1f} ms (p99)"
        )
        slow = SlowClients(port, 100)
        threads = [threading.Thread(target=traffic.read, args=(seed,)) for seed in range(3)]
        threads += [threading.Thread(target=traffic.burden, args=(9,))]
        threads += [threading.Thread(target=traffic.look)]
        threads += [
            threading.Thread(target=kill_engines, args=(server.pid, traffic.stopping)),
        ]
        threads += [threading.Thread(target=publish, args=(folder, store, traffic.stopping))]
        samples: list[dict[str, list[int]]] = []
        threads += [threading.Thread(target=watch, args=(server.pid, traffic.stopping, samples))]
        for thread in threads:
            thread.start()
        print(
            "| minute | requests | by status | wrong | small queries, p99 : idle "
            "| /healthz, slowest (: idle) | MiB | engines | files |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for minute in range(1, minutes + 1):
            time.sleep(60)
            with traffic.lock:
                statuses, traffic.statuses = traffic.statuses, Counter()
                small, traffic.small = sorted(traffic.small), []
                slowest, traffic.health = max(traffic.health, default=0.0), []
                wrong = len(traffic.wrong)
            p99 = small[int(len(small) * 0.99)] if small else 0
            memory, _, engines, files = state(server.pid)
            listed = ", ".join(f"{key}: {count:,}" for key, count in sorted(statuses.items()))
            print(
                f"| {minute} | {statuses.total():,} | {listed} | {wrong} | {p99 / idle[98]:.1f} "
                f"| {slowest * 1000:.0f} ms ({slowest / idle_health:.0f}) | {memory} | {engines} "
                f"| {files} |",
                flush=True,
            )
        traffic.stopping.set()
        slow.stop()
        for thread in threads:
            thread.join()
        print("| minute | first process | serving processes | engines | together |")
        print("|---|---|---|---|---|")
        for number, sample in enumerate(samples, 1):
            cells = [
                ", ".join(map(str, sample.get(role, ()))) for role in ("first", "serving", "engine")
            ]
            total = sum(sum(each) for each in sample.values())
            print(f"| {number / 2:g} | {' | '.join(cells)} | {total} |")
        print(f"slow clients ended and begun again: {slow.ended}; wrong: {traffic.wrong[:3]}")
        server.terminate()
        server.wait(30)
        print((folder / "log").read_text()[-2000:])


if __name__ == "__main__":
    main()
