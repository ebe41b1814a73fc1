"""What the software is that reads reports: its version, its files, the libraries it reads with."""

import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from gongkai.version import __version__

_ROOT = Path(__file__).parent.parent
_PROGRAMS = ("soffice", "libreoffice")
_DATA = {".csv", ".json", ".py", ".rq", ".toml", ".ttl", ".tsv", ".txt"}


@cache
def software() -> dict[str, object]:
    """The version of gongkai, the SHA-256 of its code and data, the versions of its libraries.

    The version alone does not change with every commit, and libraries are updated by themselves:
    either may read a report otherwise.
    """
    return {
        "version": __version__,
        "files": _files(),
        "libraries": _libraries(),
        "programs": [shutil.which(name) for name in _PROGRAMS],
    }


def _files() -> str:
    found = hashlib.sha256()
    root = _ROOT
    # In a checkout, folders of the package are links.
    for folder, below, names in os.walk(root, followlinks=True):
        below.sort()
        for name in sorted(names):
            path = Path(folder) / name
            if path.suffix in _DATA:
                found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _libraries() -> dict[str, str]:
    """The versions of all that is installed: which of it reads what is not known from outside."""
    return {found.name: found.version for found in distributions()}
