"""The origin of a source document, as declared in a file beside it: ``NAME.source.json``.

``gongkai fetch`` writes it; whoever collects files by other means can write the same.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.system import system_error

SUFFIX = ".source.json"

_MOST_BYTES = 1024 * 1024


class BadSidecar(Exception):
    """The sidecar cannot be used; the message says why, in both languages."""

    def __init__(self, label: Label) -> None:
        """Take the reason."""
        super().__init__(label["en"])
        self.label = label


@dataclass(frozen=True)
class Retrieval:
    """How a file was retrieved.

    ``url`` was requested; ``final_url`` answered, after ``redirects`` (the addresses passed on the
    way, in order); ``referrer`` is the page that linked to it, where it was found on one.
    ``retrieved`` is when the response was complete. ``headers`` are those of the response that
    describe the file. ``size`` (in bytes) and ``sha256`` are those of the source file, that is of
    the body after its content coding was undone.
    """

    url: str
    final_url: str
    retrieved: datetime
    size: int
    sha256: str
    status: int = 200
    redirects: tuple[str, ...] = ()
    referrer: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def serialized(self) -> bytes:
        """The sidecar's content: JSON, UTF-8."""
        members = asdict(self) | {"retrieved": _in_utc(self.retrieved)}
        text = json.dumps(members, ensure_ascii=False, indent=2)
        # A header may hold half a character, which is not valid Unicode.
        return f"{text}\n".encode(errors="backslashreplace")


@dataclass(frozen=True)
class DocumentOrigin:
    """Where and when a source document was retrieved; or a note why that is not known."""

    address: str | None = None
    retrieved: datetime | None = None
    note: Label | None = None


def sidecar_of(path: Path) -> Path:
    """The name of the sidecar of the file at ``path``."""
    return path.with_name(path.name + SUFFIX)


def source_origin(path: Path, sha256: str) -> DocumentOrigin | None:
    """The origin of the file at ``path``, whose SHA-256 is ``sha256``, as its sidecar declares it.

    None where there is no sidecar. One that cannot be used, or that describes other bytes, is not
    trusted: the origin then has a note and nothing else.
    """
    try:
        retrieval = read_sidecar(path)
        if retrieval is None:
            return None
        if retrieval.sha256.lower() != sha256.lower():
            raise BadSidecar(translations("documents.sidecar.other_file"))
    except BadSidecar as error:
        name = sidecar_of(path).name
        return DocumentOrigin(
            note=translations("documents.sidecar.not_used", name=name, reason=error.label)
        )
    return DocumentOrigin(retrieval.final_url, retrieval.retrieved)


def read_sidecar(path: Path) -> Retrieval | None:
    """The content of the sidecar of the file at ``path``, of whatever bytes; None if there is none.

    Raises BadSidecar for one that cannot be read or lacks a part.
    """
    try:
        with sidecar_of(path).open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = system_error(error)
        raise BadSidecar(translations("documents.sidecar.not_opened", reason=reason)) from None
    try:
        if len(data) > _MOST_BYTES:
            raise _not_in_format(translations("documents.sidecar.reason.too_large"))
        return _retrieval(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise _not_in_format(str(error).partition("\n")[0][:200]) from None


def _not_in_format(reason: Label | str) -> BadSidecar:
    """The error for content of another form; ``reason`` may be the words of a library."""
    return BadSidecar(translations("documents.sidecar.not_in_format", reason=reason))


def _retrieval(members: Any) -> Retrieval:
    """The members of a sidecar, each checked; raises BadSidecar for the first that is wrong."""
    if not isinstance(members, dict):
        raise _not_in_format(translations("documents.sidecar.reason.no_object"))
    address, asked = members.get("final_url"), members.get("url")
    for name, value in (("final_url", address), ("url", asked)):
        if not isinstance(value, str) or not _is_address(value):
            raise _not_in_format(translations("documents.sidecar.reason.no_address", name=name))
    sha256 = members.get("sha256")
    if not isinstance(sha256, str) or not re.fullmatch("[0-9A-Fa-f]{64}", sha256):
        raise _not_in_format(translations("documents.sidecar.reason.no_checksum"))
    size, status = members.get("size"), members.get("status", 200)
    if not isinstance(size, int) or not isinstance(status, int):
        raise _not_in_format(translations("documents.sidecar.reason.no_whole_number"))
    referrer = members.get("referrer")
    redirects, headers = members.get("redirects", []), members.get("headers", {})
    if not isinstance(redirects, list) or not isinstance(headers, dict):
        raise _not_in_format(translations("documents.sidecar.reason.no_list"))
    return Retrieval(
        url=str(asked),
        final_url=str(address),
        retrieved=_moment(members.get("retrieved")),
        size=size,
        sha256=sha256,
        status=status,
        redirects=tuple(str(item) for item in redirects),
        referrer=None if referrer is None else str(referrer),
        headers={str(name): str(value) for name, value in headers.items()},
    )


def _is_address(value: str) -> bool:
    """Whether a value can be published as an address: absolute, an IRI, with no password in it."""
    try:
        NamedNode(value)
        parts = urlsplit(value)
        _ = parts.port  # raises for an invalid port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise _not_in_format(translations("documents.sidecar.reason.no_time"))
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise _not_in_format(translations("documents.sidecar.reason.no_time_zone"))
    return moment.astimezone(UTC)


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
