"""Errors that a library raises on a damaged PDF, reported as damage."""

from collections.abc import Iterator
from contextlib import contextmanager

from gongkai.converters.errors import UnreadableSource
from gongkai.ontology.texts import translations


@contextmanager
def damage_reported() -> Iterator[None]:
    """Report whatever a library raises on a damaged file as damage."""
    try:
        yield
    except UnreadableSource:
        raise
    except MemoryError:
        raise UnreadableSource(translations("unreadable.pdf.memory")) from None
    except Exception as error:
        raise UnreadableSource(
            translations("unreadable.pdf.damaged", error=type(error).__name__)
        ) from error
