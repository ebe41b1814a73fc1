"""Settings of the server: ``gongkai.toml``, documented in ``docs/settings.md``."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args, get_origin
from urllib.parse import urlsplit

from gongkai.server.store.bounds import Bounds


class BadSettings(Exception):
    """The settings cannot be used; the message says where and why."""


@dataclass(frozen=True)
class ServerSettings:
    """Where the server listens, and the numbers of processes and of threads in each."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 40


@dataclass(frozen=True)
class StoreSettings:
    """The store to serve: a folder, or the address of a remote store.

    ``dumps`` is the folder of dumps of the whole store; by default dumps in the store's folder.
    ``update`` is the update address of a remote store, ``digest`` whether it requires HTTP digest
    authentication, ``credentials`` the file with user and password.
    """

    location: str = ""
    dumps: str = ""
    update: str = ""
    digest: bool = False
    credentials: str = ""


@dataclass(frozen=True)
class QuerySettings:
    """Limits of public queries, in each process of the server."""

    seconds: float = 30.0
    engines: int = 2
    slow: int = 4
    patience: float = 10.0
    memory: int = 4 * 1024**3
    answer: int = 32 * 1024**2
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClientSettings:
    """Limits of one client, in each process of the server."""

    queries_per_minute: int = 600
    queries_at_once: int = 8
    exempt: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    proxies: int = 0


@dataclass(frozen=True)
class CatalogSettings:
    """The publisher in the catalog, and the number of reports on a page of it."""

    publisher: str = "gongkai"
    publisher_type: str = ""
    homepage: str = ""
    email: str = ""
    license: str = ""
    page: int = 50


PUBLISHER_TYPES = (
    "Academia-ScientificOrganisation",
    "Company",
    "IndustryConsortium",
    "LocalAuthority",
    "NationalAuthority",
    "NonGovernmentalOrganisation",
    "NonProfitOrganisation",
    "PrivateIndividual(s)",
    "RegionalAuthority",
    "StandardisationBody",
    "SupraNationalAuthority",
)
"""The ADMS vocabulary of publisher types (SEMIC, 2012)."""


@dataclass(frozen=True)
class CacheSettings:
    """The size of the response cache, and how long others may cache answers."""

    memory: int = 64 * 1024**2
    seconds: int = 300


@dataclass(frozen=True)
class LogSettings:
    """What is logged of requests, on standard error."""

    requests: bool = True
    format: str = "text"


@dataclass(frozen=True)
class Settings:
    """All settings, by section."""

    server: ServerSettings = field(default_factory=ServerSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    queries: QuerySettings = field(default_factory=QuerySettings)
    clients: ClientSettings = field(default_factory=ClientSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    cache: CacheSettings = field(default_factory=CacheSettings)
    log: LogSettings = field(default_factory=LogSettings)

    @property
    def bounds(self) -> Bounds:
        """The limits of the engines for public queries."""
        queries = self.queries
        return Bounds(
            queries.engines, queries.slow, queries.patience, queries.memory, queries.answer
        )


_LOG_FORMATS = ("text", "json")
_LEAST = {
    ("server", "port"): 1,
    ("server", "workers"): 1,
    ("server", "threads"): 1,
    ("queries", "engines"): 1,
    ("queries", "seconds"): 0.1,
    # With less memory an engine does not start.
    ("queries", "memory"): 1024**3,
    ("queries", "answer"): 1024,
    ("catalog", "page"): 1,
}
"""The minimum values of settings; for all other numbers it is 0."""
_MOST = {
    ("server", "port"): 65535,
    ("server", "workers"): 256,
    ("server", "threads"): 1024,
    ("queries", "seconds"): 86_400,
    ("queries", "engines"): 256,
    ("queries", "slow"): 256,
    ("queries", "patience"): 3600,
    ("queries", "memory"): 2**50,
    ("queries", "answer"): 2**40,
    ("catalog", "page"): 10_000,
    ("cache", "memory"): 2**50,
    ("cache", "seconds"): 31_536_000,
}
"""The maximum values of settings; for all other numbers it is a million."""


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file; raises BadSettings if one is unknown or invalid."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"{path}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{path}: is no TOML: {error}") from None
    settings = Settings()
    sections = {section.name: getattr(settings, section.name) for section in fields(Settings)}
    for name, values in content.items():
        if name not in sections or not isinstance(values, dict):
            known = ", ".join(f"[{section}]" for section in sections)
            raise BadSettings(f"{path}: there is no section [{name}]; there are {known}")
        settings = replace(settings, **{name: _section(path, name, sections[name], values)})
    _check(path, settings)
    return settings


def _section(path: Path, name: str, defaults: Any, values: dict[str, Any]) -> Any:
    kinds = {item.name: item.type for item in fields(defaults)}
    read = {}
    for key, value in values.items():
        if key not in kinds:
            raise BadSettings(f"{path}: [{name}] has no setting {key}; it has {', '.join(kinds)}")
        read[key] = _value(f"{path}: [{name}] {key}", kinds[key], value)
        if isinstance(read[key], int | float) and not isinstance(read[key], bool):
            least = _LEAST.get((name, key), 0)
            most = _MOST.get((name, key), 1_000_000)
            # Written so that NaN is refused as well.
            if not least <= read[key] <= most:
                raise BadSettings(
                    f"{path}: [{name}] {key} must be at least {least} and at most {most}"
                )
    return replace(defaults, **read)


def _value(where: str, kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        (of, _) = get_args(kind)
        if isinstance(value, list) and all(type(item) is of for item in value):
            return tuple(value)
        raise BadSettings(f"{where} must be a list of texts")
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
        raise BadSettings(f"{where} must be {words[kind]}")
    return value


def _check(path: Path, settings: Settings) -> None:
    if settings.log.format not in _LOG_FORMATS:
        raise BadSettings(f"{path}: [log] format must be one of {', '.join(_LOG_FORMATS)}")
    for network in settings.clients.exempt:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise BadSettings(
                f"{path}: [clients] exempt: {network!r} is no network, such as 127.0.0.0/8"
            ) from None
    for name in ("homepage", "license"):
        address = getattr(settings.catalog, name)
        if address and not _is_address(address):
            raise BadSettings(f"{path}: [catalog] {name}: {address!r} is not an http address")
    if settings.catalog.publisher_type not in ("", *PUBLISHER_TYPES):
        known = ", ".join(PUBLISHER_TYPES)
        raise BadSettings(f"{path}: [catalog] publisher_type must be one of {known}")
    if settings.catalog.email and not re.fullmatch(
        r"[^\s<>\"@]+@[^\s<>\"@]+", settings.catalog.email
    ):
        raise BadSettings(f"{path}: [catalog] email: {settings.catalog.email!r} is no address")
    for service in settings.queries.services:
        if not _is_address(service):
            raise BadSettings(
                f"{path}: [queries] services: {service!r} is not the address of an endpoint"
            )


def _is_address(text: str) -> bool:
    """Whether a text is an http address without characters that would end it in a header."""
    if not re.fullmatch(r"[!-~]+", text) or re.search(r"[<>\"{}|\\^`]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
