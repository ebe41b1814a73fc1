"""When a host may be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAY_PASS = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses of answers that may be temporary."""


def retry_after(value: str) -> float | None:
    """The seconds in a Retry-After header: a number or a date (RFC 9110, section 10.2.3)."""
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        date = parsedate_to_datetime(value)
        return max((date - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
