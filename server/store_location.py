"""The location of a store (a folder, or the address of a remote store), and opening it."""

import os
from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path

from gongkai.ontology.texts import message, translations
from gongkai.ontology.texts.system import system_error
from gongkai.server.derived.making import preparing
from gongkai.server.reconciliation.making import NAMES
from gongkai.server.search.making import TEXTS
from gongkai.server.settings import BadSettings, StoreSettings
from gongkai.server.settings_sources import with_environment
from gongkai.server.store import (
    StoreError,
    WritableStore,
    embedded_folder,
    embedded_writer,
    journal,
)
from gongkai.server.store import remote as remote_store
from gongkai.server.store.bounds import Bounds
from gongkai.server.store.embedded import DEADLINE, DEFAULT_BOUNDS, EmbeddedReader
from gongkai.server.store.embedded_writer import NewSnapshot
from gongkai.server.store.endpoint import Remote
from gongkai.server.store.remote import RemoteStore
from gongkai.server.store.virtuoso.reader import VirtuosoReader

StoreLocation = Path | Remote
"""A folder, or the addresses of a remote store."""

CREDENTIALS = "GONGKAI_STORE_CREDENTIALS"
"""Variable with user:password for a remote store."""

DERIVED_INDEXES = (TEXTS, NAMES)
"""What is derived from each version of an embedded store when it is published."""

_DEFAULTS = StoreSettings()


def location_of(location: str, settings: StoreSettings = _DEFAULTS) -> StoreLocation:
    """The store location for ``location``: an http address, or a folder.

    Other parameters of a remote store are in the environment, else in ``settings``. Raises
    BadSettings if they, or the file of the credentials, are invalid.
    """
    if not location.lower().startswith(("http://", "https://")):
        return Path(location)
    if "@" in location.partition("://")[2].partition("/")[0]:
        raise BadSettings(message("store.credentials.in_address", variable=CREDENTIALS))
    settings = with_environment(settings)
    user, _, password = _credentials(settings.credentials).partition(":")
    return Remote(
        query=location,
        update=settings.update,
        user=user,
        password=password,
        digest=settings.digest,
    )


def _credentials(file: str) -> str:
    """``user:password`` from the environment, else from a file; empty if there is neither."""
    credentials = os.environ.get(CREDENTIALS)
    if credentials is None:
        if not file:
            return ""
        try:
            credentials = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            no_text = translations("store.credentials.no_text")
            reason = system_error(error) if isinstance(error, OSError) else no_text
            raise BadSettings(
                message("store.credentials.unreadable", file=file, reason=reason)
            ) from None
    if not all(credentials.partition(":")) or "\n" in credentials:
        raise BadSettings(message("store.credentials.not_one_line"))
    return credentials


def shown(location: StoreLocation) -> str:
    """The location for a message, without credentials."""
    return str(location) if isinstance(location, Path) else location.query


def stored_base(location: StoreLocation) -> str | None:
    """The base address of a store; None if there is none yet. Raises StoreError."""
    if isinstance(location, Path):
        return embedded_folder.stored_base(location)
    return remote_store.stored_base(location)


def base_of(location: StoreLocation) -> str:
    """The base address of a store that must exist; raises StoreError."""
    base = stored_base(location)
    if base is None:
        raise StoreError(translations("store.nothing_there", where=shown(location)))
    return base


def writing(location: StoreLocation, base: str) -> AbstractContextManager[WritableStore]:
    """Open a store for publishing; created under ``base`` if there is none. Raises StoreError."""
    if isinstance(location, Path):
        return embedded_writer.writing(location, base, _prepare)
    return remote_store.writing(location, base)


def _prepare(snapshot: NewSnapshot) -> None:
    journal.enter(snapshot)
    preparing(DERIVED_INDEXES)(snapshot)


def reading(
    location: StoreLocation,
    bounds: Bounds = DEFAULT_BOUNDS,
    deadline: float = DEADLINE,
    services: Collection[str] = (),
    virtuoso: Path | None = None,
) -> EmbeddedReader | RemoteStore | VirtuosoReader:
    """Open a store for queries, within ``bounds``; the caller must close it. Raises StoreError.

    ``virtuoso`` is the folder of the Virtuoso that answers for a store in a folder, if one does.
    """
    if isinstance(location, Path):
        if virtuoso is not None:
            return VirtuosoReader(location, virtuoso, bounds, deadline)
        return EmbeddedReader(location, bounds, deadline, services)
    return RemoteStore(location, bounds, deadline, services)
