"""``gongkai serve``: serve a store on the web."""

from collections.abc import Callable
from pathlib import Path

import click

from gongkai.commands.parts import fail
from gongkai.ontology.texts import message
from gongkai.server.engine import engine_running, reading_with
from gongkai.server.queries.texts import fill
from gongkai.server.settings import BadSettings, Settings
from gongkai.server.settings_sources import read_settings, with_options
from gongkai.server.store import StoreError
from gongkai.server.store_location import StoreLocation, location_of, shown

_FORMER = ("layout", "places")
"""What may be of an older version in a store: each has a query, and a text to say so."""


@click.command(help=message("help.serve.command"))
@click.option("--store", "location", help=message("help.shared.store"))
@click.option("--host", help=message("help.serve.host"))
@click.option("--port", type=click.IntRange(1, 65535), help=message("help.serve.port"))
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help=message("help.serve.config"),
)
def serve(location: str | None, host: str | None, port: int | None, config: Path | None) -> None:
    """Serve a store: pages, linked data and a SPARQL endpoint."""

    def chosen() -> Settings:
        settings = read_settings(config) if config else Settings()
        return with_options(
            settings, server={"host": host, "port": port}, store={"location": location}
        )

    try:
        settings = chosen()
        if not settings.store.location:
            raise BadSettings(message("commands.serve.no_store"))
        serve_store(settings, read_again=chosen)
    except (BadSettings, StoreError) as error:
        fail(str(error))


def serve_store(
    settings: Settings,
    opening: str = "",
    read_again: Callable[[], Settings] | None = None,
) -> None:
    """Serve a store until interrupted; ends the command if that is not possible."""
    location = location_of(settings.store.location, settings.store)
    with engine_running(location, settings):
        _serve(location, settings, opening, read_again)


def _serve(
    location: StoreLocation,
    settings: Settings,
    opening: str,
    read_again: Callable[[], Settings] | None,
) -> None:
    """Serve a store whose engine runs."""
    from gongkai.server.serving import AddressInUse, serve_until_interrupted

    # Problems with the store are reported here once, not by each process of the server.
    reader = reading_with(location, settings)
    try:
        for part in _FORMER:
            query = fill(f"former-{part}", reader.base, reader.base)
            if reader.query(query, results="csv").body.strip() == b"true":
                warning = message(f"commands.serve.former.{part}", store=shown(location))
                click.echo(warning, err=True)
    finally:
        reader.close()
    try:
        serve_until_interrupted(location, reader.base, settings, opening, read_again)
    except AddressInUse as error:
        fail(str(error))
