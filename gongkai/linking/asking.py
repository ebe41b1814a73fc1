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
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError
from gongkai.sparql_client import Failure, RequestFailed, RequestLimits, SparqlClient

_ACCEPT = "application/sparql-results+json"
_LONG = 1800
"""Characters of a query, as encoded in a URL, from which on it is sent by POST."""

sleep = time.sleep


class AskingFailed(TranslatedError):
    """The endpoint gave no answer; the message says why and what to do.

    ``ends_run`` is true if no other query to the endpoint can succeed either.
    """

    def __init__(self, label: Label, ends_run: bool = False) -> None:
        """``label`` is for the user, in each language."""
        super().__init__(label)
        self.ends_run = ends_run


class _MayPass(AskingFailed):
    """A failure that may be temporary; ``seconds`` is how long the endpoint asks to wait."""

    def __init__(self, label: Label, ends_run: bool = False, seconds: float | None = None) -> None:
        super().__init__(label, ends_run)
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
            raise AnswerCut(translations("linking.asking.cut_at", rows=cut))
        late = reply.headers.get("x-sql-state")
        if late is not None:
            # At its time limit Virtuoso sends what it has so far, with status 200.
            raise AnswerCut(translations("linking.asking.out_of_time", state=late))
        return reply.body

    def _asking_failed(self, error: RequestFailed) -> AskingFailed:
        """A failed request, with what to do; whether it may pass, or less should be asked for."""
        settings = self._settings
        match error.failure:
            case Failure.REFUSED:
                return AskingFailed(translations("linking.asking.refused"))
            case Failure.UNAUTHORIZED:
                return AskingFailed(translations("linking.asking.password"), ends_run=True)
            case Failure.NOT_FOUND:
                return AskingFailed(translations("linking.asking.not_found"), ends_run=True)
            case Failure.OTHER_TYPE:
                return AskingFailed(
                    translations("linking.asking.other_type", type=error.said),
                    ends_run=True,
                )
            case Failure.OTHER_STATUS:
                return self._refusal(error)
            case Failure.URL_TOO_LONG:
                return AnswerCut(translations("linking.asking.query_too_long"))
            case Failure.TOO_LARGE:
                return AnswerCut(translations("linking.asking.too_large", most=settings.most_bytes))
            case Failure.TOO_SLOW:
                return AnswerCut(
                    translations("linking.asking.too_slow", seconds=f"{settings.most_seconds:g}")
                )
            case Failure.SERVER_ERROR:
                return _MayPass(translations("linking.asking.server_error"))
            case Failure.SILENT:
                return _MayPass(
                    translations("linking.asking.silent", seconds=f"{settings.read_seconds:g}")
                )
            case Failure.UNREACHABLE:
                return _MayPass(
                    translations("linking.asking.unreachable", reason=error.said),
                    ends_run=True,
                )
            case Failure.BROKEN_OFF:
                return _MayPass(translations("linking.asking.broken_off", reason=error.said))

    def _refusal(self, error: RequestFailed) -> AskingFailed:
        if error.status not in MAY_PASS:
            ends = error.status != 413
            return AskingFailed(
                translations(
                    "linking.asking.status", status=f"{error.status} {error.said}".rstrip()
                ),
                ends_run=ends,
            )
        seconds = retry_after(error.retry_after)
        if seconds is not None and seconds > self._settings.most_wait:
            return AskingFailed(
                translations("linking.asking.wait", status=error.status, seconds=f"{seconds:.0f}"),
                ends_run=True,
            )
        return _MayPass(
            translations("linking.asking.may_pass", status=error.status), seconds=seconds
        )

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
            raise _MayPass(translations("linking.asking.no_results"))
        if len(rows) >= self._most_rows:
            raise AnswerCut(translations("linking.asking.perhaps_cut", rows=len(rows)))
        return rows
