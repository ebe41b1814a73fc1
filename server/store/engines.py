"""Engines: processes that answer queries and can be killed, so that time limits are enforced.

Neither pyoxigraph nor its server can stop a query, and some queries crash them. A pool of the
standard library or of pebble takes longer to reach a worker than most queries take to answer, and
cannot separate slow ones. Here each engine has its own socket. A query that is still running after
``SLOW`` seconds continues in an engine of lower priority, and another engine is started in its
place: slow queries never delay quick ones.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from gongkai.ontology.texts import translations
from gongkai.server.store import (
    AnswerTooLarge,
    NotInFormat,
    QueryRefused,
    QueryTimedOut,
    StoreBusy,
    StoreError,
)
from gongkai.server.store.bounds import Bounds
from gongkai.server.store.engine_process import EngineEnded, EngineProcess
from gongkai.server.store.framing import receive, send

SLOW = 0.05
"""Seconds after which a query counts as slow, if its engine used half of them."""

_WAITING = 0.5
"""Seconds after which a query counts as slow, whatever its engine did."""

_TROUBLE = {kind.__name__: kind for kind in (AnswerTooLarge, NotInFormat, QueryRefused, StoreError)}


class _NoPlace(Exception):
    """The query is slow, and the limit of running slow queries is reached."""


class Engines:
    """A pool of engines over one store, used by any number of threads."""

    def __init__(self, arguments: Sequence[str], bounds: Bounds) -> None:
        """``arguments`` are those of ``gongkai.server.store.engine``; engines start as needed."""
        self._arguments = tuple(arguments)
        self._bounds = bounds
        self._condition = threading.Condition()
        self._idle: deque[EngineProcess] = deque()
        self._quick = self._slow = self._waiting = 0
        self._running: set[EngineProcess] = set()
        self._closed = False
        self._failure: Exception | None = None

    def ask(self, request: tuple[Any, ...], seconds: float) -> Any:
        """The answer of an engine to ``request``, within ``seconds``.

        A slow query for which there is no slot is started again when there is one; so is, once, a
        query whose engine was ended from outside. Raises QueryTimedOut, QueryCrashed, StoreBusy,
        and the exceptions of the engine itself.
        """
        deadline = time.monotonic() + seconds
        try:
            return self._ask_any(request, seconds)
        except EngineEnded:
            try:
                return self._ask_any(request, max(deadline - time.monotonic(), 0.001))
            except EngineEnded:
                raise StoreBusy(translations("store.ended_from_outside")) from None

    def _ask_any(self, request: tuple[Any, ...], seconds: float) -> Any:
        try:
            return self._ask(self._take(), request, seconds)
        except _NoPlace:
            return self._ask(self._take_for_slow(), request, seconds)

    def _ask(self, engine: EngineProcess, request: tuple[Any, ...], seconds: float) -> Any:
        slow = engine.lowered
        began = time.monotonic()
        deadline = began + seconds
        try:
            worked = engine.worked()
            engine.connection.settimeout(seconds)
            send(engine.connection, (seconds, *request))
            while not slow and not engine.answers_within(min(SLOW, deadline - time.monotonic())):
                # On a busy machine it may not have been scheduled yet: that does not make it slow.
                # A query that waits for a disk, or for another endpoint, uses no processor time
                # either.
                waited = time.monotonic() - began
                if engine.worked() - worked >= SLOW / 2 or waited >= min(_WAITING, seconds):
                    slow = True
                    self._demote(engine)
            engine.connection.settimeout(max(deadline - time.monotonic(), 0.001))
            ok, answer = receive(engine.connection)
        except TimeoutError:
            self._end(engine, slow)
            raise QueryTimedOut(translations("store.timed_out", seconds=seconds)) from None
        except (EOFError, OSError):
            engine.wait()
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
            kind, label = answer
            raise _TROUBLE[kind](label)
        return answer

    def close(self) -> None:
        """End all engines, busy or not."""
        with self._condition:
            self._closed = True
            for engine in (*self._idle, *self._running):
                engine.kill()
            self._idle.clear()
            self._condition.notify_all()

    def warm_up(self) -> None:
        """Start all engines, so that the first queries need not wait for them."""
        with self._condition:
            self._replenish()
            self._condition.wait_for(
                lambda: len(self._idle) == self._bounds.engines or self._failure,
                self._bounds.patience,
            )

    def _take(self) -> EngineProcess:
        with self._condition:
            self._failure = None
            self._drop_ended()
            self._replenish()
            self._wait_for(lambda: bool(self._idle or self._failure), "quick")
            if not self._idle:
                raise _not_started(self._failure)
            engine = self._idle.popleft()
            self._running.add(engine)
            return engine

    def _take_for_slow(self) -> EngineProcess:
        """A new engine for a query that is known to be slow, when there is a slot for it."""
        with self._condition:
            places = self._bounds.slow
            self._wait_for(lambda: self._slow < places, "slow")
            self._slow += 1
        try:
            engine = EngineProcess(self._arguments)
        except (EOFError, OSError) as error:
            with self._condition:
                self._slow -= 1
                self._condition.notify_all()
            raise _not_started(error) from None
        engine.lower()
        with self._condition:
            self._running.add(engine)
        return engine

    def _wait_for(self, ready: Callable[[], bool], kind: str) -> None:
        """Wait for a quick or a slow engine; StoreBusy after some time, or if too many wait."""
        if not ready() and self._waiting >= self._bounds.waiting:
            raise StoreBusy(translations(f"store.busy.{kind}"))
        self._waiting += 1
        try:
            found = self._condition.wait_for(lambda: ready() or self._closed, self._bounds.patience)
        finally:
            self._waiting -= 1
        if self._closed:
            raise StoreError(translations("store.closed"))
        if not found:
            raise StoreBusy(translations(f"store.busy.{kind}"))

    def _drop_ended(self) -> None:
        """Drop idle engines that were ended from outside."""
        for engine in [one for one in self._idle if one.ended]:
            self._idle.remove(engine)
            self._quick -= 1
            engine.kill()

    def _replenish(self) -> None:
        """Start the missing engines in the background: each takes a tenth of a second."""
        while self._quick < self._bounds.engines and not self._closed:
            self._quick += 1
            threading.Thread(target=self._start, daemon=True).start()

    def _start(self) -> None:
        try:
            engine = EngineProcess(self._arguments)
        except (EOFError, OSError) as error:
            with self._condition:
                self._quick -= 1
                self._failure = error
                self._condition.notify_all()
            return
        with self._condition:
            if self._closed:
                engine.kill()
                return
            self._idle.append(engine)
            self._condition.notify_all()

    def _give_back(self, engine: EngineProcess) -> None:
        with self._condition:
            self._running.discard(engine)
            if self._closed:
                engine.kill()
                return
            self._idle.append(engine)
            self._condition.notify()

    def _demote(self, engine: EngineProcess) -> None:
        """Let another engine replace one that answers a slow query."""
        with self._condition:
            if self._slow >= self._bounds.slow:
                raise _NoPlace
            self._slow += 1
            self._quick -= 1
            self._replenish()
        engine.lower()

    def _end(self, engine: EngineProcess, slow: bool) -> None:
        # First, so that the limit is never exceeded.
        engine.kill()
        with self._condition:
            self._running.discard(engine)
            if slow and engine.lowered:
                self._slow -= 1
            else:
                self._quick -= 1
            self._replenish()
            self._condition.notify_all()


def _not_started(failure: Exception | None) -> StoreError:
    reason = str(failure or "") or translations("store.ended_at_once")
    return StoreError(translations("store.no_engine", reason=reason))
