"""HTTP requests to a remote SPARQL store, through SPARQLWrapper, with our own errors."""

import io
import logging
import re
import time
import urllib.error
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any

from SPARQLWrapper import DIGEST, POST, POSTDIRECTLY, SPARQLExceptions, SPARQLWrapper

from gongkai.server.store import (
    AnswerTooLarge,
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreError,
)

LOG = logging.getLogger("gongkai.store")
_PIECE = 64 * 1024

OWN_SECONDS = 60.0
"""Seconds that an update, or a query of our own, may take."""


@dataclass(frozen=True)
class Remote:
    """The addresses of a remote store for queries and updates, and how to authenticate.

    ``digest`` selects HTTP digest authentication (Virtuoso); else it is basic.
    """

    query: str
    update: str = ""
    user: str = ""
    password: str = ""
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
        self._remote = remote
        self.software = ""
        """The store's name for itself (RFC 9110, section 10.2.4), in lower case."""

    def ask(
        self, text: str, accept: str, parameters: list[tuple[str, str]], seconds: float, most: int
    ) -> bytes:
        """The complete answer to a query, within ``seconds`` and ``most`` bytes."""
        wrapper = self._wrapper(text)
        wrapper.setRequestMethod("urlencoded")
        for name, value in parameters:
            wrapper.addParameter(name, value)
        wrapper.addCustomHttpHeader("Accept", accept)
        wrapper.queryType = "SELECT"
        return self._answer(wrapper, self._remote.query, seconds, most)

    def update(self, text: str) -> None:
        """Send an update."""
        wrapper = self._wrapper(text)
        wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.queryType = "INSERT"
        try:
            self._answer(wrapper, self._remote.update_address, OWN_SECONDS, 10_000_000)
        except QueryRefused as error:
            raise StoreError(
                f"{self._remote.update_address}: refused the update: {error}"
            ) from None
        except (QueryCrashed, QueryTimedOut) as error:
            raise StoreError(f"{self._remote.update_address}: {error}") from None

    def _wrapper(self, text: str) -> Any:
        remote = self._remote
        wrapper = SPARQLWrapper(remote.query, updateEndpoint=remote.update_address)
        if remote.user:
            wrapper.setCredentials(remote.user, remote.password)
        if remote.digest:
            wrapper.setHTTPAuth(DIGEST)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(POST)
        wrapper.queryString = text
        return wrapper

    def _answer(self, wrapper: Any, where: str, seconds: float, most: int) -> bytes:
        deadline = time.monotonic() + seconds
        wrapper.setTimeout(max(round(seconds), 1))
        try:
            response: HTTPResponse = wrapper.query().response
            with response:
                cut = response.headers.get("X-SPARQL-MaxRows")
                self.software = response.headers.get("Server", "").lower()
                body = self._read(response, deadline, seconds, most)
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryRefused(_said(error)) from None
        except SPARQLExceptions.EndPointInternalError as error:
            LOG.error("%s: %s", where, _said(error))
            raise QueryCrashed("the store cannot answer this query") from None
        except SPARQLExceptions.URITooLong as error:
            raise QueryRefused(_said(error)) from None
        except SPARQLExceptions.Unauthorized:
            raise StoreError(
                f"{where}: does not accept the credentials: see GONGKAI_STORE_CREDENTIALS"
            ) from None
        except SPARQLExceptions.EndPointNotFound:
            raise StoreError(f"{where}: there is no SPARQL endpoint") from None
        except urllib.error.HTTPError as error:
            raise StoreError(f"{where}: answers {error.code} {error.reason}") from None
        except TimeoutError:
            raise _timed_out(seconds) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise _timed_out(seconds) from None
            raise StoreError(f"{where}: cannot be reached: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise StoreError(f"{where}: cannot be read: {error}") from None
        if cut is not None:
            # Virtuoso omits rows without an error; an answer that may be incomplete is not used.
            raise StoreError(f"{where}: cuts answers at {cut} rows: raise its ResultSetMaxRows")
        return body

    def _read(self, response: HTTPResponse, deadline: float, seconds: float, most: int) -> bytes:
        body = io.BytesIO()
        while piece := response.read(_PIECE):
            body.write(piece)
            if body.tell() > most:
                raise AnswerTooLarge(
                    f"the answer has more than {most} bytes: ask for less, or add LIMIT"
                )
            if time.monotonic() > deadline:
                raise _timed_out(seconds)
        return body.getvalue()


def _timed_out(seconds: float) -> QueryTimedOut:
    return QueryTimedOut(
        f"the query was given up after {seconds:g} seconds: ask for less, or add LIMIT"
    )


def _said(error: Exception) -> str:
    """The first lines of the store's error message, as SPARQLWrapper passes it on."""
    text = str(error).partition("Response:")[2].strip()
    bytes_of_it = re.fullmatch(r"b(['\"])(.*)\1", text, re.DOTALL)
    if bytes_of_it:
        text = bytes_of_it[2].encode("latin-1", "replace").decode("unicode_escape")
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return " ".join(lines[:2])[:500] or "it says no more"
