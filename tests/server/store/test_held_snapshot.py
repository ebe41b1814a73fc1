"""The snapshot that is kept for the version that Virtuoso holds."""

import os
from pathlib import Path

import pytest

from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.virtuoso import held_snapshot
from gongkai.server.store_location import writing
from helpers.commands import BASE

NAME = f"{BASE}id/one"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def put(store: Path, number: int) -> str:
    """Write a graph with some triples more; the version after it."""
    with writing(store, BASE) as writer:
        lines = [f'<{NAME}> <{BASE}def#n> "{one}" .\n' for one in range(number)]
        writer.replace({NAME: "".join(lines).encode(), f"{NAME}/{number}": lines[0].encode()})
    return (store / "current").readlink().name


@pytest.mark.parametrize("same_disk", [True, False])
def test_it_stays_when_the_store_has_moved_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_disk: bool
) -> None:
    store, folder = tmp_path / "store", tmp_path / "virtuoso"
    linking, linked = os.link, list[str]()

    def link(source: str | Path, target: str) -> None:
        if not same_disk and Path(source).is_relative_to(store):
            raise OSError("another file system")
        linking(source, target)
        linked.append(str(source))

    first = put(store, 1)
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", link)
        held_snapshot.keep(store, folder, first)
        held_snapshot.switch(folder, first)
        second = put(store, 2)
        held_snapshot.keep(store, folder, second)
    assert any(path.endswith(".sst") for path in linked), "what did not change is not copied"
    for number in range(3, 6):
        put(store, number)
    assert not (store / "snapshots" / second).exists()
    for version, count in ((first, b"2"), (second, b"4")):
        assert held_snapshot.is_kept(folder, version)
        held_snapshot.switch(folder, version) if version == second else None
        reader = EmbeddedReader(held_snapshot.store_of(folder))
        try:
            assert reader.version == version
            assert reader.query(COUNT, "csv").body.split()[1] == count
        finally:
            reader.close()
    assert not held_snapshot.is_kept(folder, first)
