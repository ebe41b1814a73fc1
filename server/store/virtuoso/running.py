"""Virtuoso for as long as a server serves: the process that keeps it, seen from the server."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from gongkai.ontology.texts import message
from gongkai.server.store import StoreError
from gongkai.server.store.framing import receive
from gongkai.server.store.virtuoso.instance import installed
from gongkai.server.store.virtuoso.keeper import Job

_STOPPING = 360.0
"""Seconds that the end of Virtuoso may take before its keeper is killed."""

_PAUSE = 2.0
"""Seconds before a keeper that ended is started again."""

Say = Callable[[str], None]


class _Running:
    """The keeper's process and the socket to it; started again if it ends by itself."""

    def __init__(self, job: Job, say: Say) -> None:
        self._job = replace(job, parent=os.getpid())
        self._say = say
        self._closing = threading.Event()
        self._start()

    def wait_until_ready(self) -> None:
        """Wait until Virtuoso answers; raises StoreError if it cannot be run."""
        while (said := self._next()) is not None:
            match said:
                case ("ready", _):
                    threading.Thread(target=self._listen, daemon=True).start()
                    return
                case ("ended", text):
                    raise StoreError(text)
                case (_, text):
                    self._say(text)
        raise StoreError(self._ended())

    def close(self) -> None:
        """End Virtuoso and its keeper."""
        self._closing.set()
        # The thread that listens finds the end of the messages.
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._connection.close()

    def _start(self) -> None:
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "gongkai.server.store.virtuoso.keeper",
                    str(theirs.fileno()),
                    self._job.written(),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Ctrl-C is for the server, which ends its keeper itself.
                start_new_session=True,
            )

    def _next(self) -> Any:
        """What the keeper says next; None if it is gone."""
        try:
            return receive(self._connection)
        except (EOFError, OSError):
            return None

    def _ended(self) -> str:
        return message("virtuoso.keeper", code=self._process.wait())

    def _listen(self) -> None:
        """Pass on what the keeper says, and replace it if it ends."""
        while not self._closing.is_set():
            said = self._next()
            if said is not None:
                self._say(said[1])
            elif not self._closing.is_set():
                self._say(message("virtuoso.again", problem=self._ended()))
                self._connection.close()
                if not self._closing.wait(_PAUSE):
                    self._start()


@contextmanager
def running(job: Job, say: Say) -> Iterator[None]:
    """Virtuoso over a store, loaded and kept up to date until the end.

    ``say`` gets a line for each thing that happens. Raises StoreError if Virtuoso is not installed,
    cannot be run, or cannot load the store.
    """
    installed()
    keeper = _Running(job, say)
    try:
        keeper.wait_until_ready()
        yield
    finally:
        keeper.close()
