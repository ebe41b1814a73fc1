"""The folder of fetched files: each complete, under a unique name, with its sidecar."""

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote

import httpx

from gongkai.converters.documents.sidecar import (
    SUFFIX,
    BadSidecar,
    Retrieval,
    read_sidecar,
    sidecar_of,
)
from gongkai.fetching.failures import FetchFailed, FolderFailed
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.system import system_error

_KEY = re.compile(rf"-([0-9a-f]{{10}})-[0-9a-f]{{12}}\.\w+{re.escape(SUFFIX)}")

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-works": ".wps",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
# Types that hosts give to files of unknown type: the address says more.
_VAGUE = {"text/plain": ".txt"}
_KNOWN = {*_SUFFIXES.values(), *_VAGUE.values(), ".htm", ".et"}

_CHUNK = 64 * 1024


class Folder:
    """A folder for files and their sidecars, created if missing.

    Files are named after host, path, a key of the requested address and one of the content: the
    same address finds its file again, and different content never overwrites it.
    """

    def __init__(self, path: Path) -> None:
        """Index the files in the folder; raises FolderFailed if the folder cannot be used."""
        self.path = path
        self._sidecars: dict[str, set[str]] = defaultdict(set)
        try:
            path.mkdir(parents=True, exist_ok=True)
            names = [entry.name for entry in os.scandir(path)]
        except OSError as error:
            raise FolderFailed(
                translations("fetching.folder.not_used", folder=path, reason=system_error(error))
            ) from None
        for name in names:
            if found := _KEY.search(name):
                self._sidecars[found.group(1)].add(name)

    def known(self, url: str) -> tuple[Path, Retrieval] | None:
        """The file last fetched for ``url``, if it is still there and unchanged."""
        found = []
        for name in self._sidecars.get(_key(url), ()):
            path = self.path / name.removesuffix(SUFFIX)
            try:
                retrieval = read_sidecar(path)
                if retrieval is None or retrieval.url != url:
                    continue
                if _sha256_of(path) == retrieval.sha256.lower():
                    found.append((path, retrieval))
            except (BadSidecar, OSError):
                continue
        return max(found, key=lambda pair: (pair[1].retrieved, pair[0].name), default=None)

    def keep(
        self, retrieval: Retrieval, content: SpooledTemporaryFile[bytes]
    ) -> tuple[Path, Retrieval]:
        """Write a file and its sidecar, each completely or not at all; returns their paths.

        Size and checksum of ``retrieval`` are filled in. Raises FetchFailed if the name is taken by
        something else, FolderFailed if nothing can be written.
        """
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        retrieval = replace(retrieval, size=content.tell(), sha256=digest)
        path = self.path / file_name(retrieval)
        try:
            if not path.exists():
                content.seek(0)
                _write(path, iter(lambda: content.read(_CHUNK), b""))
            elif _sha256_of(path) != digest:
                raise FetchFailed(translations("fetching.folder.changed", file=path))
            _write(sidecar_of(path), [retrieval.serialized()])
        except OSError as error:
            raise FolderFailed(
                translations("fetching.folder.not_written", file=path, reason=system_error(error))
            ) from None
        self._sidecars[_key(retrieval.url)].add(sidecar_of(path).name)
        return path, retrieval


def file_name(retrieval: Retrieval) -> str:
    """A unique name that is safe on any file system."""
    url = httpx.URL(retrieval.url)
    place = unquote(url.raw_path.decode("ascii").partition("?")[0], errors="replace")
    stem = _plain(PurePosixPath(place).stem)
    host = _plain(url.raw_host.decode("ascii"))
    # File systems allow 255 bytes; a Chinese character has three.
    short = stem.encode()[:100].decode(errors="ignore").strip(".-") or "index"
    return (
        f"{host[:60]}-{short}-{_key(retrieval.url)}-{retrieval.sha256[:12]}{suffix_of(retrieval)}"
    )


def suffix_of(retrieval: Retrieval) -> str:
    """The suffix for a file's type, from its media type or, if that is vague, its addresses."""
    media_type = retrieval.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _SUFFIXES:
        return _SUFFIXES[media_type]
    for address in (retrieval.final_url, retrieval.url):
        suffix = Path(httpx.URL(address).path).suffix.lower()
        if suffix in _KNOWN:
            return suffix
    return _VAGUE.get(media_type, ".bin")


def _plain(text: str) -> str:
    return re.sub(r"([^\w.]|\.\.)+", "-", unicodedata.normalize("NFC", text)).strip(".-")


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:10]


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file completely or not at all."""
    new = target.with_name(f".{target.name[-80:]}.{os.getpid()}.part")
    try:
        with new.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
