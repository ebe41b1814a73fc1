"""Share the result of concurrent identical work, so that it is done once."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class _Flight(Generic[Result]):
    """Work in progress: an event that it is done, and its result, if any."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: Result | None = None


class Flights(Generic[Result]):
    """Work in progress by key; later callers wait for its result."""

    def __init__(self) -> None:
        """No work is in progress."""
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, _Flight[Result]] = {}

    def once(self, key: Hashable, work: Callable[[], Result | None]) -> Result | None:
        """The result of the work, or of the same work already in progress.

        None and exceptions go only to the caller who did the work: each waiting caller then does
        the work itself, once.
        """
        with self._lock:
            flight = self._under_way.get(key)
            mine = flight is None
            if flight is None:
                flight = self._under_way[key] = _Flight()
        if not mine:
            flight.done.wait()
            return work() if flight.result is None else flight.result
        try:
            flight.result = work()
            return flight.result
        finally:
            with self._lock:
                del self._under_way[key]
            flight.done.set()
