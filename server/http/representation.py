"""Make representations cacheable: RFC 9110, sections 8.8 and 12; RFC 9111.

The ETag is strong and differs between representations: it is the hash of the exact bytes and of
their type and language. Caches may keep an answer for a while, and then revalidate it.
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
"""Seconds after which the time of a change distinguishes it from the next one."""


def representation(body: bytes | str, media_type: str, vary: str | None) -> Response:
    """A representation with its ETag; ``vary`` names the headers that it was chosen by, if any."""
    response = Response(body, content_type=formats.content_type(media_type))
    if vary is not None:
        response.headers["Vary"] = vary
    return cacheable(response)


def cacheable(response: Response) -> Response:
    """Add the ETag of the content, and for how long it may be cached."""
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
    """When the served content last changed: the store, its dumps, the program or its settings.

    None if that was just now: it may change again within the same second (RFC 9110, 8.8.2).
    """
    store = current_store()
    since = served_since()
    try:
        changed = max(store.changed, since, dump_time(dumps_folder()))
    except StoreError:
        return None
    return None if time.time() - changed < _SETTLED else datetime.fromtimestamp(changed, UTC)


def keeping(settings: Settings) -> str:
    """The Cache-Control of resources that change only at a publication."""
    seconds = settings.cache.seconds
    return f"public, max-age={seconds}, stale-while-revalidate={seconds}"
