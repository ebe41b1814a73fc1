"""Write to an embedded store: one process at a time, many graphs at once.

What is replaced waits until there is enough for the engine to load in bulk, and is read from there
meanwhile. A commit loads it and makes a snapshot, to which the engine's files are restored if the
process is killed during the next: a replacement is whole, or not there. Readers are directed to a
snapshot when the writer is done, and from time to time in long runs.
"""

import fcntl
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.ontology.texts.system import system_error
from gongkai.ontology.triples.lines import lines_of
from gongkai.server.store import StoreError
from gongkai.server.store.embedded_folder import (
    COMMITTED,
    CURRENT,
    DATA,
    SNAPSHOTS,
    begin,
    changed,
    direct,
    end,
    forget_changed,
    mend,
    remove_old,
    snapshot_of,
    stored_base,
    write_marker,
)
from gongkai.server.store.loading import graph_of, load

BATCH = 32 * 1024 * 1024
"""Size of N-Triples, in bytes, that waits to be loaded in bulk: some fifty reports."""


@dataclass(frozen=True)
class NewSnapshot:
    """A snapshot that is complete, but that readers do not see yet.

    ``store`` is the folder of the store, ``name`` that of the snapshot in ``snapshots``,
    ``previous`` that of the snapshot that readers see. ``changed`` are the names of the graphs
    that were written since then, perhaps some more; None if everything has to be read anew.
    """

    store: Path
    base: str
    name: str
    previous: str | None
    changed: frozenset[str] | None


Prepare = Callable[[NewSnapshot], None]
"""Called with each snapshot before readers see it; raises nothing."""


class EmbeddedWriter:
    """The one writer of an embedded store; use ``writing`` to open it."""

    def __init__(
        self, folder: Path, base: str, store: pyoxigraph.Store, prepare: Prepare | None = None
    ) -> None:
        """Take an open store; ``writing`` ensures that there is no other writer."""
        self._folder = folder
        self._base = base
        self._store = store
        self._prepare = prepare
        self._waiting: dict[str, bytes] = {}
        # What a writer wrote that was killed before readers saw it.
        self._changed_names = changed(folder)
        self._changed = bool(self._changed_names) or snapshot_of(folder, CURRENT) is None
        self._failed = False
        self._previous: str | None = None

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples), as written so far."""
        waiting = self._waiting.get(name)
        return graph_of(self._store, name) if waiting is None else waiting

    def holds(self, name: str, triple: str) -> bool:
        """Whether the graph of that name has a triple, as written so far."""
        if name in self._waiting:
            return f"{triple} .\n".encode() in lines_of(self._waiting[name])
        return bool(self._store.query(f"ASK {{ GRAPH <{name}> {{ {triple} }} }}"))

    def graph_names(self) -> Iterator[str]:
        """The names of all graphs, sorted."""
        stored = {str(graph.value) for graph in self._store.named_graphs()}
        waiting = {name for name, triples in self._waiting.items() if triples}
        yield from sorted(stored - self._waiting.keys() | waiting)

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Replace the content of each graph (N-Triples, by name): all of them or none.

        It is written with what comes after it, at the latest by ``make_visible``; see ``settled``.
        """
        self._waiting |= graphs
        if sum(map(len, self._waiting.values())) > BATCH:
            self.commit()

    @property
    def settled(self) -> bool:
        """Whether all that was replaced is on disk, and stays there if the process is killed."""
        return not self._waiting

    def commit(self) -> None:
        """Write what is waiting, so that it stays if the process is killed from now on."""
        if not self._waiting:
            return
        with self._explained("write"):
            self._write()
            name = self._new_snapshot()
            direct(self._folder, COMMITTED, name)
            end(self._folder)
            self._failed, self._waiting = False, {}
            self._remove_old()

    def make_visible(self) -> None:
        """Write what is waiting, and direct readers to a snapshot of all that was written."""
        try:
            if not self._failed:
                self.commit()
        except StoreError:
            # What was committed before is whole; the first error is the one to report.
            with suppress(StoreError):
                self._show_committed()
            raise
        self._show_committed()

    def _show_committed(self) -> None:
        """Direct readers to the last snapshot that is whole, if they do not see it yet."""
        name = snapshot_of(self._folder, COMMITTED)
        if name is None and (self._failed or not self._changed):
            return
        with self._explained("snapshot"):
            self._show(name or self._new_snapshot())

    def _write(self) -> None:
        """Write what is waiting to the engine's files; it is done once it is in a snapshot."""
        begin(self._folder, self._waiting.keys() - self._changed_names)
        self._changed_names |= self._waiting.keys()
        self._failed = True
        load(self._store, self._waiting)
        self._changed = True

    def _show(self, name: str, anew: bool = False) -> None:
        """Direct readers to a snapshot; with ``anew``, nothing derived from the last is used."""
        previous = snapshot_of(self._folder, CURRENT)
        names = None if anew or previous is None else frozenset(self._changed_names)
        if self._prepare is not None:
            self._prepare(NewSnapshot(self._folder, self._base, name, previous, names))
        direct(self._folder, CURRENT, name)
        (self._folder / COMMITTED).unlink(missing_ok=True)
        forget_changed(self._folder)
        self._changed, self._changed_names, self._previous = False, set(), previous
        self._remove_old()

    def _new_snapshot(self) -> str:
        self._store.flush()
        (self._folder / SNAPSHOTS).mkdir(exist_ok=True)
        name = uuid.uuid4().hex
        self._store.backup(str(self._folder / SNAPSHOTS / name))
        return name

    def _remove_old(self) -> None:
        """Remove snapshots; readers may still open the one that they saw before the current."""
        links = (snapshot_of(self._folder, link) for link in (CURRENT, COMMITTED))
        remove_old(self._folder, {*links, self._previous})

    def forget(self) -> None:
        """Delete what was replaced: from the engine's files, and from older snapshots.

        The engine never deletes a string that it has stored: what is to stay is moved to new files.
        """
        self.commit()
        data, new, old = (self._folder / name for name in (DATA, "data.new", "data.old"))
        with self._explained("forget"):
            shutil.rmtree(new, ignore_errors=True)
            quads = self._folder / "data.nq"
            self._store.dump(str(quads), format=pyoxigraph.RdfFormat.N_QUADS)
            moved = pyoxigraph.Store(str(new))
            moved.bulk_load(path=str(quads), format=pyoxigraph.RdfFormat.N_QUADS)
            moved.flush()
            quads.unlink()
            del moved, self._store
            data.rename(old)
            new.rename(data)
            shutil.rmtree(old)
            self._store = pyoxigraph.Store(str(data))
            self._show(self._new_snapshot(), anew=True)
            remove_old(self._folder, keep={snapshot_of(self._folder, CURRENT)})

    @contextmanager
    def _explained(self, step: str) -> Iterator[None]:
        """The message for a disk error, or for what was to be written and is no N-Triples."""
        try:
            yield
        except (OSError, RuntimeError, SyntaxError) as error:
            raise StoreError(
                translations(f"store.failed.{step}", folder=self._folder, reason=label_of(error))
            ) from None


@contextmanager
def writing(folder: Path, base: str, prepare: Prepare | None = None) -> Iterator[EmbeddedWriter]:
    """Open the store in ``folder`` for writing; created under ``base`` if there is none.

    What was replaced becomes visible to readers at the end, also after an error: each replacement
    was complete. ``prepare`` makes what is derived from each snapshot before readers see it. Raises
    StoreError if another process is writing, the folder is not a store, or the store has another
    base.
    """
    known = stored_base(folder)
    if known is not None and known != base:
        raise StoreError(translations("store.other_base_of_folder", folder=folder, base=known))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise StoreError(
            translations("store.not_writable", folder=folder, reason=system_error(error))
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreError(translations("store.locked", folder=folder)) from None
        try:
            if known is None:
                write_marker(folder, base)
            mend(folder)
        except OSError as error:
            raise StoreError(
                translations("store.not_opened", folder=folder, reason=label_of(error))
            ) from None
        if snapshot_of(folder, CURRENT) and not (folder / DATA / "CURRENT").exists():
            # The engine would create an empty store, and the next snapshot would lose every report.
            raise StoreError(translations("store.data_gone", folder=folder / DATA))
        try:
            store = pyoxigraph.Store(str(folder / DATA))
        except (OSError, RuntimeError) as error:
            raise StoreError(
                translations("store.not_opened", folder=folder, reason=label_of(error))
            ) from None
        writer = EmbeddedWriter(folder, base, store, prepare)
        del store
        try:
            try:
                yield writer
            except BaseException:
                # The first error is the one to report.
                with suppress(StoreError):
                    writer.make_visible()
                raise
            writer.make_visible()
        finally:
            del writer._store
