"""HTTP requests to a remote SPARQL store, with the exceptions of stores."""

import logging
from dataclasses import dataclass, field

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
            raise StoreError(f"{where}: cuts answers at {cut} rows: raise its ResultSetMaxRows")
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
            return StoreError(f"{where}: refused the update: {error.said}")
        case Failure.SERVER_ERROR:
            LOG.error("%s: %s", where, error.said)
            return StoreError(f"{where}: the store cannot carry out this update")
        case Failure.SILENT | Failure.TOO_SLOW:
            return StoreError(
                f"{where}: the update was given up after {OWN_SECONDS:g} seconds; the store may "
                "still carry it out: do the same again once it has time for it"
            )
        case Failure.TOO_LARGE:
            return StoreError(
                f"{where}: answers an update with more than {_MOST_OF_AN_UPDATE} bytes"
            )
    return _unusable(error, where)


def _query_error(error: RequestFailed, where: str, seconds: float, most: int) -> Exception:
    """A failed query as an exception of stores."""
    match error.failure:
        case Failure.REFUSED | Failure.URL_TOO_LONG:
            return QueryRefused(error.said)
        case Failure.SERVER_ERROR:
            LOG.error("%s: %s", where, error.said)
            return QueryCrashed("the store cannot answer this query")
        case Failure.SILENT | Failure.TOO_SLOW:
            return QueryTimedOut(
                f"the query was given up after {seconds:g} seconds: ask for less, or add LIMIT"
            )
        case Failure.TOO_LARGE:
            return AnswerTooLarge(
                f"the answer has more than {most} bytes: ask for less, or add LIMIT"
            )
    return _unusable(error, where)


def _unusable(error: RequestFailed, where: str) -> StoreError:
    """A failure that has nothing to do with what was asked."""
    said = {
        Failure.UNAUTHORIZED: "does not accept the credentials: see GONGKAI_STORE_CREDENTIALS",
        Failure.NOT_FOUND: "there is no SPARQL endpoint",
        Failure.OTHER_STATUS: f"answers {error.status} {error.said}",
        Failure.UNREACHABLE: f"cannot be reached: {error.said}",
        Failure.BROKEN_OFF: f"cannot be read: {error.said}",
        Failure.OTHER_TYPE: f"answers {error.said}",
    }
    return StoreError(f"{where}: {said[error.failure]}")
