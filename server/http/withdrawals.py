"""Withdrawn reports: 410 Gone (RFC 9110, section 15.5.11), with the reason."""

import re
from typing import Any

from flask import request
from werkzeug import exceptions

from gongkai.ontology.addresses import Addresses
from gongkai.ontology.texts import message
from gongkai.server.queries.rows import rows
from gongkai.server.queries.texts import minted
from gongkai.server.store import Store

_OF_A_REPORT = re.compile(
    r"(?:report|validation|slice/[^/]+|observation/[^/]+)/(?P<body>[^/]+)/(?P<year>\d{4})(?:/.*)?"
)
"""Paths under id/ that belong to a report."""


class Withdrawn(exceptions.Gone):
    """The report was withdrawn; the description says when and why."""

    def __init__(self, description: str, links: list[str]) -> None:
        """``links`` are values of the Link header (RFC 8288): its history, its successor."""
        super().__init__(description)
        self._links = links

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """The links, besides the headers of every error."""
        return [*super().get_headers(*args, **kwargs), ("Link", ", ".join(self._links))]


def abort_if_withdrawn(store: Store, path: str) -> None:
    """Answer 410 if ``path``, under id/, belongs to a withdrawn report."""
    match = _OF_A_REPORT.fullmatch(path)
    if match is None or minted(store.base, path) is None:
        return
    body, year = match["body"], int(match["year"])
    report = str(Addresses(store.base).report(body, year))
    for withdrawal in rows(store, "withdrawal", report):
        # RFC 5829: the version history.
        links = [f'<{request.script_root}/doc/history/{body}/{year}>; rel="version-history"']
        if "successor" in withdrawal:
            links.append(f'<{withdrawal["successor"]}>; rel="successor-version"')
        raise Withdrawn(
            message(
                "server.withdrawn",
                report=f"{body}/{year}",
                date=withdrawal["ended"][:10],
                reason=withdrawal["reason"],
            ),
            links,
        )
