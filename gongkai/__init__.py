"""gongkai (公开): annual reports on open government information as linked open data."""

from typing import TYPE_CHECKING, Any

from gongkai.checkout import require_links
from gongkai.version import __version__

if TYPE_CHECKING:
    from gongkai.api import Outcome, Publication, check, convert, open_store, publish

__all__ = [
    "Outcome",
    "Publication",
    "__version__",
    "check",
    "convert",
    "open_store",
    "publish",
]

require_links()


def __getattr__(name: str) -> Any:
    """Load the public API (``gongkai.api``) on first use: importing it takes a second."""
    if name in __all__:
        from gongkai import api

        return getattr(api, name)
    raise AttributeError(f"module 'gongkai' has no attribute {name!r}")
