"""The embedded store: whole replacements, one writer, killed at any time, read by many."""

import concurrent.futures
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph
import pytest

from gongkai.server.store import (
    QueryCrashed,
    QueryRefused,
    QueryTimedOut,
    StoreBusy,
    StoreError,
)
from gongkai.server.store.bounds import Bounds
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_writer import NewSnapshot, writing
from gongkai.server.store.query_text import names_dataset, refuse_if_too_large
from gongkai.server.store.services import refuse_services
from helpers.commands import BASE, SAMPLE, gongkai
from helpers.stores import published

GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


def sizes(folder: Path) -> dict[str, int]:
    reader = EmbeddedReader(folder)
    try:
        rows = reader.query(GRAPHS, results="csv").body.decode().split()[1:]
    finally:
        reader.close()
    return {name: int(count) for name, count in (row.split(",") for row in rows)}


def test_publishing_again_replaces_exactly_the_reports_own_graphs(
    tmp_path: Path, lines: list[str]
) -> None:
    folder = tmp_path / "store"
    published(folder, SAMPLE)
    other = BASE + "id/report/other/2019"
    with writing(folder, BASE) as writer:
        writer.replace({other: b"<http://a/s> <http://a/p> <http://a/o> .\n"})
    before = sizes(folder)
    assert set(before) == {
        BASE + "def",
        BASE + "shapes",
        BASE + "id/area",
        BASE + "id/series/mohrss",
        BASE + "id/year/2019",
        BASE + "id/report/mohrss/2019",
        BASE + "id/validation/mohrss/2019",
        BASE + "id/slice/comparison/mohrss/2019",
        BASE + "id/history/mohrss/2019",
        other,
    }
    changed = tmp_path / "again" / SAMPLE.name
    changed.parent.mkdir()
    lines[lines.index("（一）总体情况") if "（一）总体情况" in lines else 3] = "新的一段文字。"
    changed.write_text("\n".join(lines), encoding="utf-8")
    assert gongkai("publish", changed, "--store", folder).exit_code == 0
    after, history = sizes(folder), BASE + "id/history/mohrss/2019"
    assert after.pop(history) > before.pop(history), "the version before is kept"
    assert after == before, "nothing is left over, nothing else is touched"
    reader = EmbeddedReader(folder)
    try:
        text = reader.query('ASK { ?s ?p ?t FILTER CONTAINS(STR(?t), "新的一段文字") }', "csv").body
        assert text.strip() == b"true"
    finally:
        reader.close()


def test_readers_see_a_later_publish_without_starting_anew(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with writing(folder, BASE) as writer:
        writer.replace({"http://g/1": b"<http://a/s> <http://a/p> <http://a/o> .\n"})
    reader = EmbeddedReader(folder)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    try:
        assert reader.query(count, "csv").body.split() == [b"n", b"1"]
        for number in range(2, 7):
            with writing(folder, BASE) as writer:
                writer.replace(
                    {f"http://g/{number}": b"<http://a/s> <http://a/p> <http://a/o> .\n"}
                )
                assert reader.query(count, "csv").body.split() == [b"n", str(number - 1).encode()]
            graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
            for _ in range(4):
                assert reader.query(graphs, "csv").body.split() == [b"n", str(number).encode()]
    finally:
        reader.close()
    assert len(list((folder / "snapshots").iterdir())) <= 2


def test_what_is_derived_hears_of_each_snapshot_before_its_readers(tmp_path: Path) -> None:
    folder, told = tmp_path / "store", list[NewSnapshot]()
    triple = b"<http://a/s> <http://a/p> <http://a/o> .\n"

    def prepare(snapshot: NewSnapshot) -> None:
        current = folder / "current"
        assert not current.exists() or current.resolve().name == snapshot.previous
        made = pyoxigraph.Store.read_only(str(folder / "snapshots" / snapshot.name))
        assert {graph.value for graph in made.named_graphs()} >= (snapshot.changed or set())
        (folder / "derived" / snapshot.name).mkdir(parents=True)
        told.append(snapshot)

    with writing(folder, BASE, prepare) as writer:
        writer.replace({"http://g/1": triple, "http://g/2": triple})
        writer.make_visible()
        writer.make_visible()
        writer.replace({"http://g/2": triple})
        writer.replace({"http://g/3": triple})
    with writing(folder, BASE, prepare) as writer:
        pass
    with writing(folder, BASE, prepare) as writer:
        writer.replace({"http://g/4": triple})
        writer.forget()
    first, second, third = told
    assert (first.previous, first.changed) == (None, None)
    assert (second.previous, second.changed) == (
        first.name,
        frozenset({"http://g/2", "http://g/3"}),
    )
    assert (third.previous, third.changed) == (second.name, None)
    assert [entry.name for entry in (folder / "derived").iterdir()] == [third.name]


def test_graphs_written_by_a_killed_writer_are_named_to_what_is_derived(tmp_path: Path) -> None:
    folder, told = tmp_path / "store", list[NewSnapshot]()
    with writing(folder, BASE) as writer:
        writer.replace({"http://g/0": b"<http://a/s> <http://a/p> <http://a/o> .\n"})
    code = LOADER.replace(
        "if number % 3 == 0:",
        "if number == 2: writer.commit(); os.kill(os.getpid(), 9)\n        if 0:",
    )
    killed = subprocess.run(
        [sys.executable, "-c", f"import os\n{code}", str(folder), BASE, "2"], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with writing(folder, BASE, told.append):
        pass
    assert told[0].changed == frozenset({"http://g/report", "http://g/validation"})
    with writing(folder, BASE, told.append):
        pass
    assert len(told) == 1


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with (
        writing(folder, BASE),
        pytest.raises(StoreError, match="another process is publishing"),
        writing(folder, BASE),
    ):
        pass


LOADER = """
import sys
from pathlib import Path
from gongkai.server.store.embedded_writer import writing
folder, base, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def version(number):
    return "".join(
        f'<http://a/{i}> <http://a/version> "{number}" .\\n' for i in range(count)
    ).encode()
number = 0
with writing(folder, base) as writer:
    print("ready", flush=True)
    while True:
        number += 1
        writer.replace({"http://g/report": version(number), "http://g/validation": version(number)})
        if number % 3 == 0:
            writer.make_visible()
"""


def test_killed_in_the_middle_of_a_load_leaves_old_or_new_never_half(tmp_path: Path) -> None:
    folder, count = tmp_path / "store", 3000
    with writing(folder, BASE) as writer:
        old = "".join(f'<http://a/{i}> <http://a/version> "0" .\n' for i in range(count)).encode()
        writer.replace({"http://g/report": old, "http://g/validation": old})
    chance = random.Random(7)
    for _ in range(6):
        loader = subprocess.Popen(
            [sys.executable, "-c", LOADER, folder, BASE, str(count)], stdout=subprocess.PIPE
        )
        assert loader.stdout is not None
        assert loader.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.02, 0.6))
        loader.send_signal(signal.SIGKILL)
        loader.wait()
        loader.stdout.close()
        query = (
            "SELECT ?g ?v (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://a/version> ?v } } GROUP BY ?g ?v"
        )
        served = rows(folder, query)
        assert_one_whole_version(served, count)
        # What the writer itself finds on opening is whole as well, and can be made visible.
        with writing(folder, BASE):
            pass
        assert_one_whole_version(rows(folder, query), count)


def rows(folder: Path, query: str) -> list[list[str]]:
    reader = EmbeddedReader(folder)
    try:
        return [line.split(",") for line in reader.query(query, "csv").body.decode().split()[1:]]
    finally:
        reader.close()


def assert_one_whole_version(found: list[list[str]], count: int) -> None:
    assert {row[0] for row in found} == {"http://g/report", "http://g/validation"}
    assert len({row[1] for row in found}) == 1, "both graphs are of one load"
    assert all(int(row[2]) == count for row in found)


def test_a_slow_query_is_stopped_and_others_go_on(store: EmbeddedReader) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    started = time.monotonic()
    with pytest.raises(QueryTimedOut, match="stopped after 1 second:"):
        store.query(slow, seconds=1)
    assert time.monotonic() - started < 10
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"


def test_a_query_that_crashes_the_engine_harms_nothing_else(store: EmbeddedReader) -> None:
    deep = "ASK { " + "FILTER NOT EXISTS { " * 95 + "?s ?p ?o" + " }" * 95 + " }"
    with contextlib.suppress(QueryCrashed, QueryTimedOut):
        store.query(deep, seconds=20)
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "select * { service silent ?x { ?s ?p ?o } }",
        "SELECT * {SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}",
        "PREFIX ex: <http://e/> "
        "SELECT * { ?s ex:it\\' ?o SERVICE <http://127.0.0.1:9/> {?s ?p ?o} # '\n }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        'SELECT * { ?s ?p "#" . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
        "SELECT * WHERE { {}.SERVICE <http://127.0.0.1:9/> {?a ?b ?c} }",
        "SELECT * WHERE { ?s ?p ?o.SERVICE <http://127.0.0.1:9/> {?a ?b ?c} }",
        "SELECT * WHERE { ?s ?p 1SERVICE <http://127.0.0.1:9/> {?a ?b ?c} }",
        "SELECT * WHERE { ?s ?p trueSERVICE <http://127.0.0.1:9/> {?a ?b ?c} }",
        "PREFIX : <http://127.0.0.1:9/> SELECT * {SERVICE:x {?a ?b ?c}}",
        "SELECT * WHERE { ?s ?p ?o FILTER (?o<1)SERVICE<http://127.0.0.1:9/> {?a ?b ?c} }",
        "SELECT (<http://e/no-function>(1) AS ?x) {}",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "PREFIX ex: <http://e/> # a comment\n DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "ASK { " + "{ " * 5000 + "?s ?p ?o" + " }" * 5000 + " }",
        "ASK { ?s ?p '" + "x" * 200_000 + "' }",
        "SELECT",
        "",
    ],
)
def test_queries_that_are_refused(store: EmbeddedReader, text: str) -> None:
    with pytest.raises(QueryRefused):
        store.query(text)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service ?p ?o }",
        "ASK { $SERVICE ?p ?o . ?x ?service_of ?y }",
        'ASK { ?s ?p "SERVICE <http://x/>" }',
        "# SERVICE\nASK { ?s ?p <http://e/#SERVICE> }",
        "PREFIX insert: <http://e/> ASK { ?s insert:data ?o }",
        "ASK { ?s ?p ?o FILTER (?o < 5 && 3 > 2) }",
    ],
)
def test_words_that_only_look_dangerous(text: str) -> None:
    refuse_if_too_large(text)
    refuse_services(text)


def test_a_store_without_its_marker_or_of_another_format(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with writing(folder, BASE):
        pass
    marker = folder / "store.json"
    for content in ("", "{}", "[]", '{"format": 99, "base": "http://localhost:8000/"}'):
        marker.write_text(content, encoding="utf-8")
        with pytest.raises(StoreError), writing(folder, BASE):
            pass
        assert gongkai("serve", "--store", folder).exit_code == 2


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_slow_queries_from_outside_hold_up_neither_pages_nor_the_door(store_folder: Path) -> None:
    reader = EmbeddedReader(store_folder, Bounds(patience=1.0), deadline=4)
    try:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            running = [pool.submit(reader.query, SLOW, public=True) for _ in range(8)]
            time.sleep(1)
            started = time.monotonic()
            assert reader.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"
            assert time.monotonic() - started < 2, "the server's own queries have a worker"
            troubles = [type(future.exception()) for future in running]
        assert set(troubles) == {QueryTimedOut, StoreBusy}
        assert troubles.count(StoreBusy) >= 3, "those beyond the places wait, and are told then"
        assert reader.query("ASK { ?s ?p ?o }", "csv", public=True).body.strip() == b"true"
    finally:
        reader.close()


def test_a_greedy_query_ends_for_want_of_memory(store: EmbeddedReader) -> None:
    greedy = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l"
    with pytest.raises((QueryCrashed, QueryTimedOut)):
        store.query(greedy, seconds=60)
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <http://g/> { ?s ?p ?o }", True),
        ("SELECT *FROM<http://g/>{ ?s ?p ?o }", True),
        ("PREFIX : <http://g/> SELECT * FROM:x WHERE { ?s ?p ?o }", True),
        ("select ?s from named <http://g/> where { ?s ?p ?o }", True),
        ("PREFIX from: <http://g/> SELECT ?from { ?s from:from ?from }", False),
        ("# FROM <http://g/>\nASK { ?s ?p ' FROM ' }", False),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://g/> WHERE { ?s ?p ?o }", True),
        ("CONSTRUCT FROM <http://g/> WHERE { ?s ?p ?o }", True),
        ("CONSTRUCT WHERE { ?s ?p ?from }", False),
        ("SELECT (EXISTS { ?s ?p ?o } AS ?x) FROM <http://g/> {}", True),
        ("PREFIX f: <urn:x/from> DESCRIBE <urn:from> <urn:x/from>", False),
    ],
)
def test_a_query_that_names_its_dataset(text: str, named: bool) -> None:
    assert names_dataset(text) is named


def test_a_damaged_store_is_told_of_and_not_made_worse(tmp_path: Path) -> None:
    def made(name: str) -> Path:
        folder = tmp_path / name
        with writing(folder, BASE) as writer:
            writer.replace({"http://g/1": b"<http://a/s> <http://a/p> <http://a/o> .\n"})
        return folder

    for base in ("5", '"javascript:x"', "null"):
        folder = made("base")
        (folder / "store.json").write_text(f'{{"format": 1, "base": {base}}}')
        assert gongkai("publish", SAMPLE, "--store", folder).exit_code == 2
        shutil.rmtree(folder)
    folder = made("junk")
    (folder / "data" / "CURRENT").write_text("junk")
    assert gongkai("publish", SAMPLE, "--store", folder).exit_code == 2
    folder = made("gone")
    shutil.rmtree(folder / "data")
    result = gongkai("publish", SAMPLE, "--store", folder)
    assert result.exit_code == 2 and "is gone" in result.stderr
    folder = made("empty")
    shutil.rmtree((folder / "current").resolve())
    (folder / "snapshots" / "x").mkdir()
    (folder / "current").unlink()
    (folder / "current").symlink_to("snapshots/x")
    result = gongkai("serve", "--store", folder)
    assert result.exit_code == 2 and "cannot be read" in result.stderr


def engines_of_this() -> list[int]:
    """The engines that run below this process."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"store.engine" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def test_idle_engines_that_were_killed_trouble_nobody(store: EmbeddedReader) -> None:
    """The kernel ends what it likes where memory is short: no query is to blame for it."""
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"
    for engine in engines_of_this():
        os.kill(engine, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, engine, os.WEXITED | os.WNOWAIT)
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"


def test_a_query_whose_engine_is_killed_is_asked_again_and_never_blamed(
    store: EmbeddedReader,
) -> None:
    killed = set[int]()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.query, SLOW, seconds=60)
        while not running.done():
            for engine in engines_of_this():
                # Engines with a slow query are of lower priority than this process.
                with contextlib.suppress(OSError):
                    if os.getpriority(os.PRIO_PROCESS, engine) > os.getpriority(os.PRIO_PROCESS, 0):
                        os.kill(engine, signal.SIGKILL)
                        killed.add(engine)
            time.sleep(0.01)
        with pytest.raises(StoreBusy, match="ended from outside"):
            running.result()
    assert len(killed) == 2
    assert store.query("ASK { ?s ?p ?o }", "csv").body.strip() == b"true"
