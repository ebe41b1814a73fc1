"""Make derived indexes: by the publisher with each snapshot, or by the server if one is missing."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from gongkai.ontology.texts import message
from gongkai.server.derived import DamagedIndex, DerivedIndex
from gongkai.server.derived.folders import filling, place_of, refuse_if_damaged
from gongkai.server.derived.snapshots import SnapshotStore
from gongkai.server.store import Store, StoreError
from gongkai.server.store.embedded_folder import DERIVED, SNAPSHOTS
from gongkai.server.store.embedded_writer import NewSnapshot, Prepare

LOG = logging.getLogger("gongkai.derived")


class StoreMoved(Exception):
    """The store got a new version while an index was made of the last one."""


def make(
    index: DerivedIndex,
    place: Path,
    store: Store,
    version: str,
    old: Path | None = None,
    changed: frozenset[str] | None = None,
    last: Callable[[Path], None] = lambda folder: None,
) -> None:
    """Make an index of the version ``version`` of a store in the folder ``place``.

    It is renewed from the folder ``old`` for the graphs ``changed``, if both are given and ``old``
    can be used; else made anew. ``last`` is called with the folder before it takes its place.
    Raises StoreMoved, StoreError or OSError; then there is nothing in the place.
    """

    def complete(folder: Path) -> None:
        last(folder)
        if store.version_now != version:
            raise StoreMoved

    if old is not None and changed is not None:
        try:
            refuse_if_damaged(old)
            with filling(place) as new:
                index.renew(new, store, old, changed)
                complete(new)
        except (StoreMoved, StoreError):
            raise
        except Exception as error:
            LOG.warning(message("store.derived.anew", name=index.name, reason=error))
        else:
            return
    with filling(place) as new:
        index.make(new, store)
        complete(new)


def preparing(indexes: Iterable[DerivedIndex]) -> Prepare:
    """What a writer calls with each snapshot: makes the indexes before readers see it.

    An index that cannot be made holds up no publication: the server tries again.
    """
    wanted = tuple(indexes)

    def prepare(snapshot: NewSnapshot) -> None:
        root = snapshot.store / DERIVED
        try:
            store = SnapshotStore(snapshot.store / SNAPSHOTS / snapshot.name, snapshot.base)
        except StoreError as error:
            LOG.error(message("store.derived.nothing", reason=error))
            return
        for index in wanted:
            old = place_of(root, snapshot.previous, index) if snapshot.previous else None
            try:
                place = place_of(root, snapshot.name, index)
                make(index, place, store, snapshot.name, old, snapshot.changed)
            except (StoreError, StoreMoved, OSError, DamagedIndex, sqlite3.Error) as error:
                LOG.error(message("store.derived.failed", name=index.name, reason=error))
            except Exception as error:
                LOG.exception(message("store.derived.failed", name=index.name, reason=error))

    return prepare
