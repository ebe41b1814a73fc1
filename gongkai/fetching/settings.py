"""Settings of a run: timeouts, pauses, limits."""

from dataclasses import dataclass

from gongkai.version import __version__

PRODUCT = "gongkai"
"""The product token that robots.txt files may name (RFC 9309, section 2.2.1)."""


@dataclass(frozen=True)
class FetchSettings:
    """Limits of a run; times in seconds, sizes in bytes.

    ``most_bytes`` limits a body both as sent and as decoded. ``most_seconds`` is for all requests
    of one address together, with redirects and retries, but without the pauses between them.
    ``pause`` is the time between two requests to a host; robots.txt can lengthen it up to
    ``most_pause``. ``most_wait`` is the longest wait for a host that asks to come back later
    (Retry-After). ``attempts`` is how often a request is made if it fails for a temporary reason.
    """

    contact: str | None = None
    pause: float = 1.0
    most_pause: float = 60.0
    most_wait: float = 300.0
    most_bytes: int = 64 * 1024 * 1024
    most_robots_bytes: int = 512 * 1024
    most_seconds: float = 120.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    most_redirects: int = 5
    attempts: int = 3
    hosts: int = 4
    allow_private: bool = False
    attachments: bool = False
    most_attachments: int = 20
    new_only: bool = False

    @property
    def user_agent(self) -> str:
        """The User-Agent header that hosts see."""
        contact = f" (+{self.contact})" if self.contact else ""
        return f"{PRODUCT}/{__version__}{contact}"
