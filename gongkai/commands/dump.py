"""``gongkai dump``: write the whole store to one file."""

from pathlib import Path

import click

from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.publishing.dumping import write_dump
from gongkai.server.store import StoreError
from gongkai.server.store.dump_folder import whole_dump
from gongkai.server.store_location import StoreLocation, base_of, shown, writing


@click.command()
@store_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder for the dump (default: dumps in the store, where gongkai serve finds it).",
)
def dump(location: StoreLocation, output: Path | None) -> None:
    """Write everything in a store to one file: N-Quads, sorted by graph, gzip.

    The server offers it as dump/all.nq.gz and in the catalog. The former dump stays until the new
    one is whole. Nothing can be published while it is made.
    """
    if output is None and not isinstance(location, Path):
        raise click.UsageError("say where the dump of a remote store goes: --output")
    target = output or Path(shown(location)) / "dumps"
    try:
        base = base_of(location)
        target.mkdir(parents=True, exist_ok=True)
        with writing(location, base) as store:
            quads = write_dump(store, target)
    except StoreError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{target}: the dump cannot be written: {error.strerror}")
    made = whole_dump(target)
    assert made is not None, "it was written just now"
    click.echo(f"{made.path}: {quads} quads, {made.size} bytes, sha256 {made.sha256}")
