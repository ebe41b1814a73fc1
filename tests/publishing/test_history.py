"""The versions of a report: published, replaced, withdrawn, brought back; each stays citable."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gongkai.pipeline import process
from gongkai.publishing.histories import content_digest
from gongkai.publishing.publication import publish
from gongkai.publishing.standing import Standing
from gongkai.server.app import create_app
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, SAMPLE, gongkai

REPORT = "id/report/mohrss/2019"


def changed_sample(folder: Path, old: str, new: str) -> Path:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = folder / "changed" / SAMPLE.name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.fixture
def published(tmp_path: Path, store_folder: Path) -> Path:
    """A store of its own with the sample."""
    folder = tmp_path / "store"
    shutil.copytree(store_folder, folder, symlinks=True)
    return folder


def known_versions(folder: Path) -> list[dict[str, object]]:
    result = gongkai("history", "mohrss/2019", "--json", "--store", folder)
    assert result.exit_code == 0, result.output
    return list(json.loads(result.output))


class Served:
    """A test client of a store, for the time of a with statement."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> FlaskClient:
        self._reader = EmbeddedReader(self._folder)
        return create_app(self._reader).test_client()

    def __exit__(self, *_: object) -> None:
        self._reader.close()


def test_the_same_file_published_again_is_no_new_version(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = known_versions(published)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert gongkai("publish", SAMPLE, "--store", published).exit_code == 0
    assert known_versions(published) == [first]
    with Served(published) as client:
        text = client.get("/doc/report/mohrss/2019.nt").get_data(as_text=True)
        assert "2030-03-17" not in text, "it says when what is published was read"


def test_what_a_store_holds_of_a_report_is_read_once(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each read is a request where the store is remote."""
    (outcome,) = process(SAMPLE, BASE)
    read: list[str] = []
    with writing(published, BASE) as writer:
        graph_of = writer.graph

        def counted(name: str) -> bytes:
            read.append(name)
            return graph_of(name)

        monkeypatch.setattr(writer, "graph", counted)
        assert publish(writer, outcome).standing is Standing.UNCHANGED
    assert read.count(f"{BASE}{REPORT}") == read.count(f"{BASE}id/history/mohrss/2019") == 1


def test_a_corrected_report_is_a_new_version_and_the_old_one_can_still_be_read(
    published: Path, tmp_path: Path
) -> None:
    with Served(published) as client:
        before = client.get("/dump/version/mohrss/2019/1.nt").data
    result = gongkai("publish", changed_sample(tmp_path, "政策", "新策"), "--store", published)
    assert result.exit_code == 0, result.output
    first, second = known_versions(published)
    assert first["ended"] == second["issued"]
    assert first["ended"] is not None and second["ended"] is None
    assert first["sha256"] != second["sha256"]
    with Served(published) as client:
        old = client.get("/dump/version/mohrss/2019/1.nt")
        assert old.status_code == 200
        assert old.mimetype == "application/n-triples"
        assert old.data == before
        assert content_digest(old.data) == first["sha256"]
        lines = [
            line
            for line in sorted(old.data.splitlines())
            if b"endedAtTime" not in line and b"softwareVersion" not in line
        ]
        assert hashlib.sha256(b"\n".join(lines)).hexdigest() == first["sha256"]
        new = client.get("/dump/version/mohrss/2019/2.nt").data
        assert content_digest(new) == second["sha256"]
        assert "新策".encode() in new and "新策".encode() not in old.data
        told = client.get("/doc/version/mohrss/2019/2.nt").get_data(as_text=True)
        assert f"<http://www.w3.org/ns/prov#wasRevisionOf> <{BASE}id/version/mohrss/2019/1>" in told
        assert "def#content>" not in told
        assert client.get("/id/version/mohrss/2019/1").status_code == 303
        report = client.get("/doc/report/mohrss/2019.nt").get_data(as_text=True)
        assert report.count("<http://purl.org/dc/terms/hasVersion>") == 2
        assert client.get("/dump/version/mohrss/2019/3.nt").status_code == 404
        for page in ("history/mohrss/2019", "version/mohrss/2019/1"):
            for language in ("zh", "en"):
                assert client.get(f"/doc/{page}.html?lang={language}").status_code == 200


def test_a_withdrawn_report_is_gone_and_says_why(published: Path) -> None:
    result = gongkai("withdraw", "mohrss/2019", "--why", "两份<b>弄错</b>了", "--store", published)
    assert result.exit_code == 0, result.output
    (version,) = known_versions(published)
    assert version["withdrawn_because"] == "两份<b>弄错</b>了"
    with Served(published) as client:
        for path in (
            REPORT,
            "doc/report/mohrss/2019",
            "doc/report/mohrss/2019.ttl",
            "doc/report/mohrss/2019.html",
            "doc/validation/mohrss/2019",
            "id/slice/requests/mohrss/2019",
            "id/observation/requests/mohrss/2019/natural-person/received-new",
        ):
            gone = client.get(f"/{path}", headers={"Accept": "text/plain"})
            assert gone.status_code == 410, path
            assert "两份<b>弄错</b>了" in gone.get_data(as_text=True)
            assert 'rel="version-history"' in gone.headers["Link"]
        page = client.get("/doc/report/mohrss/2019", headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert "<b>弄错" not in page.get_data(as_text=True)
        assert client.get("/doc/report/mohrss/2018").status_code == 404
        assert client.get("/dump/version/mohrss/2019/1.nt").status_code == 200
        assert "mohrss/2019" not in client.get("/").get_data(as_text=True)
        count = client.get("/sparql", query_string={"query": f"""
            SELECT (COUNT(*) AS ?n) WHERE {{
              ?o a <http://purl.org/linked-data/cube#Observation> ; <{BASE}def#body> ?body }}"""},
            headers={"Accept": "text/csv"})  # fmt: skip
        assert count.data.split() == [b"n", b"0"]
    assert gongkai("withdraw", "mohrss/2019", "--why", "again", "--store", published).exit_code == 2
    assert gongkai("publish", SAMPLE, "--store", published).exit_code == 0
    assert [item["number"] for item in known_versions(published)] == [1, 2]
    with Served(published) as client:
        assert client.get("/doc/report/mohrss/2019").status_code == 200


def test_erased_means_that_nothing_of_it_is_kept(published: Path, tmp_path: Path) -> None:
    changed = changed_sample(tmp_path, "政策", "新策")
    assert gongkai("publish", changed, "--store", published).exit_code == 0
    uri = BASE + REPORT
    result = gongkai("withdraw", uri, "--why", "names a person", "--erase", "--store", published)
    assert result.exit_code == 0, result.output
    with Served(published) as client:
        for number in (1, 2):
            assert client.get(f"/dump/version/mohrss/2019/{number}.nt").status_code == 410
            assert client.get(f"/doc/version/mohrss/2019/{number}").status_code == 200
        found = client.get(
            "/sparql", query_string={"query": f"ASK {{ ?v <{BASE}def#content> ?c }}"},
            headers={"Accept": "text/csv"},
        )  # fmt: skip
        assert found.data.strip() == b"false"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("withdraw", "mohrss/2018", "--why", "x"), "mohrss/2018 is not in the store"),
        (("withdraw", "mohrss", "--why", "x"), "names no report"),
        (("withdraw", "mohrss/2019", "--why", " "), "give the reason"),
        (("history", "mohrss/2018"), "mohrss/2018 is not in the store"),
        (("history", "a b/c"), "names no report"),
    ],
)
def test_what_cannot_be_done_is_said(
    published: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = gongkai(*arguments, "--store", published)
    assert result.exit_code == 2
    assert said in result.output


def test_no_store_no_history(tmp_path: Path) -> None:
    for command in (("history",), ("withdraw", "--why", "x")):
        result = gongkai(*command, "mohrss/2019", "--store", tmp_path / "none")
        assert result.exit_code == 2
        assert "there is no published store" in result.output
        assert not (tmp_path / "none").exists()


def test_what_was_published_before_there_were_histories_is_the_first_version(
    published: Path, tmp_path: Path
) -> None:
    from gongkai.server.store.embedded_writer import writing

    with writing(published, BASE) as writer:
        writer.replace({BASE + "id/history/mohrss/2019": b""})
        held = writer.graph(BASE + REPORT)
    assert gongkai("history", "mohrss/2019", "--store", published).exit_code == 2
    changed = changed_sample(tmp_path, "政策", "新策")
    assert gongkai("publish", changed, "--store", published).exit_code == 0
    first, second = known_versions(published)
    assert first["sha256"] == content_digest(held)
    assert second["ended"] is None


def test_what_is_erased_is_in_no_file_of_the_store(published: Path, tmp_path: Path) -> None:
    import pyoxigraph

    changed = changed_sample(tmp_path, "政策", "新策")
    assert gongkai("publish", changed, "--store", published).exit_code == 0
    arguments = ("withdraw", "mohrss/2019", "--why", "the law", "--erase", "--store", published)
    assert gongkai(*arguments).exit_code == 0
    (snapshot,) = (published / "snapshots").iterdir()
    for folder in (snapshot, published / "data"):
        store = pyoxigraph.Store.read_only(str(folder))
        assert not [quad for quad in store if "新策" in quad.object.value]
        assert not [quad for quad in store if quad.predicate.value.endswith("def#content")]
    for path in published.rglob("*"):
        if path.is_file():
            assert "新策".encode() not in path.read_bytes(), path.name


@pytest.mark.parametrize("moved", [False, True])
def test_a_store_killed_while_it_was_moved_is_mended(published: Path, moved: bool) -> None:
    (published / "data").rename(published / "data.old")
    if moved:
        shutil.copytree(published / "data.old", published / "data")
    (published / "data.new").mkdir()
    (published / "data.nq").write_bytes(b"half")
    assert gongkai("publish", SAMPLE, "--store", published).exit_code == 0
    assert [item["number"] for item in known_versions(published)] == [1]
    assert not [path for path in published.iterdir() if path.name.startswith("data.")]


def test_an_erasure_after_the_withdrawal_says_why_too(published: Path) -> None:
    for arguments in (("--why", "first"), ("--erase", "--why", "a court")):
        result = gongkai("withdraw", "mohrss/2019", *arguments, "--store", published)
        assert result.exit_code == 0, result.output
    (version,) = known_versions(published)
    assert version["withdrawn_because"] == "first; 删除内容 / erased: a court"
    again = gongkai("withdraw", "mohrss/2019", "--erase", "--why", "x", "--store", published)
    assert again.exit_code == 2 and "was withdrawn before" in again.output


@pytest.mark.parametrize("why", ["bad \x01 control", "two\nlines", "\udcff\udcfe"])
def test_reasons_that_no_format_can_hold(published: Path, why: str) -> None:
    result = gongkai("withdraw", "mohrss/2019", "--why", why, "--store", published)
    assert result.exit_code == 2 and "in one line" in result.output


@pytest.mark.parametrize("report", ["a b/2019", "a>b/2019", "a/b/2019", "报/2019"])
def test_names_that_are_never_minted(published: Path, report: str) -> None:
    for command in (("history",), ("withdraw", "--why", "x")):
        result = gongkai(*command, report, "--store", published)
        assert result.exit_code == 2 and "names no report" in result.output


def test_numbers_as_they_were_printed(tmp_path: Path) -> None:
    """A store writes 1.50 as 1.5: the version has it as it was read, the cell its print."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert "\n40628700\n" in text
    path = tmp_path / "decimals.txt"
    path.write_text(text.replace("\n40628700\n", "\n40628700.50\n"), encoding="utf-8")
    folder = tmp_path / "store"
    result = gongkai("publish", path, "--store", folder)
    assert "published" in result.stdout, result.output
    (version,) = known_versions(folder)
    with Served(folder) as client:
        content = client.get("/dump/version/mohrss/2019/1.nt").data
        assert content_digest(content) == version["sha256"]
        assert b'"40628700.50"^^' in content
        rows = client.get("/dump/report/mohrss/2019.csv").text.splitlines()
        (row,) = [row for row in rows if ",40628700.5," in row]
        assert row.endswith(",40628700.50")
        assert client.get("/dump/version/mohrss/02019/1.nt").status_code == 404
        assert client.get("/dump/version/mohrss/2019/01.nt").status_code == 404


def test_publishing_says_what_it_does(tmp_path: Path) -> None:
    """New, unchanged, replaced by a correction; another document only where that is asked for."""
    store = tmp_path / "store"

    def told(path: Path, *more: str) -> tuple[int, str, str]:
        result = gongkai("publish", path, *more, "--store", store, "--again")
        said = result.stdout.strip().rpartition(", published: ")[2]
        return result.exit_code, said, result.stderr

    assert told(SAMPLE) == (0, "new", "")
    assert told(SAMPLE) == (0, "unchanged", "")
    correction = changed_sample(tmp_path, "政策", "新策")
    assert told(correction) == (0, "replaced", "")
    other = tmp_path / "other.txt"
    other.write_text(SAMPLE.read_text(encoding="utf-8") + "又一段。\n", encoding="utf-8")
    code, said, why = told(other)
    assert (code, said) == (2, "") and "not published: refused: " in why
    assert "another document (mohrss-2019.txt)" in why and "--replace" in why
    assert (
        len(json.loads(gongkai("history", "mohrss/2019", "--json", "--store", store).stdout)) == 2
    )
    assert told(other, "--replace") == (0, "replaced", "")
    lacking = tmp_path / "lacking.txt"
    lacking.write_text("\n".join(SAMPLE.read_text(encoding="utf-8").splitlines()[:90]))
    assert told(lacking)[:2] == (1, "")
    several = gongkai("publish", other, SAMPLE, lacking, "--store", store)
    table = dict(line.split() for line in several.stderr.splitlines() if line[:1].isalpha())
    assert table == {"new": "0", "replaced": "0", "unchanged": "1", "refused": "2"}
