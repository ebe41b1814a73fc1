"""Errors that concern a source as a whole."""


class UnreadableSource(Exception):
    """The source cannot be read as a report at all; the message says why and what to do."""
