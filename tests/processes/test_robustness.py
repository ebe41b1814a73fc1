"""One bad file never harms a batch: through the command line, with work that goes wrong."""

import errno
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from gongkai.converters.documents import read_document
from gongkai.converters.errors import UnreadableSource
from gongkai.pipeline import Outcome, process_all
from gongkai.server.store.embedded import EmbeddedReader
from helpers import faulty_work
from helpers.commands import BASE, ROOT, SAMPLE, gongkai
from helpers.languages import is_chinese

GUARD = 120
"""Seconds after which a test that hangs is given up."""


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line do work that goes wrong where a file asks for it."""
    monkeypatch.setattr("gongkai.commands.batch.process_all", faulty_work.process_all)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for has."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] in "ZX"


def wait_until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + GUARD
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def pids(folder: Path) -> list[int]:
    """The processes that left their numbers in ``folder``."""
    found = [path.read_text(encoding="utf-8") for path in folder.glob("*.pid")]
    return [int(text) for text in found if text]


FAULTS = [
    ("crash", "ended without a result (SIGSEGV)"),
    ("exit", "ended without a result (exit code 3)"),
    ("exit as if well", "ended without a result (exit code 0)"),
    ("leave program", "ended without a result (exit code 4)"),
    ("leave", "a fault in gongkai (SystemExit: no more): please report it with the file"),
    ("raise", "a fault in gongkai (KeyError: 'no such thing'): please report it with the file"),
    ("raise unfamiliar", "a fault in gongkai (_Unfamiliar: this and that)"),
    ("recurse", "a fault in gongkai (RecursionError: maximum recursion depth exceeded"),
    ("give what cannot be sent", "a fault in gongkai ("),
    ("print", "a fault in gongkai (ValueError: after saying so)"),
    ("hog", "needs more than 512 megabytes of memory"),
    ("hog for good", "allow more with --max-memory-megabytes"),
]


def test_each_fault_concerns_its_own_file(
    faulty: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = [written(tmp_path, "0.txt", SAMPLE.read_bytes())]
    for number, (order, _) in enumerate(FAULTS, start=1):
        paths.append(written(tmp_path, f"{number}.txt", order))
    paths.append(written(tmp_path, "last.txt", SAMPLE.read_bytes()))
    result = gongkai("check", *paths, "--jobs", 3, "--max-memory-megabytes", 512)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert [line.partition(": ")[0] for line in told] == [str(path) for path in paths[1:-1]]
    for line, (order, message) in zip(told, FAULTS, strict=True):
        assert message in line, order
    good = result.stdout.partition("\n\n")[0].splitlines()
    assert [line.partition(": ")[0] for line in good] == [str(paths[0]), str(paths[-1])]
    assert all("198 cells read, all rules hold" in line for line in good)
    captured = capfd.readouterr()
    assert "says hello" not in captured.out and "so does another" not in captured.err
    left = pids(tmp_path)
    assert len(left) == len(FAULTS) + 1, "each process, and the program that one of them left"
    wait_until(lambda: all(is_gone(pid) for pid in left))


def test_a_file_that_takes_too_long_is_stopped(faulty: None, tmp_path: Path) -> None:
    orders = ("hang", "hang in c", "hang with program", "hang with session")
    paths = [written(tmp_path, f"{order}.txt", order) for order in orders]
    paths.append(written(tmp_path, "zero.txt", "no report"))
    result = gongkai("check", *paths, "--jobs", 5, "--max-seconds", 4)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == 5
    for path, line in zip(paths[:4], told[:4], strict=True):
        assert line.startswith(f"{path}: was not done after 4 seconds and was stopped")
        assert "--max-seconds" in line
    assert "this is not an annual report" in told[4]
    left = pids(tmp_path)
    assert len(left) == 6, "four processes and two programs"
    wait_until(lambda: all(is_gone(pid) for pid in left))


def test_debug_shows_the_traceback(faulty: None, tmp_path: Path) -> None:
    path = written(tmp_path, "bad.txt", "raise")
    plain, debug = gongkai("check", path), gongkai("check", path, "--debug")
    assert plain.exit_code == debug.exit_code == 2
    assert "Traceback" not in plain.output
    assert debug.stderr.startswith(plain.stderr)
    assert "in _raise\n" in debug.stderr and "Traceback" in debug.stderr


def test_faults_are_told_in_the_language_of_the_locale(
    faulty: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = ("crash", "exit", "raise", "hog", "hang")
    paths = [written(tmp_path, f"{order}.txt", order) for order in orders]
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    options = ("--jobs", 5, "--max-seconds", 4, "--max-memory-megabytes", 512)
    result = gongkai("check", *paths, *options)
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert len(told) == len(orders)
    for line, path in zip(told, paths, strict=True):
        assert is_chinese(line, path, "KeyError: 'no such thing'"), line


def test_publish_goes_on_after_a_crash(faulty: None, tmp_path: Path) -> None:
    bad = written(tmp_path, "bad.txt", "crash")
    result = gongkai("publish", bad, SAMPLE, "--store", tmp_path / "store")
    assert result.exit_code == 2
    assert "198 cells read, published" in result.stdout
    assert (tmp_path / "store" / "current").exists()


INTERRUPTIBLE = """
import signal, sys, gongkai.commands.batch
from helpers import faulty_work
from gongkai.commands.cli import main
# Where the tests themselves run in the background, a shell has had them ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
gongkai.commands.batch.process_all = faulty_work.process_all
main(sys.argv[1:], prog_name="gongkai")
"""


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "gongkai: stopped\n"),
        (signal.SIGTERM, 143, "gongkai: stopped\n"),
        (signal.SIGKILL, -signal.SIGKILL, ""),
    ],
)
def test_no_process_outlives_a_batch_that_is_ended(
    number: signal.Signals, code: int, said: str, tmp_path: Path
) -> None:
    for name, order in (("1", "hang with program"), ("2", "hang with session"), ("3", "hang")):
        written(tmp_path, f"{name}.txt", order)
    scratch = tmp_path / ".scratch"
    scratch.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "check", tmp_path, "--jobs", "2"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT))),
            "TMPDIR": str(scratch),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until(lambda: len(pids(tmp_path)) == 4)
        assert not any(is_gone(pid) for pid in pids(tmp_path))
        running.send_signal(number)
        _, errors = running.communicate(timeout=GUARD)
    finally:
        running.kill()
    assert running.returncode == code
    assert errors == said
    wait_until(lambda: all(is_gone(pid) for pid in pids(tmp_path)))
    assert not (tmp_path / "3.pid").exists(), "what had not begun does not begin"
    if number != signal.SIGKILL:
        assert not list(scratch.glob("gongkai-*")), "nothing is left lying about"


def test_temporary_files_may_have_a_long_path(tmp_path: Path) -> None:
    """Longer than the address of a socket may be."""
    scratch = tmp_path / ("x" * 50) / ("y" * 60)
    scratch.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", "check", SAMPLE],
        env={**os.environ, "TMPDIR": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(scratch.iterdir()) == []


def test_what_processes_are_forked_from_has_one_thread_and_all_readers() -> None:
    """A fork copies locks of other threads as they are, and none of the threads."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from gongkai.converters.documents import import_readers\n"
            "import gongkai.preload\n"
            "import_readers()\n"
            "print(open('/proc/self/status').read())\n"
            "print(*(name for name in sys.modules if name.startswith('gongkai')))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "\nThreads:\t1\n" in said
    modules = said.splitlines()[-1].split()
    assert "gongkai.converters.documents.pdf.reader" in modules
    assert not any(".scan" in name for name in modules)


def bytes_read() -> int:
    """Bytes that this process has read by system calls so far."""
    fields = Path("/proc/self/io").read_text(encoding="utf-8").split()
    return int(fields[fields.index("rchar:") + 1])


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = written(tmp_path, "large.txt", b"")
    os.truncate(path, 2**30)
    before = bytes_read()
    with pytest.raises(UnreadableSource, match="larger than 64 megabytes"):
        read_document(path)
    assert bytes_read() - before < 2**20
    result = gongkai("check", path)
    assert result.exit_code == 2
    assert "--max-megabytes" in result.stderr


def test_limits_are_options(tmp_path: Path) -> None:
    path = written(tmp_path, "large.txt", SAMPLE.read_bytes() + b"\n" + b" " * 2**21)
    assert gongkai("check", path).exit_code == 0
    refused = gongkai("check", path, "--max-megabytes", 1)
    assert refused.exit_code == 2
    assert "larger than 1 megabyte," in refused.stderr
    assert gongkai("check", path, "--max-megabytes", 0).exit_code == 2
    for command in ("convert", "check", "publish"):
        said = gongkai(command, "--help").output
        for option in ("megabytes", "unpacked-megabytes", "pages", "cells", "seconds"):
            assert f"--max-{option}" in said
        assert "--max-memory-megabytes" in said


def test_a_folder_is_all_files_below_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(200):
        written(folder / str(number % 7), f"{number:03}.txt", f"this is number {number}")
    written(folder, "0/000.txt.source.json", "{}")
    written(folder, "0/000.txt.record.json", "{}")
    written(folder, ".hidden", "hidden")
    written(folder, ".git/config", "hidden")
    # As a command of its own, whose server of processes is prepared for many files.
    result = subprocess.run(
        [sys.executable, "-m", "gongkai", "check", folder, "--jobs", "2"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    told = [line.partition(": ")[0] for line in result.stderr.splitlines()]
    wanted = sorted(folder / str(number % 7) / f"{number:03}.txt" for number in range(200))
    assert told == [str(path) for path in wanted]


def test_links_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    written(folder, "a/one.txt", "one")
    outside = written(tmp_path, "elsewhere/two.txt", "two")
    (folder / "b").symlink_to(outside.parent)
    (folder / "a" / "up").symlink_to(folder)
    (folder / "round").symlink_to("round")
    (folder / "nowhere").symlink_to("gone")
    result = gongkai("check", folder, folder)
    assert result.exit_code == 2
    told = [line.partition(": ")[0] for line in result.stderr.splitlines()]
    names = ("a/one.txt", "b/two.txt", "nowhere", "round")
    assert told == [str(folder / name) for name in names], "each once"


def test_results_in_the_folder_are_not_read_again(tmp_path: Path) -> None:
    convert, publish = tmp_path / "convert", tmp_path / "publish"
    for folder, options in (
        (convert, ("-o", convert / "out")),
        (publish, ("--store", publish / "store", "--records", publish / "records")),
    ):
        written(folder, "report.txt", SAMPLE.read_bytes())
        for _ in range(2):
            result = gongkai(folder.name, folder, *options)
            assert result.exit_code == 0, result.output
            assert len(result.stdout.splitlines()) == 1


def doubled(
    command: str, first: Path, second: Path, folder: Path
) -> tuple[Result, dict[str, bytes]]:
    """Run a command on two files; what it gave."""
    target = ("--store", folder) if command == "publish" else ("-o", folder)
    result = gongkai(command, first, second, *target)
    return result, {path.name: path.read_bytes() for path in folder.glob("*.ttl")}


def complaints(result: Result) -> list[str]:
    """What was said of files, without the closing table of ``publish``."""
    return [line for line in result.stderr.splitlines() if ":" in line]


@pytest.mark.parametrize("command", ["convert", "publish"])
def test_the_same_report_twice_is_taken_once(command: str, tmp_path: Path) -> None:
    copy = written(tmp_path, "copy.txt", SAMPLE.read_bytes())
    spaced = SAMPLE.read_bytes().replace(b"\n366\n", b"\n\xef\xbc\x93\xef\xbc\x966\n")
    other = written(tmp_path, "other.txt", spaced)
    same, _ = doubled(command, SAMPLE, copy, tmp_path / "same")
    assert same.exit_code == 0
    assert complaints(same) == [f"{copy}: the same content as {SAMPLE}: left out"]
    equal, _ = doubled(command, SAMPLE, other, tmp_path / "equal")
    assert equal.exit_code == 0
    assert complaints(equal) == [
        f"{other}: the same body and year as {SAMPLE}, and the same figures: left out"
    ]
    assert len(equal.stdout.splitlines()) == 1


@pytest.mark.parametrize("command", ["convert", "publish"])
def test_two_accounts_of_one_report_are_not_mixed(
    command: str, lines: list[str], tmp_path: Path
) -> None:
    # One request more from natural persons, in all sums over it and in the text: no rule is broken.
    received = lines.index("一、本年新收政府信息公开申请数量") + 1
    granted = lines.index("（一）予以公开") + 1
    handled = lines.index("（七）总计") + 1
    for row in (received, granted, handled):
        for column in (0, 6):
            lines[row + column] = str(int(lines[row + column]) + 1)
    for before, after in (("376件", "377件"), ("366件", "367件"), ("137件", "138件")):
        assert before in lines[7]
        lines[7] = lines[7].replace(before, after)
    other = written(tmp_path, "other.txt", "\n".join(lines))
    assert gongkai("check", other).exit_code == 0
    alone, expected = doubled(command, SAMPLE, SAMPLE, tmp_path / "alone")
    assert alone.exit_code == 0
    result, given = doubled(command, SAMPLE, other, tmp_path / "out")
    assert result.exit_code == 2
    assert f"{other}: the same body and year as {SAMPLE}, but other figures" in result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert given.keys() == expected.keys()
    if command == "publish":
        reader = EmbeddedReader(tmp_path / "out")
        value = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
        for number, stored in ((376, b"true"), (377, b"false")):
            assert stored in reader.query(f"ASK {{ ?cell <{value}> {number} }}").body
        reader.close()
    else:
        assert b"366" in given["mohrss-2019.ttl"] and b"367" not in given["mohrss-2019.ttl"]


def test_a_file_that_is_not_published_takes_no_place(lines: list[str], tmp_path: Path) -> None:
    lines[lines.index("（一）予以公开") + 1] = "13S"
    bad = written(tmp_path, "bad.txt", "\n".join(lines))
    result = gongkai("publish", bad, SAMPLE, "--store", tmp_path / "store")
    assert result.exit_code == 1
    assert f"{SAMPLE}: " in result.stdout and "published" in result.stdout


class Counting(Executor):
    """An executor that never does anything before it is asked for the result."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        return Late(fn, args)


class Late(Future[Any]):
    """A future that does its work when its result is asked for."""

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> None:
        super().__init__()
        self._fn, self._args = fn, args

    def done(self) -> bool:
        return False

    def result(self, timeout: float | None = None) -> Any:
        return self._fn(*self._args)


def every_third_fails(path: Path, base: str) -> tuple[Outcome, ...]:
    if int(path.name) % 3 == 0:
        raise OSError(errno.EIO, "the disk is on fire")
    return (Outcome(path, failure=dict.fromkeys(("zh", "en"), f"{path.name} under {base}")),)


@pytest.mark.parametrize("executor", [None, Counting()])
def test_files_are_handed_out_as_they_are_needed(executor: Counting | None) -> None:
    """On any executor, from files without end; a failure of the executor is one file's outcome."""
    given = 0

    def endless() -> Iterator[Path]:
        nonlocal given
        for given in itertools.count(1):
            yield Path(str(given))

    outcomes = process_all(endless(), BASE, executor, every_third_fails)
    told = [outcome.error for (outcome,) in itertools.islice(outcomes, 9)]
    assert given < 100
    for number, error in enumerate(told, start=1):
        assert error is not None
        if number % 3:
            assert error == f"{number} under {BASE}"
        else:
            assert "fault in gongkai (OSError: [Errno 5] the disk is on fire)" in error
