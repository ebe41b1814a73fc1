"""How reliable the reading of a source is, by the kind of file and how it was read.

This helps to interpret a broken rule (docs/design.md, section 5): if two independent readings
agree, the error is in the report itself.
"""

from dataclasses import dataclass

from gongkai.converters.report import Report
from gongkai.ontology.labels import Label
from gongkai.ontology.texts import translations


@dataclass(frozen=True)
class Certainty:
    """How a source was read: ``key`` for programs, ``label`` for people."""

    key: str
    label: Label


def _certainty(key: str) -> Certainty:
    return Certainty(key, translations(f"check.certainty.{key}"))


_TWO_READINGS = _certainty("read-twice")
_ONE_READING = _certainty("read-once")
_MARKUP = _certainty("read-from-markup")
_PICTURED = _certainty("read-from-markup-and-pictures")
_DATA = _certainty("read-from-data")
_TEXT = _certainty("text-of-unknown-making")
AS_STATED = _certainty("stated-in-rdf")
"""For files that are already RDF: they may have been changed since they were converted."""

_BY_KIND = (
    ("application/pdf", _TWO_READINGS),
    ("image/", _TWO_READINGS),
    ("text/html", _MARKUP),
    ("text/csv", _DATA),
    ("application/xml", _DATA),
    ("text/", _TEXT),
)


def certainty_of_report(report: Report | None) -> Certainty:
    """How reliable the reading of a report is; ``report`` is None for one that is RDF."""
    if report is None:
        return AS_STATED
    certainty = certainty_of(report.source_file.media_type, report.read_once)
    return _PICTURED if certainty is _MARKUP and report.pictured else certainty


def certainty_of(media_type: str | None, read_once: bool = False) -> Certainty:
    """How reliable the reading of a source of a media type is; that is None for RDF.

    ``read_once`` is true if a second reading, where there is one, did not confirm every number.
    """
    if media_type is None:
        return AS_STATED
    for beginning, certainty in _BY_KIND:
        if media_type.startswith(beginning):
            return _ONE_READING if certainty is _TWO_READINGS and read_once else certainty
    return _MARKUP
