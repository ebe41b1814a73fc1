"""Run the application in a production server, in several processes."""

import ctypes
import errno
import logging
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from granian import Granian
from granian.constants import Interfaces
from msgspec.structs import fields

from gongkai.ontology.texts import message, translations
from gongkai.ontology.texts.system import system_error
from gongkai.server.settings import BadSettings, Settings
from gongkai.server.store_location import StoreLocation

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"http": 80, "https": 443}
_STOPPING = 10
"""Seconds that open requests have to finish when the server stops or reloads."""

_WAITING, _OPEN = 4096, 4096
"""Connections that wait to be accepted, and that a process holds: most are idle or slow."""

LOG = logging.getLogger("gongkai.serving")


class AddressInUse(Exception):
    """The server cannot listen on the address; the message says which and why."""


_ARENA_MAX = -8
_ARENAS = 2
"""glibc's ``M_ARENA_MAX`` (malloc.h), and how many arenas the threads of a process share.

By default each thread has its own and keeps the memory of its largest answer: a process grew for
ten minutes, by half.
"""


def share_memory() -> None:
    """Let the threads of this process share memory arenas, if its allocator is glibc's."""
    if "MALLOC_ARENA_MAX" in os.environ:  # The operator's choice takes precedence.
        return
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


class _Application:
    """Creates the application in each process of the server, with the current settings."""

    def __init__(self, location: StoreLocation, settings: Settings) -> None:
        self.location = location
        self.settings = settings
        self.since = time.time()

    def __call__(self) -> Callable[..., Any]:
        share_memory()
        from gongkai.server.app import create_app
        from gongkai.server.engine import reading_with
        from gongkai.server.http.policy import stated_policies
        from gongkai.server.http.rsgi import Bridge
        from gongkai.server.search.index import SEARCH_INDEX

        settings = self.settings
        reader = reading_with(self.location, settings)
        dumps = Path(settings.store.dumps) if settings.store.dumps else None
        if dumps is None and isinstance(self.location, Path):
            dumps = self.location / "dumps"
        app = create_app(reader, settings, dumps, self.since)
        # So that the first search need not wait for the index.
        SEARCH_INDEX.of(app).renew()
        # With or without the path of the base address, as proxies pass it on.
        roots = ("", urlsplit(reader.base).path.rstrip("/"))
        live = [path for path, policy in stated_policies(app) if policy.liveness]
        health = {root + path for root in roots for path in live}
        return Bridge(app.wsgi_app, settings.server.threads, health).answer


def serve_until_interrupted(
    location: StoreLocation,
    base: str,
    settings: Settings,
    opening: str = "",
    read_again: Callable[[], Settings] | None = None,
) -> None:
    """Serve the store at ``location`` until interrupted; prints what to open first.

    Prints a warning if it serves at another address than the base address: the URIs in the data
    lead there. SIGHUP starts new processes with the settings of ``read_again``, while the old ones
    finish their requests. Raises AddressInUse if it cannot listen on the address.
    """
    host, port = settings.server.host, settings.server.port
    _try_address(host, port)
    where = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    if not serves_base(base, host, port):
        print(message("settings.other_base", base=base, where=where), file=sys.stderr)
    logging.basicConfig(stream=sys.stderr, format="%(message)s", level=logging.INFO)
    application = _Application(location, settings)
    server = Granian(
        "gongkai",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=settings.server.workers,
        backlog=_WAITING,
        backpressure=_OPEN,
        websockets=False,
        log_enabled=False,
        respawn_failed_workers=True,
        # A new process must listen before the one that it replaces ends.
        respawn_interval=3.5,
        workers_kill_timeout=_STOPPING,
    )

    def say_where() -> None:
        _wait_until_listening(host, port)
        start = where + urlsplit(base).path.lstrip("/")
        said = message("settings.serving", start=start, opening=opening)
        print(said, flush=True)

    def read_settings() -> None:
        if read_again is None:
            return
        try:
            chosen = read_again()
        except BadSettings as error:
            LOG.error("%s", message("settings.kept", reason=error))
            return
        for section in ("server", "store", "engine"):
            before, after = getattr(settings, section), getattr(chosen, section)
            for item in fields(before):
                if item.name != "dumps" and getattr(before, item.name) != getattr(after, item.name):
                    LOG.error(
                        "%s", message("settings.until_restart", section=section, key=item.name)
                    )
        application.settings = chosen
        application.since = time.time()

    # Each process starts to listen when it is ready.
    server.on_startup(threading.Thread(target=say_where, daemon=True).start)
    server.on_reload(read_settings)
    counts = tempfile.mkdtemp(prefix="gongkai-counts-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
    try:
        server.serve(target_loader=application, wrap_loader=False)
    finally:
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        shutil.rmtree(counts, ignore_errors=True)


def serves_base(base: str, host: str, port: int) -> bool:
    """Whether the base address leads to a server on ``host`` and ``port``."""
    parts = urlsplit(base)
    wanted = parts.port or _PORTS.get(parts.scheme, 80)
    same_host = parts.hostname == host or (parts.hostname in _LOCAL and host in _LOCAL)
    return parts.scheme == "http" and wanted == port and same_host


def _wait_until_listening(host: str, port: int) -> None:
    while True:
        try:
            socket.create_connection((_reachable(host), port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _try_address(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = translations("settings.port_in_use")
        else:
            reason = system_error(error)
        raise AddressInUse(
            message("settings.cannot_listen", host=host, port=port, reason=reason)
        ) from None
