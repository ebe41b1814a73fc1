"""``gongkai sync``: bring a store up to date with a folder, or a list of addresses, every night."""

import sys
from pathlib import Path

import click

from gongkai.commands.batch import GOOD, UNREADABLE
from gongkai.commands.fetch import fetch
from gongkai.commands.publish import publish
from gongkai.ontology.texts import message


@click.command(help=message("help.sync.command"))
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--store", "location", required=True, metavar="STORE", help=message("help.shared.store")
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=message("help.sync.folder"),
)
@click.option("--contact", metavar="ADDRESS", help=message("help.fetch.contact"))
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[-- OPTIONS OF PUBLISH]")
def sync(
    source: Path,
    location: str,
    folder: Path | None,
    contact: str | None,
    options: tuple[str, ...],
) -> None:
    """Fetch what a list names, if it is one, and publish what is new or changed."""
    if not source.exists():
        raise click.BadParameter(message("commands.sync.no_source"), param_hint="SOURCE")
    codes = [GOOD]
    if source.is_file():
        if folder is None:
            raise click.UsageError(message("commands.sync.no_folder"))
        who = ("--contact", contact) if contact else ()
        codes.append(_code(fetch, "--from", str(source), "-o", str(folder), *who))
    elif folder is not None:
        raise click.UsageError(message("commands.sync.folder_of_list"))
    else:
        folder = source
    if folder.is_dir():
        codes.append(_code(publish, str(folder), "--store", location, "--quiet", *options))
    sys.exit(max(codes))


def _code(command: click.Command, *arguments: str) -> int:
    """The exit code of another command, run with these arguments."""
    try:
        command.main(arguments, prog_name=f"gongkai {command.name}", standalone_mode=False)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else UNREADABLE
    return GOOD
