"""The process of one engine, and its socket: start, request, lower priority, end."""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress

from gongkai.ontology.texts import translations
from gongkai.server.store import QueryCrashed, QueryRefused
from gongkai.server.store.framing import receive

_LOWER = 10
"""By how much the niceness of an engine with a slow query is raised."""

_STARTING = 30.0
"""Seconds that an engine may take until it reports that it is ready."""

_ENDING = 5.0
"""Seconds that an engine whose socket is closed may take to end with an exit code."""

_MOST_WORDS = 2000
"""Bytes of a dead engine's output that are read."""

_CAUSES = {
    "does not correctly implement a total order": "order",
    "overflowed its stack": "stack",
    "memory allocation of": "memory",
}
"""What engines print when they end by a fault of their own, and the name of what that means."""

LOG = logging.getLogger("gongkai.engines")


class EngineEnded(Exception):
    """The engine was ended by something else (the kernel, if memory is short), not by the query."""


class EngineProcess:
    """One engine: its process and the socket to it."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """Start it; ``arguments`` are those of ``gongkai.server.store.engine``.

        Raises OSError or EOFError if it does not become ready.
        """
        self.connection, theirs = socket.socketpair()
        # Closed with the process, in kill().
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        self._last_words = ""
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "gongkai.server.store.engine",
                    str(theirs.fileno()),
                    *arguments,
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=self._stderr,
                # Ctrl-C is for the server, which ends its engines itself.
                start_new_session=True,
            )
        self.lowered = False
        self._schedule: int | None = None
        with suppress(OSError):  # no such file: not Linux
            self._schedule = os.open(f"/proc/{self._process.pid}/schedstat", os.O_RDONLY)
        self.connection.settimeout(_STARTING)
        try:
            receive(self.connection)
        except BaseException:
            self.kill()
            raise

    def answers_within(self, seconds: float) -> bool:
        """Whether an answer begins to arrive within some seconds."""
        self.connection.settimeout(max(seconds, 0.001))
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        return True

    def worked(self) -> float:
        """Processor time in seconds; if that is not available, a value that keeps growing."""
        if self._schedule is None:
            return time.monotonic()
        return int(os.pread(self._schedule, 64, 0).split()[0]) / 1e9

    def lower(self) -> None:
        """Lower its scheduling priority."""
        self.lowered = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWER)

    def cause_of_death(self) -> QueryRefused | QueryCrashed | EngineEnded:
        """Why it ended during a query, as an exception for the client."""
        if self._process.returncode == -signal.SIGSYS:  # The query opened a socket.
            return QueryRefused(translations("store.service.none"))
        if self._process.returncode in (-signal.SIGKILL, -signal.SIGTERM):
            return EngineEnded()
        words = self._last_words
        cause = next((cause for marker, cause in _CAUSES.items() if marker in words), "other")
        return QueryCrashed(translations(f"store.crashed.{cause}"))

    @property
    def ended(self) -> bool:
        """Whether its process has ended."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """Wait for it to end by itself, as it does when its socket is closed."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self.connection.close()
        if not self._stderr.closed:
            self._stderr.seek(0)
            self._last_words = self._stderr.read(_MOST_WORDS).decode("utf-8", "replace")
            self._stderr.close()
        if self._last_words:
            LOG.warning("an engine wrote: %s", " ".join(self._last_words.splitlines()[:2]))
        if self._schedule is not None:
            os.close(self._schedule)
            self._schedule = None
