"""The life of a child process: calls within their limits, and their results (see ``workers``)."""

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

from gongkai.converters.documents.native_code import native_code_used
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError

_SHARE_KEPT = 4
"""A process is replaced when calls left so large a part of the memory of a call behind in it."""


class CallFailed(TranslatedError):
    """A call that gave no result; ``label`` says why, for the user, in each language.

    ``trace`` is the traceback, if it was an exception in our own code.
    """

    def __init__(self, label: Label | str, trace: str = "") -> None:
        """``trace`` is the traceback, if there is one."""
        super().__init__(label)
        self.trace = trace
        self.args = (self.label, trace)


def fault(error: BaseException) -> CallFailed:
    """The message on an unexpected exception."""
    text = f"{type(error).__name__}: {error}"
    # It may quote terminal control codes from a file.
    shown = "".join(character if character.isprintable() else " " for character in text)
    said = " ".join(shown.split()).removesuffix(":")
    return CallFailed(
        translations("processes.fault", error=said),
        "".join(traceback.format_exception(error)),
    )


class OutOfMemory(CallFailed):
    """The memory limit was reached; the parent process writes the message."""

    def __init__(self) -> None:
        """There is no memory left for a message."""
        super().__init__("")

    def __reduce__(self) -> tuple[type["OutOfMemory"], tuple[()]]:
        """Unpickle without arguments."""
        return OutOfMemory, ()


@dataclass(frozen=True)
class Setting:
    """What a child process needs besides its calls; ``scratch`` is its folder to exchange files."""

    environment: Mapping[str, str]
    scratch: str
    memory_bytes: int
    quiet: bool


@dataclass(frozen=True)
class Reply:
    """What a call gave: its result, or why there is none.

    ``spent``: the process has something left of the call, and is not to serve another.
    """

    result: Any = None
    error: CallFailed | None = None
    spent: bool = False


def serve_calls(connection: Connection, setting: Setting) -> None:
    """The life of a child process: a session of its own, one call after the other, its end.

    A call is a function with its arguments; the answer is a Reply.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(setting.scratch,), daemon=True).start()
    os.environ.clear()
    os.environ.update(setting.environment, TMPDIR=setting.scratch)
    tempfile.tempdir = None
    if setting.quiet:
        _silence()
    _limit(resource.RLIMIT_CORE, 0)
    before, first = _state(setting.scratch), _data_bytes()
    while True:
        try:
            fn, args, kwargs = connection.recv()
        except EOFError:
            break
        _limit(resource.RLIMIT_DATA, setting.memory_bytes)
        result, error = _attempt(fn, args, kwargs)
        if error is not None:
            gc.collect()
        _limit(resource.RLIMIT_DATA, None)
        spent = error is not None or native_code_used() or _state(setting.scratch) != before
        try:
            grown = _data_bytes() - first > setting.memory_bytes // _SHARE_KEPT
            connection.send(Reply(result, error, spent or grown))
        except Exception as unsent:  # the result cannot be pickled
            connection.send(Reply(None, fault(unsent), spent=True))
    # The parent ends the process group, with whatever may still be running in it.
    while True:
        signal.pause()


def _state(scratch: str) -> tuple[object, ...]:
    """What a call must leave as it was: threads, programs, environment, folders, files."""
    return (
        _entries("/proc/self/task") or threading.active_count(),
        _children(),
        dict(os.environ),
        os.getcwd(),  # noqa: PTH109
        tempfile.tempdir,
        signal.getsignal(signal.SIGALRM),
        os.listdir(scratch),  # noqa: PTH208
    )


def _entries(folder: str) -> int:
    with suppress(OSError):  # not Linux
        return len(os.listdir(folder))  # noqa: PTH208
    return 0


def _children() -> list[str]:
    """The processes that this one has started and that are still there (Linux)."""
    found: list[str] = []
    for path in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found += path.read_text(encoding="ascii").split()
    return found


def _data_bytes() -> int:
    """The memory that RLIMIT_DATA counts; 0 where that is not known (not Linux)."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        return pages * resource.getpagesize()
    return 0


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
    """End this process and its children when the process that wants the result is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "this is a child process"
    parent.join()
    kill_programs(scratch)
    os.killpg(0, signal.SIGKILL)


def kill_programs(scratch: str) -> None:
    """End programs that were started with ``scratch``, or a folder in it, in their environment.

    A reader may give a program a session of its own, to end it with all its processes. Once the
    reader itself was ended, only the environment shows whose program it was.
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
    """Discard the output of libraries, so that none of it gets among our own lines."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        for descriptor in (1, 2):
            os.dup2(nowhere.fileno(), descriptor)


def _limit(kind: int, size: int | None) -> None:
    """Limit a resource as far as allowed; None means up to the hard limit."""
    _, hard = resource.getrlimit(kind)
    if size is None or (hard != resource.RLIM_INFINITY and size > hard):
        size = hard
    resource.setrlimit(kind, (size, hard))
