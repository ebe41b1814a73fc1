"""Work on a file that goes wrong as its content says; importable in worker processes."""

import ctypes
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from gongkai import pipeline
from gongkai.pipeline import Outcome, process


class _Unfamiliar(Exception):
    """An exception that cannot be made again from its arguments alone."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other}")


def work(path: Path, base: str, **settings: Any) -> tuple[Outcome, ...]:
    """Do what the first line of the file says; any other file is processed as usual."""
    with path.open(encoding="utf-8") as file:
        order = file.readline().strip()
    if order in _FAULTS:
        path.with_suffix(".pid").write_text(str(os.getpid()), encoding="utf-8")
        result: Any = _FAULTS[order](path)
        return result  # type: ignore[no-any-return]
    settings.pop("checking", None)
    return process(path, base, **settings)


def process_all(
    paths: Iterable[Path], base: str, executor: Executor, planned: "partial[tuple[Outcome, ...]]"
) -> Iterator[tuple[Outcome, ...]]:
    """As in the pipeline, with this work in place of what is ``planned``, under its settings."""
    return pipeline.process_all(paths, base, executor, partial(work, **planned.keywords))


def _hang(path: Path) -> None:
    while True:
        time.sleep(1)


def _hang_in_c(path: Path) -> None:
    re.match("(a+)+$", "a" * 64 + "b")


def _hang_with_program(path: Path) -> None:
    program = subprocess.Popen(["sleep", "100000"])
    path.with_suffix(".program.pid").write_text(str(program.pid), encoding="utf-8")
    program.wait()


def _hang_with_session(path: Path) -> None:
    """As an office suite is run: in a session of its own, with few variables."""
    program = subprocess.Popen(
        ["sleep", "100000"],
        env={"PATH": os.environ["PATH"], "TMPDIR": tempfile.mkdtemp()},
        start_new_session=True,
    )
    path.with_suffix(".program.pid").write_text(str(program.pid), encoding="utf-8")
    program.wait()


def _leave_program(path: Path) -> None:
    program = subprocess.Popen(["sleep", "100000"])
    path.with_suffix(".program.pid").write_text(str(program.pid), encoding="utf-8")
    os._exit(4)


def _hog(path: Path) -> None:
    kept = []
    while True:
        kept.append(bytearray(b"x") * 2**24)


def _hog_for_good(path: Path) -> None:
    kept: list[object] = []
    while True:
        try:
            kept.append([None] * 2**20)
        except MemoryError:
            kept.append(kept[-1])
            raise


def _crash(path: Path) -> None:
    ctypes.string_at(0)


def _exit(path: Path) -> None:
    os._exit(3)


def _exit_as_if_well(path: Path) -> None:
    os._exit(0)


def _leave(path: Path) -> None:
    sys.exit("no more")


def _raise(path: Path) -> None:
    raise KeyError("no such thing")


def _raise_unfamiliar(path: Path) -> None:
    raise _Unfamiliar("this", "that")


def _recurse(path: Path) -> None:
    _recurse(path)


def _give_what_cannot_be_sent(path: Path) -> object:
    return lambda: path


def _print(path: Path) -> None:
    print("a library says hello")
    os.write(2, b"and so does another\n")
    raise ValueError("after saying so")


_FAULTS: dict[str, Callable[[Path], Any]] = {
    function.__name__.strip("_").replace("_", " "): function
    for function in (
        _hang,
        _hang_in_c,
        _hang_with_program,
        _hang_with_session,
        _leave_program,
        _hog,
        _hog_for_good,
        _crash,
        _exit,
        _exit_as_if_well,
        _leave,
        _raise,
        _raise_unfamiliar,
        _recurse,
        _give_what_cannot_be_sent,
        _print,
    )
}
