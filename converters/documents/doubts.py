"""Why a reader of a format is not sure what a person sees: the same wording for all formats.

A value is what is seen on the page. Where a format cannot decide that, its reader reports the cell
as doubtful (``GridCell.doubt``) with all texts that it may show (``readings``).
"""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations

_WORDS_OF_LABELS = 4

STROKE = "\u0336"
"""The character that follows each struck-out character, in text that marks them."""

UNKNOWN = "\ufffd"
"""The character that stands for a character that is not clearly seen."""

OFF_THE_LINE = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
"""Digits that stand above or below their line."""

STRUCK: Label = translations("documents.doubts.struck")
UNDECIDED: Label = translations("documents.doubts.undecided")
SET_OFF: Label = translations("documents.doubts.set_off")
PICTURE: Label = translations("documents.doubts.picture")
LINE: Label = translations("documents.doubts.line")
OVERLAID: Label = translations("documents.doubts.overlaid")


def is_label(text: str) -> bool:
    """Whether a cell holds words and not a value with a unit: a doubt about words does no harm."""
    return sum(map(str.isalpha, text)) >= _WORDS_OF_LABELS
