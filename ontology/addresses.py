"""Addresses: every URI of gongkai, minted under one base (docs/design.md, section 2)."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rdflib import Namespace, URIRef

from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError


class BadBase(TranslatedError, ValueError):
    """A base address under which no URIs can be minted; the message says why."""


@dataclass(frozen=True)
class Addresses:
    """URIs under ``base``, an absolute http(s) address that ends with a slash."""

    base: str

    def __post_init__(self) -> None:
        """Refuse a base address that is not valid."""
        parts = urlsplit(self.base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadBase(translations("base.not_http", base=repr(self.base)))
        if not self.base.endswith("/") or parts.query or parts.fragment:
            raise BadBase(translations("base.no_slash", base=repr(self.base)))
        if not re.fullmatch(r"[!-~]+", self.base) or re.search(r"[<>\"{}|\\^`]", self.base):
            raise BadBase(translations("base.characters", base=repr(self.base)))

    @property
    def vocabulary(self) -> URIRef:
        """The document that defines the vocabulary; also the name of the ontology's graph."""
        return URIRef(self.base + "def")

    @property
    def shapes(self) -> URIRef:
        """The document with the rules; also the name of their graph."""
        return URIRef(self.base + "shapes")

    @property
    def terms(self) -> Namespace:
        """The namespace of the vocabulary, ``def#``."""
        return Namespace(self.base + "def#")

    @property
    def areas(self) -> URIRef:
        """The list of the divisions of China from the counties up; also the name of its graph."""
        return URIRef(self.base + "id/area")

    def body(self, key: str) -> URIRef:
        """A public body."""
        return URIRef(f"{self.base}id/body/{key}")

    def area(self, code: str) -> URIRef:
        """A division of China, by its code (GB/T 2260, GB/T 10114)."""
        return URIRef(f"{self.base}id/area/{code}")

    def series(self, body: str) -> URIRef:
        """The series of all yearly reports of a body."""
        return URIRef(f"{self.base}id/series/{body}")

    def report(self, body: str, year: int) -> URIRef:
        """A report; also the name of its graph."""
        return URIRef(f"{self.base}id/report/{body}/{year}")

    def report_key(self, report: str) -> tuple[str, int] | None:
        """The body's key and the year in the name of a report; None where it is no such name."""
        match = re.fullmatch(r"id/report/([^/#?]+)/(\d{4})", report.removeprefix(self.base))
        return (match[1], int(match[2])) if match else None

    def table_key(self, table: str) -> tuple[str, int] | None:
        """The body's key and the year in the name of a table; None where it is no such name."""
        match = re.fullmatch(
            r"id/slice/[^/#?]+/([^/#?]+)/(\d{4})(?:-Q[1-4])?", table.removeprefix(self.base)
        )
        return (match[1], int(match[2])) if match else None

    def validation(self, body: str, year: int) -> URIRef:
        """The result of the rules for a report; also the name of that graph."""
        return URIRef(f"{self.base}id/validation/{body}/{year}")

    def history(self, body: str, year: int) -> URIRef:
        """The versions of a report; also the name of their graph."""
        return URIRef(f"{self.base}id/history/{body}/{year}")

    def version(self, body: str, year: int, number: int) -> URIRef:
        """A version of a report, counted from 1."""
        return URIRef(f"{self.base}id/version/{body}/{year}/{number}")

    def version_content(self, body: str, year: int, number: int) -> URIRef:
        """The content of a version of a report: N-Triples, to be downloaded."""
        return URIRef(f"{self.base}dump/version/{body}/{year}/{number}.nt")

    def linkset(self, site: str) -> URIRef:
        """The links to entities at a site, by its host; also the name of their graph."""
        return URIRef(f"{self.base}id/linkset/{site}")

    def link(self, site: str, key: str) -> URIRef:
        """The record of one link to an entity at a site: who decided it, when, and why."""
        return URIRef(f"{self.base}id/linkset/{site}/{key}")

    def cube(self, cube: str) -> URIRef:
        """A cube."""
        return URIRef(f"{self.base}id/cube/{cube}")

    def slice(self, cube: str, body: str, period: int | str) -> URIRef:
        """One table of one report; ``period`` is its year, or the key of another period."""
        return URIRef(f"{self.base}id/slice/{cube}/{body}/{period}")

    def comparison(self, body: str, year: int) -> URIRef:
        """What is derived from a report for comparison: a table; also the name of that graph."""
        return self.slice("comparison", body, year)

    def observation(self, cube: str, body: str, period: int | str, *codes: str) -> URIRef:
        """One number; codes in the order of the cube's structure."""
        return URIRef(f"{self.base}id/observation/{cube}/{body}/{period}/{'/'.join(codes)}")

    def value(self, scheme: str, key: str) -> URIRef:
        """The value of a dimension: a code of a code list, or a body (scheme ``body``)."""
        return self.body(key) if scheme == "body" else self.code(scheme, key)

    def code(self, scheme: str, code: str) -> URIRef:
        """A code of a code list."""
        return URIRef(f"{self.base}id/code/{scheme}/{code}")

    def form(self, key: str) -> URIRef:
        """An official form."""
        return URIRef(f"{self.base}id/form/{key}")

    def year(self, year: int) -> URIRef:
        """A calendar year."""
        return URIRef(f"{self.base}id/year/{year}")

    def period(self, path: str) -> URIRef:
        """A period by its path under ``id/``, such as ``year/us-2024``."""
        return URIRef(f"{self.base}id/{path}")
