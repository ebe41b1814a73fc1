"""The index of the present version of a store, as a process of the server uses it."""

import fcntl
import logging
import math
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from gongkai.ontology.texts import message, translations
from gongkai.server.derived import DamagedIndex, DerivedIndex
from gongkai.server.derived.folders import place_of, refuse_if_damaged
from gongkai.server.derived.histories import changed_since, graphs_now, keep_graphs
from gongkai.server.derived.making import StoreMoved, make
from gongkai.server.derived.roots import WITH_FOLDER, tidy, version_folder, writable
from gongkai.server.store import Store, StoreError

LOG = logging.getLogger("gongkai.derived")
Opened = TypeVar("Opened")


class CurrentIndex(Generic[Opened]):
    """Opens the index of each version of a store; one process makes it where there is none."""

    def __init__(
        self,
        index: DerivedIndex,
        store: Store,
        roots: Sequence[Path],
        opening: Callable[[Path], Opened],
    ) -> None:
        """Nothing is opened before ``renew``.

        ``opening`` opens the index in a folder, or raises DamagedIndex or OSError.
        """
        self._index = index
        self._store = store
        self._roots = roots
        self._opening = opening
        self._lock = threading.Lock()
        self._opened: tuple[str, Path, Opened] | None = None
        self._making: threading.Thread | None = None
        self._failed_at = -math.inf

    def opened(self) -> tuple[Opened | None, bool]:
        """The index that was opened last, if any, and whether it is of the present version.

        Of an embedded store an index of another version is never given: each has its own.
        """
        opened = self._opened
        if opened is None:
            return None, False
        current = opened[0] == self._store.version
        if current or not isinstance(self._store, WITH_FOLDER):
            return opened[2], current
        return None, False

    def renew(self, patience: float = 0.0) -> None:
        """Open the index of the present version.

        If there is none, a thread begins to make it; then up to ``patience`` seconds are waited.
        Raises StoreError if the version of the store cannot be read.
        """
        until = time.monotonic() + patience
        while True:
            version = self._store.version
            with self._lock:
                if self._open(version):
                    return
                if self._making is None or not self._making.is_alive():
                    # After an error, the next attempt waits for a while.
                    if time.monotonic() - self._failed_at < 1:
                        return
                    thread = threading.Thread(target=self._make, args=(version,), daemon=True)
                    self._making = thread
                    thread.start()
                making = self._making
            making.join(max(until - time.monotonic(), 0.0))
            with self._lock:
                self._open(version)
            # What was made of a version that passed meanwhile is dropped.
            if self._store.version == version or time.monotonic() >= until:
                return

    def damaged(self, why: str) -> None:
        """Remove the index that is open, since it cannot be read; ``renew`` makes it anew."""
        with self._lock:
            if self._opened is not None:
                self._remove(self._opened[1], why)
                self._opened = None

    def _open(self, version: str) -> bool:
        """Whether the index of that version is open, or could be opened."""
        if self._opened is not None and self._opened[0] == version:
            return True
        for root in self._roots:
            place = place_of(root, version_folder(version), self._index)
            if place.exists():
                try:
                    refuse_if_damaged(place)
                    self._opened = version, place, self._opening(place)
                except (DamagedIndex, OSError) as error:
                    self._remove(place, str(error))
                else:
                    return True
        return False

    def _remove(self, place: Path, why: str) -> None:
        LOG.error(message("store.derived.was_damaged", name=self._index.name, reason=why))
        shutil.rmtree(place, ignore_errors=True)

    def _make(self, version: str) -> None:
        try:
            root = next((root for root in self._roots if writable(root)), None)
            if root is None:
                raise StoreError(translations("store.derived.no_folder"))
            with _alone(root / f"{self._index.folder}.lock"):
                place = place_of(root, version_folder(version), self._index)
                # Another process may have made it while this one waited.
                if not place.exists() and self._store.version_now == version:
                    self._fill(root, place, version)
                    if not (isinstance(self._store, WITH_FOLDER) and root == self._roots[0]):
                        tidy(root, place.parent.name)
        except StoreMoved:
            return
        except (StoreError, OSError) as error:
            self._failed_at = time.monotonic()
            LOG.error(message("store.derived.failed", name=self._index.name, reason=error))
        except Exception as error:
            self._failed_at = time.monotonic()
            LOG.exception(message("store.derived.failed", name=self._index.name, reason=error))

    def _fill(self, root: Path, place: Path, version: str) -> None:
        began = time.monotonic()
        if self._index.of_reports:
            graphs = graphs_now(self._store)
            old = self._newest(root)
            changed = changed_since(old, graphs) if old else None
            make(
                self._index,
                place,
                self._store,
                version,
                old,
                changed,
                lambda new: keep_graphs(new, graphs),
            )
        else:
            make(self._index, place, self._store, version)
        took = f"{time.monotonic() - began:.1f}"
        LOG.warning(message("store.derived.was_missing", name=self._index.name, seconds=took))

    def _newest(self, root: Path) -> Path | None:
        """The newest index of another version."""
        found = [place for place in root.glob(f"*/{self._index.folder}") if place.is_dir()]
        return max(found, key=lambda place: place.stat().st_mtime, default=None)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other process makes this index."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
