"""Real SPARQL servers for tests: Oxigraph (from PyPI) and Virtuoso (from Debian)."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.server.store.virtuoso.configuration import MOST_ROWS, Running, configuration

VIRTUOSO = shutil.which("virtuoso-t")


@dataclass
class Server:
    """A running server: the address for ``--store``, and what the environment must say of it."""

    kind: str
    store: str
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def start_oxigraph(folder: Path, port: int) -> Server:
    """An Oxigraph server over a folder; its default graph is not the union."""
    program = Path(sys.executable).with_name("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server("oxigraph", f"http://127.0.0.1:{port}/query", {}, process)
    _wait(server)
    return server


def start_virtuoso(folder: Path, port: int, rows: int = 10_000_000) -> Server:
    """A Virtuoso server; it cuts answers at ``rows`` rows without an error."""
    assert VIRTUOSO is not None, "ask for it first"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "virtuoso.ini"
    running = Running(sql=free_port(), http=port, memory=2**27, seconds=60, connections=10)
    settings.write_text(configuration(running).replace(str(MOST_ROWS), str(rows)))
    for name in ("parts", "www"):
        (folder / name).mkdir(exist_ok=True)
    process = subprocess.Popen(
        [VIRTUOSO, "-f", "-c", settings],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/sparql"
    environment = {
        "GONGKAI_STORE_UPDATE": address + "-auth",
        "GONGKAI_STORE_DIGEST": "1",
        "GONGKAI_STORE_CREDENTIALS": "dba:dba",
    }
    server = Server("virtuoso", address, environment, process)
    _wait(server)
    return server


def _wait(server: Server) -> None:
    # Virtuoso makes files of some hundred megabytes first: on a busy machine that takes a while.
    end = time.monotonic() + 180
    while time.monotonic() < end and server.process is not None and server.process.poll() is None:
        try:
            urllib.request.urlopen(server.store + "?query=ASK%7B%7D", timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    server.stop()
    raise AssertionError(f"{server.kind} did not start")


@contextmanager
def environment_of(server: Server) -> Iterator[None]:
    """The environment that commands need for the server, for a while."""
    before = dict(os.environ)
    os.environ.update(server.environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
