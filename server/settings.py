"""Settings of the server: sections and keys, with defaults and limits.

What they mean is in the catalogue of texts (``settings.section``, ``settings.key``);
``docs/settings.md`` is made from both (``make reference``). ``settings_sources`` reads them.
"""

import ipaddress
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field

from gongkai.ontology.texts import message
from gongkai.server.store.bounds import Bounds


class BadSettings(Exception):
    """The settings cannot be used; the message says where and why."""


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the TOML file.

    ``__post_init__`` raises ValueError if a value is invalid; the message begins with its key.
    """


def _number(least: float = 0, most: float = 1_000_000) -> Meta:
    """A key for a number within limits; NaN is within none."""
    return Meta(ge=least, le=most)


def _variable(name: str) -> Meta:
    """A key that a variable of the environment overrides."""
    return Meta(extra={"environment": name})


class ServerSettings(_Section, frozen=True):
    """Where the server listens, and with how many processes and threads."""

    host: str = "127.0.0.1"
    port: Annotated[int, _number(1, 65535)] = 8000
    workers: Annotated[int, _number(1, 256)] = 2
    threads: Annotated[int, _number(1, 1024)] = 40


class StoreSettings(_Section, frozen=True):
    """The store to serve: a folder, or the address of a remote store.

    For a remote store the environment overrides these; that is also what the other commands read,
    such as `gongkai publish --store https://…`. `GONGKAI_STORE_CREDENTIALS` holds `user:password`
    itself, and overrides a file.
    """

    location: str = ""
    dumps: str = ""
    cache: str = ""
    update: Annotated[str, _variable("GONGKAI_STORE_UPDATE")] = ""
    digest: Annotated[bool, _variable("GONGKAI_STORE_DIGEST")] = False
    credentials: Annotated[str, _variable("GONGKAI_STORE_CREDENTIALS_FILE")] = ""


class EngineSettings(_Section, frozen=True):
    """What answers queries of a store in a folder."""

    kind: Literal["embedded", "virtuoso"] = "embedded"
    memory: Annotated[int, _number(0, 2**50)] = 0
    folder: str = ""


class QuerySettings(_Section, frozen=True):
    """What queries from outside may take, in each process."""

    seconds: Annotated[float, _number(0.1, 86_400)] = 30.0
    engines: Annotated[int, _number(1, 256)] = 2
    slow: Annotated[int, _number(0, 256)] = 4
    patience: Annotated[float, _number(0, 3600)] = 10.0
    # With less memory an engine does not start.
    memory: Annotated[int, _number(1024**3, 2**50)] = 4 * 1024**3
    answer: Annotated[int, _number(1024, 2**40)] = 32 * 1024**2
    services: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the addresses."""
        for service in self.services:
            if not _is_address(service):
                raise ValueError(message("settings.no_endpoint", address=service))


class ClientSettings(_Section, frozen=True):
    """What a client, known by its address, may ask in each process.

    A reverse proxy on the same machine needs `proxies = 1`: else every request comes from an
    address that is exempt.
    """

    queries_per_minute: Annotated[int, _number()] = 600
    queries_at_once: Annotated[int, _number()] = 8
    exempt: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    proxies: Annotated[int, _number(most=16)] = 0

    def __post_init__(self) -> None:
        """Check the networks."""
        for network in self.exempt:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ValueError(message("settings.no_network", network=network)) from None


PublisherType = Literal[
    "",
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
]
"""The ADMS vocabulary of publisher types (SEMIC, 2012); empty where none is stated."""


class CatalogSettings(_Section, frozen=True):
    """What the catalog says of whoever publishes it."""

    publisher: str = "gongkai"
    publisher_type: PublisherType = ""
    homepage: str = ""
    email: str = ""
    license: str = ""
    page: Annotated[int, _number(1, 10_000)] = 50

    def __post_init__(self) -> None:
        """Check the addresses."""
        for key, address in (("homepage", self.homepage), ("license", self.license)):
            if address and not _is_address(address):
                raise ValueError(message("settings.no_address", key=key, address=address))
        if self.email and not re.fullmatch(r"[^\s<>\"@]+@[^\s<>\"@]+", self.email):
            raise ValueError(message("settings.no_email", address=self.email))


class CacheSettings(_Section, frozen=True):
    """The size of the response cache, and how long others may keep answers."""

    memory: Annotated[int, _number(0, 2**50)] = 64 * 1024**2
    seconds: Annotated[int, _number(0, 31_536_000)] = 300


class LogSettings(_Section, frozen=True):
    """What is logged of requests, on standard error."""

    requests: bool = True
    format: Literal["text", "json"] = "text"


class Settings(_Section, frozen=True):
    """All settings of the server, by section."""

    server: ServerSettings = field(default_factory=ServerSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
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


def _is_address(text: str) -> bool:
    """Whether a text is an http address without characters that would end it in a header."""
    if not re.fullmatch(r"[!-~]+", text) or re.search(r"[<>\"{}|\\^`]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
