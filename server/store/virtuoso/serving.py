"""What readers know of the Virtuoso that serves: a link, whose target is no file but a text.

It is replaced in one step, so a reader finds one state or the other. While Virtuoso commits a new
version the link says so, and readers wait: an answer that began and ended under the same link is of
one version.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAME = "serving"
_COMMITTING = "committing"


@dataclass(frozen=True)
class Served:
    """A version of the store, and the port of 127.0.0.1 on which Virtuoso answers from it."""

    version: str
    port: int


def link_of(folder: Path) -> str:
    """The path of the link, for ``read``."""
    return str(folder / _NAME)


def read(link: str) -> Served | None:
    """What is served now; None while a new version is committed. OSError if nothing is served."""
    # Called on every request: pathlib would take several times as long.
    target = os.readlink(link)  # noqa: PTH115
    if target == _COMMITTING:
        return None
    port, _, version = target.partition("-")
    return Served(version, int(port))


def write(folder: Path, served: Served | None, changed: float | None = None) -> None:
    """Say what is served, or (None) that a new version is being committed.

    ``changed`` is since when, in seconds since 1970; by default now.
    """
    target = _COMMITTING if served is None else f"{served.port}-{served.version}"
    new = folder / f"{_NAME}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    if changed is not None:
        os.utime(new, (changed, changed), follow_symlinks=False)
    new.replace(folder / _NAME)


def remove(folder: Path) -> None:
    """Say that nothing is served."""
    with suppress(FileNotFoundError):
        (folder / _NAME).unlink()
