"""The life of a worker process: one call within its limits, and its answer (see ``workers``)."""

import errno
import gc
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


class CallFailed(Exception):
    """A call that came to no result: the message is for the person who must act.

    ``trace`` is the traceback, where it was an exception of our own code.
    """

    def __init__(self, message: str, trace: str = "") -> None:
        """With the message, and the traceback if there is one."""
        super().__init__(message)
        self.trace = trace


def fault(error: BaseException) -> CallFailed:
    """What to tell of an exception that nobody expected."""
    text = f"{type(error).__name__}: {error}"
    # What it quotes of a file may be meant for the terminal.
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    said = " ".join(shown.split()).removesuffix(":")
    return CallFailed(
        f"could not be converted because of a fault in gongkai ({said}): "
        "please report it with the file",
        "".join(traceback.format_exception(error)),
    )


class OutOfMemory(CallFailed):
    """The memory limit was met; the process that waits for the call puts it into words."""

    def __init__(self) -> None:
        """There is no memory for words."""
        super().__init__("out of memory")

    def __reduce__(self) -> tuple[type["OutOfMemory"], tuple[()]]:
        """Made anew on the other side."""
        return OutOfMemory, ()


@dataclass(frozen=True)
class Setting:
    """What a process needs to know beside its call; ``scratch`` is its folder for passing files."""

    environment: Mapping[str, str]
    scratch: str
    memory_bytes: int
    quiet: bool


def serve_call(
    sender: Connection,
    setting: Setting,
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    """The life of a process: a session of its own, one call, its result; then it is ended."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(setting.scratch,), daemon=True).start()
    os.environ.clear()
    os.environ.update(setting.environment, TMPDIR=setting.scratch)
    tempfile.tempdir = None
    if setting.quiet:
        _silence()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_DATA, setting.memory_bytes)
    answer = _attempt(fn, args, kwargs)
    gc.collect()
    _limit(resource.RLIMIT_DATA, None)
    try:
        sender.send(answer)
    except Exception as error:  # the result cannot be pickled
        sender.send((None, fault(error)))
    # Ended from outside, by its group, with whatever it may have left running.
    while True:
        signal.pause()


def _attempt(
    fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, CallFailed | None]:
    try:
        return fn(*args, **kwargs), None
    except MemoryError:
        return None, OutOfMemory()
    except BaseException as error:
        if isinstance(error, OSError) and error.errno == errno.ENOMEM:
            return None, OutOfMemory()
        return None, fault(error)


def _end_with_parent(scratch: str) -> None:
    """End this process and what it started when the one that wants the result is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "this is a child process"
    parent.join()
    kill_programs(scratch)
    os.killpg(0, signal.SIGKILL)


def kill_programs(scratch: str) -> None:
    """End programs that were started with ``scratch``, or a folder in it, in their environment.

    A reader may give a program a session of its own, to end it with all its processes. Once the
    reader itself was ended, nothing but its environment tells whose the program was.
    """
    mark = scratch.encode()
    while True:
        found = [pid for pid in _other_processes() if mark in _environment_of(pid)]
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return


def _other_processes() -> list[int]:
    with suppress(OSError):  # no such folder: not Linux
        return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit()]
    return []


def _environment_of(pid: int) -> bytes:
    with suppress(OSError):  # gone, or another user's
        return Path(f"/proc/{pid}/environ").read_bytes()
    return b""


def _silence() -> None:
    """Nothing that libraries print gets among our own lines."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        for descriptor in (1, 2):
            os.dup2(nowhere.fileno(), descriptor)


def _limit(kind: int, size: int | None) -> None:
    """Bound a resource as far as one may; None is as much as the hard limit allows."""
    _, hard = resource.getrlimit(kind)
    if size is None or (hard != resource.RLIM_INFINITY and size > hard):
        size = hard
    resource.setrlimit(kind, (size, hard))
