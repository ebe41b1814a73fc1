"""The whole store as one file: N-Quads, sorted by graph, gzip."""

import contextlib
import gzip
import hashlib
import json
import tempfile
from pathlib import Path
from typing import IO, cast

from gongkai.ontology.triples.lines import in_graph, lines_of, sorted_lines
from gongkai.pipeline import conversion_time
from gongkai.server.store import WritableStore
from gongkai.server.store.dump_folder import WHOLE_STORE, whole_dump
from gongkai.whole_file import write_whole


def write_dump(store: WritableStore, folder: Path) -> int:
    """Write a dump to a folder and make it the current one; returns the number of quads.

    The same content gives the same bytes. Raises OSError.
    """
    before = whole_dump(folder)
    quads = 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as file:
        new = Path(file.name)
        try:
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                for name in store.graph_names():
                    quads += _write_graph(cast(IO[bytes], packed), name, store.graph(name))
            file.flush()
            with new.open("rb") as written:
                checksum = hashlib.file_digest(written, "sha256").hexdigest()
            size = new.stat().st_size
            new.chmod(0o644)
            named = folder / f"all-{checksum[:16]}.nq.gz"
            new.replace(named)
        except BaseException:
            with contextlib.suppress(OSError):
                new.unlink()
            raise
    description = {
        "file": named.name,
        "size": size,
        "sha256": checksum,
        "quads": quads,
        "made": conversion_time().isoformat(),
    }
    write_whole(folder / WHOLE_STORE, (json.dumps(description) + "\n").encode())
    kept = {named, before.path if before else named}
    for old in folder.glob("all-*.nq.gz"):
        if old not in kept:
            old.unlink(missing_ok=True)
    return quads


def _write_graph(file: IO[bytes], name: str, triples: bytes) -> int:
    lines = lines_of(triples)
    file.write(in_graph(sorted_lines(lines), name))
    return len(lines)
