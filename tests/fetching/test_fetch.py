"""Fetching: manners, limits, names, records. The web is a server on loopback."""

import gzip
import hashlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import PROV, RDFS, XSD

from gongkai.commands.cli import main
from gongkai.converters.documents import read_document
from gongkai.converters.documents.sidecar import Retrieval, source_origin
from gongkai.fetching import hosts, transport
from gongkai.fetching.addresses import is_public, web_address
from gongkai.fetching.failures import FetchFailed
from gongkai.fetching.folder import file_name
from gongkai.ontology import load_ontology
from gongkai.version import __version__
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.languages import is_chinese
from helpers.loopback import Answerer, Site, moved, page

HTML = "text/html"
GBK = "<html><title>2023年政府信息公开工作年度报告</title></html>".encode("gbk")
NOT_PUBLIC = """
127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1
192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1
fec0::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::7f00:1 64:ff9b::7f00:1
64:ff9b::a00:1 2002:7f00:1::1
"""
PAV = "http://purl.org/pav/"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Site]:
    with Site("127.0.0.2") as running:
        yield running


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that are made between requests, without making them."""
    made: list[float] = []

    async def note(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(hosts, "sleep", note)
    return made


def fetch(folder: Path, *arguments: object, pause: float = 0) -> Result:
    return gongkai("fetch", *arguments, "-o", folder, "--pause", pause, "--allow-private")


def files(folder: Path) -> list[Path]:
    """Everything in the folder but the sidecars: what is left over of broken runs, too."""
    return sorted(path for path in folder.iterdir() if not path.name.endswith(".source.json"))


def sidecar(path: Path) -> Any:
    return json.loads(path.with_name(path.name + ".source.json").read_bytes())


def refused(result: Result, folder: Path, *said: str) -> None:
    """One clear line on the address, exit code 2, and nothing in the folder."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    for words in said:
        assert words in line
    assert list(folder.iterdir()) == []


# What is kept


@pytest.mark.parametrize("coded", [False, True])
def test_the_bytes_are_kept_as_they_were_sent(site: Site, tmp_path: Path, coded: bool) -> None:
    coding = {"Content_Encoding": "gzip"} if coded else {}
    sent = gzip.compress(GBK) if coded else GBK
    answer = page(sent, 200, Content_Type="text/html; charset=utf-8", ETag='"a1"', **coding)
    url = site.add("/zw/2023.shtml", answer)
    begun = datetime.now(UTC).replace(microsecond=0)
    result = fetch(tmp_path, url)
    (path,) = files(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{url} -> {path}\n"
    assert path.suffix == ".html"
    assert path.read_bytes() == GBK
    record = sidecar(path)
    assert begun <= datetime.fromisoformat(record.pop("retrieved")) <= datetime.now(UTC)
    assert record == {
        "url": url,
        "final_url": url,
        "redirects": [],
        "referrer": None,
        "status": 200,
        "headers": {
            "content-type": "text/html; charset=utf-8",
            "etag": '"a1"',
        }
        | ({"content-encoding": "gzip"} if coded else {}),
        "size": len(GBK),
        "sha256": hashlib.sha256(GBK).hexdigest(),
    }


def test_who_asks_is_told(site: Site, tmp_path: Path) -> None:
    url = site.add("/a", page(b"a"))
    assert fetch(tmp_path, url, "--contact", "https://example.org/us").exit_code == 0
    for path in ("/robots.txt", "/a"):
        agent = site.headers[path]["User-Agent"]
        assert agent == f"gongkai/{__version__} (+https://example.org/us)"
    assert fetch(tmp_path, url, "--contact", "a\nX-Other: b").exit_code == 2


def test_unchanged_files_are_left_as_they_are(site: Site, tmp_path: Path) -> None:
    date = "Wed, 31 Jan 2024 02:00:00 GMT"
    url = site.add(
        "/a.html", page(b"one", ETag='W/"1"', Last_Modified=date), page(b"", 304), page(b"two")
    )
    first = fetch(tmp_path, url)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()}
    assert "If-None-Match" not in site.headers["/a.html"]
    assert fetch(tmp_path, url).stdout == first.stdout
    assert site.headers["/a.html"]["If-None-Match"] == 'W/"1"'
    assert site.headers["/a.html"]["If-Modified-Since"] == date
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.iterdir()}
    assert after == before
    assert fetch(tmp_path, url, "--new-only").stdout == first.stdout
    assert len(site.asked) == 2
    # Another content comes beside the first, under a name of its own.
    assert fetch(tmp_path, url).stdout != first.stdout
    assert sorted(path.read_bytes() for path in files(tmp_path)) == [b"one", b"two"]


def test_a_file_that_was_changed_is_asked_for_anew_and_not_overwritten(
    site: Site, tmp_path: Path
) -> None:
    url = site.add("/a.html", page(b"one", ETag='"1"'))
    fetch(tmp_path, url)
    (path,) = files(tmp_path)
    path.write_bytes(b"my notes")
    result = fetch(tmp_path, url)
    assert "If-None-Match" not in site.headers["/a.html"]
    assert result.exit_code == 2 and "is not overwritten" in result.stderr
    assert path.read_bytes() == b"my notes"
    path.unlink()
    assert fetch(tmp_path, url).exit_code == 0
    assert path.read_bytes() == b"one"


@pytest.mark.parametrize(
    ("path", "begins", "suffix"),
    [
        ("/公开/2023年年度报告.html", "127.0.0.1-2023年年度报告-", ".html"),
        ("/a/%2F..%2F..%2Fetc%2Fpasswd", "127.0.0.1-passwd-", ".bin"),
        ("/a/../../x.pdf", "127.0.0.1-x-", ".pdf"),
        ("/%B9%AB%BF%AA.doc", "127.0.0.1-", ".doc"),
        ("/.htaccess", "127.0.0.1-htaccess-", ".bin"),
        ("/", "127.0.0.1-index-", ".bin"),
        ("/a|b^`%zz.txt?id=[1]", "127.0.0.1-a-b-zz-", ".txt"),
        (f"/{'报' * 300}.txt", f"127.0.0.1-{'报' * 33}-", ".txt"),
    ],
)
def test_odd_names(path: str, begins: str, suffix: str, site: Site, tmp_path: Path) -> None:
    sent = web_address(site.base + path).raw_path.decode()
    site.add(sent, page(b"x", Content_Type="application/octet-stream"))
    folder = tmp_path / "in" / "here"
    result = fetch(folder, site.base + path)
    assert result.exit_code == 0, result.stderr
    (file,) = files(folder)
    assert file.name.startswith(begins) and file.suffix == suffix
    assert list(tmp_path.iterdir()) == [tmp_path / "in"]
    origin = source_origin(file, hashlib.sha256(b"x").hexdigest())
    assert origin is not None and origin.address == site.base + sent


def test_the_same_name_in_two_places_is_two_files(site: Site, tmp_path: Path) -> None:
    urls = [site.add(f"/{folder}/report.pdf", page(b"same")) for folder in "ab"]
    assert fetch(tmp_path, *urls).exit_code == 0
    assert len(files(tmp_path)) == 2


@given(st.text(max_size=300), st.text(max_size=30))
def test_every_name_is_safe(path: str, content_type: str) -> None:
    try:
        url = str(web_address(f"http://example.org/{path}"))
    except FetchFailed:
        return
    retrieval = Retrieval(
        url, url, datetime.now(UTC), 0, "0" * 64, headers={"content-type": content_type}
    )
    name = file_name(retrieval)
    assert len((name + ".source.json").encode()) <= 255
    assert name.startswith("example.org-") and ".." not in name
    assert name.isprintable() and not set(name) & set("/\\:*?\"<>|%&;$' \0")


# Manners

# The first 512 KiB end with “Disallow: /”, of a line that says something else.
CUT_IN_A_RULE = b"User-agent: *\n".ljust(524_288 - 12, b"#") + b"\nDisallow: /other/\n"


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (page(b"User-agent: *\nDisallow: /private/\n"), True),
        (page(b"User-agent: *\nDisallow: /\n"), False),
        (page(b"User-agent: *\nDisallow: /\n\nUser-agent: GongKai\nAllow: /\n"), True),
        (page(b"User-agent: gongkai\nDisallow: /zw/\n"), False),
        (page("User-agent: *\nDisallow: /zw/年报\n".encode()), False),
        (page(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /zw\r\n"), False),
        (page(b"", 404), True),
        (page(b"", 403), True),
        (page(b"", 500), False),
        (page(b"", 429), False),
        (moved("/real-robots.txt"), False),
        (moved("/robots.txt"), False),
        # Read up to 512 KiB: the rule before that counts, the one after it does not.
        (page(b"User-agent: *\nDisallow: /zw/\n" + b"# filling\n" * 100_000), False),
        (page(b"User-agent: *\n" + b"# filling\n" * 100_000 + b"Disallow: /zw/\n"), True),
        (page(CUT_IN_A_RULE), True),
        (page(gzip.compress(b"User-agent: *\nDisallow: /\n"), Content_Encoding="gzip"), False),
    ],
)
def test_robots(robots: Answerer, allowed: bool, site: Site, tmp_path: Path) -> None:
    site.add("/robots.txt", robots)
    site.add("/real-robots.txt", page(b"User-agent: *\nDisallow: /\n"))
    path = web_address(site.base + "/zw/年报.html").raw_path.decode()
    url = site.add(path, page(b"x"))
    result = fetch(tmp_path, url)
    if allowed:
        assert result.exit_code == 0, result.stderr
    else:
        refused(result, tmp_path, url, f"{site.base}/robots.txt")
    assert (path in site.asked) is allowed


def test_robots_is_asked_for_once_and_is_asked_of_each_new_host(
    site: Site, other: Site, tmp_path: Path
) -> None:
    other.add("/robots.txt", page(b"User-agent: *\nDisallow: /no/\n"))
    yes, no = other.add("/yes", page(b"y")), other.add("/no/", page(b"n"))
    urls = [site.add("/a", moved(yes)), site.add("/b", moved(no)), site.add("/c", page(b"c"))]
    # Asked for a second time, it would forbid everything.
    site.add("/robots.txt", page(b""), page(b"User-agent: *\nDisallow: /\n"))
    result = fetch(tmp_path, *urls)
    assert result.exit_code == 2
    assert f"{urls[1]}: {other.base}/robots.txt does not allow it" in result.stderr
    assert len(result.stdout.splitlines()) == 2
    assert other.asked == ["/yes"]


@pytest.mark.parametrize(
    ("robots", "pause"),
    [
        ("", 3),
        ("User-agent: *\nCrawl-delay: 7\n", 7),
        ("User-agent: *\nCrawl-delay: 1\n", 3),
        ("User-agent: *\nRequest-rate: 1/8\n", 8),
        ("User-agent: *\nCrawl-delay: 86400\n", 60),
        ("User-agent: *\nCrawl-delay: nan\n", 3),
        ("User-agent: *\nCrawl-delay: inf\n", 3),
    ],
)
def test_pauses_are_kept(
    robots: str, pause: int, site: Site, tmp_path: Path, sleeps: list[float]
) -> None:
    site.add("/robots.txt", page(robots.encode()))
    urls = [site.add(f"/{name}", page(b"x")) for name in "abc"]
    assert fetch(tmp_path, *urls, pause=3).exit_code == 0
    assert site.asked == ["/a", "/b", "/c"]
    # One before each of the three: robots.txt was the first request.
    assert [round(seconds) for seconds in sleeps] == [pause] * 3


def test_one_request_at_a_time_for_a_host(site: Site, other: Site, tmp_path: Path) -> None:
    urls = [site.add(f"/{number}", page(b"x")) for number in range(6)]
    urls += [other.add(f"/{number}", moved(f"{site.base}/{number}")) for number in range(6)]
    assert fetch(tmp_path, *urls).exit_code == 0
    assert len(site.asked) == 12 and site.most_at_once == other.most_at_once == 1


def test_hosts_are_asked_side_by_side(site: Site, other: Site, tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=20)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        together.wait()
        page(b"x")(handler)

    result = fetch(tmp_path, site.add("/a", answer), other.add("/a", answer))
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_a_host_that_asks_to_wait_is_waited_for(
    status: int, as_date: bool, site: Site, tmp_path: Path, sleeps: list[float]
) -> None:
    wait = format_datetime(datetime.now(UTC) + timedelta(seconds=200), True) if as_date else "200"
    url = site.add("/a", page(b"", status, Retry_After=wait), page(b"x"))
    assert fetch(tmp_path, url).exit_code == 0
    assert len(site.asked) == 2
    assert max(sleeps) == pytest.approx(200, abs=60)
    assert max(sleeps) <= 200


def test_a_host_that_asks_to_wait_long_is_left_alone(site: Site, tmp_path: Path) -> None:
    urls = [site.add(f"/{name}", page(b"", 429, Retry_After="86400")) for name in "ab"]
    result = fetch(tmp_path, *urls)
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == urls
    assert all("run the same command again" in line for line in lines)
    assert site.asked == ["/a"]


@pytest.mark.parametrize(
    ("status", "attempts", "said"),
    [(500, 3, "again later"), (404, 1, "check the address"), (403, 1, "browser"), (206, 1, "206")],
)
def test_only_what_may_pass_is_tried_again(
    status: int, attempts: int, said: str, site: Site, tmp_path: Path
) -> None:
    url = site.add("/a", page(b"an error page", status))
    refused(fetch(tmp_path, url), tmp_path, f"{url}: ", str(status), said)
    assert len(site.asked) == attempts


# Redirects


def test_redirects_are_followed_and_recorded(site: Site, other: Site, tmp_path: Path) -> None:
    last = other.add("/report.html?y=2023", page(b"x", Content_Type=HTML))
    second = site.add("/b", moved(f"{last}#part", 308))
    first = site.add("/a", moved("/b", 301))
    assert fetch(tmp_path, f"{first}#top").exit_code == 0
    record = sidecar(files(tmp_path)[0])
    assert record["url"] == first and record["final_url"] == last
    assert record["redirects"] == [first, second]


@pytest.mark.parametrize(
    ("target", "asked", "said"),
    [
        ("/a", 6, "redirected more than 5 times"),
        ("ftp://127.0.0.1/a", 1, "not a web address"),
        ("file:///etc/passwd", 1, "not a web address"),
        ("http://me:secret@127.0.0.1/", 1, "password"),
    ],
)
def test_redirects_that_are_not_followed(
    target: str, asked: int, said: str, site: Site, tmp_path: Path
) -> None:
    url = site.add("/a", moved(target))
    refused(fetch(tmp_path, url), tmp_path, url, said)
    assert len(site.asked) == asked


def test_five_redirects_are_followed(site: Site, tmp_path: Path) -> None:
    urls = [site.add(f"/{number}", moved(f"/{number + 1}")) for number in range(5)]
    site.add("/5", page(b"x"))
    assert fetch(tmp_path, urls[0]).exit_code == 0


# Limits


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


@pytest.mark.parametrize(
    "answer",
    [
        page(b"x" * (1024 * 1024 + 1)),
        endless,
        page(gzip.compress(b"\0" * 20 * 1024 * 1024), Content_Encoding="gzip"),
    ],
    ids=["announced", "endless", "gzip bomb"],
)
def test_what_is_too_large_is_refused(answer: Answerer, site: Site, tmp_path: Path) -> None:
    url = site.add("/a", answer)
    refused(fetch(tmp_path, url, "--max-size", 1), tmp_path, url, "larger than 1 MiB")
    assert len(site.asked) == 1


def test_what_is_announced_as_too_large_is_not_waited_for(site: Site, tmp_path: Path) -> None:
    done = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
        done.wait(60)

    url = site.add("/a", answer)
    result = fetch(tmp_path, url, "--max-time", 20)
    done.set()
    refused(result, tmp_path, url, "larger than 64 MiB")


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_largest_that_is_allowed(coding: str, site: Site, tmp_path: Path) -> None:
    body = b"x" * 1024 * 1024
    sent = gzip.compress(body) if coding == "gzip" else body
    url = site.add("/a", page(sent, Content_Encoding=coding))
    assert fetch(tmp_path, url, "--max-size", 1).exit_code == 0
    assert files(tmp_path)[0].read_bytes() == body


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na"])
def test_a_host_that_is_slow_is_given_up(sent: bytes, site: Site, tmp_path: Path) -> None:
    done = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(sent)
        handler.wfile.flush()
        done.wait(60)

    url = site.add("/a", answer)
    result = fetch(tmp_path, url, "--max-time", 0.3)
    done.set()
    refused(result, tmp_path, url, "not complete after 0.3 seconds")


def raw(data: bytes) -> Answerer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(data)

    return answer


COMPRESSED = gzip.compress(bytes(range(256)) * 40)


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + COMPRESSED[:-9]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + COMPRESSED[:-8] + b"12345678"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot compressed"),
        raw(b""),
    ],
    ids=["length", "chunks", "gzip cut", "gzip checksum", "not gzip", "nothing"],
)
def test_what_breaks_off_leaves_no_file_and_is_tried_again(
    answer: Answerer, site: Site, tmp_path: Path
) -> None:
    url = site.add("/a", answer)
    refused(fetch(tmp_path, url), tmp_path, url, "again later")
    assert len(site.asked) == 3
    site.add("/a", answer, page(b"whole"))
    assert fetch(tmp_path, url).exit_code == 0
    assert files(tmp_path)[0].read_bytes() == b"whole"


def test_a_run_that_is_killed_leaves_no_part_of_a_file(site: Site, tmp_path: Path) -> None:
    half_sent, done = threading.Event(), threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n" + b"x" * 3000000)
        half_sent.set()
        done.wait(60)

    urls = [site.add("/a", page(b"a")), site.add("/b", answer, page(b"b"))]
    command = [sys.executable, "-m", "gongkai", "fetch", *urls, "-o", str(tmp_path)]
    with subprocess.Popen([*command, "--pause", "0", "--allow-private"]) as process:
        assert half_sent.wait(60)
        process.kill()
    done.set()
    assert [path.read_bytes() for path in files(tmp_path)] == [b"a"]
    assert fetch(tmp_path, *urls, "--new-only").exit_code == 0
    assert [path.read_bytes() for path in files(tmp_path)] == [b"a", b"b"]
    assert site.asked == ["/a", "/b", "/b"]


def test_a_folder_that_goes_away_ends_the_run(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "out"

    def answer(handler: BaseHTTPRequestHandler) -> None:
        folder.rmdir()
        page(b"x")(handler)

    result = fetch(folder, site.add("/a", answer), site.add("/b", page(b"x")))
    assert result.exit_code == 2 and site.asked == ["/a"]
    assert str(folder) in result.stderr and "cannot be written" in result.stderr


@pytest.mark.parametrize(
    ("answer", "said"),
    [(page(b"x", Content_Encoding="br"), "'br'"), (page(b""), "empty"), (page(b"", 304), "304")],
)
def test_answers_that_hold_no_file(answer: Answerer, said: str, site: Site, tmp_path: Path) -> None:
    url = site.add("/a", answer)
    refused(fetch(tmp_path, url), tmp_path, url, said)


# Private networks


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::6810:84e5", True),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::5db8:d70e", True),
        *((address, False) for address in NOT_PUBLIC.split()),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0"]
)
def test_private_hosts_are_refused(host: str, site: Site, tmp_path: Path) -> None:
    site.add("/a", page(b"secret"))
    url = f"http://{host}:{site.base.rpartition(':')[2]}/a"
    result = gongkai("fetch", url, "-o", tmp_path, "--pause", 0)
    refused(result, tmp_path, "not a public address", "--allow-private")
    assert site.headers == {}


def test_a_redirect_into_a_private_network_is_refused(
    site: Site, other: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "is_public", lambda address: address == "127.0.0.1")
    secret = other.add("/secret", page(b"secret"))
    url = site.add("/a", moved(secret))
    result = gongkai("fetch", url, "-o", tmp_path, "--pause", 0)
    refused(result, tmp_path, url, "127.0.0.2, which is not a public address")
    assert other.headers == {} and site.asked == ["/a"]


def test_the_connection_is_made_to_the_address_that_was_checked(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is looked up twice could be public the first time and private the second."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name == "flip.example":
            looked_up.append(name)
            name = "127.0.0.1"
        return real(name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    site.add("/a", page(b"x"))
    port = site.base.rpartition(":")[2]
    assert fetch(tmp_path, f"http://flip.example:{port}/a").exit_code == 0
    assert site.headers["/a"]["Host"] == f"flip.example:{port}"
    assert len(looked_up) == len(["/robots.txt", "/a"])


def test_a_name_with_one_private_address_is_refused(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.215.14", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    result = gongkai("fetch", "http://both.example/a", "-o", tmp_path, "--pause", 0)
    refused(result, tmp_path, "both.example", "127.0.0.1, which is not a public address")


def test_proxies_and_passwords_of_the_environment_are_not_used(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert fetch(tmp_path / "out", site.add("/a", page(b"x"))).exit_code == 0
    assert "Authorization" not in site.headers["/a"]


# The command


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.org/a", "begins with http://"),
        ("example.org/a", "begins with http://"),
        ("http://me:secret@example.org/", "password"),
        ("http://exa mple.org/", "check the address"),
        ("http://127.0.0.1:0/", "port"),
        ("http://127.0.0.1:99999/", "port"),
        ("http://127.0.0.1:port/", "not an address"),
        ("http://[::1/", "not an address"),
        ("http://a/\x1b[31m", "not an address"),
        (f"http://a/{'a' * 5000}", "longer than"),
        ("http://no-such-host.invalid/", "is not known"),
        ("http://127.0.0.1:1/", "again later"),
        (f"http://{'a' * 70}.example/", "not"),
    ],
)
def test_addresses_that_lead_nowhere(address: str, said: str, tmp_path: Path) -> None:
    result = fetch(tmp_path, address)
    refused(result, tmp_path, said)
    assert result.stderr.isprintable() or "\x1b" not in result.stderr
    assert "secret@" not in result.stderr or "password" in result.stderr


def test_lists_of_addresses(site: Site, tmp_path: Path) -> None:
    urls = [site.add(f"/{name}", page(name.encode())) for name in "abc"]
    listing = tmp_path / "list.txt"
    text = f"\ufeff# reports of 2023\n{urls[0]}\n\n  {urls[1]}  \r\n{urls[0]}#again\n"
    listing.write_text(text, encoding="utf-8")
    result = fetch(tmp_path / "out", "--from", listing, urls[2])
    assert result.exit_code == 0
    assert sorted(site.asked) == ["/a", "/b", "/c"]
    arguments = ["fetch", "--from", "-", "-o", str(tmp_path / "in"), "--allow-private"]
    piped = CliRunner().invoke(main, [*arguments, "--pause", "0"], input=f"{urls[1]}\n")
    assert piped.exit_code == 0 and piped.stdout.startswith(f"{urls[1]} -> ")


def test_wrong_usage(tmp_path: Path) -> None:
    listing = tmp_path / "list.txt"
    listing.write_bytes("http://example.org/年报".encode("gbk"))
    for arguments in ((), ("--from", listing), ("http://a/", "--pause", "-1")):
        result = gongkai("fetch", *arguments, "-o", tmp_path / "out")
        assert result.exit_code == 2 and "Error: " in result.stderr
    in_the_way = gongkai("fetch", "http://a/", "-o", listing)
    assert in_the_way.exit_code == 2 and str(listing) in in_the_way.stderr
    assert "--attachments" in gongkai("fetch", "--help").output


def test_failures_do_not_stop_the_others(site: Site, tmp_path: Path) -> None:
    urls = ["nonsense", site.add("/a", page(b"", 404)), site.add("/b", page(b"b"))]
    result = fetch(tmp_path, *urls)
    assert result.exit_code == 2
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == urls[:2]
    assert result.stdout == f"{urls[2]} -> {files(tmp_path)[0]}\n"


# Attachments


def test_attached_reports_are_fetched_where_asked(site: Site, other: Site, tmp_path: Path) -> None:
    text = (
        "<base href='/zw/'><p>2023</p>"
        "<a href='P0201.pdf'>附件：<b>某局2023年度报告</b></a>"
        "<a href='P0201.pdf#page=2'>年度报告第二页</a>"
        "<a href='2023年报.DOCX'>下载</a>"
        "<a href='/down?id=7' title='某局年度报告.wps'>下载</a>"
        "<a href='list.html'>历年年度报告</a>"
        "<a href='plan.pdf'>工作计划</a>"
        f"<a href='{other.base}/2023年报.pdf'>年报</a>"
        "<a href='javascript:open(1)'>年报.pdf</a><a href='http://[/年报.pdf'>年报</a>"
    )
    url = site.add("/index.html", page(text.encode("gb18030"), Content_Type=HTML))
    docx = web_address(f"{site.base}/zw/2023年报.DOCX").raw_path.decode()
    for path in ("/zw/P0201.pdf", docx, "/down?id=7"):
        site.add(path, page(path.encode()))
    assert fetch(tmp_path / "page", url).exit_code == 0
    assert site.asked == ["/index.html"]
    result = fetch(tmp_path / "all", url, "--attachments")
    assert (result.exit_code, result.stderr) == (0, "")
    assert site.asked[1:] == ["/index.html", "/zw/P0201.pdf", docx, "/down?id=7"]
    assert other.headers == {}
    referrers = [sidecar(path)["referrer"] for path in files(tmp_path / "all")]
    assert sorted(referrers, key=str) == [None, url, url, url]
    assert site.headers["/zw/P0201.pdf"]["Referer"] == url


def test_the_number_of_attachments_is_bounded(site: Site, tmp_path: Path) -> None:
    links = "".join(f"<a href='{number}.pdf'>年报</a>" for number in range(25))
    url = site.add("/", page(links.encode(), Content_Type=HTML))
    for number in range(25):
        site.add(f"/{number}.pdf", page(b"%PDF"))
    result = fetch(tmp_path, url, "--attachments")
    assert result.exit_code == 0
    assert "5 more attachments are not fetched" in result.stderr
    assert len(files(tmp_path)) == 21


def test_each_attachment_is_fetched_once_and_not_searched_itself(
    site: Site, tmp_path: Path
) -> None:
    text = "<a href='/a.pdf'>年报</a><a href='/b.pdf'>年报</a>".encode()
    urls = [site.add(path, page(text, Content_Type=HTML)) for path in ("/", "/2", "/a.pdf")]
    site.add("/b.pdf", page("<a href='/c.pdf'>年报</a>".encode(), Content_Type=HTML))
    assert fetch(tmp_path, *urls, "--attachments").exit_code == 0
    assert sorted(site.asked) == ["/", "/2", "/a.pdf", "/b.pdf"]


def test_attachments_are_fetched_of_a_page_that_is_known(site: Site, tmp_path: Path) -> None:
    """A run that was interrupted after the page goes on with what is attached to it."""
    text = "<a href='a.pdf'>年报</a>".encode()
    url = site.add("/", page(text, ETag='"1"', Content_Type=HTML), page(b"", 304))
    site.add("/a.pdf", page(b"%PDF"))
    fetch(tmp_path, url)
    assert fetch(tmp_path, url, "--attachments").exit_code == 0
    assert site.asked == ["/", "/", "/a.pdf"]


# From the record to the provenance


def test_address_and_time_of_retrieval_are_published(site: Site, tmp_path: Path) -> None:
    final = site.add("/zw/r.txt?y=2019&t=%E5%B9%B4", page(SAMPLE.read_bytes()))
    assert fetch(tmp_path / "in", site.add("/a", moved(final))).exit_code == 0
    (path,) = files(tmp_path / "in")
    source = read_document(path).source_file
    assert source.address == final
    assert source.retrieved == datetime.fromisoformat(sidecar(path)["retrieved"])
    store = gongkai("publish", path, "--store", tmp_path / "store")
    assert store.exit_code == 0, store.output
    assert gongkai("convert", path, "-o", tmp_path / "out").exit_code == 0
    graph = Graph().parse(tmp_path / "out" / "mohrss-2019.ttl")
    node = graph.value(URIRef(BASE + "id/report/mohrss/2019"), PROV.wasDerivedFrom)
    assert list(graph.objects(node, URIRef(PAV + "retrievedFrom"))) == [URIRef(final)]
    moment = Literal(sidecar(path)["retrieved"], datatype=XSD.dateTime)
    assert list(graph.objects(node, URIRef(PAV + "retrievedOn"))) == [moment]
    for term in ("retrievedFrom", "retrievedOn"):
        labels = load_ontology().as_rdflib().objects(URIRef(PAV + term), RDFS.label)
        assert {getattr(label, "language", None) for label in labels} == {"zh", "en"}


def test_a_record_of_other_bytes_is_not_believed(site: Site, tmp_path: Path) -> None:
    fetch(tmp_path, site.add("/r.txt", page(SAMPLE.read_bytes())))
    (path,) = files(tmp_path)
    path.write_bytes(SAMPLE.read_bytes() + b"\n")
    document = read_document(path)
    assert (document.source_file.address, document.source_file.retrieved) == (None, None)
    (note,) = document.notes
    assert "its SHA-256 is not that of the file" in note["en"] and note["zh"]


GOOD_RECORD = {
    "url": "http://example.org/a",
    "final_url": "https://example.org/b",
    "retrieved": "2024-01-31T10:00:00+08:00",
    "size": 1,
    "sha256": hashlib.sha256(b"x").hexdigest(),
}


@pytest.mark.parametrize(
    "changed",
    [
        {"final_url": "javascript:alert(1)"},
        {"final_url": "http://me:secret@example.org/"},
        {"final_url": "http://example.org/> <http://evil.example/"},
        {"final_url": "http://example.org/%zz"},
        {"final_url": "http:/nowhere"},
        {"final_url": 7},
        {"retrieved": "yesterday"},
        {"retrieved": "2024-01-31T10:00:00"},
        {"retrieved": None},
        {"sha256": "0" * 63},
        {"size": "1"},
        {"headers": []},
        {"filling": "x" * 2_000_000},
    ],
    ids=str,
)
def test_records_that_cannot_be_used(changed: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    record = tmp_path / "a.txt.source.json"
    assert source_origin(path, GOOD_RECORD["sha256"]) is None  # type: ignore[arg-type]
    record.write_text(json.dumps(GOOD_RECORD), encoding="utf-8")
    good = source_origin(path, str(GOOD_RECORD["sha256"]))
    assert good is not None and good.note is None
    assert good.address == "https://example.org/b"
    assert good.retrieved == datetime(2024, 1, 31, 2, 0, 0, tzinfo=UTC)
    record.write_text(json.dumps(GOOD_RECORD | changed), encoding="utf-8")
    bad = source_origin(path, str(GOOD_RECORD["sha256"]))
    assert bad is not None and (bad.address, bad.retrieved) == (None, None)
    assert bad.note is not None and "a.txt.source.json" in bad.note["en"]


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"size": 1e999}'])
def test_records_that_are_no_records(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt.source.json").write_bytes(data)
    origin = source_origin(tmp_path / "a.txt", "0" * 64)
    assert origin is not None and origin.note is not None and origin.address is None


def test_refusals_are_in_the_language_of_the_locale(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [
        "ftp://a.example/b",
        "http://me:secret@a.example/",
        "http://a.example:99999/",
        site.add("/gone", page(b"", 410)),
        site.add("/odd", page(b"", 418)),
        site.add("/empty", page(b"")),
        site.add("/coded", page(b"x", 200, Content_Encoding="br")),
    ]
    english = [fetch(tmp_path, address) for address in addresses]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    chinese = [fetch(tmp_path, address) for address in addresses]
    for address, one, other in zip(addresses, english, chinese, strict=True):
        assert one.exit_code == other.exit_code == 2
        assert not is_chinese(one.stderr), one.stderr
        assert is_chinese(other.stderr, address), other.stderr
