"""Typed accessors for what the current application was created with (``create_app``)."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import current_app

from gongkai.server.settings import Settings
from gongkai.server.store import Store

if TYPE_CHECKING:
    from gongkai.server.http.clients import Clients
    from gongkai.server.http.metrics import Metrics


def current_store() -> Store:
    """The store that is served."""
    store: Store = current_app.extensions["gongkai.store"]
    return store


def current_settings() -> Settings:
    """The settings of the server."""
    settings: Settings = current_app.extensions["gongkai.settings"]
    return settings


def current_clients() -> "Clients":
    """The clients and their limits."""
    clients: Clients = current_app.extensions["gongkai.clients"]
    return clients


def current_metrics() -> "Metrics":
    """The metrics of this process."""
    metrics: Metrics = current_app.extensions["gongkai.metrics"]
    return metrics


def dumps_folder() -> Path | None:
    """The folder with the dumps of the whole store; None if there is none."""
    folder: Path | None = current_app.extensions["gongkai.dumps"]
    return folder


def served_since() -> float:
    """Since when this program serves with these settings, in seconds since 1970."""
    since: float = current_app.extensions["gongkai.since"]
    return since
