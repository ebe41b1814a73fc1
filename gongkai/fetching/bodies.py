"""The body of a response: streamed, limited in size, its content coding removed."""

import gzip
import zlib
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

import httpx

from gongkai.fetching.failures import FetchFailed, PassingFailure
from gongkai.ontology.texts import translations

ACCEPTED_CODING = "gzip"
"""The only content coding requested; its end and checksum show whether a body is truncated."""

_CODED = {"gzip", "x-gzip"}
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class FetchedContent:
    """A body as a file that is deleted when closed; ``whole`` is false if it was truncated."""

    file: SpooledTemporaryFile[bytes]
    size: int
    whole: bool


async def read_body(response: httpx.Response, most_bytes: int, cut: bool = False) -> FetchedContent:
    """The body of a response without its content coding, of at most ``most_bytes``.

    The limit holds for the body as sent and as decoded. A larger one is truncated if ``cut``, else
    refused with FetchFailed before more of it is read or unpacked. Raises PassingFailure if it is
    damaged.
    """
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in _CODED | {"identity", ""}:
        raise FetchFailed(translations("fetching.answer.coding", coding=repr(coding[:40])))
    announced = response.headers.get("content-length", "")
    if not cut and announced.isdecimal() and int(announced) > most_bytes:
        raise _too_large(most_bytes)
    sent, whole = _spool(), True
    async for chunk in response.aiter_raw(_CHUNK):
        if sent.tell() + len(chunk) > most_bytes:
            if not cut:
                raise _too_large(most_bytes)
            sent.write(chunk[: most_bytes - sent.tell()])
            whole = False
            break
        sent.write(chunk)
    size = sent.tell()
    sent.seek(0)
    if coding in _CODED:
        return _unpacked(sent, most_bytes, cut)
    return FetchedContent(sent, size, whole)


def _unpacked(sent: SpooledTemporaryFile[bytes], most_bytes: int, cut: bool) -> FetchedContent:
    plain, whole = _spool(), True
    try:
        with sent, gzip.GzipFile(fileobj=sent, mode="rb") as stream:
            while chunk := stream.read(_CHUNK):
                if plain.tell() + len(chunk) > most_bytes:
                    if not cut:
                        raise _too_large(most_bytes)
                    plain.write(chunk[: most_bytes - plain.tell()])
                    whole = False
                    break
                plain.write(chunk)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if not cut:
            raise PassingFailure(translations("fetching.answer.damaged", error=error)) from None
        whole = False
    size = plain.tell()
    plain.seek(0)
    return FetchedContent(plain, size, whole)


def _spool() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(max_size=_IN_MEMORY)


def _too_large(most_bytes: int) -> FetchFailed:
    return FetchFailed(
        translations("fetching.answer.too_large", megabytes=f"{most_bytes / 1024 / 1024:g}")
    )
