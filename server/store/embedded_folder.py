"""The folder of an embedded store, as the writer and the readers see it.

STORE/store.json   format and base address, written once
STORE/bodies/      the operator's register of bodies (Turtle), where there is one
STORE/data/        the engine's own files; only the writer opens them
STORE/current      link to the snapshot that readers use
STORE/committed    link to a later snapshot that readers do not see yet, where there is one
STORE/unfinished   there while data/ is written to: it is restored if the writer is killed
STORE/snapshots/   snapshots of data/, made of hard links, so that they cost next to nothing
STORE/derived/     what is derived from each snapshot, under its name
STORE/changed      names of graphs written since the snapshot that readers use, one a line
"""

import json
import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from gongkai.ontology.addresses import Addresses, BadBase
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import label_of
from gongkai.server.store import StoreError

_FORMAT = 1
CURRENT, COMMITTED = "current", "committed"
DATA, SNAPSHOTS, DERIVED = "data", "snapshots", "derived"
_CHANGED, _UNFINISHED = "changed", "unfinished"
_MARKER, _NEW_MARKER = "store.json", "store.json.new"
_BEFORE = frozenset({"bodies", "lock", _NEW_MARKER})
"""What a folder may hold that is no store yet.

A register of bodies may exist before the store: gongkai publish reads it. The others are there
where a first publication was stopped.
"""


def stored_base(folder: Path) -> str | None:
    """The base address of the store in ``folder``; None if there is no store yet.

    Raises StoreError if the folder holds something else, or a store of an unknown format.
    """
    marker = folder / _MARKER
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
        version, base = content["format"], content["base"]
    except FileNotFoundError:
        if folder.is_dir() and any(entry.name not in _BEFORE for entry in folder.iterdir()):
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


def write_marker(folder: Path, base: str) -> None:
    """Fix the base address of a new store."""
    new = folder / _NEW_MARKER
    new.write_text(json.dumps({"format": _FORMAT, "base": base}) + "\n", encoding="utf-8")
    new.replace(folder / _MARKER)


def snapshot_of(folder: Path, link: str) -> str | None:
    """The name of the snapshot that a link of the store leads to; None if there is none."""
    try:
        return (folder / link).readlink().name
    except FileNotFoundError:
        return None


def direct(folder: Path, link: str, snapshot: str) -> None:
    """Let a link of the store lead to a snapshot, from one moment to the next."""
    new = folder / f"{link}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(Path(SNAPSHOTS) / snapshot)
    new.replace(folder / link)


def begin(folder: Path, names: Iterable[str]) -> None:
    """Note that graphs are about to be written, so that this is known if the writer is killed."""
    with (folder / _CHANGED).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}\n" for name in sorted(names))
        file.flush()
        os.fdatasync(file.fileno())
    (folder / _UNFINISHED).touch()


def end(folder: Path) -> None:
    """Note that all that was written is in a snapshot."""
    (folder / _UNFINISHED).unlink(missing_ok=True)


def changed(folder: Path) -> set[str]:
    """The graphs that were written since the snapshot that readers use, perhaps some more."""
    try:
        return set((folder / _CHANGED).read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return set()


def forget_changed(folder: Path) -> None:
    """Note that readers see all that was written."""
    (folder / _CHANGED).unlink(missing_ok=True)


def remove_old(folder: Path, keep: Collection[str | None]) -> None:
    """Remove the snapshots that are not to be kept, with what is derived from them."""
    for kind in (SNAPSHOTS, DERIVED):
        for entry in (folder / kind).glob("*"):
            if entry.name not in keep:
                shutil.rmtree(entry, ignore_errors=True)


def mend(folder: Path) -> None:
    """Restore the engine's files if a writer was killed while it wrote to them or moved them.

    What it had not committed is not there then, and nothing is there in part. Raises OSError.
    """
    data, old, new = (folder / name for name in (DATA, "data.old", "data.new"))
    if old.exists():
        if not data.exists():
            old.rename(data)
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)
    (folder / "data.nq").unlink(missing_ok=True)
    if not (folder / _UNFINISHED).exists():
        return
    snapshot = snapshot_of(folder, COMMITTED) or snapshot_of(folder, CURRENT)
    if snapshot is not None:
        _copy_by_links(folder / SNAPSHOTS / snapshot, new)
    shutil.rmtree(data, ignore_errors=True)
    if snapshot is not None:
        new.rename(data)
    end(folder)


def _copy_by_links(snapshot: Path, target: Path) -> None:
    """Copy the engine's files; its tables, which never change, are shared."""
    target.mkdir()
    for file in snapshot.iterdir():
        if file.suffix == ".sst":
            (target / file.name).hardlink_to(file)
        else:
            shutil.copyfile(file, target / file.name)
