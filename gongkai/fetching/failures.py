"""Why an address was not fetched."""

from gongkai.ontology.labels import Label
from gongkai.ontology.texts.errors import TranslatedError


class FetchFailed(TranslatedError):
    """An address was not fetched; the message says why and what to do.

    ``status`` is the HTTP status of the host's answer, if that was the reason.
    """

    def __init__(self, label: Label, status: int | None = None) -> None:
        """``label`` is for the user, in each language."""
        super().__init__(label)
        self.status = status


class PassingFailure(FetchFailed):
    """A failure that may be temporary: worth a retry."""


class FolderFailed(TranslatedError):
    """The folder for the results cannot be used; the message says why."""
