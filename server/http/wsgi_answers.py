"""What our WSGI middleware does with the answers of an application (PEP 3333)."""

from collections.abc import Iterable


def joined(parts: Iterable[bytes]) -> bytes:
    """The whole body of an answer, which is closed then."""
    try:
        return b"".join(parts)
    finally:
        close(parts)


def close(parts: Iterable[bytes]) -> None:
    """Close a body, if it can be closed."""
    if hasattr(parts, "close"):
        parts.close()


def header(headers: Iterable[tuple[str, str]], wanted: str) -> str | None:
    """The value of a header (named in small letters); None where there is none."""
    return next((value for name, value in headers if name.lower() == wanted), None)
