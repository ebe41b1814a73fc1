"""The embedded engine and Virtuoso on one store, in one run.

    .venv/bin/python bench/engines.py STORE [--reports FOLDER]

Loads the store into Virtuoso, as ``gongkai serve`` with ``[engine] kind = "virtuoso"``, and asks
every worked example of both engines: once to warm it, then once to measure, with a deadline of a
minute. With ``--reports`` these are published into the store (which changes it) while Virtuoso
follows. Processor times are of all processes of a kind.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import click

from gongkai.server.engine import engine_running, reading_with
from gongkai.server.pages.examples import examples
from gongkai.server.settings import EngineSettings, QuerySettings, Settings
from gongkai.server.store import QueryCrashed, QueryTimedOut, Store

DEADLINE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


def processor_time(folder: Path) -> float:
    """Processor time so far of the programs whose working folder or arguments name a folder."""
    total = 0.0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            named = (
                str(folder) in str((process / "cwd").resolve())
                or str(folder).encode() in (process / "cmdline").read_bytes()
            )
            if named and int(process.name) != os.getpid():
                values = (process / "stat").read_text().rpartition(")")[2].split()
                total += sum(map(int, values[11:15])) / TICKS
        except OSError:
            continue
    return total


def asked(store: Store, text: str) -> tuple[float | None, bytes]:
    """Seconds of a query when it was asked before, None beyond the deadline, and its answer."""
    body = b""
    for _ in range(2):
        began = time.monotonic()
        try:
            body = store.query(text, "csv", seconds=DEADLINE, public=True).body
        except (QueryTimedOut, QueryCrashed):
            return None, b""
        took = time.monotonic() - began
    return took, body


def shown(seconds: float | None) -> str:
    """Seconds in a table."""
    return f"> {DEADLINE:g}" if seconds is None else f"{seconds:.2f}"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--reports", type=click.Path(path_type=Path, exists=True))
def main(folder: Path, reports: Path | None) -> None:
    """Measure and print tables."""
    queries = QuerySettings(seconds=DEADLINE)
    embedded = Settings(queries=queries)
    virtuoso = Settings(queries=queries, engine=EngineSettings(kind="virtuoso"))
    engine_folder = (folder / "virtuoso").absolute()
    before = reading_with(folder, embedded)
    began = time.monotonic()
    with engine_running(folder, virtuoso):
        took, worked = time.monotonic() - began, processor_time(engine_folder)
        database = (engine_folder / "generation").resolve()
        size = sum(file.stat().st_size for file in database.rglob("*") if file.is_file())
        print(f"started and loaded: {took:.1f} s, {worked:.1f} s of processor; {size / 1e6:.0f} MB")
        after = reading_with(folder, virtuoso)
        print("\n| example | embedded | Virtuoso | ratio |\n|---|---|---|---|")
        for example in examples(before.base, "en"):
            (one, first), (other, second) = asked(before, example.text), asked(after, example.text)
            ratio = f"{(one or DEADLINE) / other:.0f}" if other else ""
            same = "" if first == second or None in (one, other) else " (other answers)"
            print(f"| {example.key}{same} | {shown(one)} | {shown(other)} | {ratio} |", flush=True)
        if reports is not None:
            follow(folder, engine_folder, reports, after)
    before.close()


def follow(folder: Path, engine_folder: Path, reports: Path, reader: Store) -> None:
    """Publish reports, and measure what Virtuoso takes to have them as well."""
    worked, version, began = processor_time(engine_folder), reader.version, time.monotonic()
    usage = os.times()
    command = [sys.executable, "-m", "gongkai", "publish", str(reports), "--store", str(folder)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    done, now = time.monotonic() - began, os.times()
    publishing = now.children_user + now.children_system
    publishing -= usage.children_user + usage.children_system
    current = (folder / "current").readlink().name
    assert current != version, "nothing was published"
    while reader.version != current:
        time.sleep(0.1)
    caught_up = time.monotonic() - began
    following = processor_time(engine_folder) - worked
    print(f"\npublishing: {done:.1f} s, {publishing:.1f} s of processor")
    print(f"Virtuoso has it after {caught_up:.1f} s, with {following:.1f} s of processor")


if __name__ == "__main__":
    main()
