"""HTTP requests to a remote SPARQL store, with the exceptions of stores."""

import logging
from dataclasses import dataclass, field

from gongkai.ontology.texts import translations
from gongkai.server.store import (
    AnswerTooLarge,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreError,
)
from gongkai.sparql_client import Credentials, Failure, RequestFailed, RequestLimits, SparqlClient

LOG = logging.getLogger("gongkai.store")

OWN_SECONDS = 60.0
"""Seconds that an update, or a query of our own, may take."""

_MOST_OF_AN_UPDATE = 10_000_000
"""Bytes that the answer to an update may have."""


@dataclass(frozen=True)
class Remote:
    """The addresses of a remote store for queries and updates, and how to authenticate.

    ``digest`` selects HTTP digest authentication (Virtuoso); else it is basic.
    """

    query: str
    update: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    digest: bool = False

    @property
    def update_address(self) -> str:
        """The address for updates: as given, or the usual one beside the query address."""
        if self.update:
            return self.update
        head, slash, last = self.query.rpartition("/")
        return head + slash + "update" if last == "query" else self.query


class Endpoint:
    """Requests to a store, with the exceptions of ``gongkai.server.store``."""

    def __init__(self, remote: Remote) -> None:
        """Requests to the store at ``remote``."""
        login = Credentials(remote.user, remote.password, remote.digest) if remote.user else None
        self._queries = SparqlClient(remote.query, login)
        self._updates = SparqlClient(remote.update_address, login)
        self.software = ""
        """The store's name for itself (RFC 9110, section 10.2.4), in lower case."""

    def ask(
        self, text: str, accept: str, parameters: list[tuple[str, str]], seconds: float, most: int
    ) -> bytes:
        """The complete answer to a query, within ``seconds`` and ``most`` bytes."""
        where = self._queries.address
        try:
            reply = self._queries.query(text, accept, _limits(seconds, most), parameters)
        except RequestFailed as error:
            raise _query_error(error, where, seconds, most) from None
        self.software = reply.headers.get("server", "").lower()
        cut = reply.headers.get("x-sparql-maxrows")
        if cut is not None:
            # Virtuoso omits rows without an error; an answer that may be incomplete is not used.
            raise StoreError(translations("store.remote.cut", where=where, rows=cut))
        return reply.body

    def update(self, text: str) -> None:
        """Send an update."""
        where = self._updates.address
        try:
            self._updates.update(text, _limits(OWN_SECONDS, _MOST_OF_AN_UPDATE))
        except RequestFailed as error:
            raise _update_error(error, where) from None


def _limits(seconds: float, most: int) -> RequestLimits:
    return RequestLimits(silence=max(round(seconds), 1), seconds=seconds, size=most)


def _update_error(error: RequestFailed, where: str) -> StoreError:
    """A failed update as an exception of stores."""
    match error.failure:
        case Failure.REFUSED | Failure.URL_TOO_LONG:
            return StoreError(
                translations("store.remote.refused_update", where=where, said=error.said)
            )
        case Failure.SERVER_ERROR:
            LOG.error("%s: %s", where, error.said)
            return StoreError(translations("store.remote.update_failed", where=where))
        case Failure.SILENT | Failure.TOO_SLOW:
            return StoreError(
                translations("store.remote.update_given_up", where=where, seconds=OWN_SECONDS)
            )
        case Failure.TOO_LARGE:
            return StoreError(
                translations("store.remote.update_too_large", where=where, most=_MOST_OF_AN_UPDATE)
            )
    return _unusable(error, where)


def _query_error(error: RequestFailed, where: str, seconds: float, most: int) -> Exception:
    """A failed query as an exception of stores."""
    match error.failure:
        case Failure.REFUSED | Failure.URL_TOO_LONG:
            return QueryRefused(error.said)
        case Failure.SERVER_ERROR:
            LOG.error("%s: %s", where, error.said)
            return QueryCrashed(translations("store.remote.crashed"))
        case Failure.SILENT | Failure.TOO_SLOW:
            return QueryTimedOut(translations("store.remote.given_up", seconds=seconds))
        case Failure.TOO_LARGE:
            return AnswerTooLarge(translations("store.too_large", most=most))
    return _unusable(error, where)


def _unusable(error: RequestFailed, where: str) -> StoreError:
    """A failure that has nothing to do with what was asked."""
    said = error.said
    match error.failure:
        case Failure.UNAUTHORIZED:
            return StoreError(translations("store.remote.unauthorized", where=where))
        case Failure.NOT_FOUND:
            return StoreError(translations("store.remote.not_found", where=where))
        case Failure.UNREACHABLE:
            return StoreError(translations("store.remote.unreachable", where=where, said=said))
        case Failure.BROKEN_OFF:
            return StoreError(translations("store.remote.broken_off", where=where, said=said))
        case Failure.OTHER_STATUS:
            said = f"{error.status} {said}"
    return StoreError(translations("store.remote.answers", where=where, said=said))
