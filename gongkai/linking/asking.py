"""A polite client of a SPARQL endpoint: one request at a time, through SPARQLWrapper."""

import io
import json
import time
import urllib.error
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus

from SPARQLWrapper import GET, JSON, POST, SPARQLExceptions, SPARQLWrapper
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from gongkai.fetching.retry_after import MAY_PASS, retry_after
from gongkai.fetching.settings import FetchSettings
from gongkai.linking.cache import Answer, Cache, Row

_ACCEPT = "application/sparql-results+json"
_LONG = 1800
"""Characters of a query, as encoded in a URL, from which on it is sent by POST."""

_PIECE = 64 * 1024

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
        self._settings = settings
        self._most_rows = most_rows
        self._cache = cache
        self._last: float | None = None
        backing_off = wait_exponential_jitter(
            multiplier=2 * settings.pause, jitter=settings.pause, max=settings.most_wait
        )

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            told = error.seconds if isinstance(error, _MayPass) else None
            return backing_off(state) if told is None else max(told, settings.pause)

        self._retrying = Retrying(
            retry=retry_if_exception_type(_MayPass),
            stop=stop_after_attempt(settings.attempts),
            wait=wait,
            sleep=lambda seconds: sleep(seconds),
            reraise=True,
        )

    def ask(self, query: str) -> Answer:
        """The answer to a SELECT query, from the cache or from the endpoint.

        Raises AskingFailed, and OSError if the cache cannot be written.
        """
        known = self._cache.get(self.endpoint, query)
        if known is not None:
            return known
        rows = self._retrying.copy()(self._once, query)
        answer = Answer(rows, datetime.now(UTC).replace(microsecond=0))
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
        settings = self._settings
        wrapper: Any = SPARQLWrapper(self.endpoint, agent=settings.user_agent)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(JSON)
        wrapper.addCustomHttpHeader("Accept", _ACCEPT)
        wrapper.timeout = settings.read_seconds
        wrapper.setMethod(POST if len(quote_plus(query)) > _LONG else GET)
        wrapper.setQuery(query)
        deadline = time.monotonic() + settings.most_seconds
        try:
            response: Any = wrapper.query().response
            with response:
                kind = response.headers.get_content_type()
                if kind not in (_ACCEPT, "application/json"):
                    raise AskingFailed(
                        f"it answers {kind}, not results of a query: check that the address is "
                        "that of a SPARQL endpoint, and open it with a browser",
                        ends_run=True,
                    )
                cut = response.headers.get("X-SPARQL-MaxRows")
                late = response.headers.get("X-SQL-State")
                body = self._read(response, deadline)
        except SPARQLExceptions.QueryBadFormed:
            raise AskingFailed("it refuses the query (400): check the profile's paths") from None
        except SPARQLExceptions.Unauthorized:
            raise AskingFailed("it wants a password (401)", ends_run=True) from None
        except SPARQLExceptions.EndPointNotFound:
            raise AskingFailed("there is nothing (404): check the address", True) from None
        except SPARQLExceptions.EndPointInternalError:
            raise _MayPass("it answers 500, perhaps since the query takes too long") from None
        except SPARQLExceptions.URITooLong:
            raise AnswerCut("it refuses so long a query (414)") from None
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from None
        except TimeoutError:
            raise self._silent() from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._silent() from None
            raise _MayPass(
                f"it cannot be reached ({error.reason}): check the address, or try again later",
                ends_run=True,
            ) from None
        except (OSError, HTTPException) as error:
            raise _MayPass(f"the answer broke off ({error or type(error).__name__})") from None
        if cut is not None:
            raise AnswerCut(f"it cuts answers at {cut} rows")
        if late is not None:
            # At its time limit Virtuoso sends what it has so far, with status 200.
            raise AnswerCut(f"it ran out of time, and sent a part of the answer ({late})")
        return body

    def _refusal(self, error: urllib.error.HTTPError) -> AskingFailed:
        if error.code not in MAY_PASS:
            ends = error.code != 413
            return AskingFailed(f"it answers {error.code} {error.reason}".rstrip(), ends_run=ends)
        seconds = retry_after(error.headers.get("Retry-After", ""))
        if seconds is not None and seconds > self._settings.most_wait:
            return AskingFailed(
                f"it answers {error.code} and asks to be left alone for {seconds:.0f} seconds: "
                "run the command again after that",
                ends_run=True,
            )
        return _MayPass(f"it answers {error.code}: try again later", seconds=seconds)

    def _silent(self) -> _MayPass:
        return _MayPass(f"it was silent for {self._settings.read_seconds:g} seconds")

    def _read(self, response: Any, deadline: float) -> bytes:
        body = io.BytesIO()
        while piece := response.read(_PIECE):
            body.write(piece)
            if body.tell() > self._settings.most_bytes:
                raise AnswerCut(f"the answer has more than {self._settings.most_bytes} bytes")
            if time.monotonic() > deadline:
                raise AnswerCut(
                    f"the answer was not complete after {self._settings.most_seconds:g} seconds"
                )
        if response.length:
            raise _MayPass("the answer broke off before all was sent")
        return body.getvalue()

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
