"""Measure what the decisions claim: reading a report, querying through a process, slow queries.

Run: .venv/bin/python bench/measure.py
Prints medians over several runs and their ratios; the peer of each is measured in the same run.
"""

import contextlib
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph

from gongkai.converters.cn.reader import recognise
from gongkai.converters.documents import read_document
from gongkai.pipeline import process
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.store import QueryTimedOut
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing

BASE = "http://localhost:8000/"
SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
ASK = "ASK { ?s ?p ?o }"
SLOW = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER (STRLEN(STR(?c)) + STRLEN(STR(?f)) + STRLEN(STR(?i)) = 3) }"
)
"""A cartesian product that would take years."""


def median(work: Callable[[], object], runs: int) -> float:
    """The median time of ``work`` in seconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def slowest_while(reader: EmbeddedReader, number: int) -> float:
    """The slowest of small queries, sent every 5 ms for 3 s, while ``number`` slow ones run."""

    def run_slow() -> None:
        with contextlib.suppress(QueryTimedOut):
            reader.query(SLOW, seconds=2.5, public=True)

    threads = [threading.Thread(target=run_slow) for _ in range(number)]
    for thread in threads:
        thread.start()
    slowest, end = 0.0, time.perf_counter() + 3
    while time.perf_counter() < end:
        started = time.perf_counter()
        reader.query(ASK, public=True)
        slowest = max(slowest, time.perf_counter() - started)
        time.sleep(0.005)
    for thread in threads:
        thread.join()
    return slowest


def main() -> None:
    """Measure and print."""
    reading = median(lambda: recognise(read_document(SAMPLE)), 20)
    print(f"read the sample report                        {reading * 1000:8.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        with writing(Path(folder) / "store", BASE) as writer:
            publish_reference_data(writer)
            publish(writer, process(SAMPLE, BASE)[0])
        reader = EmbeddedReader(Path(folder) / "store")
        direct = pyoxigraph.Store.read_only(str((Path(folder) / "store" / "current").resolve()))
        pooled = median(lambda: reader.query(ASK), 500)
        inside = median(lambda: bool(direct.query(ASK, use_default_graph_as_union=True)), 500)
        slowest = {number: slowest_while(reader, number) for number in (0, 1, 2, 4)}
        reader.close()
    print(f"smallest query through a worker process        {pooled * 1000:8.3f} ms")
    print(f"smallest query in the same process             {inside * 1000:8.3f} ms")
    for number, seconds in slowest.items():
        print(f"slowest small query beside {number} slow ones          {seconds * 1000:8.1f} ms")
    print(f"difference                                     {(pooled - inside) * 1000:8.3f} ms")


if __name__ == "__main__":
    main()
