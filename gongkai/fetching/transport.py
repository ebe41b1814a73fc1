"""Connect only to addresses that were checked.

Neither an address of a list nor a redirect may reach into the network that gongkai runs in: both
may come from anywhere. The name is resolved here, every address that it has is checked, and the
connection is made to one of those: no second look-up can return another. Names and certificates
stay those of the host (Host header, TLS server name).

Not covered: proxies (those of the environment are not used: httpx ignores them for custom
transports); services of the private network that are reached under public addresses; unusual ports
on public hosts.
"""

import asyncio
import socket

import httpx

from gongkai.fetching.addresses import is_public
from gongkai.fetching.failures import FetchFailed, PassingFailure
from gongkai.ontology.texts import translations


class CheckedTransport(httpx.AsyncBaseTransport):
    """A transport that connects to public addresses; to others only if ``allow_private``."""

    def __init__(self, allow_private: bool) -> None:
        """No connection is made yet."""
        self._allow_private = allow_private
        # Connections are not reused: the pool identifies them by address, and would give a host the
        # connection (and the certificate) of another host at the same address.
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to a checked address of its host.

        Raises FetchFailed for hosts that are unknown or not public.
        """
        host = request.url.raw_host.decode("ascii")
        failure: httpx.TransportError | None = None
        for address in await self._addresses(host, request.url.port or 0):
            there = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await self._inner.handle_async_request(there)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        assert failure is not None, "a host that is known has an address"
        raise failure

    async def aclose(self) -> None:
        """Close open connections."""
        await self._inner.aclose()

    async def _addresses(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            kind = PassingFailure if error.errno == socket.EAI_AGAIN else FetchFailed
            raise kind(
                translations("fetching.host.unknown", host=host, reason=error.strerror)
            ) from None
        except (UnicodeError, OSError) as error:
            raise FetchFailed(
                translations("fetching.host.not_looked_up", host=host, error=error)
            ) from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        refused = [address for address in addresses if not is_public(address)]
        if refused and not self._allow_private:
            raise FetchFailed(
                translations("fetching.host.not_public", host=host, address=refused[0])
            )
        return addresses
