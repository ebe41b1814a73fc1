"""Where derived indexes are: beside an embedded store, or in a folder of the server's own."""

import hashlib
import os
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from gongkai.server.store import Store
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.embedded_folder import DERIVED
from gongkai.server.store.virtuoso.reader import VirtuosoReader

WITH_FOLDER = (EmbeddedReader, VirtuosoReader)
"""Stores that have a folder with what was derived from each version when it was published."""

_KEPT = 2
"""Versions that a folder of the server's own has indexes of."""


def roots_of(store: Store, cache: str = "") -> tuple[Path, ...]:
    """The folders in which indexes of a store are looked for, and made where one may write.

    ``cache`` is the server's own folder; if empty, that is ``CACHE_DIRECTORY`` (systemd),
    ``XDG_CACHE_HOME/gongkai`` or ``~/.cache/gongkai``, else one under the temporary folder.
    """
    key = hashlib.sha256(store.base.encode()).hexdigest()[:16]
    own = _own_folder(cache) / "derived" / key
    return (store.folder / DERIVED, own) if isinstance(store, WITH_FOLDER) else (own,)


def version_folder(version: str) -> str:
    """The name of the folder of a version of a store."""
    # Only names that no other version of any store has may outlive this process.
    unique = re.fullmatch("[0-9a-f]{32}", version) is not None
    return version if unique else f"{os.getpid()}-{hashlib.sha256(version.encode()).hexdigest()}"


def writable(root: Path) -> bool:
    """Whether an index can be made under ``root``, which is created if it can be."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(root, os.W_OK | os.X_OK)


def tidy(root: Path, keep: str) -> None:
    """Remove indexes of old versions from a folder of the server's own."""
    versions = [entry for entry in root.iterdir() if entry.is_dir() and entry.name != keep]
    versions.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in versions[_KEPT - 1 :]:
        shutil.rmtree(entry, ignore_errors=True)


def _own_folder(cache: str) -> Path:
    wanted = cache or os.environ.get("CACHE_DIRECTORY", "").partition(":")[0]
    if not wanted:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
        wanted = f"{home}/gongkai"
    folder = Path(wanted)
    return folder if writable(folder) else _temporary_folder()


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    """A folder for the processes of this user, which no one else can write to."""
    folder = Path(tempfile.gettempdir(), f"gongkai-cache-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid == os.getuid() and found.st_mode & 0o7777 == 0o700 and folder.is_dir():
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="gongkai-cache-"))
