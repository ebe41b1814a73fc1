"""Notes of readers that the commands tell of as well: of what may make a number wrong unseen."""

from gongkai.converters.documents.scan.tones import STROKES_LOST
from gongkai.ontology.labels import Label

_WARNINGS: tuple[Label, ...] = (STROKES_LOST,)


def is_warning(note: Label) -> bool:
    """Whether a note, of a page or picture perhaps that it names first, is one of these."""
    return any(note["en"].endswith(warning["en"]) for warning in _WARNINGS)
