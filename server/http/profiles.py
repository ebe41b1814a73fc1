"""Profiles of a document: W3C, Content Negotiation by Profile (working draft, 2023).

A client selects a profile by ``Accept-Profile: <URI>;q=…``, or by the parameters ``_profile`` (a
token, or ``alt`` for a list) and ``_mediatype``. Profiles that are not offered are ignored: the
answer names its profile in ``Content-Profile``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request

from gongkai.server.http.negotiated import VARY
from gongkai.server.http.representation import representation


@dataclass(frozen=True)
class Profile:
    """A profile that a document is offered in: its token, its URI, its formats (suffixes)."""

    token: str
    uri: str
    suffixes: tuple[str, ...]


_RANGE = re.compile(r"<([^<>\s]+)>\s*(?:;\s*q\s*=\s*([0-9.]+))?")


def chosen_profile(offered: Sequence[Profile]) -> Profile:
    """The profile that a request selects; the first one if it selects none that is offered."""
    token = request.args.get("_profile")
    for profile in offered:
        if token == profile.token:
            return profile
    by_uri = {profile.uri: profile for profile in offered}
    asked = [
        (-_quality(quality), place, uri)
        for place, (uri, quality) in enumerate(
            _RANGE.findall(request.headers.get("Accept-Profile", ""))
        )
    ]
    for quality, _, uri in sorted(asked):
        if uri in by_uri and quality < 0:
            return by_uri[uri]
    return offered[0]


def _quality(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0


def wants_list() -> bool:
    """Whether a list of the profiles is requested."""
    return request.args.get("_profile") == "alt"


def profile_list(path: str, offered: Sequence[Profile], types: dict[str, str]) -> Response:
    """The profiles and formats of the document at ``path``, as links and as lines of text."""
    lines, links = [], []
    for profile in offered:
        for suffix in profile.suffixes:
            address = f"{request.script_root}/{path}?_profile={profile.token}&_mediatype="
            address += types[suffix].replace("+", "%2B")
            lines.append(f"{address}  {profile.uri}  {types[suffix]}")
            links.append(
                f'<{address}>; rel="alternate"; type="{types[suffix]}"; formats="{profile.uri}"'
            )
    response = representation("\n".join(lines) + "\n", "text/plain", VARY)
    for link in links:
        response.headers.add("Link", link)
    return response


def state_profile(response: Response, profile: Profile) -> None:
    """State in the headers which profile is sent."""
    response.headers["Content-Profile"] = f"<{profile.uri}>"
    response.headers.add("Link", f'<{profile.uri}>; rel="profile"')
