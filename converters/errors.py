"""Errors that concern a source as a whole."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, readers_language


class UnreadableSource(Exception):
    """The source cannot be read as a report at all.

    ``label`` says in each language why, and what to do: it is kept in the record of the conversion,
    which does not depend on the locale. As a text it is in the language of whoever reads it now.
    """

    def __init__(self, label: Label | str) -> None:
        """``label`` is the reason in each language."""
        self.label = dict.fromkeys(LANGUAGES, label) if isinstance(label, str) else label
        super().__init__(self.label)

    def __str__(self) -> str:
        """The reason, for whoever reads it now."""
        return self.label[readers_language()]
