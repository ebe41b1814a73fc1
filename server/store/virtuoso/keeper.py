"""The process that runs Virtuoso for a server: starts it, loads it, keeps it up to date, ends it.

    python -m gongkai.server.store.virtuoso.keeper FD JOB

It tells the server over the socket FD what it does, and ends when that is closed or the server is
gone. Virtuoso ends with this process, however that ends (``instance``).
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from gongkai.ontology.texts import message, translations
from gongkai.ontology.texts.errors import operator_text
from gongkai.server.store import StoreError
from gongkai.server.store.framing import send
from gongkai.server.store.journal import changed_graphs
from gongkai.server.store.virtuoso import held_snapshot, serving
from gongkai.server.store.virtuoso.configuration import Running
from gongkai.server.store.virtuoso.digests import Digests, Held, Snapshot
from gongkai.server.store.virtuoso.instance import Instance, Programs, installed
from gongkai.server.store.virtuoso.loading import (
    MOST_QUADS,
    changes_between,
    commit,
    held_version,
    load_whole,
    write_changes,
)

_LOOKING = 0.5
"""Seconds between two looks at the embedded store."""

_WAITING = 60.0
"""Seconds in which another server over the same folder may still be ending."""

_LEAVING = 5.0
"""Seconds in which this process ends what it is at, when it is to end."""

_GENERATION = "generation"


@dataclass(frozen=True)
class Job:
    """What to run: the folders of the store and of Virtuoso, and with what.

    ``memory`` is in bytes, ``seconds`` the deadline of a query, ``connections`` the queries at
    once, ``parent`` the process of the server, ``most`` the quads that are changed in one go: with
    more, the whole store is loaded into a new database.
    """

    store: str
    folder: str
    memory: int
    seconds: float
    connections: int
    parent: int = 0
    most: int = MOST_QUADS

    def written(self) -> str:
        """The job as an argument of a command."""
        return json.dumps(asdict(self))


@dataclass
class Database:
    """A database that is loaded, and the Virtuoso that runs over it."""

    instance: Instance
    digests: Digests
    held: Held

    def close(self) -> None:
        """End Virtuoso."""
        self.digests.close()
        self.instance.stop()


class Keeper:
    """Runs Virtuoso until it is told to end."""

    def __init__(self, job: Job, server: socket.socket) -> None:
        """``server`` is the socket to the server."""
        self._job = job
        self._store = Path(job.store)
        self._folder = Path(job.folder)
        self._server = server
        self._programs: Programs = installed()
        self._ending = threading.Event()
        self._instances: list[Instance] = []
        self._failed = ""

    def run(self) -> None:
        """Serve, and follow the embedded store, until the server is gone; raises StoreError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        threading.Thread(target=self._watch, daemon=True).start()
        signal.signal(signal.SIGTERM, lambda *_: self._ending.set())
        with self._locked():
            serving.remove(self._folder)
            try:
                database = self._opened() or self._loaded(self._job.memory)
                self._tell("ready")
                while not self._ending.wait(_LOOKING):
                    if database.instance.ended:
                        database = self._started_again(database)
                    database = self._followed(database)
            except StoreError:
                if not self._ending.is_set():
                    raise
            finally:
                serving.remove(self._folder)
                for instance in self._instances:
                    instance.stop()

    def _locked(self) -> IO[str]:
        lock = (self._folder / "lock").open("w")
        until = time.monotonic() + _WAITING
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > until or self._ending.wait(0.2):
                    raise StoreError(translations("virtuoso.taken", folder=self._folder)) from None
            else:
                return lock

    def _watch(self) -> None:
        """Notice that the server is gone; end Virtuoso if the rest of this process does not."""
        self._server.settimeout(1.0)
        while not self._ending.is_set() and os.getppid() == self._job.parent:
            with suppress(TimeoutError):
                if not self._server.recv(1):
                    break
        self._ending.set()
        time.sleep(_LEAVING)
        for instance in self._instances:
            instance.end_soon()

    def _tell(self, kind: str, text: str = "") -> None:
        with suppress(OSError):
            send(self._server, (kind, str(text)))

    def _say(self, text: str) -> None:
        self._tell("said", text)

    def _start(self, folder: Path, memory: int) -> Instance:
        job = self._job
        running = Running(0, 0, memory, job.seconds, job.connections)
        instance = Instance(self._programs, folder, running)
        self._instances.append(instance)
        return instance

    def _opened(self) -> Database | None:
        """The database in use, started; None if there is none, or it must be made anew."""
        link = self._folder / _GENERATION
        with suppress(OSError):
            folder = self._folder / link.readlink()
            if folder.is_dir():
                try:
                    return self._serve(self._start(folder, self._job.memory))
                except StoreError as error:
                    if self._ending.is_set():
                        raise
                    self._say(message("virtuoso.damaged", problem=operator_text(error)))
        return None

    def _serve(self, instance: Instance) -> Database:
        """Tell readers of a loaded database; StoreError if it is not what its digests are of."""
        digests = Digests(instance.folder)
        session = instance.session()
        try:
            version, held = held_version(session), digests.held()
        finally:
            session.close()
        if (
            held is None
            or held.version != version
            or not held_snapshot.is_kept(self._folder, held.version)
        ):
            digests.close()
            instance.stop()
            self._instances.remove(instance)
            raise StoreError(translations("virtuoso.error", said=f"{version} is not {held}"))
        held_snapshot.switch(self._folder, held.version)
        served = serving.Served(held.version, instance.running.http)
        serving.write(self._folder, served, held.changed)
        return Database(instance, digests, held)

    def _loaded(self, memory: int) -> Database:
        """A new database with the current snapshot, which readers are told of when it is whole."""
        self._remove_all_but_current()
        snapshot = Snapshot(self._store)
        held_snapshot.keep(self._store, self._folder, snapshot.version)
        folder = self._folder / uuid.uuid4().hex[:12]
        folder.mkdir(mode=0o700)
        began = time.monotonic()
        loading = self._start(folder, memory)
        digests = Digests(folder)
        try:
            written = load_whole(loading, snapshot, digests, self._say)
        finally:
            digests.close()
            if memory != self._job.memory:
                loading.stop()
                self._instances.remove(loading)
        seconds = round(time.monotonic() - began, 1)
        self._say(message("virtuoso.loaded", quads=written.quads, seconds=seconds))
        instance = self._start(folder, self._job.memory) if loading.ended else loading
        link = self._folder / f"{_GENERATION}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)
        link.replace(self._folder / _GENERATION)
        return self._serve(instance)

    def _remove_all_but_current(self) -> None:
        """Delete databases that are not in use: of a load that was not completed, or replaced."""
        used = {instance.folder.name for instance in self._instances}
        used.add(held_snapshot.store_of(self._folder).name)
        with suppress(OSError):
            used.add((self._folder / _GENERATION).readlink().name)
        for entry in self._folder.iterdir():
            if entry.is_dir() and not entry.is_symlink() and entry.name not in used:
                shutil.rmtree(entry, ignore_errors=True)

    def _started_again(self, database: Database) -> Database:
        """Start Virtuoso again after it ended by itself; from its log it has what was committed."""
        self._say(message("virtuoso.again", problem=message("virtuoso.gone")))
        serving.remove(self._folder)
        database.digests.close()
        self._instances.remove(database.instance)
        return self._opened() or self._loaded(self._job.memory)

    def _followed(self, database: Database) -> Database:
        """Bring the database to the current version of the embedded store, if it is behind.

        If that fails readers keep the version that they have, and it is tried with the next one.
        """
        try:
            version = (self._store / "current").readlink().name
        except OSError:
            return database
        if version in (database.held.version, self._failed):
            return database
        try:
            return self._renewed(database) or self._replaced(database)
        except StoreError as error:
            if self._ending.is_set() or database.instance.ended:
                return database
            self._failed = version
            self._tell("failed", operator_text(error))
            return self._served_again(database)

    def _served_again(self, database: Database) -> Database:
        held = database.held
        port = database.instance.running.http
        serving.write(self._folder, serving.Served(held.version, port), held.changed)
        return database

    def _renewed(self, database: Database) -> Database | None:
        """The same database with the graphs that changed; None if too much did."""
        began = time.monotonic()
        snapshot, instance = Snapshot(self._store), database.instance
        held_snapshot.keep(self._store, self._folder, snapshot.version)
        names = changed_graphs(self._store, database.held.version, snapshot.version)
        changed = changes_between(snapshot, database.digests, names)
        session = instance.session()
        try:
            pending = write_changes(session, instance.folder / "parts", changed, self._job.most)
            if pending is None:
                return None
            database.digests.forget(pending.digests)
            serving.write(self._folder, None)
            commit(session, snapshot.version)
            held_snapshot.switch(self._folder, snapshot.version)
            held = Held(snapshot.version, time.time())
            serving.write(
                self._folder, serving.Served(held.version, instance.running.http), held.changed
            )
        finally:
            session.close()
        database.digests.record(pending.digests, held)
        self._say(
            message(
                "virtuoso.renewed",
                graphs=len(pending.digests),
                quads=pending.quads,
                seconds=round(time.monotonic() - began, 1),
            )
        )
        return Database(instance, database.digests, held)

    def _replaced(self, database: Database) -> Database:
        """A new database in place of this one, which ends when its last queries are answered."""
        new = self._loaded(self._job.memory // 2)
        self._ending.wait(self._job.seconds)
        database.close()
        self._instances.remove(database.instance)
        self._remove_all_but_current()
        return new


def main(descriptor: str, written: str) -> None:
    """Run until the server is gone; tells it why if that is not possible."""
    job: dict[str, Any] = json.loads(written)
    with socket.socket(fileno=int(descriptor)) as server:
        try:
            Keeper(Job(**job), server).run()
        except (StoreError, OSError) as error:
            with suppress(OSError):
                send(server, ("ended", str(operator_text(error))))
            sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
