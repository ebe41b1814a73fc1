"""A Virtuoso that a server runs over a store in a folder, for tests."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.server.settings import EngineSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.virtuoso.keeper import Job
from gongkai.server.store.virtuoso.reader import VirtuosoReader
from gongkai.server.store.virtuoso.running import running

SETTINGS = Settings(engine=EngineSettings(kind="virtuoso", memory=2**28))


@dataclass
class Engines:
    """Both engines over one store: a reader of each, and what was said of Virtuoso."""

    store: Path
    embedded: EmbeddedReader
    virtuoso: VirtuosoReader
    said: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of Virtuoso."""
        return self.store / "virtuoso"

    def caught_up(self) -> None:
        """Wait until Virtuoso has the version that readers of the embedded store see."""
        until(lambda: self.virtuoso.version == self.embedded.version)


@contextmanager
def both_engines(store: Path, most: int = 2_000_000) -> Iterator[Engines]:
    """Run Virtuoso over a store; with more than ``most`` quads changed all is loaded anew."""
    folder, said = store / "virtuoso", list[str]()
    job = Job(str(store), str(folder), memory=2**28, seconds=2.0, connections=20, most=most)
    embedded = EmbeddedReader(store)
    try:
        with running(job, said.append):
            yield Engines(store, embedded, VirtuosoReader(store, folder), said)
    finally:
        embedded.close()


def until(condition: Callable[[], object]) -> None:
    """Wait for a condition, for two minutes at most."""
    end = time.monotonic() + 120
    while True:
        with suppress(Exception):
            if condition():
                return
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def processes_in(folder: Path, program: str) -> list[int]:
    """The processes of a program that work in a folder, or have it among their arguments."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            arguments = (entry / "cmdline").read_bytes()
            within = (entry / "cwd").resolve().is_relative_to(folder.resolve())
            if program.encode() in arguments and (within or str(folder).encode() in arguments):
                found.append(int(entry.name))
    return found


def kill(pids: list[int]) -> None:
    """Kill processes at once."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
