"""Settings of the server: sections and keys, with defaults, limits and descriptions.

``docs/settings.md`` is made from them (``make reference``). ``settings_sources`` reads them.
"""

import ipaddress
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct, field

from gongkai.server.store.bounds import Bounds


class BadSettings(Exception):
    """The settings cannot be used; the message says where and why."""


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the TOML file. Its docstring and those of its keys are in the documentation.

    ``__post_init__`` raises ValueError if a value is invalid; the message begins with its key.
    """


def _text(description: str, environment: str = "") -> Meta:
    """A key for a text; ``environment`` is the variable that overrides the file."""
    return Meta(description=description, extra={"environment": environment} if environment else {})


def _number(description: str, least: float = 0, most: float = 1_000_000) -> Meta:
    """A key for a number within limits; NaN is within none."""
    return Meta(ge=least, le=most, description=description)


class ServerSettings(_Section, frozen=True):
    """Where the server listens, and with how many processes and threads."""

    host: Annotated[str, _text("address to listen on")] = "127.0.0.1"
    port: Annotated[int, _number("port to listen on", 1, 65535)] = 8000
    workers: Annotated[int, _number("processes", 1, 256)] = 2
    threads: Annotated[
        int,
        _number(
            "threads in each process: requests that it works on at once; most of them wait for "
            "an engine",
            1,
            1024,
        ),
    ] = 40


class StoreSettings(_Section, frozen=True):
    """The store to serve: a folder, or the address of a remote store.

    For a remote store the environment overrides these; that is also what the other commands read,
    such as `gongkai publish --store https://…`. `GONGKAI_STORE_CREDENTIALS` holds `user:password`
    itself, and overrides a file.
    """

    location: Annotated[
        str,
        _text(
            "folder of the embedded store, or address of a SPARQL store (`https://…`); `--store` "
            "overrides it"
        ),
    ] = ""
    dumps: Annotated[
        str,
        _text("folder with the dumps of `gongkai dump`; empty: `dumps` in the store's folder"),
    ] = ""
    update: Annotated[
        str,
        _text(
            "address for SPARQL updates to a remote store; empty: `…/update` where queries go to "
            "`…/query`, else the same address",
            "GONGKAI_STORE_UPDATE",
        ),
    ] = ""
    digest: Annotated[
        bool,
        _text("HTTP digest authentication (Virtuoso) instead of basic", "GONGKAI_STORE_DIGEST"),
    ] = False
    credentials: Annotated[
        str,
        _text("file with `user:password` for a remote store", "GONGKAI_STORE_CREDENTIALS_FILE"),
    ] = ""


class QuerySettings(_Section, frozen=True):
    """What queries from outside may take, in each process."""

    seconds: Annotated[
        float, _number("after this time a query is ended, and its work with it", 0.1, 86_400)
    ] = 30.0
    engines: Annotated[int, _number("quick queries at once", 1, 256)] = 2
    slow: Annotated[
        int, _number("queries at once that have run longer than a twentieth of a second", 0, 256)
    ] = 4
    patience: Annotated[
        float,
        _number("seconds that a query waits for a free engine before it is refused (503)", 0, 3600),
    ] = 10.0
    # With less memory an engine does not start.
    memory: Annotated[
        int,
        _number(
            "bytes of memory (address space) of an engine; a query that needs more is ended",
            1024**3,
            2**50,
        ),
    ] = 4 * 1024**3
    answer: Annotated[
        int,
        _number(
            "bytes of an answer; a larger one is refused (400). A process of the server holds "
            "some copies of each answer under way",
            1024,
            2**40,
        ),
    ] = 32 * 1024**2
    services: Annotated[
        tuple[str, ...], _text("endpoints that `SERVICE` may ask; empty: none")
    ] = ()

    def __post_init__(self) -> None:
        """Check the addresses."""
        for service in self.services:
            if not _is_address(service):
                raise ValueError(f"services: {service!r} is not the address of an endpoint")


class ClientSettings(_Section, frozen=True):
    """What a client, known by its address, may ask in each process.

    A reverse proxy on the same machine needs `proxies = 1`: else every request comes from an
    address that is exempt.
    """

    queries_per_minute: Annotated[
        int, _number("queries a minute; more are refused (429); 0: no limit")
    ] = 600
    queries_at_once: Annotated[
        int, _number("queries at once; more are refused (429); 0: no limit")
    ] = 8
    exempt: Annotated[
        tuple[str, ...], _text("networks without limits; they alone see `/metrics`")
    ] = ("127.0.0.0/8", "::1/128")
    proxies: Annotated[
        int,
        _number(
            "reverse proxies before the server: with 1, the last address in `X-Forwarded-For` is "
            "the client's",
            most=16,
        ),
    ] = 0

    def __post_init__(self) -> None:
        """Check the networks."""
        for network in self.exempt:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ValueError(
                    f"exempt: {network!r} is no network, such as 127.0.0.0/8"
                ) from None


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

    publisher: Annotated[str, _text("name of the publisher of the catalog")] = "gongkai"
    publisher_type: Annotated[
        PublisherType, _text("what it is, of the ADMS publisher types; empty: not stated")
    ] = ""
    homepage: Annotated[str, _text("its page; empty: the home page of the server")] = ""
    email: Annotated[str, _text("where to write about the catalog; empty: not stated")] = ""
    license: Annotated[str, _text("licence of the data, by its address; empty: not stated")] = ""
    page: Annotated[int, _number("reports on a page of the catalog", 1, 10_000)] = 50

    def __post_init__(self) -> None:
        """Check the addresses."""
        for key, address in (("homepage", self.homepage), ("license", self.license)):
            if address and not _is_address(address):
                raise ValueError(f"{key}: {address!r} is not an http address")
        if self.email and not re.fullmatch(r"[^\s<>\"@]+@[^\s<>\"@]+", self.email):
            raise ValueError(f"email: {self.email!r} is no address, such as data@example.org")


class CacheSettings(_Section, frozen=True):
    """The size of the response cache, and how long others may keep answers."""

    memory: Annotated[
        int,
        _number(
            "bytes of answers that each process keeps until the next publication; 0: none",
            0,
            2**50,
        ),
    ] = 64 * 1024**2
    seconds: Annotated[
        int,
        _number(
            "how long others may keep an answer before they ask again (`Cache-Control`)",
            0,
            31_536_000,
        ),
    ] = 300


class LogSettings(_Section, frozen=True):
    """What is logged of requests, on standard error."""

    requests: Annotated[bool, _text("log each request")] = True
    format: Annotated[Literal["text", "json"], _text("form of the line for each request")] = "text"


class Settings(_Section, frozen=True):
    """All settings of the server, by section."""

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


def _is_address(text: str) -> bool:
    """Whether a text is an http address without characters that would end it in a header."""
    if not re.fullmatch(r"[!-~]+", text) or re.search(r"[<>\"{}|\\^`]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
