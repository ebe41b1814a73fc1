"""Limits on a source, beyond which it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits on one source. A source that exceeds one is refused with a message that names it.

    Bytes are counted as stored (``most_bytes``) and after unpacking (``most_unpacked_bytes``);
    ``seconds`` and ``memory_bytes`` limit the process that reads one file.
    """

    most_bytes: int = 64 * 1024 * 1024
    most_unpacked_bytes: int = 256 * 1024 * 1024
    most_pages: int = 200
    most_cells: int = 200_000
    most_depth: int = 200
    seconds: int = 300
    memory_bytes: int = 2 * 1024 * 1024 * 1024


DEFAULT_LIMITS = Limits()
