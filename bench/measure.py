"""Measure what the decisions claim: reading a report, querying through a process.

Run: .venv/bin/python bench/measure.py
Prints medians over several runs and their ratios; the peer of each is measured in the same run.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph

from gongkai.converters.documents import read_document
from gongkai.converters.forms.recognise import recognise
from gongkai.pipeline import process, publish_ground, publish_report
from gongkai.server.store.embedded import EmbeddedReader, writing

BASE = "http://localhost:8000/"
SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
ASK = "ASK { ?s ?p ?o }"


def median(work: Callable[[], object], runs: int) -> float:
    """The median time of ``work`` in seconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    reading = median(lambda: recognise(read_document(SAMPLE)), 20)
    print(f"read the sample report                        {reading * 1000:8.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        with writing(Path(folder) / "store", BASE) as writer:
            publish_ground(writer)
            publish_report(writer, process(SAMPLE, BASE)[0])
        reader = EmbeddedReader(Path(folder) / "store")
        direct = pyoxigraph.Store.read_only(str((Path(folder) / "store" / "current").resolve()))
        pooled = median(lambda: reader.query(ASK), 500)
        inside = median(lambda: bool(direct.query(ASK, use_default_graph_as_union=True)), 500)
        reader.close()
    print(f"smallest query through a worker process        {pooled * 1000:8.3f} ms")
    print(f"smallest query in the same process             {inside * 1000:8.3f} ms")
    print(f"difference                                     {(pooled - inside) * 1000:8.3f} ms")


if __name__ == "__main__":
    main()
