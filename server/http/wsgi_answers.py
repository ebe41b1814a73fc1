"""Helpers of our WSGI middleware for the answers of an application (PEP 3333)."""

from collections.abc import Iterable


def joined(parts: Iterable[bytes]) -> bytes:
    """The complete body of an answer, which is then closed."""
    try:
        return b"".join(parts)
    finally:
        close(parts)


def close(parts: Iterable[bytes]) -> None:
    """Close a body, if it has a close method."""
    if hasattr(parts, "close"):
        parts.close()


def header(headers: Iterable[tuple[str, str]], wanted: str) -> str | None:
    """The value of a header (name in lower case); None if it is missing."""
    return next((value for name, value in headers if name.lower() == wanted), None)
