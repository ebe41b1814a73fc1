"""``gongkai dump``: write the whole store to one file."""

from pathlib import Path

import click

from gongkai.commands.options import store_option
from gongkai.commands.parts import fail
from gongkai.ontology.texts import message
from gongkai.ontology.texts.system import system_error
from gongkai.publishing.dump_parts import write_parts
from gongkai.publishing.dumping import write_dump
from gongkai.server.store import StoreError
from gongkai.server.store.dump_folder import whole_dump
from gongkai.server.store_location import StoreLocation, base_of, shown, writing


@click.command(help=message("help.dump.command"))
@store_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help=message("help.dump.output"),
)
@click.option("--parts", "in_parts", is_flag=True, help=message("help.dump.parts"))
def dump(location: StoreLocation, output: Path | None, in_parts: bool) -> None:
    """Write everything in a store to one file."""
    if output is None and not isinstance(location, Path):
        raise click.UsageError(message("commands.dump.no_output"))
    target = output or Path(shown(location)) / "dumps"
    try:
        base = base_of(location)
        target.mkdir(parents=True, exist_ok=True)
        with writing(location, base) as store:
            if in_parts:
                folder, parts, quads = write_parts(store, target)
                said = message("commands.dump.in_parts", parts=parts, quads=quads)
                click.echo(f"{folder}: {said}")
                return
            quads = write_dump(store, target)
    except StoreError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{target}: {message('commands.dump.not_written', why=system_error(error))}")
    made = whole_dump(target)
    assert made is not None, "it was written just now"
    said = message("commands.dump.written", count=quads, size=made.size, sha256=made.sha256)
    click.echo(f"{made.path}: {said}")
