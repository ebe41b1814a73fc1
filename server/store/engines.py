"""Engines: processes that answer queries and can be killed, so that a time limit is one.

Neither pyoxigraph nor its server can end a query, and some queries crash them. A pool of the
standard library or of pebble takes longer to reach a worker than most queries take to answer, and
cannot tell slow ones apart. Here each engine has a socket of its own. A query that is still running
after ``SLOW`` seconds goes on in an engine of lower priority, and another engine is started in its
place: slow queries never stand in the way of quick ones.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gongkai.server.store import (
    AnswerTooLarge,
    NotInXml,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreBusy,
    StoreError,
)
from gongkai.server.store.framing import receive, send
from gongkai.server.store.services import NOT_ASKED

SLOW = 0.05
"""Seconds after which a query is taken for slow, if its engine worked for half of them."""

_WAITING = 0.5
"""Seconds after which a query is taken for slow, whatever its engine did."""

_LOWER = 10
"""By how much the niceness of an engine is raised that answers a slow query."""

_STARTING = 30.0
"""Seconds that an engine may take until it says that it is ready."""

_MOST_WORDS = 2000
"""Bytes that are read of what a dead engine wrote."""

_TOO_LARGE = "the query is too large for the engine, or needs too much memory: ask for less"
_CAUSES = (
    (
        "does not correctly implement a total order",
        "the engine cannot sort these values: they are of types that its order does not compare "
        "consistently (strings with dates, say). Sort by STR() of them, or by values of one type",
    ),
    ("overflowed its stack", "the query nests too deeply for the engine: write it flatter"),
    ("memory allocation of", "the query needs too much memory: ask for less, or add LIMIT"),
)
"""What engines write when they end by a fault of their own, and what that means."""

LOG = logging.getLogger("gongkai.engines")

_TROUBLE = {kind.__name__: kind for kind in (AnswerTooLarge, NotInXml, QueryRefused, StoreError)}


@dataclass(frozen=True)
class Bounds:
    """What engines may take.

    ``engines`` answer quick queries at once, ``slow`` of them may be busy with slow ones beside
    them; ``waiting`` queries wait for one that is free, ``patience`` seconds at most. ``memory`` is
    the address space of each and ``answer`` the size of an answer, in bytes.
    """

    engines: int = 2
    slow: int = 4
    patience: float = 10.0
    memory: int = 4 * 1024**3
    answer: int = 32 * 1024**2
    waiting: int = 16


class _NoPlace(Exception):
    """The query is slow, and as many slow ones as may are running."""


OWN_ANSWER = 2**30
"""Bytes of the answer to a query of the server's own: lists of all reports are long."""


class Engines:
    """A number of engines over one store, used by any number of threads."""

    def __init__(self, arguments: Sequence[str], bounds: Bounds) -> None:
        """``arguments`` are those of ``gongkai.server.store.engine``; engines start as needed."""
        self._arguments = tuple(arguments)
        self._bounds = bounds
        self._condition = threading.Condition()
        self._idle: deque[_Engine] = deque()
        self._quick = self._slow = self._waiting = 0
        self._running: set[_Engine] = set()
        self._closed = False
        self._failure: str | None = None

    def ask(self, request: tuple[Any, ...], seconds: float) -> Any:
        """What an engine answers to ``request``, within ``seconds``.

        A slow query for which there is no place is begun again when there is one. Raises
        QueryTimedOut, QueryCrashed, StoreBusy, and what the engine itself tells of.
        """
        try:
            return self._ask(self._take(), request, seconds)
        except _NoPlace:
            return self._ask(self._take_for_slow(), request, seconds)

    def _ask(self, engine: "_Engine", request: tuple[Any, ...], seconds: float) -> Any:
        slow = engine.lowered
        began = time.monotonic()
        deadline = began + seconds
        try:
            worked = engine.worked()
            engine.connection.settimeout(seconds)
            send(engine.connection, (seconds, *request))
            while not slow and not engine.answers_within(min(SLOW, deadline - time.monotonic())):
                # On a busy machine it may have had no turn yet: that is not its fault. One that
                # waits for a disk, or for another endpoint, does not work either.
                waited = time.monotonic() - began
                if engine.worked() - worked >= SLOW / 2 or waited >= min(_WAITING, seconds):
                    slow = True
                    self._demote(engine)
            engine.connection.settimeout(max(deadline - time.monotonic(), 0.001))
            ok, answer = receive(engine.connection)
        except TimeoutError:
            self._end(engine, slow)
            raise QueryTimedOut(
                f"the query was stopped after {seconds:g} seconds: ask for less, or add LIMIT"
            ) from None
        except (EOFError, OSError):
            self._end(engine, slow)
            raise engine.cause_of_death() from None
        except BaseException:
            self._end(engine, slow)
            raise
        if slow:
            self._end(engine, slow)
        else:
            self._give_back(engine)
        if not ok:
            kind, message = answer
            raise _TROUBLE[kind](message)
        return answer

    def close(self) -> None:
        """End all engines, whatever they do."""
        with self._condition:
            self._closed = True
            for engine in (*self._idle, *self._running):
                engine.kill()
            self._idle.clear()
            self._condition.notify_all()

    def warm_up(self) -> None:
        """Start all engines, so that the first queries need not wait for that."""
        with self._condition:
            self._replenish()
            self._condition.wait_for(
                lambda: len(self._idle) == self._bounds.engines or self._failure,
                self._bounds.patience,
            )

    def _take(self) -> "_Engine":
        with self._condition:
            self._failure = None
            self._replenish()
            self._wait_for(lambda: bool(self._idle or self._failure), "too many queries at once")
            if not self._idle:
                raise StoreError(f"no engine can be started: {self._failure}")
            engine = self._idle.popleft()
            self._running.add(engine)
            return engine

    def _take_for_slow(self) -> "_Engine":
        """A new engine for a query that is known to be slow, when there is a place for one."""
        with self._condition:
            places = self._bounds.slow
            self._wait_for(lambda: self._slow < places, "too many slow queries at once")
            self._slow += 1
        try:
            engine = _Engine(self._arguments)
        except (EOFError, OSError) as error:
            with self._condition:
                self._slow -= 1
                self._condition.notify_all()
            raise StoreError(f"no engine can be started: {error}") from None
        engine.lower()
        with self._condition:
            self._running.add(engine)
        return engine

    def _wait_for(self, ready: Callable[[], bool], trouble: str) -> None:
        """Wait until there is an engine; StoreBusy after some time, or where too many wait."""
        if not ready() and self._waiting >= self._bounds.waiting:
            raise StoreBusy(f"{trouble}: try again in a while")
        self._waiting += 1
        try:
            found = self._condition.wait_for(lambda: ready() or self._closed, self._bounds.patience)
        finally:
            self._waiting -= 1
        if self._closed:
            raise StoreError("the store is closed")
        if not found:
            raise StoreBusy(f"{trouble}: try again in a while")

    def _replenish(self) -> None:
        """Start the engines that are missing, in the background: it takes a tenth of a second."""
        while self._quick < self._bounds.engines and not self._closed:
            self._quick += 1
            threading.Thread(target=self._start, daemon=True).start()

    def _start(self) -> None:
        try:
            engine = _Engine(self._arguments)
        except (EOFError, OSError) as error:
            with self._condition:
                self._quick -= 1
                self._failure = str(error) or "it ended at once"
                self._condition.notify_all()
            return
        with self._condition:
            if self._closed:
                engine.kill()
                return
            self._idle.append(engine)
            self._condition.notify_all()

    def _give_back(self, engine: "_Engine") -> None:
        with self._condition:
            self._running.discard(engine)
            if self._closed:
                engine.kill()
                return
            self._idle.append(engine)
            self._condition.notify()

    def _demote(self, engine: "_Engine") -> None:
        """Let another engine take the place of one that answers a slow query."""
        with self._condition:
            if self._slow >= self._bounds.slow:
                raise _NoPlace
            self._slow += 1
            self._quick -= 1
            self._replenish()
        engine.lower()

    def _end(self, engine: "_Engine", slow: bool) -> None:
        with self._condition:
            self._running.discard(engine)
            if slow and engine.lowered:
                self._slow -= 1
            else:
                self._quick -= 1
            self._replenish()
            self._condition.notify_all()
        engine.kill()


class _Engine:
    """One engine: its process and the socket to it."""

    def __init__(self, arguments: Sequence[str]) -> None:
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
                # Ctrl-C is for the server, which ends its engines by itself.
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
        """Whether the beginning of an answer comes within some seconds."""
        self.connection.settimeout(max(seconds, 0.001))
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        return True

    def worked(self) -> float:
        """Seconds that it has been on a processor; where that cannot be known, ever more."""
        if self._schedule is None:
            return time.monotonic()
        return int(os.pread(self._schedule, 64, 0).split()[0]) / 1e9

    def lower(self) -> None:
        """Let everything else go first."""
        self.lowered = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWER)

    def cause_of_death(self) -> QueryRefused | QueryCrashed:
        """Why it ended while it answered, for the one who asked."""
        if self._process.returncode == -signal.SIGSYS:  # It opened a socket.
            return QueryRefused(NOT_ASKED)
        words = self._last_words
        return QueryCrashed(next((told for sign, told in _CAUSES if sign in words), _TOO_LARGE))

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
