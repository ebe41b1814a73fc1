"""The help page: addresses, formats, limits and prefixes, from the server's own tables."""

import re
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, current_app

from gongkai.ontology.labels import Label
from gongkai.ontology.structures import cubes
from gongkai.ontology.texts import area
from gongkai.server.http import formats
from gongkai.server.http.current import current_settings, current_store
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.pages.query_terms import prefixes
from gongkai.server.pages.rendering import page

blueprint = Blueprint("help", __name__)


@dataclass(frozen=True)
class Address:
    """A routed address of the server, its methods, and a description."""

    rule: str
    methods: str
    description: Label


@blueprint.get("/help")
@Policy(Caching.KNOWN_PARAMETERS)
def help_page() -> Response:
    """The addresses, their formats and their limits."""
    store = current_store()
    settings = current_settings()
    return page(
        "help.html",
        addresses=addresses(current_app),
        documents=formats.DOCUMENT_TYPES,
        results=formats.RESULT_TYPES,
        graphs=formats.GRAPH_TYPES,
        settings=settings,
        prefixes=prefixes(store.base),
        cubes=cubes(),
        base=store.base,
    )


def descriptions() -> dict[str, Label]:
    """The description of each address, by endpoint."""
    return {key.removeprefix("addresses."): label for key, label in area("addresses").items()}


def _for_people(match: re.Match[str]) -> str:
    """A variable part of an address in the notation for people."""
    return f"{{{match[1]}|{match[2]}}}" if match[1] else f"{{{match[3]}}}"


def addresses(app: Flask) -> list[Address]:
    """Every routed address, grouped by endpoint, in the order of the descriptions."""
    known = descriptions()
    order = list(known)
    found = [
        Address(
            re.sub(r"<(?:any\((\w+), (\w+)\):)?(?:\w+:)?(\w+)>", _for_people, rule.rule),
            ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            known[rule.endpoint],
        )
        for rule in sorted(
            app.url_map.iter_rules(), key=lambda rule: (order.index(rule.endpoint), rule.rule)
        )
    ]
    return found
