"""What makes a representation one that caches can rely on: RFC 9110, sections 8.8 and 12; RFC 9111.

The ETag is strong and differs from one representation to the next: it is the hash of the very bytes
and of their type and language. Others may keep what is sent for a while, and ask again by it.
"""

import hashlib

from flask import Response, current_app

from gongkai.server import formats
from gongkai.server.settings import Settings


def representation(body: bytes | str, media_type: str, vary: str | None) -> Response:
    """A representation with its ETag; ``vary`` names the headers that chose it, if any did."""
    response = Response(body, content_type=formats.content_type(media_type))
    if vary is not None:
        response.headers["Vary"] = vary
    return cacheable(response)


def cacheable(response: Response) -> Response:
    """Add the ETag of what the response says, and for how long it may be kept."""
    settings: Settings = current_app.extensions["gongkai.settings"]
    parts = (response.headers.get("Content-Type", ""), response.headers.get("Content-Language", ""))
    of = hashlib.sha256("\n".join(parts).encode() + b"\n" + response.get_data())
    response.set_etag(of.hexdigest()[:32])
    response.headers["Cache-Control"] = keeping(settings)
    return response


def keeping(settings: Settings) -> str:
    """The Cache-Control of what changes at a publication only."""
    seconds = settings.cache.seconds
    return f"public, max-age={seconds}, stale-while-revalidate={seconds}"
