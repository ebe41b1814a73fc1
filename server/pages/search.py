"""Search for bodies, reports and passages of reports, in Chinese and English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, abort, request

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import message
from gongkai.server.http.current import current_store
from gongkai.server.http.links import asked_page
from gongkai.server.http.policy import Caching, Policy
from gongkai.server.pages.rendering import page
from gongkai.server.queries.graphs import labels
from gongkai.server.queries.rows import listed, rows_about
from gongkai.server.search.index import MOST_COUNTED, Found, current_index
from gongkai.server.search.words import terms
from gongkai.server.store import Store

blueprint = Blueprint("search", __name__)

_BODIES = 20
_REPORTS = 10
_PASSAGES = 20
_LISTED = 100
_PATIENCE = 3.0
"""Seconds that a search waits for the index to be renewed before it uses the old one."""

_LONGEST = 200
"""Characters of a search that are used."""


Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class NamedBody:
    """A body that matches: its URI, its key, its names."""

    uri: str
    key: str
    name: Label


@dataclass(frozen=True)
class Passage:
    """A matching passage of a report: its heading and a snippet of its text, in pieces.

    Each piece has a flag whether it is a search term.
    """

    uri: str
    report: str
    title: str
    heading: Pieces
    text: Pieces


@blueprint.get("/search")
# Searches are seldom repeated: their answers would displace others from the response cache.
@Policy(Caching.NEVER, crawled=False)
def search() -> Response:
    """Bodies and reports by their names, passages by their text."""
    store = current_store()
    index = current_index()
    text = asked_text("q")
    number = asked_page()
    if not text:
        return _all_bodies(store, number)
    index.renew(_PATIENCE)
    passages = index.find(text, "passage", _PASSAGES, (number - 1) * _PASSAGES)
    pages = max(-(-min(passages.count, MOST_COUNTED) // _PASSAGES), 1)
    if not 1 <= number <= pages:
        abort(404, message("server.search.no_page", count=pages))
    first = number == 1
    bodies = index.find(text, "body", _BODIES if first else 0)
    reports = index.find(text, "report", _REPORTS if first else 0)
    response = page(
        "search.html",
        text=text,
        found_bodies=bodies,
        bodies=_named(store, bodies),
        found_reports=reports,
        reports=_reports(store, reports),
        found=passages,
        passages=_passages(store, passages, terms(text)),
        most=MOST_COUNTED,
        number=number,
        pages=pages,
        kept=[("q", text), ("page", str(number))],
    )
    if not passages.current:
        # The index is not complete yet.
        response.headers["Cache-Control"] = "no-cache"
    return response


def _all_bodies(store: Store, number: int) -> Response:
    """All bodies, for users who have not entered a search yet."""
    found = listed(store, "bodies")
    pages = max(-(-len(found) // _LISTED), 1)
    if not 1 <= number <= pages:
        abort(404, message("server.search.no_page_of_bodies", count=pages))
    part = found[(number - 1) * _LISTED : number * _LISTED]
    return page(
        "search.html",
        text="",
        listed=part,
        names=labels(store, [row["body"] for row in part]),
        count=len(found),
        number=number,
        pages=pages,
        kept=[("page", str(number))] if number > 1 else [],
    )


def asked_text(name: str) -> str:
    """The search text, limited to the length that is used."""
    return request.args.get(name, "")[:_LONGEST].strip()


def find_bodies(store: Store, text: str) -> tuple[list[NamedBody], Found]:
    """The bodies with all words of ``text`` in their names, and how much was searched."""
    index = current_index()
    if text:
        index.renew(_PATIENCE)
    found = index.find(text, "body", _BODIES)
    return _named(store, found), found


def _named(store: Store, found: Found) -> list[NamedBody]:
    names = labels(store, list(found.places))
    prefix = store.base + "id/body/"
    return [NamedBody(uri, uri.removeprefix(prefix), names.get(uri, {})) for uri in found.places]


def _reports(store: Store, found: Found) -> list[tuple[str, str]]:
    """The reports that were found, with their titles."""
    titles = labels(store, list(found.places))
    return [(uri, next(iter(titles[uri].values()))) for uri in found.places if titles.get(uri)]


def _passages(store: Store, found: Found, wanted: Sequence[str]) -> list[Passage]:
    """The passages that were found, without those no longer in the store."""
    shown = {row["place"]: row for row in rows_about(store, "search-passages", found.places)}
    cut = partial(snippet, wanted=wanted)
    return [
        Passage(
            uri=place,
            report=shown[place]["report"],
            title=shown[place]["title"],
            heading=cut(shown[place].get("heading", "")),
            text=cut(shown[place].get("text", "")),
        )
        for place in found.places
        if place in shown
    ]


def snippet(text: str, wanted: Sequence[str], length: int = 120) -> Pieces:
    """A part of a text around the first search term, in pieces: (piece, whether it is a term)."""
    pattern = re.compile("|".join(re.escape(term) for term in wanted) or r"(?!)", re.IGNORECASE)
    first = pattern.search(text)
    begin = max((first.start() if first else 0) - length // 3, 0)
    part = text[begin : begin + length]
    pieces: list[tuple[str, bool]] = [("…", False)] if begin else []
    at = 0
    for match in pattern.finditer(part):
        pieces += [(part[at : match.start()], False), (match.group(), True)]
        at = match.end()
    pieces.append((part[at:] + ("…" if begin + length < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])
