"""``gongkai serve``: serve a store on the web."""

from collections.abc import Callable
from pathlib import Path

import click

from gongkai.commands.parts import fail
from gongkai.server.queries.texts import fill
from gongkai.server.settings import BadSettings, Settings
from gongkai.server.settings_sources import read_settings, with_options
from gongkai.server.store import StoreError
from gongkai.server.store_location import location_of, reading, shown


@click.command()
@click.option(
    "--store", "location", help="Folder of the embedded store, or address of a SPARQL store."
)
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port.  [default: 8000]")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings (TOML); options given here take precedence over them.",
)
def serve(location: str | None, host: str | None, port: int | None, config: Path | None) -> None:
    """Serve a store: pages, linked data and a SPARQL endpoint.

    SIGHUP reads the settings again; SIGTERM ends it when what is under way is done.
    """

    def chosen() -> Settings:
        settings = read_settings(config) if config else Settings()
        return with_options(
            settings, server={"host": host, "port": port}, store={"location": location}
        )

    try:
        settings = chosen()
        if not settings.store.location:
            raise BadSettings("say which store to serve: --store, or location in [store]")
        serve_store(settings, read_again=chosen)
    except (BadSettings, StoreError) as error:
        fail(str(error))


def serve_store(
    settings: Settings,
    opening: str = "",
    read_again: Callable[[], Settings] | None = None,
) -> None:
    """Serve a store until interrupted; ends the command if that is not possible."""
    from gongkai.server.serving import AddressInUse, serve_until_interrupted

    store_location = location_of(settings.store.location, settings.store)
    # Problems with the store are reported here once, not by each process of the server.
    reader = reading(store_location)
    try:
        mixed = reader.query(fill("former-layout", reader.base, reader.base), results="csv").body
    finally:
        reader.close()
    if mixed.strip() == b"true":
        click.echo(
            "warning: reports in this store were published by an older version: sums over years "
            "and places are too high until you run gongkai recheck --store "
            f"{shown(store_location)}",
            err=True,
        )
    try:
        serve_until_interrupted(store_location, reader.base, settings, opening, read_again)
    except AddressInUse as error:
        fail(str(error))
