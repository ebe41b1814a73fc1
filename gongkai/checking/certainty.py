"""How reliable the reading of a source is, by the kind of file and how it was read.

This helps to interpret a broken rule (docs/design.md, section 5): if two independent readings
agree, the error is in the report itself.
"""

from dataclasses import dataclass

from gongkai.converters.report import Report
from gongkai.ontology.labels import Label


@dataclass(frozen=True)
class Certainty:
    """How a source was read: ``key`` for programs, ``label`` for people."""

    key: str
    label: Label


_TWICE = Certainty(
    "read-twice",
    {
        "zh": "每个数由两种独立的方法读出且一致：不符之处出自报告本身",
        "en": "every number was read in two independent ways that agree: what does not add up is "
        "the report's own",
    },
)
_ONCE = Certainty(
    "read-once",
    {
        "zh": "各数取自文件的文字层，其中有的字形未能与印出的数字核对，只算读过一次：请与文件核对",
        "en": "the numbers are those of the file's text; what is printed could not be compared "
        "with all of them, so they count as read once: compare with the document",
    },
)
_MARKUP = Certainty(
    "read-from-markup",
    {
        "zh": "各数取自文件自身的标记，只读一次：请与文件核对",
        "en": "the numbers are those of the file's own markup, read once: compare with the "
        "document",
    },
)
_PICTURED = Certainty(
    "read-from-markup-and-pictures",
    {
        "zh": "图片中的表格由两个识别引擎读出且一致，其余各数取自文件自身的标记，只读一次："
        "请与文件核对",
        "en": "tables in pictures were read by two engines that agree; the other numbers are those "
        "of the file's own markup, read once: compare with the document",
    },
)
_DATA = Certainty(
    "read-from-data",
    {
        "zh": "数据文件，每个数由文件自身标明其所计：不符之处出自文件本身",
        "en": "a data file that names each of its numbers: what does not add up is the file's own",
    },
)
_TEXT = Certainty(
    "text-of-unknown-making",
    {
        "zh": "文本文件，可能由他人从原件转成，未必处处与原件相同：请与原件核对",
        "en": "a text file, perhaps made by others from the original and not like it everywhere: "
        "compare with that",
    },
)
AS_STATED = Certainty(
    "stated-in-rdf",
    {
        "zh": "RDF 文件，各数如文件所载：是否与来源文件一致未经核对",
        "en": "RDF: the numbers are those that the file states; whether the source document has "
        "the same was not looked at",
    },
)
"""For files that are already RDF: they may have been changed since they were converted."""

_BY_KIND = (
    ("application/pdf", _TWICE),
    ("image/", _TWICE),
    ("text/html", _MARKUP),
    ("text/csv", _DATA),
    ("application/xml", _DATA),
    ("text/", _TEXT),
)


def certainty_of_report(report: Report | None) -> Certainty:
    """How reliable the reading of a report is; None if the source is already RDF."""
    if report is None:
        return AS_STATED
    certainty = certainty_of(report.source.media_type, report.read_once)
    return _PICTURED if certainty is _MARKUP and report.pictured else certainty


def certainty_of(media_type: str | None, read_once: bool = False) -> Certainty:
    """How reliable the reading of a source of a media type is; None if it is already RDF.

    ``read_once`` is true if a second reading, where there is one, did not confirm every number.
    """
    if media_type is None:
        return AS_STATED
    for beginning, certainty in _BY_KIND:
        if media_type.startswith(beginning):
            return _ONCE if certainty is _TWICE and read_once else certainty
    return _MARKUP
