"""Content codings: chosen as asked for, each with an ETag of its own, made once."""

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.request import Request, urlopen

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from gongkai.server.http import codings, representation
from gongkai.server.http.codings import chosen_coding
from helpers.served import served

READ: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: zlib.decompress(body, 31),
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}
PAGE = "/doc/report/mohrss/2019"
LONG = (
    PAGE,
    "/doc/report/mohrss/2019.ttl",
    "/doc/report/mohrss/2019.jsonld",
    "/sparql",
    "/catalog",
)


def asked(client: FlaskClient, path: str, coding: str | None, **headers: str) -> TestResponse:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    if coding is not None:
        told["Accept-Encoding"] = coding
    return client.get(path, headers={"Accept": "text/html, */*;q=0.1"} | told)


@pytest.mark.parametrize("path", LONG)
def test_every_coding_is_the_same_text_with_an_etag_of_its_own(
    client: FlaskClient, path: str
) -> None:
    plain = asked(client, path, None)
    assert plain.status_code == 200 and "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    tags = {plain.headers["ETag"]}
    for name, read in READ.items():
        answer = asked(client, path, name)
        assert answer.headers["Content-Encoding"] == name
        assert read(answer.data) == plain.data and len(answer.data) < len(plain.data)
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["Vary"] == plain.headers["Vary"]
        assert answer.headers["ETag"] == f'{plain.headers["ETag"][:-1]}-{name}"'
        tags.add(answer.headers["ETag"])
        head = client.head(
            path, headers={"Accept": "text/html, */*;q=0.1", "Accept-Encoding": name}
        )
        kept = ("ETag", "Content-Length", "Content-Encoding", "Vary", "Content-Type")
        assert [head.headers[one] for one in kept] == [answer.headers[one] for one in kept]
        assert head.data == b""
    assert len(tags) == 1 + len(READ)


@pytest.mark.parametrize("memory", [True, False])
def test_conditions_hold_for_the_etag_of_the_coding_that_is_sent(
    store_folder: Path, memory: bool
) -> None:
    """What memory answers, and what it leaves to the application: each is of what is sent."""
    more = {} if memory else {"If_Unmodified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    with served(store_folder) as client:
        codings_sent = ("identity", *READ) if memory else ("identity", "gzip")
        tags = {name: asked(client, PAGE, name).headers["ETag"] for name in codings_sent}
        for name in tags:
            for other, tag in tags.items():
                wanted = 304 if name == other else 200
                for given_tag in (tag, f"W/{tag}", f'"x", {tag}')[: 3 if memory else 1]:
                    answer = asked(client, PAGE, name, If_None_Match=given_tag, **more)
                    assert answer.status_code == wanted, (name, other)
                    assert answer.headers["ETag"] == tags[name]
                    assert "Accept-Encoding" in answer.headers["Vary"]
                    assert ("Content-Encoding" in answer.headers) == (
                        wanted == 200 and name != "identity"
                    )
                if not memory:
                    held = asked(client, PAGE, name, If_Match=tag, **more)
                    assert held.status_code == (200 if name == other else 412)


def test_the_time_of_change_is_a_condition_in_every_coding(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(representation, "_SETTLED", 0.0)
    with served(store_folder) as client:
        for name in ("identity", *READ):
            answer = asked(client, PAGE, name)
            later = asked(client, PAGE, name, If_Modified_Since=answer.headers["Last-Modified"])
            assert (later.status_code, later.headers["ETag"]) == (304, answer.headers["ETag"])
            old = asked(client, PAGE, name, If_Modified_Since="Thu, 01 Jan 1970 00:00:01 GMT")
            assert (old.status_code, old.headers["ETag"]) == (200, answer.headers["ETag"])


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, ""),
        ("", ""),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip; q=0.2 , br ;q=0.3", "br"),
        ("gzip;q=0", ""),
        ("gzip;q=0.000, br;q=0", ""),
        ("deflate, compress", ""),
        ("*", "gzip"),
        ("*;q=0.1, gzip;q=0", ""),
        ("identity", ""),
        ("identity;q=0.5, gzip;q=0.4", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("identity;q=0, deflate", None),
        ("identity;q=0, *", "only-gzip"),
        ("gzip, identity;q=0", "only-gzip"),
        ("*;q=0, zstd", "only-zstd"),
        ("*;q=0, identity", ""),
        ("gzip;q=2, br;q=x", ""),
    ],
)
def test_the_coding_is_the_one_that_is_wanted_most(
    accepted: str | None, chosen: str | None
) -> None:
    """RFC 9110, section 12.5.3."""
    assert chosen_coding(accepted) == chosen


NAMES = st.sampled_from(("gzip", "br", "zstd", "identity", "*", "deflate"))
WEIGHTS = st.sampled_from(("", ";q=0", ";q=0.3", "; q=1", ";q=0.30", ";q=oops"))


@given(accepted=st.lists(st.tuples(NAMES, WEIGHTS), max_size=5, unique_by=lambda pair: pair[0]))
def test_nothing_is_sent_that_was_excluded(accepted: list[tuple[str, str]]) -> None:
    chosen = chosen_coding(",".join(map("".join, accepted)))
    weights = {name: weight for name, weight in accepted if weight != ";q=oops"}
    zero = {name for name, weight in weights.items() if weight == ";q=0"}
    if chosen is None:
        assert "identity" in zero or ("*" in zero and "identity" not in weights)
    else:
        name = chosen.removeprefix("only-") or "identity"
        assert name not in zero
        assert name in weights or (name == "identity" and "*" not in zero) or "*" in weights


def test_what_a_coding_makes_no_smaller_is_sent_as_it_is(client: FlaskClient) -> None:
    """Short answers, sheets, and files whose size and checksum the catalog lists."""
    for path in ("/healthz", "/dump/report/mohrss/2019.xlsx", "/dump/report/mohrss/2019.nt"):
        plain, answer = asked(client, path, None), asked(client, path, "gzip, br, zstd")
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers, path
        assert answer.data == plain.data and answer.headers.get("ETag") == plain.headers.get("ETag")
        forced = asked(client, path, "gzip, identity;q=0")
        assert READ["gzip"](forced.data) == plain.data, path
    listed = asked(client, "/dump/report/mohrss/2019.nt", "gzip")
    assert "Accept-Encoding" not in listed.headers.get("Vary", "")


def test_what_can_be_sent_in_no_way_is_406(client: FlaskClient) -> None:
    answer = asked(client, PAGE, "identity;q=0, deflate")
    assert answer.status_code == 406 and "gzip" in answer.text
    assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_part_is_a_part_of_what_is_stored(client: FlaskClient) -> None:
    plain = asked(client, PAGE, None)
    part = asked(client, PAGE, "gzip", Range="bytes=0-9")
    assert "Content-Encoding" not in part.headers and plain.data.startswith(part.data)


def test_an_answer_is_coded_once_however_it_is_asked_for(
    store_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(representation, "_SETTLED", 0.0)
    made: list[bytes] = []

    def counted(body: bytes) -> bytes:
        packed: bytes = brotli.compress(body)
        made.append(packed)
        return packed

    with served(store_folder) as client:
        asked(client, PAGE, None)
        monkeypatch.setattr(codings, "_CODINGS", {**codings._CODINGS, "br": counted})
        for accepted in ("br", "gzip;q=0.5, br", "br, identity;q=0.1", "BR", "deflate, br, zstd"):
            assert asked(client, PAGE, accepted).headers["Content-Encoding"] == "br"
    assert len(made) == 1


def test_results_of_posted_queries_are_coded(client: FlaskClient) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100"
    answers = [
        client.post("/sparql", data={"query": query}, headers={"Accept-Encoding": accepted})
        for accepted in ("", "gzip")
    ]
    assert answers[1].headers["Content-Encoding"] == "gzip"
    assert READ["gzip"](answers[1].data) == answers[0].data


def test_over_a_socket(server: str) -> None:
    plain = urlopen(Request(server + PAGE[1:], headers={"Accept": "text/html"}))
    request = Request(
        server + PAGE[1:], headers={"Accept": "text/html", "Accept-Encoding": "gzip, br"}
    )
    with plain, urlopen(request) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert brotli.decompress(answer.read()) == plain.read()
