"""The engine that the settings choose for a store, running for as long as it is served."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gongkai.ontology.texts import message
from gongkai.server.settings import BadSettings, Settings
from gongkai.server.store.embedded import EmbeddedReader
from gongkai.server.store.remote import RemoteStore
from gongkai.server.store.virtuoso.configuration import memory_of_machine
from gongkai.server.store.virtuoso.keeper import Job
from gongkai.server.store.virtuoso.reader import OWN_AT_ONCE, VirtuosoReader
from gongkai.server.store.virtuoso.running import running
from gongkai.server.store_location import StoreLocation, reading, shown

_SPARE = 4
"""Connections of Virtuoso beyond those that all processes of the server may need at once."""


def virtuoso_folder(location: StoreLocation, settings: Settings) -> Path | None:
    """The folder of Virtuoso, if the settings choose it; raises BadSettings if it cannot be."""
    engine = settings.engine
    if engine.kind != "virtuoso":
        return None
    if not isinstance(location, Path):
        raise BadSettings(message("virtuoso.remote", location=shown(location)))
    if settings.queries.services:
        raise BadSettings(message("virtuoso.services"))
    return (Path(engine.folder) if engine.folder else location / "virtuoso").absolute()


@contextmanager
def engine_running(location: StoreLocation, settings: Settings) -> Iterator[None]:
    """Run the engine that the settings choose, if it is not run by the processes that ask it.

    Raises BadSettings, or StoreError if it cannot be run.
    """
    folder = virtuoso_folder(location, settings)
    if folder is None:
        yield
        return
    assert isinstance(location, Path), "virtuoso_folder refuses others"
    queries = settings.queries
    job = Job(
        store=str(location.absolute()),
        folder=str(folder),
        memory=settings.engine.memory or memory_of_machine() // 4,
        seconds=queries.seconds,
        connections=settings.server.workers * (queries.engines + queries.slow + OWN_AT_ONCE)
        + _SPARE,
    )
    with running(job, lambda text: print(text, file=sys.stderr, flush=True)):
        yield


def reading_with(
    location: StoreLocation, settings: Settings
) -> EmbeddedReader | RemoteStore | VirtuosoReader:
    """Open a store for queries as the settings say, with the engine that runs; StoreError."""
    queries = settings.queries
    return reading(
        location,
        settings.bounds,
        queries.seconds,
        queries.services,
        virtuoso_folder(location, settings),
    )
