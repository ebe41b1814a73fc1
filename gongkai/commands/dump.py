"""gongkai dump: the whole store as one file."""

import contextlib
import gzip
import hashlib
import json
import tempfile
from pathlib import Path
from typing import IO, cast

import click

from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.commands.records import write_whole
from gongkai.pipeline import conversion_time
from gongkai.server.store import StoreError, WritableStore
from gongkai.server.store.dump_folder import WHOLE_STORE, whole_dump
from gongkai.server.store_location import Place, base_of, shown, writing


@click.command()
@store_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for the dump (default: dumps in the store, where gongkai serve finds it).",
)
def dump(place: Place, output: Path | None) -> None:
    """Write everything in a store to one file: N-Quads, sorted by graph, gzip.

    The server offers it as dump/all.nq.gz and in the catalog. The former dump stays until the new
    one is whole. Nothing can be published while it is made.
    """
    if output is None and not isinstance(place, Path):
        raise click.UsageError("say where the dump of a store elsewhere goes: --output")
    target = output or Path(shown(place)) / "dumps"
    try:
        base = base_of(place)
        target.mkdir(parents=True, exist_ok=True)
        with writing(place, base) as store:
            quads = write_dump(store, target)
    except StoreError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{target}: the dump cannot be written: {error.strerror}")
    made = whole_dump(target)
    assert made is not None, "it was written just now"
    click.echo(f"{made.path}: {quads} quads, {made.size} bytes, sha256 {made.sha256}")


def write_dump(store: WritableStore, folder: Path) -> int:
    """Write a dump to a folder and make it the newest one; the number of quads.

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
    told = {
        "file": named.name,
        "size": size,
        "sha256": checksum,
        "quads": quads,
        "made": conversion_time().isoformat(),
    }
    write_whole(folder / WHOLE_STORE, (json.dumps(told) + "\n").encode())
    kept = {named, before.path if before else named}
    for old in folder.glob("all-*.nq.gz"):
        if old not in kept:
            old.unlink(missing_ok=True)
    return quads


def _write_graph(file: IO[bytes], name: str, triples: bytes) -> int:
    end = f" <{name}> .\n".encode()
    lines = sorted(line for line in triples.splitlines() if line.endswith(b" ."))
    for line in lines:
        file.write(line.removesuffix(b" .") + end)
    return len(lines)
