"""Measure a fresh process up to its first report, the ontology, and the page of a report.

Run: .venv/bin/python bench/first_report.py [--before CHECKOUT] [--runs 7]
Each measurement is the least processor time of several runs, each in a process of its own, in turns
with the same in the other checkout, as other work on the machine only ever adds to it.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent

MADE = {
    "modules imported": """
began = process_time()
import gongkai.pipeline
took = process_time() - began
""",
    "ontology loaded": """
from gongkai.ontology.turtle import load_turtle
began = process_time()
load_turtle()
took = process_time() - began
""",
    "first report converted and checked": """
from gongkai.converters.documents import import_readers
from gongkai.pipeline import process
import_readers()
began = process_time()
process(SAMPLE, BASE)
took = process_time() - began
""",
    "page of a report, made anew": """
import tempfile
from gongkai.pipeline import process
from gongkai.publishing.publication import publish
from gongkai.publishing.reference_data import publish_reference_data
from gongkai.server.app import create_app
from gongkai.server.settings import CacheSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
with tempfile.TemporaryDirectory() as folder:
    with writing(Path(folder) / "store", BASE) as writer:
        publish_reference_data(writer)
        publish(writer, process(SAMPLE, BASE)[0])
    reader = EmbeddedReader(Path(folder) / "store")
    client = create_app(reader, Settings(cache=CacheSettings(memory=0))).test_client()
    times = []
    for _ in range(6):
        began = process_time()
        answer = client.get("/doc/report/mohrss/2019.html")
        times.append(process_time() - began)
        assert answer.status_code == 200
    took = min(times[1:])
    reader.close()
""",
}
"""What is measured, and how: each leaves the seconds in ``took``."""

_SETTING = f"""
from pathlib import Path
from time import process_time
BASE = "http://localhost:8000/"
SAMPLE = Path({str(HERE / "samples" / "mohrss-2019.txt")!r})
"""


def seconds(made: str, checkout: Path) -> float:
    """The processor time of one run in a checkout."""
    run = subprocess.run(
        [sys.executable, "-c", f"{_SETTING}{made}\nprint(took)"],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(run.stdout)


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout to compare with")
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    checkouts = [HERE] + ([asked.before.resolve()] if asked.before else [])
    for what, made in MADE.items():
        times = [[seconds(made, checkout) for checkout in checkouts] for _ in range(asked.runs)]
        now, *before = (min(column) for column in zip(*times, strict=True))
        ratios = [f", before {other * 1000:.0f} ms: 1 : {other / now:.1f}" for other in before]
        print(f"{what}: {now * 1000:.0f} ms{''.join(ratios)}", flush=True)


if __name__ == "__main__":
    main()
