"""Derived indexes: made with each snapshot, shared, renewed, made anew where missing or damaged."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gongkai.server.derived import DamagedIndex, DerivedIndex
from gongkai.server.derived.current import CurrentIndex
from gongkai.server.derived.folders import lockable
from gongkai.server.derived.making import make
from gongkai.server.derived.roots import roots_of, version_folder, writable
from gongkai.server.derived.snapshots import SnapshotStore
from gongkai.server.reconciliation.index import ENTITIES
from gongkai.server.reconciliation.making import FILE, NAMES
from gongkai.server.search.index import SEARCH_INDEX, SearchIndex
from gongkai.server.search.making import KINDS, TEXTS
from gongkai.server.store import Answer, Store
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, gongkai
from helpers.served import publish_several, sample_of, served

WORDS = ("公开", "复议", "司法局", "洪泽区司法局", "人力资源", "教育部", "2019", "2020", "申")


@pytest.fixture
def several(tmp_path: Path) -> Path:
    store = tmp_path / "store"
    publish_several(tmp_path, store)
    return store


def made_index(store: Path, index: DerivedIndex = TEXTS) -> Path:
    """The folder of an index of the version that readers see."""
    return store / "derived" / (store / "current").resolve().name / index.folder


def all_found(client: FlaskClient) -> dict[tuple[str, str], set[str]]:
    index = SEARCH_INDEX.of(client.application)
    index.renew(60)
    found = dict[tuple[str, str], set[str]]()
    for kind in KINDS:
        for word in WORDS:
            results = index.find(word, kind, 1000)
            assert results.current
            found[word, kind] = set(results.places)
    return found


def found_anew(store: Path) -> dict[tuple[str, str], set[str]]:
    """What is found by an index that was made from the beginning."""
    shutil.rmtree(store / "derived")
    with served(store) as client:
        return all_found(client)


def test_publishing_makes_the_index_and_servers_only_read_it(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gongkai.server.derived.current.make", None)
    before = {path: path.stat().st_mtime_ns for path in made_index(several).iterdir()}
    with served(several) as one, served(several) as two:
        assert all_found(one) == all_found(two)
    after = {path: path.stat().st_mtime_ns for path in made_index(several).iterdir()}
    assert {path: time for path, time in after.items() if path in before} == before


def test_a_renewed_index_finds_what_one_made_anew_finds(several: Path, tmp_path: Path) -> None:
    first = made_index(several)
    kept = {path.name: path.stat().st_ino for path in first.glob("*.pos")}
    changed = sample_of(tmp_path, "教育部", 2019)
    changed.write_text(
        changed.read_text(encoding="utf-8").replace("行政复议12起", "行政复议12起。银杏"),
        encoding="utf-8",
    )
    other = sample_of(tmp_path, "江苏省淮安市洪泽区司法局", 2021)
    assert gongkai("publish", changed, other, "--store", several).exit_code in (0, 1)
    second = made_index(several)
    assert second != first
    assert kept.items() <= {path.name: path.stat().st_ino for path in second.glob("*.pos")}.items()
    assert gongkai("withdraw", "mohrss/2019", "--why", "test", "--store", several).exit_code == 0
    with served(several) as client:
        found = all_found(client)
        assert f"{BASE}id/report/mohrss/2019" not in found["2019", "report"]
        assert len(SEARCH_INDEX.of(client.application).find("银杏", "passage", 10).places) == 1
    assert found == found_anew(several)


def test_each_version_has_its_own_index(several: Path, tmp_path: Path) -> None:
    with served(several) as client:
        index = SEARCH_INDEX.of(client.application)
        index.renew(60)
        assert not index.find("审计署", "body", 10).places
        gongkai("publish", sample_of(tmp_path, "审计署", 2019), "--store", several)
        assert not index.find("公开", "passage", 10).current
        assert not index.find("公开", "passage", 10).places
        index.renew()
        assert index.find("审计署", "body", 10).places and index.find("公开", "body", 10).current
    versions = {entry.name for entry in (several / "derived").iterdir() if entry.is_dir()}
    assert versions == {entry.name for entry in (several / "snapshots").iterdir()}


def test_what_was_erased_is_in_no_index(several: Path) -> None:
    gongkai("withdraw", "moe/2019", "--why", "test", "--erase", "--store", several)
    (version,) = (several / "derived").iterdir()
    assert not list(version.glob("*/*.del")), "made anew: nothing is only marked as deleted"
    with served(several) as client:
        assert not all_found(client)["教育部", "body"]


@pytest.mark.parametrize(
    "harm",
    [
        shutil.rmtree,
        lambda folder: (folder / "sizes.json").write_text("{"),
        lambda folder: next(folder.glob("*.term")).unlink(),
        lambda folder: os.truncate(next(folder.glob("*.idx")), 3),
        lambda folder: next(folder.glob("*.term")).write_bytes(
            bytes(next(folder.glob("*.term")).stat().st_size)
        ),
        lambda folder: (folder / "meta.json").write_bytes(
            bytes((folder / "meta.json").stat().st_size)
        ),
    ],
    ids=["missing", "no sizes", "lacks a file", "cut off", "zeros", "no description"],
)
def test_an_index_that_is_missing_or_damaged_is_made_anew(
    several: Path, harm: object, caplog: pytest.LogCaptureFixture
) -> None:
    with served(several) as client:
        whole = all_found(client)
    assert callable(harm)
    harm(made_index(several))
    with served(several) as client:
        assert all_found(client) == whole
    assert "the index of texts was missing: made in" in caplog.text
    caplog.clear()
    with served(several) as client:
        assert all_found(client) == whole
    assert not caplog.text


def test_publishing_over_a_damaged_index_makes_it_anew(
    several: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    next(made_index(several).glob("*.term")).unlink()
    gongkai("publish", sample_of(tmp_path, "审计署", 2019), "--store", several)
    with served(several) as client:
        found = all_found(client)
    assert found == found_anew(several) and found["教育部", "body"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_publication_does_not_depend_on_what_is_derived(
    error: Exception,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr("gongkai.server.derived.making.filling", full)
    store = tmp_path / "store"
    result = gongkai("publish", sample_of(tmp_path, "审计署", 2019), "--store", store)
    assert ", published: new" in result.stdout
    assert "the index of texts cannot be made" in caplog.text
    assert "Traceback" not in caplog.text
    monkeypatch.undo()
    with served(store) as client:
        assert all_found(client)["2019", "report"]


def test_a_store_that_may_not_be_written_is_indexed_elsewhere(
    several: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(several / "derived")
    monkeypatch.setattr(
        "gongkai.server.derived.current.writable",
        lambda root: several not in root.parents and writable(root),
    )
    with served(several) as client:
        assert all_found(client)["教育部", "body"]
    assert not list(several.glob("derived/*/*"))


def test_an_index_in_a_folder_of_others_is_opened_by_links(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = made_index(several)
    monkeypatch.setattr("gongkai.server.derived.folders.os.access", lambda *_: False)
    before = sorted(path.name for path in place.iterdir())
    with lockable(place) as view:
        assert view != place and sorted(path.name for path in view.iterdir()) == before
    with served(several) as client:
        assert all_found(client)["教育部", "body"]
    assert sorted(path.name for path in place.iterdir()) == before


def test_an_index_of_a_version_that_passed_meanwhile_is_dropped(tmp_path: Path) -> None:
    store = tmp_path / "store"
    triple = b"<http://a/s> <http://a/p> <http://a/o> .\n"
    with writing(store, BASE) as writer:
        writer.replace({"http://g/1": triple})
    reader = EmbeddedReader(store)

    def slow(folder: Path, read: Store) -> None:
        if not (store / "snapshots" / "marker").exists():
            (store / "snapshots" / "marker").touch()
            with writing(store, BASE) as writer:
                writer.replace({"http://g/2": triple})
        (folder / "made").write_text(read.version, encoding="ascii")

    def never(*_: object) -> None:
        raise DamagedIndex("made anew")

    index = DerivedIndex("slow", 1, slow, never)
    current = CurrentIndex(index, reader, roots_of(reader), lambda place: place)
    try:
        first = reader.version
        current.renew(60)
        assert not list((store / "derived").glob(f"{first}/*"))
        current.renew(60)
        place, is_current = current.opened()
        assert is_current and place is not None
        assert (place / "made").read_text(encoding="ascii") == reader.version != first
    finally:
        reader.close()


class Elsewhere:
    """A store as a remote one is: what changed in it only its histories tell."""

    def __init__(self, reader: EmbeddedReader) -> None:
        self._reader = reader
        self.texts = 0

    def __getattr__(self, name: str) -> Any:
        if name == "folder":
            raise AttributeError(name)
        return getattr(self._reader, name)

    def query(self, text: str, *given: Any, **more: Any) -> Answer:
        # The reports whose texts are asked for.
        if "def#Section" in text and "?text" in text:
            self.texts += text.partition("UNION")[0].count("/id/report/")
        return self._reader.query(text, *given, **more)


def test_an_index_of_a_remote_store_is_renewed_from_its_histories(
    several: Path, tmp_path: Path
) -> None:
    root = tmp_path / "cache"
    reader = EmbeddedReader(several)
    store = Elsewhere(reader)
    try:
        index = SearchIndex(store, (root,))
        index.renew(60)
        assert store.texts == 5
        assert len(index.find("2019", "report", 10).places) == 3
        other = sample_of(tmp_path, "江苏省淮安市洪泽区司法局", 2021)
        changed = sample_of(tmp_path, "教育部", 2019, more=3)
        assert gongkai("publish", other, changed, "--store", several).exit_code in (0, 1)
        gongkai("withdraw", "mohrss/2019", "--why", "test", "--store", several)
        # Until it is renewed the last one answers, and says so.
        assert not index.find("2019", "report", 10).current
        assert len(index.find("2019", "report", 10).places) == 3
        index.renew(60)
        # The new report and the corrected one, and those of the body that has a new name.
        assert store.texts == 5 + 4
        with served(several) as client:
            expected = all_found(client)
        for (word, kind), places in expected.items():
            found = index.find(word, kind, 1000)  # type: ignore[arg-type]
            assert found.current and set(found.places) == places
        reports = index.find("江苏省淮安市洪泽区司法局", "report", 10).places
        assert len(reports) == 3
    finally:
        reader.close()
    assert len([entry for entry in root.iterdir() if entry.is_dir()]) <= 2


# --- names, for reconciliation --------------------------------------------------------------------


def all_named(folder: Path) -> list[list[tuple[object, ...]]]:
    """What an index of names says of all entities."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        texts = [
            "SELECT id, text, code, short FROM name JOIN entity USING (number)",
            "SELECT id, property, value FROM fact JOIN entity USING (number)",
            "SELECT id, type FROM typed JOIN entity USING (number)",
            "SELECT 1, content FROM lists",
            "SELECT id, term FROM temp.words JOIN entity ON doc = number",
        ]
        database.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, sought, instance)")
        return [sorted(database.execute(text)) for text in texts]


def test_renewed_names_are_those_made_anew(several: Path, tmp_path: Path) -> None:
    inode = (made_index(several, NAMES) / FILE).stat().st_ino
    again = sample_of(tmp_path, "教育部", 2020)
    assert gongkai("publish", again, "--store", several).exit_code in (0, 1)
    assert (made_index(several, NAMES) / FILE).stat().st_ino == inode, "no body is new"
    others = [
        sample_of(tmp_path, "江苏省淮安市洪泽区司法局", 2021),
        sample_of(tmp_path, "江苏省淮安市洪泽区高良涧街道办事处", 2021),
        sample_of(tmp_path, "内蒙古自治区民政厅", 2021),
    ]
    assert gongkai("publish", *others, "--store", several).exit_code in (0, 1)
    renewed = made_index(several, NAMES)
    assert (renewed / FILE).stat().st_ino != inode
    anew = tmp_path / "anew"
    snapshot = SnapshotStore((several / "current").resolve(), BASE)
    make(NAMES, anew, snapshot, snapshot.version)
    assert all_named(renewed) == all_named(anew)
    with served(several) as client:
        (justice,) = ENTITIES.of(client.application).index().exact("淮安市洪泽区司法局")
    key = justice.id.removeprefix("body/")
    for year in (2019, 2020, 2021):
        gongkai("withdraw", f"{key}/{year}", "--why", "test", "--store", several)
    snapshot = SnapshotStore((several / "current").resolve(), BASE)
    make(NAMES, anew, snapshot, snapshot.version)
    assert all_named(made_index(several, NAMES)) == all_named(anew)
    with served(several) as client:
        assert not ENTITIES.of(client.application).index().entities([justice.id])


@pytest.mark.parametrize("harm", ["cut off", "zeros", "a page of zeros"])
def test_names_that_are_damaged_are_made_anew(
    several: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    asked = '/reconcile?queries={"q":{"query":"人力资源和社会保障部"}}'
    with served(several) as client:
        whole = client.get(asked).json
    file = made_index(several, NAMES) / FILE
    content = file.read_bytes()
    broken = {
        "cut off": content[:5000],
        "zeros": bytes(len(content)),
        "a page of zeros": content[:8192] + bytes(len(content) - 8192),
    }
    file.write_bytes(broken[harm])
    with served(several) as client:
        answers = [client.get(asked) for _ in range(2)]
        assert answers[0].status_code == 503 or answers[0].json == whole
        assert answers[1].json == whole
    assert "the index of names is damaged and made anew" in caplog.text


def test_versions_that_are_not_unique_outlive_no_process() -> None:
    assert version_folder("0123456789abcdef" * 2) == "0123456789abcdef" * 2
    assert version_folder("../1").startswith(f"{os.getpid()}-") and "/" not in version_folder(
        "../1"
    )


def test_a_snapshot_answers_as_its_reader_does(several: Path) -> None:
    snapshot = SnapshotStore((several / "current").resolve(), BASE)
    reader = EmbeddedReader(several)
    try:
        assert (snapshot.base, snapshot.version) == (reader.base, reader.version)
        for query in (
            "SELECT ?s WHERE { ?s a <def#Report> } ORDER BY ?s",
            f"SELECT ?s FROM <{BASE}id/report/moe/2019> WHERE {{ ?s ?p ?o }} ORDER BY ?s",
        ):
            assert snapshot.query(query).body == reader.query(query).body
        text = f"CONSTRUCT WHERE {{ <{BASE}id/body/moe> ?p ?o }}"
        assert sorted(snapshot.query(text).body) == sorted(reader.query(text).body)
    finally:
        reader.close()
