"""Clients and their limits: request rates and concurrent queries, by address."""

import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from gongkai.ontology.texts import message
from gongkai.server.settings import ClientSettings


class TooManyRequests(Exception):
    """A client exceeds a limit; the message says which, ``retry_after`` when to retry."""

    def __init__(self, said: str, retry_after: int) -> None:
        """``retry_after`` is in seconds."""
        super().__init__(said)
        self.retry_after = retry_after


def client_address(environ: Mapping[str, Any], proxies: int) -> str:
    """The address of the client of a request.

    Each of the ``proxies`` in front of the server appends the address that it sees to
    X-Forwarded-For: entries further left were written by the client, and are not reliable.
    """
    peer = str(environ.get("REMOTE_ADDR") or "")
    # Granian includes the port.
    address = peer.rpartition(":")[0].strip("[]") if peer.count(":") == 1 else peer
    if proxies:
        named = str(environ.get("HTTP_X_FORWARDED_FOR") or "").split(",")
        if len(named) >= proxies and named[-proxies].strip():
            return named[-proxies].strip()
    return address


class Clients:
    """Counts the queries of each client in this process."""

    def __init__(self, settings: ClientSettings) -> None:
        """Use the limits of ``settings``; 0 there means no limit."""
        self._settings = settings
        self._rate = RateLimitItemPerMinute(max(settings.queries_per_minute, 1))
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._exempt = [ipaddress.ip_network(network) for network in settings.exempt]
        self.is_exempt = lru_cache(maxsize=1024)(self._is_exempt)
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def address(self, environ: Mapping[str, Any]) -> str:
        """The address by which the client of a request is counted."""
        return client_address(environ, self._settings.proxies)

    def _is_exempt(self, client: str) -> bool:
        """Whether the client is exempt from limits."""
        try:
            address = ipaddress.ip_address(client)
        except ValueError:
            return False
        return any(address in network for network in self._exempt)

    @contextmanager
    def querying(self, client: str) -> Iterator[None]:
        """Count a query while it runs; raises TooManyRequests if the client must wait."""
        if self.is_exempt(client):
            yield
            return
        most, rate = self._settings.queries_at_once, self._settings.queries_per_minute
        with self._lock:
            if most and self._running[client] >= most:
                raise TooManyRequests(message("server.clients.at_once", count=most), 1)
            if rate and not self._limiter.hit(self._rate, client):
                again = self._limiter.get_window_stats(self._rate, client).reset_time
                raise TooManyRequests(
                    message("server.clients.a_minute", count=rate), _from_now(again)
                )
            self._running[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[client] -= 1
                if not self._running[client]:
                    del self._running[client]


def _from_now(moment: float) -> int:
    return max(1, round(moment - time.time()))
