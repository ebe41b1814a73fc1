"""Typed links of a document for machines: FAIR Signposting (2023), RFC 8288.

The same links are available as a file: RFC 9264, linkset in JSON.
"""

import json
from collections import defaultdict
from dataclasses import dataclass

from flask import request

from gongkai.ontology.addresses import Addresses
from gongkai.server.downloads.distributions import MEDIA_TYPES
from gongkai.server.http import formats
from gongkai.server.settings import CatalogSettings

LINKSET = "application/linkset+json"


@dataclass(frozen=True)
class Signpost:
    """A link of a document: its target, relation, and media type."""

    target: str
    relation: str
    media_type: str = ""

    def header(self) -> str:
        """The value of the Link header."""
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.relation}"{kind}'


def document_links(
    base: str, this: str, document_path: str, settings: CatalogSettings, query: str = ""
) -> list[Signpost]:
    """The links of the document about ``this`` at ``document_path``, whatever its format.

    ``query`` is that of its page, if it has several: each page is one of its own.
    """
    root = request.script_root
    links = [Signpost(f"{root}/{document_path}{query}", "canonical")]
    if f"{base}{document_path}" != this:
        links += [Signpost(this, "describes"), Signpost(this, "cite-as")]
    links.append(Signpost("https://schema.org/AboutPage", "type"))
    if settings.license:
        links.append(Signpost(settings.license, "license"))
    addresses = Addresses(base)
    key = addresses.report_key(this)
    if key is None:
        return links
    body, year = key
    links.append(Signpost("https://schema.org/Dataset", "type"))
    links.append(Signpost(str(addresses.body(body)), "author"))
    for suffix, media_type in MEDIA_TYPES.items():
        links.append(Signpost(f"{root}/dump/report/{body}/{year}.{suffix}", "item", media_type))
    for suffix in ("ttl", "jsonld"):
        described = formats.DOCUMENT_TYPES[suffix][0]
        links.append(Signpost(f"{root}/{document_path}.{suffix}", "describedby", described))
    links.append(Signpost(f"{root}/doc/history/{body}/{year}", "version-history"))
    links.append(Signpost(f"{root}/{document_path}.linkset", "linkset", LINKSET))
    return links


def linkset(anchor: str, links: list[Signpost]) -> bytes:
    """The links of the document ``anchor`` as a file."""
    by_relation: dict[str, list[dict[str, str]]] = defaultdict(list)
    for link in links:
        target = {"href": link.target}
        if link.media_type:
            target["type"] = link.media_type
        by_relation[link.relation].append(target)
    content = {"linkset": [{"anchor": anchor, **by_relation}]}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
