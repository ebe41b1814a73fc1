"""Child processes serve many calls, and nothing of one call reaches the next."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.native_code import note_native_code
from gongkai.processes.child_process import CallFailed
from gongkai.processes.workers import IsolatedProcesses

_kept: list[object] = []


def process_number() -> int:
    return os.getpid()


def leave_thread() -> int:
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    return os.getpid()


def leave_program() -> int:
    _kept.append(subprocess.Popen(["sleep", "1000"]))
    return os.getpid()


def leave_variable() -> int:
    os.environ["LEFT"] = "behind"
    return os.getpid()


def leave_folder() -> int:
    os.chdir("/")
    return os.getpid()


def leave_file() -> int:
    Path(tempfile.mkdtemp()).joinpath("left").touch()
    return os.getpid()


def leave_memory() -> int:
    _kept.append(b"x" * 100 * 1024 * 1024)
    return os.getpid()


def use_native_code() -> int:
    note_native_code()
    return os.getpid()


def fail() -> int:
    raise ValueError("always")


def fail_after_others() -> int:
    """Fails where anything was kept by an earlier call."""
    if _kept:
        raise ValueError("something is left")
    _kept.append(1)
    return os.getpid()


LIMITS = Limits(memory_bytes=256 * 1024 * 1024)


def test_a_process_serves_calls_until_it_has_served_enough() -> None:
    with IsolatedProcesses(1, LIMITS, calls=3) as processes:
        numbers = [processes.submit(process_number).result() for _ in range(7)]
    assert len(set(numbers[:3])) == len(set(numbers[3:6])) == 1
    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    "call",
    [
        leave_thread,
        leave_program,
        leave_variable,
        leave_folder,
        leave_file,
        leave_memory,
        use_native_code,
    ],
)
def test_a_process_with_something_left_of_a_call_serves_no_other(call: Callable[[], int]) -> None:
    with IsolatedProcesses(1, LIMITS) as processes:
        before = processes.submit(process_number).result()
        assert processes.submit(call).result() == before
        assert processes.submit(process_number).result() != before


def test_a_process_in_which_a_call_failed_serves_no_other() -> None:
    with IsolatedProcesses(1, LIMITS) as processes:
        before = processes.submit(process_number).result()
        with pytest.raises(CallFailed, match="ValueError: always"):
            processes.submit(fail).result()
        assert processes.submit(process_number).result() != before


def test_no_call_fails_for_what_another_did() -> None:
    with IsolatedProcesses(1, LIMITS) as processes:
        numbers = [processes.submit(fail_after_others).result() for _ in range(3)]
    assert len(set(numbers)) == 3
