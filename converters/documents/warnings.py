"""Notes of readers that the commands report as warnings: what may silently make a number wrong."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

STROKES_LOST: Label = translations("documents.strokes_lost")

_WARNINGS: tuple[Label, ...] = (STROKES_LOST,)


def is_warning(note: Label) -> bool:
    """Whether a note, possibly after naming a page or picture, is one of these."""
    return any(note["en"].endswith(warning["en"]) for warning in _WARNINGS)
