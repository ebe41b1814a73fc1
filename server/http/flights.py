"""Work that is done once for all who want it at the same time."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class _Flight(Generic[Result]):
    """Work under way: whether it is done, and what came of it, if anything."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: Result | None = None


class Flights(Generic[Result]):
    """Work by its key; who comes while it is under way waits for its result."""

    def __init__(self) -> None:
        """No work is under way."""
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, _Flight[Result]] = {}

    def once(self, key: Hashable, work: Callable[[], Result | None]) -> Result | None:
        """The result of the work; of that under way, if there is any.

        None, and what the work raises, are for the one who did it: the others then do it by
        themselves, each once.
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
