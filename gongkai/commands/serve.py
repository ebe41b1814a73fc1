"""``gongkai serve`` and ``gongkai demo``: a store on the web."""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import click

from gongkai.commands.batch import tell
from gongkai.commands.messages import summary
from gongkai.commands.parts import fail, store_base
from gongkai.pipeline import process, publish_ground, publish_report
from gongkai.server.descriptions import fill
from gongkai.server.settings import (
    BadSettings,
    LogSettings,
    ServerSettings,
    Settings,
    StoreSettings,
    read_settings,
)
from gongkai.server.store import StoreError
from gongkai.server.store_location import place_of, reading, shown, writing


@click.command()
@click.option(
    "--store", "location", help="Folder of the embedded store, or address of a SPARQL store."
)
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port.  [default: 8000]")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings (TOML); what is given here beside it goes before them.",
)
def serve(location: str | None, host: str | None, port: int | None, config: Path | None) -> None:
    """Serve a store: pages, linked data and a SPARQL endpoint.

    SIGHUP reads the settings again; SIGTERM ends it when what is under way is done.
    """

    def chosen() -> Settings:
        settings = read_settings(config) if config else Settings()
        server, store = settings.server, settings.store
        return replace(
            settings,
            server=replace(server, host=host or server.host, port=port or server.port),
            store=replace(store, location=location or store.location),
        )

    try:
        settings = chosen()
        if not settings.store.location:
            raise BadSettings("say which store to serve: --store, or location in [store]")
        _serve(settings, read_again=chosen)
    except (BadSettings, StoreError) as error:
        fail(str(error))


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--store",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the store (default: a temporary one, gone when the server ends).",
)
def demo(port: int, folder: Path | None) -> None:
    """Convert, check, store and serve the sample report."""
    base = f"http://localhost:{port}/"
    with ExitStack() as stack:
        if folder is None:
            temporary = tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(temporary))
        sample = stack.enter_context(as_file(files("gongkai.samples").joinpath("mohrss-2019.txt")))
        try:
            base = store_base(folder, None, base)
            (outcome,) = process(sample, base)
            tell(outcome)
            if outcome.report is None or not outcome.publishable:
                sys.exit(outcome.exit_code)
            with writing(folder, base) as writer:
                publish_ground(writer)
                publish_report(writer, outcome)
            click.echo(f"{sample.name}: {summary(outcome.report)}, published")
            settings = Settings(
                server=ServerSettings(port=port, workers=1),
                store=StoreSettings(str(folder)),
                log=LogSettings(requests=False),
            )
            _serve(settings, opening=f"doc/report/{outcome.report.key}")
        except StoreError as error:
            fail(str(error))


def _serve(
    settings: Settings,
    opening: str = "",
    read_again: Callable[[], Settings] | None = None,
) -> None:
    from gongkai.server.serving import AddressInUse, serve_until_interrupted

    place = place_of(settings.store.location, settings.store)
    # What is wrong with the store is better said here than by each process of the server.
    reader = reading(place)
    try:
        mixed = reader.query(fill("former-layout", reader.base, reader.base), results="csv").body
    finally:
        reader.close()
    if mixed.strip() == b"true":
        click.echo(
            "warning: reports in this store were published by an older version: sums over years "
            f"and places are too high until you run gongkai recheck --store {shown(place)}",
            err=True,
        )
    try:
        serve_until_interrupted(place, reader.base, settings, opening, read_again)
    except AddressInUse as error:
        fail(str(error))
