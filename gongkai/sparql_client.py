"""The one SPARQL client: a request over HTTP through SPARQLWrapper, its failures as one exception.

SPARQL 1.1 Protocol (W3C, 2013). Remote stores and linking both ask through it; each says in its own
words what a failure means for its user.
"""

import io
import re
import time
import urllib.error
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto
from http.client import HTTPException, HTTPResponse
from typing import Any

from SPARQLWrapper import DIGEST, GET, POST, POSTDIRECTLY, SPARQLExceptions, SPARQLWrapper

from gongkai.ontology.texts import message, readers_language
from gongkai.ontology.texts.system import system_error

_PIECE = 64 * 1024


class Failure(Enum):
    """Why a request has no answer."""

    REFUSED = auto()
    """400: the query or update is wrong, or not allowed."""
    UNAUTHORIZED = auto()
    """401."""
    NOT_FOUND = auto()
    """404."""
    URL_TOO_LONG = auto()
    """414."""
    SERVER_ERROR = auto()
    """500."""
    OTHER_STATUS = auto()
    """Any other status: ``RequestFailed.status``."""
    OTHER_TYPE = auto()
    """The answer has another media type than those accepted."""
    SILENT = auto()
    """Nothing was received for as long as a request waits."""
    TOO_SLOW = auto()
    """The answer was not complete in time."""
    TOO_LARGE = auto()
    """The answer has more bytes than allowed."""
    UNREACHABLE = auto()
    """No connection: the name, the network, the certificate."""
    BROKEN_OFF = auto()
    """The connection ended before the answer did."""


class RequestFailed(Exception):
    """A request without an answer.

    ``said`` is what the endpoint or the network says of it: the first lines of an error message, a
    reason, a media type. ``status`` is that of the answer, 0 without one; ``retry_after`` is its
    header of that name, empty without one.
    """

    def __init__(
        self, failure: Failure, said: str = "", status: int = 0, retry_after: str = ""
    ) -> None:
        """Without an address: the caller knows it."""
        super().__init__(said or failure.name)
        self.failure = failure
        self.said = said
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Credentials:
    """A user and password, for HTTP basic authentication, or ``digest`` authentication."""

    user: str
    password: str = field(repr=False)
    digest: bool = False


@dataclass(frozen=True)
class RequestLimits:
    """The bounds of a request.

    ``silence`` are the seconds for which nothing may be received, ``seconds`` those in which the
    answer must be complete, ``size`` the bytes that it may have.
    """

    silence: float
    seconds: float
    size: int


@dataclass(frozen=True)
class Reply:
    """A complete answer; ``headers`` are by name in lower case."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class SparqlClient:
    """Requests to one endpoint. ``agent`` is sent as User-Agent; empty: that of SPARQLWrapper."""

    address: str
    credentials: Credentials | None = None
    agent: str = ""

    def query(
        self,
        text: str,
        accept: str,
        limits: RequestLimits,
        parameters: Collection[tuple[str, str]] = (),
        media_types: Collection[str] = (),
        by_get: bool = False,
    ) -> Reply:
        """The answer to a query; raises RequestFailed.

        It is sent as a form by POST, or in the URL. ``parameters`` are further ones of the protocol
        (default-graph-uri), ``media_types`` those that the answer may have; none: any.
        """
        wrapper = self._wrapper(text)
        wrapper.setMethod(GET if by_get else POST)
        wrapper.setRequestMethod("urlencoded")
        wrapper.queryType = "SELECT"
        for name, value in parameters:
            wrapper.addParameter(name, value)
        wrapper.addCustomHttpHeader("Accept", accept)
        return _reply(wrapper, limits, media_types)

    def update(self, text: str, limits: RequestLimits) -> None:
        """Send an update as the body of a POST; raises RequestFailed."""
        wrapper = self._wrapper(text)
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(POSTDIRECTLY)
        wrapper.queryType = "INSERT"
        _reply(wrapper, limits, ())

    def _wrapper(self, text: str) -> Any:
        wrapper = SPARQLWrapper(self.address)
        if self.agent:
            wrapper.agent = self.agent
        if self.credentials is not None:
            wrapper.setCredentials(self.credentials.user, self.credentials.password)
            if self.credentials.digest:
                wrapper.setHTTPAuth(DIGEST)
        wrapper.setOnlyConneg(True)
        # Not setQuery, which looks for the form of the query with expressions that take long on
        # large texts, and warns of what it does not know.
        wrapper.queryString = text
        return wrapper


_STATUSES = {
    SPARQLExceptions.QueryBadFormed: (Failure.REFUSED, 400),
    SPARQLExceptions.Unauthorized: (Failure.UNAUTHORIZED, 401),
    SPARQLExceptions.EndPointNotFound: (Failure.NOT_FOUND, 404),
    SPARQLExceptions.URITooLong: (Failure.URL_TOO_LONG, 414),
    SPARQLExceptions.EndPointInternalError: (Failure.SERVER_ERROR, 500),
}
"""The statuses for which SPARQLWrapper has exceptions of its own."""


def _reply(wrapper: Any, limits: RequestLimits, media_types: Collection[str]) -> Reply:
    deadline = time.monotonic() + limits.seconds
    wrapper.timeout = limits.silence
    try:
        response: HTTPResponse = wrapper.query().response
        with response:
            media_type = response.headers.get_content_type()
            if media_types and media_type not in media_types:
                raise RequestFailed(Failure.OTHER_TYPE, media_type)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(_body(response, deadline, limits.size), headers)
    except SPARQLExceptions.SPARQLWrapperException as error:
        failure, status = _STATUSES[type(error)]
        raise RequestFailed(failure, _said(error), status) from None
    except urllib.error.HTTPError as error:
        with error:
            waiting = error.headers.get("Retry-After", "")
            raise RequestFailed(
                Failure.OTHER_STATUS, str(error.reason), error.code, waiting
            ) from None
    except TimeoutError:
        raise RequestFailed(Failure.SILENT) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise RequestFailed(Failure.SILENT) from None
        raise RequestFailed(Failure.UNREACHABLE, _reason(error.reason)) from None
    except (OSError, HTTPException) as error:
        raise RequestFailed(Failure.BROKEN_OFF, str(error) or type(error).__name__) from None


def _body(response: HTTPResponse, deadline: float, size: int) -> bytes:
    body = io.BytesIO()
    announced = response.length
    # What has arrived is taken as it comes: an endpoint that sends a byte from time to time would
    # otherwise keep the request for ever.
    while (announced is None or body.tell() < announced) and (piece := response.read1(_PIECE)):
        body.write(piece)
        if body.tell() > size:
            raise RequestFailed(Failure.TOO_LARGE)
        if time.monotonic() > deadline:
            raise RequestFailed(Failure.TOO_SLOW)
    if announced is not None and body.tell() < announced:
        # Reading in pieces does not notice.
        raise RequestFailed(Failure.BROKEN_OFF, message("sparql.cut"))
    return body.getvalue()


def _reason(reason: str | BaseException) -> str:
    """Why there is no connection. Those of TLS and of names have numbers of their own."""
    if isinstance(reason, ConnectionError) or type(reason) is OSError:
        return system_error(reason)[readers_language()]
    return str(reason)


def _said(error: Exception) -> str:
    """The first lines of the endpoint's error message, as SPARQLWrapper passes it on."""
    text = str(error).partition("Response:")[2].strip()
    bytes_of_it = re.fullmatch(r"b(['\"])(.*)\1", text, re.DOTALL)
    if bytes_of_it:
        text = bytes_of_it[2].encode("latin-1", "replace").decode("unicode_escape")
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return " ".join(lines[:2])[:500] or message("sparql.says_no_more")
