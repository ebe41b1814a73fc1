"""Fetch many addresses: hosts in parallel, the addresses of each host one after the other."""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx

from gongkai.converters.documents.sidecar import Retrieval
from gongkai.fetching.addresses import web_address
from gongkai.fetching.attachments import attachment_links
from gongkai.fetching.client import Client, HttpAnswer
from gongkai.fetching.failures import FetchFailed
from gongkai.fetching.folder import Folder, suffix_of
from gongkai.fetching.settings import FetchSettings
from gongkai.ontology.texts import message, translations

_KEPT_HEADERS = (
    "content-type",
    "content-encoding",
    "content-disposition",
    "etag",
    "last-modified",
)

# Pages are searched for attachments up to this size.
_MOST_PAGE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class FetchResult:
    """The result for one address: ``path`` of the file, or ``error``; ``note`` is for the user."""

    url: str
    path: Path | None = None
    error: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class _Wanted:
    url: httpx.URL
    referrer: str | None = None


async def fetch_all(
    addresses: Iterable[str],
    folder: Folder,
    settings: FetchSettings,
    on_result: Callable[[FetchResult], None],
) -> None:
    """Fetch every address once, and ``on_result`` each result as soon as it is known.

    Raises FolderFailed when nothing more can be written.
    """
    queues: dict[str, deque[_Wanted]] = {}
    seen: set[httpx.URL] = set()
    for address in addresses:
        try:
            url = web_address(address)
        except FetchFailed as error:
            on_result(FetchResult(ascii(address)[1:-1][:200], error=str(error)))
            continue
        if url not in seen:
            seen.add(url)
            queues.setdefault(url.host, deque()).append(_Wanted(url))
    at_once = asyncio.Semaphore(settings.hosts)

    async with Client(settings) as client:

        async def work_through(queue: deque[_Wanted]) -> None:
            async with at_once:
                while queue:
                    wanted = queue.popleft()
                    result, links = await _fetch(client, wanted, folder, settings)
                    queue.extend(
                        _Wanted(link, str(wanted.url)) for link in links if link not in seen
                    )
                    seen.update(links)
                    on_result(result)

        await asyncio.gather(*(work_through(queue) for queue in queues.values()))


async def _fetch(
    client: Client, wanted: _Wanted, folder: Folder, settings: FetchSettings
) -> tuple[FetchResult, list[httpx.URL]]:
    """Fetch one address: its result, and the attachments to fetch next."""
    url = str(wanted.url)
    known = folder.known(url)
    try:
        if known is None or not settings.new_only:
            headers = {"Referer": wanted.referrer} if wanted.referrer else {}
            answer = await client.get(wanted.url, headers, _conditions(known))
            known = _kept(wanted, answer, folder, known)
    except FetchFailed as error:
        return FetchResult(url, error=str(error)), []
    path, retrieval = known
    if not settings.attachments or wanted.referrer or suffix_of(retrieval) not in (".html", ".htm"):
        return FetchResult(url, path), []
    links = _links(path, retrieval)
    left = len(links) - settings.most_attachments
    note = message("fetching.more_attachments", count=left) if left > 0 else None
    return FetchResult(url, path, note=note), links[: settings.most_attachments]


def _conditions(known: tuple[Path, Retrieval] | None) -> dict[httpx.URL, httpx.Headers]:
    """The headers that request a file only if it changed, by the address that they are for."""
    if known is None:
        return {}
    _, retrieval = known
    headers = {
        condition: retrieval.headers[validator]
        for condition, validator in (
            ("If-None-Match", "etag"),
            ("If-Modified-Since", "last-modified"),
        )
        if re.fullmatch("[ -~]+", retrieval.headers.get(validator, ""))
    }
    return {httpx.URL(retrieval.final_url): httpx.Headers(headers)}


def _kept(
    wanted: _Wanted, answer: HttpAnswer, folder: Folder, known: tuple[Path, Retrieval] | None
) -> tuple[Path, Retrieval]:
    if answer.body is None:
        assert known is not None, "only what is known can be unchanged"
        return known
    with answer.body.file as file:
        if not answer.body.size:
            raise FetchFailed(translations("fetching.answer.empty"))
        retrieval = Retrieval(
            url=str(wanted.url),
            final_url=str(answer.url),
            retrieved=answer.complete,
            size=0,
            sha256="",
            status=answer.status,
            redirects=tuple(str(url) for url in answer.redirects),
            referrer=wanted.referrer,
            headers={
                name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers
            },
        )
        return folder.keep(retrieval, file)


def _links(path: Path, retrieval: Retrieval) -> list[httpx.URL]:
    data = path.read_bytes()
    if len(data) > _MOST_PAGE_BYTES:
        return []
    found = re.search(r"charset=[\"']?([\w-]+)", retrieval.headers.get("content-type", ""), re.I)
    return attachment_links(data, found and found.group(1), httpx.URL(retrieval.final_url))
