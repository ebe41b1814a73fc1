"""Errors that a library raises on a damaged PDF, reported as damage."""

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.converters.errors import UnreadableSource


@contextmanager
def damage_reported() -> Iterator[None]:
    """Report whatever a library raises on a damaged file as damage."""
    try:
        yield
    except UnreadableSource:
        raise
    except MemoryError:
        raise UnreadableSource(
            "the PDF unpacks to more than the memory that reading it may take: check that it is a "
            "report, or print it to a new PDF"
        ) from None
    except Exception as error:
        raise UnreadableSource(
            f"the PDF is damaged ({type(error).__name__}): fetch it again, or open it and print "
            "it to a new PDF"
        ) from error
