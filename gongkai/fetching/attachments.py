"""Find reports that a page offers only as linked files."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx
from lxml import etree, html

from gongkai.fetching.addresses import web_address
from gongkai.fetching.failures import FetchFailed

_KINDS = {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps"}
_MENTION = re.compile("年度报告|年报")


def attachment_links(data: bytes, charset: str | None, page: httpx.URL) -> list[httpx.URL]:
    """The addresses of the reports attached to a page, each once, in page order.

    These are the links on the page that lead to documents, judging by the name in the address or in
    the link text, that mention an annual report there, and that are on the page's host.
    """
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(_text(data, charset).encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return []
    base = next((_joined(page, element.get("href")) for element in root.iter("base")), page)
    found: dict[httpx.URL, None] = {}
    for link in root.iter("a"):
        url = _joined(base or page, link.get("href"))
        if url is None:
            continue
        names = [
            unquote(PurePosixPath(url.path).name),
            link.get("title", ""),
            str(link.xpath("string()")),
        ]
        words = [name.strip() for name in names]
        if (
            url.host == page.host
            and url != page
            and any(PurePosixPath(word).suffix.lower() in _KINDS for word in words)
            and any(_MENTION.search(word) for word in words)
        ):
            found.setdefault(url)
    return list(found)


def _joined(base: httpx.URL, href: str | None) -> httpx.URL | None:
    """The target of a link; None if it is not on the web."""
    try:
        return web_address(str(base.join((href or "").strip())))
    except (FetchFailed, httpx.InvalidURL, ValueError):
        return None


def _text(data: bytes, charset: str | None) -> str:
    """The text of a page, good enough to find links: its declared encoding is often wrong."""
    for name in (charset, "utf-8-sig", "gb18030"):
        try:
            return data.decode(name or "utf-8-sig").replace("\0", "")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode(errors="replace").replace("\0", "")
