"""``gongkai fetch``: fetch reports from the web."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gongkai.commands.parts import fail
from gongkai.fetching.failures import FolderFailed
from gongkai.fetching.settings import FetchSettings
from gongkai.ontology.texts import message, readers_language
from gongkai.ontology.texts.system import system_error

if TYPE_CHECKING:
    from gongkai.fetching.run import FetchResult

_DEFAULTS = FetchSettings()
_MIB = 1024 * 1024


@click.command(help=message("help.fetch.command"))
@click.argument("urls", metavar="URL...", nargs=-1)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help=message("help.fetch.output"),
)
@click.option(
    "--from",
    "listing",
    type=click.Path(allow_dash=True, path_type=Path),
    metavar="FILE",
    help=message("help.fetch.listing"),
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    help=message("help.fetch.contact"),
)
@click.option(
    "--pause",
    type=click.FloatRange(min=0),
    default=_DEFAULTS.pause,
    show_default=True,
    help=message("help.fetch.pause"),
)
@click.option(
    "--hosts",
    type=click.IntRange(1, 64),
    default=_DEFAULTS.hosts,
    show_default=True,
    help=message("help.fetch.hosts"),
)
@click.option(
    "--attachments",
    is_flag=True,
    help=message("help.fetch.attachments"),
)
@click.option("--new-only", is_flag=True, help=message("help.fetch.new_only"))
@click.option(
    "--max-size",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULTS.most_bytes / _MIB,
    show_default=True,
    help=message("help.fetch.max_size"),
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0, min_open=True),
    default=_DEFAULTS.most_seconds,
    show_default=True,
    help=message("help.fetch.max_time"),
)
@click.option(
    "--allow-private",
    is_flag=True,
    help=message("help.fetch.allow_private"),
)
def fetch(
    urls: tuple[str, ...],
    output: Path,
    listing: Path | None,
    contact: str | None,
    pause: float,
    hosts: int,
    attachments: bool,
    new_only: bool,
    max_size: float,
    max_time: float,
    allow_private: bool,
) -> None:
    """Fetch reports from the web."""
    import asyncio

    from gongkai.fetching.folder import Folder
    from gongkai.fetching.run import fetch_all

    if contact is not None and not (contact.isascii() and contact.isprintable()):
        raise click.BadParameter(message("commands.contact"), param_hint="--contact")
    addresses = [*urls, *(_listed(listing) if listing else ())]
    if not addresses:
        raise click.UsageError(message("commands.fetch.no_addresses"))
    settings = FetchSettings(
        contact=contact,
        pause=pause,
        hosts=hosts,
        attachments=attachments,
        new_only=new_only,
        most_bytes=int(max_size * _MIB),
        most_seconds=max_time,
        allow_private=allow_private,
    )
    failed = []

    def print_result(result: "FetchResult") -> None:
        if result.path is not None:
            click.echo(f"{result.url} -> {result.path}")
        if result.error is not None:
            failed.append(result.url)
        if complaint := result.error or result.note:
            click.echo(f"{result.url}: {complaint}", err=True)

    try:
        asyncio.run(fetch_all(addresses, Folder(output), settings, print_result))
    except FolderFailed as error:
        fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(where + system_error(error)[readers_language()])
    sys.exit(2 if failed else 0)


def _listed(listing: Path) -> list[str]:
    try:
        with click.open_file(str(listing), "rb") as file:
            lines = file.read().decode("utf-8-sig").splitlines()
    except OSError as error:
        why = f"{listing}: {system_error(error)[readers_language()]}"
        raise click.BadParameter(why, param_hint="--from") from None
    except UnicodeDecodeError:
        raise click.BadParameter(message("commands.fetch.not_utf8"), param_hint="--from") from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
