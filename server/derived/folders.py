"""The folders of derived indexes: complete ones are renamed into their place, with their sizes."""

import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.ontology.texts import message
from gongkai.server.derived import DamagedIndex, DerivedIndex

_SIZES = "sizes.json"
MADE_OF = "graphs.json"
"""What a server made an index of (``histories``): no part of the index that the next one shares."""


def place_of(root: Path, version: str, index: DerivedIndex) -> Path:
    """The folder of an index of a version of the store, whether it exists or not."""
    return root / version / index.folder


def refuse_if_damaged(folder: Path) -> None:
    """Raise DamagedIndex if a file of an index is missing or was cut off."""
    try:
        sizes = json.loads((folder / _SIZES).read_text(encoding="utf-8"))
        for name, size in sizes.items():
            found = (folder / name).stat().st_size
            if found != size:
                raise DamagedIndex(
                    message("store.derived.other_size", file=folder / name, found=found, size=size)
                )
    except FileNotFoundError as error:
        raise DamagedIndex(message("store.derived.file_missing", file=error.filename)) from None
    except (OSError, ValueError, AttributeError) as error:
        raise DamagedIndex(
            message("store.derived.file_unreadable", file=folder / _SIZES, reason=error)
        ) from None


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of ``folder`` once the block is done; raises OSError."""
    new = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}.new")
    new.mkdir(parents=True)
    try:
        yield new
        files = [path for path in new.iterdir() if path.is_file()]
        for path in files:
            # The server may be another user than the publisher: what may be read in the store may
            # be read here.
            path.chmod(path.stat().st_mode | (new.stat().st_mode & 0o444))
        sizes = {
            path.name: path.stat().st_size for path in files if not path.name.endswith(".lock")
        }
        (new / _SIZES).write_text(json.dumps(sizes), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def share(old: Path, new: Path) -> None:
    """Let ``new`` have the files of ``old``, by hard links; raises OSError."""
    for path in old.iterdir():
        if path.name not in (_SIZES, MADE_OF) and not path.name.endswith(".lock"):
            try:
                os.link(path, new / path.name)
            except OSError:  # Another disk, or a file system without links.
                shutil.copy2(path, new / path.name)


@contextmanager
def lockable(folder: Path) -> Iterator[Path]:
    """A folder with the files of ``folder`` in which files may be made for the time being.

    That is the folder itself, or one of links to its files. Raises OSError.
    """
    if os.access(folder, os.W_OK | os.X_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="gongkai-") as name:
        for path in folder.iterdir():
            (Path(name) / path.name).symlink_to(path.absolute())
        yield Path(name)
