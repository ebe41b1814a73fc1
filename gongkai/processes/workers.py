"""Child processes that serve calls: a failure in one call harms no other.

Neither pebble's pool nor that of the standard library guarantees this: pebble notices a worker that
ends with code 0 only at its timeout, and both give up all work if a worker ends at a bad moment.
Here processes are forked from a server that has everything loaded (``preload``), which takes some
hundredths of a second. A process serves many calls, as long as nothing of a call is left in it:
after a failure, after native code took a document apart, with threads, programs or much memory left
behind it is replaced. A call that fails where others were served before is made once more in a
process of its own, so that no call fails for what another did.
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
from dataclasses import dataclass
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
    Reply,
    Setting,
    fault,
    kill_programs,
    serve_calls,
)

P = ParamSpec("P")
T = TypeVar("T")

WARM_UP = "GONGKAI_WARM_UP"
"""Environment variable that says what ``gongkai.preload`` does: pickled, in base 64."""

CALLS = 200
"""A process is replaced after so many calls."""

_MEBIBYTE = 1024 * 1024
_PATIENCE = 5.0
"""Seconds for a process to end by itself after it closed its end without a result."""

_LONGEST_TEMPORARY = 107 - len("/pymp-12345678/listener-12345678")
"""Longest path, in bytes, of a temporary folder in which the fork server can have its socket.

Linux, unix(7): the address of a socket has 108 bytes, the last of them 0.
"""

_context = multiprocessing.get_context("forkserver")


@dataclass(eq=False)
class _Worker:
    """A child process, the connection to it, its folder, and how many calls it has served."""

    process: ForkServerProcess
    connection: Connection
    scratch: str
    served: int = 0

    def end(self) -> None:
        """End the process with all that it started, and remove its folder."""
        assert self.process.pid is not None, "only processes that run are kept"
        _kill(self.process)
        self.process.join()
        self.connection.close()
        kill_programs(self.scratch)
        shutil.rmtree(self.scratch, ignore_errors=True)


class IsolatedProcesses(Executor):
    """Runs calls in child processes, at most ``jobs`` at once; see ``submit``."""

    def __init__(
        self,
        jobs: int = 1,
        limits: Limits = DEFAULT_LIMITS,
        warm_up: Callable[[Path], object] | None = None,
        quiet: bool = True,
        calls: int = CALLS,
    ) -> None:
        """Prepare for calls; no process is started before the first.

        ``limits.seconds`` and ``limits.memory_bytes`` limit each call. The memory limit is
        RLIMIT_DATA: the memory that a process can write to. RLIMIT_AS would include what libraries
        only reserve, such as the stacks and arenas of threads, which is far more than they use.
        Programs that a call starts have the same limits, each by itself. ``warm_up`` is what the
        server does with the sample report before it forks, so that no call needs to load the same
        again: worth it for more than a few calls. ``quiet`` discards the output of libraries.
        ``calls``: a process is replaced after so many.
        """
        self._limits = limits
        self._warm_up = warm_up
        self._quiet = quiet
        self._calls = calls
        self._free = threading.BoundedSemaphore(jobs)
        self._lock = threading.Lock()
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._threads: set[threading.Thread] = set()
        self._ended = False
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn``, which must be importable by name, in a process; waits for a free one.

        The future's result is the return value. Its exception is always CallFailed: time or memory
        ran out, the process crashed, or the call raised an exception.
        """
        self._free.acquire()
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        thread = threading.Thread(
            target=self._attend, args=(future, (fn, args, kwargs)), daemon=True
        )
        with self._lock:
            self._threads.add(thread)
        thread.start()
        return future

    def _attend(self, future: Future[Any], call: tuple[Any, ...]) -> None:
        """Have a call made, and resolve its future."""
        try:
            reply, again = self._made(self._worker(), call)
            if again:
                reply, _ = self._made(self._worker(fresh=True), call)
        except Exception as error:
            reply = Reply(error=fault(error))
        self._free.release()
        with self._lock:
            self._threads.discard(threading.current_thread())
        if reply.error is None:
            future.set_result(reply.result)
        else:
            future.set_exception(reply.error)

    def _made(self, worker: _Worker, call: tuple[Any, ...]) -> tuple[Reply, bool]:
        """Make a call in a process; and whether it is to be made again, in a fresh one."""
        reply, in_time = self._reply(worker, call)
        again = reply.error is not None and in_time and worker.served > 0
        worker.served += 1
        with self._lock:
            keep = not (reply.spent or reply.error or self._ended or worker.served >= self._calls)
            (self._idle.append if keep else self._workers.discard)(worker)
        if not keep:
            worker.end()
        return reply, again and not self._ended

    def _reply(self, worker: _Worker, call: tuple[Any, ...]) -> tuple[Reply, bool]:
        """What a call gave, and whether it was in time."""
        try:
            worker.connection.send(call)
            if not worker.connection.poll(self._limits.seconds):
                return Reply(error=CallFailed(_out_of_time(self._limits))), False
            reply: Reply = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(_PATIENCE)
            reply = Reply(error=CallFailed(_crashed(worker.process.exitcode)))
        except Exception as unexpected:  # the result cannot be unpickled
            reply = Reply(error=fault(unexpected))
        if isinstance(reply.error, OutOfMemory):
            reply = Reply(error=CallFailed(_out_of_memory(self._limits)))
        return reply, True

    def _worker(self, fresh: bool = False) -> _Worker:
        """A process that is free, or a new one."""
        with self._lock:
            if self._ended:
                raise RuntimeError("no calls are taken after the end")
            if self._idle and not fresh:
                return self._idle.pop()
            if self._scratch is None:
                self._scratch = tempfile.TemporaryDirectory(
                    prefix="gongkai-", ignore_cleanup_errors=True
                )
                _start_server(self._warm_up)
            scratch = tempfile.mkdtemp(prefix="calls-", dir=self._scratch.name)
            # The server keeps the environment that it was started with; calls get the current one.
            setting = Setting(dict(os.environ), scratch, self._limits.memory_bytes, self._quiet)
            ours, theirs = _context.Pipe(duplex=True)
            with theirs:
                process = _context.Process(target=serve_calls, args=(theirs, setting), daemon=True)
                process.start()
            worker = _Worker(process, ours, scratch)
            self._workers.add(worker)
            return worker

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more calls; end running ones with ``cancel_futures``, else wait for them."""
        with self._lock:
            self._ended = True
            threads, workers, idle = set(self._threads), set(self._workers), list(self._idle)
            self._idle.clear()
        if cancel_futures:
            for worker in workers:
                _kill(worker.process)
        if wait:
            for thread in threads:
                thread.join()
        for worker in idle:
            worker.end()
        if wait and self._scratch is not None:
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
