"""Why an address was not fetched."""


class FetchFailed(Exception):
    """An address was not fetched; the message says why and what to do.

    ``status`` is the HTTP status of the host's answer, if that was the reason.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        """``message`` is for the user."""
        super().__init__(message)
        self.status = status


class PassingFailure(FetchFailed):
    """A failure that may be temporary: worth a retry."""


class FolderFailed(Exception):
    """The folder for the results cannot be used; the message says why."""
