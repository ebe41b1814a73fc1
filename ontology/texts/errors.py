"""Errors that say in each language what is wrong."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, language_of_locale, readers_language


class TranslatedError(Exception):
    """An error that says what is wrong in each language, and what to do: ``label``.

    For what crosses a process, or is kept, or has other readers than whoever raises it. As a text
    it is in the language of whoever reads it now.
    """

    def __init__(self, label: Label | str = "") -> None:
        """``label`` is a text in each language, or one that is the same in all."""
        self.label = dict.fromkeys(LANGUAGES, label) if isinstance(label, str) else label
        super().__init__(self.label)

    def __str__(self) -> str:
        """What is wrong, for whoever reads it now."""
        return self.label[readers_language()]


def label_of(error: BaseException) -> Label:
    """What an exception says in each language; the same in all if it does not know them."""
    if isinstance(error, TranslatedError):
        return error.label
    return dict.fromkeys(LANGUAGES, str(error))


def operator_text(error: BaseException) -> str:
    """What an exception says to whoever runs the server, for its log."""
    return label_of(error)[language_of_locale()]
