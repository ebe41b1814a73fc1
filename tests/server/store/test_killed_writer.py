"""A writer that is killed: what it committed stays, and nothing is there in part."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.server.store import StoreError
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import writing
from helpers.commands import BASE, ROOT

BEFORE = {
    f"http://g/{name}": f"<http://a/{name}> <http://a/is> <http://a/old> .\n" for name in "ab"
}
AFTER = {
    "http://g/a": "<http://a/a> <http://a/is> <http://a/new> .\n",
    "http://g/b": "",
    "http://g/c": "<http://a/c> <http://a/is> <http://a/new> .\n",
}

WRITER = """
import os, sys
from pathlib import Path
from unittest.mock import patch
from gongkai.server.store import embedded_writer

folder, base, step, moment, last, graphs = sys.argv[1:]

def dying(*args, **kwargs):
    if moment == "after":
        whole(*args, **kwargs)
    os.kill(os.getpid(), 9)

owner, _, name = step.rpartition(".")
target = getattr(embedded_writer, owner) if owner else embedded_writer
whole = getattr(target, name)
with embedded_writer.writing(Path(folder), base) as writer, patch.object(target, name, dying):
    writer.replace({name: text.encode() for name, text in eval(graphs).items()})
    getattr(writer, last)()
"""

STEPS = [
    ("begin", "before", False),
    ("begin", "after", False),
    ("load", "before", False),
    ("load", "after", False),
    ("EmbeddedWriter._new_snapshot", "before", False),
    ("EmbeddedWriter._new_snapshot", "after", False),
    ("direct", "before", False),
    ("direct", "after", True),
    ("end", "before", True),
    ("end", "after", True),
    ("remove_old", "after", True),
]
"""Steps of a commit, and whether what was written is there after the writer died at it.

Readers see it once more steps are done, those of ``SHOWING``.
"""

SHOWING = [
    ("EmbeddedWriter._show", "before", False),
    ("EmbeddedWriter._show", "after", True),
    ("forget_changed", "before", True),
    ("forget_changed", "after", True),
]
"""Steps after a commit, and whether readers see what was written after the writer died at it."""

CASES = [(*step, last, False) for step in STEPS for last in ("commit", "make_visible")] + [
    (step, moment, True, "make_visible", visible) for step, moment, visible in SHOWING
]


@pytest.mark.parametrize(("step", "moment", "written", "last", "visible"), CASES)
def test_a_batch_is_there_or_not(
    step: str, moment: str, written: bool, last: str, visible: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    with writing(folder, BASE) as writer:
        writer.replace({name: text.encode() for name, text in BEFORE.items()})
    arguments = (str(folder), BASE, step, moment, last, repr(AFTER))
    died = subprocess.run([sys.executable, "-c", WRITER, *arguments], check=False, cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    expected = BEFORE | AFTER if written else BEFORE
    assert seen(folder) == lines(expected if visible else BEFORE)
    with writing(folder, BASE) as writer:
        assert {name: writer.graph(name).decode() for name in AFTER} == {
            name: expected.get(name, "") for name in AFTER
        }
        writer.replace({"http://g/d": b"<http://a/d> <http://a/is> <http://a/new> .\n"})
    later = {"http://g/d": "<http://a/d> <http://a/is> <http://a/new> .\n"}
    assert seen(folder) == lines(expected | later)


def test_a_first_batch_that_was_not_written_leaves_an_empty_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    arguments = (str(folder), BASE, "load", "after", "commit", repr(AFTER))
    died = subprocess.run([sys.executable, "-c", WRITER, *arguments], check=False, cwd=ROOT)
    assert died.returncode == -signal.SIGKILL
    with writing(folder, BASE) as writer:
        assert list(writer.graph_names()) == []
        writer.replace({name: text.encode() for name, text in BEFORE.items()})
    assert seen(folder) == lines(BEFORE)


def test_a_load_that_fails_shows_what_was_committed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(StoreError, match=r"could not be written: .*No space left"),
        writing(folder, BASE) as writer,
    ):
        writer.replace({name: text.encode() for name, text in BEFORE.items()})
        writer.commit()
        monkeypatch.setattr("gongkai.server.store.embedded_writer.load", full)
        writer.replace({name: text.encode() for name, text in AFTER.items()})
        writer.commit()
    monkeypatch.undo()
    assert seen(folder) == lines(BEFORE)
    with writing(folder, BASE) as writer:
        assert sorted(writer.graph_names()) == sorted(BEFORE)


FAILING = ["begin", "load", "EmbeddedWriter._new_snapshot", "direct"]


@pytest.mark.parametrize("last", ["commit", "make_visible"])
@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("step", FAILING)
def test_what_is_settled_is_there_after_any_step_failed(
    step: str, later: bool, last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk each step may fail, of the first batch or of a later one."""
    folder = tmp_path / "store"

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(StoreError, match="No space left"),
        writing(folder, BASE) as writer,
    ):
        if later:
            writer.replace({name: text.encode() for name, text in BEFORE.items()})
            writer.commit()
        monkeypatch.setattr(f"gongkai.server.store.embedded_writer.{step}", full)
        writer.replace({name: text.encode() for name, text in AFTER.items()})
        getattr(writer, last)()
    assert not writer.settled
    monkeypatch.undo()
    with writing(folder, BASE) as writer:
        assert sorted(writer.graph_names()) == (sorted(BEFORE) if later else [])
        assert writer.settled
    assert seen(folder) == lines(BEFORE if later else {})


@pytest.mark.parametrize("left", [("lock",), ("lock", "store.json.new"), ()])
def test_a_store_whose_making_was_stopped_is_made(left: tuple[str, ...], tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    for name in left:
        (folder / name).write_text("", encoding="utf-8")
    with writing(folder, BASE) as writer:
        writer.replace({name: text.encode() for name, text in BEFORE.items()})
    assert seen(folder) == lines(BEFORE)


def seen(folder: Path) -> list[str]:
    """What readers see: each triple, sorted."""
    reader = EmbeddedReader(folder)
    try:
        answer = reader.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", graph="nt").body
    finally:
        reader.close()
    return sorted(answer.decode().splitlines())


def lines(graphs: dict[str, str]) -> list[str]:
    return sorted(line for text in graphs.values() for line in text.splitlines())


def test_what_is_no_n_triples_is_told_and_nothing_of_its_batch_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with writing(folder, BASE) as writer:
        writer.replace({name: text.encode() for name, text in BEFORE.items()})
    with (
        pytest.raises(StoreError, match="could not be written: "),
        writing(folder, BASE) as writer,
    ):
        writer.replace({"http://g/c": b"<http://a/c> <http://a/is> <no address> .\n"})
    assert seen(folder) == lines(BEFORE)
    with writing(folder, BASE) as writer:
        assert sorted(writer.graph_names()) == sorted(BEFORE)
