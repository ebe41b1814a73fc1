"""The journal of an embedded store: which graphs were written between two versions."""

from pathlib import Path

import pytest

from gongkai.server.store import embedded_writer
from gongkai.server.store.journal import changed_graphs
from gongkai.server.store_location import writing
from helpers.commands import BASE

ONE, TWO, THREE = (f"{BASE}id/{name}" for name in ("one", "two", "three"))


def triple(name: str, value: int = 1) -> bytes:
    return f'<{name}> <{BASE}def#n> "{value}" .\n'.encode()


def version(store: Path) -> str:
    return (store / "current").readlink().name


def put(store: Path, *names: str, value: int = 1) -> str:
    """Replace graphs in a run of its own; the version after it."""
    with writing(store, BASE) as writer:
        for name in names:
            writer.replace({name: triple(name, value)})
    return version(store)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_what_several_runs_replaced(store: Path) -> None:
    first = put(store, ONE)
    second = put(store, TWO)
    with writing(store, BASE) as writer:
        writer.replace({ONE: triple(ONE, 2)})
        writer.make_visible()
        third = version(store)
        writer.replace({THREE: triple(THREE)})
    fourth = version(store)
    assert changed_graphs(store, first, first) == frozenset()
    assert changed_graphs(store, first, second) == frozenset({TWO})
    assert changed_graphs(store, first, third) == frozenset({ONE, TWO})
    assert changed_graphs(store, second, fourth) == frozenset({ONE, THREE})
    assert changed_graphs(store, third, fourth) == frozenset({THREE})
    assert changed_graphs(store, fourth, third) is None
    assert changed_graphs(store, "another", fourth) is None


def test_a_run_that_changes_nothing_does_not_end_the_journal(store: Path) -> None:
    first = put(store, ONE)
    assert put(store) == first
    assert changed_graphs(store, first, put(store, TWO)) == frozenset({TWO})


def test_what_was_moved_to_new_files_is_to_be_read_anew(store: Path) -> None:
    first = put(store, ONE)
    with writing(store, BASE) as writer:
        writer.replace({ONE: triple(ONE, 2)})
        writer.make_visible()
        writer.forget()
    second = version(store)
    assert changed_graphs(store, first, second) is None
    assert changed_graphs(store, second, put(store, TWO)) == frozenset({TWO})


def test_after_a_run_that_failed(store: Path) -> None:
    first = put(store, ONE)
    with pytest.raises(ZeroDivisionError), writing(store, BASE) as writer:
        writer.replace({TWO: triple(TWO)})
        _ = 1 / 0
    changed = changed_graphs(store, first, put(store, THREE))
    assert changed is not None and {TWO, THREE} <= changed


def test_what_was_written_without_the_journal_is_not_known(store: Path) -> None:
    first = put(store, ONE)
    with embedded_writer.writing(store, BASE) as writer:
        writer.replace({TWO: triple(TWO)})
    second = put(store, THREE)
    assert changed_graphs(store, first, second) is None
    assert changed_graphs(store, second, put(store, ONE, value=2)) == frozenset({ONE})


def test_a_line_that_was_cut_harms_no_other(store: Path) -> None:
    first = put(store, ONE)
    with (store / "journal").open("a", encoding="utf-8") as file:
        file.write('{"from": "x", "to": "y", "gra')
    second = put(store, TWO)
    assert changed_graphs(store, first, second) == frozenset({TWO})
    assert changed_graphs(store, second, "y") is None
