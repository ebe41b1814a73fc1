"""Errors that concern a source as a whole."""

from gongkai.ontology.texts.errors import TranslatedError


class UnreadableSource(TranslatedError):
    """The source cannot be read as a report at all.

    Why, and what to do, is kept in the record of the conversion, which does not depend on the
    locale.
    """
