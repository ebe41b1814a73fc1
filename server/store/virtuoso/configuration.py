"""The settings file of Virtuoso (``virtuoso.ini``), for a given amount of memory.

OpenLink, Virtuoso 7 documentation, "Virtuoso configuration file" and "RDF performance tuning".
"""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

_BUFFER = 8700
"""Bytes of a buffer: a page of 8 KiB and what is kept of it (OpenLink, RDF performance tuning)."""

MOST_ROWS = 2_000_000_000
"""Rows of an answer: beyond these Virtuoso leaves rows out, so none may be left out."""


@dataclass(frozen=True)
class Memory:
    """How an amount of memory is divided; ``buffers`` and ``dirty`` count pages, others are bytes.

    ``buffers`` hold pages of the database, at most ``dirty`` of them changed; ``query`` and
    ``hashes`` are what a query, and all hash joins together, may take besides.
    """

    buffers: int
    dirty: int
    query: int
    hashes: int


@dataclass(frozen=True)
class Running:
    """How an instance of Virtuoso runs.

    ``sql`` and ``http`` are its ports on 127.0.0.1, ``memory`` is in bytes, ``seconds`` the
    deadline of a query, ``connections`` the queries at once.
    """

    sql: int
    http: int
    memory: int
    seconds: float
    connections: int


def divided(memory: int) -> Memory:
    """Divide an amount of memory (bytes): three quarters for pages, the rest for queries."""
    buffers = max(memory * 3 // 4 // _BUFFER, 10_000)
    return Memory(buffers, buffers * 3 // 4, max(memory // 8, 2**28), max(memory // 8, 2**28))


def memory_of_machine() -> int:
    """The memory of this machine in bytes, or of its container if that has less (cgroup v2)."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdigit() else whole


def configuration(running: Running) -> str:
    """The text of ``virtuoso.ini``; its paths are relative to the folder that it is in."""
    memory = divided(running.memory)
    template = files(__package__).joinpath("virtuoso.ini").read_text(encoding="utf-8")
    return template.format(
        sql=running.sql,
        http=running.http,
        buffers=memory.buffers,
        dirty=memory.dirty,
        query=memory.query,
        hashes=memory.hashes,
        connections=running.connections,
        # Clients are told first, and in the same words as by every store.
        seconds=round(running.seconds) + 2,
        rows=MOST_ROWS,
    )
