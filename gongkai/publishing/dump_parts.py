"""The whole store in parts, for the bulk loaders of other stores: N-Quads, gzip.

What is loaded from them is a store that ``gongkai serve`` and ``publish`` take: the marker of
remote stores is among the parts.
"""

import gzip
import shutil
from pathlib import Path

from gongkai.ontology.triples.lines import in_graph, lines_of, sorted_lines
from gongkai.server.store import WritableStore
from gongkai.server.store.marker import graph_of_marker, marker

PARTS = "parts"
"""The folder of the parts, in the folder of dumps."""

_QUADS = 500_000
"""Quads of a part: some hundred megabytes before compression."""


def write_parts(store: WritableStore, folder: Path, most: int = _QUADS) -> tuple[Path, int, int]:
    """Write a store in parts of about ``most`` quads, each graph whole in one of them.

    The former parts stay until the new ones are whole. Returns their folder, how many there are,
    and the number of quads. Raises OSError.
    """
    target, new = folder / PARTS, folder / f"{PARTS}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    parts, quads = 0, 0
    waiting: list[bytes] = []
    size = 0

    def write() -> None:
        nonlocal parts
        parts += 1
        with gzip.GzipFile(new / f"part-{parts:05}.nq.gz", "wb", compresslevel=3, mtime=0) as file:
            file.writelines(waiting)
        waiting.clear()

    try:
        for name in store.graph_names():
            lines = lines_of(store.graph(name))
            waiting.append(in_graph(sorted_lines(lines), name))
            size += len(lines)
            if size >= most:
                quads, size = quads + size, 0
                write()
        own = marker(store.base)
        waiting.append(in_graph(own, graph_of_marker(store.base)))
        quads += size + own.count(b"\n")
        write()
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(target, ignore_errors=True)
    new.rename(target)
    return target, parts, quads
