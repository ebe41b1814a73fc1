"""The snapshot of the embedded store that has the version that Virtuoso holds.

It is kept as a store of its own, of hard links where that is possible, since the embedded store
deletes snapshots that it has replaced.
"""

import os
import shutil
from pathlib import Path

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import StoreError

_NAME = "held"


def store_of(folder: Path) -> Path:
    """The folder of that store, beside Virtuoso's databases in ``folder``."""
    return folder / _NAME


def keep(store: Path, folder: Path, version: str) -> None:
    """Keep a snapshot of a store; ``switch`` then directs readers to it. Raises StoreError."""
    target = store_of(folder) / "snapshots" / version
    new = target.with_name(f"{version}.new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            copied = shutil.copytree(store / "snapshots" / version, new, copy_function=_linked)
            copied.rename(target)
        shutil.copyfile(store / "store.json", store_of(folder) / "store.json")
    except OSError as error:
        raise StoreError(
            translations("store.failed.snapshot", folder=folder, reason=label_of(error))
        ) from None


def is_kept(folder: Path, version: str) -> bool:
    """Whether there is the snapshot of a version."""
    return (store_of(folder) / "snapshots" / version).is_dir()


def switch(folder: Path, version: str) -> None:
    """Direct readers to a snapshot that is kept, and delete the others."""
    own = store_of(folder)
    link = own / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("snapshots") / version)
    link.replace(own / "current")
    for entry in (own / "snapshots").iterdir():
        if entry.name != version:
            shutil.rmtree(entry, ignore_errors=True)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
