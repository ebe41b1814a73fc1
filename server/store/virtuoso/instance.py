"""A running Virtuoso over the folder of one database, on ports of 127.0.0.1 that were free."""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from gongkai.ontology.texts import translations
from gongkai.server.store import StoreError
from gongkai.server.store.virtuoso.configuration import Running, configuration
from gongkai.server.store.virtuoso.session import FIRST_PASSWORD, Session

_PROGRAMS = ("virtuoso-t", "isql-vt")
_STARTING = 600.0
"""Seconds that a start may take: after a crash Virtuoso first repeats what its log has."""

_STOPPING = 300.0
"""Seconds for the last checkpoint; then the process is killed, and repeats its log next time."""

_ATTEMPTS = 5
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Programs:
    """The paths of Virtuoso and of its SQL client."""

    server: str
    client: str


def installed() -> Programs:
    """The programs of the Debian package; StoreError says which is missing."""
    found = [shutil.which(name) for name in _PROGRAMS]
    missing = [name for name, path in zip(_PROGRAMS, found, strict=True) if path is None]
    if missing:
        raise StoreError(translations("virtuoso.missing", programs=" ".join(missing)))
    return Programs(*map(str, found))


class Instance:
    """A Virtuoso that was started by this process and ends with it."""

    def __init__(self, programs: Programs, folder: Path, running: Running) -> None:
        """Start over ``folder``, on free ports in place of those in ``running``.

        Waits until it answers. The administrator has another password after each start; everything
        but the endpoint for queries is closed. Raises StoreError.
        """
        self.folder = folder
        self._programs = programs
        self._password = FIRST_PASSWORD
        for name in ("parts", "www"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        _end_left_over(folder)
        for attempt in range(1, _ATTEMPTS + 1):
            self.running = replace(running, sql=_free_port(), http=_free_port())
            (folder / "virtuoso.ini").write_text(configuration(self.running), encoding="utf-8")
            self._process = _start(programs.server, folder)
            try:
                self._open()
                break
            except StoreError:
                # Something else may have taken a port meanwhile: then Virtuoso ends.
                ended = self._process.poll() is not None
                self.stop()
                if not ended or attempt == _ATTEMPTS:
                    raise
            except BaseException:
                self.stop()
                raise

    def session(self) -> Session:
        """A session of the administrator; raises StoreError."""
        return Session(self._programs.client, self.running.sql, self._password)

    @property
    def ended(self) -> bool:
        """Whether its process has ended."""
        return self._process.poll() is not None

    def end_soon(self) -> None:
        """Ask it to end, without waiting."""
        with suppress(ProcessLookupError):
            self._process.terminate()

    def stop(self) -> None:
        """End it, with a last checkpoint; killed if that takes too long."""
        self.end_soon()
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _open(self) -> None:
        """Wait until it accepts the administrator, change the password, close what is not needed.

        That a secret password is accepted shows as well that it is our Virtuoso that listens.
        """
        known = _known_passwords(self.folder)
        until = time.monotonic() + _STARTING
        while not _listens(self.running.sql):
            if self.ended:
                raise StoreError(translations("virtuoso.ended", log=self.folder / "virtuoso.log"))
            if time.monotonic() > until:
                raise StoreError(translations("virtuoso.silent", log=self.folder / "virtuoso.log"))
            time.sleep(0.05)
        session = self._logged_in(known)
        try:
            self._password = secrets.token_hex(24)
            # Both until it is changed: this may be ended in between.
            _write_passwords(self.folder, (self._password, session.password))
            session.run(f'set password "{session.password}" "{self._password}";\ncheckpoint;')
            _write_passwords(self.folder, (self._password,))
            setup = files(__package__).joinpath("setup.sql").read_text(encoding="utf-8")
            session.run(setup.replace("$password", secrets.token_hex(24)))
        finally:
            session.close()

    def _logged_in(self, passwords: Sequence[str]) -> Session:
        for password in passwords:
            with suppress(StoreError):
                return Session(self._programs.client, self.running.sql, password)
        raise StoreError(translations("virtuoso.password", folder=self.folder))


def _known_passwords(folder: Path) -> Sequence[str]:
    """The passwords that the database may have: one, or two if a start was interrupted."""
    try:
        return (folder / "password").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return (FIRST_PASSWORD,)


def _write_passwords(folder: Path, passwords: Sequence[str]) -> None:
    new = folder / "password.new"
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("\n".join(passwords))
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "password")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _start(program: str, folder: Path) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def end_with_parent() -> None:
        """Have the kernel end Virtuoso when this process ends, however that happens (prctl(2))."""
        if library is not None:
            library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [program, "-f", "-c", "virtuoso.ini"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        umask=0o077,
        preexec_fn=end_with_parent,
    )


def _end_left_over(folder: Path) -> None:
    """Wait for a Virtuoso over the same folder that is still ending, or end it."""
    until = time.monotonic() + _STOPPING
    while (pid := _left_over(folder)) is not None:
        kind = signal.SIGTERM if time.monotonic() < until else signal.SIGKILL
        with suppress(ProcessLookupError):
            os.kill(pid, kind)
        time.sleep(0.2)
    (folder / "virtuoso.lck").unlink(missing_ok=True)


def _left_over(folder: Path) -> int | None:
    """The process that Virtuoso's lock file names, if it is a Virtuoso in this folder."""
    with suppress(OSError, ValueError, IndexError):
        text = (folder / "virtuoso.lck").read_text(encoding="ascii")
        pid = int(text.partition("VIRT_PID=")[2].split()[0])
        process = Path("/proc") / str(pid)
        command = (process / "cmdline").read_bytes().split(b"\0")[0]
        if (process / "cwd").resolve() == folder.resolve() and b"virtuoso" in command:
            return pid
    return None
