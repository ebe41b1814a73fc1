"""What is derived from the reports of a store, and kept on disk, once for all processes.

A derived index is a folder of files that is made from one version of a store, and lies under the
name of that version:

    ROOT/VERSION/NAME.FORMAT/   the files, and ``sizes.json``, which is written last

ROOT is ``derived`` in the folder of an embedded store, where the publisher makes it before readers
see the version; or a folder of the server's own (``roots``). The files of a finished index are
never changed, so that the next version shares those that stay (hard links).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gongkai.server.store import Store


class DamagedIndex(Exception):
    """A derived index cannot be used as it is; the message says why."""


@dataclass(frozen=True)
class DerivedIndex:
    """A derived index: its name, the version of the layout of its files, and how it is made.

    ``make`` fills an empty folder from everything that a store has. ``renew`` fills an empty folder
    from the folder of an older version and the names of the graphs that changed since; it raises
    DamagedIndex, OSError or ValueError if it cannot, and then the index is made anew. Both take:
    the new folder, the store; ``renew`` also the old folder, the names. ``of_reports`` is true if
    only the graphs of reports and the names of bodies matter, which the histories of a remote store
    and a short query tell (``histories``).
    """

    name: str
    format: int
    make: Callable[[Path, Store], None]
    renew: Callable[[Path, Store, Path, frozenset[str]], None]
    of_reports: bool = False

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.name}.{self.format}"
