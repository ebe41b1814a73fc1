"""One request at a time to each host, with a pause after it."""

import asyncio
from asyncio import sleep
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gongkai.fetching.failures import FetchFailed
from gongkai.ontology.texts import translations


class Host:
    """The request queue of a host: a minimum ``pause`` in seconds, which can only grow.

    ``wait_for`` sets the time that the host asked to be left alone.
    """

    def __init__(self, pause: float, most_wait: float) -> None:
        """No request to the host was made yet."""
        self._pause = pause
        self._most_wait = most_wait
        self._turn = asyncio.Lock()
        self._ended: float | None = None
        self._closed_until: float | None = None

    def slow_down(self, pause: float) -> None:
        """Leave at least ``pause`` seconds between two requests from now on."""
        self._pause = max(self._pause, pause)

    def wait_for(self, seconds: float) -> None:
        """Make no request for some seconds from now."""
        until = asyncio.get_running_loop().time() + seconds
        self._closed_until = max(until, self._closed_until or until)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the host's only request slot; raises FetchFailed if it demands too long a wait."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            now = loop.time()
            closed = (self._closed_until or now) - now
            if closed > self._most_wait:
                raise FetchFailed(translations("fetching.host.wait", seconds=f"{closed:.0f}"))
            paused = 0.0 if self._ended is None else self._ended + self._pause - now
            if (wait := max(closed, paused)) > 0:
                await sleep(wait)
            self._closed_until = None
            try:
                yield
            finally:
                self._ended = loop.time()
