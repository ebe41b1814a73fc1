"""Notes on pictures in a document that were read, or that may be tables and were not read."""

from collections.abc import Sequence

from gongkai.converters.documents.model import Place
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import LANGUAGES, translation, translations


def where(places: Sequence[Place]) -> Label:
    """Where pictures stand, in brackets; empty where the format of the document has no places."""
    found = {}
    for lang in LANGUAGES:
        described = dict.fromkeys(place.describe(lang) for place in places)
        said = translation("documents.pictures.and", lang).join(one for one in described if one)
        found[lang] = translation("documents.pictures.where", lang, places=said) if said else ""
    return found


def on_picture(place: Place, note: Label) -> Label:
    """A note on the picture at ``place``."""
    if not place.describe():
        return translations("documents.pictures.note", note=note)
    described = {lang: place.describe(lang) for lang in LANGUAGES}
    return translations("documents.pictures.note_at", where=described, note=note)
