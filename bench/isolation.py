"""Measure what it costs that every file is read in a process of its own.

Run: .venv/bin/python bench/isolation.py
Times from call to result, without the first in each process or server; and the start of the server.
"""

import statistics
import time
from functools import partial
from pathlib import Path

from gongkai.pipeline import process
from gongkai.processes.workers import IsolatedProcesses
from gongkai.shapes.checker import RuleEngine

BASE = "http://localhost:8000/"
SAMPLE = Path(__file__).parent.parent / "samples" / "mohrss-2019.txt"
RUNS = 15


def main() -> None:
    """Measure and print."""
    # The server is started once, by what needs more.
    for engine in (RuleEngine.SETWISE, None):
        work = partial(process, base=BASE, engine=engine)
        inside, apart = [], []
        work(SAMPLE)
        started = time.perf_counter()
        with IsolatedProcesses(1, warm_up=work) as executor:
            executor.submit(work, SAMPLE).result()
            first = time.perf_counter() - started
            for _ in range(RUNS):
                started = time.perf_counter()
                work(SAMPLE)
                inside.append(time.perf_counter() - started)
                started = time.perf_counter()
                executor.submit(work, SAMPLE).result()
                apart.append(time.perf_counter() - started)
        one, other = (statistics.median(times) * 1000 for times in (inside, apart))
        print(f"{'convert and check' if engine else 'convert'}:")
        print(f"  in this process            {one:8.0f} ms")
        print(f"  in a process of its own    {other:8.0f} ms, {other - one:+.0f} ms")
        if engine:
            print(f"  the first, with the server {first * 1000:8.0f} ms")


if __name__ == "__main__":
    main()
