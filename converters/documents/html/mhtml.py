"""Pages that a browser saved with all their resources (MHTML, RFC 2557)."""

import email
import email.policy
from dataclasses import replace
from email.message import Message

from gongkai.converters.documents.encoding import decode
from gongkai.converters.documents.html.reader import read_page
from gongkai.converters.documents.limits import Limits
from gongkai.converters.documents.model import Content
from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations

_MOST_PARTS = 10_000


def read_mhtml(data: bytes, limits: Limits) -> Content:
    """The page in the file, with the pictures and style sheets that were saved with it.

    Raises UnreadableSource where there is no page in it, and where ``read_html`` does.
    """
    if data.count(b"\n--") > _MOST_PARTS:
        raise UnreadableSource(translations("unreadable.html.too_many_parts"))
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        page = _page(message)
        raw = page.get_payload(decode=True) if page is not None else None
        address = str(page.get("Content-Location", "")) if page is not None else ""
        address = address or str(message.get("Snapshot-Content-Location", ""))
    except (ValueError, LookupError, RecursionError):
        raw = None
    if not isinstance(raw, bytes) or not raw.strip():
        raise UnreadableSource(translations("unreadable.html.no_page"))
    decoded = decode(raw)
    files = _files(message)
    content = read_page(decoded.text, limits, numbered=False, files=files, address=address)
    declared = dict(content.declared)
    if address.startswith(("http://", "https://")):
        declared.setdefault("address", address.strip())
    return replace(content, declared=declared, notes=(*decoded.notes, *content.notes))


def _files(message: Message) -> dict[str, bytes]:
    """The pictures and style sheets among the parts, by the addresses that the page uses."""
    found: dict[str, bytes] = {}
    for part in message.walk():
        if part.get_content_maintype() == "image" or part.get_content_type() == "text/css":
            try:
                data = part.get_payload(decode=True)
            except (ValueError, LookupError):
                continue
            names = [str(part.get("Content-Location", "")).strip()]
            if number := str(part.get("Content-ID", "")).strip():
                names.append(f"cid:{number.strip('<>')}")
            found.update((name, data) for name in names if name and isinstance(data, bytes))
    return found


def _page(message: Message) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
