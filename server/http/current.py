"""Typed access to what the application was created with (``create_app``)."""

from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from flask import Flask, current_app

from gongkai.server.settings import Settings
from gongkai.server.store import Store

if TYPE_CHECKING:
    from gongkai.server.http.clients import Clients
    from gongkai.server.http.metrics import Metrics

Part = TypeVar("Part")


class Extension(Generic[Part]):
    """An entry of ``Flask.extensions``, with its type."""

    def __init__(self, key: str) -> None:
        """``key`` is that of the entry."""
        self._key = key

    def put(self, app: Flask, part: Part) -> None:
        """Set the entry of an application."""
        app.extensions[self._key] = part

    def of(self, app: Flask) -> Part:
        """The entry of an application; raises KeyError before it is set."""
        part: Part = app.extensions[self._key]
        return part


STORE: Extension[Store] = Extension("gongkai.store")
SETTINGS: Extension[Settings] = Extension("gongkai.settings")
CLIENTS: Extension["Clients"] = Extension("gongkai.clients")
METRICS: Extension["Metrics"] = Extension("gongkai.metrics")
DUMPS_FOLDER: Extension[Path | None] = Extension("gongkai.dumps")
SERVED_SINCE: Extension[float] = Extension("gongkai.since")


def current_store() -> Store:
    """The store that is served."""
    return STORE.of(current_app)


def current_settings() -> Settings:
    """The settings of the server."""
    return SETTINGS.of(current_app)


def current_clients() -> "Clients":
    """The clients and their limits."""
    return CLIENTS.of(current_app)


def current_metrics() -> "Metrics":
    """The metrics of this process."""
    return METRICS.of(current_app)


def dumps_folder() -> Path | None:
    """The folder with the dumps of the whole store; None if there is none."""
    return DUMPS_FOLDER.of(current_app)


def served_since() -> float:
    """Since when this program serves with these settings, in seconds since 1970."""
    return SERVED_SINCE.of(current_app)
