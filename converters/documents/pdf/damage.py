"""What a library raises over a damaged PDF, told as what it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.converters.errors import UnreadableSource


@contextmanager
def damage_told() -> Iterator[None]:
    """Tell of whatever a library raises over a damaged file as what it is."""
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
