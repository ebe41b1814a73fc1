"""Errors that concern a source as a whole."""

from gongkai.ontology.labels import Label
from gongkai.ontology.source_places import Place
from gongkai.ontology.texts import translations
from gongkai.ontology.texts.errors import TranslatedError


class UnreadableSource(TranslatedError):
    """The source cannot be read as a report at all.

    Why, and what to do, is kept in the record of the conversion, which does not depend on the
    locale.
    """


def unreadable_at(place: Place, label: Label) -> UnreadableSource:
    """The error for this reason, with the place in the source, if it is known."""
    where = place.label
    known = any(where.values())
    return UnreadableSource(
        translations("unreadable.at", place=where, why=label) if known else label
    )
