"""The snapshot of the embedded store that has the version that Virtuoso holds, and what is derived.

It is kept as a store of its own, of hard links where that is possible, since the embedded store
deletes snapshots that it has replaced.
"""

import os
import shutil
from functools import partial
from pathlib import Path

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import StoreError
from gongkai.server.store.embedded_folder import CURRENT, DERIVED, SNAPSHOTS, remove_old

_NAME = "held"


def store_of(folder: Path) -> Path:
    """The folder of that store, beside Virtuoso's databases in ``folder``."""
    return folder / _NAME


def keep(store: Path, folder: Path, version: str) -> None:
    """Keep a snapshot of a store; ``switch`` then directs readers to it. Raises StoreError."""
    own = store_of(folder)
    try:
        own.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store / "store.json", own / "store.json")
        if (store / DERIVED / version).is_dir():
            _copy(store, own, f"{DERIVED}/{version}")
        _copy(store, own, f"{SNAPSHOTS}/{version}")
    except OSError as error:
        raise StoreError(
            translations("store.failed.snapshot", folder=folder, reason=label_of(error))
        ) from None


def _copy(store: Path, own: Path, name: str) -> None:
    """Copy a folder, as a whole or not at all."""
    target = own / name
    new = target.with_name(f"{target.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(store / name, new, copy_function=partial(_linked, target.parent))
        new.rename(target)


def is_kept(folder: Path, version: str) -> bool:
    """Whether there is the snapshot of a version."""
    return (store_of(folder) / SNAPSHOTS / version).is_dir()


def switch(folder: Path, version: str) -> None:
    """Direct readers to a snapshot that is kept, and delete the others."""
    own = store_of(folder)
    link = own / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(SNAPSHOTS) / version)
    link.replace(own / CURRENT)
    remove_old(own, keep={version})


def _linked(kept: Path, source: str, target: str) -> None:
    """Link what never changes: the engine's tables, and indexes but for their locks.

    On another file system, tables are linked to those of the snapshots in ``kept``, if they are
    there already.
    """
    shared = source.endswith(".sst") or f"/{SNAPSHOTS}/" not in source
    if shared and not source.endswith(".lock"):
        now = Path(source).stat()
        there = [path for path in kept.glob(f"*/{Path(source).name}") if _same(path.stat(), now)]
        for path in (Path(source), *there):
            try:
                os.link(path, target)
            except OSError:  # another file system
                continue
            return
    shutil.copy2(source, target)


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether two files of the same name are copies of one: a copy keeps the time."""
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
