"""Polite questions to a SPARQL endpoint: one request at a time, with pauses and retries."""

import json
import time
from datetime import UTC, datetime
from urllib.parse import quote_plus

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from gongkai.fetching.retry_after import MAY_PASS, retry_after
from gongkai.fetching.settings import FetchSettings
from gongkai.linking.cache import Cache, CachedAnswer, Row
from gongkai.sparql_client import Failure, RequestFailed, RequestLimits, SparqlClient

_ACCEPT = "application/sparql-results+json"
_LONG = 1800
"""Characters of a query, as encoded in a URL, from which on it is sent by POST."""

sleep = time.sleep


class AskingFailed(Exception):
    """The endpoint gave no answer; the message says why and what to do.

    ``ends_run`` is true if no other query to the endpoint can succeed either.
    """

    def __init__(self, message: str, ends_run: bool = False) -> None:
        """``message`` is for the user."""
        super().__init__(message)
        self.ends_run = ends_run


class _MayPass(AskingFailed):
    """A failure that may be temporary; ``seconds`` is how long the endpoint asks to wait."""

    def __init__(self, message: str, ends_run: bool = False, seconds: float | None = None) -> None:
        super().__init__(message, ends_run)
        self.seconds = seconds


class AnswerCut(AskingFailed):
    """The answer was truncated: ask for less at once."""


class Asker:
    """Queries one endpoint, within the limits of ``settings`` (those of fetching).

    ``most_rows`` is the number of rows at which an answer counts as truncated; answers are kept in
    ``cache``.
    """

    def __init__(
        self, endpoint: str, settings: FetchSettings, most_rows: int, cache: Cache
    ) -> None:
        """Nothing is requested yet."""
        self.endpoint = endpoint
        self._client = SparqlClient(endpoint, agent=settings.user_agent)
        self._limits = RequestLimits(
            settings.read_seconds, settings.most_seconds, settings.most_bytes
        )
        self._settings = settings
        self._most_rows = most_rows
        self._cache = cache
        self._last: float | None = None
        backing_off = wait_exponential_jitter(
            multiplier=2 * settings.pause, jitter=settings.pause, max=settings.most_wait
        )

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            pause = error.seconds if isinstance(error, _MayPass) else None
            return backing_off(state) if pause is None else max(pause, settings.pause)

        self._retrying = Retrying(
            retry=retry_if_exception_type(_MayPass),
            stop=stop_after_attempt(settings.attempts),
            wait=wait,
            sleep=lambda seconds: sleep(seconds),
            reraise=True,
        )

    def ask(self, query: str) -> CachedAnswer:
        """The answer to a SELECT query, from the cache or from the endpoint.

        Raises AskingFailed, and OSError if the cache cannot be written.
        """
        known = self._cache.get(self.endpoint, query)
        if known is not None:
            return known
        rows = self._retrying.copy()(self._once, query)
        answer = CachedAnswer(rows, datetime.now(UTC).replace(microsecond=0))
        self._cache.keep(self.endpoint, query, answer)
        return answer

    def _once(self, query: str) -> tuple[Row, ...]:
        if self._last is not None:
            left = self._last + self._settings.pause - time.monotonic()
            if left > 0:
                sleep(left)
        try:
            body = self._request(query)
        finally:
            self._last = time.monotonic()
        return self._rows(body)

    def _request(self, query: str) -> bytes:
        try:
            reply = self._client.query(
                query,
                _ACCEPT,
                self._limits,
                media_types=(_ACCEPT, "application/json"),
                by_get=len(quote_plus(query)) <= _LONG,
            )
        except RequestFailed as error:
            raise self._asking_failed(error) from None
        cut = reply.headers.get("x-sparql-maxrows")
        if cut is not None:
            raise AnswerCut(f"it cuts answers at {cut} rows")
        late = reply.headers.get("x-sql-state")
        if late is not None:
            # At its time limit Virtuoso sends what it has so far, with status 200.
            raise AnswerCut(f"it ran out of time, and sent a part of the answer ({late})")
        return reply.body

    def _asking_failed(self, error: RequestFailed) -> AskingFailed:
        """A failed request, with what to do; whether it may pass, or less should be asked for."""
        settings = self._settings
        match error.failure:
            case Failure.REFUSED:
                return AskingFailed("it refuses the query (400): check the profile's paths")
            case Failure.UNAUTHORIZED:
                return AskingFailed("it asks for a password (401)", ends_run=True)
            case Failure.NOT_FOUND:
                return AskingFailed("there is nothing (404): check the address", ends_run=True)
            case Failure.OTHER_TYPE:
                return AskingFailed(
                    f"it answers {error.said}, not results of a query: check that the address is "
                    "that of a SPARQL endpoint, and open it with a browser",
                    ends_run=True,
                )
            case Failure.OTHER_STATUS:
                return self._refusal(error)
            case Failure.URL_TOO_LONG:
                return AnswerCut("it refuses so long a query (414)")
            case Failure.TOO_LARGE:
                return AnswerCut(f"the answer has more than {settings.most_bytes} bytes")
            case Failure.TOO_SLOW:
                return AnswerCut(
                    f"the answer was not complete after {settings.most_seconds:g} seconds"
                )
            case Failure.SERVER_ERROR:
                return _MayPass("it answers 500, perhaps since the query takes too long")
            case Failure.SILENT:
                return _MayPass(f"it was silent for {settings.read_seconds:g} seconds")
            case Failure.UNREACHABLE:
                return _MayPass(
                    f"it cannot be reached ({error.said}): check the address, or try again later",
                    ends_run=True,
                )
            case Failure.BROKEN_OFF:
                return _MayPass(f"the answer broke off ({error.said})")

    def _refusal(self, error: RequestFailed) -> AskingFailed:
        if error.status not in MAY_PASS:
            ends = error.status != 413
            return AskingFailed(f"it answers {error.status} {error.said}".rstrip(), ends_run=ends)
        seconds = retry_after(error.retry_after)
        if seconds is not None and seconds > self._settings.most_wait:
            return AskingFailed(
                f"it answers {error.status} and asks to be left alone for {seconds:.0f} seconds: "
                "run the command again after that",
                ends_run=True,
            )
        return _MayPass(f"it answers {error.status}: try again later", seconds=seconds)

    def _rows(self, body: bytes) -> tuple[Row, ...]:
        try:
            rows = tuple(json.loads(body)["results"]["bindings"])
            whole = all(
                isinstance(cell["value"], str) and isinstance(cell["type"], str)
                for row in rows
                for cell in row.values()
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            whole = False
        if not whole:
            # Endpoints that run out of time break off in the middle of an answer with status 200.
            raise _MayPass("its answer is broken off, or no SPARQL results in JSON")
        if len(rows) >= self._most_rows:
            raise AnswerCut(f"the answer has {len(rows)} rows, and may have been cut")
        return rows
