"""No answer is of two versions of the store; no store is left with half of one."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gongkai.server.app import create_app
from gongkai.server.settings import CacheSettings, Settings
from gongkai.server.store import Answer, Store, StoreError
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import EmbeddedWriter
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.profiles import some_of
from helpers.served import sample_of
from helpers.stores import published

REPORT = "mohrss/2019"
PATHS = (
    "/doc/report/mohrss/2019.ttl",
    "/doc/report/mohrss/2019.html",
    "/reconcile/preview?id=body/mohrss",
)
LONG_AGO = "Thu, 01 Jan 1970 00:00:01 GMT"
CACHED = 10_000_000
"""Bytes of a cache in which all these answers have room."""

REQUESTS: tuple[tuple[int, dict[str, str]], ...] = (
    (CACHED, {}),
    (0, {}),
    (CACHED, {"If-Modified-Since": LONG_AGO}),
    (CACHED, {"Accept-Encoding": "gzip", "If-Match": "*"}),
    (CACHED, {"Range": "bytes=0-9999999"}),
    (CACHED, {"Accept-Language": "en, " + "x, " * 1000}),
)
"""The bytes of the response cache, and the headers of a request."""

CHANGES = ((0, 1), (2, 0))
"""A report is replaced, or published anew: the stores before and after it, by their places."""

TURNS = [
    (*CHANGES[(number + turn) % 2], *request)
    for number, request in enumerate(REQUESTS)
    for turn in (0, 1)
]
"""Every request with every change; each change comes first with every second request."""


class Changing:
    """A store that is replaced by another one after a number of queries."""

    def __init__(self, before: Store, after: Store) -> None:
        self._before, self._after = before, after
        self.queries_left = 0

    @property
    def _now(self) -> Store:
        return self._before if self.queries_left > 0 else self._after

    @property
    def base(self) -> str:
        return self._after.base

    @property
    def version(self) -> str:
        return self._now.version

    @property
    def version_now(self) -> str:
        return self._now.version_now

    @property
    def changed(self) -> float:
        return self._now.changed

    def query(self, *given: object, **more: object) -> Answer:
        now = self._now
        self.queries_left -= 1
        return now.query(*given, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmbeddedReader, ...]]:
    """A store before and after the replacement of its report, and after its withdrawal."""
    folder = tmp_path_factory.mktemp("versions")
    for name in ("before", "replaced", "withdrawn"):
        published(folder / name, SAMPLE)
    corrected = sample_of(folder, "人力资源社会保障部", 2019, more=7, miscounted=5)
    result = gongkai("publish", corrected, "--replace", "--store", folder / "replaced")
    assert ", published: replaced" in result.stdout, result.output
    result = gongkai("withdraw", REPORT, "--why", "a test", "--store", folder / "withdrawn")
    assert result.exit_code == 0, result.output
    readers = tuple(EmbeddedReader(folder / name) for name in ("before", "replaced", "withdrawn"))
    yield readers
    for reader in readers:
        reader.close()


def client_of(store: Store, memory: int) -> FlaskClient:
    return create_app(store, Settings(cache=CacheSettings(memory)), since=1.0).test_client()


def answer(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> tuple[int, str | None, bytes]:
    given = client.get(path, headers=headers)
    return given.status_code, given.headers.get("ETag"), given.data


@pytest.mark.parametrize(("first", "then", "memory", "headers"), some_of(TURNS, len(CHANGES)))
def test_no_answer_is_of_two_versions(
    stores: tuple[EmbeddedReader, ...],
    first: int,
    then: int,
    memory: int,
    headers: dict[str, str],
) -> None:
    alone = client_of(stores[first], memory), client_of(stores[then], memory)
    for path in PATHS:
        whole = {answer(one, path, headers) for one in alone}
        # Something is published before one of the queries of the answer, or after all.
        for number in (1, 2, 4, 8, 16, 32, 64, 128):
            store = Changing(stores[first], stores[then])
            client = client_of(store, memory)
            store.queries_left = number
            assert answer(client, path, headers) in whole, (path, number)
            if store.queries_left > 0:
                break
        else:
            raise AssertionError(f"{path} asks more queries than were tried")


@pytest.mark.parametrize("erase", [False, True])
def test_a_withdrawal_that_is_interrupted_is_whole_or_none(
    countries_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, erase: bool
) -> None:
    """At whichever write it ends: next year's report is compared with what the store holds."""
    write, ended = EmbeddedWriter.replace, set()

    def held(store: Path) -> tuple[bool, bool]:
        """Whether the report of 2023 is there, and that of 2024 contradicts it."""
        reader = EmbeddedReader(store)
        try:
            broken = "us-carry-over" in reader.graph(f"{BASE}id/validation/us-flra/2024").decode()
            return bool(reader.graph(f"{BASE}id/report/us-flra/2023")), broken
        finally:
            reader.close()

    assert held(countries_folder) == (True, True)
    for number in range(10):
        store = tmp_path / f"ended-{number}"
        shutil.copytree(countries_folder, store, symlinks=True)
        left = [number]

        def replace(writer: EmbeddedWriter, graphs: Mapping[str, bytes], left: Any = left) -> None:
            if left[0] == 0:
                raise StoreError("ended here")
            left[0] -= 1
            write(writer, graphs)

        monkeypatch.setattr(EmbeddedWriter, "replace", replace)
        options = ["--erase"] if erase else []
        result = gongkai("withdraw", "us-flra/2023", "--why", "x", *options, "--store", store)
        ended.add(held(store))
        if result.exit_code == 0:
            break
    assert ended == {(True, True), (False, False)}
