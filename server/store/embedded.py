"""The embedded store: a folder on disk, written by one process, read by many.

    STORE/store.json   format and base address, written once
    STORE/bodies/      the operator's register of bodies (Turtle), where there is one
    STORE/data/        the engine's own files; only the writer opens them
    STORE/current      link to the snapshot that readers use
    STORE/snapshots/   snapshots of data/, made of hard links, so that they cost next to nothing
    STORE/derived/     what is derived from each snapshot, under its name
    STORE/changed      names of graphs written since the last snapshot, one a line

Each replacement is one transaction of the engine. Readers see it when the writer is done and the
link is moved to a new snapshot: either the old data or the new, never a mixture.
"""

import atexit
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.ontology.texts.system import system_error
from gongkai.server.store import Answer, Dataset, StoreError
from gongkai.server.store.answers import prefixes
from gongkai.server.store.bounds import OWN_ANSWER, Bounds
from gongkai.server.store.engines import Engines
from gongkai.server.store.query_text import names_dataset, refuse_if_too_large
from gongkai.server.store.services import refuse_if_service, refuse_services

_FORMAT = 1
DERIVED = "derived"
_CHANGED = "changed"
DEADLINE = 30.0
"""Seconds that a query may take if the caller sets no other deadline."""

DEFAULT_BOUNDS = Bounds()
_FOR_PAGES = Bounds(engines=2, slow=2, patience=DEADLINE, waiting=64)
"""Page requests wait as long as a query may take: the client is not at fault."""


def stored_base(folder: Path) -> str | None:
    """The base address of the store in ``folder``; None if there is no store yet.

    Raises StoreError if the folder holds something else, or a store of an unknown format.
    """
    marker = folder / "store.json"
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
        version, base = content["format"], content["base"]
    except FileNotFoundError:
        # A register of bodies may exist before the store: gongkai publish reads it.
        if folder.is_dir() and any(entry.name != "bodies" for entry in folder.iterdir()):
            raise StoreError(translations("store.other_files", folder=folder)) from None
        if folder.exists() and not folder.is_dir():
            raise StoreError(translations("store.no_folder", folder=folder)) from None
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(translations("store.damaged", file=marker)) from None
    if version != _FORMAT:
        raise StoreError(translations("store.other_version", folder=folder))
    try:
        return Addresses(str(base)).base
    except BadBase as error:
        raise StoreError(
            translations("store.damaged_base", file=marker, reason=label_of(error))
        ) from None


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
        # What a writer wrote that was killed before its snapshot.
        self._names = _noted(folder)
        self._changed = bool(self._names) or not (folder / "current").exists()

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples), as written so far."""
        found = self._store.dump(
            format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.NamedNode(name)
        )
        return found or b""

    def holds(self, name: str, triple: str) -> bool:
        """Whether the graph of that name has a triple, as written so far."""
        return bool(self._store.query(f"ASK {{ GRAPH <{name}> {{ {triple} }} }}"))

    def graph_names(self) -> Iterator[str]:
        """The names of all graphs, sorted."""
        yield from sorted(str(graph.value) for graph in self._store.named_graphs())

    def replace(self, graphs: Mapping[str, bytes]) -> None:
        """Replace the content of each graph (N-Triples, by name): all of them or none."""
        steps = []
        for name, triples in graphs.items():
            # Dropping a graph costs as much as writing one, even if it does not exist.
            if self._store.contains_named_graph(pyoxigraph.NamedNode(name)):
                steps.append(f"DROP SILENT GRAPH <{name}>")
            steps.append(f"INSERT DATA {{ GRAPH <{name}> {{\n{triples.decode('utf-8')}\n}} }}")
        # One update is one transaction; SPARQL's data blocks take N-Triples as they are.
        with self._explained("write"):
            self._note(graphs)
            self._store.update(" ;\n".join(steps))
        self._changed = True

    def make_visible(self) -> None:
        """Make a snapshot of what was written, if anything, and direct readers to it."""
        if not self._changed:
            return
        with self._explained("snapshot"):
            self._make_snapshot()
        self._changed = False

    def forget(self) -> None:
        """Delete what was replaced: from the engine's files, and from older snapshots.

        The engine never deletes a string that it has stored: what is to stay is moved to new files.
        """
        data, new, old = (self._folder / name for name in ("data", "data.new", "data.old"))
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
            self._make_snapshot(anew=True)
            _remove_old(self._folder, keep={(self._folder / "current").resolve().name})
        self._changed = False

    def _note(self, names: Iterable[str]) -> None:
        """Note which graphs are about to be written, so that this is known if we are killed."""
        new = set(names) - self._names
        with (self._folder / _CHANGED).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\n" for name in sorted(new))
            file.flush()
            os.fdatasync(file.fileno())
        self._names |= new

    def _make_snapshot(self, anew: bool = False) -> None:
        """Make a snapshot; with ``anew``, what is derived from it takes nothing from the last."""
        self._store.flush()
        snapshots = self._folder / "snapshots"
        snapshots.mkdir(exist_ok=True)
        target = snapshots / uuid.uuid4().hex
        self._store.backup(str(target))
        current = self._folder / "current"
        previous = current.resolve().name if current.exists() else None
        changed = None if anew or previous is None else frozenset(self._names)
        if self._prepare is not None:
            self._prepare(NewSnapshot(self._folder, self._base, target.name, previous, changed))
        link = self._folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("snapshots") / target.name)
        link.replace(current)
        (self._folder / _CHANGED).unlink(missing_ok=True)
        self._names = set()
        _remove_old(self._folder, keep={target.name, previous})

    @contextmanager
    def _explained(self, step: str) -> Iterator[None]:
        """The message for a disk error: it is full, or not writable."""
        try:
            yield
        except (OSError, RuntimeError) as error:
            raise StoreError(
                translations(f"store.failed.{step}", folder=self._folder, reason=label_of(error))
            ) from None


def _noted(folder: Path) -> set[str]:
    """The graphs that were written, or about to be, since the last snapshot."""
    try:
        return set((folder / _CHANGED).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return set()


def _remove_old(folder: Path, keep: Collection[str | None]) -> None:
    """Remove the snapshots that are not to be kept, with what is derived from them."""
    for kind in ("snapshots", DERIVED):
        for entry in (folder / kind).glob("*"):
            if entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)


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
        if known is None:
            _write_marker(folder, base)
        _mend(folder)
        if (folder / "current").exists() and not (folder / "data" / "CURRENT").exists():
            # The engine would create an empty store, and the next snapshot would lose every report.
            raise StoreError(translations("store.data_gone", folder=folder / "data"))
        try:
            store = pyoxigraph.Store(str(folder / "data"))
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


def _mend(folder: Path) -> None:
    """Restore the engine's files if a process was killed while it moved them (``forget``)."""
    data, old = folder / "data", folder / "data.old"
    if old.exists():
        if not data.exists():
            old.rename(data)
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(folder / "data.new", ignore_errors=True)
    (folder / "data.nq").unlink(missing_ok=True)


def _write_marker(folder: Path, base: str) -> None:
    new = folder / "store.json.new"
    new.write_text(json.dumps({"format": _FORMAT, "base": base}) + "\n", encoding="utf-8")
    new.replace(folder / "store.json")


class EmbeddedReader:
    """Answers queries from an embedded store, in engines that can be killed."""

    def __init__(
        self,
        folder: Path,
        bounds: Bounds = DEFAULT_BOUNDS,
        deadline: float = DEADLINE,
        services: Collection[str] = (),
    ) -> None:
        """Open the store in ``folder``; raises StoreError if nothing was published to it.

        ``services`` are the endpoints that queries may call by SERVICE.
        """
        base = stored_base(folder)
        pointer = folder / "current"
        if base is None or not pointer.exists():
            raise StoreError(translations("store.nothing_published", folder=folder))
        self._base = base
        self._endpoint = base + "sparql"
        self._pointer = pointer.absolute()
        self._link = str(self._pointer)
        self._deadline = deadline
        self._services = frozenset(services)
        self._prefixes = prefixes(base)
        arguments = [str(self._pointer), str(bounds.memory)]
        # Pages have engines of their own: public queries must not delay them.
        network = "yes" if self._services else "no"
        self._public = Engines([*arguments, str(bounds.answer), network], bounds)
        self._own = Engines([*arguments, str(OWN_ANSWER), "no"], _FOR_PAGES)
        atexit.register(self.close)
        self._public.warm_up()
        self._own.warm_up()
        try:
            self.query("ASK {}")
        except BaseException:
            self.close()
            raise

    @property
    def base(self) -> str:
        """The base address fixed at the first publication."""
        return self._base

    @property
    def version(self) -> str:
        """The name of the current snapshot; raises StoreError if there is none."""
        try:
            # Called on every request: pathlib would take several times as long.
            return os.readlink(self._link).rpartition("/")[2]  # noqa: PTH115
        except OSError as error:
            raise self._unreadable(error) from None

    @property
    def version_now(self) -> str:
        """The version, which is always read anew."""
        return self.version

    @property
    def changed(self) -> float:
        """When the current snapshot was made; raises StoreError if there is none."""
        try:
            return self._pointer.lstat().st_mtime
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> StoreError:
        return StoreError(
            translations(
                "store.not_readable", folder=self._pointer.parent, reason=system_error(error)
            )
        )

    def query(
        self,
        text: str,
        results: str = "json",
        graph: str = "nt",
        dataset: Dataset | None = None,
        seconds: float | None = None,
        public: bool = False,
    ) -> Answer:
        """Answer a SPARQL query from the current snapshot; see ``Store.query``."""
        refuse_if_too_large(text)
        if self._services:
            refuse_services(text, self._services)
        else:
            refuse_if_service(text)
        chosen = dataset or Dataset()
        whole = chosen.default is None and chosen.named is None
        # The engine's union default graph would override FROM clauses in the query.
        union = whole and not names_dataset(text)
        request = (
            text,
            self._endpoint,
            results,
            graph,
            union,
            chosen.default if whole else chosen.default or (),
            chosen.named if whole else chosen.named or (),
            self._prefixes,
        )
        engines = self._public if public else self._own
        return Answer(*engines.ask(request, seconds or self._deadline))

    def graph(self, name: str) -> bytes:
        """The triples of a graph (N-Triples); empty if the store has no graph of that name."""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        return self.query(text).body

    def close(self) -> None:
        """End the engines."""
        self._public.close()
        self._own.close()
        atexit.unregister(self.close)
