"""The one SPARQL client: an answer is complete, in time and within bounds, or refused in words."""

from http.server import BaseHTTPRequestHandler
from itertools import count
from types import SimpleNamespace

import pytest

from gongkai.server.store import StoreError
from gongkai.server.store.endpoint import Endpoint, Remote
from gongkai.sparql_client import Credentials, Failure, RequestFailed, RequestLimits, SparqlClient
from helpers.loopback import Answerer, Site

GUARD = 60.0
JSON = b'{"head": {"vars": []}, "results": {"bindings": []}}'


def in_pieces(*pieces: bytes, announced: int | None = None, waits: bool = False) -> Answerer:
    """An answer that comes piece by piece; then it ends, or waits until nobody asks any more."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        if announced is not None:
            handler.send_header("Content-Length", str(announced))
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
        if waits:
            handler.rfile.read(1)

    return answer


def failure_of(site: Site, limits: RequestLimits) -> Failure:
    with pytest.raises(RequestFailed) as failed:
        SparqlClient(site.base + "/query").query("SELECT * {}", "*/*", limits)
    return failed.value.failure


@pytest.mark.parametrize("announced", [None, 1000])
def test_an_endpoint_that_drips_is_left_at_the_deadline(
    announced: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(step=40.0)
    monkeypatch.setattr(
        "gongkai.sparql_client.time", SimpleNamespace(monotonic=lambda: next(clock))
    )
    with Site() as site:
        site.add("/query", in_pieces(b"{", announced=announced, waits=True))
        limits = RequestLimits(silence=GUARD, seconds=30.0, size=1000)
        assert failure_of(site, limits) is Failure.TOO_SLOW


@pytest.mark.parametrize("missing", [1, 400])
def test_an_answer_that_ends_before_what_it_announced_is_broken_off(missing: int) -> None:
    with Site() as site:
        site.add("/query", in_pieces(JSON, announced=len(JSON) + missing))
        limits = RequestLimits(silence=GUARD, seconds=GUARD, size=10_000)
        assert failure_of(site, limits) is Failure.BROKEN_OFF


@pytest.mark.parametrize("announced", [None, len(JSON)])
def test_an_answer_is_whole_however_it_is_cut(announced: int | None) -> None:
    with Site() as site:
        pieces = [JSON[i : i + 1] for i in range(len(JSON))]
        site.add("/query", in_pieces(*pieces, announced=announced))
        limits = RequestLimits(silence=GUARD, seconds=GUARD, size=len(JSON))
        reply = SparqlClient(site.base + "/query").query("SELECT * {}", "*/*", limits)
        assert reply.body == JSON
        site.add("/query", in_pieces(*pieces, announced=announced))
        assert (
            failure_of(site, RequestLimits(silence=GUARD, seconds=GUARD, size=len(JSON) - 1))
            is Failure.TOO_LARGE
        )


def test_of_an_update_that_takes_too_long_nobody_says_that_it_lacks_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = count(step=100.0)
    monkeypatch.setattr(
        "gongkai.sparql_client.time", SimpleNamespace(monotonic=lambda: next(clock))
    )
    with Site() as site:
        # The update is the body of the request, its parameters are in the address: here none.
        site.add("/query?", in_pieces(b"{", announced=1000, waits=True))
        address = site.base + "/query"
        with pytest.raises(StoreError, match="given up after 60 seconds") as failed:
            Endpoint(Remote(address, address)).update("CLEAR ALL")
    assert "LIMIT" not in str(failed.value) and "do the same again" in str(failed.value)


@pytest.mark.parametrize(
    "login", [Credentials("user", "secret"), Remote("http://a/", user="user", password="secret")]
)
def test_no_password_stands_where_an_object_is_shown(login: Credentials | Remote) -> None:
    """In a traceback, a log or a failed assertion."""
    assert "user" in repr(login) and "secret" not in repr(login)
