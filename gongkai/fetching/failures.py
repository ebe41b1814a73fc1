"""Why an address was not fetched."""


class FetchFailed(Exception):
    """An address was not fetched; the message says why and what to do.

    ``status`` is the HTTP status that the host answered with, where it was that.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        """With the message."""
        super().__init__(message)
        self.status = status


class PassingFailure(FetchFailed):
    """A failure for a reason that may pass: worth another attempt."""


class FolderFailed(Exception):
    """The folder for the results cannot be used; the message says why."""
