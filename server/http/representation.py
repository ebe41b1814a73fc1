"""What makes a representation one that caches can rely on: RFC 9110, sections 8.8 and 12; RFC 9111.

The ETag is strong and differs from one representation to the next: it is the hash of the very bytes
and of their type and language. Others may keep what is sent for a while, and ask again by it.
"""

import hashlib
import time
from datetime import UTC, datetime

from flask import Response

from gongkai.server.http import formats
from gongkai.server.http.current import current_settings, current_store, dumps_folder, served_since
from gongkai.server.settings import Settings
from gongkai.server.store import StoreError
from gongkai.server.store.dump_folder import dump_time

_SETTLED = 2.0
"""Seconds after which the time of a change tells it from the next one."""


def representation(body: bytes | str, media_type: str, vary: str | None) -> Response:
    """A representation with its ETag; ``vary`` names the headers that chose it, if any did."""
    response = Response(body, content_type=formats.content_type(media_type))
    if vary is not None:
        response.headers["Vary"] = vary
    return cacheable(response)


def cacheable(response: Response) -> Response:
    """Add the ETag of what the response says, and for how long it may be kept."""
    settings = current_settings()
    parts = (response.headers.get("Content-Type", ""), response.headers.get("Content-Language", ""))
    of = hashlib.sha256("\n".join(parts).encode() + b"\n" + response.get_data())
    response.set_etag(of.hexdigest()[:32])
    response.headers["Cache-Control"] = keeping(settings)
    changed = last_modified()
    if changed is not None:
        response.last_modified = changed
    return response


def last_modified() -> datetime | None:
    """When what is served last changed: the store, its dumps, or the program and its settings.

    None where that was just now: within the same second it may change once more (RFC 9110, 8.8.2).
    """
    store = current_store()
    since = served_since()
    try:
        changed = max(store.changed, since, dump_time(dumps_folder()))
    except StoreError:
        return None
    return None if time.time() - changed < _SETTLED else datetime.fromtimestamp(changed, UTC)


def keeping(settings: Settings) -> str:
    """The Cache-Control of what changes at a publication only."""
    seconds = settings.cache.seconds
    return f"public, max-age={seconds}, stale-while-revalidate={seconds}"
