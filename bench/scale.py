"""Publish many made-up reports, and compare with loading the same quads into a bare engine.

Run: .venv/bin/python bench/scale.py 2000 [--jobs 2] [--folder FOLDER]
Prints processor time of all processes, wall time, the largest memory of a process, and the size on
disk; each beside that of ``pyoxigraph.Store.bulk_load`` of the final quads, in the same run.
"""

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from made_reports import write

_SUBREAPER = 36
"""prctl(2), PR_SET_CHILD_SUBREAPER: processes whose parents ended become children of this one."""

_INTERVAL = 0.2
_LOAD = """
import pyoxigraph, sys
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time of all processes, seconds, and MiB of the largest process."""

    processor: float
    wall: float
    memory: float


def cost(command: list[str]) -> Cost:
    """Run a command, and what it and all processes that it starts need."""
    before, started = _processor(), time.perf_counter()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    largest = [0.0]
    watching = threading.Thread(target=_watch, args=(program, largest), daemon=True)
    watching.start()
    errors = program.communicate()[1].decode()
    wall = time.perf_counter() - started
    watching.join()
    # Wait for what the command itself did not wait for.
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    if program.returncode not in (0, 1):
        sys.exit(errors)
    return Cost(_processor() - before, wall, largest[0])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(program: "subprocess.Popen[bytes]", largest: list[float]) -> None:
    while program.poll() is None:
        for process in _below(os.getpid()) - {os.getpid()}:
            largest[0] = max(largest[0], _memory(process))
        time.sleep(_INTERVAL)


def _below(process: int) -> set[int]:
    """A process and all that it, and they, started."""
    found, to_do = {process}, [process]
    while to_do:
        for path in Path(f"/proc/{to_do.pop()}/task").glob("*/children"):
            try:
                children = {int(text) for text in path.read_text(encoding="ascii").split()}
            except OSError:
                continue
            to_do += children - found
            found |= children
    return found


def _memory(process: int) -> float:
    """Resident memory of a process, in MiB."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0.0
    return int(pages) * resource.getpagesize() / 2**20


def size(folder: Path) -> float:
    """What a folder takes on disk, in MB; a file with several links counts once."""
    files = {path.stat().st_ino: path.stat() for path in folder.rglob("*") if path.is_file()}
    return sum(found.st_blocks * 512 for found in files.values()) / 1e6


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--folder", type=Path, help="keep reports and store here")
    options = asked.parse_args()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        reports, store = folder / f"reports-{options.count}", folder / f"store-{options.count}"
        if not reports.exists():
            write(options.count, reports)
        gongkai = [sys.executable, "-m", "gongkai", "publish", str(reports), "--store", str(store)]
        measure(options.count, [*gongkai, "--jobs", str(options.jobs)], store, folder)


def measure(count: int, publish: list[str], store: Path, folder: Path) -> None:
    """Publish, publish again, load the same quads into a bare engine; print all three."""
    published = cost(publish)
    again = cost(publish)
    quads = folder / "quads.nq"
    snapshot = pyoxigraph.Store.read_only(str((store / "current").resolve()))
    snapshot.dump(str(quads), format=pyoxigraph.RdfFormat.N_QUADS)
    number = len(snapshot)
    del snapshot
    with tempfile.TemporaryDirectory() as bare:
        loaded = cost([sys.executable, "-c", _LOAD, str(quads), bare])
        sizes = size(store), size(Path(bare))
    quads.unlink()
    print(f"{count} reports, {number / count:.0f} quads a report")
    print("| | processor ms a report | wall ms a report | largest process MiB | kB a report |")
    print("|---|---|---|---|---|")
    for name, used, taken in (
        ("publish", published, sizes[0]),
        ("publish again", again, sizes[0]),
        ("bulk_load", loaded, sizes[1]),
    ):
        print(
            f"| {name} | {used.processor / count * 1000:.1f} | {used.wall / count * 1000:.1f} | "
            f"{used.memory:.0f} | {taken / count * 1000:.0f} |"
        )
    print(
        f"| ratio | {published.processor / loaded.processor:.2f} | "
        f"{published.wall / loaded.wall:.2f} | {published.memory / loaded.memory:.2f} | "
        f"{sizes[0] / sizes[1]:.2f} |"
    )


if __name__ == "__main__":
    main()
