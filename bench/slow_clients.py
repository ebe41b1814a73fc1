"""Clients that send or read a byte a second, and who looks meanwhile how the server is.

    python bench/slow_clients.py ADDRESS [--each 100] [--questions 30000]

Asks a server that runs already for its health: idle, and beside slow clients. Prints the median and
the slowest answer of both, and the ratio of the medians.
"""

import argparse
import asyncio
import contextlib
import statistics
import threading
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx

_Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
_READ = b"GET /dump/report/mohrss/2019.ttl HTTP/1.1\r\nHost: localhost\r\n\r\n"


class SlowClients:
    """``each`` clients that send a body, and as many that read a file, a byte a second."""

    def __init__(self, port: int, each: int) -> None:
        """They begin at once, in a thread of their own, and begin again when they are ended."""
        self._port, self._each = port, each
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._all(),))
        self._stopping = asyncio.Event()
        self.ended = 0
        self._thread.start()

    def stop(self) -> None:
        """End them all."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _all(self) -> None:
        tasks = [
            self._loop.create_task(self._again(client))
            for client in (self._send, self._take)
            for _ in range(self._each)
        ]
        await self._stopping.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, client: _Client) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    await client(reader, writer)
                finally:
                    writer.close()
            self.ended += 1
            await asyncio.sleep(0.1)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_BODY)
        while not reader.at_eof():
            writer.write(b"q")
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                if not await asyncio.wait_for(reader.read(1), 1):
                    return

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_READ)
        while await reader.read(1):
            await asyncio.sleep(1)


def health(address: str, count: int = 50) -> tuple[float, float]:
    """Median and greatest seconds of ``count`` questions whether the server lives."""
    seconds = []
    with httpx.Client(timeout=60) as client:
        for _ in range(count):
            began = time.perf_counter()
            assert client.get(address + "healthz").status_code == 200
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), max(seconds)


def main() -> None:
    """Ask for health, idle and beside slow clients."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--questions", type=int, default=30_000)
    asked = parser.parse_args()
    address = asked.address.rstrip("/") + "/"
    idle, idle_slowest = health(address, asked.questions)
    clients = SlowClients(urlsplit(address).port or 80, asked.each)
    try:
        time.sleep(5)
        busy, slowest = health(address, asked.questions)
    finally:
        clients.stop()
    print(f"idle: median {idle * 1000:.2f} ms, slowest {idle_slowest * 1000:.1f} ms")
    print(
        f"beside {2 * asked.each} slow clients: median {busy * 1000:.2f} ms "
        f"({busy / idle:.1f} : 1), slowest {slowest * 1000:.1f} ms; "
        f"clients ended and begun again: {clients.ended}"
    )


if __name__ == "__main__":
    main()
