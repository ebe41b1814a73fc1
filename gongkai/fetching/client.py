"""Fetch one address at a time: robots.txt, redirects, retries, limits."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import httpx
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from gongkai.fetching.addresses import web_address
from gongkai.fetching.bodies import ACCEPTED_CODING, FetchedContent, read_body
from gongkai.fetching.failures import FetchFailed, PassingFailure
from gongkai.fetching.hosts import Host
from gongkai.fetching.retry_after import MAY_PASS, retry_after
from gongkai.fetching.robots import Robots
from gongkai.fetching.settings import FetchSettings
from gongkai.fetching.transport import CheckedTransport
from gongkai.ontology.texts import translations

_ADVISED = (401, 403, 404, 410, 451)
"""Answers that have advice of their own."""


@dataclass(frozen=True)
class HttpAnswer:
    """The answer of a host: a body, or None for ``body`` if the resource has not changed.

    ``url`` is the address that answered in the end, ``redirects`` are those before it; ``complete``
    is when the answer was complete.
    """

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: FetchedContent | None
    complete: datetime
    redirects: tuple[httpx.URL, ...] = ()


@dataclass(frozen=True)
class _Moved:
    target: str


class _Budget:
    """The seconds left for the requests of one address."""

    def __init__(self, seconds: float) -> None:
        self._total = self._left = seconds

    @asynccontextmanager
    async def spending(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(max(self._left, 0)):
                yield
        except TimeoutError:
            raise FetchFailed(
                translations("fetching.answer.too_slow", seconds=f"{self._total:g}")
            ) from None
        finally:
            self._left -= loop.time() - started


class Client:
    """Fetches files from hosts, within the limits of ``settings``."""

    def __init__(self, settings: FetchSettings) -> None:
        """No request is made yet."""
        self._settings = settings
        self._http = httpx.AsyncClient(
            transport=CheckedTransport(settings.allow_private),
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "*/*",
                "Accept-Encoding": ACCEPTED_CODING,
                "Connection": "close",
            },
            timeout=httpx.Timeout(
                settings.read_seconds, connect=settings.connect_seconds, pool=None
            ),
        )
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._retrying = AsyncRetrying(
            retry=retry_if_exception_type(PassingFailure),
            stop=stop_after_attempt(settings.attempts),
            wait=wait_exponential_jitter(
                multiplier=2 * settings.pause, jitter=settings.pause, max=settings.most_wait
            ),
            reraise=True,
        )

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close open connections."""
        await self._http.aclose()

    async def get(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        conditions: Mapping[httpx.URL, httpx.Headers],
    ) -> HttpAnswer:
        """Fetch ``url``, following redirects; ``conditions`` apply to the addresses they belong to.

        Raises FetchFailed with the reason.
        """
        return await self._follow(url, headers, conditions, obey=True)

    async def _follow(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        conditions: Mapping[httpx.URL, httpx.Headers],
        obey: bool,
    ) -> HttpAnswer:
        budget = _Budget(self._settings.most_seconds)
        passed: list[httpx.URL] = []
        while True:
            if obey:
                await self._check_robots(url)
            sent = httpx.Headers(headers)
            sent.update(conditions.get(url))
            # A copy, because concurrent retries of two addresses would share state.
            answer: HttpAnswer | _Moved = await self._retrying.copy()(
                self._once, url, sent, budget, tuple(passed), not obey
            )
            if isinstance(answer, HttpAnswer):
                return answer
            passed.append(url)
            if len(passed) > self._settings.most_redirects:
                raise FetchFailed(
                    translations(
                        "fetching.answer.redirects",
                        most=self._settings.most_redirects,
                        target=answer.target,
                    )
                )
            try:
                url = web_address(answer.target)
            except FetchFailed as error:
                raise FetchFailed(
                    translations(
                        "fetching.answer.redirected",
                        target=repr(answer.target[:200]),
                        why=error.label,
                    )
                ) from None

    async def _once(
        self,
        url: httpx.URL,
        headers: httpx.Headers,
        budget: _Budget,
        passed: tuple[httpx.URL, ...],
        for_robots: bool,
    ) -> HttpAnswer | _Moved:
        """One request when the host is free. Raises FetchFailed; PassingFailure for a retry."""
        settings = self._settings
        host = self._host(url)
        most_bytes = settings.most_robots_bytes if for_robots else settings.most_bytes
        try:
            async with (
                host.turn(),
                budget.spending(),
                self._http.stream("GET", url, headers=headers) as response,
            ):
                if response.next_request is not None:
                    return _Moved(str(response.next_request.url))
                unchanged = response.status_code == 304 and any(
                    name.startswith("if-") for name in headers
                )
                if not unchanged:
                    _check_status(response, host)
                body = None if unchanged else await read_body(response, most_bytes, for_robots)
                return HttpAnswer(
                    url, response.status_code, response.headers, body, datetime.now(UTC), passed
                )
        except httpx.ConnectTimeout:
            raise PassingFailure(
                translations("fetching.host.no_connection", seconds=f"{settings.connect_seconds:g}")
            ) from None
        except httpx.TimeoutException:
            raise PassingFailure(
                translations("fetching.host.silent", seconds=f"{settings.read_seconds:g}")
            ) from None
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise _broken(error) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchFailed(translations("fetching.host.not_asked", error=error)) from None

    async def _check_robots(self, url: httpx.URL) -> None:
        """Raise FetchFailed unless the origin's robots.txt allows ``url``; keep its crawl delay."""
        place = url.copy_with(raw_path=b"/robots.txt")
        task = self._robots.get(str(place))
        if task is None:
            task = self._robots[str(place)] = asyncio.create_task(self._robots_at(place))
        robots = await task
        self._host(url).slow_down(min(robots.pause, self._settings.most_pause))
        if robots.unreachable is not None:
            raise FetchFailed(
                translations("fetching.robots.unreachable", address=place, why=robots.unreachable)
            )
        if not robots.allow(str(url)):
            raise FetchFailed(translations("fetching.robots.forbidden", address=place))

    async def _robots_at(self, place: httpx.URL) -> Robots:
        try:
            answer = await self._follow(place, {}, {}, obey=False)
        except FetchFailed as error:
            # RFC 9309, section 2.3.1.3: a missing robots.txt forbids nothing. “Too many requests”
            # does not mean that it is missing, though the status is of the same class.
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return Robots()
            return Robots(unreachable=error.label)
        assert answer.body is not None, "without a condition there is a body"
        with answer.body.file as file:
            return Robots.parsed(file.read(), answer.body.whole)

    def _host(self, url: httpx.URL) -> Host:
        settings = self._settings
        return self._hosts.setdefault(url.host, Host(settings.pause, settings.most_wait))


def _check_status(response: httpx.Response, host: Host) -> None:
    """Raise FetchFailed unless the response has the file; note the host's Retry-After."""
    status = response.status_code
    if status in (200, 203):
        return
    if status in MAY_PASS:
        if (seconds := retry_after(response.headers.get("retry-after", ""))) is not None:
            host.wait_for(seconds)
        raise PassingFailure(translations("fetching.answer.may_pass", status=status), status)
    advice = translations(f"fetching.answer.advice.{status if status in _ADVISED else 'other'}")
    raise FetchFailed(translations("fetching.answer.status", status=status, advice=advice), status)


def _broken(error: httpx.TransportError) -> FetchFailed:
    """The cause of a failed connection; waiting does not help with a certificate."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchFailed(
                translations("fetching.host.certificate", reason=cause.verify_message)
            )
        cause = cause.__cause__ or cause.__context__
    return PassingFailure(translations("fetching.host.broken_off", error=error))
