"""A child process for every call: a failure in one harms no other.

Neither pebble's pool nor that of the standard library guarantees this: a worker that serves many
files carries damage from one to the next; pebble notices a worker that ends with code 0 only at its
timeout; and both give up all work if a worker ends at a bad moment. Here a process is forked for
each call from a server that has everything loaded (``preload``), which takes some hundredths of a
second.
"""

import base64
import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from gongkai.converters.documents.limits import DEFAULT_LIMITS, Limits
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.processes.child_process import (
    CallFailed,
    OutOfMemory,
    Setting,
    fault,
    kill_programs,
    serve_call,
)

P = ParamSpec("P")
T = TypeVar("T")

WARM_UP = "GONGKAI_WARM_UP"
"""Environment variable that says what ``gongkai.preload`` does: pickled, in base 64."""

_MEBIBYTE = 1024 * 1024
_PATIENCE = 5.0
"""Seconds for a process to end by itself after it closed its end without a result."""

_LONGEST_TEMPORARY = 107 - len("/pymp-12345678/listener-12345678")
"""Longest path, in bytes, of a temporary folder in which the fork server can have its socket.

Linux, unix(7): the address of a socket has 108 bytes, the last of them 0.
"""

_context = multiprocessing.get_context("forkserver")


class IsolatedProcesses(Executor):
    """Runs each call in a child process, at most ``jobs`` at once; see ``submit``."""

    def __init__(
        self,
        jobs: int = 1,
        limits: Limits = DEFAULT_LIMITS,
        warm_up: Callable[[Path], object] | None = None,
        quiet: bool = True,
    ) -> None:
        """Prepare for calls; no process is started before the first.

        ``limits.seconds`` and ``limits.memory_bytes`` limit each call. The memory limit is
        RLIMIT_DATA: the memory that a process can write to. RLIMIT_AS would include what libraries
        only reserve, such as the stacks and arenas of threads, which is far more than they use.
        Programs that a call starts have the same limits, each by itself. ``warm_up`` is what the
        server does with the sample report before it forks, so that no call needs to load the same
        again: worth it for more than a few calls. ``quiet`` discards the output of libraries.
        """
        self._limits = limits
        self._warm_up = warm_up
        self._quiet = quiet
        self._free = threading.BoundedSemaphore(jobs)
        self._lock = threading.Lock()
        self._running: dict[ForkServerProcess, threading.Thread] = {}
        self._ended = False
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn``, which must be importable by name, in a new process; waits for a free slot.

        The future's result is the return value. Its exception is always CallFailed: time or memory
        ran out, the process crashed, or the call raised an exception.
        """
        self._free.acquire()
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            self._start(future, fn, args, kwargs)
        except Exception as error:
            self._free.release()
            future.set_exception(fault(error))
        return future

    def _start(
        self,
        future: Future[T],
        fn: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        with self._lock:
            if self._ended:
                raise RuntimeError("no calls are taken after the end")
            if self._scratch is None:
                self._scratch = tempfile.TemporaryDirectory(
                    prefix="gongkai-", ignore_cleanup_errors=True
                )
                _start_server(self._warm_up)
            scratch = tempfile.mkdtemp(prefix="call-", dir=self._scratch.name)
            # The server keeps the environment that it was started with; calls get the current one.
            setting = Setting(dict(os.environ), scratch, self._limits.memory_bytes, self._quiet)
            receiver, sender = _context.Pipe(duplex=False)
            with sender:
                process = _context.Process(
                    target=serve_call, args=(sender, setting, fn, args, kwargs), daemon=True
                )
                process.start()
            thread = threading.Thread(
                target=self._attend, args=(future, process, receiver, scratch), daemon=True
            )
            self._running[process] = thread
            thread.start()

    def _attend(
        self,
        future: Future[Any],
        process: ForkServerProcess,
        receiver: Connection,
        scratch: str,
    ) -> None:
        """Wait for the result of a call, end its process, resolve its future."""
        result: Any = None
        error: CallFailed | None = None
        with receiver:
            try:
                if receiver.poll(self._limits.seconds):
                    result, error = receiver.recv()
                else:
                    error = CallFailed(_out_of_time(self._limits))
            except (EOFError, OSError):
                process.join(_PATIENCE)
                error = CallFailed(_crashed(process.exitcode))
            except Exception as unexpected:  # the result cannot be unpickled
                error = fault(unexpected)
        if isinstance(error, OutOfMemory):
            error = CallFailed(_out_of_memory(self._limits))
        _kill(process)
        process.join()
        if error is not None:
            kill_programs(scratch)
        shutil.rmtree(scratch, ignore_errors=True)
        with self._lock:
            del self._running[process]
        self._free.release()
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more calls; end running ones with ``cancel_futures``, else wait for them."""
        with self._lock:
            self._ended = True
            running = dict(self._running)
        if cancel_futures:
            for process in running:
                _kill(process)
        if wait:
            for thread in running.values():
                thread.join()
            if self._scratch is not None:
                self._scratch.cleanup()

    def __exit__(self, *_: object) -> None:
        """End everything: on an early exit (Ctrl-C) nothing that still runs is waited for."""
        self.shutdown(cancel_futures=True)


def _out_of_time(limits: Limits) -> Label:
    return translations("processes.out_of_time", count=limits.seconds)


def _out_of_memory(limits: Limits) -> Label:
    return translations("processes.out_of_memory", count=limits.memory_bytes // _MEBIBYTE)


def _crashed(code: int | None) -> Label:
    if code is None or code >= 0:
        return translations("processes.crashed", how=translations("processes.exit_code", code=code))
    if -code == signal.SIGKILL:
        return translations("processes.crashed", how=translations("processes.killed"))
    try:
        return translations("processes.crashed", how=signal.Signals(-code).name)
    except ValueError:
        how = translations("processes.signal", number=-code)
        return translations("processes.crashed", how=how)


def _start_server(warm_up: Callable[[Path], object] | None) -> None:
    """Start the process that all others are forked from, unless it is already running."""
    task = b"" if warm_up is None else base64.b64encode(pickle.dumps(warm_up))
    # This includes the command line: every process runs the main module's imports again.
    _context.set_forkserver_preload(["gongkai.preload", "gongkai.commands.cli"])
    # Nothing is imported from the current directory.
    with _environment({"PYTHONSAFEPATH": "1", WARM_UP: task.decode()}), _deaf(), _short():
        forkserver.ensure_running()


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C in processes started meanwhile: we end them ourselves, without a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _short() -> Iterator[None]:
    """If the path of the temporary folder is too long for a socket, use /tmp meanwhile."""
    before = tempfile.gettempdir()
    if len(os.fsencode(before)) > _LONGEST_TEMPORARY:
        tempfile.tempdir = "/tmp"
    try:
        yield
    finally:
        tempfile.tempdir = before


def _kill(process: ForkServerProcess) -> None:
    """End a process with all processes that it started."""
    assert process.pid is not None, "only processes that run are kept"
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        # It may not have reached the point where it creates its own process group.
        process.kill()
